"""A strict reading made loose: what a reader is offered when quotes, AND or + found nothing.

Words that had to be there all become alternatives. Where nothing demanded more than a word that is joined from several
(`income/expenditure`, `2019-20`), its parts do. What was asked of fields, dates and numbers, and what was excluded,
stays as it was.
"""

from catalogue.search.analysis import is_function_word, tokens
from catalogue.search.fields import FieldKind
from catalogue.search.query_tree import (
    AllOf,
    AnyOf,
    FieldClause,
    Node,
    Phrase,
    Prefix,
    Ranked,
    Required,
    Word,
    all_of,
    any_of,
)


def relaxed(tree: Node) -> Node | None:
    """The loose reading of a tree; None where nothing in it is strict."""
    plain = _unmarked(tree)
    found = _loose(plain)
    if found == plain:
        found = _parted(plain)
    return None if found == plain else found


def _unmarked(node: Node) -> Node:
    """The tree without the mark of a `+word` that nothing stands beside, which asks for what a bare word asks for."""
    if isinstance(node, AllOf):
        words = [child for child in node.of if _is_text(child)]
        return all_of([_unmarked(child) if [child] == words else child for child in node.of])
    return node.of if isinstance(node, Required) else node


def _loose(node: Node) -> Node:
    match node:
        case Phrase(text):
            return _alternatives([Word(word) for word in _written(text)])
        case FieldClause(field, Phrase(text)) if field.kind is FieldKind.TEXT:
            return any_of([FieldClause(field, Word(word)) for word in _written(text)])
        case Required(of):
            return _loose(of)
        case AnyOf(children):
            return any_of([_loose(child) for child in children])
        case AllOf(children):
            return _all(children, ())
        case Ranked(of, by):
            return _all(of.of if isinstance(of, AllOf) else (of,), by.of if isinstance(by, AnyOf) else (by,))
    return node


def _parted(node: Node) -> Node:
    """The same with the parts of joined words as alternatives."""
    match node:
        case Word(text):
            return _alternatives([Word(part) for part in _parts(text)])
        case FieldClause(field, Word(text)) if field.kind is FieldKind.TEXT:
            return any_of([FieldClause(field, Word(part)) for part in _parts(text)])
        case AnyOf(children):
            return _alternatives([_parted(child) for child in children])
        case AllOf(children):
            return all_of([_parted(child) for child in children])
        case Required(of):
            return _parted(of)
        case Ranked(of, by):
            return Ranked(_parted(of), by)
    return node


def _all(firm: tuple[Node, ...], beside: tuple[Node, ...]) -> Node:
    """What all had to match: its words become alternatives, also to the words beside them; the rest stays."""
    words = [node for node in firm if _is_text(node)]
    rest = [_loose(node) for node in firm if not _is_text(node)]
    if not words:
        return Ranked(all_of(rest), any_of(beside)) if beside else all_of(rest)
    loose = [_loose(node) for node in (*words, *beside)]
    return all_of([_alternatives(loose), *rest])


def _alternatives(nodes: list[Node]) -> Node:
    """Any of these; words of grammar only help to rank."""
    flat = _flat(nodes)
    telling = [node for node in flat if not (isinstance(node, Word) and is_function_word(node.text))] or flat
    helping = [node for node in flat if node not in telling]
    return Ranked(any_of(telling), any_of(helping)) if helping else any_of(telling)


def _flat(nodes: list[Node]) -> list[Node]:
    """The alternatives inside alternatives, and what only helps to rank, all side by side."""
    flat: list[Node] = []
    for node in nodes:
        match node:
            case AnyOf(children):
                flat.extend(_flat([*children]))
            case Ranked(of, by) if _is_text(of):
                flat.extend(_flat([of, by]))
            case _:
                flat.append(node)
    return list(dict.fromkeys(flat))


def _is_text(node: Node) -> bool:
    """Whether a node asks for words in the text alone, whatever binds them."""
    match node:
        case Word() | Phrase() | Prefix():
            return True
        case FieldClause(field, _):
            return field.kind is FieldKind.TEXT
        case Required(of):
            return _is_text(of)
        case AnyOf(children) | AllOf(children):
            return all(_is_text(child) for child in children)
        case Ranked(of, by):
            return _is_text(of) and _is_text(by)
    return False


def _written(text: str) -> list[str]:
    """The words of a phrase; of one that is a single joined word its parts."""
    words = [text[token.start : token.end] for token in tokens(text)]
    return words if len(words) > 1 else _parts(text)


def _parts(text: str) -> list[str]:
    """What a word is joined from; itself where it is not."""
    parts = [part for token in tokens(text) for part in token.parts]
    return parts if len(parts) > 1 else [text]
