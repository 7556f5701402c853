"""Reading what Whoosh wrote (part of the adapter): segments, which never change, and commits, which name them.

Only Whoosh's codec is used: terms, postings and columns of a segment. What is read often is kept in memory: the rows
of a segment, and the postings of the words that were asked for.
"""

import json
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from whoosh.reading import TermNotFound

from catalogue.search.adapter import DOCUMENT
from catalogue.search.engine import Sort
from catalogue.search.fields import STATE
from catalogue.search.whoosh_counting import Values, count_codes
from catalogue.search.whoosh_layout import COUNTED, DATES, ORDERS, ROW, SCHEMA, STORED, Row, Spots, state_in

K1, B = 1.2, 0.75
"""The two numbers of BM25, as tantivy has them."""

NO_DATE = -(2**63)
_MOST_POSTINGS = 2_000_000
"""So many postings of a segment are kept in memory (8 bytes each) before all are forgotten."""

Postings = tuple["array[int]", "array[float]"]
_NOTHING: Postings = (array("I"), array("f"))
Tables = MappingProxyType[str, Values]


def new_tables() -> Tables:
    """Empty tables of values, one for each counted field."""
    return MappingProxyType({name: Values() for name in COUNTED})


class Columns:
    """What is counted, sorted and compared, by the number of the document."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.revisions = array("q")
        self.records = bytearray()
        self.keys: dict[Sort, list[str]] = {order: [] for order in ORDERS}
        self.lengths = {"all": array("I"), "title": array("I")}
        self.dates = {name: array("q") for name in DATES}
        self.codes = {name: array("I") for name in COUNTED}

    @classmethod
    def of(cls, rows: Iterable[bytes], tables: Tables) -> "Columns":
        """The columns of documents' rows as written."""
        read = [Row.of(told) for told in json.loads(b"[%b]" % b",".join(rows))]
        columns = cls()
        columns.ids = [row.id for row in read]
        columns.revisions = array("q", [row.revision for row in read])
        columns.records = bytearray(row.role == DOCUMENT for row in read)
        columns.keys = {order: [row.keys[place] for row in read] for place, order in enumerate(ORDERS)}
        columns.lengths = {
            "all": array("I", [row.length for row in read]),
            "title": array("I", [row.title_length for row in read]),
        }
        for place, name in enumerate(DATES):
            moments = (row.dates[place] for row in read)
            columns.dates[name] = array("q", [NO_DATE if moment is None else moment for moment in moments])
        for place, name in enumerate(COUNTED):
            code = tables[name].code
            columns.codes[name] = array("I", [code(row.values[place]) for row in read])
        return columns

    def extend(self, other: "Columns") -> None:
        """Take in the documents of the next segment."""
        self.ids.extend(other.ids)
        self.revisions.extend(other.revisions)
        self.records.extend(other.records)
        for order, keys in self.keys.items():
            keys.extend(other.keys[order])
        for mine, theirs in ((self.lengths, other.lengths), (self.codes, other.codes), (self.dates, other.dates)):
            for name, column in mine.items():
                column.extend(theirs[name])


class Segment:
    """The files of one segment, opened. What was deleted in it since stands in the commit."""

    def __init__(self, storage: Any, segment: Any, tables: Tables) -> None:  # noqa: ANN401 - Whoosh has no types
        self._tables = tables
        self._files = segment.open_compound_file(storage)
        self._terms = segment.codec().terms_reader(self._files, segment)
        self._documents = segment.codec().per_document_reader(self._files, segment)
        self.size: int = segment.doc_count_all()
        self._postings: dict[tuple[str, str], Postings] = {}
        self._held = 0

    @cached_property
    def _rows(self) -> Any:  # noqa: ANN401 - Whoosh has no types
        return self._documents.column_reader("row", ROW)

    @cached_property
    def _stored(self) -> Any:  # noqa: ANN401 - Whoosh has no types
        return self._documents.column_reader("stored", STORED)

    def row(self, number: int) -> Row:
        """One document's row."""
        return Row.of(json.loads(self._rows[number]))

    def stored(self, number: int) -> bytes:
        """One document as stored."""
        return bytes(self._stored[number])

    @cached_property
    def columns(self) -> Columns:
        """The rows of all documents."""
        return Columns.of(self._rows, self._tables)

    def postings(self, field: str, word: str) -> Postings:
        """The documents with a word, deleted ones included, and how often each has it."""
        found = self._postings.get((field, word))
        if found is None:
            found = self._read(field, word)
            if self._held > _MOST_POSTINGS:
                self._postings.clear()
                self._held = 0
            self._postings[field, word] = found
            self._held += len(found[0]) + 8
        return found

    def places(self, field: str, word: str, wanted: Collection[int]) -> "dict[int, array[int]]":
        """Where a word stands in each of the documents, which must all have it."""
        found = {}
        matcher = self._terms.matcher(field, word.encode(), SCHEMA[field].format)
        for number in sorted(wanted):
            matcher.skip_to(number)
            found[number] = Spots.decoded(matcher.value())
        return found

    def beginning_with(self, field: str, beginning: str) -> Iterator[str]:
        """The words of a field that begin so."""
        wanted = beginning.encode()
        for name, word in self._terms.terms_from(field, wanted):
            if name != field or not word.startswith(wanted):
                break
            yield word.decode()

    def close(self) -> None:
        """Give the files back."""
        self._terms.close()
        self._documents.close()
        self._files.close()

    def _read(self, field: str, word: str) -> Postings:
        try:
            matcher = self._terms.matcher(field, word.encode(), SCHEMA[field].format)
        except TermNotFound:
            return _NOTHING
        numbers, weights = array("I"), array("f")
        while matcher.is_active():
            numbers.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        return numbers, weights


