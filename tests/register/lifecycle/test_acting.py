"""The whole life of an agreement, event by event, on both databases."""

from datetime import date
from typing import Any

import pytest

from register.agreements.models import Agreement
from register.agreements.read import state_now, versions_of
from register.agreements.rebuild import differing_agreements
from schemas.canonical import Json
from schemas.errors import Conflict, InvalidInput, InvalidRecord, NotFound, Refused
from tests.register.lifecycle.world import LEAD, MATCHER, RECEIVER, STRANGER, World, complete


def state(world: World, agreement: Agreement) -> str:
    return state_now(agreement, world.clock().date())


def deal(agreement: Agreement, **members: Any) -> Json:
    return {**agreement.document, **members}


def test_from_proposal_to_tombstone(world: World) -> None:
    number = world.enter("proposed", by=RECEIVER)
    assert number == "dg-1"
    assert state(world, world.read(number)) == "proposed"
    signed = world.act(number, "signed", by=LEAD)
    assert (signed.version, state(world, signed)) == (2, "in-force")
    world.act(number, "confirmed", {"version": 2}, by=RECEIVER)
    world.act(number, "disputed", {"version": 2, "reason": "We match nothing."}, by=MATCHER)
    world.act(
        number, "amendment-proposed", {"reason": "Longer"}, by=RECEIVER, document=deal(signed, scale="More people")
    )
    amended = world.act(number, "amended", {"reason": "As proposed"}, by=LEAD)
    assert (amended.version, amended.document["scale"]) == (3, "More people")
    corrected = world.act(
        number, "corrected", {"reason": "Typo"}, by=MATCHER, document=deal(amended, scale="Some people")
    )
    assert corrected.version == 4
    joined = world.act(
        number,
        "party-acceded",
        {"organisation": STRANGER, "name": "Ministry of Rivers", "joinedOn": "2026-03-02"},
        document=joining(amended),
    )
    assert [party["name"] for party in joined.document["parties"]][-1] == "Ministry of Rivers"
    left = world.act(
        number, "party-left", {"organisation": STRANGER, "name": "Ministry of Rivers", "leftOn": "2026-03-02"}
    )
    assert left.document["parties"][-1]["agreementRole"] == ["acceding", "withdrawn"]
    assert state(world, world.act(number, "suspended", {"reason": "A breach"})) == "suspended"
    assert state(world, world.act(number, "resumed", {}, by="registrar")) == "in-force"
    world.act(number, "reviewed", {"date": "2026-03-02", "outcome": "continue", "nextReviewOn": "2027-01-01"})
    world.act(
        number, "incident-recorded", {"date": "2026-03-01", "nature": "loss", "text": "A stick was lost."}, by=RECEIVER
    )
    ended = world.act(number, "terminated", {"endedOn": "2026-03-02", "reason": "Done"}, by=MATCHER)
    assert state(world, ended) == "ended"
    world.act(number, "disposal-confirmed", {"disposalConfirmedOn": "2026-03-02"}, by=RECEIVER)
    gone = world.act(number, "withdrawn", {"reason": "Registered twice"}, by="registrar")
    assert state(world, gone) == "withdrawn"
    told = gone.proceedings or {}
    assert [entry["party"] for entry in told["confirmations"]] == [RECEIVER]
    assert [entry["by"] for entry in told["disputes"]] == [MATCHER]
    assert told["reviews"][0]["outcome"] == "continue"
    assert told["disposals"][0]["party"] == "Example City Council"
    assert "pendingAmendment" not in told
    assert "suspension" not in told
    with world.database.read() as session:
        assert differing_agreements(session) == []
        assert [version.event for version in versions_of(session, gone)] == [
            "proposed", "signed", "amended", "corrected", "party-acceded", "party-left",
        ]  # fmt: skip


def joining(agreement: Agreement) -> Json:
    """What a joining party says of itself, as the lead hands it in."""
    party = {**agreement.document["parties"][1], "name": "Ministry of Rivers", "agreementRole": ["acceding"]}
    del party["identifiers"]
    return {"parties": [{**party, "organisation": STRANGER}]}


@pytest.mark.parametrize("by", [RECEIVER, STRANGER, "registrar"])
def test_only_the_lead_signs(small_world: World, by: str) -> None:
    with pytest.raises(Refused):
        small_world.enter("signed", by=by)
    assert small_world.enter("signed", by=LEAD) == "dg-1"


