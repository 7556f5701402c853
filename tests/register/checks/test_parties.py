"""Who sends, who receives, who leads, and flows that fit: each rule with a record that breaks it."""

from typing import Any

import pytest

from register.checks.parties import flows_that_do_not_fit, half_said, open_ends, roles_missing
from schemas.problems import Problem
from tests.register.making import agreement

RIVERS, BRIDGES = "Ministry of Rivers", "Bridges Office"
THERE = {"from": RIVERS, "to": BRIDGES}


def party(name: str, *roles: str, **members: Any) -> dict[str, Any]:
    return {"name": name, "flowRole": list(roles), **members}


def told(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(problem.severity, problem.pointer, problem.message) for problem in problems]


@pytest.mark.parametrize("parties", [None, [{"name": RIVERS}]])
def test_a_record_that_states_no_role_and_no_flow_is_passed_in_silence(parties: Any) -> None:
    record = agreement(parties=parties) if parties else agreement()
    assert roles_missing(record) == flows_that_do_not_fit(record) == half_said(record) == []


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"parties": [party(RIVERS, "discloser"), party(BRIDGES, "host")]}, "Nobody receives the data."),
        ({"parties": [party(BRIDGES, "recipient")]}, "Nobody sends the data."),
        ({"parties": [{"name": RIVERS}], "flows": [{"from": RIVERS}]}, "Nobody receives the data."),
    ],
)
def test_somebody_sends_and_somebody_receives(members: dict[str, Any], message: str) -> None:
    assert told(roles_missing(agreement(**members))) == [("error", "/parties", message)]


def test_flows_alone_say_who_sends_and_who_receives() -> None:
    assert roles_missing(agreement(parties=[{"name": RIVERS}, {"name": BRIDGES}], flows=[THERE])) == []


def test_one_party_leads() -> None:
    leads = [{"name": name, "agreementRole": ["lead-agency"]} for name in (RIVERS, BRIDGES)]
    (problem,) = roles_missing(agreement(parties=leads))
    assert problem.message == "2 parties lead the agreement: Ministry of Rivers, Bridges Office."
    assert roles_missing(agreement(parties=[leads[0], {"name": BRIDGES}])) == []


@pytest.mark.parametrize("left", [{"leftOn": "2024"}, {"agreementRole": ["lead-agency", "withdrawn"]}])
def test_who_leads_has_not_left(left: dict[str, Any]) -> None:
    parties = [{"name": RIVERS, "agreementRole": ["lead-agency"], **left}, {"name": BRIDGES}]
    (problem,) = roles_missing(agreement(parties=parties))
    assert (problem.severity, problem.pointer) == ("error", "/parties/0/agreementRole")
    assert problem.message == "“Ministry of Rivers” leads the agreement and has left it: nobody could keep the record."


def test_nobody_sends_to_itself_without_a_word_about_it() -> None:
    parties = [party(RIVERS, "discloser", "recipient")]
    flow = {"from": RIVERS, "to": RIVERS}
    (problem,) = flows_that_do_not_fit(agreement(parties=parties, flows=[flow]))
    assert (problem.severity, problem.pointer) == ("error", "/flows/0/to")
    assert problem.message == "“Ministry of Rivers” sends to itself here."
    noted = {**flow, "note": "From the boats unit to the tolls unit."}
    assert flows_that_do_not_fit(agreement(parties=parties, flows=[noted])) == []


def test_flows_have_names_of_their_own_and_name_earlier_ones_that_are_there() -> None:
    twice = [{**THERE, "id": "boats"}, {**THERE, "id": "boats"}]
    assert told(flows_that_do_not_fit(agreement(flows=twice))) == [
        ("error", "/flows/1/id", "Another flow is called “boats” too.")
    ]
    derived = [
        {**THERE, "id": "boats"},
        {**THERE, "id": "tolls", "derivedFrom": [{"flow": "boots"}, {"flow": "boats"}]},
    ]
    (problem,) = flows_that_do_not_fit(agreement(flows=derived))
    assert (problem.pointer, problem.message) == (
        "/flows/1/derivedFrom/0/flow",
        "No flow of this record is called “boots”.",
    )
    assert problem.advice == "Write one of: boats, tolls."
    itself = [{**THERE, "id": "boats", "derivedFrom": [{"flow": "boats"}]}]
    assert told(flows_that_do_not_fit(agreement(flows=itself))) == [
        ("error", "/flows/0/derivedFrom/0/flow", "The flow is passed on from itself.")
    ]
    elsewhere = [{**THERE, "derivedFrom": [{"agreement": "dg-9", "flow": "lakes"}]}]
    assert flows_that_do_not_fit(agreement(flows=elsewhere)) == []


