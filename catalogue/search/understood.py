"""How a query was understood, as one sentence in plain English."""

import re
from collections.abc import Sequence

from catalogue.search.fields import Field, FieldKind
from catalogue.search.query_tree import (
    EVERYTHING,
    AllOf,
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
    all_of,
)

_MOST_NAMED = 12
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def explain(tree: Node) -> str:
    """The sentence for a tree, for example “Records where the kind of record is “dataset”, best match for …”"""
    if tree == EVERYTHING:
        return "All records."
    if isinstance(tree, AnyOf) and all(isinstance(node, Word | Prefix) for node in tree.of):
        return f"Records with any of {_words(tree.of, 'and')}; the best matches come first."
    parts = tree.of if isinstance(tree, AllOf) else (tree,)
    first = parts[0]
    if not isinstance(first, Ranked):
        return f"{_records(tree)}."
    if isinstance(first.of, AnyOf) and _only_words(first.of.of) and len(parts) == 1:
        alternatives = _alternatives(first.by)
        helping = f"{_words(alternatives, 'and')} help{'s' if len(alternatives) == 1 else ''}"
        words = _words(first.of.of, "and")
        return f"Records with any of {words}; the best matches come first, and {helping}."
    condition = all_of([first.of, *parts[1:]])
    return f"{_records(condition)}; those that also have {_words(_alternatives(first.by), 'or')} come first."


def date_in_words(text: str) -> str:
    """An ISO date of any precision as people write it, “April 2019”; any other text as it is."""
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
        if 1 <= int(month) <= 12:
            return " ".join(part for part in (day and str(int(day)), _MONTHS[int(month) - 1], year) if part)
    return text


def _records(node: Node) -> str:
    parts = node.of if isinstance(node, AllOf) else (node,)
    if all(isinstance(part, Not | Everything) for part in parts):
        left_out = [_condition(part.of) for part in parts if isinstance(part, Not)]
        return f"All records but those {_listed(left_out, 'and those')}" if left_out else "All records"
    wanted = all_of([part for part in parts if not isinstance(part, Not)])
    left_out = [_inner(part.of) for part in parts if isinstance(part, Not)]
    without = f", but not those {_listed(left_out, 'or those')}" if left_out else ""
    return f"Records {_condition(wanted)}{without}"


def _condition(node: Node) -> str:
    match node:
        case Word() | Phrase() | Prefix():
            return f"with {_named(node)}"
        case Overlaps(written=written):
            return f"covering some of {written}"
        case FieldClause() | Range() | Present():
            return _field_condition(node)
        case Required(of):
            return _condition(of)
        case Not(of):
            return f"not {_inner(of)}"
        case Ranked(of, by):
            return f"{_condition(of)} (best with {_words(_alternatives(by), 'or')})"
        case AnyOf(children):
            return _values(children) or _joined(children, "or")
        case AllOf(children):
            return _joined(children, "and")
    return "of any kind"


def _values(children: Sequence[Node]) -> str:
    """Values of one field of which each will do; empty for anything else."""
    clauses = [child for child in children if isinstance(child, FieldClause) and child.field.kind is FieldKind.CODE]
    if len(clauses) < len(children) or len({clause.field for clause in clauses}) > 1:
        return ""
    if any(isinstance(clause.of, Prefix) for clause in clauses):
        return ""
    return f"where {_the(clauses[0].field)} is {_listed([f'“{clause.of.text}”' for clause in clauses], 'or')}"


def _joined(children: Sequence[Node], joiner: str) -> str:
    if _only_words(children):
        return f"with {_words(children, joiner)}"
    return _listed([_inner(child) for child in children], joiner)


def _field_condition(node: FieldClause | Range | Present) -> str:
    name = _the(node.field)
    if isinstance(node, Range):
        return f"where {name} is {node.written}"
    if isinstance(node, Present):
        return f"where {name} is stated"
    if node.field.name == "text":
        return f"with {_named(node.of)}"
    if node.field.name == "title":
        return f"with {_named(node.of)} in the title"
    return f"where {name} {'begins with' if isinstance(node.of, Prefix) else 'is'} “{node.of.text}”"


def _the(field: Field) -> str:
    if not field.many:
        return f"the {field.label}"
    return f"{'an' if field.label[0] in 'aeio' else 'a'} {field.label}"


def _inner(node: Node) -> str:
    """A condition inside another: with brackets where the reader could otherwise lose its end."""
    text = _condition(node)
    one = not isinstance(node, AnyOf | AllOf) or _only_words(node.of) or (isinstance(node, AnyOf) and _values(node.of))
    return text if one else f"({text})"


def _only_words(nodes: Sequence[Node]) -> bool:
    return all(isinstance(_demanded(node), Word | Phrase | Prefix) for node in nodes)


def _demanded(node: Node) -> Node:
    return node.of if isinstance(node, Required) else node


def _alternatives(node: Node) -> Sequence[Node]:
    return node.of if isinstance(node, AnyOf) else (node,)


def _words(nodes: Sequence[Node], joiner: str) -> str:
    return _listed([_named(_demanded(node)) for node in nodes], joiner)


def _named(node: Node) -> str:
    match node:
        case Word(text):
            return f"“{text}”"
        case Phrase(text):
            return f"the phrase “{text}”"
        case Prefix(text):
            return f"words beginning with “{text}”"
        case FieldClause(field, of):
            return f"{_named(of)} as the {field.label}"
    return f"what is {_condition(node)}"


def _listed(items: list[str], joiner: str) -> str:
    if len(items) > _MOST_NAMED:
        items = [*items[:_MOST_NAMED], f"{len(items) - _MOST_NAMED} more"]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {joiner} {items[-1]}"
