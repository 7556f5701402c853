"""RDF as others write it, read into a graph in memory. Nothing is ever fetched, whatever a file points to."""

import io
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from xml.parsers import expat

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse
from pyoxigraph import Literal as Text

from catalogue.formats.json_file import DEEPEST, decoded, is_too_deep, parse_json, unpacked
from catalogue.formats.rdf import compact, expanded
from catalogue.formats.rdf_contexts import KNOWN_CONTEXTS, UNKNOWN
from catalogue.formats.rdf_order import Node, Statements, Term, in_order
from schemas.canonical import Json
from schemas.errors import InvalidInput

_DECLARED = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["']([^"']*)["']""")
_SINGLE_BYTES = {"iso-8859-1", "iso-8859-15", "latin1", "us-ascii", "windows-1252"}
"""Encodings that RDF/XML is published in beside Unicode's."""

_HALF = re.compile("[\ud800-\udfff]")  # half a character, which no RDF can hold
_DCAT_US_3 = re.compile("dcat-us[ /]3", re.IGNORECASE)

LONGEST_TEXT = 2**24
"""No text in RDF can be longer than this to be read (pyoxigraph's buffer)."""

_MISWRITTEN = (
    ("http://purl.org/dc/terms/#", "http://purl.org/dc/terms/"),
    ("http://www.w3c.org/ns/", "http://www.w3.org/ns/"),
    ("http://data.resources.gov/ontology/dcat-us#describedBy", "http://www.w3.org/2007/05/powder-s#describedby"),
)
"""Beginnings of addresses that well-known contexts have otherwise than the vocabulary, or by another name."""

_ELEMENTS = "http://purl.org/dc/elements/1.1/"
_AS_TERMS = frozenset(
    "title description creator publisher contributor format identifier source language rights".split()
)
"""The older Dublin Core elements that mean what the terms of that name mean in a catalogue."""

BASE = "urn:relative:/"
"""What a relative address in a file stands under: its own place is not known here."""

_BY_SUFFIX = {
    "ttl": RdfFormat.TURTLE,
    "turtle": RdfFormat.TURTLE,
    "n3": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "xml": RdfFormat.RDF_XML,
    "owl": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "json": RdfFormat.JSON_LD,
}


class Graph:
    """Statements by what they are about, in an order that only what they say decides. Names of properties are compact.

    The same graph is read in the same way, in whatever order its statements come.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        about: dict[Node, Statements] = {}
        for quad in quads:
            subject, value = quad.subject, quad.object
            if not isinstance(subject, NamedNode | BlankNode) or not isinstance(value, NamedNode | BlankNode | Text):
                continue  # a statement about a statement (RDF 1.2)
            predicate = compact(_usual(quad.predicate.value.removeprefix(UNKNOWN)))
            if predicate == "rdf:type" and isinstance(value, NamedNode):
                value = NamedNode(_usual(value.value))
            about.setdefault(subject, {}).setdefault(predicate, {})[value] = None
        self._about = in_order(about)
        self._subjects_of: dict[tuple[str, Term], list[Node]] = {}
        for subject, held in self._about.items():
            for name, values in held.items():
                for value in values:
                    if not isinstance(value, Text):
                        self._subjects_of.setdefault((name, value), []).append(subject)

    def of_type(self, *names: str) -> list[Node]:
        """The nodes that have one of these types (compact names), by their addresses."""
        wanted = {NamedNode(expanded(name)) for name in names}
        return [node for node, about in self._about.items() if not wanted.isdisjoint(about.get("rdf:type", ()))]

    def types(self, node: Term) -> list[str]:
        """The compact names of a node's types."""
        return [compact(term.value) for term in self.values(node, "rdf:type") if isinstance(term, NamedNode)]

    def values(self, node: Term, *names: str) -> list[Term]:
        """What is stated of a node under any of these names."""
        about = {} if isinstance(node, Text) else self._about.get(node, {})
        return [term for name in names for term in about.get(name, ())]

    def names(self, node: Term) -> list[str]:
        """The compact names of all properties of a node; an address where a name has no prefix here."""
        return [] if isinstance(node, Text) else list(self._about.get(node, ()))

    def subjects(self, name: str, value: Term) -> list[Node]:
        """The nodes that have this value under this name."""
        return self._subjects_of.get((name, value), [])


def read_rdf(data: bytes, name: str) -> Graph:
    """The graph of a file in Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD; graphs in a file are read as one.

    Half characters (lone surrogates) are replaced by the sign U+FFFD. `name` is the file's, for its form and messages.

    Raises InvalidInput, with the line where one is known, for what is no RDF, and for a JSON-LD context that would
    have to be fetched and is not known here.
    """
    data, name = unpacked(data, name), re.sub(r"(?i)\.gz$", "", name)
    form = _form(data, name)
    text = _xml_text(data, name) if form is RdfFormat.RDF_XML else decoded(data, name).lstrip("\ufeff")
    if form is RdfFormat.JSON_LD:
        value = parse_json(text, name)
        if is_too_deep(value):
            raise InvalidInput(f"{name} is nested deeper than {DEEPEST} levels.", "Check how the file was exported.")
        text = json.dumps(_with_contexts(_with_dcat_us(value), name), ensure_ascii=False)
    text = _HALF.sub("\ufffd", text)
    outermost = _outermost(text, name) if form is RdfFormat.RDF_XML else ""
    try:
        return Graph(parse(text, format=form, base_iri=BASE, lenient=True))
    except SyntaxError as error:
        raise _no_rdf(name, form, f"{error.msg}", outermost) from None
    except ValueError as error:
        raise _no_rdf(name, form, f"{error}", outermost) from None
    except MemoryError:  # what the reader says of a text beyond its buffer, whatever memory there is
        raise InvalidInput(
            f"{name} holds a text of more than {LONGEST_TEXT:,} bytes, which is no description of a dataset.",
            "Shorten it there.",
        ) from None


