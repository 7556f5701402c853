"""Addresses, bodies, envelopes and errors, as CKAN's own answers have them."""

import json
from typing import Any

import pytest

from tests.web.ckan.conftest import Door
from tests.web.conftest import Site

JSON = {"Content-Type": "application/json"}


def test_a_result_stands_in_its_envelope(door: Door) -> None:
    answer = door.client.get("/api/3/action/status_show")
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    envelope = answer.get_json()
    assert list(envelope) == ["help", "success", "result"]
    assert envelope["help"] == "http://localhost/api/3/action/help_show?name=status_show"
    assert envelope["result"]["ckan_version"].startswith("2.11")


@pytest.mark.parametrize(
    ("address", "number"), [("/api", 3), ("/api/", 3), ("/api/3", 3), ("/api/3/", 3), ("/api/1", 1)]
)
def test_the_version_is_told(door: Door, address: str, number: int) -> None:
    answer = door.client.get(address)
    assert (answer.status_code, answer.get_json()) == (200, {"version": number})


@pytest.mark.parametrize("prefix", ["/api/action/", "/api/3/action/"])
@pytest.mark.parametrize(
    "sent",
    [
        {"data": json.dumps({"q": "roads", "rows": 1}), "headers": JSON},
        {"data": {"q": "roads", "rows": "1"}},
        {"data": json.dumps({"q": "roads", "rows": 1}), "content_type": "application/x-www-form-urlencoded"},
    ],
    ids=["json", "form", "json as a form"],
)
def test_a_body_is_read_however_it_is_sent(door: Door, prefix: str, sent: dict[str, Any]) -> None:
    answer = door.client.post(f"{prefix}package_search", **sent)
    assert answer.status_code == 200, answer.text
    assert [found["name"] for found in answer.get_json()["result"]["results"]] == ["roads-of-riverton"]


def test_a_post_without_a_body_asks_nothing(door: Door) -> None:
    assert door.client.post("/api/action/site_read").get_json()["result"] is True


def test_a_get_that_names_json_and_sends_none_is_read_from_its_address(door: Door) -> None:
    """As ckanr sends it."""
    answer = door.client.get("/api/3/action/package_show?id=roads-of-riverton", headers=JSON)
    assert answer.get_json()["result"]["name"] == "roads-of-riverton"


def test_tokens_of_any_kind_are_passed_over(door: Door) -> None:
    headers = {"X-CKAN-API-Key": "secret", "Authorization": "secret"}
    assert door.client.post("/api/action/site_read", headers=headers).status_code == 200


def test_a_script_is_answered_by_a_call(door: Door) -> None:
    answer = door.client.get("/api/3/action/package_show?id=roads-of-riverton&callback=jQuery.cb_1")
    assert answer.headers["Content-Type"] == "application/javascript;charset=utf-8"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.text.startswith("/**/jQuery.cb_1({")
    assert answer.text.endswith("});")
    assert "<" not in answer.text


@pytest.mark.parametrize("callback", ["alert(1)//", "<script>", "1a", "a" * 200])
def test_what_is_no_name_of_a_function_calls_nothing(door: Door, callback: str) -> None:
    answer = door.client.get("/api/3/action/site_read", query_string={"callback": callback})
    assert answer.get_json()["result"] is True


