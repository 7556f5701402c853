"""schema.org JSON-LD: what a record says and no more, in the terms and forms that Google's dataset search reads.

The rules checked here are those of `developers.google.com/search`, "Dataset structured data", and of schema.org.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, Literal, Namespace, URIRef

from catalogue.formats.converted import STAND_IN, Written
from catalogue.formats.exported import Body, DatasetRecord
from catalogue.formats.schema_org_writing import dataset_to_schema_org
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from tests.real_records import AGREEMENT, DETAILS, SITE, real_records, record_of

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SDO = Namespace("https://schema.org/")
ADDRESS = re.compile(r"https?://[^\s/]+.*", re.DOTALL)
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?")
PERIOD = re.compile(rf"({DATE.pattern}|\.\.)/({DATE.pattern}|\.\.)")
_THING = {"@id", "url", "name", "description", "alternateName", "identifier", "sameAs", "subjectOf"}
_WORK = _THING | {"license", "datePublished", "dateModified", "inLanguage", "keywords", "about", "creator", "publisher"}
MEMBERS = {
    "Dataset": _WORK
    | {"@context", "version", "conditionsOfAccess", "usageInfo", "isAccessibleForFree", "isPartOf"}
    | {"temporalCoverage", "spatialCoverage", "distribution", "variableMeasured", "includedInDataCatalog"}
    | {"sdLicense", "sdPublisher", "sdDatePublished"},
    "WebAPI": _THING | {"@context", "provider", "documentation", "areaServed"},
    "DataDownload": _WORK | {"contentUrl", "contentSize", "encodingFormat", "sha256"},
    "DataCatalog": _WORK,
    "CreativeWork": _WORK,
    "Organization": _THING | {"parentOrganization", "contactPoint"},
    "ContactPoint": _THING | {"email", "telephone"},
    "Place": _THING | {"geo"},
    "GeoShape": {"box"},
    "DefinedTerm": _THING,
    "PropertyValue": _THING | {"unitText", "propertyID"},
}
"""The types we write, and the members that schema.org gives them."""


def faults(node: Json) -> list[str]:
    """What Google's or schema.org's rules would say against it."""
    found = [f"no {name}" for name in ("name", "description") if not node.get(name)]
    found += [f"{type_of} has {name}" for type_of, names in _nodes(node) for name in sorted(names - MEMBERS[type_of])]
    text = node["description"]
    if isinstance(text, str) and len(text) > 5000:
        found.append("a description of more than 5000 characters")
    dates = [(name, node[name]) for name in ("datePublished", "dateModified", "sdDatePublished") if name in node]
    found += [f"{name} {value}" for name, value in dates if not DATE.fullmatch(value)]
    found += [f"period {period}" for period in node.get("temporalCoverage", ()) if not PERIOD.fullmatch(period)]
    for download in node.get("distribution", ()):
        if not ADDRESS.fullmatch(download.get("contentUrl", "")):
            found.append("a download without an address")
    for place in node.get("spatialCoverage", ()):
        if "geo" in place and not _is_box(place["geo"]["box"]):
            found.append(f"box {place['geo']['box']}")
    return found


def _is_box(text: str) -> bool:
    south, west, north, east = (float(edge) for edge in text.split(" "))
    return -90 <= south <= north <= 90 and all(-180 <= edge <= 180 for edge in (west, east))


def _nodes(node: object) -> Iterator[tuple[str, set[str]]]:
    if isinstance(node, dict):
        assert node != {}
        if "@type" in node:
            yield node["@type"], set(node) - {"@type"}
    for inside in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        assert inside not in (None, "", [], {})
        yield from _nodes(inside)


def written(**members: Any) -> Json:
    """A document as it is written; `contact`, `references`, `others` and `body` (its publisher) are the record's."""
    node = _result(**members).node
    assert node is not None
    assert faults(node) == []
    return node


def _result(**members: Any) -> Written[Json]:
    told: dict[str, Any] = {name: members.pop(name) for name in ("contact", "references", "others") if name in members}
    told |= {"publisher": members.pop("body")} if "body" in members else {}
    document = {"schemaVersion": DATASET_VERSION, "kind": "dataset", "title": "Levels", "provenance": {"source": "foi"}}
    return dataset_to_schema_org(record_of({**document, **members}, **told), DETAILS)


