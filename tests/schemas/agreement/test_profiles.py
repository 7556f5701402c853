"""Each profile against the clauses it claims: a minimal record that conforms, and one lacking each thing asked for."""

import copy
import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from schemas.canonical import Json
from schemas.checking import check
from schemas.codelist_tables import codelist_rows
from schemas.contract import load_part
from schemas.errors import NotFound
from schemas.problems import Problem
from schemas.profiles import check_profiles, clauses_of, load_profile, profile_names, profile_title

VERSION = "1.0.0"
FOLDER = Path(__file__).parent
NAMES = [
    "complete", "au-dats", "gdpr-26", "gdpr-28", "gdpr-30", "gdpr-35", "hdr-uk", "ico-code", "ie-dsga", "nz-aisa",
    "uk-dea", "us-cma",
]  # fmt: skip
TABLE = csv.DictReader((FOLDER / "clauses.csv").read_text(encoding="utf-8").splitlines())
TAKEN_OUT = [tuple(row.values()) for row in TABLE]
SPOILT: list[tuple[str, str, str, Any]] = [
    ("complete", "complete record, title", "/title", "x" * 151),
    ("complete", "complete record, parties", "/parties", [{"name": "One alone"}]),
    ("complete", "complete record, parties.agreementRole lead-agency", "/parties/1/agreementRole", ["lead-agency"]),
    ("complete", "complete record, dpia.reason", "/dpia", {"status": "not-required"}),
    ("gdpr-35", "GDPR Article 35(1)", "/dpia", {"status": "not-required"}),
    ("ie-dsga", "Data Sharing and Governance Act 2019 s.19(1)(k)", "/undertakings/art5", False),
    ("nz-aisa", "Privacy Act 2020 s.144(2)(f)", "/undertakings/complaintAssistance", False),
    ("us-cma", "5 U.S.C. 552a(o)(1)(K)", "/undertakings/auditAccess", False),
    (
        "au-dats",
        "Data Availability and Transparency Act 2022 s.19, agreed purpose",
        "/purposeCategories",
        ["crime"],
    ),
]


def minimal(profile: str) -> Json:
    record: Json = json.loads((FOLDER / "minimal" / f"{profile}.json").read_text(encoding="utf-8"))
    return record


def _at(record: Json, pointer: str) -> tuple[Any, str | int]:
    """What holds the thing at a pointer, and the thing's name or place in it."""
    holder: Any = record
    *parts, last = pointer.split("/")[1:]
    for part in parts:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    return holder, int(last) if isinstance(holder, list) else last


def _told(record: Json, profile: str) -> list[Problem]:
    return check_profiles(record, [profile], VERSION, core=())


def test_there_are_the_profiles_that_the_design_names() -> None:
    assert profile_names(VERSION) == NAMES
    assert all(profile_title(name, VERSION) for name in NAMES)


@pytest.mark.parametrize("profile", NAMES)
def test_a_minimal_record_conforms(profile: str) -> None:
    record = minimal(profile)
    assert check(record, "agreement", VERSION) == []
    assert check_profiles(record, [profile], VERSION) == []


@pytest.mark.parametrize("profile", NAMES)
def test_the_minimal_record_is_minimal(profile: str) -> None:
    """What no clause needs is not in it; what is there without a clause sets a condition off, or the core asks it."""
    record = minimal(profile)
    needed = {pointer.split("/")[1] for name, _, pointer in TAKEN_OUT if name == profile}
    conditions = {"parties", "internationalTransfers", "jurisdictions", "flows", "lawfulBasis", "withheld", "areas"}
    assert set(record) - needed - {"id", "schemaVersion", "title", "provenance"} <= conditions


@pytest.mark.parametrize(("profile", "clause", "pointer"), TAKEN_OUT)
def test_a_record_lacking_what_a_clause_asks_is_told_the_clause(profile: str, clause: str, pointer: str) -> None:
    record = minimal(profile)
    holder, last = _at(record, pointer)
    del holder[last]
    told = [problem for problem in _told(record, profile) if problem.clause == clause]
    assert told
    for problem in told:
        assert clause in str(problem)
        assert problem.title
        assert problem.message
        assert problem.advice.endswith(".")
        assert problem.severity == "error"


@pytest.mark.parametrize(("profile", "clause", "pointer", "value"), SPOILT)
def test_a_record_that_says_the_wrong_thing_is_told_the_clause(
    profile: str, clause: str, pointer: str, value: object
) -> None:
    record = minimal(profile)
    holder, last = _at(record, pointer)
    holder[last] = value
    assert clause in {problem.clause for problem in _told(record, profile)}


@pytest.mark.parametrize("profile", NAMES)
def test_every_rule_is_tried(profile: str) -> None:
    rules = {rule["x-clause"] for rule in load_profile(profile, VERSION)["allOf"]}
    assert len(rules) == len(load_profile(profile, VERSION)["allOf"]), "two rules bear one clause"
    tried = {clause for name, clause, _ in TAKEN_OUT if name == profile}
    tried |= {clause for name, clause, _, _ in SPOILT if name == profile}
    assert tried == rules


@pytest.mark.parametrize("profile", NAMES)
def test_every_rule_says_its_clause_how_it_is_known_and_what_to_write(profile: str) -> None:
    for rule in load_profile(profile, VERSION)["allOf"]:
        assert rule["x-clause"]
        assert rule["x-source"] in ({"own"} if profile == "complete" else {"read", "summarised"})
        assert re.fullmatch(r"[A-Z].*\.", rule["x-error"]["en"])


