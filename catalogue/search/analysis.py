"""Our one analyser: text is cut into words, folded and stemmed here, and every engine indexes its output.

A word is a run of letters and digits. Words joined by a single hyphen, underscore, slash, full stop or ampersand
(`2019-20`, `DEA/D/31`, `self-employed`) are one word as a whole, and its parts are words too; so are the letters and
the number of a word made of both (`June2017`, `covid19`, `510k`). Folding takes away letter case and accents (Unicode
Normalization Form KD, then case folding); the stemmer is Snowball's for English, and takes British and American
spellings for one. Nothing is dropped: function words are words.
"""

import re
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import snowballstemmer

from catalogue.search.spellings import spelt_alike

VERSION = 3
"""Raised whenever the same text gives other words: an index of another version must be built anew."""

LONGEST_WORD = 100
"""A word is cut after so many characters."""

FUNCTION_WORDS = frozenset(
    "a about all an and any are as at be been but by can do does for from had has have how if in into is it its "
    "me my no not of on or our so such that the their them there these they this to us was we were what when "
    "where which who whom why will with within without would you your".split()
)
"""Words of grammar, in exact form: beside other words they help to rank and do not make a record match."""

_PART = r"[^\W_]++(?:(?:[\u0300-\u036f]|['’](?=[^\W_]))[^\W_]*+)*+"
_JOINED = re.compile(rf"{_PART}(?:[-_/.&‐‑–]{_PART})*+")
_JOINER = re.compile("[-_/.&‐‑–]")
_BOTH = re.compile("([a-z]{3,})([0-9]{2,4})|([0-9]{3,4})([a-z])")
_WHITE = re.compile(r"\s")
_HYPHENS = str.maketrans("‐‑–", "---")
_CHUNKS = (
    "".join(chr(sign).lower() if chr(sign).isalnum() or chr(sign) in "-_/.&'" else " " for sign in range(128))
    .encode()
    .ljust(256)
)
_LONGEST_REMEMBERED = 60
_MOST_REMEMBERED = 100_000
_Known = TypeVar("_Known")
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
    for chunk in _chunks(text):
        parts, _in_stems, whole = _words_of[chunk]
        found.append(parts)
        if whole:
            wholes.append(whole)
    return Reading(tuple(" ".join(found).split()), tuple(" ".join(wholes).split()))


def lines(text: str) -> tuple[str, str]:
    """The lines (see `Reading.line`) of the unstemmed reading of a text and of the stemmed one, made in one go."""
    return _lines_of[text]


def _lines(text: str) -> tuple[str, str]:
    unstemmed: list[str] = []
    in_stems: list[str] = []
    joined: list[str] = []
    for chunk in _chunks(text):
        parts, stems_of_parts, wholes = _words_of[chunk]
        if parts:
            unstemmed.append(parts)
            in_stems.append(stems_of_parts)
            if wholes:
                joined.append(wholes)
    if joined:
        unstemmed.extend(joined)
        in_stems.extend(map(stem, " ".join(joined).split()))
    return " ".join(unstemmed), " ".join(in_stems)


def stemmed(reading: Reading) -> Reading:
    """The stemmed reading of an unstemmed one."""
    return Reading(tuple(map(stem, reading.parts)), tuple(map(stem, reading.wholes)))


def key(text: str) -> str:
    """The form in which codes are compared: folded words joined by hyphens; empty where there is no word."""
    return _key_of[text]


def key_seen_once(text: str) -> str:
    """The same of a text that no other record has (an identifier, a slug), which need not be remembered."""
    return _key(text)


def fold(text: str) -> str:
    """Text without letter case and accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one folded word, the same for its British and American spelling."""
    if word.isdecimal():  # it would come back as it is, after a hundred comparisons
        return word
    with _stemmer_lock:  # Snowball's stemmer keeps the word it works on
        stemmed_word: str = _stemmer.stemWord(spelt_alike(word))
    # ONS, IFS and OfS are not what every text has: on, if and of.
    return word if stemmed_word in FUNCTION_WORDS and word not in FUNCTION_WORDS else stemmed_word


def is_function_word(word: str) -> bool:
    """Whether a word as written is one of grammar."""
    return fold(word) in FUNCTION_WORDS


def stems(words: Iterable[str]) -> tuple[str, ...]:
    """The stems of folded words, in order."""
    return tuple(stem(word) for word in words)


@lru_cache(maxsize=100_000)
def folded(written: str) -> tuple[str, tuple[str, ...]]:
    """The folded whole and parts of one word as written; no parts where folding leaves nothing."""
    parts = tuple(part for piece in map(_folded_part, _JOINER.split(written)) for part in _cut_at_number(piece))
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


def _cut_at_number(part: str) -> tuple[str, ...]:
    """A part, cut between letters and number where it is made of both; none where it is empty."""
    both = _BOTH.fullmatch(part)
    if both is None:
        return (part,) if part else ()
    return tuple(found for found in both.groups() if found)


def _chunks(text: str) -> list[str]:
    """A text cut where no word goes on. A chunk may hold signs around its words, several words, or none."""
    return plain(text).split() if text.isascii() else text.split()


def plain(text: str) -> str:
    """A text of the same length with a space for each white space and, where it is ASCII, for each sign of no word.

    It is in small letters then; no word goes on across a space.
    """
    return text.encode().translate(_CHUNKS).decode() if text.isascii() else _WHITE.sub(" ", text)


def chunks_with(chunks: Sequence[str], wanted: frozenset[str], beginnings: tuple[str, ...]) -> list[int]:
    """Which pieces of a plain text, cut at its spaces, hold one of these stems or a word that begins so.

    A piece may hold signs around its words, several words, or none.
    """
    lacking = wanted.isdisjoint
    known = _stems_of
    return [
        place
        for place, chunk in enumerate(chunks)
        if not lacking(known[chunk]) or (beginnings and _has_begun(chunk, beginnings))
    ]


def _has_begun(chunk: str, beginnings: tuple[str, ...]) -> bool:
    parts, _in_stems, wholes = _words_of[chunk]
    return any(word.startswith(beginnings) for word in f"{parts} {wholes}".split())


class _Remembered(dict[str, _Known]):
    """What a function gives for each text: words and codes repeat. Begins anew when it has grown too large."""

    def __init__(self, function: Callable[[str], _Known]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, text: str) -> _Known:
        found = self._function(text)
        if len(text) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[text] = found
        return found


def _words(chunk: str) -> tuple[str, str, str]:
    """The parts of the words in a chunk, their stems, and the wholes of joined words, each with spaces between."""
    readings = [folded(written) for written in _JOINED.findall(chunk)]
    found = [part for _, parts in readings for part in parts]
    wholes = [whole for whole, parts in readings if len(parts) > 1]
    return sys.intern(" ".join(found)), sys.intern(" ".join(map(stem, found))), " ".join(wholes)


def _key(text: str) -> str:
    written = text.lower().replace(":", "-").split("-") if text.isascii() else [""]
    if all(map(str.isalnum, written)):  # as slugs and identifiers are: nothing is to be folded
        return "-".join(part for piece in written for part in _cut_at_number(piece[:LONGEST_WORD]))[:LONGEST_WORD]
    return "-".join(part for word in _JOINED.findall(text) for part in folded(word)[1])[:LONGEST_WORD]


_words_of = _Remembered(_words)
_stems_of = _Remembered(lambda chunk: tuple(_words_of[chunk][1].split()))
_lines_of = _Remembered(_lines)
_key_of = _Remembered(_key)
