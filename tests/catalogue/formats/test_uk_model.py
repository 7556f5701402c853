"""The UK exchange model, read and written: what is lost is told, and data under an agreement leads to it."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.datasets.record import check_dataset
from catalogue.formats.converted import STAND_IN, Written
from catalogue.formats.counting import counted
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.uk_model import class_of
from catalogue.formats.uk_model_feed import read_uk_model
from catalogue.formats.uk_model_rules import DATA_SHARE_AGREEMENT, check_uk_model
from catalogue.formats.uk_model_writing import dataset_to_uk_model, fits_uk_model, uk_model_document
from schemas.canonical import Json
from schemas.errors import InvalidInput
from schemas.problems import errors_in
from tests.catalogue.formats.explained import differing, members_told
from tests.catalogue.formats.uk_samples import CONTACT, FULL, LEVELS, SERVICE, TABLE
from tests.dataset_documents import dataset_records
from tests.real_records import AGREEMENT, DETAILS, SITE, record_of


def feed_of(value: object) -> bytes:
    return json.dumps(value).encode()


def exported(*values: Json, references: tuple[Any, ...] = (), **members: Any) -> tuple[DatasetRecord, Written[Json]]:
    """The first record of a file as this catalogue holds it, and as it is written again."""
    (read, *_) = read_uk_model(feed_of(list(values)), "levels.json").reads
    assert read.document is not None, [str(problem) for problem in read.problems]
    assert errors_in(check_dataset(read.document)) == []
    document = {name: value for name, value in {**read.document, **members}.items() if value is not None}
    record = record_of(document, contact=read.contact, references=references)
    return record, dataset_to_uk_model(record)


def node_of(result: Written[Json]) -> Json:
    assert result.node is not None, [str(problem) for problem in result.problems]
    node: Json = result.node["records"][0]
    return node


@given(record=dataset_records(), more=st.fixed_dictionaries({}, optional={"securityClassification": st.just("SECRET")}))
def test_whatever_is_recorded_is_valid_or_left_out_and_told(record: DatasetRecord, more: Json) -> None:
    stated = {"creator": [{"name": "Environment Agency"}], "publisher": {"name": "DEFRA"}, "accessRights": "closed"}
    document = {**record.document, **stated, "extras": {**record.document.get("extras", {}), **more}}
    for held in (record, record_of(document, contact=CONTACT, references=record.references)):
        result = dataset_to_uk_model(held)
        assert (result.node is None) == bool(errors_in(result.problems))
        assert fits_uk_model(held) == (result.node is not None)
        if result.node is not None:
            for one in result.node["records"]:
                assert errors_in(check_uk_model(one, class_of(one))) == []


def test_a_full_dataset_is_written_as_it_was_read() -> None:
    record, result = exported(FULL, TABLE)
    assert result.problems == ()
    assert result.node == {"records": [FULL, TABLE]}
    assert record.document["extras"]["securityClassification"] == "OFFICIAL"
    assert record.document["publisher"] == {"name": "Department for Environment, Food & Rural Affairs"}
    assert record.contact == CONTACT


def test_a_packed_file_is_read() -> None:
    data = feed_of([FULL, TABLE])
    assert read_uk_model(gzip.compress(data), "levels.json.gz") == read_uk_model(data, "levels.json")
    with pytest.raises(InvalidInput, match="damaged"):
        read_uk_model(gzip.compress(data)[:-9], "levels.json.gz")


def test_a_service_is_written_as_it_was_read() -> None:
    _, result = exported(SERVICE)
    assert result.problems == ()
    assert node_of(result) == SERVICE


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "alternativeTitle": st.lists(st.sampled_from(["Gauges", "", "Pegel"]), max_size=2),
            "summary": st.sampled_from(["One line.", "x" * 250]),
            "keyword": st.lists(st.sampled_from(["b", "a", " "]), max_size=3),
            "theme": st.lists(st.sampled_from([*FULL["theme"], "no address"]), max_size=2),
            "licence": st.sampled_from([DATA_SHARE_AGREEMENT, "https://licence.example/", "ogl", "none"]),
            "accessRights": st.sampled_from(["INTERNAL", "COMMERCIAL"]),
            "securityClassification": st.just("NOT_APPLICABLE"),
            "updateFrequency": st.sampled_from(["freq:irregular", "freq:threeTimesAMonth"]),
            "created": st.sampled_from(["2020-01-01", None]),
            "distribution": st.lists(st.sampled_from(FULL["distribution"]), max_size=2),
            "identifier": st.sampled_from(["levels", "rivers:levels"]),
            "title": st.sampled_from(["<b>Levels</b>", "R&D"]),
            "relatedResource": st.lists(st.sampled_from(["https://a.example", "odd"])),
        },
    ),
    st.booleans(),
)
def test_what_is_read_is_written_as_it_was_but_for_what_is_told(more: Json, shared: bool) -> None:
    record, result = exported({**LEVELS, **more}, TABLE, references=(AGREEMENT,) if shared else ())
    if result.node is None:
        assert errors_in(result.problems)
        return
    again = read_uk_model(feed_of(result.node), "again.json").reads[0]
    assert again.document is not None
    told = members_told(result)
    allowed = told | ({"sourceTheme"} if "theme" in told else set()) | ({"extras"} if shared else set())
    assert differing(record, again.document) <= allowed
    assert again.contact == record.contact


def test_data_under_an_agreement_leads_to_the_agreement() -> None:
    closed = {**LEVELS, "accessRights": "INTERNAL"}
    _, result = exported(closed, references=(AGREEMENT,))
    node = node_of(result)
    assert node["licence"] == DATA_SHARE_AGREEMENT
    assert node["relatedResource"] == [AGREEMENT.address]
    assert "/licence" in {problem.pointer for problem in result.problems}
    _, stated = exported({**closed, "licence": DATA_SHARE_AGREEMENT}, references=(AGREEMENT,))
    assert node_of(stated)["licence"] == DATA_SHARE_AGREEMENT
    assert stated.problems == ()
    _, is_open = exported(LEVELS, references=(AGREEMENT,))
    assert node_of(is_open)["licence"] == LEVELS["licence"]
    assert node_of(is_open)["relatedResource"] == [AGREEMENT.address]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"publisher": {"name": "Ministry of Rivers"}}, "requires “publisher”"),
        ({"creator": None}, "requires “creator”"),
        ({"version": None}, "requires “version”"),
        ({"modified": "2024-05"}, "requires “modified”"),
        ({"accrualPeriodicity": "never"}, "requires “updateFrequency”"),
        ({"extras": None}, "requires “securityClassification”"),
        ({"licence": "Our terms"}, "requires “licence”"),
        ({"accessRights": None}, "requires “accessRights”"),
    ],
)
def test_a_dataset_is_left_out_without_what_the_model_requires(changed: Json, said: str) -> None:
    _, result = exported(LEVELS, **changed)
    assert result.node is None
    (problem,) = errors_in(result.problems)
    assert problem.pointer == ""
    assert said in problem.message


def test_a_dataset_is_left_out_without_a_mailbox() -> None:
    record, _ = exported(LEVELS)
    assert dataset_to_uk_model(record_of(record.document, contact={"name": "Rivers desk"})).node is None


def test_what_the_model_has_no_place_for_is_told() -> None:
    _, result = exported(
        LEVELS,
        description=None,
        spatial=[{"name": "Wales"}],
        modified="2024-05-06T07:08:09Z",
        issued="2024",
        publisher={"name": "DWP", "partOf": ["The State"]},
        theme=["health"],
        distribution=[{"title": "Table", "format": "CSV"}, {"title": "T", "mediaType": "text/csv", "byteSize": 0}],
    )
    node = node_of(result)
    assert (node["description"], result.stand_ins, result.nodes_left_out) == (STAND_IN, 1, 1)
    assert (node["publisher"], node["modified"]) == ("department-for-work-pensions", "2024-05-06")
    assert node["distribution"] == [f"{SITE}/datasets/dataset-1#distribution-2"]
    told = {problem.pointer for problem in result.problems}
    assert {"/description", "/spatial", "/modified", "/issued", "/publisher", "/theme"} <= told
    assert {"/distribution/0", "/distribution/0/format", "/distribution/1/byteSize", "/distribution/1/licence"} <= told


def test_the_catalogue_is_a_container_that_is_read_again() -> None:
    records = [exported(FULL, TABLE)[0], exported(SERVICE)[0], record_of({"title": "No more than a title"})]
    counts = counted(map(dataset_to_uk_model, records))
    text = "".join(uk_model_document(DETAILS, records, counts))
    document = json.loads(text)
    assert [class_of(one) for one in document["records"]] == ["Dataset", "Distribution", "DataService"]
    assert document["exportCounts"]["datasetsLeftOut"] == 1
    feed = read_uk_model(text.encode(), "uk-model.json")
    assert [read.document for read in feed.reads] == [record.document for record in records[:2]]
    assert feed.source == "department-for-environment-food-and-rural-affairs"


@pytest.mark.parametrize(
    "container",
    [
        [FULL, TABLE],
        {"records": [FULL, TABLE]},
        {"Dataset": [FULL], "Distribution": [TABLE]},
        {"title": "All", "datasets": [FULL], "distributions": [TABLE]},
    ],
)
def test_files_may_hold_records_in_several_ways(container: object) -> None:
    (read,) = read_uk_model(feed_of(container), "levels.json").reads
    assert read.document is not None
    assert read.document["distribution"][0]["downloadURL"] == TABLE["downloadURL"]
    assert read.document["distribution"][1] == {"identifier": FULL["distribution"][1]}


def test_yaml_is_read_and_places_are_told() -> None:
    text = b"---\ntype: dcat:Dataset\nversion: 2\n---\nrecords:\n- contactName: Desk\n- 7\n"
    feed = read_uk_model(text, "levels.yaml", "rivers")
    assert feed.source == "rivers"
    first, second, third = feed.reads
    assert "quotation marks" in str(next(problem for problem in first.problems if problem.pointer == "/version"))
    assert all(read.refused for read in feed.reads)
    assert "line 6" in second.place
    assert "a number" in third.problems[0].message


@pytest.mark.parametrize("data", [b"", b"records: []", b"{", b"\xff"])
def test_a_file_without_records_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_uk_model(data, "levels.yaml")


def test_a_distribution_that_no_dataset_names_is_told() -> None:
    (read,) = read_uk_model(feed_of(TABLE), "table.json").reads
    assert read.refused
    assert "no dataset names it" in read.problems[0].message


def test_distributions_that_share_an_identifier_and_differ_are_refused_and_no_list_is_passed_over() -> None:
    other = {**TABLE, "title": "Another table"}
    dataset, *refused = read_uk_model(feed_of([FULL, TABLE, TABLE, other]), "x.json").reads
    assert [(read.identifier, read.refused) for read in refused] == [(TABLE["identifier"], True)] * 3
    assert dataset.document is not None
    assert dataset.document["distribution"][0] == {"identifier": TABLE["identifier"]}
    lists = {"Datasets": [LEVELS], "ContactPoints": [LEVELS["contactPoint"]], "Things": [{"a": 1}]}
    places = [(read.place, read.refused) for read in read_uk_model(feed_of(lists), "x.json").reads]
    assert [(place.partition(" (")[0], refused) for place, refused in places] == [
        ("Datasets 1", False),
        ("ContactPoints 1", True),
        ("Things 1", True),
    ]
