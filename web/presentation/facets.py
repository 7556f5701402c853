"""The filters of a search as its page shows them: facets with their counts, and what was chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from catalogue.organisations.record import fold_name
from catalogue.search.engine import FacetCount
from catalogue.search.rows import state_title
from schemas.codelists import title_of
from web.presentation.dates import show_date
from web.presentation.kinds import kind_title
from web.presentation.search import DATES, FACET_NAMES, LEGENDS, Asked

SHOWN_CHOICES = 10
"""So many choices of a facet stand on the page of results; the rest has a page of its own."""

MOST_CHOICES = 1_000
"""So many choices stand on a facet's own page."""

_OPEN_FACETS = frozenset({"kind", "access"})
_CODELISTS = {
    "theme": "theme",
    "purpose": "purpose-category",
    "access": "access-rights",
    "licence": "licence",
}
_NO_CHOICE = {("state", "active")}
"""What every dataset is: it tells agreements from others, which the kind does better."""


@dataclass(frozen=True, slots=True)
class Names:
    """How people call what the records name by code, read with one question for each kind of name."""

    organisations: Mapping[str, str] = field(default_factory=dict)
    powers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: how people read it, how many records have it, and whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its choices; `open` where it is shown unfolded.

    `more` is the address of the page with all choices, empty where all are shown.
    """

    name: str
    legend: str
    choices: tuple[Choice, ...]
    open: bool
    more: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A chosen value and the address of the search without it."""

    legend: str
    label: str
    href: str


def named_values(counts: Mapping[str, Iterable[FacetCount]], asked: Asked, name: str) -> set[str]:
    """The values of a facet that a page shows, counted or chosen: what to look up names for."""
    return {*(count.value for count in counts.get(name, ())), *asked.chosen.get(name, ())}


def show_facets(
    counts: Mapping[str, Sequence[FacetCount]], asked: Asked, names: Names, *, shown: int = SHOWN_CHOICES
) -> tuple[Facet, ...]:
    """The facets that offer a choice, each with its first choices, and with all that are chosen.

    A chosen value stays, with nought, when nothing has it any more.
    """
    facets = []
    for name in FACET_NAMES:
        found = _choices(name, counts.get(name, ()), asked, names)
        if name == "year":
            found.sort(key=lambda choice: choice.value, reverse=True)
        found.sort(key=lambda choice: not choice.chosen)
        first = found[: max(shown, len(asked.chosen.get(name, ())))]
        more = asked.on_page(1).address(f"/search/facets/{name}") if len(found) > len(first) else ""
        if found:
            unfolded = name in _OPEN_FACETS or name in asked.chosen
            facets.append(Facet(name, LEGENDS[name], tuple(first), unfolded, more))
    return tuple(facets)


def whole_facet(name: str, counts: Sequence[FacetCount], asked: Asked, names: Names) -> Facet:
    """One facet with all its choices in the order in which people look for them."""
    found = _choices(name, counts, asked, names)
    found.sort(key=lambda choice: choice.value if name == "year" else fold_name(choice.label), reverse=name == "year")
    return Facet(name, LEGENDS[name], tuple(found), open=True)


def _choices(name: str, counts: Iterable[FacetCount], asked: Asked, names: Names) -> list[Choice]:
    chosen = asked.chosen.get(name, ())
    counted = {count.value: count.count for count in counts if (name, count.value) not in _NO_CHOICE}
    counted |= {value: 0 for value in chosen if value not in counted}
    return [Choice(value, label_of(name, value, names), count, value in chosen) for value, count in counted.items()]


def show_tags(asked: Asked, names: Names) -> tuple[Tag, ...]:
    """The chosen values and dates, each with the way to take it away."""
    values = [
        Tag(LEGENDS[name], label_of(name, value, names), asked.without(name, value).address())
        for name, held in asked.filters
        for value in held
    ]
    dates = [Tag(DATES[name], _dated(name, value), asked.with_date(name, "").address()) for name, value in asked.dates]
    return (*values, *dates)


def _dated(name: str, value: str) -> str:
    words = {"covers_from": "covers {} or later", "covers_to": "covers {} or earlier", "changed_since": "since {}"}
    told = words[name].format(show_date(value))
    return told[:1].upper() + told[1:]


def label_of(name: str, value: str, names: Names) -> str:
    """How people read a value of a facet."""
    if name == "kind":
        return kind_title(value)
    if name == "state":
        return state_title(value)
    known = {"organisation": names.organisations, "power": names.powers}.get(name, {})
    return title_of(_CODELISTS[name], value) if name in _CODELISTS else known.get(value, value)


def recent_searches(asked: Asked, today: date) -> tuple[tuple[str, str], ...]:
    """The ready links to what was added or changed here lately: their words and addresses."""
    spans = (("the last week", 7), ("the last month", 30), ("the last year", 365))
    return tuple(
        (words, asked.with_date("changed_since", (today - timedelta(days=days)).isoformat()).address())
        for words, days in spans
    )
