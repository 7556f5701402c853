"""Agreements as tables: what a spreadsheet or a folder of CSV files holds, without loss.

`tables_of` and `documents_of` (in `tables_reading`) are a pair: documents that conform to the schema come back equal.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from register.formats.tables_cells import text_of
from register.formats.tables_layout import KEY, ROOT, Column, Path, TableLayout, children_of, table_layouts
from schemas.canonical import Json
from schemas.errors import InvalidInput
from schemas.upgrades import upgrade


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, and where it stands, as people say it ("Parties!B4"). `trouble` is why it has no text."""

    text: str
    place: str = ""
    trouble: InvalidInput | None = None

    @property
    def filled(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.trouble or self.text.strip())


@dataclass(frozen=True, slots=True)
class Row:
    """A row: where it stands, its cells by column (more than one where a column is there several times), and others.

    `strays` are filled cells under a heading that is none of the table's.
    """

    place: str
    cells: Mapping[str, tuple[Cell, ...]]
    strays: tuple[tuple[str, Cell], ...] = ()

    def text(self, column: str) -> str:
        """The text of the first cell in a column, without blanks around it; "" where there is none."""
        return next((cell.text.strip() for cell in self.cells.get(column, ()) if cell.filled), "")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its layout, the columns it has (keys first), its rows, and, empty, the row that would come next."""

    layout: TableLayout
    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    name: str = ""
    next_row: Row | None = None


def tables_of(documents: Iterable[Json]) -> dict[str, Table]:
    """The documents as tables, all of them, by name. Each document is brought up to the newest version first.

    Raises InvalidInput, naming the field, for what the schema does not know: nothing is left out.
    """
    tables = {
        name: Table(layout, (*layout.keys, *(column.name for column in layout.columns)), name=name)
        for name, layout in table_layouts().items()
    }
    found = [upgrade(document) for document in documents]
    for document, key in zip(found, _keys(found), strict=True):
        _add(tables, ROOT, document, {KEY: key}, str(document.get("title", key)))
    return tables


def _keys(documents: list[Json]) -> Iterator[str]:
    """A key for each document: its number; one of its own where it has none, or another has the same."""
    numbers = Counter(document.get("id") for document in documents)
    for position, document in enumerate(documents, 1):
        number = document.get("id")
        yield number if isinstance(number, str) and numbers[number] == 1 else f"draft {position}"


def _add(tables: dict[str, Table], name: str, group: Json, keys: dict[str, str], who: str) -> None:
    layout = tables[name].layout
    texts = {**keys, **{column.name: text for column, text in _texts(group, layout)}}
    cells = {column: (Cell(text),) for column, text in texts.items()}
    tables[name].rows.append(Row(f"row {len(tables[name].rows) + 1}", cells))
    known = {column.path for column in layout.columns} | {child.within for child in children_of(name)}
    _require_known(group, (), known, who)
    for child in children_of(name):
        items = _at(group, child.within)
        if items is not None and not (isinstance(items, list) and items):
            raise _no_place(who, child.within)
        for position, item in enumerate(items or (), 1):
            _add(tables, child.name, item, {**keys, child.positions[-1]: str(position)}, who)


def _texts(group: Json, layout: TableLayout) -> Iterator[tuple[Column, str]]:
    for column in layout.columns:
        value = _at(group, column.path)
        if value is not None:
            yield column, text_of(value, column)


def _at(group: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    for name in path:
        if not isinstance(group, dict) or name not in group:
            return None
        group = group[name]
    return group


def _require_known(group: Any, path: Path, known: set[Path], who: str) -> None:  # noqa: ANN401
    """Nothing may be left out: each member is a column, a table, or a group of such."""
    if path in known:
        return
    if not isinstance(group, dict) or not group or not any(place[: len(path)] == path for place in known):
        raise _no_place(who, path)
    for name, member in group.items():
        _require_known(member, (*path, name), known, who)


def _no_place(who: str, path: Path) -> InvalidInput:
    return InvalidInput(
        f"“{who}”: the field “{'.'.join(path) or 'agreement'}” has no place in the tables.",
        "Check the record against the schema and correct it first.",
    )
