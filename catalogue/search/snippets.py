"""Snippets: the part of a stored text that shows best why a record was found, as plain pieces."""

from bisect import bisect_left, bisect_right
from functools import lru_cache
from operator import itemgetter

from catalogue.search.analysis import exact, folded, is_function_word, places, stem
from catalogue.search.engine import Piece
from catalogue.search.query_tree import Node, Prefix, wanted

_Place = tuple[int, int, str]
_START = itemgetter(0)
_END = itemgetter(1)

_LOOKED_THROUGH = 4_000
"""Of a longer text only so many characters are looked through, which keeps a page of snippets cheap."""


class Matcher:
    """Tells the words looked for: by stem, or by how they begin."""

    def __init__(self, stems: frozenset[str], beginnings: tuple[str, ...]) -> None:
        self._told = _Told(stems, beginnings)

    def matching(self, found: list[_Place]) -> list[_Place]:
        """Those of some words whose parts, or which themselves, are looked for."""
        told = self._told
        return [place for place in found if told[place[2]]]


class _Told(dict[str, bool]):
    """Whether a word as written is looked for. What was told is remembered: a page of snippets repeats its words."""

    def __init__(self, stems: frozenset[str], beginnings: tuple[str, ...]) -> None:
        super().__init__()
        self._stems = stems
        self._beginnings = beginnings

    def __missing__(self, written: str) -> bool:
        stems, words = _read(written)
        found = not self._stems.isdisjoint(stems)
        if not found and self._beginnings:
            found = any(word.startswith(self._beginnings) for word in words)
        self[written] = found
        return found


@lru_cache(maxsize=100_000)
def _read(written: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stems of a word's parts, and the whole and the parts, as beginnings are compared with them."""
    whole, parts = folded(written)
    return tuple(map(stem, parts)), (whole, *parts)


def matcher(tree: Node) -> Matcher:
    """The matcher for what a query looks for."""
    stems: set[str] = set()
    beginnings: list[str] = []
    for node in wanted(tree):
        words = exact(node.text)
        if isinstance(node, Prefix):
            beginnings.append(words.wholes[-1] if words.wholes else words.parts[-1])
        else:
            telling = [part for part in words.parts if not is_function_word(part)]  # no “and” of a name on its own
            stems.update(map(stem, telling or words.parts))
    return Matcher(frozenset(stems), tuple(beginnings))


def snippet(text: str, wanted_words: Matcher, length: int) -> tuple[Piece, ...]:
    """About `length` characters of a text around the words looked for; its beginning where there are none.

    Cut between words; an ellipsis stands where text was left out. Empty for an empty text.
    """
    looked = text[:_LOOKED_THROUGH]
    found = list(places(looked))
    marked = wanted_words.matching(found)
    start, end = _window(looked, found, marked, length)
    pieces: list[Piece] = []
    position = start
    for word_start, word_end, written in marked:
        if start <= word_start and word_end <= end:
            pieces.append(Piece(looked[position:word_start], matched=False))
            pieces.append(Piece(written, matched=True))
            position = word_end
    pieces.append(Piece(looked[position:end], matched=False))
    if start > 0:
        pieces.insert(0, Piece("… ", matched=False))
    if end < len(text.rstrip()):
        pieces.append(Piece(" …", matched=False))
    return tuple(piece for piece in pieces if piece.text)


def _window(text: str, found: list[_Place], marked: list[_Place], length: int) -> tuple[int, int]:
    """The stretch with most different words looked for; the earliest of several."""
    if len(text) <= length:
        return 0, len(text.rstrip())
    best, best_count, last = 0, 0, 0
    for first, (word_start, _end, _written) in enumerate(marked):
        last = max(last, first)
        while last + 1 < len(marked) and marked[last + 1][1] - word_start <= length - length // 4:
            last += 1
        count = len({written.lower() for _, _, written in marked[first : min(last, first + 40) + 1]})
        if count > best_count:
            best, best_count = word_start, count
    wish = max(0, best - length // 4) if best + length // 2 > length else 0
    first = bisect_left(found, wish, key=_START) if wish else 0
    start = found[first][0] if wish and first < len(found) else 0
    beyond = bisect_right(found, start + length, key=_END)
    end = found[beyond - 1][1] if beyond else 0
    if end <= start:
        return start, min(len(text), start + length)
    return start, end + 1 if text[end : end + 1] in {".", "!", "?", ")"} else end
