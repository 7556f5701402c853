"""Periods of days, and the words by which an index finds those that overlap.

Every period is made of few nodes of the calendar: days, months, years, decades, centuries, millennia and all time. A
node is the beginning of an ISO date that its days share: `2019-04-01`, `2019-04`, `2019`, `201`, `20`, `2` and
nothing. Two periods overlap where a node of the one begins with a node of the other, so plain words answer it exactly
in every engine, however many periods a record has.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from schemas.dates import first_day, is_date, last_day

_FIRST, _LAST = "0000-01-01", "9999-12-31"
_LENGTHS = (0, 1, 2, 3, 4, 7, 10)
_MOST_YEARS = 200


class Period(NamedTuple):
    """The days from `first` to `last`, both included, as YYYY-MM-DD; an empty end is open."""

    first: str = ""
    last: str = ""

    def overlaps(self, other: "Period") -> bool:
        """Whether they have a day in common."""
        return max(self.first, other.first) <= min(self.last or _LAST, other.last or _LAST)

    def holds(self, day: date) -> bool:
        """Whether a day is one of its days."""
        return self.first <= day.isoformat() <= (self.last or _LAST)


def period(first: str | None, last: str | None) -> Period | None:
    """The period between two dates of any precision; an end that is no date is open.

    None where neither is a date, or where they are the wrong way round.
    """
    begins = first_day(first).isoformat() if first and is_date(first) else ""
    ends = last_day(last).isoformat() if last and is_date(last) else ""
    if not (begins or ends) or (ends and begins > ends):
        return None
    return Period(begins, ends)


def years_of(periods: Iterable[Period]) -> tuple[int, ...]:
    """The years that periods have days in; an open or over-long one counts only the ends it states."""
    years: set[int] = set()
    for one in periods:
        ends = [int(end[:4]) for end in one if end]
        if len(ends) == 2 and ends[1] - ends[0] <= _MOST_YEARS:
            years.update(range(ends[0], ends[1] + 1))
        else:
            years.update(ends)
    return tuple(sorted(years))


def held_words(periods: Iterable[Period]) -> tuple[str, ...]:
    """The words that stand in an index for periods: `=node` for each node, `^node` for it and all that it is in."""
    words: dict[str, None] = {}
    for one in periods:
        words |= dict.fromkeys(_words(one))
    return tuple(words)


def overlap_words(asked: Period) -> tuple[str, ...]:
    """A record overlaps the period asked for where it has any of these words."""
    nodes = _nodes(asked)
    above = dict.fromkeys(f"={node[:length]}" for node in nodes for length in _LENGTHS if length < len(node))
    return (*(f"^{node}" for node in nodes), *above)


def nodes_on(day: date) -> tuple[str, ...]:
    """The nodes that a day is in, itself included: a period holds the day where it is made of one of them."""
    written = day.isoformat()
    return tuple(written[:length] for length in _LENGTHS)


def nodes_of(held: Period) -> tuple[str, ...]:
    """The nodes that a period is made of, as few as can be."""
    return _nodes(held)


@lru_cache(maxsize=100_000)
def _words(held: Period) -> tuple[str, ...]:
    nodes = _nodes(held)
    above = dict.fromkeys(f"^{node[:length]}" for node in nodes for length in _LENGTHS if length <= len(node))
    return (*(f"={node}" for node in nodes), *above)


@lru_cache(maxsize=100_000)
def _nodes(held: Period) -> tuple[str, ...]:
    last = held.last or _LAST
    if last == last_day(last[:7]).isoformat():
        last = f"{last[:8]}31"  # so that a whole month is seen to be one
    return tuple(_made_of("", held.first or _FIRST, last))


def _made_of(node: str, first: str, last: str) -> Iterator[str]:
    """The nodes in a node that lie between two days, compared as text."""
    begins, ends = node + _FIRST[len(node) :], node + _LAST[len(node) :]
    if ends < first or last < begins:
        return
    if first <= begins and ends <= last:
        yield node
    else:
        for part in _parts(node):
            yield from _made_of(part, first, last)


_DIGITS = tuple("0123456789")


def _parts(node: str) -> Iterator[str]:
    if len(node) < 4:
        return (node + digit for digit in _DIGITS)
    if len(node) == 4:
        return (f"{node}-{month:02d}" for month in range(1, 13))
    return (f"{node}-{day:02d}" for day in range(1, 32))