class Commit:
    """One commit of the index, as it stays while it is read. Its documents are numbers from 0."""

    def __init__(self, segments: Sequence[tuple[Segment, frozenset[int]]], tables: Tables) -> None:
        self._tables = tables
        self.segments = [segment for segment, _ in segments]
        self._deleted = [deleted for _, deleted in segments]
        self._bases = [0, *accumulate(segment.size for segment in self.segments)]
        self._everything: dict[str, dict[str, int]] = {}
        self._states: tuple[date, list[str | None]] | None = None
        self._norms: dict[str, array[float]] = {}

    @property
    def size(self) -> int:
        """How many documents there are, deleted ones and markers included."""
        return self._bases[-1]

    @cached_property
    def columns(self) -> Columns:
        """The columns of all segments, one after the other."""
        if len(self.segments) == 1:
            return self.segments[0].columns
        joined = Columns()
        for segment in self.segments:
            joined.extend(segment.columns)
        return joined

    @cached_property
    def records(self) -> frozenset[int]:
        """Every record: nothing deleted, no watermark, no tombstone."""
        deleted = {base + number for base, gone in zip(self._bases, self._deleted, strict=False) for number in gone}
        return frozenset(number for number, record in enumerate(self.columns.records) if record) - deleted

    def values(self, name: str) -> Values:
        """The values of a counted field; with those of these documents."""
        if not self.columns.ids:  # loading the columns fills the tables
            return Values()
        return self._tables[name]

    def states(self, day: date) -> list[str | None]:
        """The state on a day for each code of the column `state`."""
        if self._states is None or self._states[0] != day:
            self._states = day, [state_in(held, day) for held in self.values(STATE.name).sets]
        return self._states[1]

    def state_counts(self, day: date, documents: Collection[int]) -> dict[str, int]:
        """How many of the documents are in each state on a day."""
        states = self.states(day)
        counts: Counter[str] = Counter()
        for code, count in count_codes(self.columns.codes[STATE.name], documents).items():
            if state := states[code]:
                counts[state] += count
        return counts

    def row(self, number: int) -> Row:
        """One document's row, without loading the others."""
        base, segment = self._segment_of(number)
        return segment.row(number - base)

    def stored(self, number: int) -> bytes:
        """One document as stored."""
        base, segment = self._segment_of(number)
        return segment.stored(number - base)

    def live(self, field: str, word: str) -> Iterator[int]:
        """The documents with a word, markers included, that were not deleted."""
        for base, segment, deleted in zip(self._bases, self.segments, self._deleted, strict=False):
            yield from (base + number for number in segment.postings(field, word)[0] if number not in deleted)

    def postings(self, field: str, word: str) -> list[tuple[int, Postings]]:
        """The postings of a word in each segment, deleted documents included, and the segment's first number."""
        found = [
            (base, segment.postings(field, word)) for base, segment in zip(self._bases, self.segments, strict=False)
        ]
        return [(base, postings) for base, postings in found if postings[0]]

    def places(
        self, field: str, words: Sequence[str], wanted: Collection[int]
    ) -> "Iterator[tuple[int, list[array[int]]]]":
        """For each of the documents, which must have all of the words, where each word stands."""
        for base, segment in zip(self._bases, self.segments, strict=False):
            inside = [number - base for number in wanted if base <= number < base + segment.size]
            if inside:
                found = [segment.places(field, word, inside) for word in words]
                yield from ((base + number, [places[number] for places in found]) for number in inside)

    def beginning(self, field: str, beginning: str) -> set[int]:
        """The documents with a word that begins so."""
        found: set[int] = set()
        for base, segment in zip(self._bases, self.segments, strict=False):
            for word in segment.beginning_with(field, beginning):
                found.update(base + number for number in segment.postings(field, word)[0])
        return found

    def norms(self, field: str) -> "array[float]":
        """How much the length of each document counts in BM25."""
        if field not in self._norms:
            lengths = self.columns.lengths[field]
            average = max(1.0, sum(lengths) / max(1, len(lengths)))
            self._norms[field] = array("f", (K1 * (1 - B + B * length / average) for length in lengths))
        return self._norms[field]

    def counts(self, name: str, documents: Collection[int]) -> dict[str, int]:
        """How many of the records have each value of a field. For all records it is counted once."""
        everything = len(documents) == len(self.records)
        if everything and name in self._everything:
            return self._everything[name]
        counted = self.values(name).spread(count_codes(self.columns.codes[name], documents))
        if everything:
            self._everything[name] = counted
        return counted

    def _segment_of(self, number: int) -> tuple[int, Segment]:
        position = bisect_right(self._bases, number) - 1
        return self._bases[position], self.segments[position]
