"""Reading agreements back: versions, and what an organisation sends and receives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from catalogue.organisations.models import Organisation
from register.agreements.events import body_document, events_of
from register.agreements.life import state_of
from register.agreements.models import Agreement, AgreementParty
from schemas.canonical import Json
from schemas.errors import NotFound


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an agreement: its number, the event that made it, its times, and what it says."""

    number: int
    event: str
    recorded_at: datetime
    registered_on: datetime
    body_sha256: str
    document: Json


def versions_of(session: Session, agreement: Agreement) -> list[Version]:
    """Every version of an agreement, oldest first."""
    return [
        Version(
            event.version,
            event.event,
            event.recorded_at,
            event.registered_on,
            event.body_sha256,
            body_document(session, event.body_sha256),
        )
        for event in events_of(session, agreement.id)
        if event.version is not None and event.body_sha256 is not None
    ]


def version_numbered(session: Session, agreement: Agreement, number: int) -> Version:
    """One version of an agreement. Raises NotFound."""
    for version in versions_of(session, agreement):
        if version.number == number:
            return version
    raise NotFound(
        f"Agreement {agreement.id} has no version {number}.", f"Its versions go from 1 to {agreement.version}."
    )


def state_now(agreement: Agreement, today: date) -> str:
    """The state of an agreement on a day (a code of agreement-state)."""
    return state_of(agreement.document, agreement.standing, today, agreement.proceedings)


def all_agreements(session: Session) -> Sequence[Agreement]:
    """Every agreement in the order of its number, parties and their organisations loaded."""
    parties = selectinload(Agreement.parties).selectinload(AgreementParty.organisation)
    query = select(Agreement).options(parties).order_by(Agreement.serial)
    return session.scalars(query).all()


_LAST_SERIAL = 2**31 - 1
"""PostgreSQL compares an integer with no greater one."""


def agreements_after(session: Session, serial: int, organisation: str | None = None) -> Iterator[Agreement]:
    """The agreements behind a serial number, in their order, read as they are asked for; of one organisation (slug)."""
    parties = selectinload(Agreement.parties).selectinload(AgreementParty.organisation)
    behind = Agreement.serial > min(serial, _LAST_SERIAL)
    query = select(Agreement).options(parties).where(behind).order_by(Agreement.serial)
    if organisation is not None:
        of_it = select(AgreementParty.agreement_id).join(Organisation).where(Organisation.slug == organisation)
        query = query.where(Agreement.id.in_(of_it))
    yield from session.scalars(query.execution_options(yield_per=200))


def agreements_of(session: Session, organisation: Organisation) -> Sequence[tuple[Agreement, AgreementParty]]:
    """The agreements an organisation is a party of, with its part in each, in the order of their numbers."""
    query = (
        select(Agreement, AgreementParty)
        .join(AgreementParty)
        .where(AgreementParty.organisation_id == organisation.id)
        .options(selectinload(Agreement.parties).selectinload(AgreementParty.organisation))
        .order_by(Agreement.serial)
    )
    return [(agreement, party) for agreement, party in session.execute(query)]


def agreement_count(session: Session) -> int:
    """How many agreements the register holds."""
    return session.scalar(select(func.count()).select_from(Agreement)) or 0
