"""What the first pass over a query leaves: the steps for Whoosh's parser, what they name, and what was changed."""

from collections.abc import Callable
from dataclasses import dataclass, field

from catalogue.search.fields import Field

MOST_NOTES = 20


FieldFinder = Callable[[str], Field | None]
"""Gives the field that a name before a colon means; None makes it text."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece with a text: `form` is word, phrase, prefix, any (a lone `*`) or range (then with both ends)."""

    form: str
    text: str
    low: str = "*"
    high: str = "*"
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before a piece or a bracket: a field, a `+`, or both."""

    field: Field | None
    required: bool


@dataclass(slots=True)
class Programme:
    """What the first pass leaves: the steps for Whoosh, what they name, and what was changed."""

    steps: list[str] = field(default_factory=list)
    atoms: list[Atom] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Tell a change once, and not more than a reader can take in."""
        if text not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(text)
