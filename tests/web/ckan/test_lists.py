"""Packages, resources, organisations, groups, tags and licences, one by one and in lists."""

import json
from uuid import UUID

import pytest

from catalogue.formats.ckan import dataset_from_ckan
from schemas.cleaning import clean_document
from tests.web.ckan.conftest import Door

PACKAGE = (
    "id name title notes url version author author_email maintainer maintainer_email license_id license_title "
    "license_url isopen type state private owner_org creator_user_id metadata_created metadata_modified "
    "num_resources num_tags resources tags extras groups organization relationships_as_subject "
    "relationships_as_object"
).split()
RESOURCE = (
    "id package_id name description url format mimetype size hash resource_type position created last_modified "
    "metadata_modified state url_type datastore_active"
).split()
ORGANISATION = (
    "id name title display_name description image_url image_display_url package_count created state approval_status "
    "is_organization type"
).split()


def test_a_package_has_every_member_that_a_strict_client_wants(real_door: Door) -> None:
    """udata leaves out a dataset in which one of these is missing or of another kind."""
    for package in real_door.result("package_search", rows=1000)["results"]:
        assert set(PACKAGE) <= set(package)
        assert str(UUID(package["id"])) == package["id"]
        assert package["num_resources"] == len(package["resources"])
        assert package["organization"] is None or package["organization"]["approval_status"] == "approved"
        for position, resource in enumerate(package["resources"]):
            assert set(RESOURCE) <= set(resource)
            assert (resource["position"], resource["package_id"]) == (position, package["id"])
            assert all(isinstance(resource[name], str) for name in ("id", "name", "description", "format", "hash"))
        for tag in package["tags"]:
            assert {"id", "name"} <= set(tag)


def test_a_package_is_shown_by_name_and_by_number_in_either_writing(real_door: Door) -> None:
    first = real_door.result("package_search", rows=1)["results"][0]
    for name in (first["name"], first["id"], first["id"].replace("-", ""), first["id"].upper()):
        assert real_door.result("package_show", id=name) == first
    assert real_door.result("package_show", name_or_id=first["name"], include_password_hash="true") == first


def test_what_is_withdrawn_is_not_there(door: Door) -> None:
    listed = door.result("package_list")
    assert listed == sorted(listed)
    assert all(door.result("package_show", id=name)["state"] == "active" for name in listed)
    assert door.error("package_show", id="sealed-records")[0] == 404


def test_lists_can_be_asked_for_in_parts(real_door: Door) -> None:
    whole = real_door.result("package_list")
    assert real_door.result("package_list", limit=5, offset=3) == whole[3:8]
    found = real_door.result("current_package_list_with_resources", limit=4, offset=1)
    assert len(found) == 4
    assert len(real_door.result("current_package_list_with_resources")) == len(whole)


def test_every_resource_is_found_by_its_number(real_door: Door) -> None:
    seen = set()
    for package in real_door.result("package_search", rows=20, fq="res_format:CSV")["results"]:
        for resource in package["resources"]:
            assert real_door.result("resource_show", id=resource["id"]) == resource
            seen.add(resource["id"])
    assert len(seen) > 20


def test_resources_are_searched_field_by_field(real_door: Door) -> None:
    found = real_door.result("resource_search", query="format:csv", limit=3)
    assert found["count"] > 3 == len(found["results"])
    both = real_door.result("resource_search", query=["format:csv", "url:fcc"])
    assert 0 < both["count"] <= found["count"]
    assert real_door.error("resource_search", query="csv")[1]["__type"] == "Validation Error"
    assert real_door.error("resource_search", query="mood:csv")[1]["__type"] == "Search Error"


