"""From our tree to tantivy's queries (part of the adapter, as is `tantivy_layout`).

Clauses on codes, numbers and dates score nothing; words score by BM25 over all text and, a little, over the title.
"""

from tantivy import FieldType, Occur, Query

from catalogue.search import analysis
from catalogue.search.adapter import DOCUMENT, TITLE_WEIGHT, WORD_BONUS, last_word
from catalogue.search.fields import COUNTABLE, Field, FieldKind
from catalogue.search.query_tree import (
    AllOf,
    AnyOf,
    Everything,
    FieldClause,
    Node,
    Not,
    Phrase,
    Prefix,
    Present,
    Range,
    Ranked,
    Required,
    Word,
)
from catalogue.search.tantivy_layout import SCHEMA


def term(field: str, value: str) -> Query:
    """Documents with exactly this value in a raw field."""
    return Query.term_query(SCHEMA, field, value, index_option="basic")


def silent(query: Query) -> Query:
    """The same documents, all with score 0."""
    return Query.const_score_query(query, 0.0)


def records() -> Query:
    """Every record: no watermark, no tombstone."""
    return silent(term("role", DOCUMENT))


def compiled(node: Node) -> Query:
    """Tantivy's query for a tree."""
    match node:
        case Everything():
            return records()
        case Word() | Phrase() | Prefix():
            return _text(node)
        case FieldClause(field, of):
            return _clause(field, of)
        case Range(field, low, high, _):
            return silent(Query.range_query(SCHEMA, f"n_{field.name}", FieldType.Integer, low, high))
        case Present(field):
            return _present(field)
        case AnyOf(children):
            return Query.boolean_query([(Occur.Should, compiled(child)) for child in children])
        case AllOf(children):
            return _all([*children])
        case Not():
            return _all([node])
        case Required(of):
            return compiled(of)
        case Ranked(of, by):
            return Query.boolean_query([(Occur.Must, compiled(of)), (Occur.Should, compiled(by))])


def _all(children: list[Node]) -> Query:
    clauses = [
        (Occur.MustNot, compiled(child.of)) if isinstance(child, Not) else (Occur.Must, compiled(child))
        for child in children
    ]
    if all(isinstance(child, Not) for child in children):
        clauses.append((Occur.Must, records()))
    return Query.boolean_query(clauses)


def _text(of: Word | Phrase | Prefix) -> Query:
    if isinstance(of, Prefix):
        return _beginning("words", last_word(of.text))
    found = _words("all", of.text)
    ranked = [found, Query.boost_query(_words("title", of.text), TITLE_WEIGHT)]
    if not (isinstance(of, Word) and analysis.is_function_word(of.text)):
        ranked.append(Query.const_score_query(found, WORD_BONUS))
    return Query.boolean_query([(Occur.Should, query) for query in ranked])


def _words(field: str, text: str) -> Query:
    parts = analysis.stems(analysis.exact(text).parts)
    if not parts:
        return Query.empty_query()
    if len(parts) == 1:
        return Query.term_query(SCHEMA, field, parts[0])
    return Query.phrase_query(SCHEMA, field, list(parts))


def _beginning(field: str, word: str) -> Query:
    pattern = "".join(f"\\{sign}" if sign in "-.&" else sign for sign in word)
    return Query.regex_query(SCHEMA, field, f"{pattern}.*") if word else Query.empty_query()


def _clause(field: Field, of: Word | Phrase | Prefix) -> Query:
    if field.name == "text":
        return _text(of)
    if field.kind is FieldKind.TEXT:
        return _beginning("title_words", last_word(of.text)) if isinstance(of, Prefix) else _words("title", of.text)
    key = analysis.key(of.text)
    name = f"k_{field.name}"
    return silent(_beginning(name, key) if isinstance(of, Prefix) else term(name, key))


def _present(field: Field) -> Query:
    if field.name == "title":
        return silent(Query.regex_query(SCHEMA, "title", ".+"))
    if field.name in COUNTABLE:
        return silent(Query.exists_query(f"f_{field.name}"))
    if field.kind is FieldKind.DATE:
        return silent(Query.exists_query(f"n_{field.name}"))
    return records()
