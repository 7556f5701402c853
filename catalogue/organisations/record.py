"""Putting organisations into the catalogue, and finding the one that a name or number means."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.organisations.models import Organisation, OrganisationIdentifier, OrganisationName
from catalogue.slugs import fold, free_slug
from schemas.clock import Clock, Ids
from schemas.errors import NotFound, Refused
from schemas.outcomes import Action

_BETWEEN_WORDS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class OrganisationDetails:
    """What a source says of an organisation. `aliases` are (name, language or None); `identifiers` (scheme, value)."""

    name: str
    slug: str = ""
    aliases: tuple[tuple[str, str | None], ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    kind: str | None = None
    jurisdiction: str | None = None
    area: str | None = None
    parent: str | None = None
    website: str | None = None
    started_on: str | None = None
    ended_on: str | None = None
    source: str | None = None


def fold_name(name: str) -> str:
    """What two spellings of one name have in common: case, accents, punctuation and “&” do not count."""
    return _BETWEEN_WORDS.sub(" ", fold(name).replace("&", " and ")).strip()


def organisation_by_identifier(session: Session, scheme: str, value: str) -> Organisation | None:
    """The organisation with a number in a list."""
    return session.scalar(
        select(Organisation)
        .join(OrganisationIdentifier)
        .where(OrganisationIdentifier.scheme == scheme, OrganisationIdentifier.value == value)
    )


def organisation_by_name(session: Session, name: str, jurisdiction: str | None = None) -> Organisation | None:
    """The one organisation that a name can mean; None where none or several bear it.

    Where the name's country is known, bodies of another country do not count.
    """
    found = session.scalars(
        select(Organisation).join(OrganisationName).where(OrganisationName.folded == fold_name(name)).distinct()
    ).all()
    if jurisdiction:
        country = jurisdiction[:2]
        found = [body for body in found if body.jurisdiction is None or body.jurisdiction[:2] == country]
    return found[0] if len(found) == 1 else None


def find_organisation(session: Session, text: str) -> Organisation:
    """The organisation that a short name, id, number (`scheme:value`) or name means. Raises NotFound."""
    found = session.scalar(select(Organisation).where((Organisation.slug == text) | (Organisation.id == text)))
    if found is None and ":" in text:
        scheme, _, value = text.partition(":")
        found = organisation_by_identifier(session, scheme, value)
    found = found or organisation_by_name(session, text)
    if found is None:
        raise NotFound(
            f"There is no organisation “{text}”.",
            "See “gazette organisations list” for those there are, with their short names.",
        )
    return found


def record_organisation(
    session: Session, details: OrganisationDetails, clock: Clock, ids: Ids
) -> tuple[Action, Organisation]:
    """Add an organisation, or bring the one that is meant up to what the source says.

    It is meant when a number or the short name is the same, else when exactly one body of the same country bears the
    name. What a source does not state is left as it was. Raises Refused where a number belongs to another body, and
    NotFound where the parent is not there.
    """
    body = _meant(session, details)
    action = Action.UNCHANGED
    if body is None:
        action = Action.ADDED
        body = _new(session, details, clock, ids)
    changed = _fill(session, body, details)
    changed = _add_names(body, details, ids) or changed
    changed = _add_identifiers(session, body, details, ids) or changed
    if changed and action is Action.UNCHANGED:
        action = Action.CHANGED
        body.changed_at = clock()
    session.flush()
    return action, body


def _meant(session: Session, details: OrganisationDetails) -> Organisation | None:
    for scheme, value in details.identifiers:
        if body := organisation_by_identifier(session, scheme, value):
            return body
    if details.slug:
        return session.scalar(select(Organisation).where(Organisation.slug == details.slug))
    body = organisation_by_name(session, details.name, details.jurisdiction)
    if body is None:
        return None
    # One list does not give one body two numbers: the same name under another number is another body.
    schemes = {scheme for scheme, _ in details.identifiers}
    return None if schemes & {identifier.scheme for identifier in body.identifiers} else body


def _new(session: Session, details: OrganisationDetails, clock: Clock, ids: Ids) -> Organisation:
    slug = details.slug or free_slug(session, Organisation.slug, details.name)
    now = clock()
    body = Organisation(id=ids(), slug=slug, name=details.name, added_at=now, changed_at=now, names=[], identifiers=[])
    session.add(body)
    session.flush()
    return body


def _fill(session: Session, body: Organisation, details: OrganisationDetails) -> bool:
    # What two sources say differently stays as the first said it, so that imports do not change it back and forth.
    first = body.source in {None, details.source}
    stated = {
        "name": details.name if first and (details.slug or details.identifiers) else None,
        "kind": details.kind if first or body.kind is None else None,
        "jurisdiction": details.jurisdiction if first or body.jurisdiction is None else None,
        "area": details.area,
        "website": details.website,
        "started_on": details.started_on,
        "ended_on": details.ended_on,
        "source": details.source if body.source is None else None,
        "parent_id": find_organisation(session, details.parent).id if details.parent else None,
    }
    if stated["parent_id"] == body.id:
        raise Refused(f"“{details.name}” cannot be a part of itself.", "Name another body as its parent.")
    changed = False
    for name, value in stated.items():
        if value and getattr(body, name) != value:
            setattr(body, name, value)
            changed = True
    return changed


def _add_names(body: Organisation, details: OrganisationDetails, ids: Ids) -> bool:
    known = {name.folded for name in body.names}
    changed = False
    for name, language in ((body.name, None), (details.name, None), *details.aliases):
        folded = fold_name(name)
        if folded and folded not in known:
            known.add(folded)
            body.names.append(OrganisationName(id=ids(), name=name, folded=folded, language=language))
            changed = True
    return changed


def _add_identifiers(session: Session, body: Organisation, details: OrganisationDetails, ids: Ids) -> bool:
    changed = False
    for scheme, value in details.identifiers:
        holder = organisation_by_identifier(session, scheme, value)
        if holder is not None and holder.id != body.id:
            raise Refused(
                f"The number {scheme}:{value} belongs to “{holder.name}”, not to “{body.name}”.",
                "Correct the number, or leave it out.",
            )
        if holder is None:
            body.identifiers.append(OrganisationIdentifier(id=ids(), scheme=scheme, value=value))
            changed = True
            session.flush()
    return changed


def publisher_named(
    session: Session, name: str, part_of: tuple[str, ...], source: str | None, clock: Clock, ids: Ids
) -> tuple[Action, Organisation]:
    """The body that a record names as its publisher, added with the bodies it belongs to where it is new."""
    parent: str | None = None
    for superior in reversed(part_of):
        if fold_name(superior) != fold_name(name):
            _, body = record_organisation(
                session, OrganisationDetails(name=superior, parent=parent, source=source), clock, ids
            )
            parent = body.id
    found = organisation_by_name(session, name)
    if found is not None:
        return Action.UNCHANGED, found
    return record_organisation(session, OrganisationDetails(name=name, parent=parent, source=source), clock, ids)
