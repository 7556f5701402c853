"""DCAT-AP 3.0.1 is written validly, whatever a record states, and all that it does not carry is told."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.formats.ckan_feed import read_ckan
from catalogue.formats.converted import STAND_IN
from catalogue.formats.counting import counted
from catalogue.formats.dcat_ap_catalogue import catalogue_iri, catalogue_link, catalogue_to_dcat, dcat_document
from catalogue.formats.dcat_ap_writing import dataset_to_dcat, fits_dcat, stub
from catalogue.formats.exported import Body, DatasetRecord, Referrer
from catalogue.formats.rdf import Iri, Literal, Resource, Value
from catalogue.formats.rdf_reading import read_rdf
from catalogue.formats.rdf_writing import RdfForm
from catalogue.samples import sample_datasets
from tests.catalogue.formats.dcat_records import DOCUMENTS
from tests.catalogue.formats.shapes import ill_typed, representatives, violations
from tests.real_records import DETAILS, SITE, real_records, record_of

BODY = Body("Ministry of Rivers", f"{SITE}/organisations/rivers", "rivers", "department", "https://rivers.example/")
AGREEMENT = Referrer("shared-under", f"{SITE}/agreements/DSA-1", "Sharing of levels", "active")
FULL: dict[str, Any] = {
    "kind": "dataset",
    "identifier": "R-1",
    "title": "River levels",
    "alternativeTitle": ["Levels"],
    "description": "Levels of every river.",
    "publisher": {"organisation": "rivers", "name": "Ministry of Rivers"},
    "creator": [{"organisation": "rivers", "name": "Ministry of Rivers"}, {"name": "Office of Floods"}],
    "keyword": ["rivers", "floods"],
    "theme": ["environment"],
    "sourceTheme": ["Water"],
    "accessRights": "restricted",
    "rights": "For research.",
    "licence": "Open Government Licence v3.0",
    "issued": "2019",
    "modified": "2024-05-06T07:08:09Z",
    "accrualPeriodicity": "daily",
    "temporal": [{"start": "1990-01", "end": "2020-12-31"}, {"text": "since the flood"}],
    "spatial": [{"name": "Wales", "code": "W92000004", "bbox": ["-5.5", "51.3", "-2.6", "53.4"]}],
    "language": ["en", "cy"],
    "landingPage": "https://rivers.example/levels",
    "page": ["https://rivers.example/about levels"],
    "conformsTo": ["https://standards.example/1", "Own standard"],
    "describedBy": "https://rivers.example/columns.json",
    "describedByType": "application/schema+json",
    "isReferencedBy": ["https://doi.org/10.1/x"],
    "version": "2.1",
    "legalBasis": ["http://www.legislation.gov.uk/id/ukpga/1991/57", "Custom"],
    "distribution": [
        {
            "title": "CSV",
            "downloadURL": "https://rivers.example/levels.csv",
            "mediaType": "text/csv",
            "byteSize": 10,
            "licence": "https://licences.example/own",
            "checksum": {"algorithm": "SHA-256", "value": "00ff"},
        },
        {"title": "On paper"},
    ],
    "extras": {"bureauCode": ["1"], "programCode": ["2"]},
    "provenance": {"source": "imported", "sourceAddress": "https://rivers.example/data.json", "sourceName": "Rivers"},
}


def values(resource: Resource, *names: str) -> list[Value]:
    """What stands at the end of a path of properties."""
    found: list[Value] = [resource]
    for name in names:
        held = [one for one in found if isinstance(one, Resource)]
        found = [value for one in held for key, value in one.properties if key == name]
    return found


def full_record(**members: Any) -> DatasetRecord:
    told = {"publisher": BODY, "contact": {"name": "Team", "email": "team@rivers.example", "telephone": "020 1"}}
    return replace(record_of(FULL, 1), **{**told, "references": (AGREEMENT,), **members})


def test_a_full_record_is_written_in_the_terms_of_the_eu() -> None:
    node = dataset_to_dcat(full_record()).node
    assert node is not None
    assert (node.iri, node.types) == (f"{SITE}/datasets/dataset-1", ("dcat:Dataset", "dcat:Resource"))
    authority = "http://publications.europa.eu/resource/authority/"
    addresses = {
        "dct:accessRights": "access-right/RESTRICTED",
        "dct:accrualPeriodicity": "frequency/DAILY",
        "dct:language": "language/ENG",
        "dcat:theme": "data-theme/ENVI",
    }
    for name, address in addresses.items():
        first = values(node, name)[0]
        assert isinstance(first, Resource)
        assert first.iri == authority + address
    assert values(node, "dct:issued") == [Literal("2019", "xsd:gYear")]
    assert values(node, "dct:temporal", "dcat:startDate") == [Literal("1990-01", "xsd:gYearMonth")]
    assert values(node, "dct:publisher", "foaf:name") == [Literal("Ministry of Rivers")]
    assert values(node, "dct:publisher")[0] == values(node, "dct:creator")[0]
    assert values(node, "dcat:contactPoint", "vcard:hasEmail") == [Iri("mailto:team@rivers.example")]
    assert values(node, "dct:license")[0] == Resource(
        "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3", ("dct:LicenseDocument",)
    )
    assert values(node, "dct:spatial", "dcat:bbox") == [
        Literal("POLYGON((-5.5 51.3, -2.6 51.3, -2.6 53.4, -5.5 53.4, -5.5 51.3))", "gsp:wktLiteral")
    ]
    (page,) = values(node, "foaf:page")
    assert isinstance(page, Resource)
    assert page.iri == "https://rivers.example/about%20levels"
    form = "dcat:distribution"
    assert values(node, form, "dcat:accessURL") == values(node, form, "dcat:downloadURL")
    assert values(node, form, "spdx:checksum", "spdx:checksumValue") == [Literal("00ff", "xsd:hexBinary")]
    (relation,) = values(node, "dcat:qualifiedRelation", "dct:relation")
    assert isinstance(relation, Resource)
    assert (relation.iri, relation.types) == (AGREEMENT.address, ("odrl:Agreement",))
    assert values(node, "foaf:isPrimaryTopicOf", "foaf:primaryTopic") == [Iri(str(node.iri))]


def test_what_is_not_carried_is_told_where_it_stands() -> None:
    result = dataset_to_dcat(full_record())
    assert {problem.pointer: problem.severity for problem in result.problems} == {
        "/legalBasis/1": "warning",
        "/distribution/0/accessURL": "warning",
        "/distribution/1": "warning",
        "/extras": "warning",
    }
    assert (result.stand_ins, result.nodes_left_out) == (0, 1)
    assert "“bureauCode”, “programCode”" in next(p.message for p in result.problems if p.pointer == "/extras")


def test_only_a_description_is_stood_in_for_and_a_service_without_endpoint_is_left_out() -> None:
    bare = dataset_to_dcat(record_of({"kind": "dataset", "title": "Bridges"}))
    assert bare.node is not None
    assert values(bare.node, "dct:description") == [Literal(STAND_IN, language="en")]
    assert (bare.stand_ins, [problem.pointer for problem in bare.problems]) == (1, ["/description"])
    service = dataset_to_dcat(record_of({"kind": "data-service", "title": "Bridges"}))
    assert service.node is None
    assert [(problem.pointer, problem.severity) for problem in service.problems] == [("", "error")]
    assert service.stand_ins == 0


def test_what_cannot_be_an_address_is_left_out_and_told() -> None:
    form = {"accessURL": "http://[::1", "checksum": {"algorithm": "x", "value": "not hexadecimal"}}
    bad = {"landingPage": "http://[", "page": ["http://["], "isReferencedBy": ["http://["], "describedBy": "http://["}
    document = {"title": "Bridges", "description": "x", "distribution": [form], "spatial": [{"uri": "Wales"}], **bad}
    result = dataset_to_dcat(record_of(document))
    assert {problem.pointer for problem in result.problems} == {
        *("/distribution/0/accessURL", "/distribution/0", "/landingPage", "/page/0", "/isReferencedBy/0"),
        *("/describedBy", "/spatial/0/uri"),
    }


def others(number: int) -> dict[str, str]:
    return {f"R-{number}": f"{SITE}/datasets/dataset-{number}"}


def test_another_dataset_is_named_by_its_own_term_where_it_is_described() -> None:
    series = record_of({"kind": "dataset-series", "title": "All levels", "identifier": "R-2"}, 2)
    member = record_of({"title": "Levels 2020", "description": "x", "inSeries": ["R-2"]}, 3, others=others(2))
    document = {"title": "Door", "endpointURL": ["https://rivers.example/api"], "servesDataset": ["R-2", "R-9"]}
    service = record_of({"kind": "data-service", **document}, 4, others=others(2))
    stubs = {series.address: stub(series)}
    with_stub = dataset_to_dcat(member, stubs)
    assert with_stub.problems == ()
    assert with_stub.node is not None
    assert values(with_stub.node, "dcat:inSeries") == [stub(series)]
    alone = dataset_to_dcat(member)
    assert alone.node is not None
    assert values(alone.node, "dct:isPartOf") == [Iri(series.address)]
    assert alone.problems == ()
    served = dataset_to_dcat(service, stubs)
    assert served.node is not None
    assert values(served.node, "dcat:servesDataset") == [stub(series)]
    assert [problem.pointer for problem in served.problems] == ["/servesDataset/1"]


def test_the_catalogue_says_what_was_left_out() -> None:
    documents = [{"title": "a"}, {"kind": "data-service", "title": "b"}]
    records = [record_of(document, number) for number, document in enumerate(documents)]
    counts = counted(map(dataset_to_dcat, records))
    data = b"".join(dcat_document(DETAILS, records, counts, RdfForm.JSON_LD))
    graph = read_rdf(data, "catalog.jsonld")
    (catalogue,) = graph.of_type("dcat:Catalog")
    (description,) = graph.values(catalogue, "dct:description")
    assert description.value.endswith(
        "Datasets in DCAT-AP 3.0.1: 1. Left out because they cannot be valid in it: 1. "
        "Descriptions that the publisher did not give: 1."
    )
    assert len(graph.values(catalogue, "dcat:dataset")) == len(graph.values(catalogue, "dcat:record")) == 1


def test_a_catalogue_is_written_record_by_record() -> None:
    def records() -> Iterator[DatasetRecord]:
        for number in range(10_000_000):
            asked.append(number)
            yield record_of({"title": "a", "description": "b"}, number)

    asked: list[int] = []
    parts = dcat_document(DETAILS, records(), counted(()))
    assert b"dcat:dataset" in b"".join(next(parts) for _ in range(20))
    assert len(asked) <= 10


def everything(records: list[DatasetRecord], whole: bool) -> list[Resource]:
    """The export of some records: with every other described in it, or each by itself."""
    stubs = {record.address: stub(record) for record in records} if whole else {}
    return [node for record in records if (node := dataset_to_dcat(record, stubs).node) is not None]


def with_catalogue(nodes: list[Resource]) -> list[Resource]:
    counts = counted(())
    return [catalogue_to_dcat(DETAILS, counts), *nodes, *(catalogue_link(DETAILS, node) for node in nodes)]


def test_the_export_of_every_real_catalogue_conforms(trial_data: Path) -> None:
    hdx = sorted((trial_data / "datasets" / "hdx").glob("unesco_*.json"))
    packages = [read.document for path in hdx for read in read_ckan(path.read_bytes(), path.name, "hdx").reads]
    more = [record_of(document, 10_000 + number) for number, document in enumerate(packages) if document]
    nodes = everything([*real_records(trial_data), *more], whole=False)
    assert len(more) == 2
    assert len(nodes) > 1_600
    assert ill_typed(nodes) == []
    assert violations(trial_data, with_catalogue(representatives(nodes))) == ""


def test_the_export_of_the_samples_conforms(trial_data: Path) -> None:
    samples = sample_datasets()
    addresses = {sample.slug: f"{SITE}/datasets/dataset-{number}" for number, sample in enumerate(samples)}
    records = [record_of(sample.document, number, others=addresses) for number, sample in enumerate(samples)]
    nodes = everything([*records, full_record(address=f"{SITE}/datasets/full")], whole=True)
    assert any(values(node, "dcat:inSeries") for node in nodes)
    assert any(values(node, "dcat:servesDataset") for node in nodes)
    assert violations(trial_data, with_catalogue(representatives(nodes))) == ""


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(DOCUMENTS, min_size=25, max_size=25), st.booleans())
def test_whatever_a_record_states_its_export_conforms(
    trial_data: Path, documents: list[dict[str, Any]], whole: bool
) -> None:
    records = [
        record_of(document, number, others={**others(0), **others(1)}, publisher=BODY if number % 2 else None)
        for number, document in enumerate(documents)
    ]
    assert [fits_dcat(one) for one in records] == [dataset_to_dcat(one).node is not None for one in records]
    nodes = everything(records, whole)
    assert ill_typed(nodes) == []
    assert violations(trial_data, with_catalogue(nodes)) == ""


def test_the_shapes_object_to_what_is_not_valid(trial_data: Path) -> None:
    node = dataset_to_dcat(full_record()).node
    assert node is not None
    without = replace(node, properties=tuple(pair for pair in node.properties if pair[0] != "dct:description"))
    untyped = replace(node, properties=(*node.properties, ("dct:accrualPeriodicity", Iri("https://a.example/"))))
    assert "description" in violations(trial_data, [without])
    assert "accrualPeriodicity" in violations(trial_data, [untyped])
    assert representatives([node, node, without]) == [node, without]
    assert catalogue_iri(DETAILS) == f"{SITE}/catalog"
