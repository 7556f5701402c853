"""Every public agreement, read for an export a few at a time, so that a large register never stands in memory."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalogue.organisations.models import Organisation
from register.agreements.events import body_document
from register.agreements.life import VERSION_EVENTS
from register.agreements.models import Agreement, AgreementEvent, AgreementParty
from register.agreements.read import state_now
from register.formats.exported import Exported, Happening, VersionEntry
from schemas.errors import NotFound

_AT_ONCE = 200


def export_agreements(session: Session, today: date, organisation: str | None = None) -> Iterator[Exported]:
    """Every public agreement in the order of its number, withdrawn ones included; or those of one organisation."""
    for numbers in _in_batches(_numbers(session, organisation)):
        parties = selectinload(Agreement.parties).selectinload(AgreementParty.organisation)
        query = select(Agreement).where(Agreement.id.in_(numbers)).options(parties).order_by(Agreement.serial)
        happened: defaultdict[str, list[Happening]] = defaultdict(list)
        events = select(AgreementEvent).where(AgreementEvent.agreement_id.in_(numbers)).order_by(AgreementEvent.number)
        for event in session.scalars(events):
            happened[event.agreement_id].append(_happening(event))
        for agreement in session.scalars(query):
            yield _exported(agreement, happened[agreement.id], today)


def export_agreement(session: Session, number: str, today: date) -> Exported:
    """One public agreement, or one that was withdrawn, by its number. Raises NotFound."""
    parties = selectinload(Agreement.parties).selectinload(AgreementParty.organisation)
    agreement = session.scalar(select(Agreement).where(Agreement.id == number).options(parties))
    if agreement is None:
        raise NotFound(f"There is no agreement “{number}”.")
    events = select(AgreementEvent).where(AgreementEvent.agreement_id == number).order_by(AgreementEvent.number)
    return _exported(agreement, [_happening(event) for event in session.scalars(events)], today)


def export_versions(session: Session, organisation: str | None = None) -> Iterator[VersionEntry]:
    """Every version of every public agreement in the order of time.

    The time of a version is when it first stood in a public register, and never before that of the version before it.
    """
    wanted = set(_numbers(session, organisation))
    query = select(
        AgreementEvent.number,
        AgreementEvent.agreement_id,
        AgreementEvent.registered_on,
        AgreementEvent.body_sha256,
    ).where(AgreementEvent.event.in_(sorted(VERSION_EVENTS)), AgreementEvent.body_sha256.is_not(None))
    newest: dict[str, datetime] = {}
    entries = []
    for number, agreement_id, registered_on, body in session.execute(query.order_by(AgreementEvent.number)):
        if agreement_id in wanted and body is not None:
            moment = newest[agreement_id] = max(registered_on, newest.get(agreement_id, registered_on))
            entries.append((moment, number, agreement_id, body))
    for moment, _, agreement_id, body in sorted(entries):
        yield VersionEntry(agreement_id, moment, body_document(session, body))


def standings(session: Session, organisation: str | None = None) -> list[tuple[str, str, datetime]]:
    """Number, standing and time of the last change of the public agreements that are not simply signed."""
    wanted = set(_numbers(session, organisation))
    query = select(Agreement.id, Agreement.standing, Agreement.changed_at).where(Agreement.standing != "signed")
    found = session.execute(query.order_by(Agreement.serial))
    return [(number, standing, changed_at) for number, standing, changed_at in found if number in wanted]


def _numbers(session: Session, organisation: str | None) -> list[str]:
    query = select(Agreement.id).order_by(Agreement.serial)
    if organisation is not None:
        body = session.scalar(select(Organisation.id).where(Organisation.slug == organisation))
        if body is None:
            raise NotFound(
                f"There is no organisation “{organisation}”.", "See “gazette organisations list” for those there are."
            )
        parties = select(AgreementParty.agreement_id).where(AgreementParty.organisation_id == body)
        query = query.where(Agreement.id.in_(parties))
    return list(session.scalars(query))


def _in_batches(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(numbers), _AT_ONCE):
        yield numbers[first : first + _AT_ONCE]


def _exported(agreement: Agreement, happened: Sequence[Happening], today: date) -> Exported:
    return Exported(
        agreement.id,
        agreement.address,
        agreement.version,
        state_now(agreement, today),
        agreement.standing,
        agreement.registered_on,
        agreement.changed_at,
        agreement.document,
        agreement.proceedings or {},
        tuple(party.organisation.slug if party.organisation else None for party in agreement.parties),
        tuple(happened),
    )


def _happening(event: AgreementEvent) -> Happening:
    return Happening(
        event.number,
        event.event,
        event.version,
        event.registered_on,
        event.recorded_at,
        event.effective,
        event.actor_organisation or "",
        event.body_sha256,
    )
