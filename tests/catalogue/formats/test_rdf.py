"""RDF in three forms: read back by another library they say the same, whatever the texts and addresses hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.compare import isomorphic

from catalogue.formats.rdf import Iri, Literal, Resource, compact, expanded, iri
from catalogue.formats.rdf_reading import read_rdf
from catalogue.formats.rdf_writing import RdfForm, rdf_parts
from schemas.errors import InvalidInput

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own

PARSERS = {RdfForm.TURTLE: "turtle", RdfForm.JSON_LD: "json-ld", RdfForm.RDF_XML: "xml"}

TEXTS = st.one_of(
    st.sampled_from(
        [
            *(
                '"',
                '"""',
                "'''",
                "\\",
                "\\u0041",
                "a\nb\r\nc\rd",
                "\t x ",
                "]]>",
                "<b>&amp;</b>",
                "<!--",
                "@en",
                "^^xsd:x",
            ),
            *(
                "😀 مرحبا \u202eabc",
                "\x01\x08\x0b\x1f\ufffe\uffff",
                "e\u0301",
                "",
                " ",
                ". ;",
                "\u2028",
                "\x85\xa0",
                "_:b1",
            ),
            *("half \ud83d", "\x00"),
        ]
    ),
    st.text(max_size=12),
)
ADDRESSES = st.one_of(
    st.sampled_from(
        [
            *("https://a.example/x", 'http://a.example/a b<c>"d"{e}|\\^`[f]', "http://a.example/%zz%41", "urn:uuid:1"),
            *(
                "http://a.example/?q=é&r=1#a#b",
                "https://مثال.example/\ue000",
                "mailto:a@b.example",
                "http://[::1]/x[1]",
            ),
        ]
    ),
    st.text(max_size=8).map(lambda text: f"https://a.example/{text}"),
)
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(Literal, TEXTS, language=st.sampled_from(["en", "en-GB", "ar", "x-none"][:3])),
    st.builds(
        Literal, st.sampled_from(["2020", "2021", "12"]), st.sampled_from(["xsd:gYear", "xsd:nonNegativeInteger"])
    ),
)
NAMES = st.sampled_from(["dct:title", "dct:description", "dcat:keyword", "dcatap:availability", "vcard:fn"])


def resources(values: st.SearchStrategy[Iri | Literal | Resource]) -> st.SearchStrategy[Resource]:
    return st.builds(
        Resource,
        st.one_of(st.none(), ADDRESSES),
        st.lists(st.sampled_from(["dcat:Dataset", "vcard:Kind"]), unique=True, max_size=2).map(tuple),
        st.lists(st.tuples(NAMES, values), min_size=1, max_size=4).map(tuple),
    )


RESOURCES = resources(st.one_of(st.builds(Iri, ADDRESSES), LITERALS, resources(LITERALS)))


def meant(described: list[Resource]) -> Graph:
    """The graph that resources mean, made statement by statement."""
    graph = Graph()

    def put(resource: Resource) -> URIRef | BNode:
        node = URIRef(resource.iri) if resource.iri is not None else BNode()
        for name in resource.types:
            graph.add((node, URIRef(expanded("rdf:type")), URIRef(expanded(name))))
        for name, value in resource.properties:
            if isinstance(value, Iri):
                graph.add((node, URIRef(expanded(name)), URIRef(value.value)))
            elif isinstance(value, Literal):
                datatype = URIRef(expanded(value.datatype)) if value.datatype else None
                said = RdfLiteral(value.value, lang=value.language or None, datatype=datatype, normalize=False)
                graph.add((node, URIRef(expanded(name)), said))
            else:
                graph.add((node, URIRef(expanded(name)), put(value)))
        return node

    for resource in described:
        put(resource)
    return graph


