"""Dates in the forms in which programs and people write them, read into ISO 8601. What has two readings has none."""

import re
from datetime import date

from schemas.dates import is_date, read_date
from schemas.errors import InvalidInput

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_TIME = (
    r"(?:(?:T|,?\s+(?:at\s+)?)(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,](?P<part>\d+))?)?"
    r"|T(?P<bare>\d{2}))"
    r"(?:\s*(?P<zone>Z|UTC|GMT|UT)|\s*(?P<sign>[+-])(?P<off>\d{2})(?::?(?P<by>\d{2}))?)?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_FORMS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<between>[-/.])(?P<month>\d{{1,2}})(?P=between)(?P<day>\d{{1,2}})(?:{_TIME})?",  # 2020-1-5 9:00
        rf"{_YEAR}[-/](?P<month>\d{{1,2}})",  # 2020-1
        rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})(?:{_TIME})?",  # 20200105T0900Z, ISO 8601's basic form
        rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH}[\s,-]+{_YEAR}(?:{_TIME})?",  # Sun, 5 Jan 2020 09:00:00 GMT, as in RFC 9110
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}(?:{_TIME})?",  # January 5, 2020
        rf"{_YEAR}[\s-]{_MONTH}[\s-]{_DAY}",  # 2020-Jan-05
        rf"{_MONTH}[\s,-]+{_YEAR}",  # January 2020
    )
)
_DAY_IN_A_ZONE = re.compile(r"(\d{4}(?:-\d{2}){0,2})(?:Z|[+-]\d{2}:\d{2})", re.ASCII)  # XML Schema's
_DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)
_LONGEST = 60


def read_date_in_any_form(text: str) -> str:
    """A date in ISO 8601, at the precision and in the zone it was given in, as `schemas.dates.read_date` has it.

    Read are ISO 8601 also in its basic form, with numbers of one digit, `/` or `.`, or a zone in whole hours (as
    PostgreSQL writes it), and days with the month's English name. A day in numbers alone that does not begin with the
    year is read only where the month cannot be mistaken for the day. Raises InvalidInput for everything else.
    """
    text = text.strip()
    if not is_date(text) and len(text) <= _LONGEST:
        found = next((iso for iso in _readings(text) if is_date(iso)), text)
        return read_date(found)
    return read_date(text)


def is_date_in_any_form(text: str) -> bool:
    """Whether `read_date_in_any_form` reads it."""
    try:
        read_date_in_any_form(text)
    except InvalidInput:
        return False
    return True


def _readings(text: str) -> list[str]:
    matches = [match for form in _FORMS if (match := form.fullmatch(text))]
    zoned = _DAY_IN_A_ZONE.fullmatch(text)
    return [*map(_iso, matches), *([zoned[1]] if zoned else []), *_without_year_first(text)]


def _iso(match: re.Match[str]) -> str:
    said = match.groupdict()
    month = said["month"][:3].casefold()
    parts = [said["year"], f"{_MONTHS.index(month) + 1:02}" if month in _MONTHS else month.zfill(2)]
    parts += [said["day"].zfill(2)] if said.get("day") else []
    return "-".join(parts) + _time(said)


def _time(said: dict[str, str | None]) -> str:
    hour = said.get("hour") or said.get("bare")
    if not hour:
        return ""
    part = (said["part"] or "")[:9]
    clock = f"T{hour.zfill(2)}:{said['minute'] or '00'}:{said['second'] or '00'}" + (f".{part}" if part else "")
    if said["zone"]:
        return f"{clock}Z"
    return clock + (f"{said['sign']}{said['off']}:{said['by'] or '00'}" if said["sign"] else "")


def _without_year_first(text: str) -> list[str]:
    """A day such as 17/05/2023, where only one of its numbers can be the month or both are the same."""
    match = _DAY_OR_MONTH_FIRST.fullmatch(text)
    if match is None:
        return []
    one, _, other, year = match.groups()
    days = {_day(int(year), int(month), int(day)) for month, day in ((one, other), (other, one))} - {""}
    return list(days) if len(days) == 1 else []


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
