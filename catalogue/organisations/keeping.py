"""What people do to single organisations by hand: adding one, giving one another name, taking such a name away.

An import takes a name that another body of the same country bears for that body; by hand nobody is guessed at: what
stands there is told instead.
"""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.organisations.models import Organisation, OrganisationName
from catalogue.organisations.record import (
    OrganisationDetails,
    fold_name,
    organisation_by_identifier,
    record_organisation,
)
from catalogue.slugs import slug_of
from schemas.actor import Actor, Role
from schemas.checking import is_web_address
from schemas.cleaning import clean_text
from schemas.clock import Clock, Ids
from schemas.codelists import codelist
from schemas.dates import is_date, read_date
from schemas.errors import Conflict, InvalidInput, InvalidRecord, NotFound, Refused
from schemas.outcomes import Action
from schemas.problems import Problem

_LONGEST_NAME = 300
_TWO_OF_ONE_NAME = (
    "If another body is meant: where the countries of both are stated and differ, they may bear one name; "
    "otherwise give a name that tells the two apart."
)


def add_organisation(
    session: Session, actor: Actor, details: OrganisationDetails, clock: Clock, ids: Ids
) -> Organisation:
    """Add an organisation that is not here yet.

    Raises Refused where the actor may not; Conflict where its short name, a number or one of its names stands for
    another body; InvalidRecord with every problem of what is said of it; NotFound where its parent is not there.
    """
    _require_keeper(actor)
    details = _cleaned(details)
    problems = list(_problems(details))
    if problems:
        raise InvalidRecord(f"“{details.name}” cannot be added like this:", problems)
    _require_free(session, details)
    _, body = record_organisation(session, details, clock, ids)
    return body


def add_alias(
    session: Session, actor: Actor, body: Organisation, name: str, language: str | None, clock: Clock, ids: Ids
) -> Action:
    """Give an organisation another name, in a `language` (two letters) or in none said. It has it already: unchanged.

    Raises Refused where the actor may not, Conflict where the name stands for another body, InvalidRecord where it is
    no name.
    """
    _require_keeper(actor)
    name = _one_line(name)
    problems = list(_problems_of_name("/aliases", name, language))
    if problems:
        raise InvalidRecord(f"“{name}” cannot be a name of “{body.name}”:", problems)
    held = _name_of(body, name)
    if held is not None and (language is None or held.language == language or name == body.name):
        return Action.UNCHANGED
    if held is None:
        _require_free_name(session, name, body.jurisdiction, body)
        row = OrganisationName(id=ids(), name=name, folded=fold_name(name), language=language)
        body.names.append(row)
    else:
        held.language = language
    body.changed_at = clock()
    session.flush()
    return Action.ADDED if held is None else Action.CHANGED


def remove_alias(session: Session, actor: Actor, body: Organisation, name: str, clock: Clock) -> None:
    """Take a name away from an organisation that keeps its own.

    Raises Refused where the actor may not or it is the body's own name, NotFound where it has no such name.
    """
    _require_keeper(actor)
    held = _name_of(body, _one_line(name))
    if held is None:
        known = ", ".join(f"“{row.name}”" for row in body.names if row.name != body.name) or "none"
        raise NotFound(f"“{body.name}” has no other name “{name}”.", f"Its other names: {known}.")
    if held.folded == fold_name(body.name):
        raise Refused(f"“{held.name}” is the organisation’s own name.", "Only its other names can be taken away.")
    body.names.remove(held)
    body.changed_at = clock()
    session.flush()


def _require_keeper(actor: Actor) -> None:
    if not actor.roles & {Role.REGISTRAR, Role.ADMINISTRATOR}:
        raise Refused(
            f"The account {actor.account} may not change organisations.",
            "Ask a registrar or an administrator of this register to do it.",
        )


def _one_line(text: str) -> str:
    return " ".join(clean_text(text)[0].split())


def _cleaned(details: OrganisationDetails) -> OrganisationDetails:
    """The same with clean texts, its country in capitals."""
    aliases = tuple((_one_line(name), language) for name, language in details.aliases)
    numbers = tuple((_one_line(scheme), _one_line(value)) for scheme, value in details.identifiers)
    optional = {
        name: _one_line(value)
        for name in ("area", "parent", "website", "started_on", "ended_on")
        if (value := getattr(details, name))
    }
    place = _one_line(details.jurisdiction or "").upper() or None
    name = _one_line(details.name)
    return replace(details, name=name, aliases=aliases, identifiers=numbers, jurisdiction=place, **optional)


