"""Dates in order: what must come before what, and what cannot lie in the future.

A date may be a year or a month only. Two dates are out of order where they are so whatever days they stand for; what
is not certain is not said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from register.checks.fields import group, groups, text, title_at
from schemas.canonical import Json
from schemas.dates import first_day, last_day
from schemas.errors import InvalidInput
from schemas.problems import Problem, Severity

RULE = "register rule: dates in order"
MOST_YEARS = 5
"""A review is due within so many years, as in Ireland's Data Sharing and Governance Act 2019, s.20."""

_CORRECT = "Look at both dates and correct the one that is wrong."


@dataclass(frozen=True, slots=True)
class Day:
    """A date of a record: its JSON Pointer, how it is written, and the first and last day it can mean."""

    pointer: str
    written: str
    first: date
    last: date

    def __str__(self) -> str:
        """The date as people read it: 31 March 2019, March 2019 or 2019."""
        if self.first == self.last:
            return f"{self.first.day} {self.first:%B} {self.first.year}"
        return f"{self.first:%B} {self.first.year}" if "-" in self.written else str(self.first.year)

    @property
    def when(self) -> str:
        """The same after its preposition: on 31 March 2019, in March 2019."""
        return f"{'on' if self.first == self.last else 'in'} {self}"


@dataclass(frozen=True, slots=True)
class _Order:
    """A first date that must not come after a second (`strictly`: must come before it).

    `at` is the field that the message stands at; the words name the two dates as {first} and {second}.
    """

    first: str
    second: str
    at: str
    message: str
    advice: str = _CORRECT
    severity: Severity = "error"
    strictly: bool = False


_SIGNED, _EFFECTIVE, _ENDS, _REVIEW = "/signedOn", "/effectiveFrom", "/endsOn", "/nextReviewOn"
_SHARED, _PROOF, _ASSESSED = "/provenance/firstSharedOn", "/disposal/certificateDueOn", "/dpia/date"

_ORDERS = (
    _Order(_SIGNED, _ENDS, _ENDS, "The agreement ends {second.when}, before it was signed {first.when}."),
    _Order(_EFFECTIVE, _ENDS, _ENDS, "The agreement ends {second.when}, before it applies from {first}."),
    _Order(
        _SIGNED,
        _EFFECTIVE,
        _EFFECTIVE,
        "It applies from {second}, before it was signed {first.when}.",
        "Correct the date that is wrong; if both are right, leave them.",
        "warning",
    ),
    _Order(
        _REVIEW,
        _ENDS,
        _REVIEW,
        "The next review, {first.when}, is not before the agreement ends {second.when}, so it could change nothing.",
        "Give a day of review that leaves time to act before the end.",
        strictly=True,
    ),
    _Order(_SIGNED, _REVIEW, _REVIEW, "The next review, {second.when}, comes before the signing {first.when}."),
    _Order(_SHARED, _ENDS, _SHARED, "Data was first shared {first.when}, after the agreement ended {second.when}."),
    _Order(
        _EFFECTIVE,
        _SHARED,
        _SHARED,
        "Data was first shared {second.when}, before the agreement applied from {first}.",
        "Correct the date that is wrong; if both are right, leave them.",
        "warning",
    ),
    _Order(_SIGNED, _PROOF, _PROOF, "Proof of disposal is due {second.when}, before the signing {first.when}."),
    _Order(
        _ENDS,
        _PROOF,
        _PROOF,
        "Proof of disposal is due {second.when}, before the agreement ends {first.when}.",
        "Give a day after the end, or say under “text” why the data is destroyed earlier.",
        "warning",
    ),
    _Order(
        _ASSESSED,
        _EFFECTIVE,
        _ASSESSED,
        "The assessment is dated {first}, after sharing could begin {second.when}; it belongs before.",
        "Correct the date if it is wrong. If this is a later edition, give the date of the first.",
        "warning",
    ),
)

_CHECKS_MADE = ("legalReview", "dpReview", "securityReview")


def dates_out_of_order(document: Json) -> list[Problem]:
    """Every pair of dates that contradict each other, whatever day it is today."""
    return [*_in_the_record(document), *_of_parties(document), *_reviews_made(document)]


def dates_against_today(document: Json, today: date) -> list[Problem]:
    """What a record says happened and cannot have yet, and days it looks forward to that have gone by."""
    return [*_not_yet(document, today), *_gone_by(document, today), *_far_review(document, today)]


def day_at(document: Json, pointer: str) -> Day | None:
    """The date at a JSON Pointer; None where there is none that can be read."""
    node: object = document
    for name in pointer.split("/")[1:]:
        inside = dict(enumerate(node)) if isinstance(node, list) else {}
        node = inside.get(int(name)) if name.isdecimal() else group(node).get(name)
    written = text(node)
    if not written:
        return None
    try:
        return Day(pointer, written, first_day(written), last_day(written))
    except InvalidInput:
        return None


