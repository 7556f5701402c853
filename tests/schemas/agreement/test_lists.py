"""The codelists against their schema, against each other, and against the vocabularies that they point to."""

import csv
import json
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schemas.codelist_tables import codelist_rows
from schemas.codelists import codelist_names
from schemas.subject_groups import groups_around, groups_within, life_situations, subject_groups

SCHEMA = json.loads(resources.files("schemas.codelists").joinpath("schema.json").read_text(encoding="utf-8"))
DPV = "https://w3id.org/dpv"


def test_the_schema_of_codelists_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", codelist_names())
def test_a_list_is_what_its_schema_says(name: str) -> None:
    rows = codelist_rows(name)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(rows)] == []
    codes = [row["code"] for row in rows]
    assert len(codes) == len(set(codes))
    assert {row["broader"] for row in rows if "broader" in row} <= set(codes)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"code": "a b", "title": "A"}, "pattern"),
        ({"code": "a"}, "required"),
        ({"code": "a", "title": " A"}, "pattern"),
        ({"code": "a", "title": "A", "sameAs": "dpv:A"}, "pattern"),
        ({"code": "a", "title": "A", "description": "No full stop"}, "pattern"),
    ],
)
def test_the_schema_finds_what_is_wrong_with_a_row(row: dict[str, str], word: str) -> None:
    assert [error.validator for error in Draft202012Validator(SCHEMA).iter_errors([row])] == [word]


def test_a_list_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        codelist_rows("nonsense")


def test_what_points_to_the_data_privacy_vocabulary_points_to_a_term_of_it(trial_data: Path) -> None:
    terms: set[str] = set()
    for file in (trial_data / "vocabularies" / "dpv-2.3").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            terms |= {row["iri"] for row in csv.DictReader(lines)}
    pointing = {row["sameAs"] for name in codelist_names() for row in codelist_rows(name) if "sameAs" in row}
    pointing = {iri for iri in pointing if iri.startswith(DPV)}
    assert len(pointing) > 300
    assert sorted(pointing - terms) == []


def test_every_term_for_personal_data_has_a_code_under_the_same_broader_one(trial_data: Path) -> None:
    coded = {row["sameAs"]: row for row in codelist_rows("personal-data-category") if "sameAs" in row}
    for file in ("pd-core", "pd-extended"):
        with (trial_data / "vocabularies" / "dpv-2.3" / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
            for term in csv.DictReader(lines):
                if not term["iri"].startswith(f"{DPV}/pd#"):
                    continue
                broader = coded[term["iri"]].get("broader")
                parents = {coded[iri]["code"] for iri in term["hasbroader"].split(";") if iri in coded}
                assert broader in parents or not parents, term["term"]


@pytest.mark.parametrize(
    ("column", "things"),
    [
        ("ieDsga", {f"s.13(2)(a)(ii)({number})" for number in ("I", "II", "III", "IV", "V", "VI")}),
        ("ukDea", set("1234567")),
        ("auDats", {"service-delivery", "policy-and-programs", "research-and-development"}),
    ],
)
def test_the_kinds_of_purpose_cover_those_of_three_laws(column: str, things: set[str]) -> None:
    mapped = {word for row in codelist_rows("purpose-category") for word in row.get(column, "").split()}
    assert mapped == things


def test_the_flags_are_those_of_the_design() -> None:
    assert [row["code"] for row in codelist_rows("flags")] == [
        "registered-late", "review-overdue", "review-only-at-end", "extended-after-end", "gap", "ended-not-closed",
        "no-recipient", "direction-not-stated", "no-dataset-link", "unconfirmed-party", "disputed", "power-unknown",
        "power-not-in-force", "party-not-eligible", "promised-not-reported",
    ]  # fmt: skip
    assert all(row["description"] for row in codelist_rows("flags"))


def test_there_are_about_a_dozen_situations_in_life() -> None:
    situations = [group.code for group in life_situations()]
    assert 10 <= len(situations) <= 14
    assert {"benefit-claimants", "patients", "learners", "residents", "drivers-travellers"} <= set(situations)


def test_a_situation_holds_its_groups_and_a_group_knows_what_is_around_it() -> None:
    assert groups_around("council-tax-debtors") == ["council-tax-debtors", "debtors"]
    assert groups_around("debtors") == ["debtors"]
    assert groups_within("debtors")[0] == "debtors"
    assert "council-tax-debtors" in groups_within("debtors")
    assert groups_within("council-tax-debtors") == ["council-tax-debtors"]
    assert {code for top in life_situations() for code in groups_within(top.code)} == set(subject_groups())


def test_children_and_vulnerable_people_are_marked() -> None:
    groups = subject_groups()
    assert groups["pupils"].children
    assert groups["asylum-seekers"].vulnerable
    assert not groups["drivers"].vulnerable
    assert all(group.vulnerable for group in groups.values() if group.children)


def test_a_group_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        groups_within("martians")
    with pytest.raises(KeyError):
        groups_around("martians")