def test_an_incomplete_record_is_told_everything_it_lacks(small_world: World) -> None:
    with pytest.raises(InvalidRecord) as caught:
        small_world.enter(document=complete(purpose=None, retention=None))
    assert {problem.pointer.split("/")[1] for problem in caught.value.problems} >= {"purpose", "retention"}
    assert all(problem.advice for problem in caught.value.problems)


def test_a_proposal_need_not_say_when_it_was_signed(small_world: World) -> None:
    number = small_world.enter("proposed", document=complete(signedOn=None))
    with pytest.raises(InvalidRecord) as caught:
        small_world.act(number, "signed")
    assert [problem.pointer for problem in caught.value.problems] == ["/signedOn"]
    assert small_world.act(number, "signed", document=complete()).document["signedOn"] == "2026-02-02"


def test_confirming_is_of_the_newest_version_for_oneself_and_once(small_world: World) -> None:
    number = small_world.enter()
    with pytest.raises(InvalidRecord, match="There is no version 2"):
        small_world.act(number, "confirmed", {"version": 2}, by=RECEIVER)
    with pytest.raises(Refused, match="You act for Example City Council only"):
        small_world.act(number, "confirmed", {"version": 1, "party": MATCHER}, by=RECEIVER)
    with pytest.raises(Refused, match="no party"):
        small_world.act(number, "confirmed", {"version": 1}, by=STRANGER)
    small_world.act(number, "confirmed", {"version": 1}, by=RECEIVER)
    with pytest.raises(Conflict, match="has confirmed version 1 already"):
        small_world.act(number, "confirmed", {"version": 1}, by=RECEIVER)
    small_world.act(number, "disputed", {"version": 1, "reason": "On second thoughts"}, by=RECEIVER)
    small_world.act(number, "confirmed", {"version": 1}, by=RECEIVER)
    amended = small_world.act(number, "amended", document=complete(scale="More"))
    assert amended.version == 2
    with pytest.raises(InvalidRecord, match="The newest version is 2"):
        small_world.act(number, "confirmed", {"version": 1}, by=MATCHER)


def test_what_changes_nothing_makes_no_version(small_world: World) -> None:
    number = small_world.enter()
    with pytest.raises(Conflict, match="word for word"):
        small_world.act(number, "amended", document=complete())
    with pytest.raises(Conflict, match="No amendment"):
        small_world.act(number, "amended")


def test_acting_on_what_one_has_not_read_is_refused(small_world: World) -> None:
    number = small_world.enter()
    small_world.act(number, "amended", document=complete(scale="More"))
    with pytest.raises(Conflict, match="has changed since you read it"):
        small_world.act(number, "amended", document=complete(scale="Less"), on_version=1)
    with pytest.raises(Conflict, match="has changed since you read it"):
        small_world.act(number, "reviewed", {"date": "2026-03-02", "outcome": "continue"}, on_event=1)
    assert small_world.act(number, "amended", document=complete(scale="Less"), on_version=2, on_event=2).version == 3


def test_a_renewal_moves_the_end_until_the_deal_itself_does(small_world: World) -> None:
    number = small_world.enter()
    clock = small_world.clock
    clock.advance(days=365 * 3)
    assert state(small_world, small_world.read(number)) == "ended"
    today = clock().date().isoformat()
    with pytest.raises(InvalidRecord, match="not after the day on which it ends"):
        small_world.act(number, "renewed", {"date": today, "endsOn": "2029-02-28"})
    renewed = small_world.act(number, "renewed", {"date": today, "endsOn": "2031-02-28", "nextReviewOn": "2030-01-01"})
    assert (renewed.ends_on, renewed.next_review_on, state(small_world, renewed)) == (
        "2031-02-28", "2030-01-01", "in-force",
    )  # fmt: skip
    assert renewed.document["endsOn"] == "2029-02-28"
    again = small_world.act(number, "corrected", {"reason": "Typo"}, document=complete(scale="More"))
    assert again.ends_on == "2031-02-28"
    amended = small_world.act(number, "amended", document=complete(endsOn="2030-06-30"))
    assert amended.ends_on == "2030-06-30"


def test_what_is_said_to_have_happened_is_not_still_to_come(small_world: World) -> None:
    number = small_world.enter()
    with pytest.raises(InvalidRecord, match="still to come"):
        small_world.act(number, "terminated", {"endedOn": "2026-03-03", "reason": "Done"})
    with pytest.raises(InvalidRecord, match="before the agreement began"):
        small_world.act(number, "terminated", {"endedOn": "2026-02-01", "reason": "Done"})
    with pytest.raises(InvalidRecord, match="outcome"):
        small_world.act(number, "reviewed", {"date": "2026-03-02"})


