"""What stands in a cell of a spreadsheet, as text."""

import re
from datetime import date, datetime, time
from typing import Any

from register.formats.tables import Cell
from register.formats.workbook_text import MOST_CHARACTERS, unescaped
from schemas.errors import InvalidInput

_MOST_DIGITS = 10**15
"""Excel keeps fifteen digits of a number; what had more has lost the rest."""

_NOT_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def cell_of(cell: Any, place: str, formula: Any = None) -> Cell:  # noqa: ANN401 - one of openpyxl's kinds of cell
    """A cell as text: dates as ISO 8601 has them, as precise as the cell shows them; yes and no; whole numbers plain.

    `formula` is the same cell with its formula, where the file has any.
    """
    if formula is not None and cell.value is None and formula.data_type == "f":
        error = InvalidInput(
            "This is a formula without a saved result.", "Open the file in Excel and save it, or write the text itself."
        )
        return Cell("", place, error)
    if cell.data_type == "e":
        return Cell(
            "", place, InvalidInput(f"The formula here ends in the error {cell.value}.", "Write the text itself.")
        )
    try:
        text = _text(cell.value, str(getattr(cell, "number_format", "General")))
    except InvalidInput as error:
        return Cell(str(cell.value)[:MOST_CHARACTERS], place, error)
    return Cell(text, place)


def _text(value: object, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime):
        return _moment(value, number_format)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _plain(value: str) -> str:
    text = unescaped(value)
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(f"This holds {len(text):,} characters, more than a cell of Excel can.", "Shorten it.")
    return text


def _number(value: float, number_format: str) -> str:
    if not -_MOST_DIGITS < value < _MOST_DIGITS:  # not-a-number included
        raise InvalidInput(
            f"Excel took {value} for a number and keeps 15 digits of one.",
            "Format the cell as text and write it again.",
        )
    if value == int(value):
        digits = str(int(value))
        return digits.zfill(len(number_format)) if re.fullmatch("0+", number_format) else digits
    return format(value, ".15f").rstrip("0") if abs(value) < 1 else format(value, ".15g")


def _moment(value: datetime, number_format: str) -> str:
    """A date as precise as it is shown: Excel makes 1 March 2024 of March 2024, and shows “Mar-24”."""
    if value.time() != time():
        return value.isoformat()
    shown = _NOT_LITERAL.sub("", number_format).casefold()
    if "d" in shown or "y" not in shown:
        return value.date().isoformat()
    return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"