def losses(**members: Any) -> dict[str, str]:
    return {problem.pointer: problem.message for problem in _result(**members).problems}


def test_a_full_record_says_all_that_search_engines_ask_for() -> None:
    node = written(
        identifier="levels-1",
        alternativeTitle=["Lefelau"],
        description="How high every river stood at noon of every day, measured.",
        publisher={"name": "Ministry of Rivers", "partOf": ["State", "Crown"]},
        body=Body("Ministry of Rivers", f"{SITE}/organisations/rivers", "rivers", website="https://r.example"),
        creator=[{"name": "River Survey", "organisation": "river-survey"}],
        contact={"name": "Data desk", "email": "data@rivers.example", "address": "1 Bank"},
        references=(AGREEMENT,),
        keyword=["water"],
        sourceTheme=["Rivers", "water"],
        theme=["environment"],
        accessRights="open",
        rights="Name the source.",
        accessRequest={"who": "Anyone", "url": "https://rivers.example/ask"},
        licence="ogl-3",
        issued="2019",
        modified="2024-03-01",
        version="3",
        temporal=[{"start": "2015", "end": "2020-01"}, {"start": "2021"}, {"end": "1999"}, {"text": "long ago"}],
        spatial=[{"name": "Riverton", "code": "E09", "uri": "urn:x:1", "bbox": ["-1.5", "50", "0", "51.2"]}],
        language=["en"],
        landingPage="https://rivers.example/levels",
        page=["https://rivers.example/how"],
        distribution=[
            {
                "title": "All",
                "accessURL": "https://rivers.example/levels",
                "downloadURL": "https://rivers.example/levels.csv",
                "mediaType": "text/csv",
                "byteSize": 3_400_000,
                "checksum": {"algorithm": "SHA-256", "value": "AB" * 32},
                "column": [{"name": "lvl", "title": "Level", "unit": "m", "type": "number"}],
            },
            {"accessURL": "https://rivers.example/map"},
        ],
    )
    assert node == {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": f"{SITE}/datasets/dataset-1",
        "url": f"{SITE}/datasets/dataset-1",
        "name": "Levels",
        "alternateName": ["Lefelau"],
        "description": "How high every river stood at noon of every day, measured.",
        "identifier": "levels-1",
        "sameAs": "https://rivers.example/levels",
        "subjectOf": [
            {"@type": "CreativeWork", "url": "https://rivers.example/how"},
            {"@type": "CreativeWork", "name": AGREEMENT.title, "url": AGREEMENT.address},
        ],
        "publisher": {
            "@type": "Organization",
            "@id": f"{SITE}/organisations/rivers",
            "name": "Ministry of Rivers",
            "url": "https://r.example",
            "parentOrganization": [{"@type": "Organization", "name": "State"}],
            "contactPoint": {"@type": "ContactPoint", "name": "Data desk", "email": "data@rivers.example"},
        },
        "creator": [
            {
                "@type": "Organization",
                "@id": f"{SITE}/organisations/river-survey",
                "name": "River Survey",
                "url": f"{SITE}/organisations/river-survey",
            }
        ],
        "keywords": ["water", "Rivers"],
        "about": [
            {
                "@type": "DefinedTerm",
                "name": "Environment",
                "url": "http://publications.europa.eu/resource/authority/data-theme/ENVI",
            }
        ],
        "license": "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3",
        "datePublished": "2019",
        "dateModified": "2024-03-01",
        "inLanguage": ["en"],
        "version": "3",
        "conditionsOfAccess": ["Name the source.", "Who may ask: Anyone"],
        "usageInfo": "https://rivers.example/ask",
        "isAccessibleForFree": True,
        "temporalCoverage": ["2015/2020-01", "2021/..", "../1999"],
        "spatialCoverage": [
            {
                "@type": "Place",
                "name": "Riverton",
                "identifier": "E09",
                "geo": {"@type": "GeoShape", "box": "50 -1.5 51.2 0"},
            }
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": "https://rivers.example/levels.csv",
                "name": "All",
                "encodingFormat": "text/csv",
                "contentSize": "3400000 B",
                "sha256": "ab" * 32,
            }
        ],
        "variableMeasured": [{"@type": "PropertyValue", "name": "Level", "alternateName": "lvl", "unitText": "m"}],
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": f"{SITE}/",
            "name": "Catalogue of the Ministry of Rivers",
            "url": f"{SITE}/",
        },
        "sdLicense": {"@type": "CreativeWork", "name": "OGL-3.0"},
        "sdPublisher": {"@type": "Organization", "name": "Ministry of Rivers"},
        "sdDatePublished": "2026-01-02",
    }


