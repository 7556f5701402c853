"""Reading a tantivy index (part of the adapter): the page of results asked for, and the counts of facets.

tantivy sorts a text field fast, but not behind an offset, and it orders equal scores by where documents happen to
lie. So a page in an order of the documents' own begins behind a key, which a range finds; and a page by score is cut
from a stretch of hits that begins and ends where a score does, in which equal ones are ordered by identifier.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from itertools import groupby
from typing import Any

import tantivy
from tantivy import Occur, Query, Searcher

from catalogue.search.adapter import facet_counts, in_state, resume_key
from catalogue.search.cursor import Cursor
from catalogue.search.engine import FacetCount, SearchRequest, Sort
from catalogue.search.fields import COUNTABLE, STATE
from catalogue.search.query_tree import words_beside
from catalogue.search.tantivy_layout import ID_NUMBERS, JOINED, TOGETHER, id_numbers, ordered
from catalogue.search.tantivy_query import SYNTAX, any_term, compiled, silent, term

_ALL_VALUES = 65_000
_MOST_VALUES = 1_000
_MOST_SETS = 6_000
_SLACK = 32
_STEP = 64

Hit = tuple[float, tantivy.DocAddress]


@dataclass(frozen=True, slots=True)
class Page:
    """How many records match in all, the hits of a page in order, how many come before it, and whether more follow."""

    total: int
    hits: list[Hit] = field(default_factory=list)
    before: int = 0
    more: bool = False


def filtered(tree: Query, request: SearchRequest, *, but: str | None = None) -> Query:
    """The query under the request's filters; for counting a facet, without the facet's own."""
    clauses = [(Occur.Must, tree)]
    for name, values in request.filters.items():
        if values and name != but:
            clauses.append((Occur.Must, silent(_with_value(name, values, request))))
    return tree if len(clauses) == 1 else Query.boolean_query(clauses)


def _with_value(name: str, values: Sequence[str], request: SearchRequest) -> Query:
    if COUNTABLE[name] is STATE:
        return any_term("s_state", in_state(values, request.day))
    return any_term(f"f_{COUNTABLE[name].name}", values)


def page(searcher: Searcher, query: Query, request: SearchRequest, after: Cursor | None) -> Page:
    """The page that was asked for, behind a cursor or at an offset."""
    if request.limit < 1 or request.offset >= searcher.num_docs:
        return Page(_count(searcher, query))
    if request.order is not Sort.RELEVANCE:
        return _by_key(searcher, query, request, after)
    beside = words_beside(request.tree)
    if beside is None:
        return _by_score(searcher, query, request, after)
    return _by_score_then_alike(searcher, query, compiled(beside), request, after)


def _by_key(searcher: Searcher, query: Query, request: SearchRequest, after: Cursor | None) -> Page:
    """In an order of the documents' own."""
    name = f"by_{request.order.value}"
    asked = min(request.limit, searcher.num_docs) + 1
    sign, order = ("<", tantivy.Order.Desc) if request.backwards else (">", tantivy.Order.Asc)
    rest = query
    if after is not None:  # only the parser's syntax makes ranges over texts
        behind = SYNTAX.parse_query(f"{name}:{sign}{ordered(resume_key(after))}", [])
        rest = Query.boolean_query([(Occur.Must, query), (Occur.Must, silent(behind))])
    found = searcher.search(rest, asked, offset=request.offset, order_by_field=name, order=order)
    total = _total(found) if after is None else _count(searcher, query)
    before = request.offset if after is None else total - _total(found)
    hits = [(0.0, address) for _, address in found.hits]
    return Page(total, hits[: request.limit], before, len(hits) > request.limit)


def _by_score_then_alike(
    searcher: Searcher, query: Query, beside: Query, request: SearchRequest, after: Cursor | None
) -> Page:
    """First what has one of the words that only rank; then all the others, which score nothing, by identifier.

    They can be nearly all records, and are never put in order as one great tie.
    """
    having = Query.boolean_query([(Occur.Must, query), (Occur.Must, silent(beside))])
    without = silent(Query.boolean_query([(Occur.Must, query), (Occur.MustNot, beside)]))
    first = Page(_count(searcher, having))
    if after is None or not _among(searcher, without, after):
        first = _by_score(searcher, having, request, after)
        after = None
    skipped = max(0, request.offset - first.total)
    by_id = replace(request, sort=Sort.IDENTIFIER, offset=skipped, limit=request.limit - len(first.hits))
    if after is not None:
        after = replace(after, sort=Sort.IDENTIFIER.value, key="")
    if first.more or not by_id.limit:
        others = _count(searcher, without)
        return Page(first.total + others, first.hits, first.before, first.more or others > 0)
    rest = _by_key(searcher, without, by_id, after)
    before = first.before if first.hits else first.total + rest.before
    return Page(first.total + rest.total, [*first.hits, *rest.hits], before, rest.more)


def _among(searcher: Searcher, without: Query, after: Cursor) -> bool:
    """Whether a cursor's record is, or was, one of those that score nothing."""
    return after.score == 0 or _unchanged(searcher, without, after) is not None