def _problems(details: OrganisationDetails) -> Iterator[Problem]:
    yield from _problems_of_name("/name", details.name, None)
    for name, language in details.aliases:
        yield from _problems_of_name("/aliases", name, language)
    if details.slug and details.slug != slug_of(details.slug):
        message = f"“{details.slug}” cannot be a short name in addresses."
        advice = f"Use small letters, digits and hyphens: {slug_of(details.slug)}."
        yield Problem("/slug", message, advice)
    for scheme, value in details.identifiers:
        if not scheme or not value:
            message = f"“{scheme}:{value}” is no number in a list."
            yield Problem("/identifiers", message, "Write list:number, for example government-organisation:D2.")
    if details.kind and details.kind not in codelist("organisation-kind"):
        advice = f"Write one of: {', '.join(codelist('organisation-kind'))}."
        yield Problem("/kind", f"“{details.kind}” is no kind of organisation.", advice)
    if details.jurisdiction and not _is_place(details.jurisdiction):
        advice = "Write a country (GB) or a part of one (GB-WLS), as ISO 3166 has it."
        yield Problem("/jurisdiction", f"“{details.jurisdiction}” is no code of a country.", advice)
    if details.website and not is_web_address(details.website):
        yield Problem("/website", f"“{details.website}” is not a whole web address.", "Begin with http(s)://.")
    yield from _problems_of_dates(details)


def _problems_of_dates(details: OrganisationDetails) -> Iterator[Problem]:
    for pointer, day in (("/started_on", details.started_on), ("/ended_on", details.ended_on)):
        if day and not is_date(day):
            try:
                read_date(day)
            except InvalidInput as error:
                yield Problem(pointer, error.message, error.advice)


def _problems_of_name(pointer: str, name: str, language: str | None) -> Iterator[Problem]:
    if not fold_name(name):
        yield Problem(pointer, f"“{name}” has no letter or digit.", "Write the name as the body writes it.")
    if len(name) > _LONGEST_NAME:
        yield Problem(pointer, f"“{name[:60]}…” is too long.", f"At most {_LONGEST_NAME} characters.")
    if language is not None and not (len(language) == 2 and language.isascii() and language.islower()):
        yield Problem(pointer, f"“{language}” is no code of a language.", "Two letters, as ISO 639 has it: cy, ga, fr.")


def _is_place(code: str) -> bool:
    country, dash, part = code.partition("-")
    if country not in codelist("country"):
        return False
    return not dash or (part.isascii() and part.isalnum() and len(part) <= 3)


def _require_free(session: Session, details: OrganisationDetails) -> None:
    """Raises Conflict where the short name, a number or a name stands for another body."""
    if details.slug:
        held = session.scalar(select(Organisation).where(Organisation.slug == details.slug))
        if held is not None:
            raise _taken(
                f"The short name “{details.slug}” stands for “{held.name}”", held, "Choose another short name."
            )
    for scheme, value in details.identifiers:
        holder = organisation_by_identifier(session, scheme, value)
        if holder is not None:
            raise _taken(
                f"The number {scheme}:{value} belongs to “{holder.name}”",
                holder,
                "Correct the number, or leave it out.",
            )
    for name in (details.name, *(alias for alias, _ in details.aliases)):
        _require_free_name(session, name, details.jurisdiction, None)


def _require_free_name(session: Session, name: str, jurisdiction: str | None, own: Organisation | None) -> None:
    """Raises Conflict where another body bears a name; bodies of two countries may bear one."""
    folded = fold_name(name)
    query = select(Organisation).join(OrganisationName).where(OrganisationName.folded == folded)
    for held in session.scalars(query.order_by(Organisation.slug).distinct()):
        if held is own or _of_other_countries(held.jurisdiction, jurisdiction):
            continue
        if fold_name(held.name) == folded:
            raise _taken(f"“{held.name}” is in the catalogue already", held, _TWO_OF_ONE_NAME)
        raise _taken(f"“{name}” is another name of “{held.name}”", held, _TWO_OF_ONE_NAME)


def _of_other_countries(one: str | None, other: str | None) -> bool:
    return bool(one and other and one[:2] != other[:2])


def _taken(what: str, held: Organisation, advice: str) -> Conflict:
    country = f", {held.jurisdiction}" if held.jurisdiction else ""
    return Conflict(f"{what} (/organisations/{held.slug}{country}).", f"Nothing was changed. {advice}")


def _name_of(body: Organisation, name: str) -> OrganisationName | None:
    return next((row for row in body.names if row.folded == fold_name(name)), None)
