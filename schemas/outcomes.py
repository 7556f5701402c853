"""What became of one record of an import, a harvest or a check: nothing is refused or dropped silently."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from schemas.problems import Problem


class Action(StrEnum):
    """What was done with a record."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done with one record, where it stood, where it is now, and what there is to say of it."""

    action: Action
    place: str
    identifier: str
    title: str = ""
    address: str = ""
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """A flat JSON object for listings."""
        return {
            "action": str(self.action),
            "place": self.place,
            "identifier": self.identifier,
            "title": self.title,
            "address": self.address,
            "problems": [problem.as_json() for problem in self.problems],
            "notes": list(self.notes),
        }


def count_actions(outcomes: Iterable[Outcome]) -> dict[Action, int]:
    """How many records each action was done with, in the order of `Action`, without those that are nought."""
    counted = Counter(outcome.action for outcome in outcomes)
    return {action: counted[action] for action in Action if counted[action]}