def _unchanged(searcher: Searcher, query: Query, after: Cursor) -> Hit | None:
    """A cursor's record, if it matches a query and is what it was."""
    this = Query.boolean_query([(Occur.Must, query), (Occur.Must, silent(term("id", after.id)))])
    for score, address in searcher.search(this, 1).hits:
        if searcher.fast_field_values("revision", [address]) == [after.revision]:
            return float(score), address
    return None


def _count(searcher: Searcher, query: Query) -> int:
    return _total(searcher.search(query, 1))


def _total(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # it is there, only the stubs leave it out


def _by_score(searcher: Searcher, query: Query, request: SearchRequest, after: Cursor | None) -> Page:
    """By score and, where scores are equal, by identifier, whatever the segments of the index."""
    ranking = _Ranking(searcher, query)
    asked = min(request.limit, searcher.num_docs) + 1
    anchor = None if after is None else _unchanged(searcher, query, after)
    if after is None or anchor is None:
        offset = request.offset if after is None else max(0, after.position - 1)
        stretch = ranking.stretch(offset, offset + asked)
        skipped = max(0, offset - stretch.first)
        wanted = ranking.in_order(stretch.hits, skipped + asked)[0][skipped:]
        return Page(ranking.total, wanted[: request.limit], offset, len(wanted) > request.limit)
    stretch, score = _around(ranking, after, anchor, asked)
    wanted, left = ranking.in_order(stretch.hits, asked, behind=(score, after.id))
    while len(wanted) < asked and not stretch.ended:
        stretch = ranking.stretch(stretch.first, stretch.end + asked)
        wanted, left = ranking.in_order(stretch.hits, asked, behind=(score, after.id))
    return Page(ranking.total, wanted[: request.limit], stretch.end - left, len(wanted) > request.limit)


def _around(ranking: "_Ranking", after: Cursor, anchor: Hit, asked: int) -> "tuple[_Stretch, float]":
    """The stretch that holds the place behind a cursor, and the score that the cursor's record now has there.

    It is looked for where it was; only after a change of the index it stands elsewhere.
    """
    score, address = anchor
    near = max(0, after.position - 1)
    stretch = ranking.stretch(near, near + asked)
    if not stretch.holds(score):
        near = ranking.place_of(score, near)
        stretch = ranking.stretch(near, near + asked)
    return stretch, next((mine for mine, other in stretch.hits if other == address), score)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Hits that follow one another, from the place `first` on: every score that is there is there with all its hits."""

    first: int
    hits: list[Hit]
    ended: bool

    @property
    def end(self) -> int:
        """The place behind the last."""
        return self.first + len(self.hits)

    def holds(self, score: float) -> bool:
        """Whether what has this score would stand inside it."""
        if not self.hits:
            return self.first == 0
        begins, ends = self.hits[0][0], self.hits[-1][0]
        return (begins >= score or self.first == 0) and (ends <= score or self.ended)


class _Ranking:
    """The hits of a query by score."""

    def __init__(self, searcher: Searcher, query: Query) -> None:
        self._searcher = searcher
        self._query = query
        self.total = 0

    def stretch(self, first: int, end: int) -> _Stretch:
        """At least the hits from one place to another, as far as there are any."""
        slack = _SLACK
        while True:
            start = max(0, first - slack)
            asked = end - start + slack
            hits = self._hits(start, asked)
            ended = len(hits) < asked
            low = 0 if start == 0 else _beginning(hits)
            high = len(hits) if ended else _ending(hits)
            if start + low <= first and (ended or start + high >= end):
                return _Stretch(start + low, hits[low:high], ended)
            slack *= 8

    def in_order(self, hits: list[Hit], most: int, behind: tuple[float, str] | None = None) -> tuple[list[Hit], int]:
        """The first so many of the hits, those of equal score ordered by identifier, and how many there are in all.

        Only those behind a score and identifier, where they are given.
        """
        first: list[Hit] = []
        count = 0
        for score, tied in groupby(hits, key=lambda hit: hit[0]):
            if behind is None or score <= behind[0]:
                addresses = [address for _, address in tied]
                last = behind[1] if behind is not None and score == behind[0] else None
                chosen, there = self._by_id(addresses, most - len(first), last)
                first.extend((score, address) for address in chosen)
                count += there
        return first, count

    def place_of(self, score: float, near: int) -> int:
        """The first place whose hit has this score or less."""
        low, high, step = 0, self.total, _STEP
        if self._above(near, score):
            low = near
            while low + step < self.total and self._above(low + step, score):
                low, step = low + step, step * 4
            high = min(high, low + step)
        else:
            high = min(near, self.total)
            while high - step > 0 and not self._above(high - step, score):
                high, step = high - step, step * 4
            low = max(0, high - step)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self._above(middle, score) else (low, middle)
        return low

    def _above(self, place: int, score: float) -> bool:
        hits = self._hits(place, 1)
        return bool(hits) and hits[0][0] > score

    def _hits(self, offset: int, limit: int) -> list[Hit]:
        found = self._searcher.search(self._query, limit, offset=offset)
        self.total = _total(found)
        return [(float(score), address) for score, address in found.hits]

    def _by_id(
        self, addresses: list[tantivy.DocAddress], most: int, behind: str | None
    ) -> tuple[list[tantivy.DocAddress], int]:
        """The first so many documents by identifier, and how many there are; only those behind one, where it is given.

        Numbers tell the order as far as they reach; only where they are equal are identifiers looked up.
        """
        if most < 1 and behind is None:
            return [], len(addresses)
        if len(addresses) == 1 and behind is None:
            return addresses, 1
        columns = [self._searcher.fast_field_values(f"id_{number}", addresses) for number in range(ID_NUMBERS)]
        numbered = list(zip(*columns, range(len(addresses)), strict=True))
        if behind is not None:
            least = id_numbers(behind)
            numbered = [one for one in numbered if one >= least]
            alike = {one for one in numbered if one[:-1] == least}
            passed = {one for one in alike if self._id(addresses[one[-1]]) <= behind}
            numbered = [one for one in numbered if one not in passed] if passed else numbered
        chosen = nsmallest(most, numbered)
        if len(chosen) < len(numbered) and chosen:  # its last numbers may be those of others too
            last = chosen[-1][:-1]
            chosen = [*(one for one in chosen if one[:-1] != last), *(one for one in numbered if one[:-1] == last)]
        found: list[tantivy.DocAddress] = []
        for _, together in groupby(chosen, key=lambda one: one[:-1]):
            same = [addresses[one[-1]] for one in together]
            found.extend(sorted(same, key=self._id) if len(same) > 1 else same)
        return found[:most], len(numbered)

    def _id(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("id"))


def _beginning(hits: list[Hit]) -> int:
    """The place of the first hit whose score is not that of the first one: its tie may have begun earlier."""
    return next((place for place, (score, _) in enumerate(hits) if score != hits[0][0]), len(hits))


def _ending(hits: list[Hit]) -> int:
    """The place behind the last hit whose score is not that of the last one: its tie may go on."""
    return next((place + 1 for place in reversed(range(len(hits))) if hits[place][0] != hits[-1][0]), 0)


def counted(searcher: Searcher, tree: Query, query: Query, request: SearchRequest) -> dict[str, tuple[FacetCount, ...]]:
    """The counts of the facets asked for, each under every filter but its own."""
    together = [name for name in request.facets if not request.filters.get(name)]
    counts = _aggregated(searcher, query, together, request)
    for name in request.facets:
        chosen = request.filters.get(name, ())
        if chosen:
            others = filtered(tree, request, but=name)
            counts |= _aggregated(searcher, others, [name], request)
            for value in chosen:
                if value not in counts[name]:  # it is not among the values that were read
                    counts[name][value] = _having(searcher, others, name, value, request)
    return {
        name: facet_counts(counts[name], request.filters.get(name, ()), request.facet_limit) for name in request.facets
    }


def _aggregated(
    searcher: Searcher, query: Query, names: list[str], request: SearchRequest
) -> dict[str, dict[str, int]]:
    if not names:
        return {}
    columns = {name: _column(name, request) for name in names}
    found = searcher.aggregate(query, {name: {"terms": column} for name, column in columns.items()})
    counts: dict[str, dict[str, int]] = {}
    for name in names:
        if COUNTABLE[name] not in TOGETHER:
            counts[name] = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in found[name]["buckets"]}
        elif found[name]["sum_other_doc_count"]:
            counts[name] = _one_by_one(searcher, query, name)
        else:
            counts[name] = _apart(found[name]["buckets"])
    if STATE.name in counts:  # these are all states that the records are ever in
        ever = counts[STATE.name]
        counts[STATE.name] = {state: _having(searcher, query, STATE.name, state, request) for state in ever}
    return counts


def _column(name: str, request: SearchRequest) -> dict[str, str | int]:
    """What is counted of a facet: the most frequent values, or the sets of values that records have."""
    if COUNTABLE[name] in TOGETHER:
        return {"field": f"c_{COUNTABLE[name].name}", "size": _MOST_SETS, "segment_size": _ALL_VALUES}
    size = min(max(_MOST_VALUES, request.facet_limit), _ALL_VALUES)
    return {"field": f"f_{COUNTABLE[name].name}", "size": size, "segment_size": _ALL_VALUES}


def _apart(buckets: list[dict[str, Any]]) -> dict[str, int]:
    """How many records have each value, from how many have each set of values."""
    counts: dict[str, int] = {}
    for bucket in buckets:
        number = int(bucket["doc_count"])
        for value in str(bucket["key"]).split(JOINED):
            counts[value] = counts.get(value, 0) + number
    return counts


def _one_by_one(searcher: Searcher, query: Query, name: str) -> dict[str, int]:
    """How many records have each value, where they have too many different sets of values: slow, and right."""
    found = searcher.terms_with_prefix(f"f_{COUNTABLE[name].name}", "", filter_query=query)
    return {value: count for value, count in found if count}


def _having(searcher: Searcher, query: Query, name: str, value: str, request: SearchRequest) -> int:
    """How many that match have a value of a facet."""
    having = silent(_with_value(name, [value], request))
    return _count(searcher, Query.boolean_query([(Occur.Must, query), (Occur.Must, having)]))
