"""Whether a body may use a power on a day: pure, from the list of bodies that may.

“Yes” is said where the list holds the body, by its name or in a class that is known to hold it. “No” is said only
where it is known: the list states the body's days and the day is none of them, or the list is complete and the body
can be none of those it names. Everything else is “not known”, and says why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from register.powers.classes import (
    OrganisationFacts,
    class_in_words,
    council_classes,
    department_of,
    may_be_in_class,
    plain_name,
    subject_of,
)
from register.powers.facts import BodyFacts, Eligibility, MayUse, PowerFacts, told
from schemas.canonical import Json


@dataclass(frozen=True, slots=True)
class _Asked:
    """One party on one day: as the record names it, the organisation it is here, and the bodies above that one."""

    party: Json
    name: str
    body: OrganisationFacts | None
    above: tuple[OrganisationFacts, ...]
    day: date


def eligibility(
    power: PowerFacts, party: Json, organisations: Mapping[str, OrganisationFacts], day: date
) -> Eligibility:
    """Whether a party of a record may use a power. `organisations` are those known here, by short name."""
    body = organisations.get(party.get("organisation", ""))
    name = party.get("name", "") or (body.name if body else "this body")
    asked = _Asked(party, name, body, tuple(_above(body, organisations)), day)
    if not power.bodies:
        return Eligibility(MayUse.NOT_KNOWN, "The record of this power does not say who may use it.", power.id)
    named = list(_naming(power, asked))
    usable = [row for row in power.bodies if row.listed and row.period.may_hold(day)]
    held = next((_listed(row, name) for row in named if row in usable), "") or _in_a_class(usable, asked)
    if held:
        return Eligibility(MayUse.YES, held, power.id)
    if doubt := next(_doubts(power, named, asked), ""):
        return Eligibility(MayUse.NOT_KNOWN, doubt, power.id)
    stated = [row for row in named if row.listed]
    no = _outside(stated[0], asked) if stated else f"The list of bodies that may use it is complete without {name}."
    return Eligibility(MayUse.NO, no, power.id)


def _above(
    body: OrganisationFacts | None, organisations: Mapping[str, OrganisationFacts]
) -> Iterator[OrganisationFacts]:
    """The bodies that an organisation belongs to, the nearest first."""
    seen = {body.slug} if body else set()
    while body is not None and body.parent and body.parent not in seen:
        seen.add(body.parent)
        body = organisations.get(body.parent)
        if body is not None:
            yield body


def _naming(power: PowerFacts, asked: _Asked) -> Iterator[BodyFacts]:
    """The rows that name a party: as an organisation, by a number of the list's, by name, or by an older name."""
    direct = [row for row in power.bodies if _names(row, power, asked)]
    numbers = {number for row in direct for number in row.numbers}
    yield from (row for row in power.bodies if row in direct or numbers.intersection(row.numbers))


def _names(row: BodyFacts, power: PowerFacts, asked: _Asked) -> bool:
    if row.organisation and asked.body and row.organisation == asked.body.slug:
        return True
    held = {(one.get("scheme"), one.get("id")) for one in asked.party.get("identifiers", ())}
    if held.intersection(row.numbers):
        return True
    place = asked.body.jurisdiction if asked.body else None
    if place and power.jurisdiction and place[:2] != power.jurisdiction[:2]:
        return False  # a body of another country that bears the same name
    names = {plain_name(asked.name), plain_name(asked.body.name) if asked.body else ""} - {""}
    return plain_name(row.name) in names


def _listed(row: BodyFacts, name: str) -> str:
    days = "".join(
        f" {word} {told(day)}" for word, day in (("from", row.period.from_on), ("until", row.period.until_on)) if day
    )
    as_what = "" if plain_name(row.name) == plain_name(name) else f" as “{row.name}”"
    return f"The list of bodies that may use it holds {name.rstrip(' .')}{as_what}{days}."


def _in_a_class(usable: list[BodyFacts], asked: _Asked) -> str:
    """How the list holds a party without naming it; empty where it is not known to."""
    for row in usable:
        if row.is_class and may_be_in_class(row.name, row.members, asked.party, asked.body):
            return f"The list holds “{row.name}”, which {asked.name} is."
        office = department_of(row.name)
        if office and office in {subject_of(asked.name), subject_of(asked.body.name) if asked.body else ""}:
            return f"The list holds “{row.name}”, for whom {asked.name} acts, going by its name."
    listed = {class_in_words(row.name): row.name for row in usable}
    classes = council_classes(asked.party, asked.body)
    if classes and classes <= listed.keys():
        wordings = [f"“{listed[code]}”" for code in sorted(classes)]
        held = wordings[0] if len(wordings) == 1 else f"{', '.join(wordings[:-1])} and {wordings[-1]}"
        is_one = "a council of one of these kinds" if wordings[1:] else "one"
        return f"The list holds {held}, and {asked.name} is {is_one}."
    return ""


def _doubts(power: PowerFacts, named: list[BodyFacts], asked: _Asked) -> Iterator[str]:
    """Every reason why nobody can say no."""
    name = asked.name
    stated = [row for row in named if row.listed]
    if not stated and any(row.period.may_hold(asked.day) for row in named):
        yield f"The list once held {name} and no longer does; it does not say from what day on."
    if not stated and not power.bodies_complete:
        yield f"The list of bodies that may use it does not name {name}, and is not known to be complete."
    for row in power.bodies:
        open_class = row.is_class and row not in named and row.period.may_hold(asked.day)
        if open_class and may_be_in_class(row.name, row.members, asked.party, asked.body) is not False:
            yield f"The list names “{row.name}”; the record does not tell whether {name} is one."
    for above in asked.above:
        if any(row.organisation == above.slug for row in power.bodies):
            yield f"{name} belongs to {above.name}, which the list holds."
    if stated:
        return
    if asked.body is None:
        yield f"{name} is not among the organisations known here, and may stand in the list by another name."
    unknown = next((row for row in power.bodies if not row.is_class and not row.organisation), None)
    if unknown:
        yield f"The list names “{unknown.name}”, which is not known here; {name} may be that body."


def _outside(row: BodyFacts, asked: _Asked) -> str:
    if row.period.is_before_it(asked.day):
        return f"The list says that {asked.name} may use it only from {told(row.period.from_on or '')}."
    return f"The list says that {asked.name} could use it until {told(row.period.until_on or '')}."
