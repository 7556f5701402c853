"""From our tree to tantivy's queries (part of the adapter, as is `tantivy_layout`).

Clauses on codes, numbers and dates score nothing; words score by BM25 over all text and, a little, over the title, as
stems and as they were written.
"""

from collections.abc import Sequence
from datetime import date

from tantivy import FieldType, Occur, Query

from catalogue.search import analysis
from catalogue.search.adapter import DOCUMENT, TITLE_WEIGHT, WRITTEN_WEIGHT, in_state, last_word
from catalogue.search.fields import COUNTABLE, STATE, Field, FieldKind
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
from catalogue.search.tantivy_layout import SCHEMA, TOGETHER, syntax

SYNTAX = syntax()
"""Reads tantivy's own syntax, the only way to a range of texts. What stands in it must be safe there."""

_FEW = 8

_LAST_SIGN = "\U0010fffd"
"""Comes after every sign that a word can hold."""


def term(field: str, value: str) -> Query:
    """Documents with exactly this value in a raw field."""
    return Query.term_query(SCHEMA, field, value, index_option="basic")


def any_term(field: str, values: Sequence[str]) -> Query:
    """Documents with any of these values in a raw field."""
    if not values:
        return Query.empty_query()
    if len(values) > _FEW:  # all that have one of them are then written down first
        return Query.term_set_query(SCHEMA, field, list(values))
    return _any([term(field, value) for value in values])


def silent(query: Query) -> Query:
    """The same documents, all with score 0."""
    return Query.const_score_query(query, 0.0)


def records() -> Query:
    """Every record: no watermark, no tombstone."""
    return silent(term("role", DOCUMENT))


def compiled(node: Node, *, scored: bool = False) -> Query:
    """Tantivy's query for what a tree finds; its scores mean something only where they are wanted."""
    return _Compiler(scored=scored).of(node)


class _Compiler:
    """Goes through a tree once."""

    def __init__(self, *, scored: bool) -> None:
        self._scored = scored

    def of(self, node: Node) -> Query:
        match node:
            case Everything():
                return records()
            case Word() | Phrase() | Prefix():
                return _any(self._text(node))
            case FieldClause(field, of) if field.name == "text":
                return _any(self._text(of))
            case FieldClause() | Overlaps() | Range() | Present():
                return _asked_of_field(node)
            case AnyOf(children):
                return _any([query for child in children for query in self._alternatives(child)])
            case AllOf(children):
                return self._all(children)
            case Not():
                return self._all((node,))
            case Required(of):
                return self.of(of)
            case Alternatives(typed, also, weight):
                meant = [Query.boost_query(self.of(child), weight) for child in also]
                return Query.disjunction_max_query([self.of(typed), *meant])
            case Ranked(of, by):
                beside = [(Occur.Should, self.of(by))] if self._scored else []
                return Query.boolean_query([(Occur.Must, self.of(of)), *beside])

    def _alternatives(self, node: Node) -> list[Query]:
        """What a tree finds, as queries side by side: the flatter, the faster."""
        return self._text(node) if isinstance(node, Word | Phrase | Prefix) else [self.of(node)]

    def _all(self, children: Sequence[Node]) -> Query:
        clauses = [
            (Occur.MustNot, compiled(child.of)) if isinstance(child, Not) else (Occur.Must, self.of(child))
            for child in children
        ]
        if all(isinstance(child, Not) for child in children):
            clauses.append((Occur.Must, records()))
        return Query.boolean_query(clauses)

    def _text(self, of: Word | Phrase | Prefix) -> list[Query]:
        """The queries that together score a text; each finds no record that the first does not find."""
        if isinstance(of, Prefix):
            return [_beginning("words", last_word(of.text))]
        found = _words("all", of.text, scored=self._scored)
        if not self._scored:
            return [found]
        more = [Query.boost_query(_words("title", of.text), TITLE_WEIGHT)]
        written = analysis.exact(of.text).parts
        parts = dict.fromkeys(written)
        for name, weight in (("words", WRITTEN_WEIGHT), ("title_words", WRITTEN_WEIGHT * TITLE_WEIGHT)):
            exact = (Query.term_query(SCHEMA, name, part, index_option="freq") for part in parts)
            more.extend(Query.boost_query(query, weight) for query in exact)
        if len(written) < 2:
            return [found, *more]
        # Words that stand together are not known to do so in the fields that keep no places.
        return [Query.boolean_query([(Occur.Must, found), *((Occur.Should, query) for query in more)])]


def _any(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def _asked_of_field(node: FieldClause | Overlaps | Range | Present) -> Query:
    match node:
        case FieldClause(field, of, on):
            return _in_state(of, on) if field is STATE else _clause(field, of)
        case Overlaps(field, period, _):
            return silent(any_term(f"p_{field.name}", overlap_words(period)))
        case Range(field, low, high, _):
            return silent(Query.range_query(SCHEMA, f"n_{field.name}", FieldType.Integer, low, high))
        case Present(field):
            return _present(field)


def _words(field: str, text: str, *, scored: bool = True) -> Query:
    parts = analysis.stems(analysis.exact(text).parts)
    if not parts:
        return Query.empty_query()
    if len(parts) == 1:
        return Query.term_query(SCHEMA, field, parts[0], index_option="freq" if scored else "basic")
    return Query.phrase_query(SCHEMA, field, list(parts))


def _beginning(field: str, word: str) -> Query:
    # A pattern would say the same, and cost a hundred times as much to make.
    return SYNTAX.parse_query(f"{field}:[{word} TO {word}{_LAST_SIGN}]", []) if word else Query.empty_query()


def _escaped(word: str) -> str:
    return "".join(f"\\{sign}" if sign in "-.&" else sign for sign in word)


def _clause(field: Field, of: Word | Phrase | Prefix) -> Query:
    if field.kind is FieldKind.TEXT:
        return _beginning("title_words", last_word(of.text)) if isinstance(of, Prefix) else _words("title", of.text)
    key = analysis.key(of.text)
    name = f"k_{field.name}"
    return silent(_beginning(name, key) if isinstance(of, Prefix) else term(name, key))


def _in_state(of: Word | Phrase | Prefix, day: date) -> Query:
    key = analysis.key(of.text)
    if not isinstance(of, Prefix):
        return silent(any_term("k_state", in_state([key], day)))
    escaped = _escaped(key)
    return silent(Query.regex_query(SCHEMA, "k_state", f"{escaped}[^=]*=({'|'.join(map(_escaped, nodes_on(day)))})"))


def _present(field: Field) -> Query:
    if field.name == "title":
        return silent(Query.regex_query(SCHEMA, "title", ".+"))
    if field.name in COUNTABLE:
        return silent(Query.exists_query(f"{'c' if field in TOGETHER else 'f'}_{field.name}"))
    if field.kind is FieldKind.DATE:
        return silent(Query.exists_query(f"n_{field.name}"))
    if field.kind is FieldKind.PERIOD:
        return silent(any_term(f"p_{field.name}", overlap_words(Period())))
    return records()
