"""DCAT-AP's official shapes, and the datasets of an export that say all it says to them.

pyshacl needs a second for some thirty datasets. The shapes ask of each property of a class no more than how often it
stands there, and of which kind, type and datatype its values are; so one dataset for each such answer proves as much
as all of them together.
"""

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pyshacl
from rdflib import SH, Graph, URIRef
from rdflib import Literal as RdfLiteral

from catalogue.formats.rdf import Iri, Literal, Resource, expanded
from catalogue.formats.rdf_writing import RdfForm, rdf_parts

Answer = tuple[tuple[str, ...], str, int, str]


@cache
def _shapes(trial_data: Path) -> Graph:
    """Both files of the release, without the properties that ranges.ttl names and neither file describes."""
    shapes = Graph()
    for name in ("dcat-ap-SHACL.ttl", "ranges.ttl"):
        shapes.parse(trial_data / "standards" / "dcat-ap-3.0.1" / "shacl" / name)
    for node, _, named in list(shapes.triples((None, SH.property, None))):
        if (named, SH.path, None) not in shapes:
            shapes.remove((node, SH.property, named))
    return shapes


def violations(trial_data: Path, resources: Iterable[Resource]) -> str:
    """What the official shapes object to in these resources; empty where they conform."""
    return objections(trial_data, Graph().parse(data=b"".join(rdf_parts(resources, RdfForm.TURTLE)), format="turtle"))


def objections(trial_data: Path, data: Graph) -> str:
    """What the official shapes object to in a graph; empty where it conforms."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pyshacl's own
        conforms, _, report = pyshacl.validate(data, shacl_graph=_shapes(trial_data), inference="none", inplace=True)
    return "" if conforms else str(report)


def representatives(resources: Iterable[Resource]) -> list[Resource]:
    """One resource at least for each answer that any of them gives to the shapes."""
    every = list(resources)
    properties: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for resource in every:
        for node in nodes_in(resource):
            properties[node.types] |= {name for name, _ in node.properties}
    seen: set[Answer] = set()
    chosen = []
    for resource in every:
        answers = {answer for node in nodes_in(resource) for answer in _answers(node, properties[node.types])}
        if not answers <= seen:
            seen |= answers
            chosen.append(resource)
    return chosen


def nodes_in(resource: Resource) -> Iterator[Resource]:
    """A resource and all that are described in it."""
    yield resource
    for _, value in resource.properties:
        if isinstance(value, Resource):
            yield from nodes_in(value)


def ill_typed(resources: Iterable[Resource]) -> list[Literal]:
    """The literals whose text is none of their type."""
    literals = {
        value
        for resource in resources
        for node in nodes_in(resource)
        for _, value in node.properties
        if isinstance(value, Literal) and value.datatype.startswith("xsd:")
    }
    return [one for one in literals if RdfLiteral(one.value, datatype=URIRef(expanded(one.datatype))).ill_typed]


def _answers(node: Resource, names: set[str]) -> Iterator[Answer]:
    for name in names:
        values = [value for held, value in node.properties if held == name]
        if not values:
            yield node.types, name, 0, ""
        for value in values:
            yield node.types, name, min(len(values), 2), _kind(value)


def _kind(value: Iri | Literal | Resource) -> str:
    if isinstance(value, Resource):
        return f"{value.iri is None} {value.types}"
    return f"{value.datatype} {bool(value.language)}" if isinstance(value, Literal) else "address"
