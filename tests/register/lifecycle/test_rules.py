"""The table of the life: the same in code and in the published codelist, and told to whoever may not."""

import pytest

from register.agreements.life import VERSION_EVENTS
from register.lifecycle.rules import RULES, PartyFacts, Who, require_authority, require_state
from schemas.actor import Actor, Role
from schemas.codelist_tables import codelist_rows
from schemas.errors import Conflict, Refused

TABLE = {row["code"]: row for row in codelist_rows("agreement-event")}
APPROVER = frozenset({Role.APPROVER})

LEADING = PartyFacts("Ministry of Rivers", "1", "ministry-of-rivers", leads=True, receives=False, has_left=False)
RECEIVING = PartyFacts("Bridges Office", "2", "bridges-office", leads=False, receives=True, has_left=False)
GONE = PartyFacts("Lakes Agency", "3", "lakes-agency", leads=False, receives=True, has_left=True)
PARTIES = [LEADING, RECEIVING, GONE]


def test_the_code_and_the_published_table_hold_the_same_events() -> None:
    assert set(RULES) == set(TABLE)
    for event, rule in RULES.items():
        published = set(TABLE[event]["from"].split())
        assert rule.states == published, event
        assert rule.who == TABLE[event]["by"], event
        assert (event in VERSION_EVENTS) == (TABLE[event].get("makesVersion") == "yes"), event


def may(event: str, organisation: str | None, roles: frozenset[Role] = APPROVER) -> bool:
    try:
        require_authority(event, Actor("somebody", organisation, roles), PARTIES)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("who", "lead", "receiver", "gone", "stranger", "registrar"),
    [
        (Who.PARTY, True, True, False, False, False),
        (Who.THAT_PARTY, True, True, True, False, False),
        (Who.LEAD, True, False, False, False, False),
        (Who.LEAD_OR_IMPORT, True, False, False, False, False),
        (Who.RECIPIENT, False, True, True, False, False),
        (Who.LEAD_OR_REGISTRAR, True, False, False, False, True),
        (Who.REGISTRAR, False, False, False, False, True),
    ],
)
def test_who_may(who: Who, lead: bool, receiver: bool, gone: bool, stranger: bool, registrar: bool) -> None:
    for event in (event for event, rule in RULES.items() if rule.who is who):
        assert may(event, "1") == lead, event
        assert may(event, "2") == receiver, event
        assert may(event, "3") == gone, event
        assert may(event, "4") == stranger, event
        assert may(event, None, frozenset({Role.REGISTRAR})) == registrar, event


def test_an_editor_alone_brings_nothing_about() -> None:
    assert not any(may(event, "1", frozenset({Role.EDITOR})) for event in RULES)
    assert not any(may(event, "1", frozenset()) for event in RULES)
    assert not any(may(event, None, APPROVER) for event in RULES)


def test_who_may_not_is_told_who_can() -> None:
    with pytest.raises(Refused) as caught:
        require_authority("amended", Actor("somebody", "2", APPROVER), PARTIES)
    assert "Bridges Office cannot do this: it is for the lead party." in caught.value.message
    assert caught.value.advice == "An approver of Ministry of Rivers can."
    with pytest.raises(Refused, match="names none"):
        require_authority("amended", Actor("somebody", "2", APPROVER), [RECEIVING])


@pytest.mark.parametrize("event", sorted(RULES))
@pytest.mark.parametrize(
    "state", ["draft", "proposed", "rejected", "signed", "in-force", "suspended", "ended", "withdrawn"]
)
def test_an_event_starts_from_its_states_alone(event: str, state: str) -> None:
    if state in TABLE[event]["from"].split():
        require_state(event, state, "dg-1")
        return
    with pytest.raises(Conflict) as caught:
        require_state(event, state, "dg-1")
    assert "dg-1 is in the state" in caught.value.message
    assert caught.value.advice.startswith("From here these are possible: ")


def test_where_the_source_leaves_the_dates_out_the_living_may_all_be_done() -> None:
    for event, rule in RULES.items():
        if {"signed", "in-force", "suspended"} & rule.states or "dates-not-stated" in rule.states:
            require_state(event, "dates-not-stated", "dg-1")
