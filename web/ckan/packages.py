"""Packages: datasets as `package_show` gives them, and agreements for who asks for that type."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from catalogue.datasets.models import CataloguedResource, Distribution
from register.agreements.models import Agreement, AgreementParty
from schemas.canonical import Json
from schemas.database.engine import Database
from web.ckan.agreement_packages import agreement_numbers, agreement_package
from web.ckan.errors import NotFoundError
from web.ckan.numbers import plain_number
from web.ckan.parameters import Parameters
from web.ckan.prepared import package_called, packages_numbered
from web.ckan.written import Prepared, Texts
from web.context import web_context

_AT_ONCE = 500
_NAMES_AT_ONCE = 5_000

MOST_DATASETS = 1_000
"""So many datasets are shown with the organisation, group or tag that has them."""


def package_show(asked: Parameters, session: Session) -> Prepared:
    """Return the metadata of a dataset (package) and its resources. id: its id or name."""
    name = asked.text("id").strip() or asked.text("name_or_id").strip()
    return _shown(session, name or asked.required("id", "name_or_id"))


def _shown(session: Session, name: str) -> Prepared:
    package = package_called(session, name, plain_number(name))
    if package is not None:
        return package
    name = agreement_numbers(session).packages.get(name.lower(), name)
    agreement = agreements_numbered(session, [name]).get(name)
    if agreement is None:
        raise NotFoundError
    return agreement


def package_list(asked: Parameters, _session: Session) -> Texts:
    """Return the names of all datasets (packages). limit, offset: a part of them."""
    table = CataloguedResource.__table__  # names alone are wanted, and of all records: no objects
    query = select(table.c.slug).where(table.c.state == "active").order_by(table.c.slug)
    query = _part(query, asked)
    return Texts(_names(web_context().database, query))


def _names(database: Database, query: Select[str]) -> Iterator[list[str]]:
    """Names in batches, read while they are sent: a request's own session is closed before that."""
    with database.read() as session:
        rows = session.connection().execute(query, execution_options={"yield_per": _NAMES_AT_ONCE})
        for part in rows.partitions():
            yield [row[0] for row in part]


def current_package_list_with_resources(asked: Parameters, _session: Session) -> Iterator[Prepared]:
    """Return datasets (packages) with their resources, those changed last first. limit, offset: a part of them."""
    query = select(CataloguedResource.id).where(CataloguedResource.state == "active")
    query = _part(query.order_by(CataloguedResource.metadata_modified_at.desc(), CataloguedResource.id), asked)
    return _packages(web_context().database, query)


def _packages(database: Database, query: Select[str]) -> Iterator[Prepared]:
    with database.read() as session:
        yield from _in_parts(session, session.scalars(query).all())


def _part(query: Select[str], asked: Parameters) -> Select[str]:
    """The part of a list that is asked for; 0 and nothing both ask for all."""
    limit, offset = asked.natural("limit", 0), asked.natural("offset", 0)
    query = query.limit(limit) if limit else query
    return query.offset(offset) if offset else query


def _in_parts(session: Session, numbers: Sequence[str]) -> Iterator[Prepared]:
    for begin in range(0, len(numbers), _AT_ONCE):
        part = numbers[begin : begin + _AT_ONCE]
        found = packages_numbered(session, part)
        yield from (found[number] for number in part if number in found)


def datasets_of(session: Session, organisation_id: str, most: int) -> Sequence[str]:
    """The numbers of the datasets of an organisation, those changed last first."""
    query = (
        select(CataloguedResource.id)
        .where(CataloguedResource.publisher_id == organisation_id, CataloguedResource.state == "active")
        .order_by(CataloguedResource.metadata_modified_at.desc(), CataloguedResource.id)
        .limit(most)
    )
    return session.scalars(query).all()


def packages_of(session: Session, organisation_id: str, most: int) -> list[Prepared]:
    """The packages of an organisation, those changed last first."""
    return list(_in_parts(session, datasets_of(session, organisation_id, most)))


def agreements_numbered(session: Session, numbers: Iterable[str]) -> dict[str, Prepared]:
    """The packages of agreements, by their numbers."""
    wanted = list(numbers)
    if not wanted:
        return {}
    parties = selectinload(Agreement.parties).selectinload(AgreementParty.organisation)
    query = select(Agreement).where(Agreement.id.in_(wanted)).options(parties)
    return {agreement.id: Prepared.of(agreement_package(agreement)) for agreement in session.scalars(query)}


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
        return _of_agreement(session, number.lower())
    package = packages_numbered(session, [row.resource_id]).get(row.resource_id)
    if package is None:
        raise NotFoundError
    resources: list[Json] = package.value()["resources"]
    return resources[row.position]


def _of_agreement(session: Session, number: str) -> Json:
    """The resource of an agreement's package with a number. Raises NotFoundError."""
    name = agreement_numbers(session).resources.get(number, "")
    for package in agreements_numbered(session, [name] if name else []).values():
        resources: list[Json] = package.value()["resources"]
        return next(resource for resource in resources if resource["id"] == number)
    raise NotFoundError
