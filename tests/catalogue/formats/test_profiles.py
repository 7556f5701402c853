"""What national profiles and portals write in ways of their own is read as it is meant, and nothing is lost unsaid."""

import json
from typing import Any

import pytest

from catalogue.formats.ckan_feed import read_ckan
from catalogue.formats.ckan_writing import PackageRecord, dataset_to_ckan
from catalogue.formats.data_json_feed import read_data_json
from catalogue.formats.dcat_feed import read_dcat
from catalogue.formats.eu_tables import language_tag
from catalogue.formats.uk_model_feed import read_uk_model
from schemas.errors import InvalidInput
from schemas.reading import Read

PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dc: <http://purl.org/dc/elements/1.1/> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix locn: <http://www.w3.org/ns/locn#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix spdx: <http://spdx.org/rdf/terms#> . @prefix time: <http://www.w3.org/2006/time#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @base <http://a.example/> .
"""
PASSED_OVER = {"schemaVersion", "kind", "provenance", "identifier", "title"}
ITALY = "http://dati.gov.it/onto/dcatapit#"
FREQUENCIES = "http://inspire.ec.europa.eu/metadata-codelist/MaintenanceFrequency/"


def rdf(statements: str, more: str = "") -> Read:
    turtle = f'{PREFIXES} <1> a dcat:Dataset ; dct:title "Levels" ; {statements} . {more}'
    (read,) = read_dcat(turtle.encode(), "x.ttl", "rivers").reads
    return read


def package(**members: Any) -> Read:
    (read,) = read_ckan(json.dumps({"id": "1", "title": "Levels", **members}).encode(), "x.json", "rivers").reads
    return read


def document_of(read: Read) -> dict[str, Any]:
    assert read.document is not None, [str(problem) for problem in read.problems]
    return read.document


@pytest.mark.parametrize(
    ("statements", "more", "expected"),
    [
        (  # Norway: the address of what a node without address describes
            'dct:rights [ rdfs:comment "Ask first" ] ; foaf:page [ a foaf:Document ; dct:source "http://a.example/p" ]',
            "",
            {"rights": "Ask first", "page": ["http://a.example/p"]},
        ),
        (  # data.europa.eu: the licence’s address beside its names, which are kept
            'dct:license [ dct:title "Open" ; skos:prefLabel "Open licence" ; skos:exactMatch <http://a.example/l> ]',
            "",
            {
                "licence": "http://a.example/l",
                "extras": {"dct:license": [{"prefLabel": "Open licence", "title": "Open"}]},
            },
        ),
        (  # Italy: a licence has a name as agents have, a standard a number only, a place an address in a text
            "dct:license <l> ; dct:conformsTo [ dct:identifier 'S-1' ] ; dct:spatial <s>",
            (
                '<l> a dct:LicenseDocument ; foaf:name "Open" . '
                f'<s> <{ITALY}geographicalIdentifier> "http://a.example/p" .'
            ),
            {
                "licence": "http://a.example/l",
                "conformsTo": ["S-1"],
                "spatial": [{"uri": "http://a.example/s"}],
                "extras": {
                    "dct:license": [{"address": "http://a.example/l", "name": "Open"}],
                    "dct:spatial": [{"geographicalIdentifier": "http://a.example/p"}],
                },
            },
        ),
        (  # Germany: terms that have an address are read as their words
            "dct:rights <r>",
            '<r> rdfs:label "Only with a contract" .',
            {"rights": "Only with a contract", "extras": {"dct:rights": [{"address": "http://a.example/r"}]}},
        ),
        (  # what the file says of a thing with an address is kept with it, and of a dataset is not said twice
            "adms:identifier <i> ; dct:isVersionOf <1>",
            '<i> skos:notation "R-1" ; adms:schemaAgency "Register" .',
            {
                "extras": {
                    "adms:identifier": {"address": "http://a.example/i", "schemaAgency": "Register", "notation": "R-1"},
                    "dct:isVersionOf": "http://a.example/1",
                }
            },
        ),
        (
            "dcat:theme <t>",
            '<t> skos:prefLabel "Waters" .',
            {"sourceTheme": ["Waters"], "extras": {"dcat:theme": [{"address": "http://a.example/t"}]}},
        ),
        ('dct:identifier [ skos:notation "R-2" ] ; dct:language "fre", "eng"', "", {"language": ["en", "fr"]}),
        ("dct:accrualPeriodicity [ rdf:value [ time:months 3.0 ] ]", "", {"accrualPeriodicity": "quarterly"}),
        (f"dct:accrualPeriodicity <{FREQUENCIES}asNeeded>", "", {"accrualPeriodicity": "as-needed"}),
        (
            "dct:accrualPeriodicity <http://purl.org/linked-data/sdmx/2009/code#freq-W>, <http://a.example/never>",
            "",
            {"accrualPeriodicity": "weekly", "extras": {"dct:accrualPeriodicity": "http://a.example/never"}},
        ),
        (
            "dct:temporal [ time:hasBeginning [ time:inXSDgYear '1914' ] ; time:hasEnd [ time:inXSDgYear '1939' ] ]",
            "",
            {"temporal": [{"start": "1914", "end": "1939"}]},
        ),
        (
            "dct:temporal [ time:hasBeginning [ time:numericPosition 541 ] ]",
            "",
            {"extras": {"dct:temporal": [{"hasBeginning": {"numericPosition": "541"}}]}},
        ),
        (
            "dct:spatial [ locn:adminUnitL2 <land> ], [ locn:adminUnitL1 'Wales' ; locn:geometry 'no shape' ]",
            "",
            {
                "spatial": [{"name": "Wales"}, {"uri": "http://a.example/land"}],
                "extras": {"dct:spatial": ["no shape"]},
            },
        ),
        (
            'dct:abstract "In short" ; dct:accessRights <http://b.example/levels/PUBLIC>',
            "",
            {"description": "In short", "accessRights": "open"},
        ),
        (
            "dcat:distribution [ dcat:accessURL <f> ; dct:format <x> ; spdx:checksum <c> ]",
            """<x> rdfs:label "XLS" ; rdf:value "application/x-xls" .
               <c> spdx:algorithm <http://dcat-ap.de/def/hashAlgorithms/sha/256> ; spdx:checksumValue "0a" .""",
            {
                "distribution": [
                    {
                        "accessURL": "http://a.example/f",
                        "mediaType": "application/x-xls",
                        "format": "XLS",
                        "checksum": {"algorithm": "sha256", "value": "0a"},
                    }
                ],
                "extras": {
                    "distribution": [
                        {"position": 0, "members": {"dct:format": [{"address": "http://a.example/x"}]}},
                    ]
                },
            },
        ),
    ],
)
def test_dcat_of_national_profiles_is_read(statements: str, more: str, expected: dict[str, Any]) -> None:
    found = document_of(rdf(statements, more))
    assert {name: found[name] for name in found.keys() - PASSED_OVER} == expected


