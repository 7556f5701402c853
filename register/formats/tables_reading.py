"""Documents from tables: every row has its place, and everything that cannot be read is told, with its cell."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from register.formats.tables import Cell, Row, Table
from register.formats.tables_cells import MOST_CHARACTERS, split_list, value_of
from register.formats.tables_layout import KEY, ROOT, Column, TableLayout, children_of, table_layouts
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.cleaning import Cleaning, clean_document
from schemas.errors import InvalidInput
from schemas.problems import Problem, pointer_to

_Pointer = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class TableRecord:
    """One agreement as tables have it.

    `place` says where its row stands; `value` is the document, None where rows belong to no agreement. `problems` are
    what could not be read: what stands there is kept in `value` as text, so that a check finds a second problem at
    the same pointer. `cells` has the place of each value, and of each cell that could hold one.
    """

    place: str
    value: Any
    problems: tuple[Problem, ...] = ()
    cleanings: tuple[Cleaning, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)

    def cell_of(self, pointer: str) -> str | None:
        """Where a value stands ("Parties!B4"); for a missing one where it would, or the nearest place around it."""
        while True:
            if pointer in self.cells:
                return self.cells[pointer]
            inside = next((place for known, place in self.cells.items() if known.startswith(f"{pointer}/")), None)
            if inside is not None or not pointer:
                return inside
            pointer = pointer.rpartition("/")[0]


@dataclass(slots=True)
class _Item:
    """One row on its way into a document: its cells, those of further tables with them, and the items inside it."""

    rows: list[Row]
    inside: dict[str, dict[int, "_Item"]] = field(default_factory=dict)


@dataclass(slots=True)
class _Draft:
    """One agreement on its way: its rows, what is wrong, and the place of each value."""

    item: _Item
    problems: list[Problem] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)


def documents_of(tables: Mapping[str, Table]) -> list[TableRecord]:
    """The agreements in some tables, in the order of their rows, then what belongs to none of them.

    The agreements may stand in several tables of the same layout, linked by their key; the first says which there
    are. Where there is one agreement only, its key may be left out everywhere.
    """
    links = _Links()
    for name in table_layouts():
        for table in (table for table in tables.values() if table.layout.name == name):
            links.take(table)
    free = [(table.layout.name, table.next_row) for table in tables.values() if table.next_row]
    free_cells = _free_cells(free)
    return [*(_record(draft, free, free_cells) for draft in links.drafts.values()), *links.lost]


def with_warnings(records: Sequence[TableRecord], warnings: Iterable[Problem]) -> list[TableRecord]:
    """The records with what is to be said of the whole file, at the first of them."""
    told = tuple(warnings)
    return [replace(record, problems=(*told, *record.problems)) for record in records[:1]] + [*records[1:]]


class _Links:
    """Which row belongs to which agreement, and to which row inside it."""

    def __init__(self) -> None:
        self.drafts: dict[str, _Draft] = {}
        self.lost: list[TableRecord] = []
        self._agreements: Table | None = None

    def take(self, table: Table) -> None:
        """Take the rows of a table in; tables come before those that lie inside them."""
        if table.layout.name == ROOT and self._agreements is None:
            self._agreements = table
            self._take_agreements(table)
            return
        seen: dict[str, Row] = {}
        for row in table.rows:
            draft = self._draft_of(row, table)
            if draft is None:
                continue
            if table.layout.name != ROOT:
                _link(draft, row, table.layout)
            elif (key := row.text(KEY)) in seen:
                draft.problems.append(_twice(key, seen[key], row))
            else:
                seen[key] = row
                draft.item.rows.append(row)

    def _take_agreements(self, table: Table) -> None:
        for row in table.rows:
            key = row.text(KEY) or row.text("id")
            if not key and len(table.rows) > 1:
                key = row.place  # an agreement to which no other table can refer
            if key in self.drafts:
                self.drafts[key].problems.append(_twice(key, self.drafts[key].item.rows[0], row))
            else:
                self.drafts[key] = _Draft(_Item([row]))

    def _draft_of(self, row: Row, table: Table) -> _Draft | None:
        key = row.text(KEY)
        if key in self.drafts:
            return self.drafts[key]
        if not key and len(self.drafts) == 1:
            return next(iter(self.drafts.values()))
        if not any(cell.filled for name, cells in row.cells.items() if name != KEY for cell in cells):
            return None  # a heading between the rows
        self.lost.append(TableRecord(row.place, None, (self._nobodys(row, table, key),)))
        return None

    def _nobodys(self, row: Row, table: Table, key: str) -> Problem:
        place = row.cells[KEY][0].place if row.cells.get(KEY) else row.place
        agreements = self._agreements.name if self._agreements else ROOT
        if not key:
            return _told(
                place,
                "This row does not say which agreement it belongs to.",
                f"Write in the column “{KEY}” what stands there in “{agreements}”.",
            )
        near = difflib.get_close_matches(key[:100], self.drafts, n=1, cutoff=0.6)
        return _told(
            place,
            f"There is no agreement “{_short(key)}” in “{agreements}”, so this row of “{table.name}” was not taken.",
            f"Did you mean “{near[0]}”?" if near else f"Add it to “{agreements}”, or correct the row.",
        )


def _twice(key: str, first: Row, second: Row) -> Problem:
    which = f"The agreement “{_short(key)}”" if key else "An agreement"
    return _told(
        second.place,
        f"{which} stands in two rows, here and at {first.place}.",
        "Keep one, or give it a key of its own.",
    )


def _told(place: str, message: str, advice: str) -> Problem:
    return Problem("", f"{place}: {message}" if place else message, advice)


def _link(draft: _Draft, row: Row, layout: TableLayout) -> None:
    """Put a row into the row that it lies in."""
    try:
        item = draft.item
        for around in _around_it(layout):
            item = _around(row, around, item.inside.get(around.name, {}))
        items = item.inside.setdefault(layout.name, {})
        own = layout.positions[-1]
        number = _number(row, own) or max(items, default=0) + 1
        if number in items:
            other = items[number].rows[0].place
            raise InvalidInput(
                f"{_place(row, own)}: The number {number} stands there twice, here and at {other}.",
                "Give each row a number of its own, or leave all of them out.",
            )
        items[number] = _Item([row])
    except InvalidInput as error:
        draft.problems.append(Problem("", error.message, error.advice))


def _around_it(layout: TableLayout) -> list[TableLayout]:
    """The tables that a table lies in, outermost first, without that of the agreements."""
    around: list[TableLayout] = []
    while layout.parent and layout.parent != ROOT:
        layout = table_layouts()[layout.parent]
        around.insert(0, layout)
    return around


def _around(row: Row, layout: TableLayout, items: Mapping[int, _Item]) -> _Item:
    """The item of a table around that a row says it lies in."""
    column = layout.positions[-1]
    number = _number(row, column)
    if number is None and len(items) == 1:
        return next(iter(items.values()))
    there = (
        f"The numbers there are {', '.join(map(str, sorted(items)[:20]))}."
        if items
        else f"Add it to “{layout.title}” first."
    )
    if number is None:
        raise InvalidInput(
            f"{_place(row, column)}: This row does not say which row of “{layout.title}” it belongs to.", there
        )
    if number not in items:
        raise InvalidInput(f"{_place(row, column)}: There is no number {number} in “{layout.title}”.", there)
    return items[number]


def _number(row: Row, column: str) -> int | None:
    text = row.text(column)
    if not text:
        return None
    whole = text.removesuffix(".0")
    if not (whole.isascii() and whole.isdigit() and 0 < len(whole) <= 9 and int(whole)):
        raise InvalidInput(
            f"{_place(row, column)}: “{_short(text)}” is not the number of a row.",
            "Write 1 for the first, 2 for the second.",
        )
    return int(whole)


def _place(row: Row, column: str) -> str:
    cells = row.cells.get(column)
    return cells[0].place if cells and cells[0].place else row.place


_Free = Sequence[tuple[str, Row]]
"""The row that would come next in each table, by the table’s layout."""


def _free_cells(free: _Free) -> dict[str, str]:
    """Where what an agreement has no row for yet would stand, on each sheet about the agreements themselves."""
    return {
        column.pointer: row.cells[column.name][0].place
        for name, row in reversed(free)
        for column in table_layouts()[ROOT].columns
        if name == ROOT and row.cells.get(column.name)
    }


def _record(draft: _Draft, free: _Free, free_cells: Mapping[str, str]) -> TableRecord:
    document = _assembled(draft, draft.item, table_layouts()[ROOT], (), free)
    document.setdefault("schemaVersion", AGREEMENT_VERSION)
    clean, cleanings = clean_document(document)
    place = draft.item.rows[0].place
    return TableRecord(place, clean, tuple(draft.problems), tuple(cleanings), {**free_cells, **draft.cells})


def _assembled(draft: _Draft, item: _Item, layout: TableLayout, pointer: _Pointer, free: _Free) -> Json:
    """The group of fields that an item's rows, and the rows inside it, make up."""
    group: Json = {}
    draft.cells[pointer_to(pointer)] = item.rows[0].place
    for row in item.rows:
        for column in layout.columns:
            if cells := row.cells.get(column.name):
                _take_cells(draft, group, column, cells, pointer)
        for heading, cell in row.strays:
            draft.problems.append(_stray(heading, cell, layout))
    for child in children_of(layout.name):
        here = (*pointer, *child.within)
        found: list[Json] = []
        for _, inner in sorted(item.inside.get(child.name, {}).items()):
            inner_group = _assembled(draft, inner, child, (*here, len(found)), free)
            found += [inner_group] if inner_group else []
        if found:
            _set(group, child.within, found)
        else:
            places = [row.place for name, row in free if name == child.name]
            draft.cells |= {pointer_to(here): place for place in places[:1]}
    return group


