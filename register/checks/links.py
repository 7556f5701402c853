"""Links that lead somewhere: datasets, organisations, other agreements, and numbers that are free."""

from collections.abc import Iterator

from catalogue.organisations.record import fold_name
from register.checks.fields import datasets_in, group, groups, is_officials_own, listed, text, title_at
from register.checks.order import day_at
from register.checks.tables import (
    OrganisationKnown,
    Tables,
    agreements_named,
    numbers_named,
    organisations_named,
    party_numbers_named,
    registrant_of,
)
from schemas.canonical import Json
from schemas.dates import is_date, last_day
from schemas.problems import Problem, Severity

RULE = "register rule: links lead somewhere"
_LIST = "See “gazette organisations list” for those there are, with their short names."


def datasets_not_told(document: Json) -> list[Problem]:
    """Datasets that are neither linked to the catalogue nor said why they are not there."""
    return [
        _problem(
            f"{place}/catalogueId",
            "The dataset is not linked to the catalogue.",
            "Find it with “gazette catalogue search”, or say under “uncatalogued” why it is not there.",
            "warning",
        )
        for place, dataset in datasets_in(document)
        if "catalogueId" not in dataset and "uncatalogued" not in dataset
    ]


def registrant_not_a_party(document: Json) -> list[Problem]:
    """An official registers for an organisation that is a party."""
    parties = [party for _, party in groups(document, "parties")]
    slugs = {text(party.get("organisation")) for party in parties} - {""}
    registrant = registrant_of(document)
    if not is_officials_own(document) or not registrant or not slugs or registrant in slugs:
        return []
    if fold_name(registrant) in {fold_name(text(party.get("name"))) for party in parties}:
        return []
    return [
        _problem(
            "/provenance/registeredBy",
            f"“{registrant}” is none of the parties.",
            f"Write the short name of the party that registers it: {' or '.join(sorted(slugs))}.",
            "warning",
        )
    ]


def broken_links(document: Json, tables: Tables) -> list[Problem]:
    """Every link of a record that leads nowhere, or to something that is gone."""
    return [
        *_datasets(document, tables),
        *_organisations(document, tables),
        *_mistaken_parties(document, tables),
        *_agreements(document, tables),
        *_numbers(document, tables),
    ]


def _datasets(document: Json, tables: Tables) -> Iterator[Problem]:
    for place, dataset in datasets_in(document):
        name = text(dataset.get("catalogueId"))
        if not name:
            continue
        known = tables.datasets.get(name)
        if known is None:
            yield _problem(
                f"{place}/catalogueId",
                f"There is no dataset “{name}” in the catalogue.",
                "Find it with “gazette catalogue search”, or write under “uncatalogued” why it is not there.",
            )
        elif known.slug != name:
            yield _problem(
                f"{place}/catalogueId",
                f"The catalogue knows “{known.title}” by another short name.",
                f"Write “{known.slug}”.",
            )
        elif known.state == "withdrawn":
            yield _problem(
                f"{place}/catalogueId",
                f"The dataset “{known.title}” was withdrawn from the catalogue.",
                "If another took its place, link that one.",
                "warning",
            )


def _organisations(document: Json, tables: Tables) -> Iterator[Problem]:
    begins = day_at(document, "/signedOn") or day_at(document, "/effectiveFrom")
    for pointer, slug in organisations_named(document):
        body = tables.organisations.get(slug)
        if body is None:
            near = _by_name(document, pointer, tables)
            yield _problem(
                pointer, f"There is no organisation “{slug}” here.", f"Did you mean “{near}”?" if near else _LIST
            )
        elif body.ended_on and is_date(body.ended_on) and begins and begins.first > last_day(body.ended_on):
            yield _problem(
                pointer,
                f"“{body.name}” ended on {body.ended_on}, before this agreement began.",
                "Name the body that took its place, or correct the dates.",
                "warning",
            )
    yield from _parties_without_short_name(document, tables)
    registrant = registrant_of(document)
    if registrant and registrant not in tables.organisations and is_officials_own(document):
        yield _problem("/provenance/registeredBy", f"There is no organisation “{registrant}” here.", _LIST)


