"""The packages of datasets, written once and kept while nothing that they say has changed."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

from flask import current_app, g
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
from web.ckan.held import Held, State, Told, held_now
from web.ckan.numbers import dashed, naive
from web.ckan.organisation_words import organisation_of
from web.ckan.written import Prepared
from web.repeated import may_be_repeated

MOST_BYTES = 64_000_000
"""So much is kept in each process."""

AHEAD = 50
"""So many packages are written ahead for who asks for one after another in the order of their names."""

NEAR = 16
"""Between two steps of such a walk lie at most so many names; other processes answer for them."""

_NAME = "ckan_packages"
_AHEAD = "ckan_packages_ahead"
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
_FOLLOWING = (
    select(*_SAID)
    .select_from(_PUBLISHED)
    .where(_ACTIVE, _RESOURCE.c.slug > bindparam("name"))
    .order_by(_RESOURCE.c.slug)
    .limit(AHEAD)
)
_NAMES = select(_BODY.c.slug, _BODY.c.name).where(_BODY.c.slug.in_(bindparam("slugs", expanding=True)))
"""Asked of the tables themselves: nothing is as often asked as this, and no objects are wanted."""


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


def packages_numbered(session: Session, numbers: Iterable[str]) -> dict[str, Prepared]:
    """The packages of active datasets, by their numbers; what has gone since is left out."""
    wanted = list(numbers)
    held = held_now()
    found = _still(held, wanted)
    missing = [number for number in wanted if number not in found]
    if missing:
        rows = session.connection().execute(_NUMBERED, {"numbers": missing})
        read = _current(session, {row[0]: tuple(row[1:]) for row in rows})
        _hold(held, read)
        found |= {number: one.package for number, one in read.items()}
    return found


def _still(held: Held, numbers: Sequence[str]) -> dict[str, Prepared]:
    """The packages that were written, of records that are known to be as they were then."""
    states = {number: held.states[number] for number in numbers if number in held.states}
    kept = _packages().known({number: state for number, (state, _told) in states.items()}) if states else {}
    return {number: one.package for number, one in kept.items() if one.told == states[number][1]}


def _hold(held: Held, read: Mapping[str, Kept]) -> None:
    for number, one in read.items():
        held.states[number] = one.state, one.told
        held.called[str(one.state[1])] = number


def package_called(session: Session, name: str, number: str) -> Prepared | None:
    """The package of the active dataset with a name or number; None where there is none."""
    held = held_now()
    number = held.called.get(name, number)
    still = _still(held, [number]).get(number)
    package = still or _shown(session, held, name, number)
    if package is not None and name in held.called and held.mark is not None:
        begin = held.walk.step(name)
        if begin is not None and (still is None or (held.walk.expects and may_be_repeated())):
            _write_ahead(session, held, name, begin)
    return package


def _shown(session: Session, held: Held, name: str, number: str) -> Prepared | None:
    """The package of the active dataset with a name or number, as it stands in the database."""
    row = session.connection().execute(_SHOWN, {"name": name, "number": number}).first()
    if row is None:
        return None
    resource, contact, told = row[0], row[5], (row[6], row[7])
    states = {resource: tuple(row[1:5])}
    packages = _packages()
    kept = packages.known(states)
    if resource not in kept or kept[resource].told != told:
        kept = _written(session, [resource], states, {contact: told} if contact else {})
        packages.keep(kept)
    if resource not in kept:
        return None
    _hold(held, kept)
    return kept[resource].package


def _write_ahead(session: Session, held: Held, name: str, begin: str) -> None:
    """Write the packages behind this one for who goes through all of them: together each takes half as long."""
    rows = session.connection().execute(_FOLLOWING, {"name": begin}).all()
    names = [row[2] for row in rows]
    if name in names[:NEAR]:
        coming = {row[0]: tuple(row[1:]) for row in rows[names.index(name) + 1 :]}
        read = _current(session, coming)
        _hold(held, read)
        held.walk.read_to(names[-1])
        if held.walk.expects and may_be_repeated():
            setattr(g, _AHEAD, (name, {str(one.state[1]): one.package for one in read.values()}))


def written_ahead() -> tuple[str, dict[str, Prepared]]:
    """The name that this request asked for, and by their names the packages that it wrote for those after it."""
    ahead: tuple[str, dict[str, Prepared]] = g.get(_AHEAD, ("", {}))
    return ahead


def state_of(session: Session, name: str, number: str) -> dict[str, State]:
    """The state of the active dataset with a name or number, by its number; empty where there is none."""
    rows = session.connection().execute(_CALLED, {"name": name, "number": number})
    return {row[0]: tuple(row[1:]) for row in rows}


def names_of(session: Session, slugs: Iterable[str]) -> dict[str, str]:
    """The names of organisations by their short names."""
    names = held_now().organisations
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
