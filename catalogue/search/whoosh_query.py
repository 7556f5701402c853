"""Answering a tree from a commit's postings and columns (part of the adapter).

Clauses on codes, numbers and dates score nothing; words score by BM25 over all text and, a little, over the title, as
stems and as they were written.
"""

import math
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from catalogue.search import analysis
from catalogue.search.adapter import TITLE_WEIGHT, WRITTEN_WEIGHT, last_word
from catalogue.search.fields import COUNTABLE, STATE, Field, FieldKind
from catalogue.search.periods import Period, overlap_words
from catalogue.search.query_tree import (
    AllOf,
    Alternatives,
    AnyOf,
    Everything,
    FieldClause,
    Node,
    Not,
    Overlaps,
    Phrase,
    Prefix,
    Present,
    Range,
    Ranked,
    Required,
    Word,
)
from catalogue.search.whoosh_layout import code_term
from catalogue.search.whoosh_segments import K1, NO_DATE, Commit

Scores = dict[int, float]


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that match, deleted ones and markers perhaps among them, and the scores of those that score."""

    documents: AbstractSet[int]
    scores: Scores = field(default_factory=dict)


def matching(node: Node, commit: Commit, *, scored: bool) -> Matches:
    """The records of a commit that match a tree; their scores only where they are wanted."""
    found = _Matching(commit, scored=scored).of(node)
    return Matches(found.documents & commit.records, found.scores)


def _bm25(commit: Commit, name: str, word: str, norms: Sequence[float]) -> Scores:
    """What one word scores in each document of a field."""
    found = commit.postings(name, word)
    weight = _weight(commit, sum(len(numbers) for _, (numbers, _) in found))
    scores: Scores = {}
    for base, (numbers, counts) in found:
        for number, count in zip(numbers, counts, strict=True):
            scores[base + number] = weight * count / (count + norms[base + number])
    return scores


def _weight(commit: Commit, having: int) -> float:
    """What a word weighs that so many documents have."""
    return (K1 + 1) * math.log(1 + (commit.size - having + 0.5) / (having + 0.5))


class _Matching:
    """Goes through a tree once."""

    def __init__(self, commit: Commit, *, scored: bool) -> None:
        self.commit = commit
        self.scored = scored

    def of(self, node: Node) -> Matches:
        commit = self.commit
        match node:
            case Everything():
                return Matches(commit.records)
            case Word() | Phrase() | Prefix():
                return self._text(node)
            case FieldClause() | Overlaps() | Range() | Present():
                return self._asked_of_field(node)
            case AnyOf(children):
                found = [self.of(child) for child in children]
                every = set().union(*(each.documents for each in found))
                return Matches(every, _summed([each.scores for each in found]))
            case AllOf(children):
                return self._all(children)
            case Not(of):
                return Matches(commit.records - self.of(of).documents)
            case Required(of):
                return self.of(of)
            case Alternatives(typed, also, weight):
                return self._best(typed, also, weight)
            case Ranked(of, by):
                base = self.of(of)
                if not self.scored:
                    return base
                return Matches(base.documents, _within(base.documents, [base.scores, self.of(by).scores]))

    def _asked_of_field(self, node: FieldClause | Overlaps | Range | Present) -> Matches:
        match node:
            case FieldClause(name, of, on):
                return Matches(_in_state(of, on, self.commit)) if name is STATE else self._clause(name, of)
            case Overlaps(name, period, _):
                return Matches(_overlapping(name, period, self.commit))
            case Range(name, low, high, _):
                return Matches(_between(name, low, high, self.commit))
            case Present(name):
                return Matches(_present(name, self.commit))

    def _all(self, children: Sequence[Node]) -> Matches:
        wanted = [self.of(child) for child in children if not isinstance(child, Not)]
        documents: AbstractSet[int] = self.commit.records
        for each in sorted(wanted, key=lambda found: len(found.documents)):
            documents = documents & each.documents
        for child in children:
            if isinstance(child, Not):
                documents = documents - self.of(child.of).documents
        return Matches(documents, _within(documents, [each.scores for each in wanted]))

    def _best(self, typed: Node, also: Sequence[Node], weight: float) -> Matches:
        """What matches any, each scored by the best that it matches; what was not typed is worth `weight` of it."""
        found = self.of(typed)
        documents, scores = set(found.documents), dict(found.scores)
        for each in map(self.of, also):
            documents |= each.documents
            for number, score in each.scores.items():
                scores[number] = max(scores.get(number, 0.0), weight * score)
        return Matches(documents, scores)

    def _text(self, of: Word | Phrase | Prefix) -> Matches:
        if isinstance(of, Prefix):
            return self._beginning("words", of.text)
        found = self._words("all", of.text)
        if found.scores:
            for number, score in self._words("title", of.text).scores.items():
                found.scores[number] += score * TITLE_WEIGHT
            self._add_written(of.text, found.scores)
        return found

    def _add_written(self, text: str, scores: Scores) -> None:
        """Add what the words of a text score in the form in which they were written."""
        commit = self.commit
        for part in dict.fromkeys(analysis.exact(text).parts):
            for name, alike, weight in (("words", "all", 1.0), ("title_words", "title", TITLE_WEIGHT)):
                for number, score in _bm25(commit, name, part, commit.norms(alike)).items():
                    if number in scores:
                        scores[number] += score * weight * WRITTEN_WEIGHT

    def _words(self, name: str, text: str) -> Matches:
        """The documents with a word, or with several next to one another, and their BM25 scores."""
        words = analysis.stems(analysis.exact(text).parts)
        if not words:
            return Matches(set())
        if len(words) > 1:
            return self._phrase(name, words)
        found = self.commit.postings(name, words[0])
        if not self.scored:
            return Matches({base + number for base, (numbers, _) in found for number in numbers})
        scores = _bm25(self.commit, name, words[0], self.commit.norms(name))
        return Matches(scores.keys(), scores)

    def _phrase(self, name: str, words: Sequence[str]) -> Matches:
        """The documents with a phrase; it weighs what its words weigh together."""
        having = {}
        for word in dict.fromkeys(words):
            postings = self.commit.postings(name, word)
            having[word] = {base + number for base, (numbers, _) in postings for number in numbers}
        weight = sum(_weight(self.commit, len(having[word])) for word in words)
        norms = self.commit.norms(name)
        scores: Scores = {}
        for number, places in self.commit.places(name, words, set.intersection(*having.values())):
            starts = set(places[0])
            for step, standing in enumerate(places[1:], start=1):
                starts &= {place - step for place in standing}
            if starts:
                scores[number] = weight * len(starts) / (len(starts) + norms[number])
        return Matches(scores.keys(), scores if self.scored else {})

    def _beginning(self, name: str, text: str) -> Matches:
        word = last_word(text)
        found = self.commit.beginning(name, word) if word else set()
        return Matches(found, dict.fromkeys(found, 1.0) if self.scored else {})

    def _clause(self, name: Field, of: Word | Phrase | Prefix) -> Matches:
        if name.name == "text":
            return self._text(of)
        if name.kind is FieldKind.TEXT:
            return self._beginning("title_words", of.text) if isinstance(of, Prefix) else self._words("title", of.text)
        term = code_term(name.name, analysis.key(of.text))
        if isinstance(of, Prefix):
            return Matches(self.commit.beginning("codes", term))
        postings = self.commit.postings("codes", term)
        return Matches({base + number for base, (numbers, _) in postings for number in numbers})


def _summed(parts: Sequence[Scores]) -> Scores:
    scoring = [part for part in parts if part]
    if len(scoring) < 2:
        return scoring[0] if scoring else {}
    total = dict(scoring[0])
    for part in scoring[1:]:
        for number, score in part.items():
            total[number] = total.get(number, 0.0) + score
    return total


def _within(documents: AbstractSet[int], parts: Sequence[Scores]) -> Scores:
    """The sums of scores, of these documents alone."""
    return {number: score for number, score in _summed(parts).items() if number in documents}


def _between(name: Field, low: int | None, high: int | None, commit: Commit) -> set[int]:
    if name.kind is FieldKind.NUMBER:
        return with_codes(commit, name.name, commit.values(name.name).between(low, high), commit.records)
    first = NO_DATE + 1 if low is None else low
    last = -NO_DATE if high is None else high
    return {number for number, moment in enumerate(commit.columns.dates[name.name]) if first <= moment <= last}


def _overlapping(name: Field, period: Period, commit: Commit) -> set[int]:
    found: set[int] = set()
    for word in overlap_words(period):
        for base, (numbers, _) in commit.postings("codes", code_term(name.name, word)):
            found.update(base + number for number in numbers)
    return found


def _in_state(of: Word | Phrase | Prefix, day: date, commit: Commit) -> set[int]:
    wanted = analysis.key(of.text)
    keys = [None if state is None else analysis.key(state) for state in commit.states(day)]
    codes = {
        code
        for code, key in enumerate(keys)
        if key is not None and (key.startswith(wanted) if isinstance(of, Prefix) else key == wanted)
    }
    return with_codes(commit, STATE.name, codes, commit.records)


def _present(name: Field, commit: Commit) -> AbstractSet[int]:
    if name.name == "title":
        return {number for number, length in enumerate(commit.columns.lengths["title"]) if length}
    if name.name in COUNTABLE:
        return {number for number, code in enumerate(commit.columns.codes[name.name]) if code}
    if name.kind is FieldKind.PERIOD:
        return _overlapping(name, Period(), commit)
    if name.kind is FieldKind.DATE:
        return {number for number, moment in enumerate(commit.columns.dates[name.name]) if moment != NO_DATE}
    return commit.records


def with_codes(commit: Commit, name: str, codes: Collection[int], documents: AbstractSet[int]) -> set[int]:
    """Those of the documents whose values in a field have one of these codes."""
    column = commit.columns.codes[name]
    return {number for number in documents if column[number] in codes}
