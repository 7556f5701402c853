"""Links that lead somewhere: what the tables hold is passed in silence, what they do not hold is told."""

from typing import Any

import pytest

from register.checks.links import broken_links, datasets_not_told, registrant_not_a_party
from register.checks.tables import DatasetKnown, OrganisationKnown, Tables
from schemas.problems import Problem
from tests.register.making import agreement

RIVERS = OrganisationKnown("ministry-of-rivers", "Ministry of Rivers", "department")
OLD = OrganisationKnown("lakes-board", "Lakes Board", "public-body", "2019-12-31")
TABLES = Tables(
    datasets={
        "boats": DatasetKnown("boats", "Boats"),
        "https://rivers.example/boats": DatasetKnown("boats", "Boats"),
        "punts": DatasetKnown("punts", "Punts", "withdrawn"),
    },
    organisations={"ministry-of-rivers": RIVERS, "lakes-board": OLD},
    bodies={"ministry of rivers": RIVERS},
    numbered={("org-id", "1"): RIVERS, ("org-id", "2"): OLD},
    agreements=frozenset({"dg-3"}),
    numbers={("dua", "1"): "dg-3"},
)


def told(problems: list[Problem]) -> list[tuple[str, str, str, str]]:
    return [(problem.severity, problem.pointer, problem.message, problem.advice) for problem in problems]


def linked(name: str) -> dict[str, Any]:
    return {"flows": [{"datasets": [{"catalogueId": name}]}]}


def party(**members: Any) -> dict[str, Any]:
    return {"parties": [{"name": "Ministry of Rivers", **members}]}


LINKED = {"organisation": "ministry-of-rivers"}


@pytest.mark.parametrize(
    "members",
    [
        linked("boats"),
        party(**LINKED, otherRecipients=[{"none": True}]),
        {**party(**LINKED), "parentAgreement": {"agreement": "dg-3"}},
        {**party(**LINKED), "relatedAgreements": [{"relation": "renews", "name": "An older one"}]},
        {**party(**LINKED), "id": "dg-3", "externalIds": [{"scheme": "dua", "id": "1"}]},
        {**party(**LINKED), "id": "dg-3", "flows": [{"derivedFrom": [{"agreement": "dg-3", "flow": "boats"}]}]},
        party(identifiers=[{"scheme": "x", "id": "1"}]),
    ],
)
def test_links_that_lead_somewhere_are_passed_in_silence(members: dict[str, Any]) -> None:
    assert broken_links(agreement(**{**party(**LINKED), **members}), TABLES) == []