def test_what_the_record_does_not_say_is_absent() -> None:
    node = written(description="x" * 50)
    assert node.keys() == {"@context", "@type", "@id", "url", "name", "description", "includedInDataCatalog",
                           "sdLicense", "sdPublisher", "sdDatePublished"}  # fmt: skip
    for level in ("restricted", "closed"):
        assert "isAccessibleForFree" not in written(accessRights=level)


def test_a_description_is_the_publishers_own() -> None:
    assert losses(description="x" * 50) == {}
    short = "Levels."
    assert written(description=short)["description"] == short
    assert "7 characters" in losses(description=short)["/description"]
    long = "y" * 5001
    assert written(description=long)["description"] == "y" * 4999 + "…"
    assert "/description" in losses(description=long)
    result = _result()
    assert result.node is not None
    assert result.node["description"] == {"@value": STAND_IN, "@language": "en"}
    assert result.stand_ins == 1


def test_what_is_lost_is_told_with_its_place() -> None:
    found = losses(
        description="x" * 60,
        accrualPeriodicity="annual",
        inSeries=["a", "b"],
        others={"a": f"{SITE}/datasets/a"},
        temporal=[{"text": "long ago"}],
        contact={"email": "data@rivers.example"},
        distribution=[
            {"accessURL": "https://rivers.example/map"},
            {
                "downloadURL": "https://rivers.example/x",
                "rights": "No.",
                "checksum": {"algorithm": "MD5", "value": "1"},
            },
        ],
    )
    assert found.keys() == {
        *("/accrualPeriodicity", "/inSeries/1", "/temporal/0", "/contactPoint", "/distribution/0"),
        *("/distribution/1/rights", "/distribution/1/checksum"),
    }


def test_a_service_is_a_web_api() -> None:
    members: Json = {"kind": "data-service", "description": "z" * 50, "endpointURL": ["https://api.example/"],
               "endpointDescription": ["https://api.example/openapi.json"], "publisher": {"name": "Ministry of Rivers"},
               "licence": "ogl-3", "keyword": ["water"]}  # fmt: skip
    node = written(**members)
    assert node["@type"] == "WebAPI"
    assert node["documentation"] == ["https://api.example/openapi.json"]
    assert node["provider"]["name"] == "Ministry of Rivers"
    assert losses(**members).keys() == {"/endpointURL", "/licence", "/keyword"}


def test_every_real_record_keeps_the_rules(trial_data: Path) -> None:
    records = real_records(trial_data)
    assert len(records) > 1_000
    found = {record.document["title"]: told for record in records if (told := faults(_node(record)))}
    assert found == {}


def test_a_processor_of_linked_data_reads_what_was_meant(trial_data: Path) -> None:
    """With schema.org's context in short form: no network."""
    for record in real_records(trial_data)[::60]:
        node = _node(record)
        graph = Graph().parse(data=json.dumps({**node, "@context": {"@vocab": str(SDO)}}), format="json-ld")
        dataset = URIRef(record.address)
        assert graph.value(dataset, SDO.name) == Literal(record.document["title"])
        addresses = {str(address) for address in graph.objects(None, SDO.contentUrl)}
        assert addresses == {form["downloadURL"] for form in record.document.get("distribution", ())
                             if "downloadURL" in form}  # fmt: skip
        assert {str(word) for word in graph.objects(dataset, SDO.keywords)} >= set(record.document.get("keyword", ()))


def _node(record: DatasetRecord) -> Json:
    node = dataset_to_schema_org(record, DETAILS).node
    assert node is not None
    return node
