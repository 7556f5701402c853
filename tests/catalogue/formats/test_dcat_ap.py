"""DCAT is read as it is published, and what we wrote is read back as it was, but for what was told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.datasets.record import check_dataset
from catalogue.formats.dcat_ap import dataset_from_dcat
from catalogue.formats.dcat_ap_writing import dataset_to_dcat, stub
from catalogue.formats.dcat_feed import read_dcat
from catalogue.formats.dcat_us3_writing import CONFORMS_TO
from catalogue.formats.eu_tables import language_address, language_code
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.rdf import Iri, Resource
from catalogue.formats.rdf_reading import read_rdf
from catalogue.formats.rdf_writing import RdfForm, rdf_parts
from catalogue.licences import licence_code
from schemas.dates import read_date
from schemas.errors import InvalidInput
from schemas.problems import errors_in
from schemas.reading import Read
from tests.catalogue.formats.dcat_records import DOCUMENTS
from tests.real_records import SITE, real_records, record_of

PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix gsp: <http://www.opengis.net/ont/geosparql#> . @prefix locn: <http://www.w3.org/ns/locn#> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix spdx: <http://spdx.org/rdf/terms#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
"""

FORM = """
dcat:distribution [ a dcat:Distribution ; dcat:accessURL "http://a.example/x.xls" ; dcat:byteSize 43008.0 ;
  dct:format [ rdfs:label "XLS" ; rdf:value "application/vnd.ms-excel" ] ; dcat:mediaType "text/csv" ;
  dct:license <http://a.example/l> ; adms:status <http://a.example/s> ;
  spdx:checksum [ spdx:checksumValue "00" ; spdx:algorithm <http://spdx.org/rdf/terms#checksumAlgorithm_sha1> ] ]
"""


LEFT_OF_FORM = {"adms:status": "http://a.example/s", "dct:format": [{"value": "application/vnd.ms-excel"}]}


def read_one(turtle: str) -> Read:
    feed = read_dcat((PREFIXES + turtle).encode(), "rivers.ttl", "rivers")
    (read,) = feed.reads
    return read


