"""From our tree to OpenSearch's queries (part of the adapter).

Clauses on codes, numbers and dates score nothing; words score by BM25 over all text and, a little, over the title.
"""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from catalogue.search import analysis
from catalogue.search.adapter import DOCUMENT, TITLE_WEIGHT, WRITTEN_WEIGHT, in_state, last_word
from catalogue.search.fields import COUNTABLE, STATE, Field, FieldKind
from catalogue.search.opensearch_layout import Body
from catalogue.search.periods import Period, nodes_on, overlap_words
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

MOST_LEAVES = 1_000
"""A query with more leaves is refused by a server as it is set up at first (1,024)."""

_LARGEST = 2**63 - 1
NOTHING: Body = {"match_none": {}}
RECORDS: Body = {"bool": {"filter": [{"term": {"role": DOCUMENT}}]}}


def compiled(node: Node) -> Body:
    """The query for what a tree finds; nothing about its scores."""
    return _Compiler(_FOUND).of(node)


def ranked(node: Node) -> Body:
    """The query for what a tree finds with scores that rank it. One too large for a server ranks more plainly."""
    query: Body = {"bool": {"filter": [compiled(node)], "should": [_Compiler(_WRITTEN).of(node)]}}
    for plainer in (_Compiler(_STEMS).of(node), compiled(node)):
        if leaves(query) <= MOST_LEAVES:
            break
        query = plainer
    return query


def kept(name: str, values: Sequence[str], day: date) -> Body:
    """The clause of a filter: records with one of these exact values."""
    if COUNTABLE[name] is STATE:
        return {"terms": {"s_state": in_state(values, day)}}
    return {"terms": {f"f_{COUNTABLE[name].name}": list(values)}}


def states_on(day: date) -> str:
    """The pattern of the words for whatever state a record is in on a day."""
    return f".*={_node_on(day)}"


def leaves(query: object) -> int:
    """How many leaves a query has, at most."""
    if isinstance(query, list):
        return sum(map(leaves, query))
    if not isinstance(query, dict):
        return 0
    inner = sum(leaves(value) for name, value in query.items() if name in _HOLDERS)
    return inner or sum(1 for name in query if name in _LEAVES)


_HOLDERS = {"bool", "should", "must", "must_not", "filter", "dis_max", "queries", "constant_score"}
_LEAVES = {"term", "terms", "match_phrase", "prefix", "range", "exists", "regexp"}


def silent(query: Body) -> Body:
    """The same documents, all with score 0."""
    return {"bool": {"filter": [query]}}


def any_of(queries: Sequence[Body]) -> Body:
    """Documents that match at least one."""
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


_FOUND, _STEMS, _WRITTEN = ("all",), ("all", "title"), ("all", "title", "words", "title_words")


