"""Text is cleaned once, where it enters, and what was cleaned is told.

Lone surrogates make SQLite, tantivy and UTF-8 encoders raise; NUL ends strings in PostgreSQL; other control
characters are invisible; and one word in two Unicode forms is two words to a search. A clean value has none of
these: it is in Unicode Normalization Form C (UAX #15) and keeps tabs and line ends only. Whatever Unicode breaks a
line at (UAX #14) counts as a line end, a word processor's soft break among them.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from schemas.errors import InvalidInput
from schemas.problems import pointer_to

MOST_LEVELS = 64
"""How deep a record may be nested: no description of anything goes so far."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Cleaning:
    """One thing cleaned: the JSON Pointer (RFC 6901) of the value and what was done, in plain English."""

    pointer: str
    what: str

    def __str__(self) -> str:
        return f"{self.pointer or 'the record'}: {self.what}"


def clean_text(text: str) -> tuple[str, list[str]]:
    """The clean form of one text and what was done to it, in the order it was done."""
    done: list[str] = []
    if _SURROGATE.search(text):
        # A pair that arrived as two halves is one character; only a half without its partner is damage.
        joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        if len(joined) < len(text):
            done.append("two halves of one character (a surrogate pair) were joined")
        text = _SURROGATE.sub("\ufffd", joined)
        if text != joined:
            done.append("half a character (a lone surrogate) was replaced by the sign �")
    ends = _LINE_END.sub("\n", text)
    if ends != text:
        text = ends
        done.append("line ends were written in one way")
    if found := sorted({f"U+{ord(c):04X}" for c in _CONTROL.findall(text)}):
        text = _CONTROL.sub("", text)
        done.append(f"invisible control characters were removed ({', '.join(found)})")
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        done.append("letters and accents were joined (Unicode NFC)")
    return text, done


def clean_document(value: Any) -> tuple[Any, list[Cleaning]]:  # noqa: ANN401 - any JSON value
    """A JSON value with every text in it, keys included, cleaned; and what was cleaned where.

    Raises InvalidInput where it is nested more than 64 levels deep.
    """
    notes: list[Cleaning] = []
    return _clean(value, (), notes), notes


def _clean(value: Any, path: tuple[str | int, ...], notes: list[Cleaning]) -> Any:  # noqa: ANN401
    if len(path) > MOST_LEVELS:
        raise too_deep()
    if isinstance(value, str):
        text, done = clean_text(value)
        notes.extend(Cleaning(pointer_to(path), what) for what in done)
        return text
    if isinstance(value, list):
        return [_clean(item, (*path, index), notes) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return _clean_members(value, path, notes)
    return value


def _clean_members(value: dict[Any, Any], path: tuple[str | int, ...], notes: list[Cleaning]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for key, item in value.items():
        name, done = clean_text(str(key))
        here = (*path, name)
        notes.extend(Cleaning(pointer_to(here), f"in the field’s name, {what}") for what in done)
        if name in cleaned:
            notes.append(Cleaning(pointer_to(here), "a second field has this name once it is clean; it was left out"))
        else:
            cleaned[name] = _clean(item, here, notes)
    return cleaned


def too_deep(what: str = "The record") -> InvalidInput:
    """The error of a value that is nested deeper than `MOST_LEVELS`."""
    return InvalidInput(f"{what} is nested more than {MOST_LEVELS} levels deep.", "Give the records alone.")