@pytest.mark.parametrize(
    ("body", "begins"),
    [
        ("[1]", "Bad request: JSON Error: Request data JSON decoded to [1] but it needs to be a dictionary."),
        ('"x"', "Bad request: JSON Error: Request data JSON decoded to x but"),
        ('{"q":', "Bad request: JSON Error: Error decoding JSON data."),
        ("[" * 100_000, "Bad request: JSON Error: Error decoding JSON data."),
        ("\x00", "Bad request: JSON Error: Error decoding JSON data."),
        ("{" + " " * 1_000_001 + "}", "Bad request: JSON Error: The request is longer"),
    ],
)
def test_a_body_that_is_no_object_is_refused_in_a_bare_string(door: Door, body: str, begins: str) -> None:
    answer = door.client.post("/api/3/action/package_search", data=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.get_json().startswith(begins)


def test_an_action_that_is_none_is_refused_in_a_bare_string(door: Door) -> None:
    assert door.get("package_nothing") == (400, "Bad request: Action name not known: package_nothing")


@pytest.mark.parametrize(
    ("action", "asked", "status", "error"),
    [
        ("package_show", {"id": "nope"}, 404, {"__type": "Not Found Error", "message": "Not found"}),
        ("package_show", {}, 409, {"name_or_id": ["Missing value"], "__type": "Validation Error"}),
        ("organization_show", {"id": "nope"}, 404, {"__type": "Not Found Error", "message": "Not found"}),
        ("group_show", {"id": "nope"}, 404, {"__type": "Not Found Error", "message": "Not found"}),
        ("resource_show", {"id": "nope"}, 404, {"__type": "Not Found Error", "message": "Not found"}),
        ("tag_show", {"id": "nope"}, 404, {"__type": "Not Found Error", "message": "Not found"}),
        ("help_show", {"name": "nope"}, 404, {"__type": "Not Found Error", "message": "Not found"}),
        ("package_search", {"rows": -1}, 409, {"rows": ["Must be a natural number"], "__type": "Validation Error"}),
        ("package_search", {"start": "x"}, 409, {"start": ["Invalid integer"], "__type": "Validation Error"}),
        ("package_search", {"rows": "٣"}, 409, {"rows": ["Invalid integer"], "__type": "Validation Error"}),
        (
            "package_search",
            {"foo": 1},
            400,
            {
                "__type": "Search Query Error",
                "message": "Search Query is invalid: \"Invalid search parameters: ['foo']\"",
            },
        ),
        (
            "package_search",
            {"sort": "nonsense"},
            400,
            {"__type": "Search Query Error", "message": "Search Query is invalid: 'Invalid \"sort\" parameter'"},
        ),
        (
            "organization_list",
            {"sort": "mood"},
            409,
            {"sort": ["Cannot sort by field `mood`"], "__type": "Validation Error"},
        ),
    ],
)
def test_an_error_has_ckan_s_type_status_and_words(
    door: Door, action: str, asked: dict[str, Any], status: int, error: dict[str, Any]
) -> None:
    assert door.error(action, **asked) == (status, error)


@pytest.mark.parametrize(
    "text",
    [
        "metadata_modified:[2020 TO",
        "organization:(a OR",
        'title:"half',
        "{!lucene}x",
        "a)",
        "year:[1]",
    ],
)
def test_a_filter_that_cannot_be_read_is_a_search_error(door: Door, text: str) -> None:
    status, error = door.error("package_search", fq=text)
    assert (status, error["__type"]) == (409, "Search Error")
    assert error["message"].startswith("Search error: ")


@pytest.mark.parametrize("action", ["package_create", "package_delete", "organization_patch", "user_list"])
def test_what_changes_something_is_nobody_s(door: Door, action: str) -> None:
    answer = door.client.post(f"/api/3/action/{action}", data='{"name": "x"}', headers=JSON)
    assert answer.status_code == 403
    assert answer.get_json()["error"]["__type"] == "Authorization Error"
    assert answer.get_json()["error"]["message"].startswith("Access denied: ")


def test_an_index_that_is_gone_is_told_in_the_envelope(site: Site) -> None:
    without = Door(site.without_search().test_client())
    status, error = without.error("package_search", q="roads")
    assert (status, error["__type"]) == (500, "Search Connection Error")
    assert without.result("package_show", id="roads-of-riverton")["name"] == "roads-of-riverton"


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800", "x" * 100_000, "((((" * 5_000, '"' * 9_999, "::::", "NOT", "*", "[* TO *]"]
)
def test_no_words_are_an_error(door: Door, text: str) -> None:
    body = json.dumps({"q": text, "facet.field": ["tags", text[:50]], "ext_any": text})
    answer = door.client.post("/api/3/action/package_search", data=body, headers=JSON)
    assert answer.status_code == 200, answer.text


ASKED = {
    "package_search": ("q", "fq", "fq_list", "rows", "start", "sort", "fl", "facet", "facet.field", "facet.limit"),
    "package_show": ("id",),
    "package_list": ("limit", "offset"),
    "organization_list": ("limit", "sort", "all_fields", "organizations", "q"),
    "organization_show": ("id", "include_datasets"),
    "group_list": ("limit", "q"),
    "tag_list": ("query",),
    "tag_search": ("query", "limit"),
    "resource_search": ("query", "limit"),
    "package_autocomplete": ("q", "limit"),
    "format_autocomplete": ("q", "limit"),
    "package_activity_list": ("id",),
    "recently_changed_packages_activity_list": ("limit", "offset", "before", "after", "activity_types"),
    "activity_show": ("id",),
    "member_list": ("id", "object_type"),
    "term_translation_show": ("terms",),
    "help_show": ("name",),
}


ANY_VALUES: tuple[object, ...] = (
    *(None, True, 3.5, {}, {"a": [1]}, [], [None], [[]]),
    *("\x00", "\ud800", -1, 10**30),
)


@pytest.mark.parametrize("action", sorted(ASKED))
def test_no_value_of_any_kind_is_a_fault_of_ours(door: Door, action: str) -> None:
    for name in ASKED[action]:
        for value in ANY_VALUES:
            answer = door.client.post(f"/api/action/{action}", data=json.dumps({name: value}), headers=JSON)
            assert answer.status_code in {200, 400, 404, 409}, (name, value, answer.text)
            assert isinstance(answer.get_json(), dict)
