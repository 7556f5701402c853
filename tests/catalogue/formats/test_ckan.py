import json
from typing import Any

import pytest

from catalogue.datasets.record import check_dataset
from catalogue.formats.ckan import dataset_from_ckan
from catalogue.formats.ckan_writing import PackageRecord, dataset_to_ckan
from schemas.bundle import DATASET_VERSION
from schemas.problems import errors_in

NUMBER = "0d6f9f2a-6a0e-4c33-9a3a-1b1f0a3f2c11"


def package(**members: object) -> dict[str, Any]:
    return {"id": NUMBER, "name": "bridges", "title": "Bridges", "state": "active", "private": False, **members}


def extras(**values: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def document(**members: object) -> dict[str, Any]:
    result = dataset_from_ckan(package(**members))
    assert errors_in((*result.problems, *check_dataset(result.document))) == []
    return result.document


def test_a_full_package_is_read_member_by_member() -> None:
    found = document(
        notes="What *inspectors* found.",
        version="2",
        url="https://bridges.example/",
        license_id="cc-by",
        license_title="Creative Commons Attribution",
        license_url="https://creativecommons.org/licenses/by/4.0/",
        organization={"id": "o", "name": "office", "title": "Office of Bridges"},
        tags=[{"name": "roads", "display_name": "Roads"}, {"name": "bridges"}],
        groups=[{"name": "transport", "title": "Transport"}],
        resources=[
            {"id": "r2", "position": 1, "url": "https://bridges.example/b", "format": "HTML", "state": "active"},
            {
                "id": "r1",
                "position": 0,
                "name": "Findings",
                "url": "https://bridges.example/a.csv",
                "url_type": "upload",
                "mimetype": "text/csv",
                "size": "120",
                "hash": "md5:00ff",
                "last_modified": "2024-05-01T10:00:00.000001",
            },
        ],
        extras=extras(
            issued="2020-01-01",
            modified="2024-05-01",
            frequency="http://publications.europa.eu/resource/authority/frequency/ANNUAL",
            access_rights="http://publications.europa.eu/resource/authority/access-right/RESTRICTED",
            temporal_start="2019",
            temporal_end="2020",
            spatial='{"type": "Point", "coordinates": [1, 2]}',
            spatial_text="Wales",
            language='["en", "cy"]',
            bridge_count="7",
        ),
    )
    assert found == {
        "schemaVersion": DATASET_VERSION,
        "kind": "dataset",
        "identifier": NUMBER,
        "title": "Bridges",
        "description": "What *inspectors* found.",
        "publisher": {"name": "Office of Bridges"},
        "keyword": ["bridges", "Roads"],
        "theme": ["transport"],
        "sourceTheme": ["Transport"],
        "accessRights": "restricted",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "issued": "2020-01-01",
        "modified": "2024-05-01",
        "accrualPeriodicity": "annual",
        "version": "2",
        "landingPage": "https://bridges.example/",
        "language": ["en", "cy"],
        "temporal": [{"start": "2019", "end": "2020"}],
        "spatial": [{"bbox": ["1", "2", "1", "2"]}, {"name": "Wales"}],
        "distribution": [
            {
                "identifier": "r1",
                "title": "Findings",
                "accessURL": "https://bridges.example/a.csv",
                "downloadURL": "https://bridges.example/a.csv",
                "mediaType": "text/csv",
                "byteSize": 120,
                "modified": "2024-05-01T10:00:00.000001",
                "checksum": {"algorithm": "md5", "value": "00ff"},
            },
            {"identifier": "r2", "accessURL": "https://bridges.example/b", "format": "HTML"},
        ],
        "extras": {"bridge_count": "7", "spatial": {"type": "Point", "coordinates": [1, 2]}},
        "provenance": {"source": "imported"},
    }


def test_what_the_portal_counts_or_touches_is_no_content() -> None:
    touched = {
        "metadata_modified": "2026-11-21T23:00:10.407494",
        "metadata_created": "2020-01-01",
        "num_resources": 3,
        "tracking_summary": {"total": 7},
        "pageviews_last_14_days": 12,
        "total_res_downloads": 171,
        "creator_user_id": NUMBER,
        "relationships_as_subject": [],
        "extras": extras(harvest_object_id="1", harvest_source_title="x"),
    }
    assert document(**touched) == document()


def test_the_order_of_tags_and_groups_says_nothing() -> None:
    one = document(tags=[{"name": "a"}, {"name": "b"}], groups=[{"title": "x"}, {"title": "y"}])
    other = document(tags=[{"name": "b"}, {"name": "a"}], groups=[{"title": "y"}, {"title": "x"}])
    assert one == other


@pytest.mark.parametrize(
    ("members", "contact"),
    [
        (
            {"maintainer": "Jo", "maintainer_email": "jo@b.example", "author": "Al"},
            {"name": "Jo", "email": "jo@b.example"},
        ),
        ({"author": "desk@b.example"}, {"email": "desk@b.example"}),
        ({"maintainer": NUMBER, "maintainer_email": None}, {}),
        ({"maintainer": "Jo", "maintainer_email": "by phone"}, {"name": "Jo"}),
        (
            {"extras": extras(contact_name="Desk", contact_email="mailto:desk@b.example"), "author": "Jo"},
            {"name": "Desk", "email": "desk@b.example"},
        ),
    ],
)
def test_a_person_goes_into_the_contact_and_never_into_the_document(members: Any, contact: dict[str, str]) -> None:
    result = dataset_from_ckan(package(**members))
    assert result.contact == contact
    assert not {"Jo", "Al", "Desk"} & set(json.dumps(result.document).replace('"', " ").split())


@pytest.mark.parametrize(
    ("members", "licence"),
    [
        ({"license_id": "cc-by", "license_title": "CC BY"}, "cc-by"),
        ({"license_id": "other-pd", "license_title": "Other (Public Domain)"}, "Other (Public Domain)"),
        ({"license_id": "notspecified", "license_title": "License not specified"}, None),
        ({"license_title": "My own terms"}, "My own terms"),
        ({}, None),
    ],
)
def test_licences_are_named_as_well_as_they_can_be(members: Any, licence: str | None) -> None:
    assert document(**members).get("licence") == licence


def test_the_publisher_of_the_record_goes_before_the_portals_organisation() -> None:
    body = {"name": "office", "title": "Office"}
    assert document(organization=body)["publisher"] == {"name": "Office"}
    stated = extras(publisher='{"@type": "org:Organization", "name": "Real Publisher"}')
    assert document(organization=body, extras=stated)["publisher"] == {"name": "Real Publisher"}


def test_dates_that_are_none_are_kept_and_told() -> None:
    coverage = '[{"start": "2019-1-1", "end": "now"}]'
    told = {"issued": "31/02/2019", "temporal_start": "2018", "temporal_end": "31/02/2019"}
    result = dataset_from_ckan(package(extras=extras(**told, temporal_coverage=coverage)))
    assert result.document["temporal"] == [{"start": "2018"}, {"start": "2019-01-01"}]
    kept = {"issued": "31/02/2019", "temporal_end": "31/02/2019", "temporal_coverage": [{"end": "now"}]}
    assert result.document["extras"] == kept
    told_of = [problem.pointer for problem in result.problems if "is not a date" in problem.message]
    assert told_of == ["/issued", "/temporal_end", "/temporal_coverage/0/end"]
    assert errors_in(result.problems) == []


def test_a_written_package_has_every_member_that_strict_clients_want() -> None:
    found = document(resources=[{"url": "https://b.example/"}])
    record = PackageRecord(NUMBER, "bridges", "2026-01-01T00:00:00", "2026-01-02T00:00:00", {})
    written, _ = dataset_to_ckan(found, record)
    wanted = (
        "id name title notes license_id license_title tags metadata_created metadata_modified organization resources "
        "private type author author_email maintainer maintainer_email state"
    )
    assert set(wanted.split()) <= set(written)
    of_resource = "id position name description format mimetype size hash last_modified url resource_type"
    assert set(of_resource.split()) <= set(written["resources"][0])


def test_writing_names_what_ckan_cannot_carry() -> None:
    found = {
        "title": "Bridges",
        "legalBasis": ["Bridges Act"],
        "creator": [{"name": "Office"}],
        "publisher": {"name": "Office", "partOf": ["Ministry"]},
        "temporal": [{"start": "2019"}, {"text": "later"}],
        "spatial": [{"name": "Wales"}, {"name": "England"}, {"bbox": ["1", "2", "3", "4"]}],
        "distribution": [{"accessURL": "https://b.example/", "describedBy": "https://b.example/columns"}],
    }
    written, problems = dataset_to_ckan(found, PackageRecord(NUMBER, "bridges", "", "", {}))
    assert {problem.title for problem in problems} == {"creator", "publisher", "temporal", "spatial", "distribution"}
    pairs = {pair["key"]: pair["value"] for pair in written["extras"]}
    assert (pairs["spatial_text"], pairs["temporal_start"]) == ("Wales", "2019")
    assert json.loads(pairs["spatial"])["type"] == "Polygon"


def test_an_extra_never_bears_the_name_of_a_field_of_the_package() -> None:
    members = {"version": "1.1", "url": {"at": "a"}, "state": "draft", "colour": "red", "num_tags": 7}
    found = {**document(), "extras": members}
    written, problems = dataset_to_ckan(found, PackageRecord(NUMBER, "bridges", "", "", {}))
    assert (written["version"], written["url"], written["state"], written["num_tags"]) == ("1.1", None, "active", 0)
    assert {extra["key"] for extra in written["extras"]} == {"identifier", "colour"}
    told = [problem.message for problem in problems if "of its own" in problem.message]
    assert [next(name for name in members if f"“{name}”" in message) for message in told] == [
        *("num_tags", "state", "url", "version"),
    ]


@pytest.mark.parametrize(
    "stated",
    [
        [{"key": "frequency", "value": "monthly"}, {"key": "colour", "value": "red"}],
        {"frequency": "monthly", "colour": "red"},
        '{"frequency": "monthly", "colour": "red"}',
        [
            {"key": "frequency", "value": "monthly"},
            {"key": "colour", "value": "red"},
            {"key": "gone", "state": "deleted"},
        ],
    ],
)
def test_extras_are_read_in_every_shape(stated: object) -> None:
    result = dataset_from_ckan(package(extras=stated))
    assert (result.document["accrualPeriodicity"], result.document["extras"]) == ("monthly", {"colour": "red"})
    assert result.problems == ()


def test_no_extra_is_lost_unsaid() -> None:
    stated = [*extras(title="Other", state="draft", colour="red"), *extras(colour="blue"), "odd", {"value": "x"}]
    result = dataset_from_ckan(package(extras=stated))
    assert (result.document["title"], result.document["extras"]) == ("Bridges", {"colour": ["red", "blue"]})
    assert sorted(problem.pointer for problem in result.problems) == [
        "/extras/3",
        "/extras/4",
        "/extras/5",
        "/extras/title",
    ]


def test_what_ckanext_dcat_2_writes_is_read() -> None:
    shape = '{"type": "Polygon", "coordinates": [[[1, 2], [3, 2], [3, 4], [1, 4], [1, 2]]]}'
    result = dataset_from_ckan(
        package(
            contact=[{"name": "Desk", "email": "desk@b.example"}],
            publisher=[{"name": "Office", "url": "https://office.example/", "email": "jo@office.example"}],
            temporal_coverage=[{"start": "2001-01-01", "end": "2002-01-01"}, {"start": "2005"}],
            spatial_coverage=[{"text": "Wales", "uri": "https://places.example/w", "bbox": shape, "geom": ""}],
            language='["en", "cy"]',
            type="geoportal",
        )
    )
    found = result.document
    assert result.contact == {"name": "Desk", "email": "desk@b.example"}
    assert (found["publisher"], found["language"]) == ({"name": "Office"}, ["en", "cy"])
    assert found["temporal"] == [{"start": "2001-01-01", "end": "2002-01-01"}, {"start": "2005"}]
    assert found["spatial"] == [{"name": "Wales", "uri": "https://places.example/w", "bbox": ["1", "2", "3", "4"]}]
    assert found["extras"] == {"publisher": {"url": "https://office.example/"}, "type": "geoportal"}
    assert sorted(problem.pointer for problem in result.problems) == ["/publisher/email", "/type"]


def test_a_deleted_resource_is_left_out_and_told() -> None:
    stated = [
        {"url": "https://b.example/old", "state": "deleted"},
        {},
        {"url": "https://b.example/new", "size": "1 MB"},
    ]
    result = dataset_from_ckan(package(resources=stated))
    assert result.document["distribution"] == [{"accessURL": "https://b.example/new"}]
    assert result.document["extras"]["distribution"] == [{"size": "1 MB", "position": 0}]
    assert "deleted" in result.problems[0].message


def test_a_field_of_a_resource_that_is_no_text_does_not_reach_ckan_s_clients() -> None:
    found = document(resources=[{"url": "https://b.example/a", "format": [["CSV"]], "size": "1 MB", "colour": ["red"]}])
    record = PackageRecord(NUMBER, "bridges", "2026-01-01", "2026-01-01", {})
    result = dataset_to_ckan(found, record)
    (resource,) = result.record["resources"]
    assert (resource["format"], resource["size"], resource["colour"]) == ("", "1 MB", ["red"])
    assert [problem.pointer for problem in result.problems] == ["/extras/distribution/0/format"]
