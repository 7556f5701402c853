"""The events in the life of an agreement: who may do what, from which states, and where it leads."""

from dataclasses import dataclass

from schemas.codelist_tables import codelist_rows
from schemas.codelists import title_of
from web.presentation.words import upper_first

_VERSIONS = {
    "yes": "Makes a new version of the record.",
    "pending": "Holds a changed text, which becomes a version when it is agreed.",
}


@dataclass(frozen=True, slots=True)
class State:
    """A state of an agreement: its code, and how people read it."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class EventRule:
    """What the list `agreement-event` says of one event. `leads_to` is None where the state stays as it is."""

    name: str
    title: str
    description: str
    by: str
    comes_from: tuple[State, ...]
    leads_to: State | None
    version: str


def event_rules() -> tuple[EventRule, ...]:
    """Every event, in the order of the list."""
    return tuple(
        EventRule(
            name=row["code"],
            title=row["title"],
            description=row.get("description", ""),
            by=upper_first(row["by"]),
            comes_from=tuple(_state(code) for code in row["from"].split()),
            leads_to=_state(row["to"]) if "to" in row else None,
            version=_VERSIONS.get(row.get("makesVersion", ""), "Makes no version: the deal stays as it is."),
        )
        for row in codelist_rows("agreement-event")
    )


def _state(code: str) -> State:
    return State(code, title_of("agreement-state", code))
