"""DCAT-US 1.1 as it is written: valid against the official schema, and what it does not carry is told."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from catalogue.formats.converted import STAND_IN, Written
from catalogue.formats.counting import counted
from catalogue.formats.data_json import dataset_from_data_json
from catalogue.formats.data_json_catalogue import data_json_document
from catalogue.formats.data_json_writing import dataset_to_data_json
from catalogue.formats.exported import DatasetRecord
from schemas.canonical import Json
from schemas.problems import errors_in
from tests.catalogue.formats.explained import assert_data_json_explained
from tests.catalogue.formats.standards import Standards, messages
from tests.dataset_documents import dataset_records
from tests.real_records import AGREEMENT, DETAILS, SITE, real_records, record_of

CONTACT = {"name": "Rivers desk", "email": "desk@rivers.example"}
LEVELS: Json = {
    "kind": "dataset",
    "identifier": "levels",
    "title": "River levels",
    "description": "Every gauge, every hour.",
    "keyword": ["levels", "rivers"],
    "modified": "2024-05",
    "accessRights": "open",
    "publisher": {"name": "Ministry of Rivers"},
    "provenance": {"source": "imported"},
}


def written(**members: Any) -> Written[Json]:
    stated = {name: value for name, value in {**LEVELS, **members}.items() if value is not None}
    return dataset_to_data_json(record_of(stated, contact=CONTACT))


def told(result: Written[Json]) -> dict[str, str]:
    return {problem.pointer: problem.message for problem in result.problems}


@pytest.fixture(scope="module")
def standards(trial_data: Path) -> Standards:
    return Standards(trial_data / "standards")


def test_every_real_dataset_is_valid_or_left_out_and_told(trial_data: Path, standards: Standards) -> None:
    records = real_records(trial_data)
    results = [dataset_to_data_json(record) for record in records]
    whole = 0
    for record, result in zip(records, results, strict=True):
        assert_data_json_explained(record, result)
        whole += result.node is not None and result.problems == ()
        if result.node is not None:
            assert standards.wrong_with_data_json(result.node) == []
    counts = counted(results)
    assert counts.datasets > 1_200
    assert whole > 700
    assert counts.datasets + counts.left_out == len(records)
    document = json.loads("".join(data_json_document(DETAILS, records, counts)))
    assert messages(standards.catalog, document) == []
    assert document["dataset"] == [result.node for result in results if result.node is not None]
    assert document["exportCounts"]["datasetsLeftOut"] == counts.left_out
    assert f"{counts.left_out:,}" in document["description"]


@given(record=dataset_records())
def test_whatever_is_recorded_is_valid_or_left_out_and_told(record: DatasetRecord, standards: Standards) -> None:
    result = dataset_to_data_json(record)
    assert (result.node is None) == bool(errors_in(result.problems))
    if result.node is not None:
        assert standards.wrong_with_data_json(result.node) == []


def test_an_empty_catalogue_is_a_catalogue(standards: Standards) -> None:
    assert messages(standards.catalog, json.loads("".join(data_json_document(DETAILS, [])))) == []


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("keyword", "keywords"),
        ("modified", "when the data last changed"),
        ("accessRights", "who may have it"),
        ("publisher", "“publisher”"),
    ],
)
def test_without_what_the_standard_requires_a_dataset_is_left_out(member: str, said: str) -> None:
    result = written(**{member: None})
    assert result.node is None
    (problem,) = errors_in(result.problems)
    assert problem.pointer == ""
    assert said in problem.message


def test_without_a_mailbox_nobody_can_be_asked_and_the_dataset_is_left_out() -> None:
    result = dataset_to_data_json(record_of(LEVELS, contact={"name": "Rivers desk"}))
    assert result.node is None
    assert "contactPoint" in str(errors_in(result.problems)[0])


def test_a_description_is_stood_in_for() -> None:
    result = written(description=None)
    assert result.node is not None
    assert (result.node["description"], result.stand_ins) == (STAND_IN, 1)
    assert "/description" in told(result)
    assert "description" not in dataset_from_data_json(result.node).document  # it is no description when it comes back


def test_with_both_codes_a_dataset_is_a_federal_one(standards: Standards) -> None:
    node = written(extras={"bureauCode": ["010:04"], "programCode": ["010:001"]}).node
    assert node is not None
    assert messages(standards.federal, node) == []
    wrong = written(extras={"bureauCode": ["010:04"], "programCode": ["ten"]})
    assert wrong.node is not None
    assert "programCode" not in wrong.node
    assert "/extras/programCode/0" in told(wrong)


def test_a_download_without_media_type_gives_access() -> None:
    form = {"downloadURL": "https://rivers.example/levels.csv", "format": "CSV"}
    result = written(distribution=[form, {**form, "accessURL": "https://rivers.example/"}])
    assert result.node is not None
    assert result.node["distribution"] == [
        {"@type": "dcat:Distribution", "format": "CSV", "accessURL": "https://rivers.example/levels.csv"},
        {"@type": "dcat:Distribution", "format": "CSV", "accessURL": "https://rivers.example/"},
    ]
    assert {"/distribution/0/downloadURL", "/distribution/1/downloadURL"} <= set(told(result))


def test_what_the_standard_takes_no_such_value_of_is_left_out_and_told() -> None:
    result = written(
        rights="x" * 256,
        licence="Crown copyright",
        language=["en", "ENG!"],
        temporal=[{"start": "2019"}],
        landingPage="https://rivers.example/a b|c".replace(" ", ""),
        alternativeTitle=["Levels"],
        distribution=[{"checksum": {"algorithm": "sha1", "value": "00"}}],
    )
    assert result.node is not None
    assert not {"rights", "license", "temporal", "distribution", "alternativeTitle"} & set(result.node)
    assert result.node["language"] == ["en"]
    assert result.node["landingPage"] == "https://rivers.example/ab%7Cc"
    assert result.nodes_left_out == 1
    places = {"/rights", "/licence", "/language/1", "/temporal", "/landingPage", "/alternativeTitle"}
    assert places | {"/distribution/0/checksum", "/distribution/0"} == set(told(result))


def test_what_the_source_said_of_time_and_place_is_written_where_the_standard_takes_it() -> None:
    shape = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [1, 3], [0, 0]]]}
    stated = {"temporal": [{"start": "2019", "end": "2020"}], "spatial": [{"bbox": ["0", "0", "2", "3"]}]}
    result = written(**stated, extras={"temporal": ["often"], "spatial": shape})
    assert result.node is not None
    assert result.node["temporal"] == "2019/2020"
    assert json.loads(result.node["spatial"]) == shape
    assert set(told(result)) == {"/extras/temporal", "/extras/spatial"}


def test_a_licence_known_by_its_name_is_written_as_its_address() -> None:
    result = written(licence="cc-by")
    assert result.node is not None
    assert result.node["license"] == "http://creativecommons.org/licenses/by/4.0"
    assert "/licence" in told(result)


def test_agreements_that_refer_to_a_dataset_are_related_documents() -> None:
    node = dataset_to_data_json(record_of(LEVELS, contact=CONTACT, references=(AGREEMENT,))).node
    assert node is not None
    assert node["references"] == [AGREEMENT.address]


def test_a_dataset_without_identifier_has_its_address_for_one() -> None:
    result = written(identifier=None)
    assert result.node is not None
    assert result.node["identifier"] == f"{SITE}/datasets/dataset-1"
    assert "/identifier" in told(result)


def test_a_rhythm_fills_modified_as_the_standard_has_it() -> None:
    node = written(accrualPeriodicity="weekly", modified=None).node
    assert node is not None
    assert (node["modified"], node["accrualPeriodicity"]) == ("R/P1W", "R/P1W")
    dated = written(accrualPeriodicity="weekly", modified="2024").node
    assert dated is not None
    assert dated["modified"] == "2024"


def test_our_own_themes_stand_beside_the_source_s_where_these_do_not_say_them() -> None:
    document = {**LEVELS, "theme": ["environment", "health"], "sourceTheme": ["Health", "Water"]}
    result = dataset_to_data_json(record_of(document, contact=CONTACT))
    assert result.node is not None
    assert result.node["theme"] == ["Health", "Water", "Environment"]
    assert [problem.pointer for problem in result.problems if "theme" in problem.pointer] == ["/theme"]
