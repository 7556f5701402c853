"""DCAT-US 3.0 as it is written: valid against the official schemas, and what it does not carry is told."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from catalogue.formats.converted import STAND_IN, Written
from catalogue.formats.counting import counted
from catalogue.formats.dcat_us3_writing import dataset_to_dcat_us3, dcat_us3_document
from catalogue.formats.exported import Body, DatasetRecord
from schemas.canonical import Json
from schemas.problems import errors_in
from tests.catalogue.formats.standards import Standards, messages
from tests.dataset_documents import dataset_records
from tests.real_records import AGREEMENT, DETAILS, SITE, real_records, record_of

CONTACT = {"name": "Rivers desk", "email": "desk@rivers.example", "telephone": "0300 000 0000"}
MINISTRY = Body("Ministry of Rivers", f"{SITE}/organisations/rivers", "rivers", "department")
LEVELS: Json = {
    "kind": "dataset",
    "identifier": "levels",
    "title": "River levels",
    "description": "Every gauge, every hour.",
    "publisher": {"name": "Ministry of Rivers", "partOf": ["The State"]},
    "provenance": {"source": "imported"},
}
SERVICE: Json = {**LEVELS, "kind": "data-service", "endpointURL": ["https://rivers.example/api"]}


def written(document: Json = LEVELS, /, **members: Any) -> Written[Json]:
    stated = {name: value for name, value in {**document, **members}.items() if value is not None}
    return dataset_to_dcat_us3(record_of(stated, contact=CONTACT, publisher=MINISTRY))


def node_of(document: Json = LEVELS, /, **members: Any) -> Json:
    node = written(document, **members).node
    assert node is not None
    return node


def told(result: Written[Json]) -> set[str]:
    return {problem.pointer for problem in result.problems}


@pytest.fixture(scope="module")
def standards(trial_data: Path) -> Standards:
    return Standards(trial_data / "standards")


def wrong_with(node: Json, standards: Standards) -> list[str]:
    kinds = {"Dataset": ["dataset"], "DatasetSeries": ["dataset", "datasetseries"], "DataService": ["dataservice"]}
    return [said for kind in kinds[node["@type"]] for said in messages(standards.us3[kind], node)]


def test_every_real_dataset_is_valid_or_left_out_and_told(trial_data: Path, standards: Standards) -> None:
    records = real_records(trial_data)
    results = [dataset_to_dcat_us3(record) for record in records]
    for result in results:
        assert (result.node is None) == bool(errors_in(result.problems))
        assert result.node is None or wrong_with(result.node, standards) == []
    counts = counted(results)
    assert counts.datasets > 1_400
    assert counts.datasets + counts.left_out == len(records)


@given(record=dataset_records())
def test_whatever_is_recorded_is_valid_or_left_out_and_told(record: DatasetRecord, standards: Standards) -> None:
    result = dataset_to_dcat_us3(record)
    assert (result.node is None) == bool(errors_in(result.problems))
    if result.node is not None:
        assert wrong_with(result.node, standards) == []
        lost = {pointer.split("/")[1] for pointer in told(result) if pointer}
        text = json.dumps(result.node)
        for name in ("title", "identifier", "version"):
            if name not in lost and name in record.document:
                assert json.dumps(record.document[name]) in text


def test_the_catalogue_holds_datasets_series_and_services(standards: Standards) -> None:
    documents = [LEVELS, SERVICE, {**LEVELS, "kind": "dataset-series"}, {**LEVELS, "provenance": {}}]
    records = [record_of(document, number, contact=CONTACT) for number, document in enumerate(documents[:3])]
    records.append(record_of(LEVELS, 4))  # without contact
    counts = counted(map(dataset_to_dcat_us3, records))
    catalogue = json.loads("".join(dcat_us3_document(DETAILS, records, counts)))
    assert messages(standards.us3["catalog"], catalogue) == []
    assert [node["@type"] for node in catalogue["dataset"]] == ["Dataset", "DatasetSeries"]
    assert [node["@type"] for node in catalogue["service"]] == ["DataService"]
    assert catalogue["exportCounts"] == {"datasets": 3, "datasetsLeftOut": 1, "partsLeftOut": 0, "standIns": 0}
    assert "Left out because they cannot be valid in it: 1." in catalogue["description"]
    assert messages(standards.us3["catalog"], json.loads("".join(dcat_us3_document(DETAILS, [])))) == []


def test_a_dataset_is_written_in_the_standards_own_classes() -> None:
    node = node_of(
        theme=["environment"],
        sourceTheme=["Environment", "Water"],
        spatial=[{"name": "Wales", "bbox": ["-5.5", "51", "-2.5", "53.5"], "uri": "https://places.example/wales"}],
        temporal=[{"start": "2019", "end": "2020-03-31"}],
        accrualPeriodicity="hourly",
        language=["en-GB", "cy"],
        landingPage="https://rivers.example/",
        conformsTo=["https://standards.example/1", "WaterML 2"],
    )
    assert node["publisher"] == {
        "@id": MINISTRY.address,
        "@type": "Organization",
        "name": "Ministry of Rivers",
        "subOrganizationOf": [{"@type": "Organization", "name": "The State"}],
    }
    assert node["contactPoint"] == [
        {"@type": "Kind", "fn": "Rivers desk", "hasEmail": "mailto:desk@rivers.example", "tel": "0300 000 0000"}
    ]
    theirs, own = node["theme"]
    assert theirs["@id"].endswith("/data-theme/ENVI")
    assert own == {"@type": "Concept", "prefLabel": "Water"}
    (place,) = node["spatial"]
    assert place["@id"] == "https://places.example/wales"
    assert place["bbox"]["coordinates"][0][2] == [-2.5, 53.5]
    assert node["temporal"] == [{"@type": "PeriodOfTime", "startDate": "2019", "endDate": "2020-03-31"}]
    assert (node["accrualPeriodicity"], node["language"]) == ("R/PT1H", ["en", "cy"])
    assert node["landingPage"]["@id"] == "https://rivers.example/"
    assert [standard.get("@id") or standard["title"] for standard in node["conformsTo"]] == [
        "https://standards.example/1",
        "WaterML 2",
    ]


def test_restrictions_stand_on_the_distributions() -> None:
    form = {"downloadURL": "https://rivers.example/levels.csv", "byteSize": 7, "licence": "odbl"}
    document = {
        **LEVELS,
        "accessRights": "restricted",
        "rights": "Emergency services only.",
        "licence": "DATA_SHARE_AGREEMENT",
        "accessRequest": {"who": "Police", "url": "https://rivers.example/ask"},
        "distribution": [form, {"title": "Table"}],
    }
    node = dataset_to_dcat_us3(record_of(document, contact=CONTACT, references=(AGREEMENT,))).node
    assert node is not None
    assert node["accessRights"] == "restricted public"
    assert node["rights"][1:] == ["Who may ask: Police", "Where to ask: https://rivers.example/ask"]
    assert node["relation"] == [AGREEMENT.address]
    first, second = node["distribution"]
    (restriction,) = first["accessRestriction"]
    assert restriction["restrictionStatus"]["@id"].endswith("/access-right/RESTRICTED")
    assert restriction["restrictionNote"] == "Emergency services only."
    assert first["useRestriction"][0]["restrictionNote"] == AGREEMENT.address
    assert (first["license"], second["license"], first["byteSize"]) == ("odbl", "DATA_SHARE_AGREEMENT", "7")


def test_what_the_standard_cannot_say_is_told() -> None:
    result = written(
        alternativeTitle=["Levels"],
        temporal=[{"text": "now and then"}],
        inSeries=["gauges"],
        language=["ENG"],
        modified="2024-03-04T05:06:07",
        licence="Crown copyright",
        creator=[{"name": "A"}, {"name": "B"}],
        extras={"odd": 1},
        distribution=[{"column": [{"name": "height"}]}],
    )
    expected = {"/alternativeTitle", "/temporal/0", "/inSeries/0", "/language/0", "/modified", "/licence", "/creator"}
    assert told(result) == expected | {"/extras/odd", "/distribution/0", "/distribution/0/column"}
    assert result.nodes_left_out == 3
    assert result.node is not None
    assert result.node["modified"] == "2024-03-04"


def test_a_description_is_stood_in_for_and_a_contact_is_not() -> None:
    result = written(description=None)
    assert result.node is not None
    assert (result.node["description"], result.stand_ins) == (STAND_IN, 1)
    left_out = dataset_to_dcat_us3(record_of(LEVELS))
    assert left_out.node is None
    assert [problem.pointer for problem in errors_in(left_out.problems)] == [""]


@pytest.mark.parametrize("member", ["endpointURL", "publisher"])
def test_a_service_is_left_out_without_what_a_service_needs(member: str) -> None:
    document = {name: value for name, value in SERVICE.items() if name != member}
    result = dataset_to_dcat_us3(record_of(document, contact=CONTACT))
    assert result.node is None
    assert member in errors_in(result.problems)[0].message


def test_a_service_tells_what_only_datasets_have() -> None:
    result = written(SERVICE, issued="2024", licence="odbl", landingPage="https://rivers.example/")
    assert result.node is not None
    assert result.node["license"] == "odbl"
    assert told(result) == {"/issued", "/landingPage"}
