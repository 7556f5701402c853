"""What a reader makes of a file: one `Read` for each record, good or bad, in the file's order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.canonical import Json
from schemas.cleaning import Cleaning, clean_document
from schemas.problems import Problem, errors_in


@dataclass(frozen=True, slots=True)
class Read:
    """One record as a file has it.

    `place` names it for people ("record 12", "line 40"); `identifier` is the source's own, "" where it gives none.
    `document` is in our own form, None where nothing usable was found. `contact` (name, email, telephone, address)
    is apart because it may name a person. `problems` are what is wrong or was lost; `cleanings` what was cleaned.
    """

    place: str
    identifier: str
    document: Json | None
    contact: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    cleanings: tuple[Cleaning, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the record cannot be taken."""
        return self.document is None or bool(errors_in(self.problems))


def cleaned(value: Json) -> tuple[Json, tuple[Cleaning, ...]]:
    """A source's record with clean text in it, and what was cleaned."""
    document, notes = clean_document(value)
    return document, tuple(notes)
