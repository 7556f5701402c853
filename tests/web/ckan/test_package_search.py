"""`package_search` as clients use it: counts, filters, orders, pages, facets."""

import json
from typing import Any

import pytest

from tests.web.ckan.conftest import Door


def names(door: Door, **asked: Any) -> list[str]:
    return [found["name"] for found in door.result("package_search", **asked)["results"]]


def count(door: Door, **asked: Any) -> int:
    found = door.result("package_search", rows=0, **asked)
    assert found["results"] == []
    return int(found["count"])


def test_its_result_has_the_members_of_ckan(real_door: Door) -> None:
    found = real_door.result("package_search", rows=2)
    assert list(found) == ["count", "facets", "results", "sort", "search_facets"]
    assert found["sort"] == "score desc, metadata_modified desc"
    assert len(found["results"]) == 2
    modified = [package["metadata_modified"] for package in found["results"]]
    assert modified == sorted(modified, reverse=True)


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ({"q": ""}, {}),
        ({"q": "*:*"}, {}),
        ({"fq": ""}, {}),
        ({"fq": "*:*"}, {}),
        ({"fq": "state:active"}, {}),
        ({"fq": "+state:(active)"}, {}),
        ({"fq": "capacity:public private:false"}, {}),
        ({"fq": "-private:true"}, {}),
        ({"fq": "+entity_type:package +capacity:public"}, {}),
        (
            {"fq": ["organization:opendata-fcc-gov", "tags:broadband"]},
            {"fq": "+organization:opendata-fcc-gov +tags:broadband"},
        ),
        ({"fq": '-harvest_source_title:"No such source"'}, {}),
        ({"fq": "+type:dataset"}, {"fq": "dataset_type:dataset"}),
        (
            {"fq": "organization:fcc-gov OR organization:opendata-fcc-gov"},
            {"fq": "organization:(fcc-gov OR opendata-fcc-gov)"},
        ),
        ({"q": "organization:opendata-fcc-gov"}, {"fq": 'organization:"opendata-fcc-gov"'}),
        ({"fq_list": json.dumps([])}, {}),
        ({"q": "broadband", "qf": "title^9", "defType": "edismax", "mm": "1", "ext_x": "1"}, {"q": "broadband"}),
        (
            {"q": "broadband", "include_private": "true", "include_drafts": "1", "use_default_schema": "false"},
            {"q": "broadband"},
        ),
    ],
)
def test_the_same_is_meant(real_door: Door, asked: dict[str, Any], same: dict[str, Any]) -> None:
    assert count(real_door, **asked) == count(real_door, **same) > 0


@pytest.mark.parametrize(
    "fq",
    [
        "state:deleted",
        "private:true",
        "no_such_field:x",
        "extras_anything:*",
        "owner_org:00000000-0000-0000-0000-00000000abcd",
        "metadata_modified:[NOW+1YEAR TO *]",
        "metadata_created:[NOW+1DAY TO *]",
        "+organization:nobody",
    ],
)
def test_what_nothing_has_finds_nothing(real_door: Door, fq: str) -> None:
    assert count(real_door, fq=fq) == 0


def test_a_choice_of_two_organisations_stays_under_the_other_filter(real_door: Door) -> None:
    """What every harvester means by it, and CKAN answers with everything (ckanext-harvest#518)."""
    either = "organization:opendata-fcc-gov OR organization:consumer-financial-protection-bureau"
    everything = count(real_door, fq=either)
    assert everything == count(real_door, fq=f"{either} metadata_modified:[2000-01-01T09:00:00.123456Z TO *]") > 0
    assert count(real_door, fq=f"{either} metadata_modified:[NOW+1DAY TO *]") == 0


def test_an_organisation_is_known_by_its_number(real_door: Door) -> None:
    shown = real_door.result("organization_show", id="opendata-fcc-gov")
    assert count(real_door, fq=f"owner_org:{shown['id']}") == shown["package_count"] > 0


def test_a_filter_s_words_must_all_match(real_door: Door) -> None:
    both = count(real_door, fq="broadband satellite")
    assert both < count(real_door, fq="broadband OR satellite")
    assert both == count(real_door, fq="+broadband +satellite")


def test_agreements_are_found_by_who_asks_for_them(door: Door) -> None:
    assert not any(name.startswith("dg-") for name in names(door, rows=1000))
    found = door.result("package_search", fq="dataset_type:data-sharing-agreement", rows=1000)
    assert found["count"] == len(found["results"]) > 0
    assert {package["type"] for package in found["results"]} == {"data-sharing-agreement"}
    short = door.result("package_search", fq="dataset_type:data-sharing-agreement", rows=1000, fl="id,name")
    assert short["results"] == [{name: package[name] for name in ("id", "name")} for package in found["results"]]
    shown = door.result("package_show", id="dg-1")
    assert shown in found["results"]
    assert shown == door.result("package_show", id=shown["id"])
    assert all(door.result("resource_show", id=one["id"]) == one for one in shown["resources"])
    assert names(door, fq=f"id:{shown['id']} type:data-sharing-agreement") == ["dg-1"]
    assert {extra["key"] for extra in shown["extras"]} >= {"agreement_state", "parties"}


