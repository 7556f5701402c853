"""The words of titles, most frequent first for any beginning."""

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Mapping

from catalogue.search.suggest_names import LAST

_MOST_REMEMBERED = 10_000


class Words:
    """The words of titles with how many titles have each; `frequencies` has the words of names and tags too."""

    def __init__(self, titles: Mapping[str, int], most: int) -> None:
        kept = heapq.nsmallest(most, titles, key=lambda word: (-titles[word], word)) if len(titles) > most else titles
        self.frequencies = {word: titles[word] for word in kept}
        self._sorted = sorted(self.frequencies)
        self._told: dict[str, tuple[str, ...]] = {}

    def also(self, words: Iterable[str], count: int) -> None:
        """Know the words of a name too: they can be meant, but no title is looked for by them."""
        for word in words:
            self.frequencies[word] = max(self.frequencies.get(word, 0), count)

    def having(self, word: str) -> int:
        """About how many titles have a word."""
        return self.frequencies.get(word, 0)

    def beginning(self, typed: str, limit: int) -> tuple[str, ...]:
        """The most frequent words of titles that begin so."""
        told = self._told.get(typed)
        if told is None:
            low, high = bisect_left(self._sorted, typed), bisect_left(self._sorted, typed + LAST)
            having = self.frequencies
            told = tuple(heapq.nsmallest(limit, self._sorted[low:high], key=lambda word: (-having[word], word)))
            if len(self._told) >= _MOST_REMEMBERED:
                self._told.clear()
            self._told[typed] = told
        return told
