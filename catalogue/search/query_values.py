"""The values that a reader may mean by what stands behind `field:`, where a record holds them otherwise.

A page shows “Preventing and finding fraud” where a record holds a code; people write UK for the United Kingdom, and
`text/csv` for CSV. Whatever a page shows can be asked for.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from catalogue.formats.media_types import format_name
from catalogue.licences import licence_code
from catalogue.search.analysis import key
from catalogue.search.fields import (
    ACCESS,
    FORMAT,
    IDENTIFIER,
    KIND,
    LICENCE,
    PLACE,
    PURPOSE,
    STATE,
    THEME,
    Field,
)
from catalogue.search.place_names import place_called
from schemas.codelists import codelist

_LISTS: Mapping[Field, str] = {
    KIND: "resource-kind",
    THEME: "theme",
    PURPOSE: "purpose-category",
    ACCESS: "access-rights",
    STATE: "agreement-state",
}
_EXCEL = ("XLS", "XLSX")
_AND = re.compile(r"(?<=\S) and (?=\S)", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def values_meant(field: Field, text: str) -> tuple[str, ...]:
    """What a value of a code field can mean, at least itself; what a record holds is compared with each.

    A title gives the code that it is of, a media type or another name of a format its name, a name or a code of a known
    place what records call it, the number of a record its identifier. “&” and “and” are the same.
    """
    if field in _LISTS:
        meant: Sequence[str] = (_codes(field).get(key(text), text),)
    elif field == LICENCE:
        meant = (licence_code(text) or text,)
    elif field == FORMAT:
        meant = _EXCEL if key(text) == "excel" else (format_name(text) or text,)
    elif field == IDENTIFIER:
        meant = [f"{what}:{_plain(text)}" for what in ("dataset", "agreement")] if _NUMBER.fullmatch(text) else (text,)
    else:
        called = place_called(text) if field == PLACE else None
        meant = (text, _with_the_other_and(text), called or text)
    asked = {key(value): value for value in meant}
    if key(text) in asked:
        asked[key(text)] = text  # as it was written
    return tuple(asked.values())


def _with_the_other_and(text: str) -> str:
    return text.replace(" & ", " and ") if " & " in text else _AND.sub(" & ", text)


def _plain(number: str) -> str:
    return number.replace("-", "").lower()


@cache
def _codes(field: Field) -> Mapping[str, str]:
    """The codes of a list by their titles, in the form in which values are compared; for kinds in the plural too."""
    titles = {entry.title: entry.code for entry in codelist(_LISTS[field]).values()}
    if field == KIND:
        titles |= {"Agreement": "agreement"}
        titles |= {f"{title}s": code for title, code in titles.items()}
    if field == STATE:
        titles |= {"In the catalogue": "active"}
    codes = {key(title): code for title, code in titles.items()}
    return codes | {key(code): code for code in titles.values()}