def test_pages_follow_one_another_to_the_last(real_door: Door) -> None:
    whole = names(real_door, rows=1000, sort="id asc")
    ids = [package["id"] for package in real_door.result("package_search", rows=1000, sort="id asc")["results"]]
    assert ids == sorted(ids)
    paged: list[str] = []
    while page := names(real_door, rows=7, start=len(paged), sort="id asc"):
        paged += page
    assert paged == whole
    assert real_door.result("package_search", start=10**6, rows=5)["count"] == len(whole)


@pytest.mark.parametrize("field", ["name", "title", "metadata_created", "metadata_modified", "id"])
def test_an_order_can_be_turned_round(real_door: Door, field: str) -> None:
    forward = names(real_door, rows=1000, sort=f"{field} asc")
    assert names(real_door, rows=1000, sort=f"{field} desc") == forward[::-1]
    if field == "name":
        assert forward == sorted(forward)


def test_too_many_rows_are_silently_fewer(real_door: Door) -> None:
    assert len(names(real_door, rows=5000)) == count(real_door)


@pytest.mark.parametrize(
    "fields",
    [["organization", "tags"], json.dumps(["organization", "tags"]), "organization,tags", "organization tags"],
    ids=["repeated", "json", "commas", "blanks"],
)
def test_facets_are_counted_however_they_are_named(real_door: Door, fields: object) -> None:
    found = real_door.result("package_search", q="broadband", rows=0, **{"facet.field": fields, "facet.limit": 3})
    assert list(found["facets"]) == ["organization", "tags"]
    assert len(found["facets"]["tags"]) == 3
    items = found["search_facets"]["organization"]["items"]
    assert {item["name"]: item["count"] for item in items} == found["facets"]["organization"]
    shown = [item["display_name"] for item in items]
    assert shown == sorted(shown, reverse=True)
    for value, number in found["facets"]["organization"].items():
        assert count(real_door, q="broadband", fq=f'organization:"{value}"') == number


def test_facets_can_be_unlimited_or_left_out(real_door: Door) -> None:
    limited = real_door.result("package_search", rows=0, **{"facet.field": '["tags"]', "facet.limit": 2})
    every = real_door.result("package_search", rows=0, **{"facet.field": '["tags"]', "facet.limit": -1})
    assert len(every["facets"]["tags"]) > len(limited["facets"]["tags"]) == 2
    common = real_door.result(
        "package_search", rows=0, **{"facet.field": '["tags"]', "facet.limit": -1, "facet.mincount": 5}
    )
    assert common["facets"]["tags"] == {name: n for name, n in every["facets"]["tags"].items() if n >= 5}
    assert real_door.result("package_search", rows=0, facet="false", **{"facet.field": '["tags"]'})["facets"] == {}
    assert real_door.result("package_search", rows=0, **{"facet.field": '["no_such"]'})["facets"] == {"no_such": {}}


@pytest.mark.parametrize("fl", ["id,name,title", ["id", "name", "title"], "name,metadata_modified,owner_org"])
def test_only_the_fields_asked_for_are_given(real_door: Door, fl: object) -> None:
    wanted = fl.split(",") if isinstance(fl, str) else fl
    for package in real_door.result("package_search", rows=3, fl=fl)["results"]:
        assert list(package) == wanted
        whole = real_door.result("package_show", id=package["name"])
        assert package == {name: whole[name] for name in wanted}


def test_beginnings_find_titles(real_door: Door) -> None:
    found = real_door.result("package_autocomplete", q="broadb", limit=5)
    assert len(found) == 5
    assert set(found[0]) == {"name", "title", "match_field", "match_displayed"}
    assert all("broadb" in f"{line['name']} {line['title']}".lower() for line in found)
    assert real_door.result("format_autocomplete", q="cs") == ["csv"]


def test_fields_asked_for_are_as_ckan_s_search_stores_them(real_door: Door) -> None:
    fields = "id,organization,tags,groups,res_format,extras_identifier,nothing"
    (whole,) = real_door.result("package_search", rows=1, q="broadband", fl="*")["results"]
    assert whole == real_door.result("package_search", rows=1, q="broadband")["results"][0]
    (stored,) = real_door.result("package_search", rows=1, q="broadband", fl=fields)["results"]
    assert stored == {
        "id": whole["id"],
        "organization": whole["organization"]["name"],
        "tags": [tag["name"] for tag in whole["tags"]],
        "res_format": [resource["format"] for resource in whole["resources"]],
        "identifier": next(pair["value"] for pair in whole["extras"] if pair["key"] == "identifier"),
        **({"groups": [group["name"] for group in whole["groups"]]} if whole["groups"] else {}),
    }


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ('["tags"', ["Could not parse as valid JSON", "Not a list"]),
        ('{"tags": 1}', ["Not a list"]),
    ],
)
def test_facets_that_are_no_list_are_refused(door: Door, fields: str, told: list[str]) -> None:
    status, error = door.error("package_search", **{"facet.field": fields})
    assert (status, error) == (409, {"facet.field": told, "__type": "Validation Error"})


def test_a_number_of_json_may_have_a_point(door: Door) -> None:
    body = json.dumps({"rows": 1.0, "start": 0.0})
    answer = door.client.post("/api/3/action/package_search", data=body, content_type="application/json")
    assert len(answer.get_json()["result"]["results"]) == 1
    assert door.get("package_search", rows="1.0")[0] == 409
