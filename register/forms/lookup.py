"""Finding by name what a record points to: organisations, datasets, powers and other agreements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from catalogue.datasets.models import CataloguedResource
from catalogue.organisations.models import Organisation, OrganisationName
from catalogue.organisations.record import fold_name
from register.agreements.models import Agreement
from register.powers.models import Power
from register.powers.read import search_powers
from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.database.engine import Database

Sought = Literal["organisation", "dataset", "power", "agreement"]

MOST_FOUND = 9
"""So many are shown at most: whoever finds more gives another word."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something found: its code, its title, and a note that tells it from others of the same name.

    `fills` are the members that choosing it writes into the record, by their names.
    """

    code: str
    title: str
    note: str = ""
    fills: Mapping[str, Any] = field(default_factory=dict)


class Lookup(Protocol):
    """Where the interview looks for what a record points to."""

    def search(self, kind: Sought, text: str) -> Sequence[Candidate]:
        """What bears a name with these words, the best first. Raises Unreachable where nothing answers."""


class NoLookup:
    """Nothing to look in: names are taken as they are typed."""

    def search(self, _kind: Sought, _text: str) -> Sequence[Candidate]:
        """Nothing."""
        return ()


class Finding(Protocol):
    """What a register answers of names, and of whole records (see `register.api`)."""

    def lookup(self, kind: str, text: str) -> list[Json]:
        """What bears a name: `code`, `title`, `note` and `fills` of each."""
        ...

    def check(self, documents: Sequence[Json], profiles: Sequence[str]) -> list[list[Json]]:
        """Every problem of each record."""
        ...


@dataclass(frozen=True, slots=True)
class ApiLookup:
    """Looks in a register behind a server."""

    register: Finding

    def search(self, kind: Sought, text: str) -> Sequence[Candidate]:
        """What bears a name with these words, the best first. Raises Unreachable."""
        if not fold_name(text):
            return ()
        return [Candidate(**found) for found in self.register.lookup(kind, text)]


@dataclass(frozen=True, slots=True)
class DatabaseLookup:
    """Looks in the database of the data folder."""

    database: Database

    def search(self, kind: Sought, text: str) -> Sequence[Candidate]:
        """What bears a name with these words, the best first."""
        if not fold_name(text):
            return ()
        with self.database.read() as session:
            return _SEARCHES[kind](session, text)[:MOST_FOUND]


def _organisations(session: Session, text: str) -> list[Candidate]:
    query = (
        select(Organisation)
        .join(OrganisationName)
        .options(selectinload(Organisation.names), selectinload(Organisation.identifiers))
        .distinct()
    )
    for word in fold_name(text).split():
        query = query.where(OrganisationName.folded.contains(word, autoescape=True))
    found = list(session.scalars(query))
    if not found:
        found = list(session.scalars(select(Organisation).where(Organisation.slug == text)))
    found.sort(key=lambda body: _distance(text, body.name, *(name.name for name in body.names)))
    return [_organisation(body) for body in found]


def _organisation(body: Organisation) -> Candidate:
    notes = [
        title_of("organisation-kind", body.kind) if body.kind else "",
        body.jurisdiction or "",
        f"ended {body.ended_on}" if body.ended_on else "",
    ]
    fills: Json = {"name": body.name, "organisation": body.slug}
    if body.identifiers:
        fills["identifiers"] = [{"scheme": number.scheme, "id": number.value} for number in body.identifiers]
    return Candidate(body.slug, body.name, ", ".join(note for note in notes if note), fills)


def _datasets(session: Session, text: str) -> list[Candidate]:
    query = (
        select(CataloguedResource)
        .where(CataloguedResource.state == "active")
        .options(selectinload(CataloguedResource.publisher))
    )
    for word in fold_name(text).split():
        query = query.where(func.lower(CataloguedResource.title).contains(word, autoescape=True))
    found = list(session.scalars(query.limit(500)))
    if not found:
        found = list(session.scalars(select(CataloguedResource).where(CataloguedResource.slug == text)))
    found.sort(key=lambda dataset: _distance(text, dataset.title))
    return [
        Candidate(
            dataset.slug,
            dataset.title,
            dataset.publisher.name if dataset.publisher else "",
            {"title": dataset.title, "catalogueId": dataset.slug},
        )
        for dataset in found
    ]


def _powers(session: Session, text: str) -> list[Candidate]:
    return [_power(power) for power in search_powers(session, text)]


def _power(power: Power) -> Candidate:
    stated = {
        "instrument": power.instrument,
        "provision": power.provision,
        "title": power.title,
        "power": power.id,
        "url": power.url,
        "jurisdiction": power.jurisdiction,
    }
    fills: Json = {name: value for name, value in stated.items() if value}
    if power.scheme and power.code:
        fills["identifier"] = {"scheme": power.scheme, "id": power.code}
    note = " ".join(part for part in (power.instrument, power.provision) if part)
    return Candidate(power.id, power.title, note, fills)


def _agreements(session: Session, text: str) -> list[Candidate]:
    query = select(Agreement)
    for word in fold_name(text).split():
        query = query.where(func.lower(Agreement.title).contains(word, autoescape=True))
    found = list(session.scalars(query.limit(500)))
    if not found:
        found = list(session.scalars(select(Agreement).where(Agreement.id == text.strip().casefold())))
    found.sort(key=lambda agreement: (_distance(text, agreement.title), agreement.serial))
    return [Candidate(one.id, one.title, one.id, {"name": one.title, "agreement": one.id}) for one in found]


def _distance(text: str, *names: str) -> tuple[int, int, str]:
    """How far names are from what was typed: the same, beginning with it, else holding its words; short ones first."""
    wanted = fold_name(text)
    folded = [fold_name(name) for name in names]
    place = 0 if wanted in folded else 1 if any(name.startswith(wanted) for name in folded) else 2
    return place, len(names[0]), names[0]


_SEARCHES: Mapping[Sought, Callable[[Session, str], list[Candidate]]] = {
    "organisation": _organisations,
    "dataset": _datasets,
    "power": _powers,
    "agreement": _agreements,
}