def _no_rdf(name: str, form: RdfFormat, why: str, outermost: str) -> InvalidInput:
    if outermost.rpartition(":")[2] in {"", "RDF"}:
        return InvalidInput(f"{name} is no {form.name}: {why}.", "Correct it there.")
    return InvalidInput(
        f"{name} is XML, but no RDF/XML: it begins with <{outermost}>, not with <rdf:RDF>.",
        "Ask the catalogue for DCAT alone, or take each <rdf:RDF> out of its answer into a file of its own.",
    )


@lru_cache(maxsize=8192)
def _usual(address: str) -> str:
    """An address in one of our namespaces as that is published: many files write https for http there."""
    known = f"http{address.removeprefix('https')}" if address.startswith("https:") else address
    for written, meant in _MISWRITTEN:
        known = known.replace(written, meant, 1) if known.startswith(written) else known
    element = known.removeprefix(_ELEMENTS)
    if element != known and element in _AS_TERMS:
        return expanded(f"dct:{element}")
    return known if compact(address) == address and compact(known) != known else address


def _xml_text(data: bytes, name: str) -> str:
    """The text of an XML file without its declared encoding, which tells where the text is not Unicode's."""
    declared = _DECLARED.match(data[:200].decode("ascii", "replace"))
    try:
        text = decoded(data, name)
    except InvalidInput:
        if declared is None or declared[2].casefold() not in _SINGLE_BYTES:
            raise
        text = data.decode(declared[2], "replace")
    return _DECLARED.sub(r"\1", text.lstrip("\ufeff"), count=1)


def _outermost(text: str, name: str) -> str:
    """The name of the outermost element.

    Raises InvalidInput for what takes without end to read: entities that unfold, and elements inside one another by
    the thousand.
    """
    if "<!ENTITY" in text:
        raise InvalidInput(
            f"{name} defines XML entities, which are not read: a small file can unfold into a very large one.",
            "Write the addresses out, or give the file as Turtle.",
        )
    depth = 0
    outermost = ""

    def begun(element: str, _attributes: object) -> None:
        nonlocal depth, outermost
        depth += 1
        outermost = outermost or element
        if depth > DEEPEST:
            raise InvalidInput(f"{name} is nested deeper than {DEEPEST} levels.", "Check how the file was exported.")

    def ended(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = begun, ended
    try:
        parser.ParseFile(io.BytesIO(text.encode()))
    except expat.ExpatError as error:
        raise InvalidInput(f"{name} is no RDF/XML: {error}.", "Correct it there.") from None
    return outermost


def _form(data: bytes, name: str) -> RdfFormat:
    """The form by the file's suffix, but by its first character where that is plain."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    suffix = name.rpartition(".")[2].casefold()
    if start.startswith((b"{", b"[{", b"[ {", b"[\n")):
        return RdfFormat.JSON_LD
    if start.startswith((b"<?xml", b"<rdf:", b"<!--", b"<!DOCTYPE")):
        return RdfFormat.RDF_XML
    return _BY_SUFFIX.get(suffix, RdfFormat.TURTLE)


def _with_dcat_us(value: object) -> object:
    """A DCAT-US 3 catalogue with its context: agencies publish it as plain JSON that says what it conforms to."""
    if not isinstance(value, dict) or "@context" in value or not _DCAT_US_3.search(json.dumps(value.get("conformsTo"))):
        return value
    return {"@context": KNOWN_CONTEXTS["dcat-us"], **value}


def _with_contexts(value: object, name: str) -> object:
    """JSON-LD with every known remote context written out. A list of its own keeps each context's place."""
    if isinstance(value, list):
        return [_with_contexts(item, name) for item in value]
    if not isinstance(value, dict):
        return value
    members: Json = {}
    for key, item in value.items():
        members[key] = _context(item, name) if key == "@context" else _with_contexts(item, name)
    return members


def _context(value: object, name: str) -> object:
    if isinstance(value, list):
        return [_context(item, name) for item in value]
    if isinstance(value, dict):
        return _remote(str(value["@import"]), name) if "@import" in value else value
    return _remote(value, name) if isinstance(value, str) else value


def _remote(address: str, name: str) -> object:
    for known, context in KNOWN_CONTEXTS.items():
        if known in address:
            return context
    advice = "Give the file with its @context written out, or the same records as Turtle."
    if "project-open-data" in address:
        advice = "This is a data.json feed (DCAT-US 1.1): read it with --from data-json."
    raise InvalidInput(f"{name} says what its terms mean in another file, {address}, which is not fetched.", advice)