def document_of(statements: str) -> dict[str, Any]:
    read = read_one(f'<http://a.example/1> a dcat:Dataset ; dct:title "Levels" ; {statements} .')
    assert read.document is not None
    assert errors_in(check_dataset(read.document)) == []
    return {name: value for name, value in read.document.items() if name not in ("schemaVersion", "provenance")}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ('dct:description "<p>All <b>rivers</b>.</p>"', {"description": "All rivers."}),
        ('dct:license "CC-BY-4.0" ; dct:language "en", "cy"', {"licence": "CC-BY-4.0", "language": ["cy", "en"]}),
        ('dcat:landingPage "http://a.example/p"^^xsd:anyURI', {"landingPage": "http://a.example/p"}),
        ("dct:accrualPeriodicity <http://purl.org/cld/freq/semiannual>", {"accrualPeriodicity": "twice-yearly"}),
        ("dct:accrualPeriodicity <http://purl.org/cld/freq/biweekly>", {"accrualPeriodicity": "fortnightly"}),
        (
            "dct:accrualPeriodicity <https://publications.europa.eu/resource/authority/frequency/ANNUAL_2>",
            {"accrualPeriodicity": "twice-yearly"},
        ),
        ('dct:accessRights "public"', {"accessRights": "open"}),
        ('dct:accessRights [ rdfs:label "Restricted" ]', {"accessRights": "restricted"}),
        ('dct:accessRights "secret"', {"extras": {"dct:accessRights": "secret"}}),
        ("dct:language <http://id.loc.gov/vocabulary/iso639-1/fr>", {"language": ["fr"]}),
        ("dct:language <http://publications.europa.eu/resource/authority/language/DEU>", {"language": ["de"]}),
        ('dct:publisher "Ministry of Rivers"', {"publisher": {"name": "Ministry of Rivers"}}),
        (
            'dct:publisher [ foaf:name "Fluss"@de, "River"@en ; org:subOrganizationOf [ skos:prefLabel "State" ] ]',
            {
                "publisher": {"name": "River", "partOf": ["State"]},
                "extras": {"dct:publisher": {"name@de": ["Fluss"]}},
            },
        ),
        ("dct:publisher <http://b.example/>", {"extras": {"dct:publisher": "http://b.example/"}}),
        (
            'dct:temporal [ schema:startDate "1905-03-01"^^xsd:date ; schema:endDate "2013-01-05Z"^^xsd:date ]',
            {"temporal": [{"start": "1905-03-01", "end": "2013-01-05"}]},
        ),
        ('dct:temporal "2019/2020"', {"temporal": [{"start": "2019", "end": "2020"}]}),
        (
            'dct:spatial [ locn:geometry "POLYGON((1 2, 3 2, 3 4, 1 4, 1 2))"^^gsp:wktLiteral ; rdfs:label "Delta" ]',
            {"spatial": [{"name": "Delta", "bbox": ["1", "2", "3", "4"]}]},
        ),
        (
            'dct:spatial [ dcat:bbox "<http://a.example/def/crs/EPSG/0/4326> POLYGON((2 1, 4 1, 4 3, 2 3, 2 1))" ]',
            {"spatial": [{"bbox": ["1.0", "2.0", "3.0", "4.0"]}]},
        ),
        ("dct:spatial <http://a.example/wales>", {"spatial": [{"uri": "http://a.example/wales"}]}),
        (
            "dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI>, <http://a.example/t>, 'x'",
            {"theme": ["environment"], "sourceTheme": ["http://a.example/t", "x"]},
        ),
        (
            'dct:title "Niveaux"@fr ; dcat:keyword "eau"@fr, "water"@en, "tide"@en',
            {"keyword": ["tide", "water"], "extras": {"dct:title@fr": ["Niveaux"], "dcat:keyword@fr": ["eau"]}},
        ),
        ('owl:versionInfo "2.3" ; dct:provenance "made"', {"version": "2.3", "extras": {"dct:provenance": "made"}}),
        (
            'dct:issued "2012-05-10" ; dct:modified "2012-05-10T21:04"',
            {"issued": "2012-05-10", "modified": "2012-05-10T21:04:00"},
        ),
        (
            "dcat:distribution <http://a.example/d>",
            {"extras": {"distribution": [{"members": {"address": "http://a.example/d"}}]}},
        ),
        (
            FORM,
            {
                "distribution": [
                    {
                        "accessURL": "http://a.example/x.xls",
                        "byteSize": 43008,
                        "format": "XLS",
                        "mediaType": "text/csv",
                        "licence": "http://a.example/l",
                        "checksum": {"algorithm": "sha1", "value": "00"},
                    }
                ],
                "extras": {"distribution": [{"position": 0, "members": LEFT_OF_FORM}]},
            },
        ),
        ('dcat:temporalResolution "PT15M"^^xsd:duration', {"extras": {"dcat:temporalResolution": "PT15M"}}),
        ('dct:identifier "b", "a"', {"identifier": "a", "extras": {"dct:identifier": ["b"]}}),
        (
            'dct:modified "2012", "2013-05", "2011"',
            {"modified": "2013-05", "extras": {"dct:modified": ["2012", "2011"]}},
        ),
        (
            'dct:description "Nivo"@rm, "Livello"@it, "Niveau"@fr',
            {"description": "Niveau", "extras": {"dct:description@it": ["Livello"], "dct:description@rm": ["Nivo"]}},
        ),
    ],
)
def test_what_others_publish_is_read(statements: str, expected: dict[str, Any]) -> None:
    assert document_of(statements) == {"kind": "dataset", "title": "Levels", **expected}


