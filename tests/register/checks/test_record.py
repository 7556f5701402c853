"""All checks together: what keeps a record out, what is only told, and what a submission needs."""

from datetime import date
from typing import Any

import pytest

from register.checks.record import check_agreement, check_any_version, check_record, check_records, check_submission
from register.checks.tables import Tables
from schemas.bundle import AGREEMENT_VERSION
from schemas.contract import load_part
from schemas.errors import NotFound
from schemas.problems import Problem, errors_in
from tests.register.making import agreement
from tests.samples import sample_agreements

TODAY = date(2026, 3, 2)
COMPLETE = load_part(AGREEMENT_VERSION, "examples", "complete")
BACKWARDS = {"effectiveFrom": "2025", "endsOn": "2024"}


def places(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.severity, problem.pointer) for problem in problems]


def test_an_official_s_record_that_contradicts_itself_is_refused() -> None:
    assert places(check_agreement(agreement(**BACKWARDS))) == [("error", "/endsOn")]
    assert places(check_any_version(agreement(**BACKWARDS))) == [("error", "/endsOn")]


@pytest.mark.parametrize("source", ["imported", "transcribed", "foi"])
def test_a_record_of_another_source_is_kept_with_its_contradictions(source: str) -> None:
    record = agreement(**BACKWARDS, provenance={"source": source})
    assert check_agreement(record) == []
    assert places(check_record(record, None, today=TODAY)) == [("warning", "/endsOn")]


def test_what_only_a_reader_would_miss_keeps_nothing_out() -> None:
    record = agreement(title="Project Falcon", parties=[{"name": "A", "flowRole": ["discloser"]}], purpose="TBC")
    assert check_agreement(record) == []
    told = [("error", "/parties"), ("error", "/title"), ("error", "/purpose")]
    assert places(check_record(record, None, today=TODAY)) == told


def test_the_least_an_official_can_write_is_passed_in_silence() -> None:
    assert check_record(agreement(), None, today=TODAY) == check_record(agreement(), Tables(), today=TODAY) == []


def test_each_thing_is_said_once() -> None:
    """That two lead, that no review is planned, and where the dataset is: schema or profile say it, or a rule."""
    leads = [{"name": name, "agreementRole": ["lead-agency"], "flowRole": ["discloser"]} for name in ("A", "B")]
    record = agreement(
        parties=leads,
        endCondition={"code": "until-revoked"},
        flows=[{"from": "A", "to": "B", "datasets": [{"title": "Boats"}]}],
    )
    alone = check_record(record, None, today=TODAY)
    assert {problem.pointer for problem in alone} == {
        "/parties",
        "/nextReviewOn",
        "/parties/1/flowRole",
        "/flows/0/datasets/0/catalogueId",
    }
    submitted = check_submission(record, None, today=TODAY)
    for pointer in ("/parties", "/nextReviewOn", "/flows/0/datasets/0/catalogueId"):
        assert [problem.pointer for problem in submitted].count(pointer) == 1
    assert len(submitted) == len({(problem.pointer, problem.message, problem.clause) for problem in submitted})


def test_a_gap_of_a_profile_does_not_hide_that_nobody_receives() -> None:
    record = agreement(parties=[{"name": "A", "flowRole": ["discloser"]}])
    at_parties = [problem.message for problem in check_submission(record, None) if problem.pointer == "/parties"]
    assert "Nobody receives the data." in at_parties
    assert len(at_parties) > 1


def test_the_complete_example_is_ready_to_be_submitted() -> None:
    assert check_submission(COMPLETE, None, today=TODAY) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"nextReviewOn": "2029-02-28"}, "/nextReviewOn"),
        (
            {"nextReviewOn": "2031-03-02", "endsOn": "2032-01-01", "disposal": {"method": "secure-erasure"}},
            "/nextReviewOn",
        ),
        ({"title": "Pilot 7"}, "/title"),
        ({"summary": COMPLETE["title"]}, "/summary"),
        ({"complaints": {**COMPLETE["complaints"], "party": "Nobody"}}, "/complaints/party"),
    ],
)
def test_the_complete_example_spoilt_is_not(change: dict[str, Any], pointer: str) -> None:
    document = {name: value for name, value in {**COMPLETE, **change}.items() if name != "id"}
    assert places(check_submission(document, None, today=TODAY)) == [("error", pointer)]


def test_a_record_of_another_source_is_not_asked_to_be_complete() -> None:
    assert check_submission(agreement(provenance={"source": "foi"}), None, today=TODAY) == []
    asked = check_submission(agreement(provenance={"source": "foi"}), None, profiles=["uk-dea"], today=TODAY)
    assert errors_in(asked)


def test_a_profile_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFound):
        check_record(agreement(), None, profiles=["uk-dae"])


def test_records_are_checked_in_their_order() -> None:
    found = check_records([agreement(), "no record", agreement(**BACKWARDS)], None, today=TODAY)
    assert [len(problems) for problems in found] == [0, 1, 1]


@pytest.mark.parametrize("sample", sample_agreements(), ids=lambda sample: sample.key)
def test_the_sample_agreements_are_taken_and_nothing_in_them_is_an_error(sample: Any) -> None:
    assert check_agreement(sample.document) == []
    assert errors_in(check_record(sample.document, None, today=TODAY)) == []
