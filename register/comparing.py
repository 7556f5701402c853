"""Two versions of an agreement held against each other: what differs, and the steps that lie between them. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from register.agreements.life import VERSION_EVENTS
from register.differences import Difference, differences
from schemas.bundle import load_schema
from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.errors import NotFound
from schemas.upgrades import upgrade

_AMENDMENTS = frozenset({"amended", "party-acceded", "party-left"})


@dataclass(frozen=True, slots=True)
class Step:
    """The event that made one version: who did it, when, and whether the deal changed or the record was wrong.

    `kind` is `amendment`, `correction`, or `entry` where a text was proposed or signed. `organisation` is the short
    name of who acted; it and `reason` are "" where nobody says.
    """

    version: int
    event: str
    registered_on: datetime
    recorded_at: datetime
    organisation: str
    reason: str

    @property
    def kind(self) -> str:
        """What the step was."""
        if self.event == "corrected":
            return "correction"
        return "amendment" if self.event in _AMENDMENTS else "entry"

    @property
    def title(self) -> str:
        """The event in words."""
        return title_of("agreement-event", self.event)

    @property
    def sentence(self) -> str:
        """What the step was, in words."""
        return _SENTENCES[self.kind]

    @property
    def was_imported(self) -> bool:
        """Whether it stood in another register before it was recorded here."""
        return self.registered_on.date() != self.recorded_at.date()


_SENTENCES = {
    "amendment": "The deal changed.",
    "correction": "The record was wrong; the deal did not change.",
    "entry": "The text was put on the public record.",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from version `before` to version `after`, which may be the older one; `steps` lie between them.

    `origins` gives for each difference the versions whose step touched the same field, where there are several steps.
    """

    before: int
    after: int
    steps: tuple[Step, ...]
    differences: tuple[Difference, ...]
    origins: tuple[tuple[int, ...], ...]
    schema: Json


def compare_versions(
    name: str, history: Sequence[Json], text: Callable[[int], Json], before: int, after: int
) -> Comparison:
    """Hold two versions of an agreement against each other, by their numbers. Raises NotFound.

    `history` is every event of the agreement, as `RegisterApi.history` gives them; `text` gives what a version says;
    `name` is for messages.
    """
    steps = {step.version: step for step in map(_step, history) if step.version}
    for number in (before, after):
        if number not in steps:
            raise NotFound(
                f"Agreement {name} has no version {number}.",
                f"Its versions go from 1 to {max(steps)}." if len(steps) > 1 else "It has only version 1.",
            )
    low, high = min(before, after), max(before, after)
    between = [number for number in sorted(steps) if low <= number <= high]
    texts = {number: upgrade(text(number)) for number in between}
    schema = load_schema("agreement", texts[high]["schemaVersion"])
    found = tuple(differences(texts[before], texts[after], schema))
    changed_in = {new: differences(texts[old], texts[new], schema) for old, new in pairwise(between)}
    return Comparison(
        before,
        after,
        tuple(steps[number] for number in between[1:]),
        found,
        tuple(_origins(difference, changed_in) if len(changed_in) > 1 else () for difference in found),
        schema,
    )


def _step(event: Json) -> Step:
    makes_version = event["event"] in VERSION_EVENTS and event["bodySha256"]
    return Step(
        (event["version"] or 0) if makes_version else 0,
        event["event"],
        datetime.fromisoformat(event["registeredOn"]),
        datetime.fromisoformat(event["recordedAt"]),
        event["by"] or "",
        (event["details"] or {}).get("reason", ""),
    )


def _origins(difference: Difference, changed_in: dict[int, list[Difference]]) -> tuple[int, ...]:
    return tuple(
        number
        for number, changes in changed_in.items()
        if any(_touch(difference.titles, change.titles) for change in changes)
    )


def _touch(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one field is the other, or lies inside it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
