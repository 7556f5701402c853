"""Agreements read from a spreadsheet (XLSX): the template filled in, or an export."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any

from openpyxl.utils import get_column_letter

from register.formats.tables import Cell, Row, Table
from register.formats.tables_headings import columns_of
from register.formats.tables_layout import ROOT, TableLayout, table_layouts
from register.formats.tables_reading import TableRecord, documents_of, with_warnings
from register.formats.workbook_cells import cell_of
from register.formats.workbook_guard import BROKEN, OpenWorkbook, broken, open_workbook
from register.formats.workbook_layout import NOT_READ, SECTIONS, help_of, sheet_titles
from schemas.errors import InvalidInput
from schemas.problems import Problem

WorkbookRecord = TableRecord

_HEAD_ROWS = 10
"""Headings stand in one of the first rows."""

_Rows = dict[int, list[Cell]]


@dataclass(frozen=True, slots=True)
class _Head:
    """The headings of a sheet: the table it holds, the column each names, what stands there, and the row below."""

    layout: TableLayout
    columns: list[str | None]
    cells: list[Cell]
    first: int


def read_workbook(content: bytes, name: str) -> list[WorkbookRecord]:
    """The agreements in a spreadsheet, then rows that belong to none of them; each problem with its cell.

    Columns are known by their name or heading, wherever they stand. Raises InvalidInput where the file is no XLSX
    file, is encrypted, broken or too large, or holds no agreements.
    """
    opened = open_workbook(content, name)
    told: list[Problem] = []
    tables: list[Table] = []
    try:
        for title, rows in _sheets(opened):
            head = _named(rows) or _headed(title, rows)
            if head:
                tables.append(_table(title, rows, head, told))
            elif rows:
                told.append(_not_read(title))
    except InvalidInput:
        raise
    except BROKEN:
        raise broken(name) from None
    _require_agreements(tables, name)
    # The agreements are those that have a title; further sheets about them may stand before, if somebody moved them.
    tables.sort(key=lambda table: "title" not in table.columns)
    return with_warnings(documents_of({table.name: table for table in tables}), told)


def _not_read(title: str) -> Problem:
    return Problem(
        "",
        f"The sheet “{title}” is none of the form’s, and was not read.",
        "If it holds agreements, give it the name and the headings that it has in the form.",
        severity="warning",
    )


def _require_agreements(tables: Sequence[Table], name: str) -> None:
    if not any(table.layout.name == ROOT for table in tables):
        raise InvalidInput(
            f"{name} has no sheet “{SECTIONS[0].title}” with the headings of the form.",
            "Begin with the form that “gazette register new --xlsx” makes, and keep its headings.",
        )
    if not any(table.rows for table in tables):
        raise InvalidInput(f"{name} is not filled in.", f"Begin on the sheet “{SECTIONS[0].title}”.")


def _sheets(opened: OpenWorkbook) -> Iterator[tuple[str, _Rows]]:
    """The sheets that may hold agreements, each with its filled rows by number."""
    for position, sheet in enumerate(opened.values.worksheets):
        title = str(sheet.title)
        if title.strip().casefold() in NOT_READ:
            continue
        formulas = _grid(opened.formulas.worksheets[position], opened) if opened.formulas else iter(())
        rows: _Rows = {}
        for number, cells in enumerate(_grid(sheet, opened), 1):
            found = _cells(title, number, cells, next(formulas, ()))
            if any(cell.filled for cell in found):
                rows[number] = found
        yield title, rows


def _grid(sheet: Any, opened: OpenWorkbook) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - a sheet read bit by bit
    sheet.reset_dimensions()  # what a file says of its own size need not be true
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of dates outside the calendar: their cells are errors, and told
        yield from sheet.iter_rows(min_row=1, max_row=opened.rows, min_col=1, max_col=opened.columns)


def _cells(title: str, number: int, cells: Sequence[Any], formulas: Sequence[Any]) -> list[Cell]:
    """The cells of a row, up to the last that holds something."""
    filled = [index for row in (cells, formulas) for index, cell in enumerate(row) if cell.value is not None]
    return [
        cell_of(cells[index], _at(title, index, number), formulas[index] if index < len(formulas) else None)
        for index in range(max(filled, default=-1) + 1)
    ]


def _at(title: str, index: int, number: int) -> str:
    return f"{title}!{get_column_letter(index + 1)}{number}"


def _table(title: str, rows: _Rows, head: _Head, told: list[Problem]) -> Table:
    for cell, column in zip(head.cells, head.columns, strict=True):
        if cell.filled and column is None:
            told.append(
                Problem(
                    "",
                    f"{cell.place}: There is no column “{cell.text.strip()[:80]}” in “{title}”.",
                    "Nothing in it is taken: correct the heading, or delete the column.",
                    severity="warning",
                )
            )
    taken = [
        _row(title, number, cells, head)
        for number, cells in rows.items()
        if number >= head.first and not (number == head.first and _is_help(cells, head))
    ]
    names = tuple(dict.fromkeys(column for column in head.columns if column))
    return Table(head.layout, names, taken, title, _row(title, max(*rows, head.first - 1) + 1, (), head))


def _row(title: str, number: int, cells: Sequence[Cell], head: _Head) -> Row:
    known: dict[str, tuple[Cell, ...]] = {}
    strays: list[tuple[str, Cell]] = []
    for index in range(max(len(cells), len(head.columns))):
        cell = cells[index] if index < len(cells) else Cell("", _at(title, index, number))
        column = head.columns[index] if index < len(head.columns) else None
        if column:
            known[column] = (*known.get(column, ()), cell)
        elif cell.filled:
            strays.append((head.cells[index].text.strip() if index < len(head.cells) else "", cell))
    return Row(f"{title}!A{number}", known, tuple(strays))


def _is_help(cells: Sequence[Cell], head: _Head) -> bool:
    """Whether a row says what to write, as the second of the form does."""
    for cell, name in zip(cells, head.columns, strict=False):
        column = head.layout.column(name) if name else None
        if column and cell.text.strip() == help_of(column):
            return True
    return False


def _named(rows: _Rows) -> _Head | None:
    """The head of a sheet that has its columns’ names in a row, as the form has; its headings are the first row’s."""
    for number in sorted(rows)[:_HEAD_ROWS]:
        names = [_layouts_by_name().get(cell.text.strip()) for cell in rows[number]]
        layout = next((layout for layout in names if layout), None)
        if layout is None:
            continue
        top = rows[min(rows)]
        cells = [
            first if first.filled else second
            for first, second in zip_longest(top, rows[number], fillvalue=Cell(""))
        ]  # fmt: skip
        by_name = columns_of(layout, [cell.text for cell in rows[number]])
        by_heading = columns_of(layout, [cell.text for cell in cells])
        columns = [name or heading for name, heading in zip_longest(by_name, by_heading)]
        return _Head(layout, columns, cells, number + 1)
    return None


def _headed(title: str, rows: _Rows) -> _Head | None:
    """The head of a sheet that is known by its title, and its columns by their headings."""
    layout = _layouts_by_title().get(title.strip().casefold())
    if layout is None:
        return None
    for number in sorted(rows)[:_HEAD_ROWS]:
        columns = columns_of(layout, [cell.text for cell in rows[number]])
        if any(columns):
            return _Head(layout, columns, rows[number], number + 1)
    return None


@cache
def _layouts_by_name() -> dict[str, TableLayout]:
    """The table that each column’s full name (`parties.name`) belongs to."""
    return {
        f"{layout.name}.{column}": layout
        for layout in table_layouts().values()
        for column in (*layout.keys, *(column.name for column in layout.columns))
    }


@cache
def _layouts_by_title() -> dict[str, TableLayout]:
    """The table of each sheet, by what the form, or a folder of CSV files, calls it."""
    layouts = table_layouts()
    by_name = {name.casefold(): layout for name, layout in layouts.items()}
    by_section = {section.title.casefold(): layouts[ROOT] for section in SECTIONS}
    return by_name | by_section | {title.casefold(): layouts[name] for name, title in sheet_titles().items()}
