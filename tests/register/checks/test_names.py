"""Every name of a party leads to one of the parties, wherever it stands."""

from typing import Any

import pytest

from register.checks.fields import texts_of
from register.checks.names import dangling_names, dangling_names_elsewhere
from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.contract import load_part
from tests.register.making import agreement

FIELDS: list[tuple[str, dict[str, Any]]] = [
    ("/legalPowers/0/party", {"legalPowers": [{"instrument": "Rivers Act", "party": "Nobody"}]}),
    ("/lawfulBasis/0/party", {"lawfulBasis": [{"code": "art-6-1-e", "party": "Nobody"}]}),
    ("/specialCategoryCondition/0/party", {"specialCategoryCondition": [{"code": "art-9-2-g", "party": "Nobody"}]}),
    ("/criminalOffenceCondition/party", {"criminalOffenceCondition": {"party": "Nobody"}}),
    ("/complaints/party", {"complaints": {"party": "Nobody"}}),
    (
        "/rightsHandling/privacyNotices/0/party",
        {"rightsHandling": {"privacyNotices": [{"party": "Nobody", "url": "https://a.example"}]}},
    ),
]


@pytest.mark.parametrize(("pointer", "members"), FIELDS, ids=[pointer for pointer, _ in FIELDS])
def test_a_stranger_is_told_wherever_it_is_named(pointer: str, members: dict[str, Any]) -> None:
    (problem,) = dangling_names_elsewhere(agreement(**members))
    assert (problem.pointer, problem.severity) == (pointer, "error")
    assert problem.title in {"Party", "Party that uses it"}
    assert problem.message == "“Nobody” is none of the parties."
    assert problem.advice == "Write one of: Bridges Office, Ministry of Rivers."


def test_no_field_for_the_name_of_a_party_is_left_out() -> None:
    """Ends of flows have a test of their own."""
    pointers = [pointer for pointer, _ in FIELDS]
    named = [text.pointer for text in texts_of(load_part(AGREEMENT_VERSION, "examples", "complete"))
             if text.kind == "partyName" and not text.pointer.startswith("/flows/")]  # fmt: skip
    assert {pointer.replace("/1/", "/0/") for pointer in named} == set(pointers)
    schema = str(load_schema("agreement", AGREEMENT_VERSION))
    assert schema.count("'#/$defs/partyName'") == len(FIELDS) + len(["from", "to"])


def test_names_that_are_parties_are_passed_in_silence() -> None:
    flows = [{"from": "Ministry of Rivers", "to": "Bridges Office"}]
    record = agreement(flows=flows, complaints={"party": "Bridges Office"})
    assert dangling_names(record) == dangling_names_elsewhere(record) == []


@pytest.mark.parametrize(
    ("written", "meant"), [("ministry of rivers.", "Ministry of Rivers"), ("Bridge Office", "Bridges Office")]
)
def test_a_name_written_a_little_otherwise_is_recognised(written: str, meant: str) -> None:
    (problem,) = dangling_names(agreement(flows=[{"from": written, "to": "Bridges Office"}] * (meant[0] == "M")
                                          or [{"from": "Ministry of Rivers", "to": written}]))  # fmt: skip
    assert problem.advice == f"Did you mean “{meant}”?"


def test_two_parties_of_one_name_are_told_apart() -> None:
    (problem,) = dangling_names(agreement(parties=[{"name": "Rivers"}, {"name": "Lakes"}, {"name": "Rivers"}]))
    assert (problem.pointer, problem.message) == ("/parties/2/name", "Another party is called “Rivers” too.")


def test_without_a_single_name_nothing_is_said() -> None:
    assert dangling_names(agreement(parties=[{"name": 3}, "x"], flows=[{"from": "A", "to": "B"}])) == []
