"""A search as its page shows it: what was asked, the filters with their counts, and the pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from catalogue.search.engine import FacetCount, Sort
from catalogue.search.fields import FACETS
from schemas.cleaning import clean_text
from schemas.codelists import title_of
from web.presentation.kinds import kind_title

PAGE_SIZE = 20
LONGEST_QUERY = 1_000
LONGEST_VALUE = 200
MOST_VALUES = 50
LAST_PAGE = 500
"""Nobody reads further, and an engine pays for every result it passes over."""

FACET_NAMES = tuple(field.name for field in FACETS)
_OPEN_FACETS = frozenset({"kind", "access"})
_CODELISTS = {
    "theme": "theme",
    "purpose": "purpose-category",
    "access": "access-rights",
    "licence": "licence",
}
_LEGENDS = {
    "kind": "Kind of record",
    "organisation": "Organisation",
    "theme": "Theme of the data",
    "purpose": "Purpose of the sharing",
    "access": "Who may have it",
    "format": "Format",
    "licence": "Licence",
    "year": "Year covered",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked for, made safe: text, chosen values by facet, order and page; `notes` tell what was cut."""

    text: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    notes: tuple[str, ...] = ()

    @property
    def chosen(self) -> Mapping[str, tuple[str, ...]]:
        """The chosen values by facet."""
        return dict(self.filters)

    def address(self, path: str = "/search") -> str:
        """The address of this search."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name, values in self.filters for value in values]
        if self.sort is not Sort.RELEVANCE:
            pairs.append(("sort", self.sort.value))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def without(self, name: str, value: str) -> "Asked":
        """The same search without one chosen value, from its first page."""
        filters = ((key, tuple(kept for kept in held if (key, kept) != (name, value))) for key, held in self.filters)
        return replace(self, filters=tuple((key, values) for key, values in filters if values), page=1)

    def on_page(self, page: int) -> "Asked":
        """The same search, on another page."""
        return replace(self, page=page)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: how people read it, how many records have it, and whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its choices; `open` where it is shown unfolded."""

    name: str
    legend: str
    choices: tuple[Choice, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Tag:
    """A chosen value and the address of the search without it."""

    legend: str
    label: str
    href: str


def read_asked(values: Mapping[str, Sequence[str]]) -> Asked:
    """What the parameters of an address ask for. Any text is taken; what makes no sense is passed over."""
    notes: list[str] = []
    text = clean_text(_first(values, "q"))[0].strip()
    if len(text) > LONGEST_QUERY:
        text = text[:LONGEST_QUERY]
        notes.append(f"Only the first {LONGEST_QUERY:,} characters of what you typed were looked for.")
    filters = []
    for name in FACET_NAMES:
        cleaned = (clean_text(value)[0].strip() for value in values.get(name, ()))
        kept = tuple(dict.fromkeys(value for value in cleaned if value and len(value) <= LONGEST_VALUE))
        if len(kept) > MOST_VALUES:
            notes.append(f"Only the first {MOST_VALUES} values of “{_LEGENDS[name]}” were used.")
        if kept:
            filters.append((name, kept[:MOST_VALUES]))
    return Asked(text, tuple(filters), _sort(_first(values, "sort")), read_page(values), tuple(notes))


def read_page(values: Mapping[str, Sequence[str]]) -> int:
    """The number of the page asked for; the first where it is none."""
    text = _first(values, "page").strip()
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        return 1
    return min(max(int(text), 1), LAST_PAGE)


def _first(values: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(values.get(name, ())), "")


def _sort(text: str) -> Sort:
    return next((sort for sort in Sort if sort.value == text), Sort.RELEVANCE)


def show_facets(
    counts: Mapping[str, Iterable[FacetCount]], asked: Asked, organisations: Mapping[str, str]
) -> tuple[Facet, ...]:
    """The facets that offer a choice. A chosen value stays, with nought, when nothing has it any more."""
    facets = []
    for name in FACET_NAMES:
        chosen = asked.chosen.get(name, ())
        counted = {count.value: count.count for count in counts.get(name, ())}
        counted |= {value: 0 for value in chosen if value not in counted}
        choices = tuple(
            Choice(value, label_of(name, value, organisations), count, value in chosen)
            for value, count in counted.items()
        )
        if name == "year":
            choices = tuple(sorted(choices, key=lambda choice: choice.value, reverse=True))
        choices = tuple(sorted(choices, key=lambda choice: not choice.chosen))
        if choices:
            facets.append(Facet(name, _LEGENDS[name], choices, open=name in _OPEN_FACETS or bool(chosen)))
    return tuple(facets)


def show_tags(asked: Asked, organisations: Mapping[str, str]) -> tuple[Tag, ...]:
    """The chosen values, each with the way to take it away."""
    return tuple(
        Tag(_LEGENDS[name], label_of(name, value, organisations), asked.without(name, value).address())
        for name, values in asked.filters
        for value in values
    )


def label_of(name: str, value: str, organisations: Mapping[str, str]) -> str:
    """How people read a value of a facet."""
    if name == "kind":
        return kind_title(value)
    if name == "organisation":
        return organisations.get(value, value)
    return title_of(_CODELISTS[name], value) if name in _CODELISTS else value


def page_count(total: int, size: int = PAGE_SIZE) -> int:
    """How many pages so many results fill, at least one, at most those that are shown."""
    return min(max(1, -(-total // size)), LAST_PAGE)


def page_numbers(current: int, last: int) -> list[int | None]:
    """The page numbers to show: the first, the last and those around the current; None stands for a gap."""
    near = {number for number in (1, current - 1, current, current + 1, last) if 1 <= number <= last}
    numbers: list[int | None] = []
    previous = 0
    for number in sorted(near):
        if number - previous == 2:
            numbers.append(number - 1)
        elif number - previous > 2:
            numbers.append(None)
        numbers.append(number)
        previous = number
    return numbers


def asked_address(asked: Asked) -> Callable[[int], str]:
    """Gives the address of each page of a search."""
    return lambda page: asked.on_page(page).address()


def path_address(path: str) -> Callable[[int], str]:
    """Gives the address of each page of a plain list."""
    return lambda page: f"{path}?page={page}" if page > 1 else path


def page_items(current: int, last: int, address: Callable[[int], str]) -> list[dict[str, object]]:
    """The numbered links of GOV.UK Frontend's pagination."""
    return [
        {"number": number, "href": address(number), "current": number == current} if number else {"ellipsis": True}
        for number in page_numbers(current, last)
    ]
