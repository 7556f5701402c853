"""The history of agreements as flags and obligations see it, and what is known around them, read from the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from register.agreements.events import body_document
from register.agreements.models import Agreement, AgreementBody, AgreementEvent, AgreementNumber, AgreementParty
from register.flags import CARRIES_ON
from register.powers.read import powers_table
from register.powers.table import PowersTable
from register.timeline import Happening, Related, Surroundings
from schemas.canonical import Json
from schemas.upgrades import upgrade


def histories_of(session: Session, agreements: Sequence[Agreement]) -> dict[str, list[Happening]]:
    """The history of each agreement, oldest first, by its number: two queries however many there are."""
    numbers = [agreement.id for agreement in agreements]
    query = select(AgreementEvent).where(AgreementEvent.agreement_id.in_(numbers)).order_by(AgreementEvent.number)
    events = session.scalars(query).all()
    bodies = _bodies(session, events)
    found: dict[str, list[Happening]] = defaultdict(list)
    for event in events:
        found[event.agreement_id].append(_happening(event, bodies))
    return found


def history_of(session: Session, agreement: Agreement) -> list[Happening]:
    """The history of one agreement, oldest first."""
    return histories_of(session, [agreement])[agreement.id]


def surroundings_of(
    session: Session,
    agreements: Sequence[Agreement],
    *,
    powers: PowersTable | None = None,
    can_confirm: frozenset[str] = frozenset(),
) -> dict[str, Surroundings]:
    """What is known around each agreement, by its number: powers, the agreements it carries on, who its parties are.

    `powers` is read where it is not handed in and a record names a power; `can_confirm` are the organisations that
    have an account which can confirm.
    """
    if powers is None and any(agreement.document.get("legalPowers") for agreement in agreements):
        powers = powers_table(session)
    related = _related(session, agreements)
    return {
        agreement.id: Surroundings(powers, related, can_confirm, _slugs(agreement.parties)) for agreement in agreements
    }


def _bodies(session: Session, events: Iterable[AgreementEvent]) -> dict[str, Json]:
    """What the versions and the details of events say, by hash; a deal that is only proposed is not read."""
    hashes = {event.details_sha256 for event in events if event.details_sha256}
    hashes |= {event.body_sha256 for event in events if event.version and event.body_sha256}
    query = select(AgreementBody).where(AgreementBody.sha256.in_(hashes))
    return {body.sha256: body_document(session, body.sha256) for body in session.scalars(query).all()}


def _happening(event: AgreementEvent, bodies: Mapping[str, Json]) -> Happening:
    document = bodies[event.body_sha256] if event.version and event.body_sha256 else None
    return Happening(
        event.event,
        event.version,
        upgrade(document) if document is not None else None,
        event.registered_on,
        bodies[event.details_sha256] if event.details_sha256 else None,
        event.actor_organisation,
    )


def _slugs(parties: Iterable[AgreementParty]) -> dict[str, str]:
    return {party.name: party.organisation.slug for party in parties if party.organisation}


def _related(session: Session, agreements: Sequence[Agreement]) -> dict[str, Related]:
    """The agreements that others carry on, by number here and by `scheme:number` elsewhere."""
    named = [
        one
        for agreement in agreements
        for one in agreement.document.get("relatedAgreements", ())
        if one.get("relation") in CARRIES_ON
    ]
    if not named:
        return {}
    numbers = {(one["externalId"]["scheme"], one["externalId"]["id"]) for one in named if "externalId" in one}
    schemes = {scheme for scheme, _ in numbers}
    elsewhere = {
        (row.scheme, row.value): row.agreement_id
        for row in session.scalars(select(AgreementNumber).where(AgreementNumber.scheme.in_(schemes)))
        if (row.scheme, row.value) in numbers
    }
    wanted = {one["agreement"] for one in named if "agreement" in one} | set(elsewhere.values())
    query = select(Agreement).where(Agreement.id.in_(wanted)).options(selectinload(Agreement.parties))
    found = {agreement.id: _facts(agreement) for agreement in session.scalars(query)}
    return found | {f"{scheme}:{value}": found[own] for (scheme, value), own in elsewhere.items() if own in found}


def _facts(agreement: Agreement) -> Related:
    ended = (agreement.proceedings or {}).get("termination", {}).get("endedOn")
    ends_on = ended if ended and agreement.standing == "ended" else agreement.ends_on
    return Related(agreement.id, agreement.title, agreement.effective_from, ends_on)
