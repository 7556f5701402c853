import json
from pathlib import Path

import pytest

from catalogue.datasets.record import check_dataset
from catalogue.formats.data_json_feed import read_data_json
from schemas.errors import InvalidInput
from schemas.problems import errors_in
from schemas.reading import Read

BRIDGES = {"title": "Bridges", "identifier": "b-1", "publisher": {"name": "Office of Bridges"}}


def feed_of(value: object) -> bytes:
    return json.dumps(value).encode()


def wrong_with(read: Read) -> list[str]:
    found = errors_in((*read.problems, *(check_dataset(read.document) if read.document is not None else ())))
    return [str(problem) for problem in found]


def test_records_are_numbered_and_keyed() -> None:
    feed = read_data_json(feed_of({"dataset": [BRIDGES, {**BRIDGES, "identifier": 7}]}), "data.json")
    assert [(read.place, read.identifier) for read in feed.reads] == [("record 1", "b-1"), ("record 2", "7")]
    assert feed.source == "office-of-bridges"


def test_the_feed_says_where_its_records_come_from() -> None:
    value = {"@id": "https://data.bridges.example/data.json", "title": "Bridges of the state", "dataset": [BRIDGES]}
    (read,) = read_data_json(feed_of(value), "data.json").reads
    assert read.document is not None
    assert read.document["provenance"] == {
        "source": "imported",
        "sourceAddress": "https://data.bridges.example/data.json",
        "sourceName": "Bridges of the state",
    }


@pytest.mark.parametrize("value", [[BRIDGES], BRIDGES, {"dataset": BRIDGES}])
def test_lists_and_single_records_are_read_too(value: object) -> None:
    (read,) = read_data_json(feed_of(value), "data.json").reads
    assert read.identifier == "b-1"


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://www.Bridges.example/data.json", "bridges.example"),
        ("http://bridges.example/", "bridges.example"),
        ("https://bridges.example/open/data.json", "bridges.example/open"),
        ("https://bridges.example/open-data.json", "bridges.example/open-data.json"),
        ("data.json", "office-of-bridges"),
        (7, "office-of-bridges"),
    ],
)
def test_a_feeds_own_address_is_its_source(address: object, source: str) -> None:
    assert read_data_json(feed_of({"@id": address, "dataset": [BRIDGES]}), "data.json").source == source


def test_without_address_the_top_body_of_most_records_is_the_source() -> None:
    def under(*names: str) -> dict[str, object]:
        publisher: dict[str, object] = {}
        for name in reversed(names):
            publisher = {"name": name, **({"subOrganizationOf": publisher} if publisher else {})}
        return {**BRIDGES, "publisher": publisher}

    records = [under("Desk", "Agency", "U.S. Government"), under("Other", "Agency"), under("Single Office")]
    assert read_data_json(feed_of({"dataset": records}), "data.json").source == "agency"
    assert read_data_json(feed_of({"dataset": records[::-1]}), "data.json").source == "agency"


def test_a_source_that_is_given_goes_before_all() -> None:
    value = {"@id": "https://a.example/data.json", "dataset": [BRIDGES]}
    assert read_data_json(feed_of(value), "data.json", "mine").source == "mine"


def test_a_feed_that_does_not_say_whose_it_is_asks_for_it() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_data_json(feed_of({"dataset": [{"title": "Bridges"}]}), "data.json")
    assert "--source" in refused.value.advice
    assert read_data_json(feed_of({"dataset": []}), "data.json").reads == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"{", "line 1, column 2"),
        (b"<html>", "is not JSON"),
        (b"", "is empty"),
        (b'"text"', "holds text"),
        (b'{"result": {}}', "no member “dataset”"),
        (b'{"dataset": "none"}', "“dataset” is text"),
        (b'{"dataset": null}', "“dataset” is nothing"),
    ],
)
def test_a_file_that_is_no_feed_is_told_what_it_is(data: bytes, told: str) -> None:
    with pytest.raises(InvalidInput, match=r"data\.json") as refused:
        read_data_json(data, "data.json")
    assert told in refused.value.message
    assert refused.value.advice


