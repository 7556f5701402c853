"""The packages of datasets, written once and kept while nothing that they say has changed."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

from flask import current_app
from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from catalogue.contacts import Contact
from catalogue.datasets.distribution_numbers import distribution_numbers
from catalogue.datasets.models import CataloguedResource
from catalogue.formats.ckan_writing import OPEN_OTHERS, PackageRecord, dataset_to_ckan
from catalogue.formats.media_types import format_name
from catalogue.harvest.models import HarvestSource
from catalogue.licences import is_open_licence
from catalogue.organisations.models import Organisation
from schemas.canonical import Json
from web.ckan.numbers import dashed, naive
from web.ckan.organisation_words import organisation_of
from web.ckan.written import Prepared
from web.context import commit_mark

MOST_BYTES = 64_000_000
"""So much is kept in each process."""

MOST_HELD = 50_000
"""Of so many records each process knows at the most that nothing was committed since it read their state."""

_NAME = "ckan_packages"
_UNCHANGED = "ckan_unchanged"
_RESOURCE, _BODY, _CONTACT = CataloguedResource.__table__, Organisation.__table__, Contact.__table__
_PUBLISHED = _RESOURCE.outerjoin(_BODY, _RESOURCE.c.publisher_id == _BODY.c.id)
_ACTIVE = _RESOURCE.c.state == "active"
_SAID = (_RESOURCE.c.id, _RESOURCE.c.revision, _RESOURCE.c.slug, _BODY.c.slug, _BODY.c.name)
_NUMBERED = (
    select(*_SAID).select_from(_PUBLISHED).where(_ACTIVE, _RESOURCE.c.id.in_(bindparam("numbers", expanding=True)))
)
_CALLED = (
    select(*_SAID)
    .select_from(_PUBLISHED)
    .where(_ACTIVE, or_(_RESOURCE.c.slug == bindparam("name"), _RESOURCE.c.id == bindparam("number")))
    .limit(1)
)
_SHOWN = (
    select(*_SAID, _CONTACT.c.id, _CONTACT.c.name, _CONTACT.c.email)
    .select_from(
        _PUBLISHED.outerjoin(
            _CONTACT,
            and_(
                _CONTACT.c.id == _RESOURCE.c.document["contactPoint"].as_string(),
                _CONTACT.c.erased_at.is_(None),
            ),
        )
    )
    .where(_ACTIVE, or_(_RESOURCE.c.slug == bindparam("name"), _RESOURCE.c.id == bindparam("number")))
    .limit(1)
)
_WHOLE = (
    select(CataloguedResource)
    .where(CataloguedResource.id.in_(bindparam("numbers", expanding=True)), CataloguedResource.state == "active")
    .options(joinedload(CataloguedResource.publisher))
)
_CONTACTS = select(_CONTACT.c.id, _CONTACT.c.name, _CONTACT.c.email).where(
    _CONTACT.c.id.in_(bindparam("numbers", expanding=True)), _CONTACT.c.erased_at.is_(None)
)
_NAMES = select(_BODY.c.slug, _BODY.c.name).where(_BODY.c.slug.in_(bindparam("slugs", expanding=True)))
"""Asked of the tables themselves: nothing is as often asked as this, and no objects are wanted."""

State = tuple[object, ...]
"""What a package says beside its document and its contact: when it differs, the package is written anew."""

Told = tuple[str | None, str | None]
"""Name and address of a contact."""


class Kept(NamedTuple):
    """A package that was written, of what state it is, and what it told of which contact."""

    state: State
    contact: str
    told: Told
    package: Prepared


@dataclass
class Packages:
    """The packages written last. One for all threads of an application."""

    _lock: Lock = field(default_factory=Lock)
    _kept: "OrderedDict[str, Kept]" = field(default_factory=OrderedDict)
    _bytes: int = 0

    def known(self, states: Mapping[str, State]) -> dict[str, Kept]:
        """Those of these records that are in these states, whatever became of their contacts."""
        found = {}
        with self._lock:
            for number, state in states.items():
                kept = self._kept.get(number)
                if kept is not None and kept.state == state:
                    found[number] = kept
                    self._kept.move_to_end(number)
        return found

    def keep(self, written: Mapping[str, Kept]) -> None:
        """Keep packages, and forget those that were asked for longest ago."""
        with self._lock:
            for number, kept in written.items():
                before = self._kept.pop(number, None)
                self._bytes += len(kept.package.text) - (len(before.package.text) if before else 0)
                self._kept[number] = kept
            while self._bytes > MOST_BYTES:
                _number, gone = self._kept.popitem(last=False)
                self._bytes -= len(gone.package.text)


@dataclass(frozen=True, slots=True)
class Held:
    """What was read of records and organisations since one mark of the database, while nothing was committed."""

    mark: Hashable
    states: dict[str, tuple[State, Told]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


@dataclass
class Unchanged:
    """What is held at the mark that was seen last. One for all threads of an application."""

    _held: Held = Held(None)

    def at(self, mark: Hashable) -> Held:
        """What was read at a mark; nothing yet where it is another one."""
        held = self._held
        if held.mark != mark or len(held.states) > MOST_HELD:
            held = self._held = Held(mark)  # who works with the one before keeps it to himself
        return held


def packages_numbered(session: Session, numbers: Iterable[str]) -> dict[str, Prepared]:
    """The packages of active datasets, by their numbers; what has gone since is left out."""
    wanted = list(numbers)
    held = _held()
    found = _still(held, wanted)
    missing = [number for number in wanted if number not in found]
    if missing:
        rows = session.connection().execute(_NUMBERED, {"numbers": missing})
        read = _current(session, {row[0]: tuple(row[1:]) for row in rows})
        held.states.update({number: (one.state, one.told) for number, one in read.items()})
        found |= {number: one.package for number, one in read.items()}
    return found


def _still(held: Held, numbers: Sequence[str]) -> dict[str, Prepared]:
    """The packages that were written, of records that are known to be as they were then."""
    states = {number: held.states[number] for number in numbers if number in held.states}
    kept = _packages().known({number: state for number, (state, _told) in states.items()}) if states else {}
    return {number: one.package for number, one in kept.items() if one.told == states[number][1]}


def _held() -> Held:
    mark = commit_mark()
    if mark is None:
        return Held(None)
    unchanged: Unchanged = current_app.extensions.setdefault(_UNCHANGED, Unchanged())
    return unchanged.at(mark)


def package_called(session: Session, name: str, number: str) -> Prepared | None:
    """The package of the active dataset with a name or number; None where there is none."""
    row = session.connection().execute(_SHOWN, {"name": name, "number": number}).first()
    if row is None:
        return None
    resource, contact, told = row[0], row[5], (row[6], row[7])
    states = {resource: tuple(row[1:5])}
    packages = _packages()
    known = packages.known(states).get(resource)
    if known is not None and known.told == told:
        return known.package
    written = _written(session, [resource], states, {contact: told} if contact else {})
    packages.keep(written)
    return written[resource].package if resource in written else None


def state_of(session: Session, name: str, number: str) -> dict[str, State]:
    """The state of the active dataset with a name or number, by its number; empty where there is none."""
    rows = session.connection().execute(_CALLED, {"name": name, "number": number})
    return {row[0]: tuple(row[1:]) for row in rows}


def names_of(session: Session, slugs: Iterable[str]) -> dict[str, str]:
    """The names of organisations by their short names."""
    names = _held().names
    wanted = set(slugs)
    missing = sorted(wanted - names.keys())
    if missing:
        names.update(dict(tuple(row) for row in session.connection().execute(_NAMES, {"slugs": missing})))
    return {slug: names[slug] for slug in wanted & names.keys()}


def _current(session: Session, states: Mapping[str, State]) -> dict[str, Kept]:
    """The packages of active datasets in the states that they are in."""
    packages = _packages()
    kept = packages.known(states)
    told = _told(session, {one.contact for one in kept.values()})
    fresh = {number: one for number, one in kept.items() if one.told == told.get(one.contact, _NOTHING)}
    missing = [number for number in states if number not in fresh]
    if missing:
        written = _written(session, missing, states, None)
        packages.keep(written)
        fresh |= written
    return {number: fresh[number] for number in states if number in fresh}


_NOTHING: Told = (None, None)


def _packages() -> Packages:
    packages: Packages = current_app.extensions.setdefault(_NAME, Packages())
    return packages


def _told(session: Session, numbers: set[str]) -> dict[str, Told]:
    wanted = sorted(numbers - {""})
    if not wanted:
        return {}
    rows = session.connection().execute(_CONTACTS, {"numbers": wanted})
    return {number: (name, email) for number, name, email in rows}


def _written(
    session: Session, numbers: Sequence[str], states: Mapping[str, State], contacts: Mapping[str, Told] | None
) -> dict[str, Kept]:
    """Write packages; `contacts` are those of them all where they are known already."""
    resources = session.scalars(_WHOLE, {"numbers": list(numbers)}).all()
    if contacts is None:
        contacts = _told(session, {_contact_number(resource) for resource in resources})
    sources = _sources(session, {resource.source for resource in resources})
    found = {}
    for resource in resources:
        number = _contact_number(resource)
        told = contacts.get(number, _NOTHING)
        package = _package(resource, told, sources.get(resource.source))
        found[resource.id] = Kept(states[resource.id], number, told, Prepared.of(package))
    return found


def _contact_number(resource: CataloguedResource) -> str:
    return str(resource.document.get("contactPoint", ""))


def _sources(session: Session, keys: set[str]) -> dict[str, HarvestSource]:
    """The sites that records were harvested from, by the first halves of the records' keys."""
    names = [key.removeprefix("harvest:") for key in keys if key.startswith("harvest:")]
    if not names:
        return {}
    query = select(HarvestSource).where(HarvestSource.name.in_(names))
    return {source.key: source for source in session.scalars(query)}


def _package(resource: CataloguedResource, told: Told, source: HarvestSource | None) -> Json:
    record = PackageRecord(
        id=dashed(resource.id),
        name=resource.slug,
        created=naive(resource.first_seen_at),
        modified=naive(resource.metadata_modified_at),
        organisation={},
    )
    contact = {name: value for name, value in zip(("name", "email"), told, strict=True) if value is not None}
    package = dataset_to_ckan(resource.document, record, contact).record
    publisher = resource.publisher
    package["organization"] = organisation_of(publisher) if publisher else None
    package["owner_org"] = dashed(publisher.id) if publisher else None
    package["creator_user_id"] = None
    package["isopen"] = package["license_id"] in OPEN_OTHERS or is_open_licence(resource.document.get("licence"))
    if source is not None:
        harvested = {"harvest_source_id": dashed(source.id), "harvest_source_title": source.name}
        package["extras"] += [{"key": key, "value": value} for key, value in harvested.items()]
        package["extras"].sort(key=lambda pair: pair["key"])
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
