"""Agreements as published records in JSON, and the deal in one read back."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from register.agreements.proceedings import dates_in_force
from register.formats.exported import Exported, Happening
from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.problems import Problem


def record_to_json(exported: Exported) -> Json:
    """The published record: the deal (`document`), where it stands, what was said beside it, and every event."""
    made = next(one for one in reversed(exported.happenings) if one.version == exported.version and one.makes_version)
    proceedings = {name: member for name, member in exported.proceedings.items() if name != "movedDates"}
    return {
        "id": exported.id,
        "version": exported.version,
        "newestVersion": exported.version,
        "versionDate": made.registered_on.isoformat(),
        "event": made.event,
        "lastEvent": exported.happenings[-1].number,
        "state": exported.state,
        "standing": exported.standing,
        "registeredOn": exported.registered_on.isoformat(),
        "changedAt": exported.changed_at.isoformat(),
        "address": exported.address,
        "document": exported.document,
        "dates": dates_in_force(exported.document, exported.proceedings),
        "proceedings": proceedings,
        "history": [_happening(happening) for happening in exported.happenings],
    }


def deal_in_json(value: object) -> tuple[Any, tuple[Problem, ...]]:
    """The deal in a published record that `record_to_json` made, and what is lost with the rest; else the value as is.

    What events decided does not come along: a deal is read back as it was signed.
    """
    if not isinstance(value, dict) or "schemaVersion" in value or not isinstance(value.get("document"), dict):
        return value, ()
    standing = value.get("standing")
    if standing not in {"withdrawn", "rejected", "ended", "suspended", "proposed"}:
        return value["document"], ()
    state = title_of("agreement-state", str(standing)).lower()
    problem = Problem(
        "",
        f"In the register that it comes from it stands as “{state}”; a record that is read in stands as signed.",
        "Record here what happened to it.",
        severity="warning",
    )
    return value["document"], (problem,)


def write_json(exported: Iterable[Exported]) -> Iterator[str]:
    """One JSON array of published records, piece by piece."""
    separator = "[\n"
    for one in exported:
        yield separator + json.dumps(record_to_json(one), ensure_ascii=False, indent=1)
        separator = ",\n"
    yield "\n]\n" if separator == ",\n" else "[]\n"


def write_json_lines(exported: Iterable[Exported]) -> Iterator[str]:
    """The same records, one a line."""
    for one in exported:
        yield json.dumps(record_to_json(one), ensure_ascii=False, separators=(",", ":")) + "\n"


def _happening(happening: Happening) -> Json:
    told = {
        "number": happening.number,
        "event": happening.event,
        "version": happening.version,
        "registeredOn": happening.registered_on.isoformat(),
        "recordedAt": happening.recorded_at.isoformat(),
        "effective": happening.effective,
        "by": happening.organisation,
        "bodySha256": happening.body_sha256,
    }
    return {name: value for name, value in told.items() if value not in (None, "")}
