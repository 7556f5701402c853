"""The forms in which sources write dates: what has one reading is read, what has two is not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.formats.date_forms import is_date_in_any_form, read_date_in_any_form
from schemas.dates import is_date, read_date
from schemas.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2020-01-01T00:00:00+01", "2019-12-31T23:00:00Z"),
        ("2020-01-01 00:00:00.123456+01", "2019-12-31T23:00:00.123456Z"),
        ("2020-01-01 00:00:00", "2020-01-01T00:00:00"),
        ("2020-01-01 10:00:00 +0530", "2020-01-01T04:30:00Z"),
        ("2020-01-01 10:00 UTC", "2020-01-01T10:00:00Z"),
        ("2020-01-01T10:00:00,25Z", "2020-01-01T10:00:00.250000Z"),
        ("2020-01-01T10:00:00.1234567890Z", "2020-01-01T10:00:00.123456Z"),
        ("2020-01-01T10Z", "2020-01-01T10:00:00Z"),
        ("2020-1-5", "2020-01-05"),
        (" 2020-1-5 9:05 ", "2020-01-05T09:05:00"),
        ("2020-1", "2020-01"),
        ("2020/01/05", "2020-01-05"),
        ("2020.1.5", "2020-01-05"),
        ("20200105", "2020-01-05"),
        ("20200105T090000Z", "2020-01-05T09:00:00Z"),
        ("2013-01-05Z", "2013-01-05"),
        ("2013-01-05+02:00", "2013-01-05"),
        ("Wed, 17 May 2023 10:00:00 GMT", "2023-05-17T10:00:00Z"),
        ("17 May 2023", "2023-05-17"),
        ("17-MAY-2023", "2023-05-17"),
        ("May 17, 2023", "2023-05-17"),
        ("Sept. 3rd, 2020", "2020-09-03"),
        ("2023-May-17", "2023-05-17"),
        ("January 2020", "2020-01"),
        ("17/05/2023", "2023-05-17"),
        ("05.17.2023", "2023-05-17"),
        ("03/03/2020", "2020-03-03"),
    ],
)
def test_a_date_with_one_reading_is_read(text: str, read: str) -> None:
    assert read_date_in_any_form(text) == read
    assert is_date(read)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "soon",
            "03/04/2020",
            "31/02/2019",
            "17.05/2023",
            "2020-1/1",
            "2020.1",
            "202001",
            "20201301",
            "1577836800000",
        ),
        *("2020-1-1 25:00", "2020-01-01 10", "10:00", "20-1-1", "May 17", "17 Mai 2023", "May 2023 10:00", "2020-2-30"),
        *("2020-01-01T10:00:00 EST", "0001-1-1T00:00:00+01", "٢٠٢٠-١-١", "2020-1-1" + " " * 100_000 + "9:00"),
    ],
)
def test_what_is_no_date_or_may_be_two_is_refused_as_it_was_written(text: str) -> None:
    assert not is_date_in_any_form(text)
    with pytest.raises(InvalidInput) as caught:
        read_date_in_any_form(text)
    assert text.strip()[:50] in caught.value.message
    assert caught.value.advice


WRITTEN = ("%Y-%m-%d %H:%M:%S+00", "%Y%m%dT%H%M%SZ", "%a, %d %b %Y %H:%M:%S GMT", "%B %d, %Y %H:%M:%S +0000")


@given(st.datetimes(datetime(1000, 1, 1), datetime(9999, 1, 1)), st.sampled_from(WRITTEN))  # noqa: DTZ001
def test_a_moment_in_any_form_is_the_same_moment(moment: datetime, form: str) -> None:
    iso = moment.replace(microsecond=0, tzinfo=UTC).isoformat()
    assert read_date_in_any_form(moment.strftime(form)) == read_date(iso)


@given(st.text(st.sampled_from("0123456789-/.:TZ+ ,MayGTU٣\n"), max_size=40))
def test_nothing_but_invalid_input_is_ever_raised_and_what_is_read_is_a_date(text: str) -> None:
    if is_date_in_any_form(text):
        assert is_date(read_date_in_any_form(text))