def first_in_force(document: Json, today: date | None) -> tuple[date, date] | None:
    """The days that the first of an agreement can mean: it applies from it, else was signed on it, else is checked."""
    day = day_at(document, _EFFECTIVE) or day_at(document, _SIGNED)
    if day:
        return day.first, day.last
    return (today, today) if today else None


def is_over(document: Json, today: date) -> bool:
    """Whether an agreement has certainly ended by a day."""
    ends = day_at(document, _ENDS)
    return ends is not None and ends.last < today


def _in_the_record(document: Json) -> Iterator[Problem]:
    for order in _ORDERS:
        if order.first == _ASSESSED and group(document.get("dpia")).get("status") != "done":
            continue
        yield from _told(document, order)


def _told(document: Json, order: _Order) -> Iterator[Problem]:
    first, second = day_at(document, order.first), day_at(document, order.second)
    if first is None or second is None:
        return
    if first.first > second.last or (order.strictly and first.first >= second.last):
        message = order.message.format(first=first, second=second)
        yield _problem(order.at, message, order.advice, order.severity)


def _of_parties(document: Json) -> Iterator[Problem]:
    for place, _ in groups(document, "parties"):
        joined, left = f"{place}/joinedOn", f"{place}/leftOn"
        for order in (
            _Order(joined, left, left, "The party left {second.when}, before it joined {first.when}."),
            _Order(joined, _ENDS, joined, "The party joined {first.when}, after the agreement ended {second.when}."),
            _Order(_SIGNED, left, left, "The party left {second.when}, before the agreement was signed {first.when}."),
        ):
            yield from _told(document, order)


def _reviews_made(document: Json) -> Iterator[Problem]:
    for name in _CHECKS_MADE:
        if group(document.get(name)).get("done") is True:
            message = "This is dated {first}, after the signing {second.when}; it belongs before."
            advice = "Correct the date that is wrong; if both are right, leave them."
            yield from _told(document, _Order(f"/{name}/date", _SIGNED, f"/{name}/date", message, advice, "warning"))


def _not_yet(document: Json, today: date) -> Iterator[Problem]:
    """What is said to have happened, on a day that is still to come."""
    facts = [_SHARED, *(f"{place}/published" for place, _ in groups(document, "documents"))]
    facts += [f"/{name}/date" for name in _CHECKS_MADE if group(document.get(name)).get("done") is True]
    facts += [_ASSESSED] if group(document.get("dpia")).get("status") == "done" else []
    for pointer in facts:
        if (day := day_at(document, pointer)) and day.first > today:
            yield _problem(pointer, f"{day} has not come yet.", "Correct the date, or leave it out until it has.")
    if (signed := day_at(document, _SIGNED)) and signed.first > today:
        yield _problem(
            _SIGNED,
            f"The day of signing, {signed}, has not come yet.",
            "Correct the date if it is wrong; if it is planned, correct it should the signing move.",
            "warning",
        )


def _gone_by(document: Json, today: date) -> Iterator[Problem]:
    review = day_at(document, _REVIEW)
    if review and review.last < today and not is_over(document, today):
        yield _problem(
            _REVIEW,
            f"The next review was due {review.when}, which has gone by.",
            "If it was held, give the day of the one after it; if not, leave the date: the page will say overdue.",
            "warning",
        )
    for place, _ in groups(document, "withheld"):
        if (day := day_at(document, f"{place}/reviewOn")) and day.last < today:
            message = f"This was to be looked at again {day.when}, which has gone by."
            yield _problem(f"{place}/reviewOn", message, "Look whether it must still be withheld.", "warning")


def _far_review(document: Json, today: date) -> Iterator[Problem]:
    """A review more than five years on.

    They count from the day the agreement was signed and applies; from today where it is registered already or that
    day is long gone, for earlier reviews stand in events beside the record.
    """
    review = day_at(document, _REVIEW)
    starts = [day.last for pointer in (_SIGNED, _EFFECTIVE) if (day := day_at(document, pointer))]
    if review is None or not starts:
        return
    start = max(starts)
    if "id" in document or _years_after(start) < today:
        start = max(start, today)
    if review.first > (limit := _years_after(start)):
        yield _problem(
            _REVIEW,
            f"The next review, {review.when}, is more than {MOST_YEARS} years away.",
            f"Give a day up to {Day('', limit.isoformat(), limit, limit)}.",
        )


def _years_after(day: date) -> date:
    year = min(day.year + MOST_YEARS, date.max.year)
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _problem(pointer: str, message: str, advice: str, severity: Severity = "error") -> Problem:
    return Problem(pointer, message, advice, title_at(pointer), severity, RULE)
