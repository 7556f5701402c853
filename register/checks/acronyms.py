"""Acronyms that a citizen would have to look up."""

import re
from collections.abc import Iterable

_ACRONYM = re.compile(r"(?<![\w/.@-])(?:[A-Z]{2,7}|[A-Z]{1,3}[a-z][A-Z]{1,3})s?(?![\w/@-]|\.\w)")
_ROMAN = re.compile(r"[IVX]+")
_BRACKETED = re.compile(r"\(([^()]{2,60})\)")
_SMALL_WORDS = {"a", "an", "and", "at", "for", "in", "of", "on", "the", "to", "de", "des", "du", "la", "und", "der"}

KNOWN = frozenset(
    "AD AI AIDS AM BBC BC CCTV CD COVID DIY DNA DVD EU FAQ GP GPS HIV HM ID IQ IT MP MPS MOT NASA NATO NHS OK PAYE PC "
    "PDF PIN PM SIM SMS TV UFO UK UN UNESCO UNICEF US USA USB VAT VIP WHO".split()
)
"""Acronyms that need no telling: everybody says them, and few could say what they stand for."""


def unexplained_acronyms(text: str) -> list[str]:
    """The acronyms of a text that nothing in it explains, in order, each once.

    One is explained where it stands in brackets after what it means, or before brackets that hold it:
    “Department for Work and Pensions (DWP)”, “DWP (Department for Work and Pensions)”.
    """
    if text.isupper():
        return []
    explained = {
        word for inside in _BRACKETED.findall(text) for word in [inside.strip(), inside.strip().removesuffix("s")]
    }
    found: dict[str, None] = {}
    for match in _ACRONYM.finditer(text):
        word = match.group().removesuffix("s") if match.group()[:-1].isupper() else match.group()
        before_brackets = re.match(r"\s*\(([^()]{2,120})\)", text[match.end() :])
        spelled = before_brackets is not None and stands_for(word, before_brackets[1])
        if word in KNOWN or _ROMAN.fullmatch(word) or word in explained or spelled:
            continue
        found[word] = None
    return list(found)


def stands_for(acronym: str, words: str) -> bool:
    """Whether an acronym can be made of the first letters of words, small words left out or not."""
    parts = re.findall(r"[^\W_]+", words)
    large = [part for part in parts if part.casefold() not in _SMALL_WORDS]
    wanted = acronym.casefold()
    return any(
        "".join(part[0] if not part.isupper() else part for part in chosen).casefold() == wanted
        for chosen in (parts, large)
    )


def meaning_among(acronym: str, names: Iterable[str]) -> str:
    """The name that an acronym stands for; "" where none or several could be."""
    found = [name for name in dict.fromkeys(names) if stands_for(acronym, name)]
    return found[0] if len(found) == 1 else ""
