"""DCAT as others write it, term by term: what a value says in words, whatever it is written as.

Publishers write literals where addresses belong, addresses where descriptions belong, and one text in many languages.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from pyoxigraph import BlankNode, NamedNode
from pyoxigraph import Literal as Text

from catalogue.formats.eu_tables import AUTHORITY
from catalogue.formats.members import each
from catalogue.formats.rdf_order import Term
from catalogue.formats.rdf_reading import BASE, Graph
from schemas.canonical import Json
from schemas.checking import is_web_address

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
_OF_PUBLISHERS = re.compile(r"https?://purl\.org/adms/publishertype/(\w+)$")
_DEEPEST = 6
_AGENTS = {"foaf:Agent", "prov:Agent", "dct:Agent", "vcard:Kind", "vcard:VCard"}
_NAMES_OF_AGENTS = {"foaf:name", "foaf:mbox", "vcard:fn", "vcard:hasEmail"}
_DATASETS = {"dcat:Dataset", "dcat:DatasetSeries"}
_OF_THEIR_OWN = {*_DATASETS, "dcat:DataService", "dcat:Catalog", "dcat:CatalogRecord"}
_PARTS_OF_OTHERS = ("dcat:distribution", "dcat:dataset", "dcat:service")
_VALUES = ("rdf:value", "vcard:hasValue", "skos:notation")
_REMARKS = ("rdfs:comment", "dct:description", "dct:identifier")
BEHIND = ("skos:exactMatch", "dct:source", "owl:sameAs", "foaf:homepage", "schema:url")
"""Where profiles put the address of a thing that they describe in a node without one."""


def is_described(graph: Graph, term: Term) -> bool:
    """Whether the graph says anything of a node."""
    return bool(graph.names(term))


def is_person(graph: Graph, term: Term) -> bool:
    """Whether a node is said to be a human being."""
    return not _PERSONS.isdisjoint(graph.types(term))


def is_body(graph: Graph, term: Term) -> bool:
    """Whether a node is said to be an organisation, by its class or its type of publisher (ADMS).

    foaf:Agent alone may be either.
    """
    if not _BODIES.isdisjoint(graph.types(term)):
        return True
    kinds = [_OF_PUBLISHERS.match(address_of(kind)) for kind in graph.values(term, "dct:type")]
    return any(kind is not None and not kind[1].startswith("PrivateIndividual") for kind in kinds)


def may_be_person(graph: Graph, term: Term) -> bool:
    """Whether a node is an agent of which the file does not say that it is an organisation.

    A node of another class is none, though it has a name as agents have (`foaf:name` of a licence).
    """
    types = graph.types(term)
    looks_so = not _AGENTS.isdisjoint(types) or (not types and not _NAMES_OF_AGENTS.isdisjoint(graph.names(term)))
    return is_person(graph, term) or (looks_so and not is_body(graph, term))


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
    """What a node without address and name says, in one text: its value, the address behind it, a remark."""
    for value in graph.values(term, *_VALUES, *BEHIND):
        text = label_of(graph, value) if isinstance(value, BlankNode) else words_of(graph, value)
        if text:
            return text
    return label_of(graph, term, *_REMARKS)


def address_behind(graph: Graph, term: Term) -> str:
    """The web address of a thing that a node without address describes; empty where it names none."""
    stated = graph.values(term, *BEHIND) if isinstance(term, BlankNode) else []
    return next((text for value in stated if is_web_address(text := words_of(graph, value))), "")


def tells_of_itself(graph: Graph, term: Term) -> bool:
    """Whether the file says more of a node than its address and type, and it is no record or distribution.

    What the EU's tables say of their own entries is no statement of a publisher.
    """
    if isinstance(term, Text) or not set(graph.names(term)) - {"rdf:type"}:
        return False
    if isinstance(term, NamedNode) and re.match(rf"https?:{AUTHORITY[5:]}", term.value):
        return False
    own = not _OF_THEIR_OWN.isdisjoint(graph.types(term))
    return not own and not any(graph.subjects(name, term) for name in _PARTS_OF_OTHERS)


def as_json(
    graph: Graph, term: Term, gone: list[str], path: tuple[Term, ...] = (), under: str = ""
) -> Json | str | None:
    """A value to be kept as it is: text, address, or a node with all that the file says of it.

    None for whom may be a human being; what is left out so, here and inside, is named in `gone`. `under` is the name
    of the property: who publishes is taken for a body, as of the dataset itself.
    """
    if isinstance(term, Text):
        return words_of(graph, term)
    if is_person(graph, term) if under == "dct:publisher" else may_be_person(graph, term):
        gone.append(words_of(graph, term))
        return None
    again = term in path or len(path) >= _DEEPEST
    if isinstance(term, NamedNode) and (again or not tells_of_itself(graph, term)):
        return address_of(term)
    own = next((words_of(graph, value) for value in graph.values(term, "dct:identifier")), "")
    if own and not _DATASETS.isdisjoint(graph.types(term)):
        return own  # a record of its own, though it has no address
    if again:
        return words_of(graph, term) or None
    members: Json = {"address": address_of(term)} if isinstance(term, NamedNode) else {}
    for name in graph.names(term):
        if name != "rdf:type":
            items = [as_json(graph, value, gone, (*path, term), name) for value in graph.values(term, name)]
            held = [*each(members.get(local_name(name))), *(item for item in items if item)]
            members |= _together({local_name(name): held})
    return members or None


def beside(graph: Graph, term: Term, gone: list[str], read: Collection[str] = (), said: Collection[str] = ()) -> Json:
    """What the file says of a node beyond the texts in `said` and what stands under the properties in `read`.

    By local names; names in a language as `name@fr`. Whoever may be a human being is left out, and named in `gone`.
    """
    found: dict[str, list[Json | str]] = {}
    for name in graph.names(term):
        for value in graph.values(term, name) if name != "rdf:type" and name not in read else ():
            item = as_json(graph, value, gone, (term,), name)
            tag = value.language if isinstance(value, Text) and name in _LABELS else None
            if item and item not in said:
                found.setdefault(f"{local_name(name)}@{tag}" if tag else local_name(name), []).append(item)
    return _together(found)


def _together(found: Mapping[str, list[Json | str]]) -> Json:
    """Values by their names; a single one by itself, but for texts in a language."""
    return {name: items[0] if len(items) == 1 and "@" not in name else items for name, items in found.items() if items}


def local_name(name: str) -> str:
    """The last part of a compact name or an address, as people read it."""
    return re.split(r"[:/#]", name.rstrip("/#"))[-1]


def _is_english(tag: str) -> bool:
    return tag.casefold().partition("-")[0] == "en"
