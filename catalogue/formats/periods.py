"""Periods of time covered, as sources write them: `start/end` in ISO 8601, one date, or words."""

import re

from catalogue.formats.date_forms import read_date_in_any_form as read_date
from catalogue.formats.members import Members
from schemas.canonical import Json
from schemas.dates import first_day, last_day
from schemas.errors import InvalidInput

_MADE_OF_NUMBERS = re.compile(r"[\d\s./:TZ+-]+", re.IGNORECASE)
_OPEN = {"", ".."}
_DUBLIN_CORE = {"start", "end", "name", "scheme"}


def read_period(text: str) -> Json:
    """A period in our form. A single year, month or day covers itself; an end may be open (`2015-01-01/..`).

    Raises InvalidInput where dates are meant and cannot be read. Anything else is kept as words.
    """
    text = text.strip()
    if found := _dublin_core_period(text):
        return found
    if not _MADE_OF_NUMBERS.fullmatch(text):
        return {"text": text}
    start, slash, end = (part.strip() for part in text.partition("/"))
    if not slash or "/" in end:
        day = read_date(text)
        return {"start": day, "end": day}
    period = {name: read_date(part) for name, part in (("start", start), ("end", end)) if part not in _OPEN}
    if not period:
        raise InvalidInput(f"The period “{text}” has neither start nor end.", "Write it as start/end.")
    if len(period) == 2 and first_day(period["start"]) > last_day(period["end"]):
        raise InvalidInput(f"The period “{text}” ends before it starts.", "Write it as start/end.")
    return period


def _dublin_core_period(text: str) -> Json:
    """A period as Dublin Core writes it in one text: `start=2015; end=2020-06-30; name=…`. Empty for any other text."""
    parts = [part.partition("=") for part in text.split(";") if part.strip()]
    said = {name.strip().casefold(): value.strip() for name, _, value in parts}
    if not said.keys() <= _DUBLIN_CORE or not said.keys() & {"start", "end"}:
        return {}
    try:
        dates = {name: read_date(said[name]) for name in ("start", "end") if said.get(name)}
        if len(dates) == 2 and first_day(dates["start"]) > last_day(dates["end"]):
            return {}
    except InvalidInput:
        return {}
    return {**dates, "text": said["name"]} if dates and said.get("name") else dates


def write_period(period: Json) -> str | None:
    """A period as `start/end`, an open end as `..`; its words where it has no dates."""
    if "start" not in period and "end" not in period:
        text = period.get("text")
        return str(text) if text else None
    return f"{period.get('start', '..')}/{period.get('end', '..')}"


def periods_in(members: Members, name: str) -> list[Json]:
    """The periods of a member that holds one or a list of them. What cannot be read is kept as it is and told."""
    periods: list[Json] = []
    for text in members.texts(name):
        try:
            periods.append(read_period(text))
        except InvalidInput as error:
            members.put_beside(name, text, error.message, error.advice)
    return periods
