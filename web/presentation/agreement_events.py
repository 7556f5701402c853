"""The events of an agreement as its pages list them: what happened, when, who brought it about, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from register.agreements.models import AgreementEvent
from register.timeline import Happening
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.contract import load_event
from web.presentation.agreement_blanks import place_blanked
from web.presentation.agreement_happened import organisation_link
from web.presentation.agreements import Link
from web.presentation.changes import Change
from web.presentation.dates import show_date
from web.presentation.record import Entry, fields_of
from web.presentation.words import count_of, lower_first, shorten

BRIEF_LENGTH = 200


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event: its title and, for a short list, the same inside a sentence with what matters most of what it says.

    `version` is the version that it makes, `about` the one that it speaks of; `proposal` its number where it proposes
    a text that is not agreed yet. `entries` are everything it says, field by field.
    """

    number: int
    event: str
    title: str
    told: str
    brief: str
    by: Link | None
    version: int | None
    about: int | None
    proposal: int | None
    registered_on: datetime
    recorded_at: datetime
    effective: str
    entries: tuple[Entry, ...]
    changes: tuple[Change, ...]

    @property
    def was_imported(self) -> bool:
        """Whether it stood in another register before it was recorded here."""
        return self.registered_on.date() != self.recorded_at.date()


_TOLD = {"confirmed": "confirmed", "disputed": "disputed", "party-acceded": "joined", "party-left": "left"}
"""Titles that name who acted, without that: it stands beside them."""


def event_line(
    event: AgreementEvent,
    said: Happening,
    changes: tuple[Change, ...],
    names: Mapping[str, str],
    codes: Mapping[int, str],
) -> EventLine:
    """One event for a list; `changes` are those of the version it makes.

    `names` are organisations' by their short names, `codes` those of the agreement's events by their numbers.
    """
    details = said.details or {}
    title = title_of("agreement-event", event.event)
    return EventLine(
        number=event.number,
        event=event.event,
        title=title,
        told=_told(event.event, title, details),
        brief=shorten(_brief(details, codes), BRIEF_LENGTH),
        by=_actor(event, details, names),
        version=event.version,
        about=None if event.version else details.get("version"),
        proposal=event.number if event.body_sha256 and not event.version else None,
        registered_on=event.registered_on,
        recorded_at=event.recorded_at,
        effective=show_date(event.effective) if event.version and event.effective else "",
        entries=_entries(event.event, details, codes),
        changes=changes,
    )


def _actor(event: AgreementEvent, details: Json, names: Mapping[str, str]) -> Link | None:
    who = event.actor_organisation or (details.get("party") if event.event in {"confirmed", "disputed"} else None)
    return organisation_link(who, names) if who else None


def _told(event: str, title: str, details: Json) -> str:
    told = _TOLD.get(event, lower_first(title))
    return f"{details['name']} {told}" if event in {"party-acceded", "party-left"} and "name" in details else told


def _brief(details: Json, codes: Mapping[int, str]) -> str:
    """What matters most of what an event says, in a line."""
    if "outcome" in details:
        return title_of("review-outcome", details["outcome"])
    if "endsOn" in details:
        return f"Now ends on {show_date(details['endsOn'])}"
    if "closes" in details:
        return f"Until {show_date(details['closes'])}"
    if "recommendations" in details:
        return f"{details.get('body', '')}: {count_of(len(details['recommendations']), 'recommendation')}".strip(": ")
    if "pointer" in details:
        return place_blanked(details["pointer"], codes)
    return str(details.get("reason") or details.get("text") or "")


def _entries(event: str, details: Json, codes: Mapping[int, str]) -> tuple[Entry, ...]:
    """Everything an event says, but for what stands beside it already."""
    apart = {"version"} | ({"party"} if event in {"confirmed", "disputed"} else set())
    apart |= {"organisation"} if "name" in details else set()
    said = {name: value for name, value in details.items() if name not in apart}
    if "pointer" in said:
        said["pointer"] = place_blanked(said["pointer"], codes)
    if "fields" in said:
        said["fields"] = [place_blanked(pointer, codes) for pointer in said["fields"]]
    return tuple(fields_of(said, load_event(event, AGREEMENT_VERSION)).values()) if said else ()
