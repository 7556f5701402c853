"""Dates as sources write them: read strictly, at their own precision, or refused with what to write."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.dates import first_day, is_date, last_day, read_date
from schemas.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2023", "2023"),
        ("2023-05", "2023-05"),
        ("2023-05-17", "2023-05-17"),
        (" 2023-05-17 ", "2023-05-17"),
        ("2024-02-29", "2024-02-29"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
        ("2023-05-17T10:00:00Z", "2023-05-17T10:00:00Z"),
        ("2023-05-17t10:00z", "2023-05-17T10:00:00Z"),
        ("2023-05-17 10:00:00", "2023-05-17T10:00:00"),
        ("2023-05-17T00:30:00+01:00", "2023-05-16T23:30:00Z"),
        ("2023-12-31T23:30:00-0500", "2024-01-01T04:30:00Z"),
        ("2023-05-17T10:00:00.25Z", "2023-05-17T10:00:00.250000Z"),
    ],
)
def test_a_date_keeps_its_precision_and_a_moment_is_told_in_utc(text: str, read: str) -> None:
    assert read_date(text) == read
    assert is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "soon",
            "17 May 2023",
            "2023-13",
            "2023-00",
            "2023-02-30",
            "2023-02-29",
            "0000",
            "0000-01-01",
            "20230517",
        ),
        *(
            "2023-5",
            "2019-1-5",
            "2023-05-17T25:00:00Z",
            "2023-05-17T10:60Z",
            "2023-05-17T10Z",
            "2023-05-17T10:00:00+99:00",
        ),
        *("0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "12023-01-01", "-0001", "٢٠٢٣", "２０２３-05-17"),
        *("2023-W20-3", "2023-137", "2023-05-17\n2023", "P1Y", "2023-05-17T23:59:60Z", "99/99/2019", "\ud800", "\x00"),
    ],
)
def test_what_is_no_date_is_refused_with_words(text: str) -> None:
    assert not is_date(text)
    with pytest.raises(InvalidInput) as caught:
        read_date(text)
    assert text.strip() in caught.value.message
    assert "YYYY" in caught.value.advice or "0001 to 9999" in caught.value.advice


def test_a_day_that_cannot_be_is_not_turned_into_another() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_date("31/02/2019")
    assert caught.value.advice.startswith("There is no such day.")


@pytest.mark.parametrize("text", ["03/04/2019", "3.4.2019", "03-04-2019"])
def test_a_date_with_two_readings_names_both(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_date(text)
    assert "2019-03-04 or 2019-04-03" in caught.value.advice


def test_a_date_with_one_reading_names_it() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_date("17/05/2023")
    assert caught.value.advice == "Write it as YYYY-MM-DD: 2023-05-17."


def test_a_page_of_text_is_not_told_back_whole() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_date("x" * 100_000)
    assert len(caught.value.message) < 200


DATE_LIKE = st.text(st.sampled_from("0123456789-/.:TtZz+ ٣²\n"), max_size=30)


@given(DATE_LIKE | st.text(st.characters(codec=None, categories=None), max_size=30))
def test_nothing_but_invalid_input_is_ever_raised(text: str) -> None:
    if is_date(text):
        read = read_date(text)
        assert read.isascii()
        assert read_date(read) == read
        assert first_day(text) <= last_day(text)
    else:
        for refuse in (read_date, first_day, last_day):
            with pytest.raises(InvalidInput):
                refuse(text)


@given(st.dates())
def test_every_day_of_the_calendar_is_read_at_each_precision(day: date) -> None:
    text = day.isoformat()
    assert first_day(text) == last_day(text) == day
    for precision in (4, 7):
        assert first_day(text[:precision]) <= day <= last_day(text[:precision])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
        ("2023-05-17T23:30:00-05:00", date(2023, 5, 18), date(2023, 5, 18)),
    ],
)
def test_a_date_may_mean_any_of_its_days(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)