@pytest.mark.parametrize(
    ("members", "severity", "pointer", "message", "advice"),
    [
        (
            linked("boots"),
            "error",
            "/flows/0/datasets/0/catalogueId",
            "There is no dataset “boots” in the catalogue.",
            "Find it with “gazette catalogue search”, or write under “uncatalogued” why it is not there.",
        ),
        (
            linked("https://rivers.example/boats"),
            "error",
            "/flows/0/datasets/0/catalogueId",
            "The catalogue knows “Boats” by another short name.",
            "Write “boats”.",
        ),
        (
            linked("punts"),
            "warning",
            "/flows/0/datasets/0/catalogueId",
            "The dataset “Punts” was withdrawn from the catalogue.",
            "If another took its place, link that one.",
        ),
        (
            party(organisation="rivers"),
            "error",
            "/parties/0/organisation",
            "There is no organisation “rivers” here.",
            "Did you mean “ministry-of-rivers”?",
        ),
        (
            party(**LINKED, otherRecipients=[{"organisation": "nobody"}]),
            "error",
            "/parties/0/otherRecipients/0/organisation",
            "There is no organisation “nobody” here.",
            "See “gazette organisations list” for those there are, with their short names.",
        ),
        (
            {**party(organisation="lakes-board", name="Lakes Board"), "signedOn": "2020"},
            "warning",
            "/parties/0/organisation",
            "“Lakes Board” ended on 2019-12-31, before this agreement began.",
            "Name the body that took its place, or correct the dates.",
        ),
        (
            party(),
            "warning",
            "/parties/0/organisation",
            "“Ministry of Rivers” stands in the catalogue, and the party is not linked to it.",
            "If that is the one, write “organisation: ministry-of-rivers”.",
        ),
        (
            {"parentAgreement": {"agreement": "dg-4"}},
            "error",
            "/parentAgreement/agreement",
            "There is no agreement dg-4 in this register.",
            "See “gazette register list”. One that stands elsewhere is named by “externalId” or “name”.",
        ),
        (
            {"id": "dg-3", "relatedAgreements": [{"relation": "renews", "agreement": "dg-3"}]},
            "error",
            "/relatedAgreements/0/agreement",
            "The agreement names itself.",
            "Give the number of the other agreement.",
        ),
        (
            {"id": "dg-5", "externalIds": [{"scheme": "dua", "id": "1"}]},
            "error",
            "/externalIds/0",
            "The number dua:1 belongs to agreement dg-3.",
            "Correct the number, or revise that agreement.",
        ),
        (
            {"externalIds": [{"scheme": "dua", "id": "1"}]},
            "warning",
            "/externalIds/0",
            "The number dua:1 belongs to agreement dg-3 already.",
            "If this is the same agreement, amend or correct dg-3; if not, correct the number.",
        ),
        (
            {"provenance": {"source": "official", "registeredBy": "nobody"}},
            "error",
            "/provenance/registeredBy",
            "There is no organisation “nobody” here.",
            "See “gazette organisations list” for those there are, with their short names.",
        ),
    ],
)
def test_each_link_that_leads_nowhere_is_told(
    members: dict[str, Any], severity: str, pointer: str, message: str, advice: str
) -> None:
    record = agreement(**{**party(**LINKED), **members})
    assert told(broken_links(record, TABLES)) == [(severity, pointer, message, advice)]


@pytest.mark.parametrize(
    ("parties", "pointer", "message"),
    [
        (
            [{"name": "Ministry of Rivers", "organisation": "lakes-board"}],
            "/parties/0/name",
            "“Ministry of Rivers” is the name of ministry-of-rivers, and the party is linked to lakes-board",
        ),
        (
            [{"name": "ministry of RIVERS", "identifiers": [{"scheme": "org-id", "id": "2"}]}],
            "/parties/0/name",
            "“ministry of RIVERS” is the name of ministry-of-rivers, and the party is linked to lakes-board",
        ),
        (
            [{"name": "Lakes Board", "organisation": "lakes-board", "identifiers": [{"scheme": "org-id", "id": "1"}]}],
            "/parties/0/identifiers/0",
            "The number org-id:1 belongs to ministry-of-rivers (Ministry of Rivers), and the party is linked to",
        ),
        (
            [{"name": name, "organisation": "lakes-board"} for name in ("Lakes Board", "Its boats unit")],
            "/parties/1/organisation",
            "“Lakes Board” and “Its boats unit” are one organisation here: lakes-board.",
        ),
    ],
)
def test_no_party_stands_under_the_name_of_another(parties: list[dict[str, Any]], pointer: str, message: str) -> None:
    (problem,) = broken_links(agreement(parties=parties), TABLES)
    assert (problem.severity, problem.pointer) == ("error", pointer)
    assert problem.message.startswith(message)


def test_a_dataset_is_linked_or_said_why_not() -> None:
    datasets = [{"title": "Boats"}, {"catalogueId": "boats"}, {"uncatalogued": "It is new."}]
    (problem,) = datasets_not_told(agreement(flows=[{"datasets": datasets}]))
    assert (problem.severity, problem.pointer) == ("warning", "/flows/0/datasets/0/catalogueId")


def test_who_registers_is_a_party() -> None:
    registered = {"source": "official", "registeredBy": "lakes-board"}
    (problem,) = registrant_not_a_party(agreement(**party(**LINKED), provenance=registered))
    assert problem.advice == "Write the short name of the party that registers it: ministry-of-rivers."
    for fitting in ("ministry-of-rivers", "Ministry of Rivers"):
        own = {"source": "official", "registeredBy": fitting}
        assert registrant_not_a_party(agreement(**party(**LINKED), provenance=own)) == []
    imported = {**registered, "source": "imported"}
    assert registrant_not_a_party(agreement(**party(**LINKED), provenance=imported)) == []
