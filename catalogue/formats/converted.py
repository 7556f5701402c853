"""What a conversion gives back: the result, and everything there is to say about how it came about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from catalogue.formats.members import Members
from catalogue.formats.people import without_people
from schemas.canonical import Json
from schemas.cleaning import Cleaning
from schemas.problems import Problem, pointer_to

Node = TypeVar("Node")

STAND_IN = "The publisher gave no description"
"""The one text that stands for what a format requires and a record does not state."""


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


class Written(NamedTuple, Generic[Node]):
    """A dataset in another format; `node` is None where it cannot be valid there and is left out.

    `problems` name all that the format does not carry: a warning for each member or part, an error where the whole
    dataset is left out. Pointers lead into our document.
    """

    node: Node | None
    problems: tuple[Problem, ...]
    stand_ins: int
    nodes_left_out: int


@dataclass(slots=True)
class Losses:
    """Collects what a format cannot carry."""

    format_name: str
    problems: list[Problem] = field(default_factory=list)
    stand_ins: int = 0
    nodes_left_out: int = 0

    def lost(self, name: str, why: str = "") -> None:
        """A member of the document that is not in the result."""
        message = why or f"{self.format_name} has no place for “{name}”; it was left out."
        self.problems.append(Problem(f"/{name}", message, title=name, severity="warning"))

    def rest_lost(self, document: Json, carried: Collection[str]) -> None:
        """Every member of the document that the format does not carry."""
        for name in document:
            if name not in carried:
                self.lost(name)

    def at(self, pointer: str, why: str) -> None:
        """Something inside the document that the format cannot say. `pointer` is a JSON Pointer (RFC 6901)."""
        name = pointer.split("/", 2)[1] if pointer else ""
        self.problems.append(Problem(pointer, why, title=name, severity="warning"))

    def left_out(self, pointer: str, why: str) -> None:
        """A part that the format cannot hold without what it requires of it; `why` names that."""
        self.nodes_left_out += 1
        self.at(pointer, why)

    def stand_in(self, name: str) -> None:
        """The published stand-in stands for what the record does not state and the format requires."""
        self.stand_ins += 1
        self.at(f"/{name}", f"The record has no “{name}”, which {self.format_name} requires: “{STAND_IN}”.")

    def refused(self, why: str) -> None:
        """The whole dataset cannot be valid in the format."""
        self.problems.append(Problem("", why, "It is left out of this export.", severity="error"))

    def written(self, node: Node | None) -> Written[Node]:
        """The result: `node`, or None where the dataset is left out."""
        refused = any(problem.severity == "error" for problem in self.problems)
        return Written(None if refused else node, tuple(self.problems), self.stand_ins, self.nodes_left_out)


def other_statements(members: Members) -> Json:
    """What is left of a record when everything known was taken: kept as it is, but for what is about people."""
    kept, left_out = without_people(members.rest)
    for pointer in left_out:
        message = "This may name a person, so it was left out: what is kept here for ever names nobody."
        members.problems.append(Problem(pointer_to(members.path) + pointer, message, severity="warning"))
    return {name: value for name, value in kept.items() if value not in ("", [], {}, None)}
