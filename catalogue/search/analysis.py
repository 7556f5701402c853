"""Our one analyser: text is cut into words, folded and stemmed here, and every engine indexes its output.

A word is a run of letters and digits. Words joined by a single hyphen, underscore, slash, full stop or ampersand
(`2019-20`, `DEA/D/31`, `self-employed`) are one word as a whole, and its parts are words too. Folding takes away
letter case and accents (Unicode Normalization Form KD, then case folding); the stemmer is Snowball's for English.
Nothing is dropped: function words are words.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

VERSION = 1
"""Raised whenever the same text gives other words: an index of another version must be built anew."""

LONGEST_WORD = 100
"""A word is cut after so many characters."""

FUNCTION_WORDS = frozenset(
    "a about all an and any are as at be been but by can do does for from had has have how if in into is it its "
    "me my no not of on or our so such that the their them there these they this to us was we were what when "
    "where which who whom why will with within without would you your".split()
)
"""Words of grammar, in exact form: beside other words they help to rank and do not make a record match."""

_PART = r"[^\W_](?:[^\W_]|[\u0300-\u036f]|['’](?=[^\W_]))*"
_JOINED = re.compile(rf"{_PART}(?:[-_/.&‐‑–]{_PART})*")
_JOINER = re.compile("[-_/.&‐‑–]")
_HYPHENS = str.maketrans("‐‑–", "---")
_stemmer = snowballstemmer.stemmer("english")
_stemmer_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Token:
    """One word as written: where it stands, its folded whole and its folded parts (one part: no joiner)."""

    start: int
    end: int
    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as words: `parts` in their order, so that phrases can be found, then the `wholes` of joined words."""

    parts: tuple[str, ...]
    wholes: tuple[str, ...]

    def line(self) -> str:
        """All words with a space between, as an engine with a whitespace tokeniser takes them."""
        return " ".join((*self.parts, *self.wholes))


def places(text: str) -> Iterator[tuple[int, int, str]]:
    """Where the words of a text stand, and each as written."""
    return ((match.start(), match.end(), match.group()) for match in _JOINED.finditer(text))


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order, each with its place in the text."""
    for start, end, written in places(text):
        whole, parts = folded(written)
        if parts:
            yield Token(start, end, whole, parts)


def exact(text: str) -> Reading:
    """The unstemmed reading of a text."""
    found: list[str] = []
    wholes: list[str] = []
    for written in _JOINED.findall(text):
        whole, parts = folded(written)
        found.extend(parts)
        if len(parts) > 1:
            wholes.append(whole)
    return Reading(tuple(found), tuple(wholes))


def stemmed(reading: Reading) -> Reading:
    """The stemmed reading of an unstemmed one."""
    return Reading(tuple(map(stem, reading.parts)), tuple(map(stem, reading.wholes)))


def key(text: str) -> str:
    """The form in which codes are compared: folded words joined by hyphens; empty where there is no word."""
    return "-".join(exact(text).parts)[:LONGEST_WORD]


def fold(text: str) -> str:
    """Text without letter case and accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one folded word."""
    with _stemmer_lock:  # Snowball's stemmer keeps the word it works on
        stemmed_word: str = _stemmer.stemWord(word)
    return stemmed_word


def is_function_word(word: str) -> bool:
    """Whether a word as written is one of grammar."""
    return fold(word) in FUNCTION_WORDS


def stems(words: Iterable[str]) -> tuple[str, ...]:
    """The stems of folded words, in order."""
    return tuple(stem(word) for word in words)


@lru_cache(maxsize=100_000)
def folded(written: str) -> tuple[str, tuple[str, ...]]:
    """The folded whole and parts of one word as written; no parts where folding leaves nothing."""
    parts = tuple(part for part in map(_folded_part, _JOINER.split(written)) if part)
    if len(parts) < 2:
        return (parts[0] if parts else ""), parts
    whole = fold(written.translate(_HYPHENS)).replace("'", "").replace("’", "")
    whole = "".join(c for c in whole if c.isalnum() or c in "-_/.&")
    return whole[:LONGEST_WORD], parts


def _folded_part(part: str) -> str:
    if part.isascii() and part.isalnum():
        return part.lower()[:LONGEST_WORD]
    part = fold(part).replace("’", "'").removesuffix("'s")
    return "".join(c for c in part if c.isalnum())[:LONGEST_WORD]