@pytest.mark.parametrize("profile", ["gdpr-26", "gdpr-28", "gdpr-30", "gdpr-35"])
def test_what_is_known_from_summaries_alone_says_so(profile: str) -> None:
    record = {name: minimal(profile)[name] for name in ("id", "schemaVersion", "title", "parties", "provenance")}
    told = _told(record, profile)
    assert told
    assert all("as commonly summarised" in problem.message for problem in told)


def test_what_was_read_does_not_say_it_was_summarised() -> None:
    record = {name: minimal("ie-dsga")[name] for name in ("id", "schemaVersion", "title", "parties", "provenance")}
    summarised = {problem.clause for problem in _told(record, "ie-dsga") if "summarised" in problem.message}
    assert summarised == {"Data Sharing and Governance Act 2019 s.19(1), withdrawal"}


def test_the_irish_clause_on_frequency_reads_as_the_field_reference_has_it() -> None:
    record = minimal("ie-dsga")
    del record["frequency"]
    (problem,) = _told(record, "ie-dsga")
    assert str(problem) == (
        "How often (/frequency): “frequency” is missing. Say whether the sharing is one-off or ongoing."
        " [Data Sharing and Governance Act 2019 s.19(1)(h)]"
    )


@pytest.mark.parametrize("profile", ["gdpr-26", "gdpr-28"])
def test_a_rule_with_a_condition_is_silent_where_the_condition_is_not_met(profile: str) -> None:
    record = {
        "id": "dg-1",
        "schemaVersion": "1.0.0",
        "title": "Road counts",
        "parties": [{"name": "A council", "dataProtectionRole": "not-applicable"}],
        "provenance": {"source": "official"},
    }
    assert check_profiles(record, [profile], VERSION) == []


def test_data_about_nobody_needs_no_lawful_basis() -> None:
    record = minimal("complete")
    for name in ("lawfulBasis", "specialCategoryCondition", "criminalOffenceCondition", "adverseActionSafeguards"):
        del record[name]
    dataset = record["flows"][0]["datasets"][0]
    dataset |= {
        "identifiability": "non-personal",
        "dataItems": [{"name": "Cars", "category": "other", "necessary": True}],
    }
    del dataset["dataSubjects"]
    dataset.pop("sensitivity", None)
    assert check_profiles(record, ["complete"], VERSION) == []


def test_a_withheld_agreement_text_needs_its_reason() -> None:
    record = minimal("complete")
    record.pop("documents", None)
    record["withheld"] = [{"field": "documents", "exemption": "FOI Act s.31", "reason": "It tells how fraud is found."}]
    assert check_profiles(record, ["complete"], VERSION) == []


def test_each_gap_is_told_once_for_each_profile_that_finds_it() -> None:
    record = {**minimal("ie-dsga"), "purpose": None}
    del record["purpose"]
    told = check_profiles(record, ["ie-dsga", "uk-dea", "ie-dsga"], VERSION)
    at_purpose = [problem.clause for problem in told if problem.pointer == "/purpose"]
    assert at_purpose == ["Data Sharing and Governance Act 2019 s.19(1)(c)", "Digital Economy Act register, purpose"]
    places = [(problem.pointer, problem.clause) for problem in told]
    assert len(places) == len(set(places))


def test_what_the_core_says_is_not_said_again() -> None:
    record = {**minimal("ie-dsga"), "parties": []}
    core = {problem.pointer for problem in check(record, "agreement", VERSION)}
    assert core == {"/parties"}
    assert not core & {problem.pointer for problem in check_profiles(record, NAMES, VERSION)}


def test_a_gap_in_a_list_names_its_place() -> None:
    record = copy.deepcopy(load_part(VERSION, "examples", "complete"))
    del record["flows"][1]["datasets"][0]["subjectsKind"]
    (problem,) = check_profiles(record, ["ie-dsga"], VERSION)
    assert problem.pointer == "/flows/1/datasets/0/subjectsKind"
    assert problem.title == "Single people or classes"


def test_a_profile_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(NotFound) as caught:
        check_profiles({}, ["gdpr"], VERSION)
    assert "gdpr-26" in caught.value.advice


@pytest.mark.parametrize("profile", NAMES)
def test_clauses_met_elsewhere_say_where(profile: str) -> None:
    clauses = clauses_of(profile, VERSION)
    assert len(clauses) >= len(load_profile(profile, VERSION)["allOf"])
    assert {clause.where for clause in clauses} <= {"", "core", "event", "elsewhere"}
    assert all(clause.asks.endswith(".") for clause in clauses)


def _codes_in(profile: str, holder: str) -> set[str]:
    text = json.dumps(load_profile(profile, VERSION))
    found = re.search(rf'"{holder}": \{{"contains": \{{"enum": (\[[^\]]*\])', text)
    assert found
    return set(json.loads(found[1]))


def test_the_purposes_of_the_australian_act_are_those_the_codelist_marks() -> None:
    marked = {row["code"] for row in codelist_rows("purpose-category") if "auDats" in row}
    assert _codes_in("au-dats", "purposeCategories") == marked


@pytest.mark.parametrize(("definition", "kind"), [("specialCategory", "special"), ("offenceData", "criminal")])
@pytest.mark.parametrize("profile", ["complete", "ico-code"])
def test_special_and_criminal_data_is_what_the_codelist_marks(profile: str, definition: str, kind: str) -> None:
    text = json.dumps(load_profile(profile, VERSION)["$defs"][definition])
    found = re.search(r'"category": \{"enum": (\[[^\]]*\])', text)
    assert found
    marked = {row["code"] for row in codelist_rows("personal-data-category") if row.get("kind") == kind}
    assert set(json.loads(found[1])) == marked
