import pytest

from catalogue.formats.periodicity import is_interval, periodicity_code, periodicity_interval
from schemas.codelists import codelist

CODES = codelist("accrual-periodicity")


@pytest.mark.parametrize("code", CODES)
def test_every_code_that_can_be_written_is_read_back(code: str) -> None:
    interval = periodicity_interval(code)
    assert (interval is None) == (code in {"as-needed", "never"})
    assert interval is None or periodicity_code(interval) == code


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_known_by_its_name_its_title_and_the_address_of_the_eu(code: str) -> None:
    for written in (code, CODES[code].title, CODES[code].title.upper(), CODES[code].same_as):
        assert periodicity_code(written) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("P1D", "daily"),
        ("R5/P1M", "monthly"),
        ("R/2015-01-01/P1Y", "annual"),
        ("R/P7D", "weekly"),
        ("Annually", "annual"),
        (" biweekly ", "fortnightly"),
    ],
)
def test_other_ways_of_writing_are_known(written: str, code: str) -> None:
    assert periodicity_code(written) == code


@pytest.mark.parametrize("written", ["RP1Y", "eventual", "R/P15Y", "P", "", "90"])
def test_what_is_not_certain_means_nothing(written: str) -> None:
    assert periodicity_code(written) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("R/P1D", True),
        ("P1D", True),
        ("R/PT1S", True),
        ("R/P0.33W", True),
        ("PUBLIC", False),
        ("2015", False),
        ("P", False),
    ],
)
def test_intervals_are_told_from_dates_and_words(text: str, *, said: bool) -> None:
    assert is_interval(text) is said
