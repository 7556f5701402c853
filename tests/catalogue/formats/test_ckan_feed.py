"""CKAN's answers and dumps: the packages in them, whatever form they come in."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from catalogue.datasets.record import check_dataset
from catalogue.formats.ckan import why_not_taken
from catalogue.formats.ckan_feed import read_ckan, read_package
from schemas.errors import InvalidInput
from schemas.problems import errors_in
from tests.catalogue.formats.test_ckan import NUMBER, package


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"private": True}, "private"),
        ({"state": "draft"}, "a draft"),
        ({"state": "deleted"}, "deleted"),
        ({"type": "harvest"}, "the portal’s own setting of a harvest"),
        ({}, None),
    ],
)
def test_what_is_not_for_the_public_is_not_taken(members: Any, why: str | None) -> None:
    assert why_not_taken(package(**members)) == why
    read = read_package(package(**members), "record 1")
    assert read.refused is (why is not None)
    assert read.identifier == NUMBER


def test_the_address_at_the_site_is_the_provenance() -> None:
    read = read_package(package(), "record 1", "https://ckan.example/")
    assert read.document is not None
    assert read.document["provenance"]["sourceAddress"] == "https://ckan.example/dataset/bridges"


@pytest.mark.parametrize(
    ("data", "source", "places"),
    [
        (
            {"help": "https://www.ckan.example/api/3/action/help_show?name=x", "success": True, "result": package()},
            "ckan.example",
            ["record 1"],
        ),
        (
            {"success": True, "result": {"count": 2, "results": [package(), package()]}},
            "given",
            ["record 1", "record 2"],
        ),
        ([package()], "given", ["record 1"]),
        (package(), "given", ["record 1"]),
    ],
)
def test_answers_lists_and_single_packages_are_read(data: object, source: str, places: list[str]) -> None:
    feed = read_ckan(json.dumps(data).encode(), "x.json", "" if source != "given" else source)
    assert (feed.source, [read.place for read in feed.reads]) == (source, places)


def test_one_package_a_line_is_read_as_ckanapi_writes_it() -> None:
    lines = [json.dumps(package(id=str(number), organization={"name": "office"})) for number in range(3)]
    feed = read_ckan("\n".join(lines).encode(), "dump.jsonl")
    assert (feed.source, [read.place for read in feed.reads]) == ("office", ["line 1", "line 2", "line 3"])
    cut = read_ckan("\n".join([lines[0], "{", lines[2]]).encode(), "dump.jsonl")
    assert [(read.place, read.refused) for read in cut.reads] == [
        ("line 1", False),
        ("line 2", True),
        ("line 3", False),
    ]
    assert "not JSON" in cut.reads[1].problems[0].message


@pytest.mark.parametrize(
    ("data", "told"), [(b'{"a": 1}', "no CKAN packages"), (b"7", "no CKAN packages"), (b"{", "not JSON")]
)
def test_a_file_without_packages_is_told_so(data: bytes, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        read_ckan(data, "x.json")


def test_packages_that_do_not_say_whose_they_are_ask_for_it() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_ckan(json.dumps([package()]).encode(), "x.json")
    assert "--source" in refused.value.advice


def test_real_packages_of_another_portal_are_read(trial_data: Path) -> None:
    path = trial_data / "datasets" / "hdx" / "unesco_dataset.json"
    (read,) = read_ckan(path.read_bytes(), path.name).reads
    assert read.document is not None
    assert errors_in((*read.problems, *check_dataset(read.document))) == []
    assert read.document["title"] == "Zimbabwe - Education Indicators"
    assert len(read.document["distribution"]) == 9
    assert not {"package_creator", "total_res_downloads"} & set(read.document["extras"])


@pytest.mark.parametrize(
    "members",
    [
        {"private": 1},
        {"state": "draft-complete"},
        {"state": "pending"},
        {"type": "data-sharing-agreement"},
        {"is_organization": True, "package_count": 3},
    ],
)
def test_what_is_not_published_or_no_dataset_is_not_taken(members: dict[str, object]) -> None:
    assert why_not_taken(package(**members))
    assert read_package(package(**members), "record 1").refused


def test_answers_are_read_in_dkan_s_shape_and_packed_and_one_that_ends_early_says_so() -> None:
    nested = {"success": True, "result": [[package(), package(id="2")]]}
    assert len(read_ckan(json.dumps(nested).encode(), "x.json", "b").reads) == 2
    lines = gzip.compress(b"".join(json.dumps(package(id=f"{n}")).encode() + b"\n" for n in range(3)))
    assert len(read_ckan(lines, "dump.jsonl.gz", "b").reads) == 3
    answer = {"success": True, "result": {"count": 5_000, "results": [package(), package(id="2")]}}
    first, last = read_ckan(json.dumps(answer).encode(), "x.json", "b").reads
    assert first.problems == ()
    assert ("5,000" in last.problems[0].message, last.refused) == (True, False)
