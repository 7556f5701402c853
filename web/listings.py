"""What pages list, each read with a fixed number of queries however long the list is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.datasets.models import CataloguedResource
from catalogue.organisations.models import Organisation, OrganisationName
from catalogue.organisations.record import fold_name
from register.agreements.models import Agreement, AgreementParty
from register.powers.models import Power


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation in a list, with how many datasets it publishes and in how many agreements it takes part."""

    slug: str
    name: str
    kind: str | None
    datasets: int
    agreements: int


def organisation_names(session: Session, slugs: Iterable[str]) -> dict[str, str]:
    """The names of organisations by their short names."""
    wanted = sorted(set(slugs))
    if not wanted:
        return {}
    rows = session.execute(select(Organisation.slug, Organisation.name).where(Organisation.slug.in_(wanted)))
    return {slug: name for slug, name in rows}  # noqa: C416 - a Row is no plain pair to the type checker


def power_titles(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The titles of legal powers by their short names."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = session.execute(select(Power.id, Power.title).where(Power.id.in_(wanted)))
    return {power: title for power, title in rows}  # noqa: C416 - a Row is no plain pair to the type checker


def organisation_count(session: Session) -> int:
    """How many organisations the catalogue knows."""
    return session.scalar(select(func.count()).select_from(Organisation)) or 0


def organisation_lines(session: Session, named: str = "") -> list[OrganisationLine]:
    """The organisations by name; where `named` is given, those with that text in one of their names."""
    query = select(Organisation.id, Organisation.slug, Organisation.name, Organisation.kind)
    folded = fold_name(named)
    if named and not folded:
        return []
    if folded:
        matching = select(OrganisationName.organisation_id).where(
            OrganisationName.folded.contains(folded, autoescape=True)
        )
        query = query.where(Organisation.id.in_(matching))
    datasets = _counts(
        session,
        select(CataloguedResource.publisher_id, func.count())
        .where(CataloguedResource.state == "active")
        .group_by(CataloguedResource.publisher_id),
    )
    agreements = _counts(
        session,
        select(AgreementParty.organisation_id, func.count(AgreementParty.agreement_id.distinct())).group_by(
            AgreementParty.organisation_id
        ),
    )
    lines = [
        OrganisationLine(slug, name, kind, datasets.get(key, 0), agreements.get(key, 0))
        for key, slug, name, kind in session.execute(query)
    ]
    return sorted(lines, key=lambda line: (fold_name(line.name), line.slug))


def _counts(session: Session, query: object) -> dict[str, int]:
    return {key: number for key, number in session.execute(query) if key}  # type: ignore[call-overload]


def parts_of(session: Session, organisation: Organisation) -> Sequence[Organisation]:
    """The organisations that belong to one, by name."""
    return session.scalars(
        select(Organisation).where(Organisation.parent_id == organisation.id).order_by(Organisation.name)
    ).all()


def datasets_page(session: Session, offset: int, limit: int) -> Sequence[CataloguedResource]:
    """A page of the datasets that are not withdrawn, by title, publishers loaded."""
    return session.scalars(
        select(CataloguedResource)
        .where(CataloguedResource.state == "active")
        .options(joinedload(CataloguedResource.publisher))
        .order_by(func.lower(CataloguedResource.title), CataloguedResource.id)
        .offset(offset)
        .limit(limit)
    ).all()


def dataset_titles(session: Session, slugs: Iterable[str]) -> dict[str, str]:
    """The titles of datasets by their short names."""
    wanted = sorted(set(slugs))
    if not wanted:
        return {}
    query = select(CataloguedResource.slug, CataloguedResource.title).where(CataloguedResource.slug.in_(wanted))
    return {slug: title for slug, title in session.execute(query)}  # noqa: C416


def agreements_page(session: Session, offset: int, limit: int) -> Sequence[Agreement]:
    """A page of the agreements, those last put into a public register first, parties loaded."""
    return session.scalars(
        select(Agreement)
        .options(selectinload(Agreement.parties))
        .order_by(Agreement.registered_on.desc(), Agreement.serial.desc())
        .offset(offset)
        .limit(limit)
    ).all()


def agreements_with_ids(session: Session, ids: Iterable[str]) -> dict[str, Agreement]:
    """Agreements by their numbers, parties loaded."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    query = select(Agreement).where(Agreement.id.in_(wanted)).options(selectinload(Agreement.parties))
    return {agreement.id: agreement for agreement in session.scalars(query)}
