"""The time that a title says its data cover: “2019-20”, “Q3 2021”, “April 2019 to March 2020”, “since 2010”.

Reads what is plainly a time and nothing else. A number is no year because it has four digits: what stands around it
must let it be one, so forms, standards, versions, laws, telephone numbers, amounts and dates of publication are left
alone. Where a title can be read in two ways, only days that both readings cover are taken.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from catalogue.search.periods import Period
from catalogue.search.time_words import (
    ACADEMIC,
    AMOUNT_OR_LAW,
    FINANCIAL,
    MONTHS,
    NAMES_A_NUMBER,
    ORDER,
    PUBLICATION,
    SEASONS,
    TAX,
    TERMS,
)

_LONGEST = 1_000
_AHEAD = 10
_CENTURIES = ("16", "17", "18", "19", "20")
_EARLIEST = 1000
_EARLIEST_ALONE = 1600
"""A lower number that stands alone is more likely an amount."""

_ANY_YEAR = re.compile(r"[12]\d(?:\d\d|th)")
"""Stands in every time that is read here."""

_Y = r"(?:[12]\d{3})"
_M = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_D = r"\d{1,2}(?:st|nd|rd|th)?"
_Q = r"(?:q|qtr |quarter )"
_M_Y = rf"(?P<month>{_M}),? (?P<year>{_Y})"
_Y_OR_TWO = rf"(?P<year>{_Y})(?:[/-](?P<next>\d\d(?:\d\d)?))?"
_STILL = r"(?:onwards?|on-going|ongoing|to present|to date|present|date|now|today|current)"
_SO_LONG = r"(?:(?:calendar|financial) )?year|(?:12|twelve)[ -]months?|quarter|(?:3|three)[ -]months?"
_TO = r"\s*(?:-|to|until|through|thru)\s*"
_OPEN = r"(?<![^\W_])(?<![\d][.,:/])(?<![£$€#@.:/])"
_SHUT = r"(?![^\W_]|%|[.,:/]\d)"


@dataclass(frozen=True, slots=True)
class _Told:
    """A title in small letters, the last year that it can mean, and what it says of the kind of its years."""

    text: str
    latest: int

    def year(self, written: str) -> int:
        """A year, or ValueError where it is none that data can cover."""
        if not _EARLIEST <= int(written) <= self.latest:
            raise ValueError(written)
        return int(written)

    def split_year(self, first: str, second: str) -> tuple[date, date]:
        """The first and last day of a year that begins in one year and ends in the next."""
        begins = self.year(first)
        if begins + 1 != _following(begins, second):
            raise ValueError(second)
        if TAX.search(self.text):
            return date(begins, 4, 6), date(begins + 1, 4, 5)
        if FINANCIAL.search(self.text):
            return date(begins, 4, 1), date(begins + 1, 3, 31)
        if ACADEMIC.search(self.text):
            return date(begins, 9, 1), date(begins + 1, 8, 31)
        return date(begins, 1, 1), date(begins + 1, 12, 31)


_Reading = Callable[[re.Match[str], _Told], Period]


def periods_told(text: str, this_year: int) -> tuple[Period, ...]:
    """The periods that a title says its data cover, in their order; none where it says nothing of the kind.

    Years count from 1000 to ten years after `this_year`, the year in which the title was recorded.
    """
    lowered = text[:_LONGEST].lower()
    if not _ANY_YEAR.search(lowered):  # most titles; the patterns take a hundred times as long to find nothing
        return ()
    told = _Told(re.sub(r"\s+", " ", re.sub("[‐-―−]", "-", lowered)), this_year + _AHEAD)
    return tuple(dict.fromkeys(sorted(_joined(sorted(_points(told)), told.text))))


def _points(told: _Told) -> Iterator[tuple[int, int, Period]]:
    """Where a time stands in the text, and which; what one pattern has read no other reads again."""
    left = told.text
    for pattern, reading in _PATTERNS:
        for match in [*pattern.finditer(left)]:
            left = f"{left[: match.start()]}{'|' * (match.end() - match.start())}{left[match.end() :]}"
            if not _may_be_time(match, told.text):
                continue
            try:
                read = reading(match, told)
            except ValueError:  # no such day or year, or an end before its beginning
                continue
            if read.first <= read.last:
                yield match.start(), match.end(), read


def _may_be_time(match: re.Match[str], text: str) -> bool:
    """Whether what stands around it lets it be the time that data cover."""
    before = _WORD_BEFORE.search(text[: match.start()])
    last = before.group(1) if before else ""
    if last.rstrip(":.") in PUBLICATION or (last in {"in", "on"} and _PUBLISHED_IN.search(text[: match.start()])):
        return False
    if not match.group().lstrip("fy ")[:4].isdigit():
        return True
    after = _WORD_AFTER.match(text, match.end())
    following = after.group(1) if after else ""
    if match.group().isdigit():
        if int(match.group()) < _EARLIEST_ALONE:
            return False
        if _is_number(last) or _is_number(following):
            return False  # part of a telephone number or of another long one
    if _CODE_BEFORE.fullmatch(last) or _LAW_OF.search(text[: match.start()]) or text[match.end() :].startswith(" ="):
        return False
    return last.rstrip(":.") not in NAMES_A_NUMBER and following not in AMOUNT_OR_LAW


def _is_number(word: str) -> bool:
    """Whether a word is a number that is no year: with three digits or more."""
    return word.isdigit() and len(word) > 2 and not (len(word) == 4 and word[:2] in _CENTURIES)


def _joined(points: list[tuple[int, int, Period]], text: str) -> Iterator[Period]:
    """The periods, those from one time to another taken together, open ends seen."""
    place = 0
    while place < len(points):
        start, end, one = points[place]
        place += 1
        before = text[:start]
        if _HYPHENED.search(before):  # the end of a number with hyphens
            continue
        between = _AND if _BETWEEN.search(before) else _JOIN
        while place < len(points):
            next_start, next_end, other = points[place]
            if not between.fullmatch(text, end, next_start) or other.last < one.first:
                break
            one, end, place = Period(one.first, max(one.last, other.last)), next_end, place + 1
        if _HYPHENED_ON.match(text, end):  # the beginning of one
            continue
        if _SINCE.search(before) or _ONWARDS.match(text, end):
            yield Period(one.first, "")
        elif _BEFORE.search(before):
            yield Period("", (date.fromisoformat(one.first) - timedelta(days=1)).isoformat())
        elif _UNTIL.search(before):
            yield Period("", one.last)
        else:
            yield one


def _between(first: date, last: date) -> Period:
    return Period(first.isoformat(), last.isoformat())


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _month(written: str) -> int:
    return MONTHS[written.rstrip(".")]


def _day(written: str) -> int:
    return int(re.sub(r"\D", "", written))


def _following(first: int, written: str) -> int:
    """The year that two or four digits after a first year mean."""
    if len(written) == 4:
        return int(written)
    year = first - first % 100 + int(written)
    return year if year >= first else year + 100


def _iso_day(match: re.Match[str], told: _Told) -> Period:
    told.year(match["date"][:4])
    day = date.fromisoformat(match["date"])
    return _between(day, day)


def _twelve_months(match: re.Match[str], told: _Told) -> Period:
    """The months that end with a stated one: “year ending March 2020”, “quarter to 30 June 2019”."""
    year, month = told.year(match["year"]), _month(match["month"])
    last = date(year, month, _day(match["day"])) if match["day"] else _month_end(year, month)
    months = 3 if match["length"].startswith(("quarter", "3", "three")) else 12
    after = last + timedelta(days=1)
    count = after.year * 12 + after.month - 1 - months
    return _between(date(count // 12, count % 12 + 1, min(after.day, monthrange(count // 12, count % 12 + 1)[1])), last)


def _days(match: re.Match[str], told: _Told) -> Period:
    year, last_month = told.year(match["year"]), _month(match["month"])
    first_month = _month(match["first_month"]) if match["first_month"] else last_month
    return _between(date(year, first_month, _day(match["first"])), date(year, last_month, _day(match["last"])))


def _months(match: re.Match[str], told: _Told) -> Period:
    year, first, last = told.year(match["year"]), _month(match["first"]), _month(match["last"])
    return _between(date(year - (first > last), first, 1), _month_end(year, last))


def _one_day(match: re.Match[str], told: _Told) -> Period:
    day = date(told.year(match["year"]), _month(match["month"]), _day(match["day"]))
    return _between(day, day)


def _one_month(match: re.Match[str], told: _Told) -> Period:
    year, month = told.year(match["year"]), _month(match["month"])
    return _between(date(year, month, 1), _month_end(year, month))


def _quarters(match: re.Match[str], told: _Told) -> Period:
    """Quarters of a calendar year, or of the financial year where a split year is named."""
    first = ORDER.get(match["first"], 0) or int(match["first"])
    last = int(match.groupdict().get("last") or first)
    year, month = told.year(match["year"]), 1
    if following := match.groupdict().get("next"):
        if _following(year, following) != year + 1:
            raise ValueError(following)
        month = 4
    begins, ends = month + 3 * (first - 1), month + 3 * last - 1
    return _between(
        date(year + (begins > 12), (begins - 1) % 12 + 1, 1), _month_end(year + (ends > 12), (ends - 1) % 12 + 1)
    )


def _half(match: re.Match[str], told: _Told) -> Period:
    year, second = told.year(match["year"]), match["half"] == "2"
    return _between(date(year, 7 if second else 1, 1), _month_end(year, 12 if second else 6))


def _season(match: re.Match[str], told: _Told) -> Period:
    year = told.year(match["year"])
    first, last = (TERMS if match["term"] else SEASONS)[match["season"]]
    return _between(date(year, first, 1), _month_end(year, last))


def _winter(match: re.Match[str], told: _Told) -> Period:
    year = told.year(match["year"])
    if _following(year, match["next"]) != year + 1:
        raise ValueError(match["next"])
    return _between(date(year, 12, 1), _month_end(year + 1, 2))


def _decade(match: re.Match[str], told: _Told) -> Period:
    year = told.year(match["year"])
    return _between(date(year, 1, 1), date(year + 9, 12, 31))


def _century(match: re.Match[str], told: _Told) -> Period:
    last = told.year(f"{_day(match['century'])}00")
    return _between(date(last - 99, 1, 1), date(last, 12, 31))


def _split(match: re.Match[str], told: _Told) -> Period:
    """“2019-20” and “2019/20”; else “2019-04” is a month, and “1998-05” what a month and years have in common."""
    year, second = told.year(match["year"]), match["next"]
    if _following(year, second) == year + 1:
        return _between(*told.split_year(match["year"], second))
    if match["sign"] == "-" and 1 <= int(second) <= 12:
        return _between(date(year, int(second), 1), _month_end(year, int(second)))
    last = told.year(str(_following(year, second)))
    if match["sign"] == "/" or last > year + 60:
        raise ValueError(second)
    return _between(date(year, 1, 1), date(last, 12, 31))


def _slash(match: re.Match[str], told: _Told) -> Period:
    return _between(*told.split_year(match["year"], match["next"]))


def _one_year(match: re.Match[str], told: _Told) -> Period:
    year = told.year(match["year"])
    return _between(date(year, 1, 1), date(year, 12, 31))


_WORD_BEFORE = re.compile(r"([^\s()\[\]\"',;|]+)[\s(\[\"',;]*$")
_WORD_AFTER = re.compile(r"[\s)\]\"',;]*([^\s()\[\]\"',;.|]+)")
_CODE_BEFORE = re.compile(r"[a-z]{1,6}-")  # BS-1998
_LAW_OF = re.compile(r"\b(?:acts?|code|law|treaty|convention|protocol|agreement|directive|constitution) of $")
_PUBLISHED_IN = re.compile(rf"\b(?:{'|'.join(PUBLICATION)}):? (?:in|on) $")
_JOIN = re.compile(_TO)
_AND = re.compile(r"\s*(?:-|to|and)\s*")
_BETWEEN = re.compile(r"\bbetween\s*$")
_ONWARDS = re.compile(rf"\s*\(?(?:-|to|until|till)?\s*{_STILL}(?!\w)")
_HYPHENED = re.compile(r"\d-$")
_HYPHENED_ON = re.compile(r"-\d")
_SINCE = re.compile(r"\b(?:since|(?:beginning|starting|commencing)(?: in| from)?)\s*$")
_UNTIL = re.compile(r"\b(?:until|till|up to)\s*(?:the end of\s*)?$")
_BEFORE = re.compile(r"\b(?:before|prior to|pre-?)\s*$")

_PATTERNS: tuple[tuple[re.Pattern[str], _Reading], ...] = tuple(
    (re.compile(f"{_OPEN}(?:{pattern}){_SHUT}"), reading)
    for pattern, reading in (
        (rf"(?P<date>{_Y}-\d\d-\d\d)", _iso_day),
        (
            rf"(?P<length>{_SO_LONG}) (?:ending|ended|end|to|up to) (?:the )?(?:(?P<day>{_D}) )?{_M_Y}",
            _twelve_months,
        ),
        (
            rf"(?P<first>{_D})(?: (?P<first_month>{_M}))?{_TO}(?P<last>{_D}) (?P<month>{_M}),? (?P<year>{_Y})",
            _days,
        ),
        (rf"(?P<day>{_D}) (?:of )?(?P<month>{_M}),? (?P<year>{_Y})", _one_day),
        (rf"(?P<month>{_M}) (?P<day>{_D}),? (?P<year>{_Y})", _one_day),
        (rf"(?P<first>{_M})(?:{_TO}|\s*(?:/|&|and)\s*)(?P<last>{_M})[ ,-]+(?P<year>{_Y})", _months),
        (rf"(?P<month>{_M})(?: of |[ ,-]*)(?P<year>{_Y})", _one_month),
        (rf"{_Q}(?P<first>[1-4])(?:{_TO}{_Q}?(?P<last>[1-4]))?,? (?:of )?(?:fy ?)?{_Y_OR_TWO}", _quarters),
        (rf"{_Y_OR_TWO},?[ -]?{_Q}(?P<first>[1-4])", _quarters),
        (rf"(?P<first>{'|'.join(ORDER)}) quarter,? (?:of )?{_Y_OR_TWO}", _quarters),
        (rf"h(?P<half>[12])[ -](?P<year>{_Y})", _half),
        (rf"(?P<season>spring|summer|autumn)(?P<term> term)?,? (?:of )?(?P<year>{_Y})(?![/-]\d)", _season),
        (rf"winter (?P<year>{_Y}) ?(?:/|-|to) ?(?P<next>\d\d(?:\d\d)?)", _winter),
        (r"(?P<year>[12]\d\d0)'?s", _decade),
        (r"(?P<century>1\dth|20th) century", _century),
        (rf"(?:fy ?)?(?P<year>{_Y})(?P<sign>[/-]| to )(?P<next>\d\d)", _split),
        (rf"(?P<year>{_Y})/(?P<next>{_Y})", _slash),
        (rf"(?:fy ?)?(?P<year>{_Y})(?!-(?!{_STILL})[^\W\d_])", _one_year),
    )
)
