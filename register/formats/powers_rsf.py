"""Powers and the bodies that may use them, as the UK's Digital Economy Act registers wrote them in RSF items.

One register numbers powers with their objectives; the other lists “specified persons”, bodies and classes of bodies
in the words of the act's schedules, each with the numbers of the powers it may use. Neither says that it is complete.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalogue.formats.rsf import RsfEntry, RsfRegister
from register.formats.rsf import POWERS_REGISTER
from schemas.canonical import Json
from schemas.dates import read_date
from schemas.errors import InvalidInput
from schemas.problems import Problem

PERSONS_REGISTER = "information-sharing-agreement-specified-person-0001"
INSTRUMENT = "Digital Economy Act 2017"
JURISDICTION = "GB"

_POWER_FIELDS = frozenset({POWERS_REGISTER, "name", "start-date", "end-date"})
_PERSON_FIELDS = frozenset({PERSONS_REGISTER, "name", "relevant-powers", "start-date", "end-date"})
_CLASS = (
    "a ",
    "an ",
    "local health board established",
    "the governing body of an ",
    "the proprietor of a",
    "the responsible person in relation to an ",
)
_COMPARE = "Compare it with the register’s own file."


@dataclass(frozen=True, slots=True)
class Spell:
    """What the list said of a body and one power from one moment until another (None: it still says so).

    `power` is the power's number, `from_on` and `until_on` the days the list states.
    """

    power: str
    name: str
    is_class: bool
    from_on: str | None
    until_on: str | None
    listed_on: datetime
    unlisted_on: datetime | None


def power_from_rsf(item: Json, key: str, register: RsfRegister) -> tuple[Json | None, tuple[Problem, ...]]:
    """A power from one item; None with the reason where it has no name. What the item does not state is absent."""
    problems = [*_about_another(item, key, POWERS_REGISTER), *_unknown(item, _POWER_FIELDS)]
    name = _text(item, "name")
    if name is None:
        return None, (*problems, Problem("/name", "The item has no “name”.", _COMPARE, title="name"))
    period = {
        member: day
        for member, field in (("from", "start-date"), ("until", "end-date"))
        if (day := _date(item, field, problems))
    }
    stated: Json = {
        "title": name,
        "instrument": INSTRUMENT,
        "jurisdiction": JURISDICTION,
        "identifiers": [{"scheme": POWERS_REGISTER, "id": key}],
        "inForce": [period] if period else None,
        "provenance": {"source": "imported", "sourceName": register.title or register.name},
    }
    return {member: value for member, value in stated.items() if value is not None}, tuple(problems)


def spells_of(entries: Sequence[RsfEntry]) -> tuple[tuple[Spell, ...], tuple[Problem, ...]]:
    """Every power that a specified person was listed with, from all its entries oldest first, and what is wrong."""
    problems: list[Problem] = []
    stated = [(_stated(entry, problems), entry.timestamp) for entry in entries]
    spells: list[Spell] = []
    for power in dict.fromkeys(power for said, _ in stated for power in said.powers):
        spells += _spells(power, stated)
    return tuple(spells), tuple(problems)


@dataclass(frozen=True, slots=True)
class _Said:
    name: str
    powers: tuple[str, ...]
    from_on: str | None
    until_on: str | None


def _stated(entry: RsfEntry, problems: list[Problem]) -> _Said:
    item = entry.item or {}
    problems += [*_about_another(item, entry.key, PERSONS_REGISTER), *_unknown(item, _PERSON_FIELDS)]
    name = _text(item, "name")
    if name is None:
        problems.append(Problem("/name", "The item has no “name”.", _COMPARE, title="name"))
    powers = item.get("relevant-powers", [])
    if not isinstance(powers, list) or not all(isinstance(one, str) for one in powers):
        problems.append(Problem("/relevant-powers", "This must be a list of texts.", _COMPARE, "relevant-powers"))
        powers = []
    codes = tuple(dict.fromkeys(one.strip() for one in powers if one.strip()))
    return _Said(name or "", codes, _date(item, "start-date", problems), _date(item, "end-date", problems))


def _spells(power: str, stated: Sequence[tuple[_Said, datetime]]) -> Iterator[Spell]:
    """The times in which the list said one and the same thing of one power."""
    begun: tuple[_Said, datetime] | None = None
    for said, moment in stated:
        if begun and (power not in said.powers or not _says_the_same(said, begun[0])):
            yield _spell(power, *begun, moment)
            begun = None
        if begun is None and power in said.powers:
            begun = (said, moment)
    if begun:
        yield _spell(power, *begun, None)


def _says_the_same(one: _Said, other: _Said) -> bool:
    return (one.name, one.from_on, one.until_on) == (other.name, other.from_on, other.until_on)


def _spell(power: str, said: _Said, listed_on: datetime, unlisted_on: datetime | None) -> Spell:
    return Spell(power, said.name, names_a_class(said.name), said.from_on, said.until_on, listed_on, unlisted_on)


def names_a_class(name: str) -> bool:
    """Whether a specified person is a description that several bodies meet, going by its wording."""
    return name.casefold().startswith(_CLASS)


def _about_another(item: Json, key: str, register: str) -> Iterator[Problem]:
    stated = item.get(register)
    if stated != key:
        message = f"The entry is about {key}, its item about {stated or 'nobody says what'}."
        yield Problem(f"/{register}", message, _COMPARE, title=register)


def _unknown(item: Json, known: frozenset[str]) -> Iterator[Problem]:
    for name in sorted(item.keys() - known):
        yield Problem(f"/{name}", "This field is not known here; it was left out.", title=name, severity="warning")


def _text(item: Json, name: str) -> str | None:
    value = item.get(name)
    return (value.strip() or None) if isinstance(value, str) else None


def _date(item: Json, name: str, problems: list[Problem]) -> str | None:
    text = _text(item, name)
    if text is None:
        return None
    try:
        return read_date(text)
    except InvalidInput as error:
        problems.append(Problem(f"/{name}", error.message, error.advice, title=name))
        return None
