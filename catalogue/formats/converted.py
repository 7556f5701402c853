"""What a conversion gives back: the result, and everything there is to say about how it came about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from catalogue.formats.members import Members
from catalogue.formats.people import without_people
from schemas.canonical import Json
from schemas.cleaning import Cleaning
from schemas.problems import Problem, pointer_to


class FromSource(NamedTuple):
    """A source's record in our form. `contact` (name, email, telephone, address) is apart: it may name a person."""

    document: Json
    contact: Mapping[str, str]
    problems: tuple[Problem, ...]
    cleanings: tuple[Cleaning, ...]


class ToFormat(NamedTuple):
    """A document in another format, and what that format has no place for, each as a warning."""

    record: Json
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Losses:
    """Collects what a format cannot carry."""

    format_name: str
    problems: list[Problem] = field(default_factory=list)

    def lost(self, name: str, why: str = "") -> None:
        """A member of the document that is not in the result."""
        message = why or f"{self.format_name} has no place for “{name}”; it was left out."
        self.problems.append(Problem(f"/{name}", message, title=name, severity="warning"))

    def rest_lost(self, document: Json, carried: Sequence[str]) -> None:
        """Every member of the document that the format does not carry."""
        for name in document:
            if name not in carried:
                self.lost(name)


def other_statements(members: Members) -> Json:
    """What is left of a record when everything known was taken: kept as it is, but for what is about people."""
    kept, left_out = without_people(members.rest)
    for pointer in left_out:
        message = "This may name a person, so it was left out: what is kept here for ever names nobody."
        members.problems.append(Problem(pointer_to(members.path) + pointer, message, severity="warning"))
    return {name: value for name, value in kept.items() if value not in ("", [], {}, None)}
