"""Appending events: one at a time, under one lock, without a gap."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session, make_transient_to_detached

from register.agreements.blanking import blanked_in, readable, values_in
from register.agreements.body import Body, document_of
from register.agreements.models import AgreementBody, AgreementEvent, RegisterHead
from register.log.store import log_event
from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.clock import Clock
from schemas.contract import event_names, load_event
from schemas.errors import Refused

DEFAULT_PREFIX = "dg"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event before it is appended.

    `body` is the deal of the version it makes or proposes, where it does; `details` what else it says. The actor's
    organisation is named by its slug, as the public record names it.
    """

    agreement_id: str
    event: str
    version: int | None = None
    body: Body | None = None
    details: Body | None = None
    previous_body_sha256: str | None = None
    schema_version: str | None = None
    registered_on: datetime | None = None
    effective: str | None = None
    actor_organisation: str | None = None
    source_entry: str | None = None


def open_register(session: Session, prefix: str = DEFAULT_PREFIX, origin: str | None = None) -> RegisterHead:
    """Make the register's head row, once, and give its log its name (`origin`), once.

    Raises Refused where it exists with another prefix, or with another origin than one that is asked for.
    """
    head = session.get(RegisterHead, 1)
    if head is None:
        head = RegisterHead(id=1, prefix=prefix, next_serial=1, last_number=0, last_recorded_at=None)
        session.add(head)
    elif head.prefix != prefix:
        raise Refused(
            f"The register numbers its agreements {head.prefix}-1, {head.prefix}-2 and so on.",
            "The prefix is fixed once and for ever.",
        )
    if origin is not None and head.origin not in {None, origin}:
        raise Refused(f"The log of this register is called {head.origin}.", "Its origin is fixed once and for ever.")
    head.origin = head.origin or origin
    session.flush()
    return head


def locked_head(session: Session) -> RegisterHead:
    """The head row, locked until the transaction ends. Raises Refused where there is no register yet."""
    head = session.scalar(
        select(RegisterHead).where(RegisterHead.id == 1).with_for_update().execution_options(populate_existing=True)
    )
    if head is None:
        raise Refused("There is no register here yet.", "Run “gazette init” first.")
    return head


def next_agreement_id(head: RegisterHead) -> str:
    """The next agreement's id, `{prefix}-{serial}`; the serial is used up."""
    serial = head.next_serial
    head.next_serial = serial + 1
    return f"{head.prefix}-{serial}"


def append(session: Session, head: RegisterHead, new: NewEvent, clock: Clock) -> AgreementEvent:
    """Append one event behind the last, with its entry in the log. `head` is locked by the caller, who commits."""
    now = clock()
    if head.last_recorded_at is not None:
        now = max(now, head.last_recorded_at)
    for body in (new.body, new.details):
        if body is not None:
            _add_body(session, body, new.schema_version or AGREEMENT_VERSION)
    event = AgreementEvent(
        number=head.last_number + 1,
        agreement_id=new.agreement_id,
        event=new.event,
        version=new.version,
        recorded_at=now,
        registered_on=new.registered_on or now,
        effective=new.effective,
        actor_organisation=new.actor_organisation,
        body_sha256=new.body.sha256 if new.body else None,
        details_sha256=new.details.sha256 if new.details else None,
        previous_body_sha256=new.previous_body_sha256,
        schema_version=new.schema_version or (AGREEMENT_VERSION if new.body or new.details else None),
        source_entry=new.source_entry,
    )
    session.add(event)
    head.last_number = event.number
    head.last_recorded_at = now
    log_event(session, head, event)
    return event


def _add_body(session: Session, body: Body, schema_version: str) -> None:
    """Write a body at once, in front of its event, which is flushed together with the head."""
    sealed = [[value.pointer, value.salt, value.value] for value in body.values]
    row = AgreementBody(sha256=body.sha256, schema_version=schema_version, sealed=sealed)
    values = {"sha256": row.sha256, "schema_version": schema_version, "sealed": sealed}
    session.connection().execute(_ADD_BODY, values)
    make_transient_to_detached(row)
    session.add(row)  # it stands in the database: the session need not read it


_ADD_BODY = insert(cast(Table, AgreementBody.__table__))


def events_of(session: Session, agreement_id: str) -> list[AgreementEvent]:
    """Every event of an agreement, oldest first."""
    query = select(AgreementEvent).where(AgreementEvent.agreement_id == agreement_id).order_by(AgreementEvent.number)
    return list(session.scalars(query))


def body_document(session: Session, sha256: str) -> Json:
    """The document that a body holds, fit to be read where values of it were blanked."""
    body = session.get_one(AgreementBody, sha256)
    if not blanked_in(body.sealed):
        return document_of(values_in(body.sealed))
    return readable(body.sealed, schema_of_body(session, body))


def schema_of_body(session: Session, body: AgreementBody) -> Json:
    """The schema that a body was written in: that of an event where it is what an event says, else the agreement's."""
    event = session.scalar(select(AgreementEvent.event).where(AgreementEvent.details_sha256 == body.sha256).limit(1))
    if event is not None and event in event_names(body.schema_version):
        return load_event(event, body.schema_version)
    return load_schema("agreement", body.schema_version)