@settings(max_examples=50)
@given(st.lists(RESOURCES, max_size=3))
def test_all_forms_say_the_same_to_another_reader(described: list[Resource]) -> None:
    expected = meant(described)
    for form, parser in PARSERS.items():
        document = b"".join(rdf_parts(described, form))
        assert document == b"".join(rdf_parts(described, form)), "the same resources give the same bytes"
        assert isomorphic(Graph().parse(data=document, format=parser), expected), document.decode()
        ours = read_rdf(document, f"x.{form.suffix}")
        assert sorted(str(node) for node in ours.of_type("dcat:Dataset") if str(node).startswith("<")) == sorted(
            f"<{node}>"
            for node in expected.subjects(URIRef(expanded("rdf:type")), URIRef(expanded("dcat:Dataset")))
            if isinstance(node, URIRef)
        )


def test_a_document_comes_in_parts_and_its_head_once() -> None:
    many = (Resource(f"http://a.example/{n}", ("dcat:Dataset",), (("dct:title", Literal("x")),)) for n in range(50))
    parts = list(rdf_parts(many, RdfForm.TURTLE))
    assert len(parts) == 51
    assert b"".join(parts).count(b"@prefix dcat:") == 1


@pytest.mark.parametrize(
    "address", ["", "a", "/x", "http://[::1", "http://a.example:x/", "://a", "1a:b", "dct:title", " "]
)
def test_what_no_encoding_makes_an_address_is_told_before_it_is_written(address: str) -> None:
    assert iri(address) is None
    with pytest.raises(ValueError):  # noqa: PT011 - the reason is the library's
        Iri(address)


def test_an_address_is_changed_only_where_it_must_be() -> None:
    assert Iri("https://a.example/é?x=%20&y=(1)").value == "https://a.example/é?x=%20&y=(1)"
    assert Iri("https://a.example/a b?c<d>=[1]#e#f").value == "https://a.example/a%20b?c%3Cd%3E=%5B1%5D#e%23f"
    assert Iri("https://a.example/100%").value == "https://a.example/100%25"


def test_a_tag_that_names_no_language_is_told() -> None:
    with pytest.raises(ValueError, match="en_US"):
        Literal("x", language="en_US")


def test_names_are_written_short_and_whole() -> None:
    assert compact(expanded("dcat:Dataset")) == "dcat:Dataset"
    assert compact("https://a.example/x") == "https://a.example/x"
    with pytest.raises(KeyError):
        expanded("nowhere:x")


REMOTE = '{"@context": "%s", "@id": "http://a.example/1", "@type": "Dataset", "title": "Wells"}'


def test_well_known_contexts_are_known_and_no_other_is_fetched() -> None:
    for address in ("https://b.example/dcat-us-3.0.jsonld", "https://b.example/releases/DCAT-AP/context.jsonld"):
        graph = read_rdf((REMOTE % address).encode(), "x.jsonld")
        (node,) = graph.of_type("dcat:Dataset")
        assert [term.value for term in graph.values(node, "dct:title")] == ["Wells"]
    with pytest.raises(InvalidInput, match=r"https://b\.example/own\.jsonld, which is not fetched"):
        read_rdf((REMOTE % "https://b.example/own.jsonld").encode(), "x.jsonld")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.ttl", b'\n<http://a> <http://b> "c', "line 2"),
        ("x.nt", b'<http://a> <http://b> "\xff" .', "line 1 has the byte 0xFF"),
        ("x.jsonld", b'{"a":\n', "line 2"),
        ("x.rdf", b"<?xml version='1.0'?><rdf:RDF", "RDF/XML"),
        ("x.rdf", b"<a>" * 100_000 + b"</a>" * 100_000, "nested"),
        ("x.rdf", b'<!DOCTYPE a [<!ENTITY b "b">]><rdf:RDF/>', "entities"),
        ("x.jsonld", b'{"@context": {"@import": "https://b.example/c"}}', "https://b.example/c"),
        ("x.jsonld", b'[{"a":' * 200 + b"1" + b"}]" * 200, "64 levels"),
        ("x.jsonld", b"{" * 100_000, "not JSON|too deep"),
        ("x.ttl", b"[" * 100_000, "Turtle"),
    ],
)
def test_what_is_no_rdf_is_refused_with_its_place(name: str, data: bytes, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read_rdf(data, name)
