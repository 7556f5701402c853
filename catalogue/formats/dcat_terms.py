"""DCAT as others write it, term by term: what a value says in words, whatever it is written as.

Publishers write literals where addresses belong, addresses where descriptions belong, and one text in many languages.
"""

import re
from collections.abc import Collection, Sequence

from pyoxigraph import BlankNode, NamedNode
from pyoxigraph import Literal as Text

from catalogue.formats.rdf_order import Term
from catalogue.formats.rdf_reading import BASE, Graph
from schemas.canonical import Json

_LABELS = (
    *("foaf:name", "skos:prefLabel", "rdfs:label", "dct:title"),
    *("vcard:fn", "vcard:organization-name", "schema:name"),
)
_PERSONS = {"foaf:Person", "prov:Person", "vcard:Individual", "schema:Person"}
_BODIES = {
    *("foaf:Organization", "org:Organization", "org:FormalOrganization", "org:OrganizationalUnit"),
    *("prov:Organization", "schema:Organization", "vcard:Organization"),
}
_DAY_WITH_ZONE = re.compile(r"(-?\d{4}(?:-\d{2}){0,2})(?:Z|[+-]\d{2}:\d{2})")
_DEEPEST = 4


def is_described(graph: Graph, term: Term) -> bool:
    """Whether the graph says anything of a node."""
    return bool(graph.names(term))


def is_person(graph: Graph, term: Term) -> bool:
    """Whether a node is said to be a human being."""
    return not _PERSONS.isdisjoint(graph.types(term))


def is_body(graph: Graph, term: Term) -> bool:
    """Whether a node is said to be an organisation; foaf:Agent may be either."""
    return not _BODIES.isdisjoint(graph.types(term))


def address_of(term: Term) -> str:
    """The address of a node as the file has it: relative where it is relative there; empty for a blank node."""
    return term.value.removeprefix(BASE) if isinstance(term, NamedNode) else ""


def in_languages(terms: Sequence[Term]) -> tuple[list[str], dict[str, list[str]]]:
    """The texts among some values in one language, and those in every other by its tag.

    English goes first, then texts in no stated language, then the first language by its tag: which one a file has
    first says nothing.
    """
    texts: dict[str, list[str]] = {}
    for term in terms:
        tag = (term.language or "") if isinstance(term, Text) else ""
        said = term.value if isinstance(term, Text) else address_of(term)
        if said.strip():
            texts.setdefault(tag, []).append(said)
    if not texts:
        return [], {}
    chosen = min(texts, key=lambda tag: (not _is_english(tag), tag.casefold(), tag))
    return texts.pop(chosen), texts


def label_of(graph: Graph, term: Term, *names: str) -> str:
    """What a node is called, in English where it can be; empty where it has no name."""
    for name in names or _LABELS:
        found, _ = in_languages([value for value in graph.values(term, name) if isinstance(value, Text)])
        if found:
            return found[0].strip()
    return ""


def words_of(graph: Graph, term: Term) -> str:
    """What a value says in one text: a literal itself, a node by its address, one without address by its name."""
    if isinstance(term, Text):
        match = _DAY_WITH_ZONE.fullmatch(term.value.strip())
        return match[1] if match else term.value.strip()
    if isinstance(term, NamedNode):
        return address_of(term)
    return label_of(graph, term) or _of_value(graph, term)


def name_of(graph: Graph, term: Term) -> str:
    """What a value is called: as `words_of`, but a node's name goes before its address."""
    return (label_of(graph, term) if not isinstance(term, Text) else "") or words_of(graph, term)


def _of_value(graph: Graph, term: Term) -> str:
    return next((words_of(graph, value) for value in graph.values(term, "rdf:value", "vcard:hasValue")), "")


def as_json(graph: Graph, term: Term, depth: int = 0) -> Json | str | None:
    """A value to be kept as it is: text, address, or a blank node with all it holds; None for a human being."""
    if is_person(graph, term):
        return None
    if not isinstance(term, BlankNode):
        return words_of(graph, term)
    if depth >= _DEEPEST:
        return None
    members: Json = {}
    for name in graph.names(term):
        if name != "rdf:type":
            kept = [item for value in graph.values(term, name) if (item := as_json(graph, value, depth + 1))]
            if kept:
                members[local_name(name)] = kept[0] if len(kept) == 1 else kept
    return members or None


def beside(graph: Graph, term: Term, read: Collection[str] = ()) -> Json:
    """What is said of a node beyond its name and what stands under the properties in `read`, by local names.

    Its name in other languages is among it, as `name@fr`.
    """
    found: Json = {}
    for name in graph.names(term):
        values = graph.values(term, name)
        if name in _LABELS:
            _, others = in_languages([value for value in values if isinstance(value, Text)])
            found |= {f"{local_name(name)}@{tag}": texts for tag, texts in others.items() if tag}
        elif name != "rdf:type" and name not in read:
            kept = [item for value in values if (item := as_json(graph, value))]
            if kept:
                found[local_name(name)] = kept[0] if len(kept) == 1 else kept
    return found


def local_name(name: str) -> str:
    """The last part of a compact name or an address, as people read it."""
    return re.split(r"[:/#]", name.rstrip("/#"))[-1]


def _is_english(tag: str) -> bool:
    return tag.casefold().partition("-")[0] == "en"