def test_older_dublin_core_and_titles_on_several_lines_are_read() -> None:
    turtle = f'{PREFIXES} <1> a dcat:Dataset ; dc:title """Levels\n    of rivers""" ; dc:creator "Jo Doe" .'
    (read,) = read_dcat(turtle.encode(), "x.ttl", "rivers").reads
    found = document_of(read)
    assert found["title"] == "Levels of rivers"
    assert "extras" not in found
    assert [problem.title for problem in read.problems] == ["dct:creator"]


def test_nobody_s_name_is_kept_however_deep_it_stands() -> None:
    read = rdf(
        "prov:wasGeneratedBy <run> ; <http://b.example/originator> [ a foaf:Agent ; foaf:name 'Jo Doe' ] ; "
        "<http://b.example/distributor> [ a foaf:Organization ; foaf:name 'Office' ]",
        "<run> rdfs:label 'Survey' ; prov:wasAssociatedWith [ a foaf:Person ; foaf:name 'Sam Doe' ] .",
    )
    assert document_of(read)["extras"] == {
        "http://b.example/distributor": {"name": "Office"},
        "prov:wasGeneratedBy": {"address": "http://a.example/run", "label": "Survey"},
    }
    assert {problem.title for problem in read.problems} == {"prov:wasGeneratedBy", "http://b.example/originator"}


def test_an_agent_is_a_body_where_its_type_or_the_publisher_of_its_name_says_so() -> None:
    kinds = "http://purl.org/adms/publishertype/"
    read = rdf(
        f"dct:publisher [ foaf:name 'Office' ] ; dct:creator [ a foaf:Agent ; foaf:name 'Office' ], "
        f"[ a foaf:Agent ; foaf:name 'Town' ; dct:type <{kinds}LocalAuthority> ], "
        f"[ a foaf:Agent ; foaf:name 'Jo Doe' ; dct:type <{kinds}PrivateIndividual(s)> ], "
        f"[ a foaf:Person ; foaf:name 'Sam Doe' ; dct:type <{kinds}LocalAuthority> ]"
    )
    assert sorted(body["name"] for body in document_of(read)["creator"]) == ["Office", "Town"]


