import pytest

from catalogue.formats.periods import read_period, write_period
from schemas.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2010-01-01/2010-12-31", {"start": "2010-01-01", "end": "2010-12-31"}),
        ("2015-01-1/31-12-2015", {"start": "2015-01-01", "end": "2015-12-31"}),
        ("2015/01/05", {"start": "2015-01-05", "end": "2015-01-05"}),
        ("2007-02-01T00:00:00Z/2017", {"start": "2007-02-01T00:00:00Z", "end": "2017"}),
        ("2015-01-01/..", {"start": "2015-01-01"}),
        ("/2015", {"end": "2015"}),
        ("2015", {"start": "2015", "end": "2015"}),
        ("summer 2015", {"text": "summer 2015"}),
        ("2015-01-01/P1Y", {"text": "2015-01-01/P1Y"}),
        ("start=2009-01-01; end=2010; scheme=W3C-DTF", {"start": "2009-01-01", "end": "2010"}),
        ("name=Iron Age; start=early", {"text": "name=Iron Age; start=early"}),
    ],
)
def test_a_period_is_read_as_precisely_as_it_is_written(text: str, period: dict[str, str]) -> None:
    assert read_period(text) == period
    written = write_period(period)
    assert written is not None
    assert read_period(written) == period


@pytest.mark.parametrize(
    "text",
    ["2015-01-1/2015-13-31", "2015-01-10/02-03-2015", "31/02/2019", "2015-02-30/2016", "2017/2015", "../..", "/"],
)
def test_a_period_of_impossible_dates_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_period(text)
    assert refused.value.advice
