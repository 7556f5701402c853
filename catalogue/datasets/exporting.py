"""Datasets as the writers of formats want them, read in batches: memory stays bounded however many there are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.contacts import Contact
from catalogue.datasets.models import CataloguedResource
from catalogue.formats.exported import Body, CatalogueDetails, DatasetRecord, Referrer
from catalogue.organisations.models import Organisation
from schemas.settings import Settings

_AT_ONCE = 500
_NAMING = ("inSeries", "servesDataset")
"""Where a document names other datasets by their identifiers."""


def catalogue_details(session: Session, settings: Settings, site: str) -> CatalogueDetails:
    """The catalogue as a whole. `site` is its address, without a slash at its end."""
    changed = session.scalar(select(func.max(CataloguedResource.metadata_modified_at)))
    return CatalogueDetails(site, settings.service_name, settings.publisher, settings.records_licence, changed)


def dataset_records(session: Session, site: str) -> Iterator[DatasetRecord]:
    """Every dataset that is not withdrawn, in the order of their numbers, which never changes."""
    last = ""
    while True:
        query = _active().where(CataloguedResource.id > last).limit(_AT_ONCE)
        batch = records_of(session, session.scalars(query).all(), site)
        if not batch:
            return
        yield from batch
        last = batch[-1].number
        session.expunge_all()  # what was read is let go


def dataset_records_page(
    session: Session, site: str, offset: int, limit: int, changed_since: datetime | None = None
) -> list[DatasetRecord]:
    """A part of them; `changed_since` leaves out the records that did not change since that moment."""
    query = _active(changed_since).offset(offset).limit(limit)
    return records_of(session, session.scalars(query).all(), site)


def dataset_record_count(session: Session, changed_since: datetime | None = None) -> int:
    """How many datasets there are that are not withdrawn, or that changed since a moment."""
    query = select(func.count()).select_from(CataloguedResource).where(*_wanted(changed_since))
    return session.scalar(query) or 0


def records_of(session: Session, resources: Sequence[CataloguedResource], site: str) -> list[DatasetRecord]:
    """These datasets, in their order, with what belongs to them. Three queries, however many they are."""
    contacts = _contacts(session, (resource.document.get("contactPoint", "") for resource in resources))
    others = _others(session, resources, site)
    return [
        DatasetRecord(
            number=resource.id,
            slug=resource.slug,
            address=f"{site}{resource.address}",
            source=resource.source,
            revision=resource.revision,
            document=resource.document,
            first_recorded_at=resource.first_seen_at,
            changed_at=resource.metadata_modified_at,
            publisher=_body(resource.publisher, site) if resource.publisher else None,
            contact=contacts.get(resource.document.get("contactPoint", ""), {}),
            references=tuple(
                Referrer(one.relation, f"{site}{one.address}", one.title, one.state) for one in resource.references
            ),
            others={
                name: others[resource.source, name] for name in _named(resource) if (resource.source, name) in others
            },
        )
        for resource in resources
    ]


def _wanted(changed_since: datetime | None) -> list[ColumnElement[bool]]:
    active = CataloguedResource.state == "active"
    return [active] if changed_since is None else [active, CataloguedResource.metadata_modified_at >= changed_since]


def _active(changed_since: datetime | None = None) -> Select[CataloguedResource]:
    return (
        select(CataloguedResource)
        .where(*_wanted(changed_since))
        .options(joinedload(CataloguedResource.publisher), selectinload(CataloguedResource.references))
        .order_by(CataloguedResource.id)
    )


def _body(organisation: Organisation, site: str) -> Body:
    address = f"{site}/organisations/{organisation.slug}"
    return Body(organisation.name, address, organisation.slug, organisation.kind, organisation.website)


def _contacts(session: Session, numbers: Iterable[str]) -> dict[str, Mapping[str, str]]:
    wanted = sorted(set(numbers) - {""})
    query = select(Contact).where(Contact.id.in_(wanted), Contact.erased_at.is_(None))
    fields = ("name", "email", "telephone", "address")
    return {
        contact.id: {name: value for name in fields if (value := getattr(contact, name)) is not None}
        for contact in (session.scalars(query) if wanted else ())
    }


def _named(resource: CataloguedResource) -> Iterator[str]:
    for member in _NAMING:
        yield from resource.document.get(member, ())


def _others(session: Session, resources: Sequence[CataloguedResource], site: str) -> dict[tuple[str, str], str]:
    """The addresses of the datasets that these name, by source and identifier."""
    wanted = sorted({(resource.source, name) for resource in resources for name in _named(resource)})
    held = CataloguedResource
    found: dict[tuple[str, str], str] = {}
    for begin in range(0, len(wanted), _AT_ONCE):
        query = select(held.source, held.identifier, held.slug).where(
            tuple_(held.source, held.identifier).in_(wanted[begin : begin + _AT_ONCE]), held.state == "active"
        )
        found |= {(source, name): f"{site}/datasets/{slug}" for source, name, slug in session.execute(query)}
    return found
