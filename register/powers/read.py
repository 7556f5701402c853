"""Reading powers back: the table that records are held against, one power, and a search by words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalogue.organisations.models import Organisation, OrganisationIdentifier, OrganisationName
from catalogue.organisations.record import fold_name
from register.powers.classes import OrganisationFacts
from register.powers.facts import BodyFacts, Period, PowerFacts
from register.powers.models import Power, PowerBody, PowerNumber, PowerRevision
from register.powers.table import PowersTable
from schemas.canonical import Json
from schemas.errors import NotFound


def powers_table(session: Session) -> PowersTable:
    """The powers known here with the bodies that may use them, to hold records against. Six queries at most."""
    powers = session.scalars(select(Power).options(selectinload(Power.bodies)).order_by(Power.id)).all()
    if not powers:
        return PowersTable()
    numbers = _numbers(session)
    organisations = _organisations(session)
    found = _found_bodies(session, [row for power in powers for row in power.bodies], organisations)
    return PowersTable(
        tuple(power_facts(power, numbers[power.id], found) for power in powers),
        {facts.slug: facts for facts in organisations.values()},
    )


def search_powers(session: Session, text: str) -> Sequence[Power]:
    """The powers that have every word of a text in their title, law, provision, objectives or number, by title."""
    words = fold_name(text).split()
    powers = session.scalars(select(Power).order_by(Power.title, Power.id)).all()
    return [power for power in powers if all(word in _searched(power) for word in words)]


def find_power(session: Session, text: str) -> Power:
    """The power that a short name or `scheme:number` of another list means. Raises NotFound."""
    text = text.removeprefix("/powers/")
    power = session.get(Power, text)
    if power is None and ":" in text:
        scheme, _, value = text.partition(":")
        power = power_numbered(session, scheme, value)
    if power is None:
        raise NotFound(f"There is no power “{text}”.", "See “gazette powers list” for those there are.")
    return power


def power_numbered(session: Session, scheme: str, value: str) -> Power | None:
    """The power that another list calls by a number."""
    number = session.get(PowerNumber, (scheme, value))
    return session.get(Power, number.power_id) if number else None


def revisions_of(session: Session, power: Power) -> Sequence[PowerRevision]:
    """Everything recorded of a power, oldest first."""
    query = select(PowerRevision).where(PowerRevision.power_id == power.id).order_by(PowerRevision.revision)
    return session.scalars(query).all()


def power_facts(power: Power, numbers: Iterable[tuple[str, str]], slugs: dict[str, str]) -> PowerFacts:
    """What the table knows of a power; `slugs` are the short names of bodies' organisations by the rows' ids."""
    document = power.document
    return PowerFacts(
        id=power.id,
        title=power.title,
        instrument=power.instrument or "",
        provision=power.provision or "",
        jurisdiction=power.jurisdiction or "",
        objectives=tuple(document.get("objectives", ())),
        numbers=tuple(numbers),
        periods=tuple(
            Period(one.get("from"), one.get("until"), one.get("reason", "")) for one in document.get("inForce", ())
        ),
        not_commenced=bool(document.get("notCommenced")),
        bodies=tuple(_body(row, slugs.get(row.id, "")) for row in power.bodies),
        bodies_complete=power.bodies_complete,
    )


def _body(row: PowerBody, slug: str) -> BodyFacts:
    return BodyFacts(
        name=row.name,
        is_class=row.is_class,
        organisation=slug,
        numbers=((row.scheme, row.code),) if row.scheme and row.code else (),
        period=Period(row.from_on, row.until_on),
        listed=row.unlisted_on is None,
        members=row.members,
    )


def _searched(power: Power) -> str:
    document: Json = power.document
    numbers = [f"{one['scheme']}:{one['id']}" for one in document.get("identifiers", ())]
    parts = (power.id, power.title, power.instrument, power.provision, *document.get("objectives", ()), *numbers)
    return f"{fold_name(' '.join(part for part in parts if part))} {' '.join(numbers).casefold()}"


def _numbers(session: Session) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for number in session.scalars(select(PowerNumber)):
        found[number.power_id].append((number.scheme, number.value))
    return found


def _organisations(session: Session) -> dict[str, OrganisationFacts]:
    """What decides on classes of every organisation, by its id."""
    columns = (
        Organisation.id,
        Organisation.slug,
        Organisation.name,
        Organisation.kind,
        Organisation.jurisdiction,
        Organisation.area,
        Organisation.parent_id,
    )
    rows = session.execute(select(*columns)).all()
    slugs = {row.id: row.slug for row in rows}
    return {
        row.id: OrganisationFacts(
            row.slug, row.name, row.kind, row.jurisdiction, row.area, slugs.get(row.parent_id or "")
        )
        for row in rows
    }


def _found_bodies(
    session: Session, rows: Sequence[PowerBody], organisations: dict[str, OrganisationFacts]
) -> dict[str, str]:
    """The short names of the organisations that rows are, by the rows' ids.

    A row that was recorded before its organisation was known is found by its number, else by the one body that bears
    its name.
    """
    found = {row.id: organisations[row.organisation_id].slug for row in rows if row.organisation_id in organisations}
    loose = [row for row in rows if row.organisation_id is None and not row.is_class]
    if not loose:
        return found
    schemes = {row.scheme for row in loose if row.scheme}
    numbered = {
        (one.scheme, one.value): one.organisation_id
        for one in session.scalars(select(OrganisationIdentifier).where(OrganisationIdentifier.scheme.in_(schemes)))
    }
    bearing: dict[str, set[str]] = defaultdict(set)
    names = {fold_name(row.name) for row in loose}
    for folded, holder in session.execute(
        select(OrganisationName.folded, OrganisationName.organisation_id).where(OrganisationName.folded.in_(names))
    ):
        bearing[folded].add(holder)
    for row in loose:
        holders = bearing[fold_name(row.name)]
        holder = numbered.get((row.scheme or "", row.code or "")) or (next(iter(holders)) if len(holders) == 1 else "")
        if holder in organisations:
            found[row.id] = organisations[holder].slug
    return found
