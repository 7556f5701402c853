"""Acronyms that titles and names teach: “Office for National Statistics (ONS)”. By rule alone, never by hand."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalogue.search.analysis import FUNCTION_WORDS, fold, tokens

_BRACKETS = re.compile(r"\(\s{0,2}([^()]{2,120}?)\s{0,2}\)")
_ACRONYM = re.compile(r"(?:[^\W\d_][^\W_&/-]{1,9}|[^\W\d_](?:[&/-]?[^\W_]){1,9})")
_MOST_IN_TEXT = 8
_SMALL = FUNCTION_WORDS | frozenset("de des du la le les und der die das et y del o e da do".split())

DOMINATES = 3
"""Of several meanings, one counts only where it is met this many times as often as all others together."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """An acronym and what it stands for, both as written."""

    acronym: str
    meaning: str

    @property
    def key(self) -> str:
        """What two spellings of the same lesson have in common: the acronym and its meaning, folded."""
        return f"{fold(self.acronym)}\t{_folded(self.meaning)}"


def acronyms_in(texts: Iterable[str]) -> list[Learnt]:
    """The acronyms that some texts explain, each lesson once.

    One is explained where it stands in brackets behind words whose initials it is made of, or before brackets with
    such words. Small words (“of”, “for”) may count or not; a word written in capitals counts with all its letters.
    """
    found: dict[str, Learnt] = {}
    for text in texts:
        for learnt in _in_text(text[:2_000]):
            found.setdefault(learnt.key, learnt)
    return list(found.values())[:_MOST_IN_TEXT]


def dominant(met: Iterable[tuple[str, str, int]]) -> dict[str, str]:
    """The one meaning of each acronym that has one.

    `met` are acronym (folded), meaning and how many records say so; an acronym without a meaning that dominates all
    its others is left out. Which rows come first makes no difference.
    """
    counted: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for acronym, meaning, count in met:
        counted.setdefault(acronym, {}).setdefault(_folded(meaning), []).append((-count, meaning))
    return {acronym: meaning for acronym, met_as in sorted(counted.items()) if (meaning := _one(met_as))}


def _one(met_as: Mapping[str, list[tuple[int, str]]]) -> str:
    totals = sorted((sum(count for count, _ in rows), folded) for folded, rows in met_as.items())
    best, folded = totals[0]
    others = sum(count for count, _ in totals[1:])
    return min(met_as[folded])[1] if -best >= DOMINATES * -others else ""


def _in_text(text: str) -> Iterator[Learnt]:
    for match in _BRACKETS.finditer(text):
        inside, before = match[1].strip(), text[max(0, match.start() - 200) : match.start()].rstrip()
        if _is_acronym(inside):
            meaning = _meaning_at_end(inside, before)
        else:
            written = before.rpartition(" ")[2]
            meaning = inside if _is_acronym(written) and _fits(written, inside) else ""
            inside = written
        if meaning:
            yield Learnt(_singular(inside), meaning)


def _is_acronym(text: str) -> bool:
    """Whether a text looks like one: one word of 2 to 10 letters with two capitals at least."""
    return bool(_ACRONYM.fullmatch(text)) and sum(letter.isupper() for letter in text) >= 2


def _singular(acronym: str) -> str:
    return acronym[:-1] if acronym.endswith("s") and acronym[:-1].isupper() else acronym


def _meaning_at_end(acronym: str, before: str) -> str:
    """The fewest words at the end of a text that an acronym can be made of."""
    found = list(tokens(before))
    most = 2 * len(acronym) + 2
    for first in range(len(found) - 2, max(-1, len(found) - 1 - most), -1):
        meaning = before[found[first].start : found[-1].end]
        if found[first].whole not in _SMALL and _fits(acronym, meaning):
            return meaning if found[-1].end == len(before) else ""
    return ""


def _fits(acronym: str, words: str) -> bool:
    """Whether the initials of words make an acronym, in their order, every word of weight counting.

    What stands behind a hyphen in a word may count or not, like a small word.
    """
    parts = [
        (piece, place > 0 or fold(piece) in _SMALL)
        for token in tokens(words)
        for place, piece in enumerate(re.split(r"[-/‐‑–]", words[token.start : token.end]))
        if piece
    ]
    letters = fold("".join(sign for sign in _singular(acronym) if sign.isalnum()))
    if len(parts) < 2 or len(parts) > 2 * len(letters) + 2:
        return False
    reached = {0}
    for part, may_be_left_out in parts:
        piece = fold(part)
        initial = piece if len(part) > 1 and part.isupper() else piece[:1]
        taken = {at + len(initial) for at in reached if initial and letters.startswith(initial, at)}
        reached = taken | (reached if may_be_left_out else set())
    return len(letters) in reached


def _folded(meaning: str) -> str:
    return " ".join(part for token in tokens(meaning) for part in token.parts if part not in _SMALL)
