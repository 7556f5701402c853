"""What packages say beside the fields of the search (extras, and CKAN's lesser members), looked up in the database.

The search has no field for what any portal may add, so the records that say something are found by their documents,
and a query names them one by one.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.contacts import Contact
from catalogue.datasets.models import CataloguedResource, Distribution
from catalogue.formats.ckan_writing import OPEN_OTHERS, licence_of
from catalogue.harvest.models import HarvestSource
from catalogue.licences import is_open_licence
from catalogue.organisations.models import Organisation
from schemas.codelists import codelist
from web.ckan.errors import SearchError
from web.ckan.numbers import dashed

Values = Mapping[str, Sequence[str]]
"""For each value of a member the numbers of the datasets that have it."""

MOST_NAMED = 50_000
"""A member of so many different records is too much to be looked up; beyond that the search itself would have to."""

_ACTIVE = CataloguedResource.state == "active"
Pairs = Iterable[tuple[str, str]]


def too_many() -> SearchError:
    """The error where a member is stated by more records than can be named."""
    return SearchError(f"More than {MOST_NAMED:,} records would have to be named one by one; ask for fewer.")


def is_member(name: str) -> bool:
    """Whether this is a member that packages here have of themselves, and no extra of some portal."""
    return name in _LOADERS or name in _PLACES


def stated_values(session: Session, name: str) -> Values | None:
    """The values of a member; None where too many records state it."""
    found: dict[str, list[str]] = {}
    for count, (number, value) in enumerate(_pairs(session, name)):
        if count >= MOST_NAMED:
            return None
        found.setdefault(value, []).append(number)
    return found


def _pairs(session: Session, name: str) -> Pairs:
    loader = _LOADERS.get(name)
    if loader is not None:
        return loader(session)
    path, read = _PLACES.get(name, (("extras", name), _texts))
    return _stated(session, path, read)


def _stated(session: Session, path: tuple[str | int, ...], read: Callable[[object], Iterable[str]]) -> Pairs:
    """Numbers and values of one place in all documents."""
    place = CataloguedResource.document[path]
    query = select(CataloguedResource.id, place).where(_ACTIVE, place.as_string().is_not(None))
    for number, value in session.execute(query.limit(MOST_NAMED + 1)):
        for text in dict.fromkeys(read(value)):
            yield number, text


def _texts(value: object) -> Iterator[str]:
    """A value as a package writes it; of a list its items too, which clients look for."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, str))
    if value is not None:
        yield value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _addresses(name: str) -> Callable[[object], Iterator[str]]:
    """Codes of a list, written as the addresses that packages have, and as they are."""

    def read(value: object) -> Iterator[str]:
        entry = codelist(name).get(value) if isinstance(value, str) else None
        if entry is not None:
            yield from filter(None, (entry.same_as, entry.code))

    return read


def _members(name: str) -> Callable[[object], Iterator[str]]:
    """One member of each of several groups of fields."""

    def read(value: object) -> Iterator[str]:
        for item in value if isinstance(value, list) else ():
            if isinstance(item, dict) and isinstance(item.get(name), str):
                yield item[name]

    return read


_PLACES: Mapping[str, tuple[tuple[str | int, ...], Callable[[object], Iterable[str]]]] = {
    "identifier": (("identifier",), _texts),
    "guid": (("identifier",), _texts),
    "publisher_name": (("publisher", "name"), _texts),
    "url": (("landingPage",), _texts),
    "version": (("version",), _texts),
    "rights": (("rights",), _texts),
    "language": (("language",), _texts),
    "conforms_to": (("conformsTo",), _texts),
    "documentation": (("page",), _texts),
    "issued": (("issued",), _texts),
    "modified": (("modified",), _texts),
    "theme": (("sourceTheme",), _texts),
    "temporal_start": (("temporal",), _members("start")),
    "temporal_end": (("temporal",), _members("end")),
    "spatial_text": (("spatial",), _members("name")),
    "spatial_uri": (("spatial",), _members("uri")),
    "frequency": (("accrualPeriodicity",), _addresses("accrual-periodicity")),
    "access_rights": (("accessRights",), _addresses("access-rights")),
    "vocab_tags": (("keyword",), _texts),
}
"""Where a document has what packages call so; any other name is an extra of its own."""


def _licences(session: Session) -> Pairs:
    place = CataloguedResource.document["licence"]
    for number, licence in session.execute(select(CataloguedResource.id, place).where(_ACTIVE)):
        yield number, licence_of(licence)["license_id"]


def _openness(session: Session) -> Pairs:
    place = CataloguedResource.document["licence"]
    for number, licence in session.execute(select(CataloguedResource.id, place).where(_ACTIVE).limit(MOST_NAMED + 1)):
        is_open = licence_of(licence)["license_id"] in OPEN_OTHERS or is_open_licence(licence)
        yield number, "true" if is_open else "false"


def _sources(session: Session) -> Iterator[tuple[str, str, str]]:
    query = select(CataloguedResource.id, HarvestSource.name, HarvestSource.id)
    query = query.join(HarvestSource, CataloguedResource.source == "harvest:" + HarvestSource.name)
    for number, name, source in session.execute(query.where(_ACTIVE)):
        yield number, name, dashed(source)


def _contacts(session: Session) -> Iterator[tuple[str, str, str]]:
    contact = CataloguedResource.document["contactPoint"].as_string()
    query = select(CataloguedResource.id, Contact.name, Contact.email).join(Contact, Contact.id == contact)
    for number, name, email in session.execute(query.where(_ACTIVE, Contact.erased_at.is_(None))):
        yield number, name or "", email or ""


def _resource_addresses(session: Session) -> Pairs:
    query = select(Distribution.resource_id, Distribution.access_url, Distribution.download_url)
    query = query.join(CataloguedResource, Distribution.resource_id == CataloguedResource.id).where(_ACTIVE)
    for number, *addresses in session.execute(query):
        yield from ((number, address) for address in dict.fromkeys(addresses) if address)


def _publishers(session: Session) -> Pairs:
    query = select(CataloguedResource.id, Organisation.slug).join(CataloguedResource.publisher).where(_ACTIVE)
    yield from ((number, slug) for number, slug in session.execute(query.limit(MOST_NAMED + 1)))


def _many(member: str) -> Callable[[Session], Pairs]:
    """How many of something each document has."""

    def load(session: Session) -> Pairs:
        place = CataloguedResource.document[member]
        for number, value in session.execute(select(CataloguedResource.id, place).where(_ACTIVE).limit(MOST_NAMED + 1)):
            yield number, str(len(value or ()))

    return load


_LOADERS: Mapping[str, Callable[[Session], Pairs]] = {
    "license_id": _licences,
    "isopen": _openness,
    "organization": _publishers,
    "num_resources": _many("distribution"),
    "num_tags": _many("keyword"),
    "harvest_source_title": lambda session: ((row[0], row[1]) for row in _sources(session)),
    "harvest_source_id": lambda session: ((row[0], row[2]) for row in _sources(session)),
    "maintainer": lambda session: ((row[0], row[1]) for row in _contacts(session) if row[1]),
    "maintainer_email": lambda session: ((row[0], row[2]) for row in _contacts(session) if row[2]),
    "res_url": _resource_addresses,
}