def test_people_go_no_further_than_the_contact() -> None:
    read = read_one(
        '<http://a.example/1> a dcat:Dataset ; dct:title "x" ; dct:creator [ a foaf:Agent ; foaf:name "J. Doe" ] ;'
        ' dct:creator "J. Doe", [ a foaf:Agent, foaf:Organization ; foaf:name "River Lab" ] ;'
        ' dct:contributor [ foaf:name "J. Doe" ] ; prov:qualifiedAttribution [ prov:agent [ foaf:name "J. Doe" ] ] ;'
        ' dct:relation [ foaf:mbox "j.doe@a.example" ; rdfs:label "about" ] ; schema:author "J. Doe" ;'
        ' dcat:contactPoint [ a vcard:Individual ; vcard:fn "J. Doe" ; vcard:hasEmail <mailto:j.doe@a.example> ;'
        ' vcard:hasTelephone [ vcard:hasValue <tel:+44-20> ] ; vcard:hasAddress [ vcard:street-address "1 Quay" ;'
        ' vcard:locality "Cardiff" ] ] .'
    )
    assert read.document is not None
    assert "Doe" not in str(read.document)
    assert "j.doe" not in str(read.document)
    assert read.document["creator"] == [{"name": "River Lab"}]
    assert read.contact == {
        "name": "J. Doe",
        "email": "j.doe@a.example",
        "telephone": "+44-20",
        "address": "1 Quay, Cardiff",
    }
    told = {problem.title for problem in read.problems}
    assert told >= {"dct:creator", "dct:contributor", "prov:qualifiedAttribution", "schema:author"}


def test_a_date_that_cannot_be_read_is_kept_and_told() -> None:
    period = '[ dcat:startDate "2019-1-1" ; dcat:endDate "now" ]'
    read = read_one(
        '<http://a.example/1> a dcat:Dataset ; dct:title "x" ; dct:issued "soon", "1999", "late" ;'
        f' dct:modified "?", "!" ; dct:temporal {period}, "2020/2019", "2019-13" .'
    )
    document = read.document or {}
    assert (document["issued"], "modified" in document) == ("1999", False)
    assert document["temporal"] == [{"start": "2019-01-01"}]
    assert document["extras"] == {
        "dct:issued": ["late", "soon"],
        "dct:modified": ["?", "!"],
        "dct:temporal": [{"end": "now"}, "2019-13", "2020/2019"],
    }
    pointers = {problem.pointer for problem in read.problems}
    assert pointers == {"/dct:issued", "/dct:modified", "/dct:temporal", "/dct:temporal/end"}
    assert not read.refused


CATALOGUE = """
<http://www.rivers.example/catalog> a dcat:Catalog ; dct:title "Rivers" ; dcat:dataset <http://a.example/1>, [] .
<http://a.example/1> a dcat:Dataset ; dct:title "Levels" ; dcat:inSeries <http://a.example/s> ;
  dcat:distribution [ a dcat:Distribution ; dcat:accessURL <http://a.example/x> ;
    dcat:accessService [ a dcat:DataService ; dct:title "Door" ; dcat:endpointURL <http://a.example/api> ] ] .
<http://a.example/s> a dcat:DatasetSeries, dcat:Dataset ; dct:title "All" ; dct:identifier "S" .
<http://a.example/api> a dcat:DataService ; dct:title "Door" ; dcat:servesDataset <http://a.example/1> ;
  dcat:endpointURL <http://a.example/api> .
"""


def test_a_catalogue_names_its_source_and_what_it_only_mentions_is_no_record() -> None:
    feed = read_dcat((PREFIXES + CATALOGUE).encode(), "x.ttl")
    assert feed.source == "rivers.example/catalog"
    *described, listed = feed.reads
    kinds = [(read.place, (read.document or {})["kind"]) for read in described]
    assert kinds == [("http://a.example/1", "dataset"), ("http://a.example/api", "data-service")]
    assert (listed.document, "says nothing of it" in listed.problems[0].message) == (None, True)
    levels, door = (read.document or {} for read in described)
    assert levels["inSeries"] == ["S"]
    assert door["servesDataset"] == ["http://a.example/1"]
    assert levels["provenance"]["sourceName"] == "Rivers"
    assert levels["extras"]["distribution"][0]["members"]["dcat:accessService"]["title"] == "Door"