def test_organisations_are_listed_and_shown(real_door: Door) -> None:
    names = real_door.result("organization_list")
    whole = real_door.result(
        "organization_list", all_fields="true", limit=1000, include_extras="true", include_tags="1"
    )
    assert [body["name"] for body in whole] == names
    assert all(set(ORGANISATION) <= set(body) for body in whole)
    titles = [body["title"].casefold() for body in whole]
    assert titles == sorted(titles)
    assert len(real_door.result("organization_list", all_fields="true")) == min(25, len(names))
    assert real_door.result("organization_list", limit=2, offset=1) == names[1:3]
    assert real_door.result("organization_list", sort="package_count desc")[0] == "opendata-fcc-gov"
    assert real_door.result("organization_list", sort="name asc") == sorted(names)
    assert real_door.result("organization_list", organizations="opendata-fcc-gov") == ["opendata-fcc-gov"]
    body = real_door.result("organization_show", id="opendata-fcc-gov", include_datasets="true")
    assert body["package_count"] == len(body["packages"]) > 0
    assert body == real_door.result("organization_show", id=body["id"], include_datasets="true")
    assert real_door.result("organization_autocomplete", q="fcc", limit=1)[0]["name"] == "opendata-fcc-gov"


def test_groups_are_the_themes(door: Door) -> None:
    package = door.result("package_show", id="tax-returns")
    assert [group["name"] for group in package["groups"]] == ["economy"]
    group = door.result("group_show", id="economy", include_datasets="true")
    assert (group["title"], group["package_count"]) == ("Economy and finance", 1)
    assert [found["name"] for found in group["packages"]] == ["tax-returns"]
    assert door.result("group_package_show", id="economy")[0]["name"] == "tax-returns"
    assert "economy" in door.result("group_list")
    assert door.result("package_search", rows=0, fq="groups:economy")["count"] == 1


def test_tags_are_the_keywords(real_door: Door) -> None:
    names = real_door.result("tag_list")
    assert names == sorted(names)
    assert len(names) > 50
    assert all("broad" in name.lower() for name in real_door.result("tag_list", query="broad"))
    found = real_door.result("tag_search", query="BROAD", limit=1)
    assert found["count"] >= len(found["results"]) == 1
    shown = real_door.result("tag_show", id="broadband", include_datasets="true")
    assert len(shown["packages"]) == real_door.result("package_search", rows=0, fq='tags:"broadband"')["count"] > 0
    assert real_door.result("vocabulary_list") == []


def test_licences_are_listed_by_the_names_that_packages_use(door: Door) -> None:
    listed = {licence["id"]: licence for licence in door.result("license_list")}
    package = door.result("package_show", id="roads-of-riverton")
    assert package["license_title"] == listed[package["license_id"]]["title"]
    assert package["isopen"] is True
    assert door.result("package_show", id="tax-returns")["isopen"] is False


def test_every_action_says_what_it_does(door: Door) -> None:
    for action in ("package_search", "package_show", "organization_list", "tag_show", "resource_search", "help_show"):
        assert len(door.result("help_show", name=action)) > 20


@pytest.mark.parametrize("feed", ["consumerfinance", "fcc"])
def test_what_is_given_reads_back_as_it_was(real_door: Door, feed: str) -> None:
    """What another catalogue harvests of ours is what we hold."""
    host = {"fcc": "fcc", "consumerfinance": "consumer"}[feed]
    for package in real_door.result("package_search", rows=1000, fq=f"organization:{host}*")["results"]:
        read = dataset_from_ckan(clean_document(json.loads(json.dumps(package)))[0])
        assert not [problem for problem in read.problems if problem.severity == "error"]
        assert read.document["title"] == package["title"]
        assert len(read.document.get("distribution", [])) == package["num_resources"]
        assert set(read.document.get("keyword", [])) == {tag["name"] for tag in package["tags"]}


def test_what_no_record_here_has_is_an_empty_list_or_not_found(door: Door) -> None:
    package = door.result("package_show", id="roads-of-riverton")
    assert door.result("resource_view_list", id=package["resources"][0]["id"]) == []
    assert door.result("package_relationships_list", id=package["id"]) == []
    assert door.result("organization_list_for_user") == door.result("group_list_authz") == []
    for action in ("resource_view_list", "package_relationships_list", "vocabulary_show"):
        assert door.error(action, id="nothing")[0] == 404
        assert door.error(action)[0] == 409
