"""The life of an agreement, pure: what its events make of it, and the state it is in at a moment.

A date alone never makes an agreement active: where the source does not say when it ends, its state says so.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from register.agreements.proceedings import after_event, after_version, dates_in_force
from schemas.canonical import Json
from schemas.dates import first_day, last_day

VERSION_EVENTS = frozenset({"proposed", "signed", "amended", "corrected", "party-acceded", "party-left"})
"""The events that make a version."""

_STANDING_AFTER: Mapping[str, str] = {
    "proposed": "proposed",
    "rejected": "rejected",
    "signed": "signed",
    "suspended": "suspended",
    "resumed": "signed",
    "terminated": "ended",
    "withdrawn": "withdrawn",
}
"""The standing that an event leads to; events not named here leave it as it is."""


class EventFacts(Protocol):
    """What the fold needs to know of an event."""

    number: int
    event: str
    version: int | None
    body_sha256: str | None
    details_sha256: str | None
    actor_organisation: str | None
    recorded_at: datetime
    registered_on: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """An agreement as its events leave it: the deal of the newest version, and what was said beside it.

    `version_event` and `version_date` tell of the event that made the newest version; `dates` are those in force
    (`endsOn`, `endCondition`, `nextReviewOn`), renewals and reviews counted in.
    """

    document: Json
    proceedings: Json
    standing: str
    version: int
    version_event: str
    version_date: datetime
    last_event: int
    registered_on: datetime
    changed_at: datetime

    @property
    def dates(self) -> Json:
        """`endsOn`, `endCondition` and `nextReviewOn` in force."""
        return dates_in_force(self.document, self.proceedings)


def fold(events: Iterable[EventFacts], body: Callable[[str], Json]) -> Record:
    """The present record of one agreement from all its events, oldest first.

    `body` gives a body's document by its hash. Raises ValueError where no event makes a version.
    """
    record: Record | None = None
    for event in events:
        record = _after(record, event, body)
    if record is None:
        raise ValueError("an agreement without events")
    return record


def _after(record: Record | None, event: EventFacts, body: Callable[[str], Json]) -> Record:
    details = body(event.details_sha256) if event.details_sha256 else {}
    standing = _STANDING_AFTER.get(event.event, record.standing if record else "")
    first = min(record.registered_on, event.registered_on) if record else event.registered_on
    proceedings = after_event(record.proceedings if record else {}, event, details)
    if event.event in VERSION_EVENTS and event.body_sha256 is not None:
        document = body(event.body_sha256)
        proceedings = after_version(proceedings, record.document if record else {}, document)
        made = (event.version or 0, event.event, event.registered_on)
    elif record is not None:
        document, made = record.document, (record.version, record.version_event, record.version_date)
    else:
        raise ValueError(f"event {event.number} ({event.event}) comes before any version")
    return Record(document, proceedings, standing, *made, event.number, first, event.recorded_at)


def state_on(
    standing: str, effective_from: str | None, ends_on: str | None, end_condition: Json | None, day: date
) -> str:
    """The state (a code of agreement-state) on a day, from what events decided and what the record's dates say.

    `end_condition` is the group of fields that says what ends the agreement where no day does.
    """
    if standing not in {"signed", "suspended"}:
        return standing
    if ends_on and last_day(ends_on) < day:
        return "ended"
    if standing == "suspended":
        return standing
    if effective_from and first_day(effective_from) > day:
        return "signed"
    if effective_from and (ends_on or end_condition):
        return "in-force"
    return "dates-not-stated"


def states_in_time(document: Json, standing: str, proceedings: Json | None = None) -> list[tuple[str, str, str]]:
    """The states that a record is in by dates alone, for every day there is: code, first and last day (empty: open).

    It asks `state_of` on the days on which a date of the record can change its answer, and joins what stays the same.
    """
    dates = dates_in_force(document, proceedings or {})
    turns = {date.min}
    if begins := document.get("effectiveFrom"):
        turns.add(first_day(begins))
    if (ends := dates.get("endsOn")) and (last := last_day(ends)) < date.max:
        turns.add(last + timedelta(days=1))
    found: list[tuple[str, str, str]] = []
    for day in sorted(turns):
        state = state_of(document, standing, day, proceedings)
        if found and found[-1][0] == state:
            continue
        if found:
            before = (day - timedelta(days=1)).isoformat()
            found[-1] = (*found[-1][:2], before)
        found.append((state, "" if day == date.min else day.isoformat(), ""))
    return found


def state_of(document: Json, standing: str, day: date, proceedings: Json | None = None) -> str:
    """The state of a record on a day, renewals counted in where its proceedings are given."""
    dates = dates_in_force(document, proceedings or {})
    return state_on(standing, document.get("effectiveFrom"), dates.get("endsOn"), dates.get("endCondition"), day)
