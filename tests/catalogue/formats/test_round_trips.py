"""What is written in a format is read back as it was: nothing is invented on either side."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.formats.ckan import dataset_from_ckan
from catalogue.formats.ckan_writing import PackageRecord, dataset_to_ckan
from catalogue.formats.data_json import dataset_from_data_json
from catalogue.formats.data_json_writing import dataset_to_data_json
from schemas.problems import errors_in
from schemas.reading import cleaned
from tests.catalogue.formats.explained import assert_data_json_explained
from tests.real_records import record_of

WORDS = st.sampled_from(["bridges", "Wales", "Ünïcode", "R&D <b>", "5", "health", "Transport", "a@b.example", ""])
ADDRESSES = st.sampled_from(["https://a.example/x?y=1", "ftp://a.example", "www.a.example", "", None])
DATES = st.sampled_from(["2019", "2019-03", "20190304", "2019-03-04T05:06:07Z", "R/P1D", "R/P15Y", None])
FORMS = st.fixed_dictionaries(
    {},
    optional={
        "title": WORDS,
        "accessURL": ADDRESSES,
        "downloadURL": ADDRESSES,
        "mediaType": WORDS,
        "byteSize": st.sampled_from([0, "17", "many", -1]),
        "fileName": WORDS,
        "field": st.sampled_from(
            [[{"title": "day", "units": "d"}], [{"title": "day", "odd": 1}], [{"type": "date"}], "x"]
        ),
    },
)
RECORDS = st.fixed_dictionaries(
    {"title": WORDS, "identifier": WORDS},
    optional={
        "description": WORDS,
        "keyword": st.lists(WORDS),
        "theme": st.lists(WORDS),
        "contactPoint": st.just({"fn": "Desk", "hasEmail": "mailto:desk@b.example"}),
        "modified": DATES,
        "accrualPeriodicity": st.sampled_from(["R/P1D", "irregular", "eventual", ""]),
        "accessLevel": st.sampled_from(["public", "non-public", "closed"]),
        "license": st.one_of(ADDRESSES, st.just("Terms. " * 60)),
        "rights": WORDS,
        "landingPage": ADDRESSES,
        "references": st.lists(ADDRESSES),
        "temporal": st.sampled_from(["2019/2020", "2019/..", "summer", "2019"]),
        "spatial": st.sampled_from(
            ["Wales", "1,2,3,4", "[1]", "https://a.example/", {"type": "Point", "coordinates": [1, 2]}]
        ),
        "publisher": st.sampled_from(
            ["Office", {"name": "Office", "subOrganizationOf": {"name": "State"}, "colour": "red"}, {"colour": "red"}]
        ),
        "distribution": st.lists(FORMS, max_size=3),
        "isPartOf": WORDS,
        "bureauCode": st.just(["020:00"]),
        "odd": st.sampled_from([1, True, {"a": None}, [1, "x"]]),
    },
)


@given(RECORDS)
def test_data_json_is_written_as_it_was_read_but_for_what_is_told(record: dict[str, Any]) -> None:
    document, contact, problems, _ = dataset_from_data_json(record)
    if not errors_in(problems):
        exported = record_of(document, contact=contact)
        assert_data_json_explained(exported, dataset_to_data_json(exported))


def test_every_real_package_is_written_as_it_was_read(trial_data: Path) -> None:
    count = 0
    for line in (trial_data / "ckan-recorded" / "ckan-2.12-answers.jsonl").read_text(encoding="utf-8").splitlines():
        exchange = json.loads(line)
        if not exchange["name"].startswith("harvester-page"):
            continue
        for package in json.loads(exchange["response"]["body"])["result"]["results"]:
            result = dataset_from_ckan(cleaned(package)[0])
            record = PackageRecord(package["id"], package["name"], "2026-01-01", "2026-01-01", {})
            written, _ = dataset_to_ckan(result.document, record, result.contact)
            again = dataset_from_ckan(written)
            assert again.document == result.document
            assert again.contact == result.contact
            count += 1
    assert count == 290


@pytest.mark.parametrize(
    "empty", [{}, {"extras": None}, {"extras": [{"value": "x"}, "y"], "resources": "none", "tags": 7}]
)
def test_a_package_of_nothing_is_no_error_of_ours(empty: dict[str, Any]) -> None:
    assert dataset_from_ckan(empty).document["kind"] == "dataset"
