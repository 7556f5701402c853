"""Powers in force and usable: yes, no or not known; and grounds that a public authority cannot rest on."""

from datetime import date
from typing import Any

import pytest

from register.checks.law import grounds_of_authorities, powers_in_doubt
from register.checks.tables import OrganisationKnown, Tables
from register.powers.classes import OrganisationFacts
from register.powers.facts import BodyFacts, Period, PowerFacts
from register.powers.table import PowersTable
from schemas.problems import Problem
from tests.register.making import agreement

TODAY = date(2026, 3, 2)
RIVERS, BRIDGES = "Ministry of Rivers", "Bridges Office"
SLUGS = {"ministry-of-rivers": RIVERS, "bridges-office": BRIDGES, "lakes-board": "Lakes Board"}
POWERS = PowersTable(
    (
        PowerFacts(
            "rivers-act-s1",
            "Boats",
            instrument="Rivers Act 2010",
            provision="s.1",
            periods=(Period("2010-01-01", "2024-06-30", "It was repealed"),),
            bodies=(BodyFacts(RIVERS, organisation="ministry-of-rivers"),),
            bodies_complete=True,
        ),
        PowerFacts("tolls", "Tolls", periods=(Period("2010-01-01"),)),
    ),
    {slug: OrganisationFacts(slug, name) for slug, name in SLUGS.items()},
)
PARTIES = [
    {"name": name, "organisation": slug, "flowRole": [role]}
    for (slug, name), role in zip(SLUGS.items(), ("discloser", "recipient", "recipient"), strict=True)
]


def told(power: dict[str, Any], **members: Any) -> list[tuple[str, str, str]]:
    record = agreement(
        legalPowers=[power], **{"effectiveFrom": "2020-01-01", "endsOn": "2021", "parties": PARTIES, **members}
    )
    found = powers_in_doubt(record, Tables(powers=POWERS), TODAY)
    return [(problem.severity, problem.pointer, problem.message) for problem in found]


def test_a_power_in_force_that_the_party_may_use_is_passed_in_silence() -> None:
    assert told({"power": "rivers-act-s1", "party": RIVERS}) == []
    assert told({"power": "rivers-act-s1"}) == []  # one of the parties may


def test_a_power_that_was_not_in_force_on_the_day_is_told() -> None:
    for day in ("2025-01-01", "2025"):
        ((severity, pointer, message),) = told({"power": "rivers-act-s1"}, effectiveFrom=day, endsOn="2026-01-01")
        assert (severity, pointer) == ("error", "/legalPowers/0")
        assert message.startswith("“Boats” ")
        assert "30 June 2024" in message


def test_a_day_that_may_lie_before_the_repeal_accuses_nobody() -> None:
    assert [severity for severity, _, _ in told({"power": "rivers-act-s1"}, effectiveFrom="2024")] == []


def test_a_power_repealed_since_is_a_warning_while_the_agreement_lasts() -> None:
    ((severity, pointer, message),) = told({"power": "rivers-act-s1"}, endsOn=None)
    assert (severity, pointer) == ("warning", "/legalPowers/0")
    assert "30 June 2024" in message


def test_a_definite_no_is_an_error_at_the_party_that_is_named() -> None:
    ((severity, pointer, message),) = told({"power": "rivers-act-s1", "party": BRIDGES})
    assert (severity, pointer) == ("error", "/legalPowers/0/party")
    assert message.startswith("Bridges Office may not use “Boats”. The list of bodies")


def test_where_no_party_is_named_it_is_told_only_if_none_of_them_may() -> None:
    ((severity, pointer, message),) = told({"power": "rivers-act-s1"}, parties=PARTIES[1:])
    assert (severity, pointer) == ("error", "/legalPowers/0")
    assert message.startswith("None of the parties may use “Boats”. ")


@pytest.mark.parametrize(
    ("power", "words"),
    [
        ({"instrument": "Lakes Act"}, "Whether it was in force, and who may use it, was not checked."),
        ({"power": "tolls", "party": RIVERS}, "It is not known whether “Tolls” may be used here."),
    ],
)
def test_not_known_is_a_note_and_never_an_error(power: dict[str, Any], words: str) -> None:
    ((severity, _, message),) = told(power)
    assert severity == "warning"
    assert words in message


def test_a_record_of_another_source_is_told_no_what_is_not_known() -> None:
    imported = {"provenance": {"source": "imported"}}
    assert told({"instrument": "Lakes Act"}, **imported) == []
    assert len(told({"power": "rivers-act-s1", "party": BRIDGES}, **imported)) == 1


def test_without_a_table_of_powers_or_a_day_nothing_is_said() -> None:
    record = agreement(legalPowers=[{"power": "nowhere"}])
    assert powers_in_doubt(record, Tables(), TODAY) == []
    assert powers_in_doubt(record, Tables(powers=PowersTable()), TODAY) == []
    assert powers_in_doubt(record, Tables(powers=POWERS), None) == []


def grounds(code: str, name: str, tables: Tables | None = None, **members: Any) -> list[Problem]:
    basis = [{"code": code, "party": name}]
    return grounds_of_authorities(agreement(parties=[{"name": name}], lawfulBasis=basis, **members), tables)


def known(name: str, kind: str) -> Tables:
    return Tables(bodies={name.casefold(): OrganisationKnown("x", name, kind)})


def test_a_public_authority_on_legitimate_interests_is_warned() -> None:
    (problem,) = grounds("art-6-1-f", RIVERS, known(RIVERS, "department"))
    assert (problem.severity, problem.pointer) == ("warning", "/lawfulBasis/0/code")
    assert problem.message == "A public authority cannot rest its own tasks on legitimate interests."
    assert "art-6-1-e" in problem.advice
    (recognised,) = grounds("art-6-1-ea", RIVERS, known(RIVERS, "agency"))
    assert recognised.message.endswith("rest its own tasks on a recognised legitimate interest.")


def test_where_the_kind_of_body_is_not_known_the_sentence_says_if() -> None:
    (problem,) = grounds("art-6-1-f", RIVERS)
    assert problem.message == (
        "If Ministry of Rivers is a public authority: a public authority cannot rest its own tasks on legitimate "
        "interests."
    )
    assert grounds("art-6-1-f", "Rafts and Sons") == []


def test_a_company_and_a_public_task_are_passed_in_silence() -> None:
    assert grounds("art-6-1-f", "Council Tools Ltd", known("Council Tools Ltd", "company")) == []
    assert grounds("art-6-1-e", RIVERS, known(RIVERS, "department")) == []


def test_the_british_ground_is_for_british_law() -> None:
    (problem,) = grounds("art-6-1-ea", "Rafts and Sons", jurisdictions=["IE"])
    assert "British law alone; the agreement is under the law of IE" in problem.message
    assert grounds("art-6-1-ea", "Rafts and Sons", jurisdictions=["GB-SCT"]) == []
    assert grounds("art-6-1-ea", "Rafts and Sons") == []