def test_a_plain_catalogue_of_dcat_us_3_is_read_with_all_that_is_in_it() -> None:
    levels = {"@type": "Dataset", "identifier": "http://a.example/1", "title": "Levels"}
    series = {"@type": "DatasetSeries", "@id": "http://a.example/s", "title": "All", "seriesMember": [levels]}
    door = {"@type": "DataService", "identifier": "http://a.example/2", "title": "Door", "servesDataset": [levels]}
    conforms_to: list[object] = [{"@type": "Standard", "title": "DCAT-US 3.0"}, {"@id": CONFORMS_TO}]
    for told in conforms_to:
        value = {"@type": "Catalog", "conformsTo": told, "datasetSeries": [series], "service": [door]}
        reads = read_dcat(json.dumps(value).encode(), "x.json", "rivers").reads
        kinds = sorted((read.document or {})["kind"] for read in reads)
        assert kinds == ["data-service", "dataset", "dataset-series"]  # what the service serves is named only
    with pytest.raises(InvalidInput, match="no dataset"):
        read_dcat(json.dumps({**value, "conformsTo": "https://b.example/own"}).encode(), "x.json", "rivers")


def test_a_file_that_holds_no_dataset_or_says_not_whose_it_is_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no dataset"):
        read_dcat(b"<http://a.example/1> a <http://a.example/x> .", "x.ttl")
    with pytest.raises(InvalidInput, match="who publishes"):
        read_dcat((PREFIXES + "[] a dcat:Dataset ; dct:title 'x' .").encode(), "x.ttl")


def test_the_examples_of_the_standards_are_read(trial_data: Path) -> None:
    standards = trial_data / "standards"
    files = [*standards.glob("dcat-ap-3.0.1/examples/example-*"), *standards.glob("dcat-us-3.0/examples/**/*.*")]
    reads: list[Read] = []
    refused: list[str] = []
    for path in sorted(files):
        try:
            reads += read_dcat(path.read_bytes(), path.name, "trial").reads
        except InvalidInput as error:
            refused.append(error.message)
    good = [read for read in reads if not errors_in([*read.problems, *check_dataset(read.document or {})])]
    bad = [problem for read in reads if read.document and read not in good for problem in check_dataset(read.document)]
    assert len(good) > 200
    assert [message for message in refused if "no dataset" not in message and "line" not in message] == []
    assert {problem.pointer for problem in errors_in(bad)} == {"/title"}


def graph_parts(resources: list[Resource], form: RdfForm) -> bytes:
    return b"".join(rdf_parts(resources, form))


def back(record: DatasetRecord, stubs: dict[str, Resource], form: RdfForm) -> tuple[dict[str, Any], set[str]] | None:
    """What is read of what was written, and the pointers at which a loss was told; None where it was left out."""
    result = dataset_to_dcat(record, stubs)
    if result.node is None:
        assert errors_in(result.problems)
        return None
    graph = read_rdf(graph_parts([result.node], form), f"x.{form.suffix}")
    node = next(node for node in graph.of_type("dcat:Resource") if str(node) == f"<{record.address}>")
    again = dataset_from_dcat(graph, node)
    assert errors_in(again.problems) == []
    return again.document, {problem.pointer for problem in result.problems}


def normal(document: dict[str, Any], told: set[str]) -> dict[str, Any]:
    """A document as it is but for what the docs call the same: one licence, one address, one date, in two spellings.

    A distribution that is told to be left out is None.
    """
    forms = [
        None if f"/distribution/{number}" in told else _normal_form(form)
        for number, form in enumerate(document.get("distribution", []))
    ]
    apart = ("schemaVersion", "contactPoint", "provenance", "distribution")
    held = {name: _normal(name, value) for name, value in document.items() if name not in apart}
    if "publisher" in held:
        held["publisher"] = {"name": held["publisher"]["name"]}
    return held | {"distribution": forms}


def _normal_form(form: dict[str, Any]) -> dict[str, Any]:
    held = {name: _normal(name, value) for name, value in form.items() if name != "format"}
    if "checksum" in held:
        held["checksum"] = {**held["checksum"], "algorithm": held["checksum"]["algorithm"].replace("-", "").lower()}
    return held


