"""DCAT in RDF: a whole file, dataset by dataset, good or bad, in an order that the file's does not change."""

import re
from collections import Counter
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from catalogue.datasets.importing import Feed
from catalogue.formats.dcat_ap import dataset_from_dcat, series_by_member
from catalogue.formats.dcat_terms import address_of, label_of
from catalogue.formats.rdf_order import Node
from catalogue.formats.rdf_reading import Graph, read_rdf
from catalogue.slugs import slug_of
from schemas.checking import is_web_address
from schemas.errors import InvalidInput
from schemas.problems import Problem
from schemas.reading import Read, cleaned

_RESOURCES = ("dcat:Dataset", "dcat:DatasetSeries", "dcat:DataService")
_LISTED = ("dcat:dataset", "dcat:service")
_HOLDING = ("dcat:catalog", "dct:hasPart", "dcat:dataset")
_SAID_OF_A_STUB = {"rdf:type", "dct:title", "dct:description", "dct:identifier"}


def read_dcat(data: bytes, name: str, source: str = "") -> Feed:
    """A catalogue from the bytes of its file (Turtle, N-Triples, RDF/XML, JSON-LD); `name` is the file's.

    `source` is the first half of every record's key. Where it is not given it is the catalogue's own address, else
    the body that publishes most of it. Raises InvalidInput where the file is no RDF or holds no dataset.
    """
    graph = read_rdf(data, name)
    nodes = _resources(graph)
    if not nodes:
        raise InvalidInput(
            f"{name} holds no dataset, dataset series or data service of DCAT.",
            "Give a catalogue in DCAT. A data.json feed is read with --from data-json.",
        )
    catalogues = {node: _provenance(graph, node) for node in _catalogues(graph)}
    first = next(iter(catalogues.values()), {})
    named_in = series_by_member(graph)
    reads = [_read(graph, node, _listed_in(graph, node, catalogues) or first, named_in) for node in nodes]
    return Feed(source or _source(first, reads, name), reads)


def _catalogues(graph: Graph) -> list[Node]:
    """The catalogues of a file, those that stand in no other first."""
    return sorted(graph.of_type("dcat:Catalog"), key=lambda node: any(graph.subjects(name, node) for name in _HOLDING))


def _resources(graph: Graph) -> list[Node]:
    """What a file describes, but for what it only names: a series by its title, the service behind a distribution.

    What a catalogue lists belongs to it, though the file does not say of which type it is.
    """
    typed = graph.of_type(*_RESOURCES)
    listed = [
        term
        for catalogue in graph.of_type("dcat:Catalog")
        for term in graph.values(catalogue, *_LISTED)
        if not isinstance(term, Literal)
    ]
    return [
        node
        for node in dict.fromkeys([*typed, *listed])
        if "dcat:Catalog" not in graph.types(node) and not _is_named_only(graph, node)
    ]


def _listed_in(graph: Graph, node: Node, catalogues: Mapping[Node, dict[str, str]]) -> dict[str, str]:
    """What is known of the first catalogue that lists a node."""
    holders = [holder for name in _LISTED for holder in graph.subjects(name, node) if holder in catalogues]
    return catalogues[min(holders, key=list(catalogues).index)] if holders else {}


def _is_named_only(graph: Graph, node: Node) -> bool:
    if graph.subjects("dcat:dataset", node) or graph.subjects("dcat:service", node):
        return False
    if graph.subjects("dcat:accessService", node) and not isinstance(node, NamedNode):
        return True
    said = set(graph.names(node))
    named = graph.subjects("dcat:inSeries", node) or graph.subjects("dcat:servesDataset", node)
    return said == {"rdf:type"} or (bool(named) and said <= _SAID_OF_A_STUB)


def _read(graph: Graph, node: Node, provenance: Mapping[str, str], named_in: Mapping[str, list[str]]) -> Read:
    place = address_of(node) or label_of(graph, node, "dct:title") or "a dataset without address"
    if not graph.names(node):
        message = "The catalogue lists this, but the file says nothing of it."
        return Read(place, address_of(node), None, problems=(Problem("", message, "Give the whole catalogue."),))
    document, contact, problems, more = dataset_from_dcat(graph, node, provenance, named_in)
    text, cleanings = cleaned(document)
    identifier = text.get("identifier") or address_of(node)
    return Read(place, identifier, text, contact, problems, (*cleanings, *more))


def _provenance(graph: Graph, catalogue: Node) -> dict[str, str]:
    homes = [address_of(term) for term in graph.values(catalogue, "foaf:homepage")]
    address = next((text for text in (address_of(catalogue), *homes) if is_web_address(text)), "")
    stated = {"sourceAddress": address, "sourceName": label_of(graph, catalogue, "dct:title")}
    return {name: text for name, text in stated.items() if text}


def _source(provenance: Mapping[str, str], reads: list[Read], name: str) -> str:
    if address := provenance.get("sourceAddress"):
        host, slash, path = re.sub(r"^https?://(?:www\.)?", "", address, flags=re.IGNORECASE).partition("/")
        return host.casefold() + re.sub(r"[/#]*$", "", slash + path)
    publishers = Counter(
        slug_of(read.document["publisher"]["name"]) for read in reads if read.document and "publisher" in read.document
    )
    if not publishers:
        raise InvalidInput(
            f"{name} says neither the address of its catalogue nor who publishes its datasets.",
            "Say whose catalogue it is, always with the same word: --source NAME.",
        )
    most = max(publishers.values())
    return min(slug for slug, number in publishers.items() if number == most)