def _take_cells(draft: _Draft, group: Json, column: Column, cells: Sequence[Cell], around: _Pointer) -> None:
    pointer = pointer_to(around) + column.pointer
    filled = [cell for cell in cells if cell.filled]
    for cell in (filled or cells)[:1]:
        if filled or pointer not in draft.cells:
            draft.cells[pointer] = cell.place
    known = _get(group, column.path)
    found: list[object] = [*known] if column.many and known else []
    for cell in filled:
        for value in _values(draft, column, cell, pointer, len(found)):
            if column.many:
                draft.cells[f"{pointer}/{len(found)}"] = cell.place
            found.append(value)
    if not found:
        return
    if not column.many and (len(found) > 1 or known not in {None, found[0]}):
        message = "This stands there twice, and the two differ."
        draft.problems.append(Problem(pointer, message, "Keep one.", title=column.heading))
        return
    _set(group, column.path, found if column.many else found[0])


def _values(draft: _Draft, column: Column, cell: Cell, pointer: str, before: int) -> Iterator[object]:
    """What stands in a cell, `before` other values. What cannot be read is told, and kept as it is written."""
    try:
        if cell.trouble:
            raise cell.trouble
        if len(cell.text) > MOST_CHARACTERS:
            raise InvalidInput(f"This holds {len(cell.text):,} characters.", "No field is so long: shorten it.")
        texts = split_list(cell.text) if column.many else [cell.text]
    except InvalidInput as error:
        draft.problems.append(Problem(pointer, error.message, error.advice, title=column.heading))
        return
    for position, text in enumerate(texts, before):
        try:
            value = value_of(text, column)
        except InvalidInput as error:
            place = f"{pointer}/{position}" if column.many else pointer
            draft.problems.append(Problem(place, error.message, error.advice, title=column.heading))
            value = text
        if value is not None:
            yield value


def _stray(heading: str, cell: Cell, layout: TableLayout) -> Problem:
    if not heading:
        return _told(cell.place, "This stands under no heading and cannot be taken.", "Move it, or delete it.")
    known = {column.name: column.name for column in layout.columns}
    known |= {column.heading: column.heading for column in layout.columns}
    near = difflib.get_close_matches(heading[:100], known, n=1, cutoff=0.6)
    return _told(
        cell.place,
        f"There is no column “{_short(heading)}” in “{layout.title}”, so what stands there cannot be taken.",
        f"Did you mean “{near[0]}”?" if near else "Move it to a column that there is, or delete it.",
    )


def _get(group: Json, path: Sequence[str]) -> Any:  # noqa: ANN401 - any JSON value
    value: Any = group
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _set(group: Json, path: Sequence[str], value: object) -> None:
    for name in path[:-1]:
        group = group.setdefault(name, {})
    group[path[-1]] = value


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
