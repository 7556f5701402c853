"""Short names for addresses: lower-case letters, digits and single hyphens."""

import re
import unicodedata
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

SLUG_LENGTH = 80
_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})


def fold(text: str) -> str:
    """Text with case, accents and ligatures folded away, for comparing names."""
    for _ in range(2):  # decomposing brings forth capitals that casefold did not see (Unicode, D146)
        text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def slug_of(text: str) -> str:
    """The short name that a title gives: at most 80 characters, cut at the end of a word; "untitled" if empty."""
    slug = _NOT_IN_A_SLUG.sub("-", fold(text).replace("&", " and ").replace("'", "").replace("’", "")).strip("-")
    if len(slug) > SLUG_LENGTH:
        slug = slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]
    return slug or "untitled"


def free_slug(session: Session, column: InstrumentedAttribute[str], text: str) -> str:
    """The short name of a title that no row has yet, with a number behind it where the plain one is taken."""
    base = slug_of(text)
    taken = _taken(session, column, base)
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def _taken(session: Session, column: InstrumentedAttribute[Any], base: str) -> set[str]:
    numbered = column.startswith(f"{base}-", autoescape=True)
    return set(session.scalars(select(column).where((column == base) | numbered)))
