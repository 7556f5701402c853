"""Snippets: the part of a stored text that shows best why a record was found, as plain pieces."""

from collections.abc import Sequence

from catalogue.search.analysis import chunks_with, exact, is_function_word, places, plain, stem
from catalogue.search.engine import Piece
from catalogue.search.query_tree import Node, Prefix, wanted

_Place = tuple[int, int, str]

_LOOKED_THROUGH = 4_000
"""Of a longer text only so many characters are looked through, which keeps a page of snippets cheap."""

_FULL_STOPS = frozenset(".!?)")
_DANGLING = " -_/.&'’,;:(!?)"
"""What a snippet that is cut does not begin or end with, but for the full stops."""


class Matcher:
    """Tells the words looked for: by stem, or by how they begin."""

    def __init__(self, stems: frozenset[str], beginnings: tuple[str, ...]) -> None:
        self._stems = stems
        self._beginnings = beginnings

    def among(self, chunks: Sequence[str]) -> list[int]:
        """Which of some pieces of a text hold a word, or a part of one, that is looked for."""
        return chunks_with(chunks, self._stems, self._beginnings)


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
    spaced = plain(looked)
    marked = _marked(looked, spaced, wanted_words)
    start, end = (0, len(text.rstrip())) if len(text) <= length else _window(looked, spaced, marked, length)
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


def _marked(text: str, spaced: str, wanted_words: Matcher) -> list[_Place]:
    """The words of a text that are looked for. Only the pieces that hold some are looked for in it, and at."""
    chunks = spaced.split()
    found: list[_Place] = []
    bounded = f" {spaced} "
    start = 0
    for place in wanted_words.among(chunks):
        start = bounded.index(f" {chunks[place]} ", start)  # what is before it and the same was found before
        inside = list(places(text[start : start + len(chunks[place])]))
        which = wanted_words.among([word for _, _, word in inside])
        found.extend((start + inside[one][0], start + inside[one][1], inside[one][2]) for one in which)
        start += 1
    return found


def _window(text: str, spaced: str, marked: list[_Place], length: int) -> tuple[int, int]:
    """The stretch of a long text with most different words looked for; the earliest of several."""
    best, best_count, last = 0, 0, 0
    for first, (word_start, _end, _written) in enumerate(marked):
        last = max(last, first)
        while last + 1 < len(marked) and marked[last + 1][1] - word_start <= length - length // 4:
            last += 1
        count = len({written.lower() for _, _, written in marked[first : min(last, first + 40) + 1]})
        if count > best_count:
            best, best_count = word_start, count
    wish = max(0, best - length // 4) if best + length // 2 > length else 0
    start = spaced.find(" ", wish - 1) + 1 if wish else 0  # 0 where no word begins behind it
    start += len(spaced[start:]) - len(spaced[start:].lstrip(_DANGLING))
    stop = start + length
    if stop >= len(spaced):
        return start, len(spaced.rstrip())
    end = start + len(spaced[start : max(start, spaced.rfind(" ", start, stop + 1))].rstrip(_DANGLING))
    if end <= start:
        return start, stop
    return start, end + 1 if text[end : end + 1] in _FULL_STOPS else end