def _normal(name: str, value: Any) -> Any:
    if name == "licence":
        return licence_code(value) or _normal("", value)
    if name in ("issued", "modified"):
        return read_date(value)
    if name == "language":
        codes = [language_code(language_address(tag) or "") or tag for tag in value]
        return list(dict.fromkeys(codes))
    if isinstance(value, dict):
        return {key: _normal(key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_normal("", item) for item in value]
    return _normal_address(value) if isinstance(value, str) else value


def _normal_address(text: str) -> str:
    try:
        return Iri(text).value if text.startswith("http") and "\n" not in text else text
    except ValueError:
        return text


def differences(before: Any, after: Any, told: set[str], pointer: str = "") -> Iterator[str]:
    """Where two documents differ and no loss was told. RDF has no order, so lists may come back in another."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {*before, *after}:
            yield from differences(before.get(name), after.get(name), told, f"{pointer}/{name}")
    elif isinstance(before, list) and isinstance(after, list):
        yield from _differing_items(before, after, told, pointer)
    elif before != after and not _is_told(pointer, told):
        yield pointer


def _differing_items(before: list[Any], after: list[Any], told: set[str], pointer: str) -> Iterator[str]:
    """Each item with the same one of the other list, else with the one that it is most like."""
    left, alone = list(after), []
    for number, item in enumerate(before):
        if item in left:
            left.remove(item)
        elif item is not None:
            alone.append(number)
    for number in alone:
        found = [[*differences(before[number], other, told, f"{pointer}/{number}")] for other in left]
        closest = min(range(len(left)), key=lambda place: len(found[place]), default=None)
        if closest is not None:
            left.pop(closest)
            yield from found[closest]
        elif not _is_told(f"{pointer}/{number}", told):
            yield f"{pointer}/{number}"
    if left:
        yield f"{pointer}/-"


def unexplained(record: DatasetRecord, stubs: dict[str, Resource], form: RdfForm) -> list[str]:
    """Where what is read back differs and no loss was told."""
    found = back(record, stubs, form)
    if found is None:
        return []
    again, told = found
    before, after = normal(record.document, told), normal(again, set())
    # What is not described in the same graph is named by its address, and a served dataset less exactly.
    if not stubs or before["kind"] == "data-service":
        before["inSeries"] = [record.others.get(name, name) for name in before.pop("inSeries", [])] or None
    if not stubs and record.others.keys() & set(before.get("servesDataset", [])):
        told = told | {"/servesDataset"}
    return [pointer for pointer in differences(before, after, told) if not pointer.startswith("/extras")]


def _is_told(pointer: str, told: set[str]) -> bool:
    """Whether a loss was told here, above or below: what is left out of a list changes the list."""
    return any(f"{pointer}/".startswith(f"{one}/") or one.startswith(f"{pointer}/") for one in told)


@settings(max_examples=60)
@given(DOCUMENTS, st.booleans(), st.sampled_from(RdfForm))
def test_what_was_written_is_read_back_but_for_what_was_told(
    document: dict[str, Any], whole: bool, form: RdfForm
) -> None:
    series = record_of({"kind": "dataset-series", "title": "All", "identifier": "R-0"}, 0)
    stubs = {series.address: stub(series)} if whole else {}
    assert unexplained(record_of(document, 1, others={"R-0": series.address}), stubs, form) == []


def test_every_real_record_is_read_back_but_for_what_was_told(trial_data: Path) -> None:
    found = {
        pointer: record.document["title"]
        for record in real_records(trial_data)[::20]
        for pointer in unexplained(record, {}, RdfForm.TURTLE)
    }
    assert found == {}


def test_contacts_come_back(trial_data: Path) -> None:
    contact = {"name": "Team", "email": "team@rivers.example", "telephone": "+44 20 1", "address": "1 Quay, Cardiff"}
    result = dataset_to_dcat(record_of({"title": "x", "description": "y"}, contact=contact))
    assert result.node is not None
    graph = read_rdf(graph_parts([result.node], RdfForm.JSON_LD), "x.jsonld")
    (node,) = graph.of_type("dcat:Dataset")
    assert dataset_from_dcat(graph, node).contact == {**contact, "telephone": "+44-20-1"}
    assert SITE in str(node)
