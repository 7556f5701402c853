from datetime import UTC, datetime, timedelta

import pytest

from catalogue.search.moments import first_microsecond, span
from schemas.errors import InvalidInput

NOW = datetime(2024, 5, 31, 12, 30, 45, 5, tzinfo=UTC)
ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)


def ends(text: str) -> tuple[str, str]:
    first, last = span(text, NOW)
    return tuple((ORIGIN + timedelta(microseconds=end)).isoformat()[:26] for end in (first, last))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023-01-01T00:00:00+00:00"[:26], "2023-12-31T23:59:59.999999"),
        ("2024-02", "2024-02-01T00:00:00+00:00"[:26], "2024-02-29T23:59:59.999999"),
        ("2024-02-29", "2024-02-29T00:00:00+00:00"[:26], "2024-02-29T23:59:59.999999"),
        ("2024-02-29T10:00:00+01:00", "2024-02-29T09:00:00+00:00"[:26], "2024-02-29T09:00:00.999999"),
        ("2024-02-29T10:00Z", "2024-02-29T10:00:00+00:00"[:26], "2024-02-29T10:00:59.999999"),
        ("2024-02-29T10:00:00.5Z", "2024-02-29T10:00:00.500000", "2024-02-29T10:00:00.599999"),
        ("2024-02-29T10:00:00.500Z", "2024-02-29T10:00:00.500000", "2024-02-29T10:00:00.500999"),
        ("2024-02-29T10:00:00.500000001Z", "2024-02-29T10:00:00.500000", "2024-02-29T10:00:00.500000"),
        ("today", "2024-05-31T00:00:00+00:00"[:26], "2024-05-31T23:59:59.999999"),
        ("Yesterday", "2024-05-30T00:00:00+00:00"[:26], "2024-05-30T23:59:59.999999"),
        ("NOW", "2024-05-31T12:30:45.000005", "2024-05-31T12:30:45.000005"),
        ("NOW-1DAY", "2024-05-30T12:30:45.000005", "2024-05-30T12:30:45.000005"),
        ("now-3months", "2024-02-29T12:30:45.000005", "2024-02-29T12:30:45.000005"),
        ("NOW+1YEAR-1WEEK", "2025-05-24T12:30:45.000005", "2025-05-24T12:30:45.000005"),
        ("NOW/MONTH", "2024-05-01T00:00:00+00:00"[:26], "2024-05-01T00:00:00+00:00"[:26]),
        ("NOW/WEEK", "2024-05-27T00:00:00+00:00"[:26], "2024-05-27T00:00:00+00:00"[:26]),
        ("NOW-999999999YEARS", "0001-01-01T00:00:00+00:00"[:26], "0001-01-01T00:00:00+00:00"[:26]),
    ],
)
def test_a_date_is_the_span_it_can_mean(text: str, first: str, last: str) -> None:
    assert ends(text) == (first, last)


@pytest.mark.parametrize("text", ["", "banana", "31/02/2019", "2024-13", "NOW-1", "NOW1DAY", "NOW-1FORTNIGHT"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        span(text, NOW)


def test_a_record_without_a_readable_date_has_none() -> None:
    assert first_microsecond(None) is first_microsecond("") is first_microsecond("soon") is None
    assert first_microsecond("1970") == 0
