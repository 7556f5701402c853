"""Dates as sources write them, read strictly: a date that cannot be read is a problem, never a guess.

A source may know only the year or the month, so a date keeps its precision: `2023`, `2023-05`, `2023-05-17` or a
date-time with its zone. All four sort and compare as text once cut to the same length.
"""

import re
from datetime import UTC, date, datetime

from schemas.errors import InvalidInput

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)


def read_date(text: str) -> str:
    """A date in ISO 8601 form, at the precision it was given in: year, month, day, or moment in UTC.

    Raises InvalidInput with what is wrong and what to write instead. `17/05/2023` is refused because nothing in
    it says which number is the month, unless only one reading is a date; then it is named in the advice.
    """
    text = text.strip()
    if match := _PARTIAL.fullmatch(text):
        year, month, day = match.groups()
        try:
            date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            raise InvalidInput(f"“{text}” is not a day of the calendar.", "Write a real date as YYYY-MM-DD.") from None
        return text
    if _DATE_TIME.fullmatch(text):
        return _read_moment(text)
    raise InvalidInput(f"“{_shown(text)}” is not a date this register reads.", _advice(text))


def is_date(text: str) -> bool:
    """Whether `read_date` accepts it."""
    try:
        read_date(text)
    except InvalidInput:
        return False
    return True


def _read_moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text.upper().replace(" ", "T"))
    except ValueError:
        raise InvalidInput(f"“{text}” is not a moment of the calendar.", "Write it as YYYY-MM-DDThh:mm:ssZ.") from None
    if moment.tzinfo is None:
        return moment.isoformat()
    try:
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise InvalidInput(f"“{text}” lies outside the calendar.", "Write a year from 0001 to 9999.") from None


def _shown(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def _advice(text: str) -> str:
    if match := _DAY_FIRST.fullmatch(text):
        first, second, year = (int(part) for part in match.groups())
        readings = sorted({*_reading(year, second, first), *_reading(year, first, second)})
        if not readings:
            return "There is no such day. Write the date as YYYY-MM-DD."
        return f"Write it as YYYY-MM-DD: {' or '.join(readings)}."
    return "Write it as YYYY-MM-DD, for example 2024-03-31 (or YYYY-MM, or YYYY, where no more is known)."


def _reading(year: int, month: int, day: int) -> list[str]:
    try:
        return [date(year, month, day).isoformat()]
    except ValueError:
        return []


def first_day(text: str) -> date:
    """The first day that a date of any precision can mean. Raises InvalidInput as `read_date` does."""
    text = read_date(text)[:10]
    return date.fromisoformat((text + "-01-01")[:10])


def last_day(text: str) -> date:
    """The last day that a date of any precision can mean. Raises InvalidInput as `read_date` does."""
    text = read_date(text)[:10]
    if len(text) == 4:
        return date(int(text), 12, 31)
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        return date(year, 12, 31) if month == 12 else date.fromordinal(date(year, month + 1, 1).toordinal() - 1)
    return date.fromisoformat(text)
