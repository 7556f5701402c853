"""One cell of a table: how a value is written as text, and read back as what the schema wants.

A list of plain values is one cell: the values with a semicolon between them. A value that holds a semicolon or a line
end, begins with a quotation mark, or has blanks at its ends stands in quotation marks, and each quotation mark inside
those is doubled (as RFC 4180 does it for CSV).
"""

import difflib
import re
from functools import cache
from typing import Any

from register.formats.tables_layout import Column
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.errors import InvalidInput

Value = bool | int | str

MOST_CHARACTERS = 1_000_000
"""A cell with more is not looked at: no field may hold so much."""

_MUST_QUOTE = re.compile(r'[;\n\r]|^"|^\s|\s$')
_QUOTED = re.compile(r'\s*"((?:[^"]|"")*+)"[^\S\n]*(?:[;\n]|\Z)')
_PLAIN = re.compile(r"([^;\n]*)(?:[;\n]|\Z)")
_NOT_CLOSED = re.compile(r'\s*"(?:[^"]|"")*+\Z')
_INTEGER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[,   ]\d{3})+)(?:\.0*)?", re.ASCII)
_YES = frozenset({"yes", "y", "true"})
_NO = frozenset({"no", "n", "false"})
_FREE = {"\\S"}
"""Patterns that allow blanks at the ends of a text."""


def text_of(value: Any, column: Column) -> str:  # noqa: ANN401 - a JSON value that the column's schema allows
    """A value, or a list of them, as the text of a cell. Raises InvalidInput for a value that no cell can hold."""
    values = value if column.many else [value]
    if not isinstance(values, list) or not values:
        raise _unwritable(column)
    texts = [_plain(item, column) for item in values]
    return join_list(texts) if column.many else texts[0]


def _plain(value: object, column: Column) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and value.strip():
        return value
    raise _unwritable(column)


def _unwritable(column: Column) -> InvalidInput:
    return InvalidInput(
        f"The field “{column.name}” holds what no cell of a table can hold.", "Check the record and correct it first."
    )


def value_of(text: str, column: Column) -> Value | None:
    """What a text means in a column that holds one value, or one item of a list; None where it says “no such thing”.

    Raises InvalidInput with what to write instead.
    """
    schema = column.schema
    if schema.get("type") == "boolean" or schema.get("const") is True:
        said = _yes_or_no(text.strip())
        return None if said is False and schema.get("const") is True else said
    if schema.get("type") == "integer":
        return _integer(text.strip())
    if column.codelist:
        return _code(text.strip(), column.codelist, schema)
    return text if schema.get("pattern") in _FREE else text.strip()


def _yes_or_no(text: str) -> bool:
    if text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    raise InvalidInput(f"“{_short(text)}” is neither yes nor no.", "Write “yes” or “no”.")


def _integer(text: str) -> int:
    if len(text) > 40 or not _INTEGER.fullmatch(text):
        raise InvalidInput(f"“{_short(text)}” is not a whole number.", "Write it in digits, for example 9000.")
    return int(re.sub(r"[^\d+-]", "", text.partition(".")[0]))


def _code(text: str, name: str, schema: Json) -> str:
    codes = codelist(name)
    if text in codes:
        return text
    found = _codes_by_words(name).get(_folded(text))
    pattern = schema.get("pattern") if "x-open-codelist" in schema else None
    if pattern and re.search(str(pattern), text):
        return text
    if found is None and pattern is None:
        raise InvalidInput(f"“{_short(text)}” is not in the list “{name}”.", _near(text, name))
    return found or text


def _near(text: str, name: str) -> str:
    titles = {_folded(code.title): code.title for code in codelist(name).values()}
    titles |= {_folded(code.code): code.title for code in codelist(name).values()}
    near = difflib.get_close_matches(_folded(text)[:100], titles, n=3, cutoff=0.5)
    words = list(dict.fromkeys(titles[match] for match in near))
    if words:
        return f"Did you mean {' or '.join(f'“{title}”' for title in words)}?"
    some = list(dict.fromkeys(titles.values()))[:8]
    return f"Choose one of the list, for example {', '.join(f'“{title}”' for title in some)}."


@cache
def _codes_by_words(name: str) -> dict[str, str]:
    codes = codelist(name)
    by_code = {_folded(code): code for code in codes}
    return by_code | {
        _folded(entry.title): code for code, entry in codes.items() if _folded(entry.title) not in by_code
    }


def label_of(code: str, column: Column) -> str:
    """How people read a code: its title, where that reads back as the same code; else the code itself."""
    entry = codelist(column.codelist).get(code) if column.codelist else None
    if entry is None or _code(entry.title, str(column.codelist), column.schema) != code:
        return code
    return entry.title


def join_list(texts: list[str]) -> str:
    """Plain values in one cell, with semicolons between them."""
    return "; ".join(_quoted(text) if _MUST_QUOTE.search(text) else text for text in texts)


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def split_list(text: str) -> list[str]:
    """The values of such a cell; a line end parts them too. What stands empty between two semicolons is left out.

    Raises InvalidInput where a quotation mark that begins a value is never closed.
    """
    found: list[str] = []
    place = 0
    while place < len(text):
        if _NOT_CLOSED.match(text, place):
            raise InvalidInput(
                "A value begins with a quotation mark that is not closed.",
                "Put a quotation mark at its end too, or write it without.",
            )
        quoted = _QUOTED.match(text, place)
        match = quoted or _PLAIN.match(text, place)
        if match is None:  # cannot be: a plain value may be anything
            raise AssertionError(text[place:])
        item = match.group(1).replace('""', '"') if quoted else match.group(1).strip()
        if item.strip():
            found.append(item)
        place = match.end()
    return found


def _folded(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("–", "-").split()).casefold()


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
