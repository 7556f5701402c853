"""A search as its page asks for it: what the parameters of an address mean, and the pages of what was found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from catalogue.search.engine import Sort
from catalogue.search.fields import FACETS
from schemas.cleaning import clean_text
from schemas.dates import first_day, is_date, last_day
from web.presentation.words import shorten

PAGE_SIZE = 20
LONGEST_QUERY = 1_000
LONGEST_VALUE = 200
MOST_VALUES = 50
LAST_PAGE = 500
"""Nobody reads further, and an engine pays for every result it passes over."""

FACET_NAMES = tuple(field.name for field in FACETS)
LEGENDS = {
    "kind": "Kind of record",
    "organisation": "Organisation",
    "theme": "Theme of the data",
    "purpose": "Purpose of the sharing",
    "access": "Who may have it",
    "format": "Format",
    "licence": "Licence",
    "year": "Year covered",
    "place": "Place covered",
    "power": "Legal power",
    "state": "State of the agreement",
}
DATES = {
    "covers_from": "Time covered, from",
    "covers_to": "Time covered, to",
    "changed_since": "Added or changed here since",
}
"""The parameters that are dates, as a reader knows them."""

EXCHANGED = "The two ends of the time covered were exchanged: the first was later than the last."

_SHOWN = 40
_DAY = len("2026-03-02")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked for, made safe; `notes` tell what was cut or passed over.

    `dates` are the parameters of `DATES` that were given, in ISO 8601 at the precision they were given in. `usual` is
    the order of the address where none is named.
    """

    text: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    notes: tuple[str, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    relaxed: bool = False
    usual: Sort = Sort.RELEVANCE

    @property
    def chosen(self) -> Mapping[str, tuple[str, ...]]:
        """The chosen values by facet."""
        return dict(self.filters)

    def date(self, name: str) -> str:
        """A date that was given; empty where it was not."""
        return dict(self.dates).get(name, "")

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of this search but for its page, always in the same order."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name, values in self.filters for value in values]
        pairs += self.dates
        if self.relaxed:
            pairs.append(("relaxed", "1"))
        if self.sort is not self.usual:
            pairs.append(("sort", self.sort.value))
        return pairs

    def address(self, path: str = "/search") -> str:
        """The address of this search."""
        pairs = self.pairs()
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def without(self, name: str, value: str) -> "Asked":
        """The same search without one chosen value, from its first page."""
        filters = ((key, tuple(kept for kept in held if (key, kept) != (name, value))) for key, held in self.filters)
        return replace(self, filters=tuple((key, values) for key, values in filters if values), page=1)

    def without_facet(self, name: str) -> "Asked":
        """The same search without any value of a facet, from its first page."""
        return replace(self, filters=tuple((key, values) for key, values in self.filters if key != name), page=1)

    def with_date(self, name: str, value: str) -> "Asked":
        """The same search with a date, or for an empty one without, from its first page."""
        given = {**dict(self.dates), name: value}
        return replace(self, dates=tuple((key, given[key]) for key in DATES if given.get(key)), page=1)

    def for_words(self, text: str) -> "Asked":
        """The same filters and order for another query, read as it is written, from its first page."""
        return replace(self, text=text, relaxed=False, page=1)

    def read_loosely(self, *, relaxed: bool) -> "Asked":
        """The same search with its strict words made alternatives, or as it is written, from its first page."""
        return replace(self, relaxed=relaxed, page=1)

    def unfiltered(self) -> "Asked":
        """The same words in the same order without any filter."""
        return replace(self, filters=(), dates=(), page=1)

    def on_page(self, page: int) -> "Asked":
        """The same search, on another page."""
        return replace(self, page=page)


def read_asked(values: Mapping[str, Sequence[str]], *, usual: Sort = Sort.RELEVANCE) -> Asked:
    """What the parameters of an address ask for. Any text is taken; what makes no sense is passed over, with a note.

    `usual` is the order where none is named.
    """
    notes: list[str] = []
    text = _read_text(_first(values, "q"), notes)
    filters = tuple((name, found) for name in FACET_NAMES if (found := _read_values(name, values.get(name, ()), notes)))
    return Asked(
        text=text,
        filters=filters,
        sort=_read_sort(_first(values, "sort"), usual, notes),
        page=_read_page_of_results(values, notes),
        dates=_read_dates(values, notes),
        relaxed=_read_relaxed(_first(values, "relaxed"), notes),
        notes=tuple(notes),
        usual=usual,
    )


def _read_text(given: str, notes: list[str]) -> str:
    text = clean_text(given[: 4 * LONGEST_QUERY])[0].strip()
    if len(text) > LONGEST_QUERY or len(given) > 4 * LONGEST_QUERY:
        text = text[:LONGEST_QUERY].strip()
        notes.append(f"Only the first {LONGEST_QUERY:,} characters of what you typed were looked for.")
    return text


def _read_values(name: str, given: Sequence[str], notes: list[str]) -> tuple[str, ...]:
    cleaned = dict.fromkeys(clean_text(value)[0].strip() for value in given if len(value) <= 4 * LONGEST_VALUE)
    kept = tuple(value for value in cleaned if value and len(value) <= LONGEST_VALUE)
    if any(len(value) > LONGEST_VALUE for value in given):
        notes.append(f"A value of “{LEGENDS[name]}” was passed over: none is longer than {LONGEST_VALUE} characters.")
    if len(kept) > MOST_VALUES:
        notes.append(f"Only the first {MOST_VALUES} values of “{LEGENDS[name]}” were used.")
    return kept[:MOST_VALUES]


def _read_dates(values: Mapping[str, Sequence[str]], notes: list[str]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for name, legend in DATES.items():
        text = clean_text(_first(values, name)[:LONGEST_VALUE])[0].strip()
        if text and len(text) <= _DAY and is_date(text):
            found[name] = text
        elif text:
            notes.append(
                f"“{_shown(text)}” in “{legend}” was passed over: it is no date that can be read. "
                "Write a year such as 2019, a month such as 2019-04 or a day such as 2019-04-05."
            )
    first, last = found.get("covers_from"), found.get("covers_to")
    if first and last and first_day(first) > last_day(last):
        found |= {"covers_from": last, "covers_to": first}
        notes.append(EXCHANGED)
    return tuple(found.items())


def _read_sort(text: str, usual: Sort, notes: list[str]) -> Sort:
    found = next((sort for sort in Sort if sort.value == text), None)
    if text and found is None:
        notes.append(f"There is no order “{_shown(clean_text(text)[0])}”; these are in the usual one.")
    return found or usual


def _read_relaxed(text: str, notes: list[str]) -> bool:
    if text not in {"", "0", "1"}:
        notes.append(f"“{_shown(clean_text(text)[0])}” in “relaxed” was passed over: it is 1 or left out.")
    return text == "1"


def _read_page_of_results(values: Mapping[str, Sequence[str]], notes: list[str]) -> int:
    page, text = read_page(values), clean_text(_first(values, "page")[:LONGEST_VALUE])[0].strip()
    if text and (not _is_number(text) or int(text) < 1):
        notes.append(f"“{_shown(text)}” is no number of a page; this is the first.")
    return page


def read_page(values: Mapping[str, Sequence[str]]) -> int:
    """The number of the page asked for; the first where it is none."""
    text = _first(values, "page").strip()
    return min(max(int(text), 1), LAST_PAGE) if _is_number(text) else 1


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 12


def _first(values: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(values.get(name, ())), "")


def _shown(text: str) -> str:
    return shorten(text, _SHOWN)


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
