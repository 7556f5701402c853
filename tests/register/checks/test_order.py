"""Dates in order: each pair, told with both dates; what is not certain is not said."""

from datetime import date
from typing import Any

import pytest

from register.checks.order import dates_against_today, dates_out_of_order
from tests.register.making import agreement

TODAY = date(2026, 3, 2)
IN_ORDER: dict[str, Any] = {
    "signedOn": "2026-01-10",
    "effectiveFrom": "2026-02-01",
    "endsOn": "2029-01-31",
    "nextReviewOn": "2028-06-01",
    "disposal": {"certificateDueOn": "2029-03-01"},
    "dpia": {"status": "done", "date": "2025-12-01"},
    "legalReview": {"done": True, "date": "2026-01-05"},
    "provenance": {"source": "official", "firstSharedOn": "2026-02-01"},
}


def told(**members: Any) -> list[tuple[str, str, str]]:
    """What is said of a record in order but for these members, whatever the day: severity, pointer, message."""
    found = dates_out_of_order(agreement(**{**IN_ORDER, **members}))
    return [(problem.severity, problem.pointer, problem.message) for problem in found]


def told_today(**members: Any) -> list[tuple[str, str, str]]:
    found = dates_against_today(agreement(**{**IN_ORDER, **members}), TODAY)
    return [(problem.severity, problem.pointer, problem.message) for problem in found]


def test_dates_in_order_and_dates_that_are_absent_are_passed_in_silence() -> None:
    assert told() == told_today() == []
    assert dates_out_of_order(agreement()) == dates_against_today(agreement(), TODAY) == []


@pytest.mark.parametrize(
    ("members", "severity", "pointer", "message"),
    [
        (
            {"endsOn": "2026-01-31", "nextReviewOn": None, "provenance": None},
            "error",
            "/endsOn",
            "The agreement ends on 31 January 2026, before it applies from 1 February 2026.",
        ),
        (
            {"effectiveFrom": "2026-01-09", "provenance": None},
            "warning",
            "/effectiveFrom",
            "It applies from 9 January 2026, before it was signed on 10 January 2026.",
        ),
        (
            {"nextReviewOn": "2029-01-31"},
            "error",
            "/nextReviewOn",
            (
                "The next review, on 31 January 2029, is not before the agreement ends on 31 January 2029, "
                "so it could change nothing."
            ),
        ),
        (
            {"nextReviewOn": "2025"},
            "error",
            "/nextReviewOn",
            "The next review, in 2025, comes before the signing on 10 January 2026.",
        ),
        (
            {"provenance": {"source": "official", "firstSharedOn": "2029-02"}},
            "error",
            "/provenance/firstSharedOn",
            "Data was first shared in February 2029, after the agreement ended on 31 January 2029.",
        ),
        (
            {"provenance": {"source": "official", "firstSharedOn": "2026-01-31"}},
            "warning",
            "/provenance/firstSharedOn",
            "Data was first shared on 31 January 2026, before the agreement applied from 1 February 2026.",
        ),
        (
            {"disposal": {"certificateDueOn": "2028"}},
            "warning",
            "/disposal/certificateDueOn",
            "Proof of disposal is due in 2028, before the agreement ends on 31 January 2029.",
        ),
        (
            {"dpia": {"status": "done", "date": "2026-03-01"}},
            "warning",
            "/dpia/date",
            "The assessment is dated 1 March 2026, after sharing could begin on 1 February 2026; it belongs before.",
        ),
        (
            {"legalReview": {"done": True, "date": "2026-01-11"}},
            "warning",
            "/legalReview/date",
            "This is dated 11 January 2026, after the signing on 10 January 2026; it belongs before.",
        ),
        (
            {"parties": [{"name": "A", "joinedOn": "2027-05-02", "leftOn": "2027-05-01"}]},
            "error",
            "/parties/0/leftOn",
            "The party left on 1 May 2027, before it joined on 2 May 2027.",
        ),
        (
            {"parties": [{"name": "A", "joinedOn": "2030"}]},
            "error",
            "/parties/0/joinedOn",
            "The party joined in 2030, after the agreement ended on 31 January 2029.",
        ),
        (
            {"parties": [{"name": "A", "leftOn": "2025"}]},
            "error",
            "/parties/0/leftOn",
            "The party left in 2025, before the agreement was signed on 10 January 2026.",
        ),
    ],
)
def test_each_pair_out_of_order_is_told_with_both_dates(
    members: dict[str, Any], severity: str, pointer: str, message: str
) -> None:
    assert told(**members) == [(severity, pointer, message)]


