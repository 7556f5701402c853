"""Tables as plain CSV (RFC 4180): how a value is written in a cell, and a row in a line.

A cell of several values has “|” between them; a “|” or “\\\\” inside a value has “\\\\” before it. A text that a
spreadsheet would take for a formula has an apostrophe before it. The CSV of the search is written in the same way.
"""

import csv
import io
import re
from collections.abc import Iterable

from catalogue.search.rows import guarded

MARK = "\ufeff"
"""At the beginning of a file, so that Excel knows the text for UTF-8."""

_SPECIAL = re.compile(r"([\\|])")


def table_cell(value: object) -> str:
    """The text of a cell: of nothing, of one value, or of a list of them."""
    if value is None:
        return ""
    if isinstance(value, list):
        return guarded("|".join(_SPECIAL.sub(r"\\\1", str(item)) for item in value))
    return guarded(str(value))


def table_line(cells: Iterable[str]) -> str:
    """A row of texts as they are, the end of the line included."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
