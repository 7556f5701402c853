"""Other ways to rank, over the same words, held in memory: what was tried before the engines were changed.

Each gives the score of one record for one query; which records match is the same for all.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.search import analysis
from catalogue.search.adapter import TITLE_WEIGHT
from catalogue.search.document import SearchDocument
from catalogue.search.whoosh_segments import K1, B

_LEAD = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as stems and as written: the words that make a record match, then all."""

    telling: tuple[str, ...]
    stems: tuple[str, ...]
    words: tuple[str, ...]


def asked(query: str) -> Asked:
    """A query of bare words."""
    words = tuple(dict.fromkeys(analysis.exact(query).parts))
    telling = [word for word in words if word not in analysis.FUNCTION_WORDS] or words
    return Asked(analysis.stems(telling), analysis.stems(words), words)


class Field:
    """BM25 over one text of each record."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.counts = [Counter(text) for text in texts]
        self._having = Counter(word for counts in self.counts for word in counts)
        self._lengths = [sum(counts.values()) for counts in self.counts]
        self._average = max(1.0, sum(self._lengths) / max(1, len(texts)))

    def score(self, number: int, words: Sequence[str], *, b: float = B) -> float:
        """The sum over the words that a record has."""
        counts = self.counts[number]
        norm = K1 * (1 - b + b * self._lengths[number] / self._average)
        return sum(
            self._weight(word) * counts[word] * (K1 + 1) / (counts[word] + norm) for word in words if counts[word]
        )

    def _weight(self, word: str) -> float:
        having = self._having[word]
        return math.log(1 + (len(self.counts) - having + 0.5) / (having + 0.5))


class Ideas:
    """The collection in memory, and the formulas by name."""

    def __init__(self, documents: Sequence[SearchDocument]) -> None:
        self.ids = [document.id for document in documents]
        everything = [" \n ".join(document.findable()) for document in documents]
        lead = [" \n ".join((document.title, *document.keywords, document.summary[:_LEAD])) for document in documents]
        self._all, self._all_exact = _stemmed(everything), _exact(everything)
        titles = [document.title for document in documents]
        self._title, self._title_exact = _stemmed(titles), _exact(titles)
        self._lead = _stemmed(lead)
        self.formulas: Mapping[str, Callable[[int, Asked], float]] = {
            "stems": self._plain,
            "title not counted": lambda number, query: self._all.score(number, query.stems),
            "title counted once": lambda number, query: self._plain(number, query, title=1.0),
            "more words first": lambda number, query: self._plain(number, query) + 1000 * self._having(number, query),
            "1 for each word": lambda number, query: self._plain(number, query) + self._having(number, query),
            "all words first": lambda number, query: self._plain(number, query) + 1000 * self._complete(number, query),
            "as written, unstemmed": self._as_written,
            "and 0.3 as written": lambda number, query: self._sum(number, query, 0.3),
            "and 0.4 as written": lambda number, query: self._sum(number, query, 0.4),
            "and 0.5 as written": lambda number, query: self._sum(number, query, 0.5),
            "dis-max, 0.6 as written": lambda number, query: self._dis_max(number, query, weight=0.6),
            "dis-max, 0.9 as written": lambda number, query: self._dis_max(number, query, weight=0.9),
            "dis-max, 1.2 as written": lambda number, query: self._dis_max(number, query, weight=1.2),
            "dis-max, 1.2, not in titles": lambda number, query: self._dis_max(number, query, weight=1.2, title=0.0),
            "title, tags, beginning more": lambda number, query: (
                self._plain(number, query) + 0.3 * self._lead.score(number, query.stems)
            ),
            "words of grammar not counted": lambda number, query: (
                self._all.score(number, query.telling) + TITLE_WEIGHT * self._title.score(number, query.telling)
            ),
        }

    def order(self, name: str, query: str, limit: int) -> list[str]:
        """The first records of a formula; ties by identifier."""
        wanted = asked(query)
        formula = self.formulas[name]
        matching = [number for number in range(len(self.ids)) if self._having(number, wanted)]
        matching.sort(key=lambda number: (-formula(number, wanted), self.ids[number]))
        return [self.ids[number] for number in matching[:limit]]

    def _plain(self, number: int, query: Asked, *, title: float = TITLE_WEIGHT) -> float:
        return self._all.score(number, query.stems) + title * self._title.score(number, query.stems)

    def _as_written(self, number: int, query: Asked, *, title: float = 0.0) -> float:
        exact = self._all_exact.score(number, query.words)
        return exact + title * self._title_exact.score(number, query.words) if title else exact

    def _sum(self, number: int, query: Asked, weight: float) -> float:
        return self._plain(number, query) + weight * self._as_written(number, query, title=TITLE_WEIGHT)

    def _dis_max(self, number: int, query: Asked, *, weight: float, title: float = TITLE_WEIGHT) -> float:
        """The better of both readings, and 0.6 of the other, each over the whole query."""
        readings = self._plain(number, query), weight * self._as_written(number, query, title=title)
        return max(readings) + 0.6 * min(readings)

    def _having(self, number: int, query: Asked) -> int:
        return sum(1 for word in query.telling if self._all.counts[number][word])

    def _complete(self, number: int, query: Asked) -> bool:
        return self._having(number, query) == len(query.telling)


def _exact(texts: Sequence[str]) -> Field:
    readings = [analysis.exact(text) for text in texts]
    return Field([(*reading.parts, *reading.wholes) for reading in readings])


def _stemmed(texts: Sequence[str]) -> Field:
    readings = [analysis.stemmed(analysis.exact(text)) for text in texts]
    return Field([(*reading.parts, *reading.wholes) for reading in readings])
