"""Themes as sources call them, and the codes of our list that they certainly mean."""

from collections.abc import Iterable
from functools import cache

from schemas.codelists import codelist

_EU_THEMES = "http://publications.europa.eu/resource/authority/data-theme/"


def theme_codes(themes: Iterable[str]) -> list[str]:
    """The codes for which a theme stands beyond doubt: our title, or the EU's code or address; each once, sorted.

    A theme that only resembles one of ours gives nothing: guessing would put words into the publisher's mouth.
    """
    return sorted({code for theme in themes if (code := _meanings().get(theme.strip().casefold()))})


@cache
def _meanings() -> dict[str, str]:
    meanings: dict[str, str] = {}
    for entry in codelist("theme").values():
        for name in (entry.title, entry.same_as, entry.same_as.replace("http:", "https:")):
            meanings[name.casefold()] = entry.code
        meanings[entry.same_as.removeprefix(_EU_THEMES).casefold()] = entry.code
    return meanings
