"""Agreements, their versions and their events as JSON: one shape for commands and the HTTP API."""

import re
from datetime import date

from sqlalchemy.orm import Session

from register.agreements.events import body_document, events_of
from register.agreements.models import Agreement, AgreementDraft, AgreementEvent
from register.agreements.proceedings import dates_in_force
from register.agreements.read import state_now, version_numbered, versions_of
from schemas.canonical import Json
from schemas.codelists import title_of


def agreement_line(agreement: Agreement, today: date) -> Json:
    """An agreement in a listing. Parties and their organisations are to be loaded."""
    document = agreement.document
    state = state_now(agreement, today)
    return {
        "id": agreement.id,
        "state": title_of("agreement-state", state),
        "stateCode": state,
        "title": agreement.title,
        "parties": [party["name"] for party in document["parties"]],
        "organisations": [party.organisation.slug for party in agreement.parties if party.organisation],
        "effectiveFrom": document.get("effectiveFrom"),
        "endsOn": agreement.ends_on,
        "version": agreement.version,
        "address": agreement.address,
    }


def described(session: Session, agreement: Agreement, number: int | None, today: date) -> Json:
    """An agreement, by default its newest version: the deal, and what happened beside it. Raises NotFound."""
    versions = versions_of(session, agreement)
    chosen = version_numbered(session, agreement, number or agreement.version)
    proceedings = agreement.proceedings or {}
    return {
        "id": agreement.id,
        "version": chosen.number,
        "newestVersion": agreement.version,
        "versionDate": chosen.registered_on.isoformat(),
        "event": chosen.event,
        "lastEvent": agreement.last_event,
        "state": state_now(agreement, today),
        "registeredOn": agreement.registered_on.isoformat(),
        "address": agreement.address,
        "document": chosen.document,
        "dates": dates_in_force(agreement.document, proceedings),
        "proceedings": {name: member for name, member in proceedings.items() if name != "movedDates"},
        "history": [
            {
                "version": version.number,
                "event": version.event,
                "registeredOn": version.registered_on.isoformat(),
                "recordedAt": version.recorded_at.isoformat(),
                "bodySha256": version.body_sha256,
            }
            for version in versions
        ],
    }


def event_lines(session: Session, agreement: Agreement) -> list[Json]:
    """Every event of an agreement with what it says, oldest first."""
    return [event_line(session, event) for event in events_of(session, agreement.id)]


def event_line(session: Session, event: AgreementEvent) -> Json:
    """One event in a history."""
    return {
        "number": event.number,
        "agreement": event.agreement_id,
        "event": event.event,
        "title": title_of("agreement-event", event.event),
        "version": event.version,
        "registeredOn": event.registered_on.isoformat(),
        "recordedAt": event.recorded_at.isoformat(),
        "effective": event.effective,
        "by": event.actor_organisation,
        "details": body_document(session, event.details_sha256) if event.details_sha256 else None,
        "bodySha256": event.body_sha256,
        "detailsSha256": event.details_sha256,
        "schemaVersion": event.schema_version,
        "sourceEntry": source_entry_shown(event.source_entry),
    }


def source_entry_shown(entry: str | None) -> str | None:
    """The entry of the source that an event was read from, without the hash of what that entry said.

    The hash has no salt: of a value that was blanked since it would tell whoever guesses right.
    """
    return _HASH_OF_ENTRY.sub("", entry) if entry else None


_HASH_OF_ENTRY = re.compile(r"[@#][0-9a-f]{64}(?:~\d+)?$")


def draft_line(draft: AgreementDraft) -> Json:
    """A draft in a listing."""
    return {
        "id": draft.id,
        "title": draft.title,
        "revision": draft.revision,
        "savedBy": draft.saved_by,
        "savedAt": draft.saved_at.isoformat(),
    }


def described_draft(draft: AgreementDraft) -> Json:
    """A draft with its text."""
    return {**draft_line(draft), "state": "draft", "document": draft.document}
