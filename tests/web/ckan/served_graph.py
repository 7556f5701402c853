"""DCAT-AP as it is served: all statements of some pages, and the few that ask the official shapes all there is to ask.

`tests.catalogue.formats.shapes` says why one resource for each answer proves as much as all of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize
from rdflib import Graph
from rdflib import Literal as RdfLiteral

_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DCAT = "http://www.w3.org/ns/dcat#"
_OF_A_RESOURCE = NamedNode("http://xmlns.com/foaf/0.1/primaryTopic")

Subject = NamedNode | BlankNode
Statements = dict[Subject, dict[NamedNode, list[NamedNode | BlankNode | Literal]]]
Answer = tuple[tuple[str, ...], str, int, str]


def statements_of(page: bytes) -> Statements:
    """What a page of Turtle states, by what it is about."""
    found: Statements = defaultdict(lambda: defaultdict(list))
    for quad in parse(page, format=RdfFormat.TURTLE, rename_blank_nodes=True):
        found[quad.subject][quad.predicate].append(quad.object)  # type: ignore[index, arg-type, unused-ignore]
    return found


def catalogued(statements: Statements) -> list[Subject]:
    """The datasets and services that the catalogue of a page lists."""
    names = (NamedNode(f"{_DCAT}dataset"), NamedNode(f"{_DCAT}service"))
    (catalogue,) = _of_type(statements, "Catalog")
    return [node for name in names for node in statements[catalogue].get(name, ()) if not isinstance(node, Literal)]


def ill_typed(statements: Statements) -> list[Literal]:
    """The literals whose text is none of their type."""
    literals = {value for _, _, value in _all(statements) if isinstance(value, Literal)}
    return [
        one for one in literals if RdfLiteral(one.value, datatype=one.datatype.value).ill_typed and not one.language
    ]


def representative(statements: Statements, seen: set[Answer]) -> Graph:
    """The page with no more listed than gives each answer to the shapes that is not among those seen, which it adds to.

    The catalogue itself, and what is said of the page, stay.
    """
    (catalogue,) = _of_type(statements, "Catalog")
    properties: dict[tuple[str, ...], set[NamedNode]] = defaultdict(set)
    for about in statements.values():
        properties[_types(about)] |= set(about)
    records: dict[object, Subject] = {
        statements[node][_OF_A_RESOURCE][0]: node for node in _of_type(statements, "CatalogRecord")
    }
    chosen: set[Subject] = set()
    for node in catalogued(statements):
        nodes = _reached(statements, [node, *([records[node]] if node in records else [])], {catalogue})
        answers = {answer for one in nodes for answer in _answers(statements, one, properties)}
        if not answers <= seen:
            seen |= answers
            chosen |= nodes
    head = _reached(statements, [catalogue], {*catalogued(statements), *records.values()})
    kept = chosen | head | {node for node in statements if _is_a_pages(statements[node])}
    left = statements.keys() - kept
    quads = [Quad(*triple) for triple in _all(statements) if triple[0] in kept and triple[2] not in left]
    text = serialize(quads, format=RdfFormat.N_TRIPLES)
    return Graph().parse(data=text, format="nt")


def _of_type(statements: Statements, name: str) -> list[Subject]:
    wanted = NamedNode(_DCAT + name)
    return [node for node, about in statements.items() if wanted in about.get(_RDF_TYPE, ())]


def _is_a_pages(about: dict[NamedNode, list[NamedNode | BlankNode | Literal]]) -> bool:
    return any(name.value.startswith("http://www.w3.org/ns/hydra/") for name in about)


def _types(about: dict[NamedNode, list[NamedNode | BlankNode | Literal]]) -> tuple[str, ...]:
    return tuple(sorted(one.value for one in about.get(_RDF_TYPE, ())))  # type: ignore[union-attr, unused-ignore]


def _reached(statements: Statements, begin: Iterable[Subject], never: set[Subject]) -> set[Subject]:
    reached: set[Subject] = set()
    waiting = list(begin)
    while waiting:
        node = waiting.pop()
        if node in reached or node in never or node not in statements:
            continue
        reached.add(node)
        waiting += [value for values in statements[node].values() for value in values if not isinstance(value, Literal)]
    return reached


def _all(statements: Statements) -> Iterator[tuple[Subject, NamedNode, NamedNode | BlankNode | Literal]]:
    for node, about in statements.items():
        for name, values in about.items():
            yield from ((node, name, value) for value in values)


def _answers(
    statements: Statements, node: Subject, properties: dict[tuple[str, ...], set[NamedNode]]
) -> Iterator[Answer]:
    types = _types(statements[node])
    for name in properties[types]:
        values = statements[node].get(name, [])
        if not values:
            yield types, name.value, 0, ""
        for value in values:
            yield types, name.value, min(len(values), 2), _kind(statements, value)


def _kind(statements: Statements, value: NamedNode | BlankNode | Literal) -> str:
    if isinstance(value, Literal):
        return f"{value.datatype.value} {bool(value.language)}"
    described = _types(statements[value]) if value in statements else ()
    return f"{isinstance(value, BlankNode)} {described}"
