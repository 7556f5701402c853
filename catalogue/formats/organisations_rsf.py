"""Organisations out of the GOV.UK Registers that list them.

What each register lists is known here: its country, its kind of body, and which of its fields are names. A field a
register does not have is not stated, and stays absent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue.formats.rsf import RsfRegister, entries_by_key, read_rsf
from catalogue.organisations.importing import OrganisationRead
from catalogue.organisations.record import OrganisationDetails
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.dates import read_date
from schemas.errors import InvalidInput
from schemas.problems import Problem, errors_in

_PERSONS = "information-sharing-agreement-specified-person-0001"


@dataclass(frozen=True, slots=True)
class _Listed:
    """What being listed in a register says of a body."""

    jurisdiction: str
    kind: str | None = None


_REGISTERS: Mapping[str, _Listed] = {
    "government-organisation": _Listed("GB"),
    "local-authority-eng": _Listed("GB-ENG", "local-authority"),
    "principal-local-authority": _Listed("GB-WLS", "local-authority"),
    # Bodies and classes of bodies of several countries of the United Kingdom, told apart by their names alone.
    _PERSONS: _Listed("GB"),
}
_CLASS = ("a ", "an ", "local health board established", "the governing body of an ", "the proprietor of a")
_MINISTERS = ("secretary of state", "minister for", "a minister of the crown", "the lord chancellor")


def lists_organisations(register: str) -> bool:
    """Whether a register of this name lists organisations that this reader knows how to read."""
    return register in _REGISTERS


def organisation_from_rsf(item: Json, register: str) -> tuple[OrganisationDetails | None, tuple[Problem, ...]]:
    """An organisation from one item of a register; None with the reason where it has no name or key.

    The official name is the name, the everyday and the Welsh names are aliases (Welsh with the language `cy`). A
    website that is no address is left out with a warning; a date that cannot be read is an error.
    """
    key, name = _text(item, register), _text(item, "official-name") or _text(item, "name")
    if not key or not name:
        missing = "name" if key else register
        problem = Problem(f"/{missing}", f"The item has no “{missing}”.", "Compare it with the register’s own file.")
        return None, (problem,)
    listed = _REGISTERS[register]
    problems: list[Problem] = []
    details = OrganisationDetails(
        name=name,
        aliases=tuple(_aliases(item, name)),
        identifiers=((register, key),),
        kind=listed.kind or _kind_of(name, register),
        jurisdiction=listed.jurisdiction,
        website=_website(item, problems),
        started_on=_date(item, "start-date", problems),
        ended_on=_date(item, "end-date", problems),
        source=register,
    )
    return details, tuple(problems)


def organisations_in(register: RsfRegister) -> dict[str, OrganisationDetails]:
    """Every organisation of a register by its code (`register:key`), as its newest entry has it; none with errors."""
    found: dict[str, OrganisationDetails] = {}
    for key, entry in register.latest().items():
        details, problems = organisation_from_rsf(entry.item or {}, register.name)
        if details is not None and not errors_in(problems):
            found[f"{register.name}:{key}"] = details
    return found


def read_organisations_rsf(data: bytes, name: str) -> tuple[Sequence[OrganisationRead], tuple[Problem, ...]]:
    """Every organisation of a register's file, as its newest entry has it, and the problems of no single entry.

    Raises InvalidInput where the file is no RSF, or a register of something else.
    """
    register = read_rsf(data, name)
    if not lists_organisations(register.name):
        raise InvalidInput(
            f"{name} is the register “{register.name}”, which does not list organisations that are known here.",
            f"Those are: {', '.join(_REGISTERS)}.",
        )
    reads: list[OrganisationRead] = []
    newest = register.latest()
    for key, entries in entries_by_key(register):
        bad = [problem for entry in entries for problem in entry.problems]
        entry = newest.get(key, entries[-1])
        details, problems = organisation_from_rsf(entry.item or {}, register.name) if entry.item else (None, ())
        code = f"{register.name}:{key}"
        reads.append(OrganisationRead(entry.place, code, details, (*bad, *problems), entry.cleanings))
    return reads, register.problems


def _aliases(item: Json, name: str) -> list[tuple[str, str | None]]:
    named = [(_text(item, "name"), None), (_text(item, "official-name-cy"), "cy"), (_text(item, "name-cy"), "cy")]
    return [(alias, language) for alias, language in named if alias and alias != name]


def _kind_of(name: str, register: str) -> str | None:
    """The kind of a specified person where the wording of its name leaves no doubt."""
    folded = name.casefold()
    if register != _PERSONS:
        return None
    if folded.startswith(_MINISTERS):
        return "class-of-persons" if folded.startswith("a ") else "ministerial-office"
    return "class-of-persons" if folded.startswith(_CLASS) else None


def _website(item: Json, problems: list[Problem]) -> str | None:
    website = _text(item, "website")
    if website and not is_web_address(website):
        problems.append(
            Problem(
                "/website",
                f"“{website}” is not a whole web address; it was left out.",
                "Write it with http:// or https:// in front.",
                severity="warning",
            )
        )
        return None
    return website


def _date(item: Json, name: str, problems: list[Problem]) -> str | None:
    text = _text(item, name)
    if text is None:
        return None
    try:
        return read_date(text)
    except InvalidInput as error:
        problems.append(Problem(f"/{name}", error.message, error.advice))
        return None


def _text(item: Json, name: str) -> str | None:
    value = item.get(name)
    return value.strip() or None if isinstance(value, str) else None
