"""What the catalogue and the register know of the things that records name, read at once for many records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalogue.datasets.models import CataloguedResource
from catalogue.organisations.models import Organisation, OrganisationIdentifier, OrganisationName
from catalogue.organisations.record import fold_name
from register.agreements.models import Agreement, AgreementNumber
from register.checks.fields import datasets_in, group, groups, listed, party_names, text
from register.powers.read import powers_table
from register.powers.table import PowersTable
from schemas.canonical import Json

_BATCH = 500
"""SQLite takes at most 32,766 values in a statement, older ones 999."""


@dataclass(frozen=True, slots=True)
class DatasetKnown:
    """A dataset of the catalogue: its short name, title and state (`active` or `withdrawn`)."""

    slug: str
    title: str
    state: str = "active"


@dataclass(frozen=True, slots=True)
class OrganisationKnown:
    """An organisation of the catalogue: its short name, name, kind (a code of organisation-kind) and last day."""

    slug: str
    name: str
    kind: str | None = None
    ended_on: str | None = None


@dataclass(frozen=True)
class Tables:
    """What is known of the things some records name; what they do not name is not there.

    `datasets` are known by whatever the records call them (short name, id, or the publisher's identifier),
    `organisations` by their short names, `bodies` by folded name where one alone bears it, `numbered` by a number
    (scheme, value); `agreements` are the numbers that are given, `numbers` those elsewhere (scheme, value) with the
    agreement that holds each.
    """

    datasets: Mapping[str, DatasetKnown] = field(default_factory=dict)
    organisations: Mapping[str, OrganisationKnown] = field(default_factory=dict)
    bodies: Mapping[str, OrganisationKnown] = field(default_factory=dict)
    agreements: frozenset[str] = frozenset()
    numbers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    powers: PowersTable | None = None
    numbered: Mapping[tuple[str, str], OrganisationKnown] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Named:
    """What some records name."""

    datasets: set[str]
    organisations: set[str]
    bodies: set[str]
    agreements: set[str]
    numbers: set[tuple[str, str]]
    party_numbers: set[tuple[str, str]]


def tables_for(session: Session, documents: Sequence[object]) -> Tables:
    """What is known of the datasets, organisations, agreements and powers that some records name.

    A few queries for all of them; the table of powers is read where a record names a power.
    """
    named = _named(documents)
    powers = powers_table(session) if any(map(_names_powers, documents)) else None
    return Tables(
        _datasets(session, named.datasets),
        _organisations(session, named.organisations),
        _bodies(session, named.bodies),
        _agreements(session, named.agreements),
        _numbers(session, named.numbers),
        powers,
        _numbered(session, named.party_numbers),
    )


def names_what_is_elsewhere(document: object) -> bool:
    """Whether a record names anything that only the catalogue or the register can tell of."""
    named = _named([document])
    return bool(_names_powers(document) or named.datasets or named.organisations or named.agreements)


def agreements_named(document: Json) -> Iterator[tuple[str, str]]:
    """Each agreement of this register that a record names, with its JSON Pointer."""
    places = [("/parentAgreement", group(document.get("parentAgreement"))), *groups(document, "relatedAgreements")]
    for place, flow in groups(document, "flows"):
        places += groups(flow, "derivedFrom", place)
    yield from ((f"{place}/agreement", number) for place, entry in places if (number := text(entry.get("agreement"))))


def organisations_named(document: Json) -> Iterator[tuple[str, str]]:
    """Each organisation that a record names by its short name, with its JSON Pointer."""
    for place, party in groups(document, "parties"):
        for where, body in [(place, party), *groups(party, "otherRecipients", place)]:
            if slug := text(body.get("organisation")):
                yield f"{where}/organisation", slug


def registrant_of(document: Json) -> str:
    """The organisation that registers a record; "" where it does not say."""
    return text(group(document.get("provenance")).get("registeredBy"))


def numbers_named(document: Json) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each number (scheme, value) that a record bears elsewhere, with its JSON Pointer."""
    for place, number in groups(document, "externalIds"):
        scheme, value = number.get("scheme"), number.get("id")
        if isinstance(scheme, str) and isinstance(value, str):
            yield place, (scheme, value)


def party_numbers_named(party: Json) -> Iterator[tuple[int, tuple[str, str]]]:
    """Each number (scheme, value) that a party bears in a list of bodies, with its place among them."""
    for place, number in enumerate(listed(party.get("identifiers"))):
        scheme, value = group(number).get("scheme"), group(number).get("id")
        if isinstance(scheme, str) and isinstance(value, str):
            yield place, (scheme, value)


def _names_powers(document: object) -> bool:
    return any(True for _ in groups(document, "legalPowers"))


def _named(documents: Iterable[object]) -> _Named:
    named = _Named(set(), set(), set(), set(), set(), set())
    for document in documents:
        if not isinstance(document, dict):
            continue
        named.datasets.update(text(dataset.get("catalogueId")) for _, dataset in datasets_in(document))
        named.organisations.update(slug for _, slug in organisations_named(document))
        named.organisations.add(registrant_of(document))
        named.bodies.update(fold_name(name) for name in party_names(document))
        named.agreements.update(number for _, number in agreements_named(document))
        named.numbers.update(number for _, number in numbers_named(document))
        for _, party in groups(document, "parties"):
            named.party_numbers.update(number for _, number in party_numbers_named(party))
    for names in (named.datasets, named.organisations, named.bodies, named.agreements):
        names.discard("")
    return named


def _datasets(session: Session, names: set[str]) -> dict[str, DatasetKnown]:
    row = CataloguedResource
    found: dict[str, DatasetKnown] = {}
    by_slug: dict[str, DatasetKnown] = {}
    for batch in _batches(names):
        named = or_(row.slug.in_(batch), row.id.in_(batch), row.identifier.in_(batch))
        query = select(row.slug, row.id, row.identifier, row.title, row.state).where(named)
        for slug, number, identifier, title, state in session.execute(query):
            known = by_slug[slug] = DatasetKnown(slug, title, state)
            found.setdefault(number, known)
            found.setdefault(identifier, known)
    return found | by_slug


def _organisations(session: Session, slugs: set[str]) -> dict[str, OrganisationKnown]:
    return {
        body.slug: _known(body)
        for batch in _batches(slugs)
        for body in session.scalars(select(Organisation).where(Organisation.slug.in_(batch)))
    }


def _bodies(session: Session, names: set[str]) -> dict[str, OrganisationKnown]:
    """The organisations that some folded names mean, where a name means one alone."""
    found: dict[str, dict[str, OrganisationKnown]] = {}
    for batch in _batches(names):
        query = (
            select(OrganisationName.folded, Organisation)
            .join(Organisation, OrganisationName.organisation_id == Organisation.id)
            .where(OrganisationName.folded.in_(batch))
        )
        for folded, body in session.execute(query):
            found.setdefault(folded, {})[body.slug] = _known(body)
    return {folded: next(iter(bodies.values())) for folded, bodies in found.items() if len(bodies) == 1}


def _agreements(session: Session, numbers: set[str]) -> frozenset[str]:
    return frozenset(
        number
        for batch in _batches(numbers)
        for number in session.scalars(select(Agreement.id).where(Agreement.id.in_(batch)))
    )


def _numbers(session: Session, numbers: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    values = {value for _, value in numbers}
    rows = [
        row
        for batch in _batches(values)
        for row in session.scalars(select(AgreementNumber).where(AgreementNumber.value.in_(batch)))
    ]
    held = {(row.scheme, row.value): row.agreement_id for row in rows}
    return {number: agreement for number, agreement in held.items() if number in numbers}


def _numbered(session: Session, numbers: set[tuple[str, str]]) -> dict[tuple[str, str], OrganisationKnown]:
    row = OrganisationIdentifier
    found = {
        (scheme, value): _known(body)
        for batch in _batches({value for _, value in numbers})
        for scheme, value, body in session.execute(
            select(row.scheme, row.value, Organisation).join(Organisation).where(row.value.in_(batch))
        )
    }
    return {number: body for number, body in found.items() if number in numbers}


def _known(body: Organisation) -> OrganisationKnown:
    return OrganisationKnown(body.slug, body.name, body.kind, body.ended_on)


def _batches(names: set[str]) -> Iterator[list[str]]:
    # A database of text takes neither a NUL nor half a character.
    wanted = sorted(name for name in names if "\0" not in name and name.isprintable())
    for start in range(0, len(wanted), _BATCH):
        yield wanted[start : start + _BATCH]
