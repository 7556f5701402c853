"""What a search must find, said as plainly as can be: every record looked at, nothing indexed, nothing fast."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from catalogue.search import analysis, moments
from catalogue.search.document import SearchDocument
from catalogue.search.engine import Sort
from catalogue.search.fields import COUNTABLE, STATE, Field, FieldKind
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

Filters = Mapping[str, Sequence[str]]


def expected(tree: Node, filters: Filters, shelf: Sequence[SearchDocument], day: date) -> list[SearchDocument]:
    """The records that match a tree under filters, in the states of a day."""
    return [document for document in shelf if matches(tree, document) and passes(filters, document, day)]


def expected_counts(
    name: str, tree: Node, filters: Filters, shelf: Sequence[SearchDocument], day: date
) -> dict[str, int]:
    """How many of the records have each value of a facet, under every filter but its own."""
    others = {other: values for other, values in filters.items() if other != name}
    return Counter(value for document in expected(tree, others, shelf, day) for value in _values(name, document, day))


def in_order(found: Sequence[SearchDocument], sort: Sort, *, reverse: bool) -> list[str]:
    """The identifiers of records in one of the orders that the records alone decide."""
    return [document.id for document in sorted(found, key=lambda one: (_key(one, sort), one.id), reverse=reverse)]


def _key(document: SearchDocument, sort: Sort) -> tuple[bool, object]:
    texts = {
        Sort.TITLE: analysis.fold(document.title)[:200],
        Sort.NAME: document.address.rpartition("/")[2],
        Sort.IDENTIFIER: "",
    }
    if sort in texts:
        return False, texts[sort]
    stated = {
        Sort.NEWEST: document.modified or document.issued,
        Sort.RECORDED: document.recorded_at,
        Sort.CREATED: document.first_recorded_at or document.recorded_at,
    }
    moment = moments.first_microsecond(stated[sort])
    return moment is None, -(moment or 0)


def passes(filters: Filters, document: SearchDocument, day: date) -> bool:
    return all(set(values) & _values(name, document, day) for name, values in filters.items() if values)


def _values(name: str, document: SearchDocument, day: date) -> set[str]:
    if name == "state":
        return {one.state for one in document.states if one.first <= day.isoformat() <= (one.last or "9999")}
    return set(document.values(COUNTABLE[name]))


def matches(node: Node, document: SearchDocument) -> bool:
    match node:
        case Everything():
            return True
        case Word() | Phrase() | Prefix():
            return any(_in_text(node, text) for text in document.findable())
        case FieldClause(field, of, on):
            return _in_field(field, of, document, on)
        case Overlaps(_, asked, _):
            return any(
                max(one.first, asked.first) <= min(one.last or "9999", asked.last or "9999") for one in document.covers
            )
        case Range(field, low, high, _):
            return any(
                (low is None or low <= number) and (high is None or number <= high)
                for number in _numbers(field, document)
            )
        case Present(field):
            return _present(field, document)
        case AnyOf(children):
            return any(matches(child, document) for child in children)
        case AllOf(children):
            return all(matches(child, document) for child in children)
        case Not(of):
            return not matches(of, document)
        case Required(of) | Ranked(of, _):
            return matches(of, document)
        case Alternatives(typed, also, _):
            return any(matches(child, document) for child in (typed, *also))


def _in_text(of: Word | Phrase | Prefix, text: str) -> bool:
    there, wanted = analysis.exact(text), analysis.exact(of.text)
    if isinstance(of, Prefix):
        beginning = (wanted.wholes or wanted.parts)[-1]
        return any(word.startswith(beginning) for word in (*there.parts, *there.wholes))
    stems, row = analysis.stems(wanted.parts), analysis.stems(there.parts)
    return any(row[start : start + len(stems)] == stems for start in range(len(row)))


def _in_field(field: Field, of: Word | Phrase | Prefix, document: SearchDocument, day: date) -> bool:
    if field.name == "text":
        return matches(of, document)
    if field.kind is FieldKind.TEXT:
        return _in_text(of, document.title)
    values = [*_values("state", document, day)] if field is STATE else [*document.values(field)]
    if field.name in {"power", "place"}:
        values += document.power_names if field.name == "power" else document.place_codes
    if field.name == "organisation":
        values += [*document.organisation_names, *document.organisation_aliases]
    key = analysis.key(of.text)
    keys = [analysis.key(value) for value in values]
    return any(known.startswith(key) if isinstance(of, Prefix) else known == key for known in keys)


def _numbers(field: Field, document: SearchDocument) -> list[int]:
    if field.kind is FieldKind.NUMBER:
        return [int(value) for value in document.values(field)]
    return [moment for value in document.values(field) if (moment := moments.first_microsecond(value)) is not None]


def _present(field: Field, document: SearchDocument) -> bool:
    if field.kind is FieldKind.DATE:
        return bool(_numbers(field, document))
    if field.name == "title":
        return bool(analysis.exact(document.title).parts)
    return (field.name not in COUNTABLE and field.kind is not FieldKind.PERIOD) or bool(document.values(field))
