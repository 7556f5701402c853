"""Filling a spreadsheet in as an official does: by the titles of sheets and columns, from the drop-downs."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

FIRST = 4
"""The row of the form in which people begin to write."""

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""For each sheet its rows: the title of a column and what is written there."""


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def saved(workbook: Workbook) -> bytes:
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def columns_by_title(sheet: Worksheet) -> dict[str, int]:
    titles = {str(cell.value).removesuffix(" *"): number for number, cell in enumerate(sheet[1], 1)}
    assert len(titles) == sheet.max_column, sheet.title
    return titles


@dataclass(frozen=True)
class DropDown:
    """What a column offers, and whether nothing else may be written there."""

    choices: list[str]
    strict: bool


def drop_down(workbook: Workbook, sheet: Worksheet, column: int) -> DropDown | None:
    """The drop-down of a column, None where it has none."""
    for validation in sheet.data_validations.dataValidation:
        if any(area.min_col <= column <= area.max_col and area.min_row == FIRST for area in validation.sqref.ranges):
            strict = validation.errorStyle == "stop" and bool(validation.showErrorMessage)
            return DropDown(_offered(workbook, str(validation.formula1)), strict)
    return None


def _offered(workbook: Workbook, formula: str) -> list[str]:
    if formula.startswith('"'):
        return formula.strip('"').split(",")
    title, cells = formula.removeprefix("=").split("!")
    column = workbook[title.strip("'")][cells.replace("$", "")]
    return [str(cell.value) for (cell,) in column if cell.value]


def fill(content: bytes, rows: Rows) -> bytes:
    """The form with these rows written into it; where a spreadsheet program lets only the list in, from the list."""
    workbook = opened(content)
    for title, lines in rows.items():
        sheet = workbook[title]
        columns = columns_by_title(sheet)
        offered = {name: drop_down(workbook, sheet, columns[name]) for line in lines for name in line}
        for number, line in enumerate(lines, FIRST):
            for heading, value in line.items():
                asked = offered[heading]
                assert asked is None or not asked.strict or str(value) in asked.choices, (heading, value)
                sheet.cell(number, columns[heading]).value = value
    return saved(workbook)
