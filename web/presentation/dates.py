"""Dates, moments and lengths of time as people read them."""

import re
from datetime import UTC, date, datetime

from schemas.dates import is_date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DURATION = re.compile(
    r"P(?:(?P<year>\d+)Y)?(?:(?P<month>\d+)M)?(?:(?P<week>\d+)W)?(?:(?P<day>\d+)D)?"
    r"(?:T(?:(?P<hour>\d+)H)?(?:(?P<minute>\d+)M)?(?:(?P<second>\d+)S)?)?"
)


def show_date(value: str | date | datetime | None) -> str:
    """A date as people read it: “5 April 2019”, “April 2019” or “2019”, as precise as it was given.

    A text that is no date is shown as it is; nothing gives nothing.
    """
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    if isinstance(value, date):
        value = value.isoformat()
    if not value or not is_date(value):
        return value or ""
    year, month, day = (int(part) if part else 0 for part in (value[:4], value[5:7], value[8:10]))
    if not month:
        return str(year)
    return f"{day} {_MONTHS[month - 1]} {year}" if day else f"{_MONTHS[month - 1]} {year}"


def show_moment(moment: datetime) -> str:
    """A moment as people read it: “5 April 2019, 14:03 UTC”."""
    utc = moment.astimezone(UTC)
    return f"{show_date(utc)}, {utc:%H:%M} UTC"


def show_duration(value: str) -> str:
    """An ISO 8601 length of time in words: “P1Y6M” is “1 year and 6 months”. Another text is shown as it is."""
    match = _DURATION.fullmatch(value.strip())
    if match is None:
        return value
    parts = [
        f"{int(number)} {unit}{'' if int(number) == 1 else 's'}"
        for unit, number in match.groupdict().items()
        if number is not None
    ]
    if not parts:
        return value
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def show_period(start: str | None, end: str | None) -> str:
    """A period as people read it: “6 September 2018 to 31 March 2019”, “from 2018”, “until 2019”."""
    if start and end:
        return show_date(start) if start == end else f"{show_date(start)} to {show_date(end)}"
    if start:
        return f"from {show_date(start)}"
    return f"until {show_date(end)}" if end else ""
