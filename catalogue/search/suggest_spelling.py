"""What a reader may have meant by a word that hardly any record has: its nearest neighbour among the known words.

A dictionary of deletions (symmetric delete, W. Garbe): a word and its neighbour become the same when one or two letters
are left out of each, so that a look-up costs no more with more words. It is kept as sorted numbers, not as strings.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from zlib import crc32

from catalogue.search.analysis import fold, places, stem
from catalogue.search.fields import FieldKind, field_named
from catalogue.search.query_tree import Node, Prefix, wanted

SHORTEST = 4
"""Shorter words are never corrected: too many have a neighbour."""

TWO_ERRORS_FROM = 8
"""A typed word of so many letters may have two errors, a shorter one only one."""

RARER = 100
"""A known word is corrected only where its neighbour is so many times as frequent."""

MOST_WORDS = 60_000
"""The most frequent words are kept to correct to."""

MOST_LOOKED_AT = 16
MOST_CORRECTED = 4
_LONGEST = 40
_SHORTEST_HALF = 3
_BEGINNING = 7
_BUCKETS = 256
_WORD_BITS = 20
_OPERATORS = {"AND", "OR", "NOT", "TO"}


class Spelling:
    """The words that records have, with how many have each, and the neighbours among them."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self._frequencies = frequencies
        correctable = (word for word in frequencies if SHORTEST - 1 <= len(word) <= _LONGEST and word.isalpha())
        self._words = sorted(correctable, key=lambda word: (-frequencies[word], word))[:MOST_WORDS]
        buckets = [array("Q") for _ in range(_BUCKETS)]
        for number, word in enumerate(self._words):
            for deletion in set(_deletions(word, 2 if len(word) >= TWO_ERRORS_FROM - 1 else 1)):
                mark = crc32(deletion.encode())
                buckets[mark % _BUCKETS].append(mark << _WORD_BITS | number)
        self._buckets = [array("Q", sorted(bucket)) for bucket in buckets]

    def neighbour(self, word: str) -> str | None:
        """The word that a folded word may stand for, the nearest, among equals the most frequent; None for none.

        A known word has one only among words that are a hundred times as frequent. An unknown one that is two known
        ones without a space (`foodhygiene`) stands for both.
        """
        if not (SHORTEST <= len(word) <= _LONGEST and word.isalpha()):
            return None
        known = self._frequencies.get(word, 0)
        most = 2 if len(word) >= TWO_ERRORS_FROM else 1
        best: tuple[int, int] | None = None
        for number in sorted(self._candidates(word, most)):
            other = self._words[number]
            if self._frequencies[other] < max(1, RARER * known):
                break  # they come with the most frequent first
            apart = distance(word, other, most if best is None else best[0])
            if apart and (best is None or apart < best[0]):
                best = (apart, number)
            if apart == 1:
                break
        return self._words[best[1]] if best else None if known else self._in_two(word)

    def _in_two(self, word: str) -> str | None:
        """The two known words that an unknown one is made of, with a hyphen, the likeliest; None for none."""
        having = self._frequencies.get
        likely: tuple[int, int] = (0, 0)
        for place in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1):
            likely = max(likely, (min(having(word[:place], 0), having(word[place:], 0)), place))
        return f"{word[: likely[1]]}-{word[likely[1] :]}" if likely[0] else None

    def _candidates(self, word: str, most: int) -> set[int]:
        found: set[int] = set()
        for deletion in set(_deletions(word, most)):
            mark = crc32(deletion.encode()) << _WORD_BITS
            bucket = self._buckets[(mark >> _WORD_BITS) % _BUCKETS]
            place = bisect_left(bucket, mark)
            while place < len(bucket) and bucket[place] >> _WORD_BITS == mark >> _WORD_BITS:
                found.add(bucket[place] & (1 << _WORD_BITS) - 1)
                place += 1
        return found


def distance(one: str, other: str, most: int) -> int:
    """How many letters must be changed, added, left out or swapped with the next to make one word the other.

    0 where they are the same and where it is more than `most` (the optimal string alignment distance).
    """
    if one == other or abs(len(one) - len(other)) > most:
        return 0
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, above, row = row, before, [i]
        for j, against in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return 0
    return row[-1] if row[-1] <= most else 0


def respelt(text: str, tree: Node, correction: Callable[[str], str | None]) -> str | None:
    """A query with its words corrected and all else as typed; None where there is nothing to correct.

    `tree` is how the text was read: only words that it looks for in the text of records are corrected, never a
    value of a field, what is excluded, or a beginning. `correction` gives the word meant by a folded one, or None.
    """
    looked_for = {fold(word) for node in wanted(tree) if not isinstance(node, Prefix) for word in _written(node.text)}
    meant: dict[str, str | None] = {}
    pieces: list[str] = []
    end = corrected = 0
    for start, stop, written in places(text):
        word = fold(written)
        if word not in looked_for or not _may_be_corrected(text, start, stop, written):
            continue
        if word not in meant and len(meant) < MOST_LOOKED_AT:
            meant[word] = correction(word)
        found = meant.get(word)
        if found and corrected < MOST_CORRECTED and stem(found) != stem(word):
            pieces += [text[end:start], _in_case_of(written, found)]
            end, corrected = stop, corrected + 1
    return "".join([*pieces, text[end:]]) if pieces else None


def _written(text: str) -> Iterator[str]:
    return (written for _, _, written in places(text))


def _may_be_corrected(text: str, start: int, stop: int, written: str) -> bool:
    if written in _OPERATORS or not written.isalpha() or text[stop : stop + 1] == "*":
        return False
    if text[stop : stop + 1] == ":":
        return False
    before = text[:start].rstrip('"')
    if not before.endswith(":"):
        return True
    name = before[:-1].rpartition(" ")[2].lstrip("+-(")
    field = field_named(name)
    return field is None or field.kind is FieldKind.TEXT


def _in_case_of(written: str, word: str) -> str:
    if written.isupper():
        return word.upper()
    return word.capitalize() if written[:1].isupper() else word


def _deletions(word: str, most: int) -> Iterator[str]:
    """The beginning of a word, as it is and without one or two of its letters."""
    beginning = word[:_BEGINNING]
    yield beginning
    for count in range(1, most + 1):
        for left in combinations(beginning, len(beginning) - count):
            yield "".join(left)
