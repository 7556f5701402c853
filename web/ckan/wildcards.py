"""Stars and question marks inside a value (`organization:*water*`, `tags:wat?r`), which CKAN's search takes in names.

Our query language knows a star at the end alone. So others are carried through its reading as two letters that nobody
writes, and the values that fit are named one by one.
"""

import re
from collections.abc import Callable

from catalogue.search.analysis import fold

MANY, ONE = "\U00013000", "\U00013001"
"""Two Egyptian hieroglyphs: letters to the reader of queries, and in no catalogue."""

MOST_VALUES = 2_000
"""A pattern that more values of a field fit is too wide to be asked for."""

_WRITTEN_OUT = str.maketrans({MANY: None, ONE: None})
_SIGNS = str.maketrans({"*": MANY, "?": ONE})
_ASKED = re.compile(
    r'(?<![\w\\:/])(?P<name>[a-z_][a-z0-9_-]{0,99}):(?P<value>\((?:[^()"\\]|\\.|"[^"]*")*\)|[^\s()"\[\]{}]+)',
    re.IGNORECASE | re.DOTALL,
)
_TOKEN = re.compile(r'"[^"]*"|[^\s()"]+')


def carried(text: str, has_names: Callable[[str], bool]) -> str:
    """A query whose patterns are letters now; `has_names` tells of a field whether its values are compared whole."""

    def carry(found: re.Match[str]) -> str:
        if not has_names(found["name"]):
            return found[0]
        return f"{found['name']}:{_TOKEN.sub(_carried_token, found['value'])}"

    text = text.translate(_WRITTEN_OUT)
    return _ASKED.sub(carry, text) if "*" in text or "?" in text else text


def _carried_token(found: re.Match[str]) -> str:
    token = found[0]
    inner = token.rstrip("*")
    if token.startswith('"') or "\\" in token or not any(sign in inner for sign in "*?") or not inner.strip("*?"):
        return token
    return token.translate(_SIGNS)


def is_pattern(text: str) -> bool:
    """Whether a word was a pattern."""
    return MANY in text or ONE in text


def fits_pattern(pattern: str) -> Callable[[str], bool]:
    """Whether a value as a whole fits a pattern, whatever its letter case. At most the product of their lengths."""
    folded = [sign if sign in (MANY, ONE) else fold(sign) for sign in pattern]
    signs = [one for sign in folded for one in sign]

    def fits(value: str) -> bool:
        return _fits(fold(value), signs)

    return fits


def _fits(text: str, signs: list[str]) -> bool:
    at, sign, star, behind = 0, 0, -1, 0
    while at < len(text):
        if sign < len(signs) and signs[sign] == MANY:
            star, behind, sign = sign, at, sign + 1
        elif sign < len(signs) and signs[sign] in (ONE, text[at]):
            at, sign = at + 1, sign + 1
        elif star >= 0:
            behind += 1
            at, sign = behind, star + 1
        else:
            return False
    return all(one == MANY for one in signs[sign:])


def as_like(pattern: str) -> str:
    """A pattern as SQL's LIKE takes it, with a backslash before what is meant literally."""
    literal = "".join(f"\\{sign}" if sign in "%_\\" else sign for sign in pattern.lower())
    return literal.replace(MANY, "%").replace(ONE, "_")
