"""An order for the statements of a graph, which have none: by what they say, wherever in a file they stand.

What is read of a graph must not depend on how a triple store happens to give its statements, nor on what it calls the
nodes that have no address. So values are put in order by themselves, and a node without address by what is said of it.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode
from pyoxigraph import Literal as Text

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Text
Statements: TypeAlias = dict[str, dict[Term, None]]
"""What is said of one node: the values under each name."""

Key: TypeAlias = tuple[int, str, str, str, str]

_DEEPEST = 16
"""As many nodes without address behind one another are told apart. What is read of a dataset lies less deep."""

_SHOWN = 200  # of the text of a node, for an order that stays where little of it changes


def in_order(about: Mapping[Node, Statements]) -> dict[Node, Statements]:
    """The same statements: nodes, names and values each in an order that only what they say decides.

    Addresses go first, then nodes without address, then texts. Two nodes without address of which the same is said
    may stand either way.
    """
    key = _key_by(_contents(about))
    return {
        node: {
            name: dict.fromkeys(sorted(values, key=key)) if len(values) > 1 else values
            for name, values in sorted(about[node].items())
        }
        for node in sorted(about, key=key)
    }


def _key_by(contents: Mapping[BlankNode, str]) -> Callable[[Term], Key]:
    def key(term: Term) -> Key:
        if isinstance(term, NamedNode):
            return 0, term.value, "", "", ""
        if isinstance(term, BlankNode):
            return 1, contents.get(term, ""), "", "", ""
        return 2, term.value.casefold(), term.value, term.language or "", term.datatype.value

    return key


def _contents(about: Mapping[Node, Statements]) -> dict[BlankNode, str]:
    """What is said of each node without address, as far as it is told apart, in a text that does not name it.

    Nodes inside one another are told from the innermost outwards; those that lead back to themselves step by step.
    """
    said = {node: held for node, held in about.items() if isinstance(node, BlankNode)}
    inside = {
        node: {value for values in held.values() for value in values if isinstance(value, BlankNode)}
        for node, held in said.items()
    }
    contents = dict.fromkeys(said, "")
    unsettled = set(said)
    for _ in range(_DEEPEST):
        contents |= {node: _content(said[node], contents) for node in unsettled}
        unsettled = {node for node in unsettled if not inside[node].isdisjoint(unsettled)}
    return contents


def _content(held: Statements, contents: Mapping[BlankNode, str]) -> str:
    lines = sorted(f"{name} {_line(value, contents)}" for name, values in held.items() for value in values)
    text = "\n".join(lines)
    return f"{text[:_SHOWN]}\n{hashlib.sha256(text.encode()).hexdigest()}"


def _line(value: Term, contents: Mapping[BlankNode, str]) -> str:
    return repr(contents.get(value, "")) if isinstance(value, BlankNode) else str(value)
