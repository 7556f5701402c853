"""DCAT as portals publish it beside the standard: nothing of it is a fault of ours, and nothing is lost unsaid."""

import json
from typing import Any

import pytest

from catalogue.formats.dcat_ap_writing import dataset_to_dcat
from catalogue.formats.dcat_feed import read_dcat
from catalogue.formats.rdf import Resource
from catalogue.formats.rdf_writing import RdfForm, rdf_parts
from schemas.errors import InvalidInput
from schemas.reading import Read
from tests.real_records import record_of

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@base <http://a.example/> .
"""
SHARED = """
<a> a dcat:Catalog ; dct:title "A" ; dcat:dataset <1> ; dcat:catalog <b> .
<b> a dcat:Catalog ; dct:title "B" ; dcat:dataset <1>, <2>, <3> ; dcat:service <4> .
<1> dct:title "One" .
<2> a dcat:Dataset ; dct:title "Two" .
<4> dct:title "Four" ; dcat:endpointURL <api> .
"""
QUADS = """
<urn:d:1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/ns/dcat#Dataset> <urn:g:1> .
<urn:d:1> <http://purl.org/dc/terms/title> "Zürich" <urn:g:1> .
"""
GRAPHS = """
<urn:g:1> { <urn:d:1> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Zürich" . }
"""
OLD_XML = """<?xml version="1.0" encoding="ISO-8859-1"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="https://purl.org/dc/terms/">
<rdf:Description rdf:about="urn:d:1"><rdf:type rdf:resource="http://www.w3.org/ns/dcat#Dataset"/>
<dct:title>Zürich</dct:title></rdf:Description></rdf:RDF>
"""


def reads_of(turtle: str) -> list[Read]:
    return list(read_dcat((PREFIXES + turtle).encode("utf-8", "surrogatepass"), "x.ttl", "rivers").reads)


def document_of(read: Read) -> dict[str, Any]:
    assert read.document is not None, [str(problem) for problem in read.problems]
    return read.document


def test_what_a_catalogue_lists_is_read_without_a_type_and_belongs_to_that_catalogue() -> None:
    reads = {read.place.removeprefix("http://a.example/"): read for read in reads_of(SHARED)}
    found = {
        place: (read.document["kind"], read.document["provenance"]["sourceName"])
        for place, read in reads.items()
        if read.document is not None
    }
    assert found == {"1": ("dataset", "A"), "2": ("dataset", "B"), "4": ("data-service", "B")}
    assert reads["3"].refused
    assert "says nothing of it" in reads["3"].problems[0].message


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.nq", QUADS.encode()),
        ("x.trig", GRAPHS.encode()),
        ("x.rdf", OLD_XML.encode("latin-1")),
        ("x.rdf", OLD_XML.encode()),  # as which it was sent, whatever it says
        ("x.rdf", OLD_XML.replace("ISO-8859-1", "UTF-16").encode("utf-16")),
    ],
)
def test_graphs_encodings_and_namespaces_are_read_as_they_are_published(name: str, data: bytes) -> None:
    (read,) = read_dcat(data, name, "rivers").reads
    assert document_of(read)["title"] == "Zürich"


def test_half_a_character_or_a_text_beyond_measure_is_no_fault_of_ours() -> None:
    (read,) = reads_of('<1> a dcat:Dataset ; dct:title "a\ud800b" .')
    assert document_of(read)["title"] == "a\ufffdb"
    with pytest.raises(InvalidInput, match="16,777,216"):
        reads_of(f'<1> dct:title "{"a" * 2**24}" .')


def test_what_a_node_says_beyond_its_name_is_kept_or_told() -> None:
    (read,) = reads_of(
        """
        <1> a dcat:Dataset ; dct:title "x" ; dct:license [ dct:title "Own" ; foaf:page <l> ] ; dct:publisher <p> ;
          dcat:contactPoint [ vcard:fn "Desk" ; vcard:hasURL <ask> ] .
        <p> foaf:name "Office", "Amt"@de ; foaf:homepage <home> ; foaf:givenName "Jo" .
        """
    )
    found = document_of(read)
    assert (found["licence"], found["publisher"]) == ("Own", {"name": "Office"})
    assert found["extras"] == {
        "dct:license": [{"page": "http://a.example/l"}],
        "dct:publisher": {"name@de": ["Amt"], "homepage": "http://a.example/home"},
    }
    told = {(problem.title, "vcard:hasURL" in problem.message) for problem in read.problems}
    assert told == {("dcat:contactPoint", True), ("dct:publisher", False)}


def test_a_theme_that_is_an_address_is_written_as_one_and_read_back() -> None:
    themes = ["http://eurovoc.europa.eu/1", "Water"]
    document = {"schemaVersion": "0.2.0", "kind": "dataset", "title": "x", "sourceTheme": themes}
    node = dataset_to_dcat(record_of(document)).node
    assert node is not None
    written = [value.iri for name, value in node.properties if name == "dcat:theme" and isinstance(value, Resource)]
    assert written == ["http://eurovoc.europa.eu/1", None]
    (read,) = read_dcat(b"".join(rdf_parts([node], RdfForm.TURTLE)), "x.ttl", "rivers").reads
    assert document_of(read)["sourceTheme"] == themes


def test_a_term_of_a_known_context_that_is_not_known_here_is_kept() -> None:
    described = {"@type": "Distribution", "accessURL": "https://a.example/columns", "mediaType": "text/csv"}
    dataset = {
        "@type": "Dataset",
        "@id": "https://a.example/1",
        "title": "x",
        "purpose": "Tidal",
        "describedBy": described,
    }
    value = {"@context": "https://resources.data.gov/dcat-us/3/context.jsonld", **dataset}
    (read,) = read_dcat(json.dumps(value).encode(), "x.jsonld", "rivers").reads
    found = document_of(read)
    assert (found["describedBy"], found["extras"]) == ("https://a.example/columns", {"purpose": "Tidal"})
