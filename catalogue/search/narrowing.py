"""The filters that are no values of a facet: which time the data cover, and since when a record has changed here."""

from catalogue.search.fields import COVERS, RECORDED
from catalogue.search.moments import first_microsecond
from catalogue.search.periods import Period
from catalogue.search.query_tree import Node, Overlaps, Range
from schemas.dates import first_day, last_day


def covering(first: str, last: str) -> tuple[Node, ...]:
    """Records whose data cover any day from `first` to `last`.

    Both are ISO 8601 at any precision, and mean all of it: a year as the last is its last day. An empty end is open;
    two empty ends ask nothing. Raises InvalidInput for what is no date.
    """
    if not first and not last:
        return ()
    period = Period(
        first_day(first).isoformat() if first else "",
        last_day(last).isoformat() if last else "",
    )
    return (Overlaps(COVERS, period, f"{first or '…'} to {last or '…'}"),)


def changed_since(day: str) -> tuple[Node, ...]:
    """Records that were added, or changed, here on a day or later (ISO 8601, at any precision); empty asks nothing."""
    if not day:
        return ()
    return (Range(RECORDED, first_microsecond(day), None, f"{day} or later"),)