def test_records_that_are_none_are_refused_and_the_others_kept() -> None:
    deep: object = "x"
    for _ in range(100):
        deep = [deep]
    feed = read_data_json(feed_of({"dataset": ["text", None, [1], {"deep": deep}, BRIDGES]}), "data.json")
    assert [read.refused for read in feed.reads] == [True, True, True, True, False]
    assert "This is text" in str(feed.reads[0].problems[0])
    assert "nested deeper" in str(feed.reads[3].problems[0])


def test_damaged_text_is_cleaned_and_told() -> None:
    data = b'[{"title": "Half \\ud83d and nul \\u0000 and raw \x00", "identifier": "1", "publisher": "Office"}]'
    (read,) = read_data_json(data, "data.json").reads
    assert read.document is not None
    assert read.document["title"] == "Half � and nul  and raw"
    assert {note.pointer for note in read.cleanings} == {"/title"}
    assert len(read.cleanings) == 2


@pytest.mark.parametrize(
    ("file", "records"), [("opm.json", 134), ("fcc.json", 59), ("fda.json", 86), ("consumerfinance.json", 11)]
)
def test_every_record_of_the_agencies_is_taken(trial_data: Path, file: str, records: int) -> None:
    path = trial_data / "datasets" / "dcatus-agencies-2025" / file
    feed = read_data_json(path.read_bytes(), path.name)
    assert len(feed.reads) == records
    assert [wrong_with(read) for read in feed.reads if wrong_with(read)] == []


def test_all_editions_of_an_agency_have_one_source(trial_data: Path) -> None:
    agencies = trial_data / "datasets" / "dcatus-agencies-2025"
    for agency, source in (("fcc", "opendata.fcc.gov"), ("consumerfinance", "consumer-financial-protection-bureau")):
        editions = [agencies / f"{agency}.json", *sorted((agencies / "history" / agency).glob("*.json"))]
        assert {read_data_json(path.read_bytes(), path.name).source for path in editions} == {source}


GSA = {
    "missing-dataset-fields": {1: ["/title"]},
    "missing-identifier-title": {3: ["/title"]},
    "null-spatial": {},
    "numerical-title": {},
    "reserved-title": {},
    "large-spatial": {},
    "usda.gov": {},
    "ny": {},
    "geospatial": {},
    "collection-2-parent-4-children": {},
}


@pytest.mark.parametrize("name", GSA)
def test_the_good_records_of_pathological_feeds_are_kept(trial_data: Path, name: str) -> None:
    folder = trial_data / "datasets" / "gsa-datajson-fixtures" / "ckanext" / "datajson" / "tests" / "datajson-samples"
    feed = read_data_json((folder / f"{name}.data.json").read_bytes(), name)
    wrong = {
        number: [text.partition("(")[2].partition(")")[0] for text in wrong_with(read)]
        for number, read in enumerate(feed.reads, start=1)
        if wrong_with(read)
    }
    assert wrong == GSA[name]


def test_no_file_among_the_trial_data_breaks_the_reader(trial_data: Path) -> None:
    files = sorted((trial_data / "datasets").rglob("*.json"))
    refused_files, refused_records, records = 0, 0, 0
    for path in files:
        try:
            feed = read_data_json(path.read_bytes(), path.name, "trial")
        except InvalidInput:
            refused_files += 1
            continue
        records += len(feed.reads)
        refused_records += sum(bool(wrong_with(read)) for read in feed.reads)
    assert len(files) > 90
    assert refused_files < 10
    assert 0 < refused_records < 30 < 1_000 < records


def test_what_stands_beside_the_datasets_is_told_one_by_one() -> None:
    value = {"dataset": [BRIDGES], "service": [{"title": "Door"}], "datasetSeries": [{}, {}], "catalog": "x"}
    reads = read_data_json(feed_of(value), "data.json").reads
    assert [(read.place, read.refused) for read in reads] == [
        ("record 1", False),
        ("datasetSeries 1", True),
        ("datasetSeries 2", True),
        ("service 1", True),
    ]
    assert "--from dcat" in wrong_with(reads[-1])[0]
