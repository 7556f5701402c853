"""The parameters of an action, from a query string, a form or a JSON object, read as CKAN's validators read them."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress

from schemas.cleaning import clean_text
from web.ckan.errors import ValidationError

_TRUE = {"true", "yes", "on", "y", "t", "1"}
LONGEST_NUMBER = 18


class Parameters:
    """What a client sent. Text is cleaned of what no database takes (NUL, lone surrogates)."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = {clean_text(str(name))[0]: value for name, value in values.items()}

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """One text; of several the first. Numbers and truth values are written out."""
        value = self.values.get(name)
        if isinstance(value, list | tuple):
            value = value[0] if value else None
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        return clean_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[0]

    def required(self, name: str, called: str = "") -> str:
        """One text that must be there. Raises ValidationError under the name `called`."""
        value = self.text(name).strip()
        if not value:
            raise ValidationError({called or name: ["Missing value"]})
        return value

    def typed(self, name: str) -> str:
        """What somebody typed so far, which may be nothing yet. Raises ValidationError where it is not there."""
        return self.text(name).strip() if self.values.get(name) is not None else self.required(name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Whether something is wanted, in any of CKAN's ways of saying so; what is none of them means no."""
        text = self.text(name).strip().lower()
        return text in _TRUE if text else default

    def natural(self, name: str, default: int) -> int:
        """A whole number from 0. Raises ValidationError."""
        number = self.whole(name, default)
        if number < 0:
            raise ValidationError({name: ["Must be a natural number"]})
        return number

    def whole(self, name: str, default: int) -> int:
        """A whole number, in JSON also as 10.0. Raises ValidationError."""
        value = self.values.get(name)
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else self.text(name).strip()
        if not text:
            return default
        digits = text.removeprefix("-").removeprefix("+")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER):
            raise ValidationError({name: ["Invalid integer"]})
        return int(text)

    def each(self, name: str) -> list[str]:
        """Several texts: a list, a JSON list in a text, a parameter that is repeated, or one with commas between.

        CKAN refuses a plain word where it wants a JSON list (ckan#2924), and old clients send one: it is taken.
        """
        value = self.values.get(name)
        found: list[str] = []
        for item in value if isinstance(value, list | tuple) else [value]:
            found.extend(_several(item))
        cleaned = (clean_text(text)[0].strip() for text in found)
        return list(dict.fromkeys(text for text in cleaned if text))

    def whole_texts(self, name: str) -> list[str]:
        """Several texts whose commas and blanks are their own: a list, a JSON list in a text, or one repeated."""
        value = self.values.get(name)
        if isinstance(value, str) and value.lstrip()[:1] == "[":
            with suppress(ValueError, RecursionError):
                value = json.loads(value)
        items = value if isinstance(value, list) else [value]
        return [text for item in items if isinstance(item, str) and (text := clean_text(item)[0].strip())]

    def listed(self, name: str) -> list[str]:
        """As `each`; what begins as JSON and is no list is refused, as by CKAN. Raises ValidationError."""
        value = self.values.get(name)
        if isinstance(value, dict):
            raise ValidationError({name: ["Not a list"]})
        if isinstance(value, str) and value.lstrip()[:1] in {"[", "{"}:
            _require_list(name, value)
        return self.each(name)


def _require_list(name: str, text: str) -> None:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise ValidationError({name: ["Could not parse as valid JSON", "Not a list"]}) from None
    if not isinstance(read, list):
        raise ValidationError({name: ["Not a list"]})


def _several(item: object) -> Sequence[str]:
    if not isinstance(item, str):
        return [] if item is None or isinstance(item, dict) else [str(item)]
    if item.lstrip()[:1] == "[":
        try:
            read = json.loads(item)
        except (ValueError, RecursionError):
            read = None
        if isinstance(read, list):
            return [str(value) for value in read if isinstance(value, str | int)]
    return item.replace(",", " ").split()