def test_what_cannot_be_read_of_a_body_a_contact_or_a_file_is_told() -> None:
    read = rdf(
        "dct:publisher [ dct:identifier '974 760' ] ; dcat:distribution [ a dcat:Distribution ] ; "
        "dct:creator [ a foaf:Organization ; foaf:name 'Office' ; foaf:homepage <o> ] ; "
        "dcat:contactPoint [ vcard:fn 'desk@rivers.example' ; vcard:hasTelephone <tel:+44%2020%201> ; "
        "vcard:hasStreetAddress 'Mill Lane 1' ; vcard:hasLocality 'Ford' ]"
    )
    found = document_of(read)
    assert found["extras"] == {"dct:publisher": {"identifier": "974 760"}}
    assert dict(read.contact) == {
        "email": "desk@rivers.example",
        "telephone": "+44 20 1",
        "address": "Mill Lane 1, Ford",
    }
    assert {problem.title for problem in read.problems} == {"dct:publisher", "dcat:distribution", "dct:creator"}


def test_a_catalogue_of_dcat_us_3_is_read_with_the_bodies_above_and_the_members_of_series() -> None:
    body = {"@type": "Organization", "name": "Office", "subOrganizationOf": {"@type": "Organization", "name": "State"}}
    told = {"@type": "Kind", "fn": "Desk", "tel": "1", "address": {"street-address": "Mill Lane 1", "locality": "Ford"}}
    number = {"@type": "Identifier", "notation": "R-1", "creator": {"@type": "Agent", "name": "Jo Doe"}}
    dataset = {"@type": "Dataset", "title": "Levels", "identifier": number, "publisher": body, "contactPoint": told}
    series = {"@type": "DatasetSeries", "@id": "http://a.example/s", "title": "All", "seriesMember": [dataset]}
    catalogue = {"conformsTo": "https://a.example/dcat-us/3.0", "@id": "http://a.example/c", "datasetSeries": [series]}
    reads = {read.identifier: read for read in read_dcat(json.dumps(catalogue).encode(), "x.json").reads}
    assert reads.keys() == {"R-1", "http://a.example/s"}
    assert document_of(reads["http://a.example/s"])["extras"] == {"dcat:seriesMember": "R-1"}
    found = document_of(reads["R-1"])
    assert found["publisher"] == {"name": "Office", "partOf": ["State"]}
    assert found["inSeries"] == ["http://a.example/s"]
    assert dict(reads["R-1"].contact) == {"name": "Desk", "telephone": "1", "address": "Mill Lane 1, Ford"}
    assert "Doe" not in json.dumps(found)


def test_answers_of_other_protocols_and_data_json_say_what_to_do() -> None:
    answer = b'<?xml version="1.0"?><csw:Answer xmlns:csw="urn:csw"><csw:Found of="1"/></csw:Answer>'
    with pytest.raises(InvalidInput, match="begins with <csw:Answer>"):
        read_dcat(answer, "x.xml")
    context = "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld"
    with pytest.raises(InvalidInput) as found:
        read_dcat(json.dumps({"@context": context}).encode(), "x.json")
    assert "--from data-json" in found.value.advice
    with pytest.raises(InvalidInput, match="its members are 'catalogues'"):
        read_uk_model(b'{"catalogues": [{"identifier": "1"}]}', "x.json")


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("fre", "fr"),
        ("DEU", "de"),
        ("gsw", "gsw"),
        ("en-GB", "en-GB"),
        ("http://id.loc.gov/vocabulary/iso639-2/ger", "de"),
    ],
)
def test_languages_of_three_letters_are_those_of_two(text: str, tag: str) -> None:
    assert language_tag(text) == tag


def test_a_package_of_dkan_is_published_by_its_group_though_it_says_private() -> None:
    members = {"type": "Dataset", "state": "Active", "private": True, "url": "http://a.example/1"}
    found = document_of(package(**members, groups=[{"name": "o", "title": "Office"}, {"name": "w", "title": "Water"}]))
    assert (found["kind"], found["publisher"], found["sourceTheme"]) == ("dataset", {"name": "Office"}, ["Water"])
    assert package(private=True).refused


