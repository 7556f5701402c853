"""What titles say of time: what is plainly said is read, and nothing is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.time_in_text import periods_told

THIS_YEAR = 2024


def told(text: str) -> list[str]:
    return ["/".join(one) for one in periods_told(text, THIS_YEAR)]


@pytest.mark.parametrize(
    ("title", "period"),
    [
        # Years, and years that begin in one and end in the next.
        ("Bridge inspections 2021", "2021-01-01/2021-12-31"),
        ("Climate (1659)", "1659-01-01/1659-12-31"),
        ("2011 Census: key statistics", "2011-01-01/2011-12-31"),
        ("spend_2019_final.csv", "2019-01-01/2019-12-31"),
        ("FY 2015 obligations", "2015-01-01/2015-12-31"),
        ("Road traffic 2019-20", "2019-01-01/2020-12-31"),
        ("Road traffic 2019/20", "2019-01-01/2020-12-31"),
        ("Road traffic 2019/2020", "2019-01-01/2020-12-31"),
        ("Road traffic 1999-00", "1999-01-01/2000-12-31"),
        ("Financial year 2019-20", "2019-04-01/2020-03-31"),
        ("Outturn, FY2019/20", "2019-04-01/2020-03-31"),
        ("Income tax by postcode, tax year 2019 to 20", "2019-04-06/2020-04-05"),
        ("School absence in the academic year 2019/20", "2019-09-01/2020-08-31"),
        ("Road traffic 2011-12", "2011-01-01/2012-12-31"),
        ("Road traffic 2010-15", "2010-01-01/2015-12-31"),
        # A month, and where a month and some years are both possible, what they have in common.
        ("Prisoners 2016-09", "2016-09-01/2016-09-30"),
        ("Prisoners 2005-10", "2005-10-01/2005-10-31"),
        ("Spend over £25,000, March 2021", "2021-03-01/2021-03-31"),
        ("Spend Sept 2021", "2021-09-01/2021-09-30"),
        ("Table Dec2016", "2016-12-01/2016-12-31"),
        ("Table June, 2016 Status V1", "2016-06-01/2016-06-30"),
        ("Boundaries (February 2020)", "2020-02-01/2020-02-29"),
        # Days.
        ("Children in care as at 31 March 2020", "2020-03-31/2020-03-31"),
        ("Count on 1st of May 2019", "2019-05-01/2019-05-01"),
        ("Count, May 1, 2019", "2019-05-01/2019-05-01"),
        ("Count 2019-05-01", "2019-05-01/2019-05-01"),
        # Quarters, halves, terms, seasons.
        ("Arrivals Q3 2021", "2021-07-01/2021-09-30"),
        ("Arrivals 2021 Q3", "2021-07-01/2021-09-30"),
        ("Arrivals Quarter 3 2021/22", "2021-10-01/2021-12-31"),
        ("Arrivals Q4 2021-22", "2022-01-01/2022-03-31"),
        ("Arrivals Q1 to Q3 2021", "2021-01-01/2021-09-30"),
        ("Arrivals, third quarter of 2021", "2021-07-01/2021-09-30"),
        ("Arrivals H2 2021", "2021-07-01/2021-12-31"),
        ("Pupils, autumn term 2019", "2019-09-01/2019-12-31"),
        ("Counts of birds, spring 2019", "2019-03-01/2019-05-31"),
        ("Deaths in winter 2019-20", "2019-12-01/2020-02-29"),
        # From one time to another.
        ("Rivers, 2019 to 2020", "2019-01-01/2020-12-31"),
        ("Rivers 1998–2003", "1998-01-01/2003-12-31"),
        ("Rivers from 2007-2017", "2007-01-01/2017-12-31"),
        ("Rivers between 2010 and 2015", "2010-01-01/2015-12-31"),
        ("Rivers, 2016/17-2018/19", "2016-01-01/2019-12-31"),
        ("Rivers, financial years 2016/17 to 2018/19", "2016-04-01/2019-03-31"),
        ("Rivers April 2019 to March 2020", "2019-04-01/2020-03-31"),
        ("Rivers Jan-Mar 2019", "2019-01-01/2019-03-31"),
        ("Rivers January 2018-December 2019", "2018-01-01/2019-12-31"),
        ("Rivers November to February 2020", "2019-11-01/2020-02-29"),
        ("Rivers 1 April 2019 to 31 March 2020", "2019-04-01/2020-03-31"),
        ("Rivers, 1 to 7 April 2019", "2019-04-01/2019-04-07"),
        ("Crime in the year ending March 2020", "2019-04-01/2020-03-31"),
        ("Crime, 12 months to 30 June 2019", "2018-07-01/2019-06-30"),
        ("Crime, quarter ended June 2019", "2019-04-01/2019-06-30"),
        ("Maps of the 1990s", "1990-01-01/1999-12-31"),
        ("Maps of the 19th century", "1801-01-01/1900-12-31"),
        # Open ends.
        ("Weather since 2010", "2010-01-01/"),
        ("Weather (starting in 2017)", "2017-01-01/"),
        ("Weather, 2010 onwards", "2010-01-01/"),
        ("Weather 2010-present", "2010-01-01/"),
        ("Weather, March 2010 to date", "2010-03-01/"),
        ("Weather before 1990", "/1989-12-31"),
        ("Weather up to 1990", "/1990-12-31"),
    ],
)
def test_a_title_that_tells_a_time(title: str, period: str) -> None:
    assert told(title) == [period]


def test_several_times_in_one_title() -> None:
    assert told("Rivers 2015, 2017 and 2019") == [f"{year}-01-01/{year}-12-31" for year in (2015, 2017, 2019)]
    assert told("March 2019 compared with March 2021") == ["2019-03-01/2019-03-31", "2021-03-01/2021-03-31"]


@pytest.mark.parametrize(
    "title",
    [
        # Standards, forms, versions, models, classifications.
        *(
            "ISO 19115",
            "ISO 19139:2007",
            "BS-1998",
            "Form 2020",
            "Table 2015",
            "version 2019",
            "v2019.1",
            "Release 2019",
        ),
        *(
            "SIC 2007",
            "SOC 2020 lookup",
            "EPSG 2030",
            "Prices, base 1993",
            "CPI (2015 = 100)",
            "2018-based projections",
        ),
        # Laws, and dates of publication.
        *(
            "Rivers Act 2017",
            "the Rivers Regulations 2018",
            "2018 Regulations",
            "Privacy Act of 1974",
            "Directive 2008",
        ),
        *("Published March 2021", "Register (updated 2019)", "Rivers, 2021 edition", "last modified on 1 May 2019"),
        # Telephone numbers, amounts, scales, references.
        *("020 7946 2019", "call 0117 496 2019", "0207 946 2000", "2005-1234", "19139-2003", "ref 12-2019-7"),
        *(
            "2000 people",
            "population 2000",
            "£2000",
            "1:2000",
            "2,019 bridges",
            "2019.5",
            "2000m",
            "2000 metres",
            "20190",
        ),
        *("over 2000 bridges", "X2019", "a@2019", "2019%", "1040 returns", "rows-5000", "1066"),
        # No such time, or too far ahead.
        *("31 June 2019", "Plan 2040", "Agenda 2030", "9999", "Q5", "2019-13", "2019/47"),
        *("", "Bridges", "19", "May", "the first quarter"),
    ],
)
def test_a_title_that_tells_none(title: str) -> None:
    assert told(title) == []


def test_years_ahead_are_told_as_far_as_plans_are_made() -> None:
    assert told("Budget 2034") == ["2034-01-01/2034-12-31"]
    assert told("Budget 2035") == []
    assert [*periods_told("Budget 2035", 2025)]


PIECES = [
    "2019",
    "20",
    "-",
    "/",
    " to ",
    "march",
    " ",
    "q3",
    "31",
    "1990s",
    "–",
    "(",
    "since ",
    "fy",
    "term",
    "x",
    "\u3000",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    for first, last in periods_told(text, THIS_YEAR):
        assert first or last
        assert all("1000" <= end[:4] <= "2034" and len(end) == 10 for end in (first, last) if end)
        assert not (first and last) or first <= last
