"""Putting agreements into the register and changing them: each change an event with a body."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from register.agreements.body import seal
from register.agreements.events import NewEvent, append, events_of, locked_head, next_agreement_id
from register.agreements.life import VERSION_EVENTS
from register.agreements.models import Agreement, AgreementEvent, AgreementNumber
from register.agreements.projection import content_of, project
from register.checks.record import check_agreement
from schemas.actor import Actor, Role
from schemas.canonical import Json
from schemas.cleaning import clean_text
from schemas.clock import Clock, Ids, Randomness
from schemas.errors import Conflict, InvalidRecord, NotFound, Refused
from schemas.problems import errors_in
from schemas.upgrades import upgrade


@dataclass(frozen=True, slots=True)
class Source:
    """Where an imported version comes from: the entry's name in its source, and the time the source gives it."""

    entry: str | None = None
    registered_on: datetime | None = None


def sign_agreement(
    session: Session, actor: Actor, document: Json, source: Source, *, clock: Clock, ids: Ids, randomness: Randomness
) -> Agreement:
    """Put a new agreement into the register and give it its number.

    Raises Refused where the actor may not, or a number elsewhere belongs to another agreement; InvalidInput with
    every problem where the document breaks the schema.
    """
    _require_registrar(actor)
    _require_valid(document)
    head = locked_head(session)
    require_free_numbers(session, document, None)
    document = {"id": next_agreement_id(head), **{name: value for name, value in document.items() if name != "id"}}
    event = NewEvent(
        agreement_id=document["id"],
        event="signed",
        version=1,
        body=seal(document, randomness),
        schema_version=document["schemaVersion"],
        registered_on=source.registered_on,
        effective=document.get("effectiveFrom"),
        actor_organisation=actor.organisation,
        source_entry=source.entry,
    )
    append(session, head, event, clock)
    return project(session, document["id"], clock, ids)


def revise_agreement(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    event: str,
    document: Json,
    source: Source,
    *,
    clock: Clock,
    ids: Ids,
    randomness: Randomness,
) -> Agreement:
    """Make a new version: `amended` where the deal changed, `corrected` where the record was wrong.

    Raises as `sign_agreement` does.
    """
    _require_registrar(actor)
    if event not in VERSION_EVENTS - {"proposed", "signed"}:
        raise Refused(f"The event “{event}” makes no new version.", "New versions are made by amending or correcting.")
    _require_valid(document)
    head = locked_head(session)
    session.refresh(agreement)  # another may have revised it before the lock was ours
    if agreement.standing in {"withdrawn", "rejected"}:
        raise Refused(
            f"The agreement {agreement.id} is {agreement.standing}; its text is fixed.", "Register a new one."
        )
    require_free_numbers(session, document, agreement.id)
    document = {"id": agreement.id, **{name: value for name, value in document.items() if name != "id"}}
    append(
        session,
        head,
        NewEvent(
            agreement_id=agreement.id,
            event=event,
            version=agreement.version + 1,
            body=seal(document, randomness),
            previous_body_sha256=newest_body(session, agreement.id),
            schema_version=document["schemaVersion"],
            registered_on=source.registered_on,
            effective=document.get("effectiveFrom"),
            actor_organisation=actor.organisation,
            source_entry=source.entry,
        ),
        clock,
    )
    return project(session, agreement.id, clock, ids)


def newest_body(session: Session, agreement_id: str) -> str | None:
    """The hash of the newest version's body; later events may have none, or one that is only proposed."""
    hashes = [event.body_sha256 for event in events_of(session, agreement_id) if event.version]
    return hashes[-1] if hashes else None


def agreement_numbered(session: Session, scheme: str, value: str) -> Agreement | None:
    """The agreement that another list calls by a number."""
    return session.scalar(
        select(Agreement)
        .join(AgreementNumber, AgreementNumber.agreement_id == Agreement.id)
        .where(AgreementNumber.scheme == scheme, AgreementNumber.value == value)
    )


def entries_taken(session: Session, agreement: Agreement) -> set[str]:
    """The entries of its source that an agreement already has events for."""
    query = select(AgreementEvent.source_entry).where(AgreementEvent.agreement_id == agreement.id)
    return {entry for entry in session.scalars(query) if entry}


def find_agreement(session: Session, text: str) -> Agreement:
    """The agreement that a number of ours, or `scheme:number` of another list, means. Raises NotFound."""
    text = clean_text(text)[0].removeprefix("/agreements/")  # a database of text takes no NUL
    agreement = session.get(Agreement, text)
    if agreement is None and ":" in text:
        scheme, _, value = text.partition(":")
        agreement = agreement_numbered(session, scheme, value)
    if agreement is None:
        raise NotFound(f"There is no agreement “{text}”.", "See “gazette register list” for those there are.")
    return agreement


def has_same_content(agreement: Agreement, document: Json) -> bool:
    """Whether a document says what the agreement's present version says, whichever version of the schema that is in."""
    content = content_of(document)
    return content in {agreement.content_sha256, content_of(upgrade(agreement.document))}


def _require_registrar(actor: Actor) -> None:
    if Role.REGISTRAR not in actor.roles:
        raise Refused("Only the registrar can import or transcribe agreements.", "Ask the registrar.")


def _require_valid(document: Json) -> None:
    problems = errors_in(check_agreement(document))
    if problems:
        raise InvalidRecord(f"The record has {len(problems)} problem{'' if len(problems) == 1 else 's'}.", problems)


def require_free_numbers(session: Session, document: Json, agreement_id: str | None) -> None:
    """Raises Conflict where a number elsewhere belongs to another agreement than this one."""
    for number in document.get("externalIds", ()):
        holder = session.get(AgreementNumber, (number["scheme"], number["id"]))
        if holder is not None and holder.agreement_id != agreement_id:
            raise Conflict(
                f"The number {number['scheme']}:{number['id']} belongs to agreement {holder.agreement_id}.",
                "Revise that agreement, or correct the number.",
            )
