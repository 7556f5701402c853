"""What events say beside the deal, gathered: reviews, confirmations, incidents and the rest, pure.

The deal is what is confirmed; all that happens to it afterwards stands here, each entry with the number and the day
of its event and the organisation that acted. Nothing here makes a version.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from schemas.canonical import Json


class EventEntry(Protocol):
    """What an entry needs to know of its event."""

    number: int
    event: str
    version: int | None
    body_sha256: str | None
    actor_organisation: str | None
    registered_on: datetime


GATHERED: Mapping[str, str] = {
    "reviewed": "reviews",
    "renewed": "renewals",
    "incident-recorded": "incidents",
    "consultation-opened": "consultations",
    "recommended": "boardReviews",
    "disposal-confirmed": "disposals",
    "confirmed": "confirmations",
    "disputed": "disputes",
    "redacted": "redactions",
}
"""Events of which there may be many, and the list in which they stand."""

SINGLE: Mapping[str, str] = {
    "suspended": "suspension",
    "rejected": "rejection",
    "terminated": "termination",
    "withdrawn": "withdrawal",
    "amendment-proposed": "pendingAmendment",
}
"""Events of which the last alone is in force, and the member in which it stands."""

_ENDED_BY: Mapping[str, str] = {"resumed": "suspension", "amended": "pendingAmendment"}
"""Events that end what another one began."""

DATES = ("endsOn", "endCondition", "nextReviewOn")
"""Dates of the deal that a renewal or a review may move without changing its text."""


def after_event(proceedings: Json, event: EventEntry, details: Json) -> Json:
    """What the proceedings are once an event has happened; those before stay as they are."""
    entry = {"event": event.number, "on": event.registered_on.date().isoformat(), **details}
    if event.actor_organisation:
        entry["by"] = event.actor_organisation
    if event.event == "amendment-proposed" and event.body_sha256:
        entry["bodySha256"] = event.body_sha256
    members = {name: member for name, member in proceedings.items() if name != _ENDED_BY.get(event.event)}
    if name := GATHERED.get(event.event):
        members[name] = [*proceedings.get(name, ()), entry]
    elif name := SINGLE.get(event.event):
        members[name] = entry
    if event.event in {"renewed", "reviewed"}:
        members = _with_dates(members, details)
    return members


def after_version(proceedings: Json, before: Json, after: Json) -> Json:
    """What the proceedings are once a new version stands: a date that it changes is no longer moved by a renewal."""
    moved = proceedings.get("movedDates", {})
    kept = {name: value for name, value in moved.items() if before.get(name) == after.get(name)}
    rest = {name: member for name, member in proceedings.items() if name != "movedDates"}
    return {**rest, "movedDates": kept} if kept else rest


def dates_in_force(document: Json, proceedings: Json) -> Json:
    """`endsOn`, `endCondition` and `nextReviewOn` as the deal and what happened since have them."""
    dates = {name: document[name] for name in DATES if name in document}
    moved: Json = proceedings.get("movedDates", {})
    if "endCondition" in moved and "endsOn" not in moved:  # it now ends by that alone, on no day
        dates.pop("endsOn", None)
    return {**dates, **moved}


def _with_dates(members: Json, details: Json) -> Json:
    stated = {name: details[name] for name in DATES if name in details}
    if not stated:
        return members
    moved = dict(members.get("movedDates", {}))
    if "endsOn" in stated or "endCondition" in stated:
        moved = {name: value for name, value in moved.items() if name == "nextReviewOn"}  # the last renewal counts
    return {**members, "movedDates": {**moved, **stated}}