def _parties_without_short_name(document: Json, tables: Tables) -> Iterator[Problem]:
    for place, party in groups(document, "parties"):
        known = tables.bodies.get(fold_name(text(party.get("name"))))
        if known and "organisation" not in party and "identifiers" not in party:
            yield _problem(
                f"{place}/organisation",
                f"“{known.name}” stands in the catalogue, and the party is not linked to it.",
                f"If that is the one, write “organisation: {known.slug}”.",
                "warning",
            )


def _mistaken_parties(document: Json, tables: Tables) -> Iterator[Problem]:
    """Parties that bear the name or a number of another body than the one they are linked to, and one body twice.

    What the linked body says of the record would be shown under a name that is not its own.
    """
    seen: dict[str, str] = {}
    for place, party in groups(document, "parties"):
        name, body = text(party.get("name")), _linked_body(party, tables)
        if body is None:
            continue
        namesake = tables.bodies.get(fold_name(name))
        if namesake and namesake.slug != body.slug:
            yield _problem(
                f"{place}/name",
                f"“{name}” is the name of {namesake.slug}, and the party is linked to {body.slug} ({body.name}).",
                f"Link it to {namesake.slug}, or write the name of the body that is meant.",
            )
        for position, number in party_numbers_named(party):
            holder = tables.numbered.get(number)
            if holder and holder.slug != body.slug:
                yield _problem(
                    f"{place}/identifiers/{position}",
                    f"The number {':'.join(number)} belongs to {holder.slug} ({holder.name}), "
                    f"and the party is linked to {body.slug}.",
                    "Correct the number, or the link.",
                )
        if body.slug in seen:
            yield _problem(
                f"{place}/organisation",
                f"“{seen[body.slug]}” and “{name}” are one organisation here: {body.slug}.",
                "Name each body once, with all its roles.",
            )
        seen.setdefault(body.slug, name)


def _linked_body(party: Json, tables: Tables) -> OrganisationKnown | None:
    """The body that a party is taken for: by its short name, else by the first of its numbers that is known."""
    if known := tables.organisations.get(text(party.get("organisation"))):
        return known
    found = (tables.numbered.get(number) for _, number in party_numbers_named(party))
    return next((body for body in found if body), None)


def _by_name(document: Json, pointer: str, tables: Tables) -> str:
    """The short name of the body that bears the name of a party, where its own short name leads nowhere."""
    parts = pointer.split("/")
    if len(parts) != len(["", "parties", "0", "organisation"]):
        return ""
    party = group(listed(document.get("parties"))[int(parts[2])])
    known = tables.bodies.get(fold_name(text(party.get("name"))))
    return known.slug if known else ""


def _agreements(document: Json, tables: Tables) -> Iterator[Problem]:
    own = text(document.get("id"))
    for pointer, number in agreements_named(document):
        if number == own and not pointer.startswith("/flows/"):
            yield _problem(pointer, "The agreement names itself.", "Give the number of the other agreement.")
        elif number != own and number not in tables.agreements:
            yield _problem(
                pointer,
                f"There is no agreement {number} in this register.",
                "See “gazette register list”. One that stands elsewhere is named by “externalId” or “name”.",
            )


def _numbers(document: Json, tables: Tables) -> Iterator[Problem]:
    for place, (scheme, value) in numbers_named(document):
        holder = tables.numbers.get((scheme, value))
        if holder and "id" in document and holder != document["id"]:
            yield _problem(
                place,
                f"The number {scheme}:{value} belongs to agreement {holder}.",
                "Correct the number, or revise that agreement.",
            )
        elif holder and "id" not in document:
            yield _problem(
                place,
                f"The number {scheme}:{value} belongs to agreement {holder} already.",
                f"If this is the same agreement, amend or correct {holder}; if not, correct the number.",
                "warning",
            )


def _problem(pointer: str, message: str, advice: str, severity: Severity = "error") -> Problem:
    return Problem(pointer, message, advice, title_at(pointer), severity, RULE)