class _Compiler:
    """Goes through a tree once: words are found in `all`, and scored in these fields."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self._fields = fields

    def of(self, node: Node) -> Body:
        match node:
            case Everything():
                return RECORDS
            case Word() | Phrase() | Prefix():
                return self._text(node)
            case FieldClause() | Overlaps() | Range() | Present():
                return self._asked_of_field(node)
            case AnyOf(children):
                return any_of([self.of(child) for child in children])
            case AllOf(children):
                return self._all(children)
            case Not():
                return self._all((node,))
            case Required(of):
                return self.of(of)
            case Alternatives(typed, also, weight):
                meant = [boosted(self.of(child), weight) for child in also]
                return {"dis_max": {"queries": [self.of(typed), *meant], "tie_breaker": 0.0}}
            case Ranked(of, by):
                return {"bool": {"must": [self.of(of)], "should": [self.of(by)], "minimum_should_match": 0}}

    def _asked_of_field(self, node: FieldClause | Overlaps | Range | Present) -> Body:
        match node:
            case FieldClause(field, of, on):
                return _in_state(of, on) if field is STATE else self._clause(field, of)
            case Overlaps(field, period, _):
                return silent({"terms": {f"p_{field.name}": overlap_words(period)}})
            case Range(field, low, high, _):
                return silent(_range(f"n_{field.name}", low, high))
            case Present(field):
                return _present(field)

    def _all(self, children: Sequence[Node]) -> Body:
        unwanted = [self.of(child.of) for child in children if isinstance(child, Not)]
        wanted = [self.of(child) for child in children if not isinstance(child, Not)] or [RECORDS]
        return {"bool": {"must": wanted, "must_not": unwanted}}

    def _text(self, of: Word | Phrase | Prefix) -> Body:
        if isinstance(of, Prefix):
            return _beginning("words", last_word(of.text))
        found = _words("all", of.text)
        more = [boosted(_words("title", of.text), TITLE_WEIGHT)] if "title" in self._fields else []
        parts = list(dict.fromkeys(analysis.exact(of.text).parts))
        for name, weight in (("words", WRITTEN_WEIGHT), ("title_words", WRITTEN_WEIGHT * TITLE_WEIGHT)):
            if name in self._fields:
                more.extend({"term": {name: {"value": part, "boost": weight}}} for part in parts)
        if len(parts) < 2 or not more:
            return any_of([found, *more]) if more else found
        # Words that stand together are not known to do so in the fields that keep no places.
        return {"bool": {"must": [found], "should": more, "minimum_should_match": 0}}

    def _clause(self, field: Field, of: Word | Phrase | Prefix) -> Body:
        if field.name == "text":
            return self._text(of)
        if field.kind is FieldKind.TEXT:
            if isinstance(of, Prefix):
                return _beginning("title_words", last_word(of.text))
            return _words("title", of.text)
        key = analysis.key(of.text)
        name = f"k_{field.name}"
        return silent(_beginning(name, key) if isinstance(of, Prefix) else {"term": {name: {"value": key}}})


def boosted(query: Body, weight: float) -> Body:
    """The same query with its score multiplied."""
    return {"bool": {"must": [query], "boost": weight}}


def _words(field: str, text: str) -> Body:
    parts = analysis.stems(analysis.exact(text).parts)
    if not parts:
        return NOTHING
    if len(parts) == 1:
        return {"term": {field: {"value": parts[0]}}}
    return {"match_phrase": {field: {"query": " ".join(parts)}}}


def _beginning(field: str, word: str) -> Body:
    return {"prefix": {field: {"value": word}}} if word else NOTHING


def _in_state(of: Word | Phrase | Prefix, day: date) -> Body:
    key = analysis.key(of.text)
    if not isinstance(of, Prefix):
        return silent({"terms": {"k_state": in_state([key], day)}})
    pattern = f"{_escaped(key)}[^=]*={_node_on(day)}"
    return silent({"regexp": {"k_state": {"value": pattern, "flags": "NONE"}}})


def _node_on(day: date) -> str:
    """The pattern of the nodes that a day is in, each the beginning of the next; the shortest is empty."""
    pattern, nodes = "", nodes_on(day)
    for shorter, longer in reversed(list(pairwise(nodes))):
        pattern = f"({_escaped(longer[len(shorter) :])}{pattern})?"
    return pattern


def _escaped(text: str) -> str:
    return re.sub(r"([^\w])", r"\\\1", text)


def _range(field: str, low: int | None, high: int | None) -> Body:
    if (low is not None and low > _LARGEST) or (high is not None and high < -_LARGEST):
        return NOTHING
    ends = {}
    if low is not None:
        ends["gte"] = max(low, -_LARGEST)
    if high is not None:
        ends["lte"] = min(high, _LARGEST)
    return {"range": {field: ends}}


def _present(field: Field) -> Body:
    if field.name == "title":
        return silent({"exists": {"field": "title"}})
    if field.name in COUNTABLE:
        return silent({"exists": {"field": f"f_{field.name}"}})
    if field.kind is FieldKind.DATE:
        return silent({"exists": {"field": f"n_{field.name}"}})
    if field.kind is FieldKind.PERIOD:
        return silent({"terms": {f"p_{field.name}": overlap_words(Period())}})
    return RECORDS
