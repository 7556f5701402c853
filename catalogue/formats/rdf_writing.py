"""RDF written out part by part, in Turtle, JSON-LD or RDF/XML: memory holds one resource at a time.

The same resources give the same bytes: blank nodes are numbered in the order of the document.
"""

import json
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache
from itertools import count

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize
from pyoxigraph import Literal as Text

from catalogue.formats.rdf import NAMESPACES, Iri, Literal, Resource, Value, expanded
from catalogue.formats.turtle import turtle_parts
from schemas.canonical import Json

_RDF_TYPE = NamedNode(expanded("rdf:type"))


class RdfForm(Enum):
    """A form of RDF, with its media type (as HTTP names it) and the suffix of its files."""

    TURTLE = ("text/turtle", "ttl")
    JSON_LD = ("application/ld+json", "jsonld")
    RDF_XML = ("application/rdf+xml", "rdf")

    @property
    def media_type(self) -> str:
        """The media type, without parameters."""
        return self.value[0]

    @property
    def suffix(self) -> str:
        """The suffix of its files and addresses, without the point."""
        return self.value[1]


def rdf_parts(resources: Iterable[Resource], form: RdfForm) -> Iterator[bytes]:
    """A whole document in parts: the head, each resource with all that is described in it, the tail."""
    if form is RdfForm.TURTLE:
        return turtle_parts(resources)
    return _json_ld(resources) if form is RdfForm.JSON_LD else _rdf_xml(resources)


def _rdf_xml(resources: Iterable[Resource]) -> Iterator[bytes]:
    head, tail = _frame()
    numbers = count(1)
    yield head
    for resource in resources:
        whole = serialize(_triples(resource, numbers), format=RdfFormat.RDF_XML, prefixes=NAMESPACES) or b""
        if len(whole) > len(head) + len(tail):
            yield whole[len(head) : len(whole) - len(tail)]
    yield tail


@cache
def _frame() -> tuple[bytes, bytes]:
    """What stands before and after the statements of every document in RDF/XML."""
    node = NamedNode("http://a.example/")
    whole = serialize([Triple(node, node, node)], format=RdfFormat.RDF_XML, prefixes=NAMESPACES) or b""
    return whole[: whole.index(b"\n\t<rdf:Description")], b"\n</rdf:RDF>"


@cache
def _name(compact: str) -> NamedNode:
    return NamedNode(expanded(compact))


def _triples(resource: Resource, numbers: Iterator[int]) -> Iterator[Triple]:
    """The statements about a resource, then those about what it holds: a node's statements stand together."""
    waiting: list[tuple[NamedNode | BlankNode, Resource]] = [(_node(resource, numbers), resource)]
    for subject, described in waiting:
        for name in described.types:
            yield Triple(subject, _RDF_TYPE, _name(name))
        for name, value in described.properties:
            if isinstance(value, Iri):
                yield Triple(subject, _name(name), NamedNode(value.value))
            elif isinstance(value, Literal):
                yield Triple(subject, _name(name), _text(value))
            else:
                node = _node(value, numbers)
                waiting.append((node, value))
                yield Triple(subject, _name(name), node)


def _node(resource: Resource, numbers: Iterator[int]) -> NamedNode | BlankNode:
    return NamedNode(resource.iri) if resource.iri is not None else BlankNode(f"b{next(numbers)}")


def _text(literal: Literal) -> Text:
    if literal.language:
        return Text(literal.value, language=literal.language)
    return Text(literal.value, datatype=_name(literal.datatype)) if literal.datatype else Text(literal.value)


def _json_ld(resources: Iterable[Resource]) -> Iterator[bytes]:
    yield b'{"@context": ' + _json(NAMESPACES) + b',\n"@graph": ['
    between = b"\n"
    for resource in resources:
        yield between + _json(_json_ld_node(resource))
        between = b",\n"
    yield b"\n]}\n"


def _json(value: Json | dict[str, str]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _json_ld_node(resource: Resource) -> Json:
    node: Json = {}
    if resource.iri is not None:
        node["@id"] = resource.iri
    if resource.types:
        node["@type"] = resource.types[0] if len(resource.types) == 1 else list(resource.types)
    for name, value in resource.properties:
        written = _json_ld_value(value)
        if name not in node:
            node[name] = written
        elif isinstance(node[name], list):
            node[name].append(written)
        else:
            node[name] = [node[name], written]
    return node


def _json_ld_value(value: Value) -> Json | str:
    if isinstance(value, Iri):
        return {"@id": value.value}
    if isinstance(value, Resource):
        return _json_ld_node(value)
    if value.language:
        return {"@value": value.value, "@language": value.language}
    return {"@value": value.value, "@type": value.datatype} if value.datatype else value.value