def test_what_data_gov_uk_and_geographic_portals_write_into_extras_is_read() -> None:
    extras = {
        "contact-name": "Desk",
        "contact-email": "desk@rivers.example",
        "contact-phone": "020 1",
        "temporal_coverage-from": "1979",
        "temporal_coverage-to": "2013/12",
        "update_frequency": "annual",
        "mandate": '["https://a.example/act"]',
        "theme-primary": "Environment",
        "theme-secondary": "Rivers",
        "bbox-west-long": "-3.5",
        "bbox-south-lat": "50",
        "bbox-east-long": "1.5",
        "bbox-north-lat": "51.2",
    }
    read = package(extras=[{"key": key, "value": value} for key, value in extras.items()])
    found = document_of(read)
    assert dict(read.contact) == {"name": "Desk", "email": "desk@rivers.example", "telephone": "020 1"}
    assert found["temporal"] == [{"start": "1979", "end": "2013-12"}]
    assert found["spatial"] == [{"bbox": ["-3.5", "50", "1.5", "51.2"]}]
    assert found["sourceTheme"] == ["Environment", "Rivers"]
    assert (found["accrualPeriodicity"], found["legalBasis"]) == ("annual", ["https://a.example/act"])
    assert "extras" not in found


def test_packages_in_several_languages_are_read_in_english_and_keep_the_others() -> None:
    read = package(
        title={"de": "Pegel", "en": "Levels"},
        organization={"name": "o", "title": {"de": "Amt", "en": "Office"}},
        groups=[{"name": "w", "title": {"de": "Wasser", "fr": "Eau"}}],
        keywords={"de": ["Fluss"], "en": ["river"], "fr": []},
        contact_points=[{"name": "Desk", "email": "desk@rivers.example"}],
        temporals=[{"start_date": "1981-06-14", "end_date": "2020"}],
        accrual_periodicity="http://publications.europa.eu/resource/authority/frequency/DAILY",
    )
    found = document_of(read)
    assert (found["title"], found["publisher"], found["keyword"]) == ("Levels", {"name": "Office"}, ["river"])
    assert (found["sourceTheme"], found["accrualPeriodicity"]) == (["Wasser"], "daily")
    assert found["temporal"] == [{"start": "1981-06-14", "end": "2020"}]
    assert found["extras"] == {"title@de": "Pegel", "keywords@de": ["Fluss"]}
    assert read.contact["name"] == "Desk"


def test_a_licence_of_a_portal_s_own_is_called_by_its_name() -> None:
    found = document_of(package(license_id="lov2", license_title="Open Licence 2.0"))
    assert (found["licence"], found["extras"]) == ("Open Licence 2.0", {"license_id": "lov2"})
    assert document_of(package(license_id="cc-by", license_title="Attribution"))["licence"] == "cc-by"


def test_laws_and_papers_go_to_ckan_and_back_with_what_could_not_be_read_of_them() -> None:
    found = document_of(
        package(
            is_referenced_by=["https://doi.example/1", "a paper"],
            applicable_legislation=["https://a.example/act"],
            resources=[
                {"url": "https://a.example/f", "hash": "0a", "hash_algorithm": "http://a.example/hashAlgorithms/md/5"}
            ],
        )
    )
    assert (found["isReferencedBy"], found["legalBasis"]) == (["https://doi.example/1"], ["https://a.example/act"])
    assert found["distribution"][0]["checksum"] == {"algorithm": "md5", "value": "0a"}
    written, _ = dataset_to_ckan(found, PackageRecord("1", "levels", "", "", {}))
    again = document_of(package(**{**written, "identifier": "1"}))
    for name in ("isReferencedBy", "legalBasis", "extras"):
        assert again[name] == found[name]


def test_data_json_is_read_as_arcgis_and_data_gov_uk_write_it() -> None:
    record = {
        "title": "Levels",
        "identifier": "1",
        "contactPoint": {"fn": "Desk", "email": "desk@rivers.example", "role": "owner"},
        "frequency": "R/P1Y",
        "language": ["http://id.loc.gov/vocabulary/iso639-1/cy"],
        "references": [{"url": "https://a.example/guide", "title": "Guide"}, "https://a.example/plain", {"title": "x"}],
    }
    (read,) = read_data_json(json.dumps([record]).encode(), "x.json", "rivers").reads
    found = document_of(read)
    assert dict(read.contact) == {"name": "Desk", "email": "desk@rivers.example"}
    assert (found["accrualPeriodicity"], found["language"]) == ("annual", ["cy"])
    assert found["page"] == ["https://a.example/guide", "https://a.example/plain"]
    assert found["extras"] == {"references": [{"title": "x"}, {"url": "https://a.example/guide", "title": "Guide"}]}
    told = {problem.title: "role" in problem.message for problem in read.problems}
    assert told == {"references": False, "contactPoint": True}