@pytest.mark.parametrize(
    ("event", "details", "message"),
    [
        ("reviewed", {"date": "0206-03-01", "outcome": "continue"}, "before the agreement was signed (2026-02-02)"),
        ("renewed", {"date": "2026-03-03", "endsOn": "2030"}, "still to come"),
        ("suspended", {"reason": "A breach", "suspendedOn": "2026-02-28"}, "before the agreement began"),
    ],
)
def test_nothing_happens_before_its_time(small_world: World, event: str, details: Json, message: str) -> None:
    number = small_world.enter()
    with pytest.raises(InvalidRecord) as caught:
        small_world.act(number, event, details)
    assert message in caught.value.problems[0].message


def test_no_event_names_the_mailbox_of_a_person(small_world: World) -> None:
    number = small_world.enter("proposed")
    asked = {"opened": "2026-03-02", "closes": "2026-04-30", "contact": "ada.rivers@rivers.example"}
    with pytest.raises(InvalidRecord, match="may be a person’s address"):
        small_world.act(number, "consultation-opened", asked, by="registrar")
    small_world.act(number, "consultation-opened", {**asked, "contact": "consultations@rivers.example"}, by="registrar")


def test_what_stands_in_the_place_of_another_is_there(small_world: World) -> None:
    number, other = small_world.enter(), small_world.enter(document=complete(externalIds=None))
    for successor, message in ((number, "the agreement itself"), ("dg-99", "not in this register")):
        with pytest.raises(InvalidRecord, match=message):
            small_world.act(number, "withdrawn", {"reason": "Twice", "successor": {"agreement": successor}})
    small_world.act(number, "withdrawn", {"reason": "Twice", "successor": {"agreement": other}})


def test_it_is_resumed_after_it_was_suspended(small_world: World) -> None:
    number = small_world.enter()
    small_world.act(number, "suspended", {"reason": "A breach", "suspendedOn": "2026-03-02"})
    with pytest.raises(InvalidRecord, match="before it was suspended"):
        small_world.act(number, "resumed", {"resumedOn": "2026-03-01"})
    small_world.act(number, "resumed", {"resumedOn": "2026-03-02"})


def test_what_was_ended_early_is_not_renewed(small_world: World) -> None:
    number = small_world.enter()
    small_world.act(number, "terminated", {"endedOn": "2026-03-02", "reason": "Done"})
    with pytest.raises(Conflict, match="would not bring it back"):
        small_world.act(number, "renewed", {"date": "2026-03-02", "endsOn": "2030-01-01"})
    with pytest.raises(InvalidRecord, match="before the agreement began"):
        small_world.act(number, "disposal-confirmed", {"disposalConfirmedOn": "2026-02-01"}, by=RECEIVER)


def test_the_lead_cannot_leave_and_nobody_joins_twice(small_world: World) -> None:
    number = small_world.enter()
    with pytest.raises(Refused, match="leads the agreement"):
        small_world.act(number, "party-left", {"organisation": LEAD, "name": "Example Revenue Agency"})
    with pytest.raises(Refused, match="is a party already"):
        small_world.act(number, "party-acceded", {"organisation": RECEIVER, "name": "Example City Council"})
    with pytest.raises(Refused, match="none of the parties"):
        small_world.act(number, "party-left", {"name": "Nobody"})
    with pytest.raises(InvalidInput, match="by its name alone"):
        small_world.act(number, "party-left", {"name": "Example City Council"}, document=complete())


def test_a_number_is_used_once_and_unknown_events_are_named(small_world: World) -> None:
    assert [small_world.enter(document=complete(externalIds=None)) for _ in range(3)] == ["dg-1", "dg-2", "dg-3"]
    with pytest.raises(NotFound, match="There is no event"):
        small_world.act("dg-1", "exploded")


def test_the_clock_alone_brings_it_into_force_and_ends_it(small_world: World) -> None:
    number = small_world.enter(document=complete(effectiveFrom="2026-04-01"))
    read = small_world.read(number)
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2029, 2, 28), date(2029, 3, 1)]
    assert [state_now(read, day) for day in days] == ["signed", "in-force", "in-force", "ended"]
    with pytest.raises(Conflict, match="Signed, not yet begun"):
        small_world.act(number, "suspended", {"reason": "Too early"})
