"""Codelists as whole tables: every column, those that one list alone has included."""

import csv
import io
from functools import cache
from importlib import resources

from schemas.canonical import Json


@cache
def _table(name: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    source = resources.files("schemas.codelists").joinpath(f"{name}.csv")
    if not source.is_file():
        raise KeyError(f"no codelist is called {name}")
    rows = csv.DictReader(io.StringIO(source.read_text(encoding="utf-8")), strict=True)
    return tuple(tuple(row.items()) for row in rows)


def codelist_rows(name: str) -> list[Json]:
    """The rows of a list, each with its filled-in columns. Raises KeyError where there is no such list.

    Beside `code`, `title`, `description` and `sameAs` a list may have `broader` (a code of the same list) and columns
    of its own.
    """
    return [{column: text for column, text in row if text} for row in _table(name)]
