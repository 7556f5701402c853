"""The small bodies of events: a schema for each event of the list, and the list against the life of an agreement."""

import pytest

from schemas.canonical import Json
from schemas.codelist_tables import codelist_rows
from schemas.codelists import codelist
from schemas.contract import check_event, event_names, load_event
from schemas.errors import NotFound

VERSION = "1.0.0"
LEAST: dict[str, Json] = {
    "proposed": {"reason": "A law of 2025 allows it."},
    "rejected": {"reason": "The law does not allow it."},
    "signed": {"note": "Signed in two languages."},
    "amendment-proposed": {"reason": "More data is needed."},
    "amended": {"reason": "More data is needed.", "effectiveFrom": "2026-04-01"},
    "party-acceded": {"name": "A county council", "joinedOn": "2026-04-01"},
    "party-left": {"name": "A county council", "leftOn": "2026-05-01", "reason": "It was merged."},
    "corrected": {"reason": "The end was given as 2025."},
    "suspended": {"reason": "An incident is looked into.", "suspendedOn": "2026-04-01"},
    "resumed": {"resumedOn": "2026-05-01"},
    "reviewed": {
        "date": "2027-03-01",
        "outcome": "continue",
        "realisedBenefits": [{"text": "Fewer cases went to bailiffs.", "measure": "210 of 900"}],
        "outputs": [{"text": "Yearly totals", "url": "https://city.example/totals", "date": "2027-02"}],
    },
    "renewed": {"date": "2028-02-01", "endsOn": "2030-02-28", "nextReviewOn": "2029-02-01"},
    "incident-recorded": {
        "date": "2026-06-03",
        "nature": "over-sharing",
        "text": "One file held a column too many.",
        "subjectsAffected": 40,
        "reportedToRegulator": False,
    },
    "terminated": {"endedOn": "2027-01-01", "reason": "The purpose is met."},
    "disposal-confirmed": {
        "party": "A county council",
        "disposalConfirmedOn": "2029-03-20",
        "method": "secure-erasure",
    },
    "withdrawn": {"reason": "It was registered twice.", "successor": {"agreement": "dg-4"}},
    "confirmed": {"version": 2, "party": "county-council"},
    "disputed": {
        "version": 2,
        "party": "county-council",
        "reason": "We never receive this.",
        "fields": ["/flows/0/to"],
    },
    "consultation-opened": {"opened": "2026-01-05", "closes": "2026-02-05", "contact": "comments@city.example"},
    "recommended": {
        "body": "Data Governance Board",
        "date": "2026-02-20",
        "recommendations": [{"text": "Say how people are told.", "status": "accepted", "response": "Done."}],
    },
    "redacted": {
        "version": 1,
        "pointer": "/parties/0/contact",
        "reason": "It named a person.",
        "law": "UK GDPR Article 17",
    },
}
STATES = set(codelist("agreement-state"))
LIFE = {row["code"]: row for row in codelist_rows("agreement-event")}


def test_every_event_of_the_list_has_a_schema_and_no_other() -> None:
    assert set(event_names(VERSION)) == set(codelist("agreement-event")) == set(LEAST)


@pytest.mark.parametrize("event", LEAST)
def test_a_body_with_what_is_asked_conforms(event: str) -> None:
    assert check_event(LEAST[event], event, VERSION) == []


@pytest.mark.parametrize("event", LEAST)
def test_without_what_is_asked_it_is_told_what_to_write(event: str) -> None:
    required = load_event(event, VERSION).get("required", [])
    told = {problem.pointer: problem for problem in check_event({}, event, VERSION)}
    assert set(told) == {f"/{name}" for name in required}
    assert all(problem.title and problem.advice for problem in told.values())


@pytest.mark.parametrize("event", LEAST)
def test_an_event_has_no_field_for_a_person(event: str) -> None:
    (problem,) = check_event({**LEAST[event], "signatory": "Somebody"}, event, VERSION)
    assert problem.pointer == "/signatory"


def test_an_event_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="applauded"):
        check_event({}, "applauded", VERSION)


@pytest.mark.parametrize("event", LIFE)
def test_an_event_leads_from_states_to_a_state(event: str) -> None:
    row = LIFE[event]
    assert set(row["from"].split()) <= STATES
    assert row.get("to", "") in {*STATES, ""}
    assert row["by"]
    assert row["description"]


def test_only_signing_proposing_amending_correcting_joining_and_leaving_make_a_version() -> None:
    makes = {code for code, row in LIFE.items() if row.get("makesVersion") == "yes"}
    assert makes == {"proposed", "signed", "amended", "corrected", "party-acceded", "party-left"}
    assert LIFE["amendment-proposed"]["makesVersion"] == "pending"


@pytest.mark.parametrize("event", ["confirmed", "disputed", "reviewed", "incident-recorded", "renewed", "redacted"])
def test_what_is_no_step_in_the_life_never_moves_the_state(event: str) -> None:
    assert "to" not in LIFE[event]


def test_every_state_but_those_that_the_clock_decides_is_reached_by_an_event() -> None:
    reached = {row["to"] for row in LIFE.values() if "to" in row}
    assert STATES - reached == {"draft", "dates-not-stated"}


def test_a_draft_is_touched_by_no_event_but_those_that_make_it_public() -> None:
    assert {code for code, row in LIFE.items() if "draft" in row["from"].split()} == {"proposed", "signed"}
