"""Dates as the search compares them: whole microseconds, with relative dates worked out from the clock.

A date of low precision is a span: `2023` begins with its first microsecond and ends with its last.
"""

import calendar
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from catalogue.search.periods import Period
from schemas.dates import first_day, last_day, read_date
from schemas.errors import InvalidInput

_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000
_SECOND = 1_000_000
_UNIT = r"(SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|YEAR)S?"
_STEP = re.compile(rf"([+-])(\d{{1,9}}){_UNIT}|/{_UNIT}", re.IGNORECASE)
_RELATIVE = re.compile(rf"NOW((?:[+-]\d{{1,9}}{_UNIT}|/{_UNIT}){{0,8}})", re.IGNORECASE)
_CLOCK = re.compile(r"[T ]\d{2}:\d{2}(?::(\d{2})(?:\.(\d{1,9}))?)?", re.IGNORECASE)
_DAYS_AGO = {"today": 0, "yesterday": 1}
_SECONDS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86_400, "WEEK": 604_800}


def span(text: str, now: datetime) -> tuple[int, int]:
    """The first and the last microsecond (counted from 1970) that a date can mean.

    Takes ISO 8601 at any precision, `today`, `yesterday`, and `NOW`, to which steps can be added (`NOW-1DAY`,
    `NOW/MONTH`, which goes back to the month's beginning). Raises InvalidInput where the text is no date.
    """
    if text.lower() in _DAYS_AGO:
        text = _moved(now.astimezone(UTC), -_DAYS_AGO[text.lower()], "DAY").date().isoformat()
    if match := _RELATIVE.fullmatch(text):
        moment = _counted(_relative(match.group(1), now))
        return moment, moment
    iso = read_date(text)
    if len(iso) <= 10:
        first = datetime.combine(first_day(iso), datetime.min.time(), UTC)
        last = datetime.combine(last_day(iso), datetime.min.time(), UTC)
        return _counted(first), _counted(last) + _DAY - 1
    moment_read = datetime.fromisoformat(iso)
    if moment_read.tzinfo is None:
        moment_read = moment_read.replace(tzinfo=UTC)
    counted = _counted(moment_read)
    return counted, counted + _lasting(text) - 1


def _lasting(text: str) -> int:
    """How many microseconds a written moment lasts: a minute, a second, or a part of one."""
    clock = _CLOCK.search(text)
    if clock is None or clock[1] is None:
        return 60 * _SECOND
    parts = len(clock[2] or "")
    return _SECOND // int(f"1{'0' * min(parts, 6)}")


def in_words(text: str) -> str:
    """A date that counts from now as people say it, “7 days ago”; empty for any other text."""
    if text.lower() in _DAYS_AGO:
        return text.lower()
    match = _RELATIVE.fullmatch(text)
    if match is None:
        return ""
    steps = _STEP.findall(match.group(1))
    back = [(int(count), unit.lower()) for sign, count, unit, _floor in steps if sign == "-"]
    floors = [floor.lower() for _sign, _count, _unit, floor in steps if floor]
    if len(back) + len(floors) < len(steps) or len(back) > 1 or len(floors) > 1:
        return text.upper()
    said = "now" if not back else f"{back[0][0]} {back[0][1]}{'' if back[0][0] == 1 else 's'} ago"
    if not floors:
        return said
    if back:
        return f"the beginning of the {floors[0]} {said}"
    return f"the beginning of {'today' if floors[0] == 'day' else f'this {floors[0]}'}"


def span_of(period: Period) -> tuple[int, int]:
    """The first and the last microsecond of a period; an open end is an end of the calendar."""
    first, last = period.first or "0001-01-01", period.last or "9999-12-31"
    return span(first, _ORIGIN)[0], span(last, _ORIGIN)[1]


def day_of(moment: int | None) -> str:
    """The day (YYYY-MM-DD) of a moment counted in microseconds from 1970; empty for none."""
    if moment is None:
        return ""
    inside = min(max(moment, _counted(_FIRST)), _counted(_LAST))
    return (_ORIGIN + timedelta(microseconds=inside)).date().isoformat()


@lru_cache(maxsize=65_536)
def first_microsecond(text: str | None) -> int | None:
    """Where a record's date begins; None where there is none or it cannot be read as one."""
    if not text:
        return None
    try:
        return span(text, _ORIGIN)[0]
    except InvalidInput:
        return None


def _counted(moment: datetime) -> int:
    return (moment - _ORIGIN) // _MICROSECOND


def _relative(steps: str, now: datetime) -> datetime:
    moment = now
    for sign, count, unit, floor in _STEP.findall(steps):
        if floor:
            moment = _floored(moment, floor.upper())
        else:
            moment = _moved(moment, int(count) * (-1 if sign == "-" else 1), unit.upper())
    return moment


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    try:
        if unit in _SECONDS:
            return moment + timedelta(seconds=count * _SECONDS[unit])
        months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "YEAR" else 1)
        year, month = months // 12, months % 12 + 1
        if not 1 <= year <= 9999:
            raise OverflowError
        return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))
    except OverflowError:  # beyond the calendar: its edge is meant
        return _LAST if count > 0 else _FIRST


def _floored(moment: datetime, unit: str) -> datetime:
    if unit == "WEEK":
        moment = moment - timedelta(days=min(moment.weekday(), moment.toordinal() - 1))
        unit = "DAY"
    finer = {"SECOND": 0, "MINUTE": 1, "HOUR": 2, "DAY": 3, "MONTH": 4, "YEAR": 5}[unit]
    parts = {"microsecond": 0, "second": 0, "minute": 0, "hour": 0, "day": 1, "month": 1}
    return moment.replace(**dict(list(parts.items())[: finer + 1]))  # type: ignore[arg-type]
