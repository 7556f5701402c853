"""CKAN's other addresses: those of its older interfaces for programs, and those that records elsewhere point to."""

import json
from typing import Any

import pytest

from tests.web.ckan.conftest import Door


@pytest.mark.parametrize(
    "path", ["/api/3/action/package_list/", "/api/action/package_list/", "/api/3/action/package_list"]
)
def test_a_slash_at_the_end_changes_nothing(door: Door, path: str) -> None:
    assert door.client.get(path).get_json()["result"] == door.result("package_list")


@pytest.mark.parametrize("path", ["/api/action", "/api/3/action", "/api/3/action/"])
def test_an_action_without_a_name_is_none(door: Door, path: str) -> None:
    answer = door.client.get(path)
    assert (answer.status_code, answer.get_json()) == (400, "Bad request: Action name not known: ")


@pytest.mark.parametrize("prefix", ["/api/util/", "/api/1/util/", "/api/2/util/", "/api/3/util/"])
def test_what_begins_with_some_letters_is_offered_as_ckan_s_pages_ask_for_it(door: Door, prefix: str) -> None:
    def asked(what: str, typed: str) -> Any:
        answer = door.client.get(f"{prefix}{what}", query_string={"incomplete": typed, "q": typed})
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        return answer.get_json()

    assert asked("dataset/autocomplete", "road")["ResultSet"]["Result"][0] == {
        "name": "roads-of-riverton",
        "title": "Roads in Riverton",
        "match_field": "name",
        "match_displayed": "roads-of-riverton",
    }
    assert {"Format": "csv"} in asked("resource/format_autocomplete", "cs")["ResultSet"]["Result"]
    assert asked("resource/format_autocomplete", "")["ResultSet"]["Result"] == []
    tag = door.result("tag_list")[0]
    assert {"Name": tag} in asked("tag/autocomplete", tag)["ResultSet"]["Result"]
    assert asked("organization/autocomplete", "revenue")[0]["name"] == "revenue-office"
    assert asked("group/autocomplete", "econ")[0]["name"] == "economy"
    assert asked("status", "") == door.result("status_show")
    assert door.client.get(f"{prefix}user/autocomplete").status_code == 404


