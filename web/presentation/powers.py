"""A legal power as its page tells it: what it allows, since when, who may use it and how that is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from register.powers.classes import plain_name
from register.powers.facts import Standing
from register.powers.models import Power, PowerBody, PowerRevision
from register.powers.record import OWN_RECORD, POWER_VERSION
from register.powers.table import PowersTable
from schemas.bundle import load_schema
from schemas.canonical import Json
from schemas.codelists import title_of
from web.presentation.agreements import Link
from web.presentation.changes import Change, changes_between
from web.presentation.dates import show_date
from web.presentation.words import is_link, show_list

NUMBERS = "external-id-scheme"
"""The list that says what lists of numbers are called."""

_TITLES = {
    Standing.IN_FORCE: ("In force", "green"),
    Standing.NOT_YET: ("Not yet in force", "yellow"),
    Standing.NO_LONGER: ("No longer in force", "red"),
    Standing.UNKNOWN: ("Dates not stated", "grey"),
    Standing.NOT_KNOWN_HERE: ("Not known here", "grey"),
}


@dataclass(frozen=True, slots=True)
class StandingTag:
    """Whether a power is in force, as a tag, with a sentence."""

    title: str
    colour: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PowerLine:
    """A power in a list: its name and address, the law, where that applies, whether it is in force, and its uses."""

    title: str
    address: str
    law: str
    place: str
    standing: StandingTag
    agreements: int


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body or class of bodies that may use a power, with what is stated of its days."""

    name: Link
    is_class: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """What was recorded of a power at one moment, and what that changed."""

    title: str
    registered_on: datetime
    recorded_at: datetime
    reason: str
    changes: tuple[Change, ...]

    @property
    def was_imported(self) -> bool:
        """Whether it stood in another list before it was recorded here."""
        return self.registered_on.date() != self.recorded_at.date()


def show_standing(power: Power, table: PowersTable, day: date) -> StandingTag:
    """Whether a power is in force on a day."""
    found = table.standing({"power": power.id}, day)
    title, colour = _TITLES[found.standing]
    sentence = "The record does not say when it came into force."
    return StandingTag(title, colour, sentence if found.standing is Standing.UNKNOWN else found.sentence)


def power_line(power: Power, table: PowersTable, agreements: int, day: date) -> PowerLine:
    """A power in a list."""
    return PowerLine(
        power.title,
        power.address,
        law_of(power),
        show_place(power.jurisdiction),
        show_standing(power, table, day),
        agreements,
    )


def law_of(power: Power) -> str:
    """The law and its provision."""
    return ", ".join(part for part in (power.instrument, power.provision) if part)


_PARTS = {"GB-ENG": "England", "GB-EAW": "England and Wales", "GB-NIR": "Northern Ireland", "GB-SCT": "Scotland"}
_PARTS |= {"GB-WLS": "Wales", "GB-GBN": "Great Britain", "GB-UKM": "United Kingdom"}


def show_place(code: str | None) -> str:
    """The country where a law applies, or the part of one; of parts without a name here, the country and the code."""
    if not code or code in _PARTS:
        return _PARTS.get(code or "", "")
    country, hyphen, _ = code.partition("-")
    return f"{title_of('country', country)} ({code})" if hyphen else title_of("country", code)


def law_link(power: Power) -> Link:
    """The law, linked where it can be read."""
    address = power.url or ""
    return Link(law_of(power) or "Law not named", address if is_link(address) else "")


def show_bodies(rows: Iterable[PowerBody], slugs: Mapping[str, str]) -> tuple[list[BodyLine], list[BodyLine]]:
    """The bodies that the lists hold, by name, and those they once held; `slugs` are their short names by row.

    One that several lists hold is shown once.
    """
    lines = [(row, _body(row, slugs.get(row.id, ""))) for row in sorted(rows, key=_order)]
    now = {(plain_name(row.name), line.notes): line for row, line in lines if row.unlisted_on is None}
    return list(now.values()), [line for row, line in lines if row.unlisted_on is not None]


def _order(row: PowerBody) -> tuple[bool, str]:
    return row.is_class, row.name.casefold().removeprefix("the ")


def _body(row: PowerBody, slug: str) -> BodyLine:
    notes = [f"From {show_date(row.from_on)}"] if row.from_on else []
    notes += [f"Until {show_date(row.until_on)}"] if row.until_on else []
    notes += [row.note] if row.note else []
    if row.unlisted_on:
        notes.append(f"In the list from {show_date(_day(row.listed_on))} until {show_date(_day(row.unlisted_on))}")
    return BodyLine(Link(row.name.strip(), f"/organisations/{slug}" if slug else ""), row.is_class, tuple(notes))


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def how_known(power: Power, rows: Sequence[PowerBody]) -> str:
    """How it is known who may use a power, in a sentence."""
    if not any(row.unlisted_on is None for row in rows):
        return "The list does not say who may use it."
    if power.bodies_complete:
        return f"{_taken_from(rows)}This list is complete: no other body may use it."
    return (
        f"{_taken_from(rows)}This list is not known to be complete. A body that it does not hold may still be allowed "
        "to use the power: by another name, or as one of a class that the law names."
    )


def _taken_from(rows: Sequence[PowerBody]) -> str:
    lists = sorted({row.source for row in rows if row.source and row.source != OWN_RECORD})
    return f"Taken from: {show_list([title_of(NUMBERS, name) for name in lists], 'and')}. " if lists else ""


_EVENTS = {"added": "Added", "changed": "Changed", "retired": "Ended"}


def show_revisions(revisions: Sequence[PowerRevision]) -> list[RevisionLine]:
    """Everything recorded of a power, newest first, each with what it changed."""
    schema = load_schema("power", POWER_VERSION)
    lines: list[RevisionLine] = []
    before: Json | None = None
    for revision in revisions:
        changes = changes_between(before, revision.document, schema) if before is not None else []
        lines.append(
            RevisionLine(
                _EVENTS.get(revision.event, revision.event.capitalize()),
                revision.registered_on,
                revision.recorded_at,
                revision.reason or "",
                tuple(changes),
            )
        )
        before = revision.document
    return lines[::-1]
