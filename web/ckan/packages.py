"""Packages: datasets as `package_show` gives them, and agreements for who asks for that type."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.contacts import Contact
from catalogue.datasets.distribution_numbers import distribution_numbers
from catalogue.datasets.models import CataloguedResource, Distribution
from catalogue.formats.ckan_writing import PackageRecord, dataset_to_ckan
from catalogue.formats.media_types import format_name
from catalogue.licences import is_open_licence
from register.agreements.models import Agreement, AgreementParty
from schemas.canonical import Json
from web.ckan.agreement_packages import agreement_package
from web.ckan.errors import NotFoundError
from web.ckan.numbers import dashed, naive, plain_number
from web.ckan.organisation_words import organisation_of
from web.ckan.parameters import Parameters

_AT_ONCE = 500

MOST_DATASETS = 1_000
"""So many datasets are shown with the organisation, group or tag that has them."""


def package_show(asked: Parameters, session: Session) -> Json:
    """Return the metadata of a dataset (package) and its resources. id: its id or name."""
    name = asked.text("id").strip() or asked.text("name_or_id").strip()
    return _shown(session, name or asked.required("id", "name_or_id"))


def _shown(session: Session, name: str) -> Json:
    resource = session.scalar(
        select(CataloguedResource)
        .where((CataloguedResource.slug == name) | (CataloguedResource.id == plain_number(name)))
        .where(CataloguedResource.state == "active")
        .options(joinedload(CataloguedResource.publisher))
    )
    if resource is not None:
        return _packages(session, [resource])[resource.id]
    agreement = agreements_numbered(session, [name]).get(name)
    if agreement is None:
        raise NotFoundError
    return agreement


def package_list(asked: Parameters, session: Session) -> Iterator[str]:
    """Return the names of all datasets (packages). limit, offset: a part of them."""
    query = select(CataloguedResource.slug).where(CataloguedResource.state == "active")
    query = query.order_by(CataloguedResource.slug)
    if "limit" in asked:
        query = query.limit(asked.natural("limit", 0) or None)
    if "offset" in asked:
        query = query.offset(asked.natural("offset", 0))
    return iter(session.scalars(query.execution_options(yield_per=5_000)))


def current_package_list_with_resources(asked: Parameters, session: Session) -> Iterator[Json]:
    """Return datasets (packages) with their resources, those changed last first. limit, offset: a part of them."""
    query = select(CataloguedResource.id).where(CataloguedResource.state == "active")
    query = query.order_by(CataloguedResource.metadata_modified_at.desc(), CataloguedResource.id)
    if "limit" in asked:
        query = query.limit(asked.natural("limit", 0) or None)
    numbers = session.scalars(query.offset(asked.natural("offset", 0))).all()
    return _in_parts(session, numbers)


def _in_parts(session: Session, numbers: Sequence[str]) -> Iterator[Json]:
    for begin in range(0, len(numbers), _AT_ONCE):
        part = numbers[begin : begin + _AT_ONCE]
        found = packages_numbered(session, part)
        yield from (found[number] for number in part if number in found)


def packages_numbered(session: Session, numbers: Iterable[str]) -> dict[str, Json]:
    """The packages of active datasets, by their numbers; what has gone since is left out."""
    wanted = list(numbers)
    if not wanted:
        return {}
    query = (
        select(CataloguedResource)
        .where(CataloguedResource.id.in_(wanted), CataloguedResource.state == "active")
        .options(joinedload(CataloguedResource.publisher))
    )
    return _packages(session, session.scalars(query).all())


def packages_of(session: Session, organisation_id: str, most: int) -> list[Json]:
    """The packages of an organisation, those changed last first."""
    query = (
        select(CataloguedResource.id)
        .where(CataloguedResource.publisher_id == organisation_id, CataloguedResource.state == "active")
        .order_by(CataloguedResource.metadata_modified_at.desc(), CataloguedResource.id)
        .limit(most)
    )
    return list(_in_parts(session, session.scalars(query).all()))


def agreements_numbered(session: Session, numbers: Iterable[str]) -> dict[str, Json]:
    """The packages of agreements, by their numbers."""
    wanted = list(numbers)
    if not wanted:
        return {}
    parties = selectinload(Agreement.parties).selectinload(AgreementParty.organisation)
    query = select(Agreement).where(Agreement.id.in_(wanted)).options(parties)
    return {agreement.id: agreement_package(agreement) for agreement in session.scalars(query)}


def resource_show(asked: Parameters, session: Session) -> Json:
    """Return the metadata of a resource. id: its id."""
    number = asked.required("id")
    row = session.scalar(
        select(Distribution)
        .join(CataloguedResource, Distribution.resource_id == CataloguedResource.id)
        .where(Distribution.number == number.lower(), CataloguedResource.state == "active")
        .order_by(Distribution.resource_id)
        .limit(1)
    )
    if row is None:
        raise NotFoundError
    package = packages_numbered(session, [row.resource_id]).get(row.resource_id)
    if package is None:
        raise NotFoundError
    resources: list[Json] = package["resources"]
    return resources[row.position]


def _packages(session: Session, resources: Sequence[CataloguedResource]) -> dict[str, Json]:
    contacts = _contacts(session, {resource.document.get("contactPoint", "") for resource in resources})
    told = ((resource, contacts.get(resource.document.get("contactPoint", ""))) for resource in resources)
    return {resource.id: _package(resource, contact) for resource, contact in told}


def _contacts(session: Session, numbers: set[str]) -> Mapping[str, Mapping[str, str]]:
    query = select(Contact).where(Contact.id.in_(sorted(numbers - {""})), Contact.erased_at.is_(None))
    return {
        contact.id: {
            name: value for name, value in (("name", contact.name), ("email", contact.email)) if value is not None
        }
        for contact in session.scalars(query)
    }


def _package(resource: CataloguedResource, contact: Mapping[str, str] | None) -> Json:
    number = dashed(resource.id)
    record = PackageRecord(
        id=number,
        name=resource.slug,
        created=naive(resource.first_seen_at),
        modified=naive(resource.metadata_modified_at),
        organisation={},
    )
    package = dataset_to_ckan(resource.document, record, contact).record
    publisher = resource.publisher
    package["organization"] = organisation_of(publisher) if publisher else None
    package["owner_org"] = dashed(publisher.id) if publisher else None
    package["creator_user_id"] = None
    package["isopen"] = is_open_licence(resource.document.get("licence"))
    for number, form in zip(distribution_numbers(resource.id, resource.document), package["resources"], strict=True):
        _complete(form, number, package)
    return package


def _complete(resource: Json, number: str, package: Json) -> None:
    """What clients find in every resource (udata leaves out a dataset that lacks one of them)."""
    if resource["id"] not in {None, number}:
        resource["identifier"] = resource["id"]
    resource |= {
        "format": format_name(resource["format"], resource["mimetype"]) or "",
        "id": number,
        "name": resource["name"] or "",
        "description": resource["description"] or "",
        "cache_url": None,
        "cache_last_updated": None,
        "created": package["metadata_created"],
        "datastore_active": False,
        "metadata_modified": package["metadata_modified"],
        "mimetype_inner": None,
    }