def test_the_search_before_there_were_actions(real_door: Door) -> None:
    def asked(path: str, **parameters: Any) -> Any:
        return real_door.client.get(path, query_string=parameters).get_json()

    whole = real_door.result("package_search", q="broadband", rows=1000)
    count, names = whole["count"], [package["name"] for package in whole["results"]]
    assert asked("/api/search/dataset", q="broadband", limit=1000) == {"count": count, "results": names}
    assert asked("/api/1/search/package", q="broadband", limit=2, offset=1) == {"count": count, "results": names[1:3]}
    ids = asked("/api/2/search/dataset", q="broadband", rows=1)["results"]
    assert ids == [whole["results"][0]["id"]]
    found = asked("/api/3/search/dataset", q="type:dataset", rows=1000, fl="id,name")
    assert (
        found["count"] == len(found["results"]) == real_door.result("package_search", q="type:dataset", rows=0)["count"]
    )
    assert all(set(one) == {"id", "name"} for one in found["results"])
    (stored,) = asked("/api/3/search/dataset", q="broadband", all_fields=1, rows=1)["results"]
    assert json.loads(stored["data_dict"]) == whole["results"][0]
    tagged = asked("/api/search/dataset", tags="broadband", organization="opendata-fcc-gov", rows=0)["count"]
    assert (
        tagged
        == real_door.result("package_search", rows=0, fq='tags:broadband organization:"opendata-fcc-gov"')["count"]
        > 0
    )
    posted = real_door.client.post(
        "/api/search/dataset", data=json.dumps({"q": "broadband", "rows": 0}), content_type="application/json"
    )
    assert posted.get_json() == {"count": count, "results": []}
    bad = real_door.client.get("/api/search/dataset?rows=-1")
    assert (bad.status_code, bad.get_json()) == (409, "rows: Must be a natural number")


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("/dataset", "/datasets"),
        ("/dataset?q=tax+office", "/search?q=tax+office"),
        ("/dataset/roads-of-riverton", "/datasets/roads-of-riverton"),
        ("/dataset/roads-of-riverton/", "/datasets/roads-of-riverton"),
        ("/dataset/roads-of-riverton.ttl", "/datasets/roads-of-riverton.ttl"),
        ("/dataset/roads-of-riverton.xml", "/datasets/roads-of-riverton.rdf"),
        ("/dataset/roads-of-riverton/resource/1", "/datasets/roads-of-riverton"),
        ("/dataset/roads-of-riverton.n3", "/datasets/roads-of-riverton.ttl"),
        ("/dataset/activity/roads-of-riverton", "/datasets/roads-of-riverton"),
        (
            "/dataset?q=tax&tags=a+%22b%22&organization=revenue-office&groups=economy&res_format=CSV&license_id=cc-by",
            "/search?q=tax+keyword%3A%22a++b+%22&organisation=revenue-office&theme=economy&format=CSV&licence=cc-by",
        ),
        ("/catalog.xml?page=1", "/catalog.rdf?page=1"),
        ("/catalog.n3", "/catalog.ttl"),
        ("/organization/about/revenue-office", "/organisations/revenue-office"),
        ("/package", "/datasets"),
        ("/package/roads-of-riverton", "/datasets/roads-of-riverton"),
        ("/dataset/search?q=tax", "/search?q=tax"),
        (
            "/organization/revenue-office?q=tax&res_format=CSV",
            "/search?q=tax&format=CSV&organisation=revenue-office",
        ),
        ("/group/economy?tags=tax", "/search?q=keyword%3A%22tax%22&theme=economy"),
        ("/group", "/search"),
        ("/tag/roads", "/search?q=keyword%3A%22roads%22"),
        ("/organization", "/organisations"),
        ("/organization/revenue-office", "/organisations/revenue-office"),
        ("/group/economy", "/search?theme=economy"),
        ("/feeds/dataset.atom", "/feeds/datasets.atom"),
        ("/feeds/custom.atom?q=tax", "/search.atom?q=tax&sort=recorded"),
        ("/feeds/organization/revenue-office.atom", "/search.atom?organisation=revenue-office&sort=recorded"),
        ("/feeds/group/economy.atom", "/search.atom?theme=economy&sort=recorded"),
        ("/feeds/tag/roads.atom", "/search.atom?q=keyword%3A%22roads%22&sort=recorded"),
    ],
)
def test_ckan_s_pages_and_feeds_lead_to_ours(door: Door, address: str, ours: str) -> None:
    answer = door.client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (301, ours)
    if not ours.partition("?")[0].endswith((".ttl", ".rdf")):
        assert door.client.get(ours).status_code == 200


@pytest.mark.parametrize(
    ("address", "then"),
    [
        ("/en/dataset/roads-of-riverton", "/dataset/roads-of-riverton"),
        ("/pt_BR/dataset?q=tax", "/dataset?q=tax"),
        ("/fr/organization/about/revenue-office", "/organization/about/revenue-office"),
    ],
)
def test_ckan_s_pages_in_a_language_lead_to_those_without(door: Door, address: str, then: str) -> None:
    answer = door.client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (301, then)
    assert door.client.get(then).status_code == 301


def test_ckan_s_pages_are_found_by_number_too(door: Door) -> None:
    package = door.result("package_show", id="roads-of-riverton")
    assert door.client.get(f"/dataset/{package['id']}").headers["Location"] == "/datasets/roads-of-riverton"
    body = package["organization"]
    assert door.client.get(f"/organization/{body['id']}").headers["Location"] == f"/organisations/{body['name']}"


@pytest.mark.parametrize(
    "address",
    [
        "/dataset/nothing",
        "/dataset/sealed-records",
        "/organization/nobody",
        "/group/nothing",
        "/package/nothing",
        "/api/dataset",
        "/pages/dataset",
        "/feeds/organization/nobody.atom",
    ],
)
def test_what_is_not_there_leads_nowhere(door: Door, address: str) -> None:
    assert door.client.get(address).status_code == 404
