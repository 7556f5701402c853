from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.presentation.dates import show_date, show_duration, show_moment, show_period


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2019-04-05", "5 April 2019"),
        ("2019-04", "April 2019"),
        ("2019", "2019"),
        ("2019-04-05T23:30:00Z", "5 April 2019"),
        ("spring 2019", "spring 2019"),
        ("2019-13", "2019-13"),
        (None, ""),
        ("", ""),
        (date(2020, 2, 29), "29 February 2020"),
        (datetime(2020, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), "31 December 2019"),
    ],
)
def test_a_date_is_shown_as_precisely_as_it_is_known(value: str | date | None, shown: str) -> None:
    assert show_date(value) == shown


@given(st.text())
def test_any_text_is_shown(text: str) -> None:
    assert isinstance(show_date(text), str)
    assert isinstance(show_duration(text), str)


@given(st.dates())
def test_a_day_shows_its_day_month_and_year(day: date) -> None:
    shown = show_date(day)
    assert shown.startswith(f"{day.day} ")
    assert shown.endswith(f" {day.year}")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("P1Y", "1 year"),
        ("P11M", "11 months"),
        ("P1Y6M", "1 year and 6 months"),
        ("P3Y9M27D", "3 years, 9 months and 27 days"),
        ("PT12H", "12 hours"),
        ("P2W", "2 weeks"),
        ("P0D", "0 days"),
        ("P", "P"),
        ("for ever", "for ever"),
    ],
)
def test_a_length_of_time_is_spelt_out(value: str, shown: str) -> None:
    assert show_duration(value) == shown


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2018-09-06", "2019-03", "6 September 2018 to March 2019"),
        ("2018", None, "from 2018"),
        (None, "2019", "until 2019"),
        ("2018", "2018", "2018"),
        (None, None, ""),
    ],
)
def test_a_period_is_told_by_the_ends_it_has(start: str | None, end: str | None, shown: str) -> None:
    assert show_period(start, end) == shown


def test_a_moment_is_shown_in_utc() -> None:
    assert show_moment(datetime(2026, 3, 2, 9, 5, tzinfo=UTC)) == "2 March 2026, 09:05 UTC"