def test_a_role_that_the_flows_contradict_is_a_warning() -> None:
    turned = [{"from": BRIDGES, "to": RIVERS}]
    assert told(flows_that_do_not_fit(agreement(flows=turned))) == [
        (
            "warning",
            "/parties/0/flowRole",
            "“Ministry of Rivers” only receives data in the flows, but its role is discloser.",
        ),
        ("warning", "/parties/1/flowRole", "“Bridges Office” only sends data in the flows, but its role is recipient."),
    ]
    both = [*turned, THERE]  # who gets the earnings sends the list of names first
    assert flows_that_do_not_fit(agreement(flows=both)) == []


def test_a_party_in_no_flow_is_a_warning_unless_it_only_helps_or_has_left() -> None:
    aside = [party("Links", "intermediary"), party("Gone", "recipient", leftOn="2024")]
    parties = [party(RIVERS, "discloser"), party(BRIDGES, "recipient"), *aside]
    assert flows_that_do_not_fit(agreement(parties=parties, flows=[THERE])) == []
    (problem,) = flows_that_do_not_fit(agreement(parties=[*parties, party("Lakes Board", "recipient")], flows=[THERE]))
    assert (problem.severity, problem.pointer) == ("warning", "/parties/4/name")
    assert problem.message == "No flow names “Lakes Board”: what it sends or receives is not said."


@pytest.mark.parametrize(
    ("members", "pointer", "message"),
    [
        (
            {"internationalTransfers": [{"none": True}, {"country": "FR"}]},
            "/internationalTransfers",
            "It says that there are none, and lists some.",
        ),
        (
            {"parties": [{"name": RIVERS, "otherRecipients": [{"none": True}, {"name": "Lakes"}]}]},
            "/parties/0/otherRecipients",
            "It says that there are none, and lists some.",
        ),
        (
            {"linkage": {"none": True, "linkedWith": ["Tolls"]}},
            "/linkage",
            "It says that the data is linked with nothing, and with what.",
        ),
        (
            {"flows": [{"datasets": [{"catalogueId": "boats", "uncatalogued": "Secret"}]}]},
            "/flows/0/datasets/0/uncatalogued",
            "The dataset is linked to the catalogue, and said not to be there.",
        ),
        ({"endCondition": {"code": "event"}}, "/endCondition/text", "The code “event” says nothing alone."),
        ({"lawfulBasis": [{"code": "other-law"}]}, "/lawfulBasis/0/text", "The code “other-law” says nothing alone."),
    ],
)
def test_a_field_that_contradicts_itself_or_says_half_is_told(
    members: dict[str, Any], pointer: str, message: str
) -> None:
    assert told(half_said(agreement(**members))) == [("error", pointer, message)]


def test_none_alone_and_words_beside_the_code_are_passed_in_silence() -> None:
    record = agreement(
        internationalTransfers=[{"none": True}],
        linkage={"none": True},
        endCondition={"code": "event", "text": "When the dam is built."},
        lawfulBasis=[{"code": "art-6-1-e"}],
    )
    assert half_said(record) == []


def test_an_agreement_without_a_last_day_has_a_review() -> None:
    open_ended = {"endCondition": {"code": "until-revoked"}}
    (problem,) = open_ends(agreement(**open_ended))
    assert (problem.pointer, problem.severity) == ("/nextReviewOn", "error")
    assert list(open_ends(agreement(**open_ended, nextReviewOn="2027"))) == []
    assert list(open_ends(agreement(**open_ended, endsOn="2027"))) == []
