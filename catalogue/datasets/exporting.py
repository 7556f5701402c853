"""Datasets as the writers of formats want them, read in batches: memory stays bounded however many there are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from catalogue.contacts import Contact
from catalogue.datasets.models import CataloguedResource, Reference
from catalogue.formats.exported import Body, CatalogueDetails, DatasetRecord, Referrer
from catalogue.organisations.models import Organisation
from schemas.settings import Settings

_AT_ONCE = 500
_NAMING = ("inSeries", "servesDataset")
"""Where a document names other datasets by their identifiers."""

_ACTIVE = (
    select(
        *(CataloguedResource.id, CataloguedResource.slug, CataloguedResource.source, CataloguedResource.revision),
        *(CataloguedResource.document, CataloguedResource.first_seen_at, CataloguedResource.metadata_modified_at),
        *(Organisation.name, Organisation.slug, Organisation.kind, Organisation.website),
    )
    .outerjoin(Organisation, Organisation.id == CataloguedResource.publisher_id)
    .where(CataloguedResource.state == "active")
    .order_by(CataloguedResource.id)
)
"""The datasets that are not withdrawn, in the order of their numbers, each with the body that publishes it."""

_REFERRING = (
    select(Reference.slug, Reference.relation, Reference.address, Reference.title, Reference.state)
    .where(Reference.slug.in_(bindparam("slugs", expanding=True)))
    .order_by(Reference.title)
)
_DETAILS = ("name", "email", "telephone", "address")
_TOLD = select(Contact.id, *(getattr(Contact, name) for name in _DETAILS)).where(
    Contact.id.in_(bindparam("numbers", expanding=True)), Contact.erased_at.is_(None)
)
"""What may be told of contacts. Statements are made once: to make one takes longer than to ask it."""


def catalogue_details(session: Session, settings: Settings, site: str) -> CatalogueDetails:
    """The catalogue as a whole. `site` is its address, without a slash at its end."""
    changed = session.scalar(select(func.max(CataloguedResource.metadata_modified_at)))
    return CatalogueDetails(site, settings.service_name, settings.publisher, settings.records_licence, changed)


def dataset_records(session: Session, site: str) -> Iterator[DatasetRecord]:
    """Every dataset that is not withdrawn, in the order of their numbers, which never changes."""
    last = ""
    while True:
        query = _ACTIVE.where(CataloguedResource.id > last).limit(_AT_ONCE)
        batch = _read(session, query, site)
        if not batch:
            return
        yield from batch
        last = batch[-1].number


def dataset_records_page(
    session: Session, site: str, offset: int, limit: int, changed_since: datetime | None = None
) -> list[DatasetRecord]:
    """A part of them; `changed_since` leaves out the records that did not change since that moment."""
    query = _ACTIVE if changed_since is None else _ACTIVE.where(_changed_since(changed_since))
    return _read(session, query.offset(offset).limit(limit), site)


def dataset_records_at(session: Session, site: str, slugs: Sequence[str]) -> list[DatasetRecord]:
    """Those of them that have these short names."""
    return _read(session, _ACTIVE.where(CataloguedResource.slug.in_(slugs)), site)


def dataset_record_count(session: Session, changed_since: datetime | None = None) -> int:
    """How many datasets there are that are not withdrawn, or that changed since a moment."""
    query = select(func.count()).select_from(CataloguedResource).where(CataloguedResource.state == "active")
    return session.scalar(query if changed_since is None else query.where(_changed_since(changed_since))) or 0


def records_of(session: Session, resources: Sequence[CataloguedResource], site: str) -> list[DatasetRecord]:
    """These datasets, in their order, with what belongs to them. Two queries, however many they are."""
    return _whole(session, [_held(resource, site) for resource in resources], site)


def _held(resource: CataloguedResource, site: str) -> DatasetRecord:
    body = resource.publisher
    return DatasetRecord(
        number=resource.id,
        slug=resource.slug,
        address=f"{site}{resource.address}",
        source=resource.source,
        revision=resource.revision,
        document=resource.document,
        first_recorded_at=resource.first_seen_at,
        changed_at=resource.metadata_modified_at,
        publisher=_body(site, body.name, body.slug, body.kind, body.website) if body else None,
        references=tuple(
            Referrer(one.relation, f"{site}{one.address}", one.title, one.state) for one in resource.references
        ),
    )


def _read(session: Session, query: Select[Any], site: str) -> list[DatasetRecord]:
    """What a query made of `_ACTIVE` finds. Columns alone are read: objects would take longer than all the rest."""
    rows = session.execute(query).all()
    references = _references(session, [row[1] for row in rows], site)
    held = [
        DatasetRecord(
            number=number,
            slug=slug,
            address=f"{site}/datasets/{slug}",
            source=source,
            revision=revision,
            document=document,
            first_recorded_at=first_seen_at,
            changed_at=changed_at,
            publisher=_body(site, *body) if body[1] else None,
            references=tuple(references.get(slug, ())),
        )
        for number, slug, source, revision, document, first_seen_at, changed_at, *body in rows
    ]
    return _whole(session, held, site)


def _whole(session: Session, held: Sequence[DatasetRecord], site: str) -> list[DatasetRecord]:
    """Records with their contacts and with the addresses of the datasets that they name."""
    contacts = _contacts(session, (record.document.get("contactPoint", "") for record in held))
    others = _others(session, held, site)
    return [
        replace(
            record,
            contact=contacts.get(record.document.get("contactPoint", ""), {}),
            others={name: others[record.source, name] for name in _named(record) if (record.source, name) in others},
        )
        for record in held
    ]


def _changed_since(moment: datetime) -> ColumnElement[bool]:
    return CataloguedResource.metadata_modified_at >= moment


def _body(site: str, name: str, slug: str, kind: str | None, website: str | None) -> Body:
    return Body(name, f"{site}/organisations/{slug}", slug, kind, website)


def _references(session: Session, slugs: Sequence[str], site: str) -> dict[str, list[Referrer]]:
    """What refers to these datasets, by their short names, in the order of the titles."""
    found: dict[str, list[Referrer]] = {}
    for slug, relation, address, title, state in session.execute(_REFERRING, {"slugs": slugs}) if slugs else ():
        found.setdefault(slug, []).append(Referrer(relation, f"{site}{address}", title, state))
    return found


def _contacts(session: Session, numbers: Iterable[str]) -> dict[str, Mapping[str, str]]:
    wanted = sorted(set(numbers) - {""})
    return {
        number: {name: value for name, value in zip(_DETAILS, values, strict=True) if value is not None}
        for number, *values in (session.execute(_TOLD, {"numbers": wanted}) if wanted else ())
    }


def _named(record: DatasetRecord) -> Iterator[str]:
    for member in _NAMING:
        yield from record.document.get(member, ())


def _others(session: Session, records: Sequence[DatasetRecord], site: str) -> dict[tuple[str, str], str]:
    """The addresses of the datasets that these name, by source and identifier."""
    wanted = sorted({(record.source, name) for record in records for name in _named(record)})
    held = CataloguedResource
    found: dict[tuple[str, str], str] = {}
    for begin in range(0, len(wanted), _AT_ONCE):
        query = select(held.source, held.identifier, held.slug).where(
            tuple_(held.source, held.identifier).in_(wanted[begin : begin + _AT_ONCE]), held.state == "active"
        )
        found |= {(source, name): f"{site}/datasets/{slug}" for source, name, slug in session.execute(query)}
    return found
