"""A problem found in a record: where, what is wrong, what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem with one value.

    `pointer` is a JSON Pointer (RFC 6901) into the record, "" for the record as a whole; `title` is the field's
    name as people know it; `advice` says what to write instead; `clause` is the rule's source, where it has one.
    """

    pointer: str
    message: str
    advice: str = ""
    title: str = ""
    severity: Severity = "error"
    clause: str = ""

    def __str__(self) -> str:
        where = f"{self.title} ({self.pointer})" if self.title and self.pointer else self.title or self.pointer
        text = f"{where}: {self.message}" if where else self.message
        if self.advice:
            text = f"{text} {self.advice}"
        return f"{text} [{self.clause}]" if self.clause else text

    def as_json(self) -> dict[str, str]:
        """The problem as a flat JSON object, empty members left out."""
        members = {
            "severity": self.severity,
            "pointer": self.pointer,
            "title": self.title,
            "message": self.message,
            "advice": self.advice,
            "clause": self.clause,
        }
        return {name: text for name, text in members.items() if text}


def pointer_to(path: Iterable[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a path of member names and array positions."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def errors_in(problems: Iterable[Problem]) -> list[Problem]:
    """The problems for which a record is refused."""
    return [problem for problem in problems if problem.severity == "error"]
