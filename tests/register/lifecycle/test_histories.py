"""Whatever officials try in whatever order: no state loses a field, breaks a rule or contradicts its history."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register.agreements.events import body_document, events_of
from register.agreements.life import fold
from register.agreements.read import state_now
from register.agreements.rebuild import differing_agreements
from register.checks.record import check_agreement
from schemas.canonical import Json
from schemas.codelist_tables import codelist_rows
from schemas.database.engine import Database
from schemas.errors import InvalidRecord, Refused
from schemas.problems import errors_in
from tests.register.lifecycle.world import LEAD, MATCHER, RECEIVER, STRANGER, World, complete

pytestmark = pytest.mark.heavy

TABLE = {row["code"]: row for row in codelist_rows("agreement-event")}
TRIED = sorted(set(TABLE) - {"redacted"})
PEOPLE = [LEAD, LEAD, RECEIVER, MATCHER, STRANGER, "registrar"]
numbers = count(1)

STEPS = st.lists(
    st.tuples(st.sampled_from(TRIED), st.sampled_from(PEOPLE), st.sampled_from([0, 0, 0, 1, 40, 400])),
    min_size=1,
    max_size=14,
)


def said(event: str, version: int, today: str) -> Json:
    """What an official would say with an event on a day."""
    words: dict[str, Json] = {
        "rejected": {"reason": "Too wide"},
        "amendment-proposed": {"reason": "Longer"},
        "corrected": {"reason": "Typo"},
        "party-acceded": {"organisation": STRANGER, "name": "Ministry of Rivers", "joinedOn": today},
        "party-left": {"organisation": MATCHER, "name": "Example Data Services Agency", "leftOn": today},
        "suspended": {"reason": "A breach"},
        "reviewed": {"date": today, "outcome": "continue"},
        "renewed": {"date": today, "endsOn": f"{int(today[:4]) + 2}-12-31"},
        "incident-recorded": {"date": today, "nature": "loss", "text": "A stick was lost."},
        "terminated": {"endedOn": today, "reason": "Done"},
        "disposal-confirmed": {"disposalConfirmedOn": today},
        "withdrawn": {"reason": "Registered twice"},
        "confirmed": {"version": version},
        "disputed": {"version": version, "reason": "Not so"},
        "consultation-opened": {"opened": today, "closes": f"{int(today[:4]) + 1}-01-31"},
        "recommended": {"body": "A board", "date": today, "recommendations": [{"text": "Ask people"}]},
    }
    return words.get(event, {})


def may(event: str, who: str, parties: list[str]) -> bool:
    """The table's last column, read anew from the published list."""
    words = TABLE[event]["by"]
    return {
        "approver of a party": who in {LEAD, *parties},
        "approver of that party": who in {LEAD, RECEIVER, MATCHER, *parties},
        "approver of the lead party": who == LEAD,
        "approver of the lead party; registrar for imports": who == LEAD,
        "approver of a recipient": who in {LEAD, RECEIVER},
        "lead party, registrar": who in {LEAD, "registrar"},
        "registrar": who == "registrar",
    }[words]


def document_for(event: str, present: Json) -> Json | None:
    if event in {"amended", "corrected", "amendment-proposed", "signed"}:
        return {**present, "scale": f"Text {next(numbers)}"}
    if event == "party-acceded":
        party = {**present["parties"][1], "name": "Ministry of Rivers", "organisation": STRANGER}
        return {"parties": [{key: value for key, value in party.items() if key != "identifiers"}]}
    return None


@pytest.fixture
def played(sqlite_database: Database) -> World:
    return World(sqlite_database).people()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.sampled_from(["proposed", "signed"]), STEPS)
def test_no_sequence_contradicts_its_history(played: World, first: str, steps: list[tuple[str, str, int]]) -> None:
    world = played
    number = world.enter(first, document=complete(externalIds=None))
    documents: dict[int, Json] = {}
    for event, who, days in steps:
        world.clock.advance(days=days)
        before = world.read(number)
        state = state_now(before, world.clock().date())
        held = events(world, number)
        parties = [
            party["organisation"]
            for party in before.document["parties"]
            if "leftOn" not in party and party["organisation"] != LEAD
        ]
        try:
            world.act(
                number,
                event,
                said(event, before.version, world.clock().date().isoformat()),
                by=who,
                document=document_for(event, before.document),
            )
        except (Refused, InvalidRecord):
            assert events(world, number) == held
            continue
        assert state in TABLE[event]["from"].split()
        assert may(event, who, parties)
        grown = events(world, number)
        assert grown[: len(held)] == held
        assert len(grown) == len(held) + 1
        after = world.read(number)
        assert after.version == before.version + (TABLE[event].get("makesVersion") == "yes")
        if to := TABLE[event].get("to"):
            assert state_now(after, world.clock().date()) in {to, *_later(to)}
        assert errors_in(check_agreement(after.document)) == []
        for version, document in documents.items():
            assert text_of(world, number, version) == document
        documents[after.version] = after.document
    with world.database.read() as session:
        assert differing_agreements(session) == []
        again = fold(events_of(session, number), lambda sha256: body_document(session, sha256))
        assert again.document["id"] == number


def _later(state: str) -> set[str]:
    """What the clock may have made of a state in the same moment."""
    return {"in-force", "ended"} if state in {"signed", "in-force"} else {"ended"} if state == "suspended" else set()


def events(world: World, number: str) -> list[tuple[Any, ...]]:
    with world.database.read() as session:
        return [
            (event.number, event.event, event.version, event.body_sha256, event.details_sha256, event.recorded_at)
            for event in events_of(session, number)
        ]


def text_of(world: World, number: str, version: int) -> Json:
    with world.database.read() as session:
        found = [event for event in events_of(session, number) if event.version == version]
        return body_document(session, found[0].body_sha256 or "")