@pytest.mark.parametrize(
    "members",
    [
        {"endsOn": "2029", "nextReviewOn": "2029"},  # the review may come first
        {"effectiveFrom": "2026", "signedOn": "2026"},
        {"endsOn": "2029-06", "nextReviewOn": "2029-06-29", "disposal": None},
        {"endsOn": "31/02/2029"},  # told by the schema
        {"endsOn": 2029},
        {"dpia": {"status": "screened", "date": "2027-01-01"}},
        {"legalReview": {"done": False, "date": "2027-01-01"}},
    ],
)
def test_what_is_not_certain_is_not_said(members: dict[str, Any]) -> None:
    assert told(**members) == []


@pytest.mark.parametrize(
    ("members", "severity", "pointer", "message"),
    [
        (
            {"signedOn": "2026-04", "nextReviewOn": None},
            "warning",
            "/signedOn",
            "The day of signing, April 2026, has not come yet.",
        ),
        ({"dpia": {"status": "done", "date": "2026-03-03"}}, "error", "/dpia/date", "3 March 2026 has not come yet."),
        (
            {"provenance": {"source": "official", "firstSharedOn": "2026-03-03"}},
            "error",
            "/provenance/firstSharedOn",
            "3 March 2026 has not come yet.",
        ),
        (
            {"documents": [{"url": "https://rivers.example", "published": "2027"}]},
            "error",
            "/documents/0/published",
            "2027 has not come yet.",
        ),
        (
            {"nextReviewOn": "2026-02-28"},
            "warning",
            "/nextReviewOn",
            "The next review was due on 28 February 2026, which has gone by.",
        ),
        (
            {"withheld": [{"field": "security", "reviewOn": "2025"}]},
            "warning",
            "/withheld/0/reviewOn",
            "This was to be looked at again in 2025, which has gone by.",
        ),
    ],
)
def test_days_are_held_against_today(members: dict[str, Any], severity: str, pointer: str, message: str) -> None:
    assert told_today(**members) == [(severity, pointer, message)]


def test_the_review_of_an_agreement_that_is_over_is_not_overdue() -> None:
    assert told_today(signedOn="2020", effectiveFrom="2020", endsOn="2022", nextReviewOn="2021") == []


@pytest.mark.parametrize(
    ("members", "limit"),
    [
        ({}, "1 February 2031"),  # from the day it applies
        ({"effectiveFrom": "2024-02-29", "signedOn": "2024-02-29"}, "28 February 2029"),
        ({"effectiveFrom": "2020-01-01", "signedOn": "2020-01-01"}, "2 March 2031"),  # long ago: from today
        ({"effectiveFrom": "2025-01-01", "signedOn": "2025-01-01", "id": "dg-7"}, "2 March 2031"),  # reviewed since
    ],
)
def test_a_review_is_due_within_five_years(members: dict[str, Any], limit: str) -> None:
    day = {"1 February 2031": "2031-02-01", "28 February 2029": "2029-02-28", "2 March 2031": "2031-03-02"}[limit]
    after = {"2031-02-01": "2031-02-02", "2029-02-28": "2029-03-01", "2031-03-02": "2031-03-03"}[day]
    assert told_today(**members, endsOn=None, nextReviewOn=day) == []
    (problem,) = dates_against_today(agreement(**{**IN_ORDER, **members, "endsOn": None, "nextReviewOn": after}), TODAY)
    assert (problem.severity, problem.pointer) == ("error", "/nextReviewOn")
    assert problem.message.endswith("is more than 5 years away.")
    assert problem.advice == f"Give a day up to {limit}."
