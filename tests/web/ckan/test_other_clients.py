"""What other people's programs ask of a CKAN site and read from its answers, beside what CKAN's own documents tell.

Found in the sources of clients in Java, Go, R, JavaScript and Python, of tools for agents, of portals' pages, and of
the tests that GOV.UK and CKAN run against their own sites.
"""

import json
from collections import Counter
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.web.ckan.conftest import Door
from tests.web.ckan.test_package_search import count, names

Package = dict[str, Any]


@pytest.fixture(scope="module")
def packages(real_door: Door) -> list[Package]:
    found: list[Package] = real_door.result("package_search", rows=1000)["results"]
    return found


def stated(package: Package, field: str) -> list[str]:
    """The values that CKAN's search has of a package under a name."""
    extras = [pair["value"] for pair in package["extras"] if pair["key"] == field]
    values = {
        "organization": [package["organization"]["name"]] if package["organization"] else [],
        "tags": [tag["name"] for tag in package["tags"]],
        "res_format": [resource["format"] for resource in package["resources"]],
        "res_url": [resource["url"] for resource in package["resources"]],
        "isopen": [str(package["isopen"]).lower()],
    }
    found = values[field] if field in values else extras or [package.get(field)]
    return ["" if value is None else str(value).lower() for value in found]


@pytest.mark.parametrize(
    ("field", "pattern"),
    [
        ("organization", "*fcc*"),
        ("name", "*broadband*"),
        ("tags", "*band*"),
        ("tags", "broadban?"),
        ("res_format", "?s*"),
        ("res_url", "*.fcc.gov/*"),
        ("publisher_name", "*protection bureau"),
        ("maintainer_email", "*@*.gov"),
        ("license_id", "*specified"),
        ("isopen", "t*e"),
    ],
)
def test_stars_and_question_marks_stand_for_letters_anywhere_in_a_name(
    real_door: Door, packages: list[Package], field: str, pattern: str
) -> None:
    fitting = [p for p in packages if any(fnmatchcase(value, pattern) for value in stated(p, field))]
    asked = pattern.replace(" ", "?")
    assert 0 < count(real_door, fq=f"{field}:{asked}") == count(real_door, q=f"({field}:({asked}))") == len(fitting)
    assert count(real_door, fq=f"-{field}:{asked}") == len(packages) - len(fitting)


def test_a_pattern_that_fits_nothing_finds_nothing(real_door: Door) -> None:
    for text in ("organization:*nobody*", "name:*_*", "name:*%*", "tags:?*?*?*qqq*", "state:*deleted*"):
        assert count(real_door, fq=text) == 0


@pytest.mark.parametrize(
    "text", ["author:*", "views_total:[1 TO *]", 'holder_name:("a" OR "b")', "creator_user_id:x", "no_such:*"]
)
def test_a_name_before_a_sign_of_the_syntax_is_a_field_in_free_text_too(real_door: Door, text: str) -> None:
    assert count(real_door, q=text) == count(real_door, fq=text) == 0
    assert count(real_door, q=f"-{text}") == count(real_door)


def test_local_parameters_are_refused_in_free_text_too(door: Door) -> None:
    status, error = door.error("package_search", q='{!child of="content_type:parentDoc"}')
    assert (status, error["__type"]) == (409, "Search Error")


def test_every_dataset_is_found_by_its_name_and_by_its_title_within_its_organisation(
    real_door: Door, packages: list[Package]
) -> None:
    for package in packages:
        assert package["name"] in names(real_door, q=package["name"], rows=100)
    for package in packages[::5]:
        words = sorted((word for word in package["title"].split() if word.isalpha()), key=len)[-2:]
        found = real_door.result("package_search", q=" ".join(words), fq=f"owner_org:{package['owner_org']}", rows=1000)
        assert package["id"] in {one["id"] for one in found["results"]}


def test_licences_are_counted_as_they_are_found(real_door: Door, packages: list[Package]) -> None:
    asked = {"rows": 0, "facet.field": '["license_id"]'}
    for words in ("", "broadband"):
        counted = real_door.result("package_search", q=words, **asked, **{"facet.limit": -1})["facets"]["license_id"]
        assert "notspecified" in counted
        for value, number in counted.items():
            assert count(real_door, q=words, fq=f'license_id:"{value}"') == number
    few = real_door.result("package_search", **asked, **{"facet.limit": 1})["facets"]["license_id"]
    assert list(few.values()) == [max(Counter(package["license_id"] for package in packages).values())]


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("field", ["issued", "num_resources", "organization", "extras_identifier"])
def test_datasets_are_sorted_by_what_they_say(
    real_door: Door, packages: list[Package], field: str, descending: bool
) -> None:
    """Those that do not say it come last, in the order that is asked for after it."""
    sort = f"{field} {'desc' if descending else 'asc'}, name asc"
    paged = [
        name for start in range(0, len(packages) + 30, 30) for name in names(real_door, rows=30, start=start, sort=sort)
    ]
    key = field.removeprefix("extras_")

    def value(package: Package) -> Any:
        text = next(iter(stated(package, key)), "")
        return int(text) if key.startswith("num_") else text

    by_name = sorted(packages, key=lambda package: str(package["name"]))
    with_it = sorted((p for p in by_name if value(p) != ""), key=value, reverse=descending)
    expected = [p["name"] for p in (*with_it, *(p for p in by_name if value(p) == ""))]
    assert paged == expected


def test_lists_for_what_is_typed_begin_with_nothing_typed(real_door: Door) -> None:
    """A client in Java asks so for all formats there are."""
    formats = real_door.result("format_autocomplete", q="", limit=1000)
    counted = real_door.result("package_search", rows=0, **{"facet.field": '["res_format"]', "facet.limit": -1})
    assert sorted(formats) == sorted(name.lower() for name in counted["facets"]["res_format"])
    assert len(real_door.result("organization_autocomplete", q="", limit=3)) == 3
    assert len(real_door.result("group_autocomplete", q="", limit=1000)) == len(real_door.result("group_list"))
    for action in ("format_autocomplete", "organization_autocomplete", "group_autocomplete"):
        assert real_door.error(action) == (409, {"q": ["Missing value"], "__type": "Validation Error"})
    address = "/api/2/util/organization/autocomplete"
    assert real_door.client.get(address).get_json() == []


def test_lists_by_the_number_of_datasets_begin_with_the_most(real_door: Door) -> None:
    for action in ("organization_list", "group_list"):
        most = real_door.result(action, sort="package_count")
        assert most == real_door.result(action, sort="package_count desc") == real_door.result(action, sort="packages")
        assert most != real_door.result(action, sort="package_count asc")
        assert real_door.result(action, type="custom") == []


def test_resources_are_found_by_all_that_they_say(real_door: Door, packages: list[Package]) -> None:
    resources = [resource for package in packages for resource in package["resources"]]

    def found(*asked: str) -> int:
        return int(real_door.result("resource_search", query=list(asked), limit=0)["count"])

    assert found("name:") == found("state:active") == found("description:") == len(resources)
    described = [one for one in resources if "data" in one["description"].lower()]
    assert 0 < found("description:DATA") == len(described) < len(resources)
    both = [one for one in described if one["format"] == "CSV"]
    assert found("description:data", "format:csv") == len(both)
    page = real_door.result("resource_search", query="description:data", limit=2, offset=1)
    assert len(page["results"]) == 2
    assert all("data" in one["description"].lower() for one in page["results"])
    first = resources[0]
    assert found(f"package_id:{first['package_id']}") == sum(
        one["package_id"] == first["package_id"] for one in resources
    )
    assert found(f"created:{first['created']}") > 0
    assert found(f"created:{first['created'][:10]}") >= found(f"created:{first['created'][:19]}") > 0
    assert found("created:9999-12-31") == found("created:soon") == found("hash:x") == found("description:data%") == 0
    assert found("position:0") == sum(one["position"] == 0 for one in resources)
    status, error = real_door.error("resource_search", query=["name:a"] * 200)
    assert (status, error["__type"]) == (409, "Search Error")


def test_what_happened_is_told_as_activities(door: Door) -> None:
    recent = door.result("recently_changed_packages_activity_list", limit=100)
    assert [one["timestamp"] for one in recent] == sorted((one["timestamp"] for one in recent), reverse=True)
    assert set(recent[0]) == set("id timestamp user_id object_id revision_id activity_type data".split())
    kinds = {one["data"]["package"]["name"]: one["activity_type"] for one in reversed(recent)}
    assert kinds["sealed-records"] == "deleted package"
    gone = door.result("package_activity_list", id="sealed-records")
    assert [one["activity_type"] for one in gone][::-1] == ["new package", "deleted package"]
    assert door.result("package_activity_list", id="sealed-records", activity_types='["new package"]') == gone[1:]
    assert door.result("package_activity_list", id="sealed-records", exclude_activity_types="new package") == gone[:1]
    assert door.result("package_activity_list", id="sealed-records", limit=1, offset=1) == gone[1:]
    assert door.result("activity_show", id=gone[0]["id"]) == gone[0]
    since = {"after": gone[1]["timestamp"]}
    assert gone[1] not in door.result("recently_changed_packages_activity_list", limit=100, **since)
    assert door.result("recently_changed_packages_activity_list", before="0") == []
    package = door.result("package_show", id="tax-returns")
    own = door.result("package_activity_list", id=package["id"])
    assert {one["object_id"] for one in own} == {package["id"]}
    assert own[0] in door.result("organization_activity_list", id=package["organization"]["name"], limit=100)
    assert own[0] in door.result("group_activity_list", id="economy")
    assert "activity" in door.result("status_show")["extensions"]


@pytest.mark.parametrize(
    ("action", "asked", "status"),
    [
        ("package_activity_list", {"id": "nothing"}, 404),
        ("package_activity_list", {}, 409),
        ("recently_changed_packages_activity_list", {"before": "soon"}, 409),
        ("recently_changed_packages_activity_list", {"before": "1e999"}, 409),
        ("package_activity_list", {"id": "sealed-records", "activity_types": "a", "exclude_activity_types": "b"}, 409),
        ("activity_show", {"id": "nothing"}, 404),
        ("activity_show", {"id": "ffffffff-ffff-ffff-ffff-ffffffffffff"}, 404),
        ("member_list", {"id": "nothing"}, 404),
        ("dataset_follower_count", {"id": "nothing"}, 404),
        ("resource_view_show", {"id": "nothing"}, 404),
        ("task_status_show", {"id": "nothing"}, 404),
        ("user_show", {"id": "admin"}, 403),
        ("user_autocomplete", {"q": "a"}, 403),
        ("config_option_show", {"key": "ckan.site_title"}, 403),
        ("job_list", {}, 403),
        ("api_token_list", {"user_id": "x"}, 403),
        ("am_following_dataset", {"id": "x"}, 403),
        ("dashboard_activity_list", {}, 403),
        ("follow_dataset", {"id": "x"}, 403),
        ("package_revise", {}, 403),
        ("package_collaborator_create", {}, 403),
    ],
)
def test_each_action_of_ckan_s_core_has_its_own_answer(
    door: Door, action: str, asked: dict[str, str], status: int
) -> None:
    found, error = door.error(action, **asked)
    kinds = {403: "Authorization Error", 404: "Not Found Error", 409: "Validation Error"}
    assert (found, error["__type"]) == (status, kinds[status])


def test_members_are_the_datasets_and_nobody_follows_them(door: Door) -> None:
    package = door.result("package_show", id="tax-returns")
    for body in (package["organization"]["id"], "economy"):
        assert [package["id"], "package", "public"] in door.result("member_list", id=body, object_type="package")
        assert door.result("member_list", id=body, object_type="user") == []
    assert door.result("dataset_follower_count", id="tax-returns") == 0
    assert door.result("group_follower_count", id="economy") == 0
    assert door.result("organization_follower_count", id=package["organization"]["name"]) == 0
    assert door.result("term_translation_show", terms=["a"]) == []


def test_the_older_search_gives_what_the_search_stores(real_door: Door, packages: list[Package]) -> None:
    package = next(package for package in packages if package["tags"])
    asked = {"q": f"name:{package['name']}", "all_fields": 1}
    (stored,) = real_door.client.get("/api/3/search/dataset", query_string=asked).get_json()["results"]
    assert stored["organization"] == package["organization"]["name"]
    assert stored["tags"] == [tag["name"] for tag in package["tags"]]
    assert json.loads(stored["data_dict"]) == package
    assert None not in stored.values()
    wrapped = real_door.client.get("/api/search/dataset", query_string={**asked, "all_fields": 0, "fl": "title"})
    assert wrapped.get_json()["results"] == [{"title": package["title"]}]


def test_the_older_search_finds_resources(real_door: Door) -> None:
    found = real_door.result("resource_search", query="format:csv", limit=2)
    numbers = real_door.client.get("/api/search/resource?format=csv&limit=2").get_json()
    assert numbers == {"count": found["count"], "results": [one["id"] for one in found["results"]]}
    assert real_door.client.get("/api/3/search/resource?format=csv&limit=2&all_fields=1").get_json() == found


def test_the_interface_before_there_were_actions_is_read(real_door: Door, packages: list[Package]) -> None:
    def read(address: str) -> Any:
        answer = real_door.client.get(f"/api/{address}")
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
        return answer.get_json()

    assert read("rest/dataset") == read("1/rest/package") == real_door.result("package_list")
    assert sorted(read("2/rest/dataset")) == sorted(package["id"] for package in packages)
    package = next(package for package in packages if package["tags"] and package["extras"])
    shown = read(f"rest/dataset/{package['name']}")
    assert shown["tags"] == [tag["name"] for tag in package["tags"]]
    assert shown["extras"] == {pair["key"]: pair["value"] for pair in package["extras"]}
    assert shown["ckan_url"].endswith(f"/dataset/{package['name']}")
    assert read("rest/group") == real_door.result("group_list")
    assert read("rest/tag") == real_door.result("tag_list")
    tag = package["tags"][0]["name"]
    assert package["name"] in read(f"rest/tag/{tag}")
    assert package["id"] in read(f"2/rest/tag/{tag}")
    assert dict(read("tag_counts"))[tag] == len(read(f"rest/tag/{tag}"))
    assert read("rest/licenses") == real_door.result("license_list")
    assert read("i18n/en_GB") == {}
    for address in ("rest/dataset/nothing", "rest/nothing", "rest/group/nothing"):
        assert real_door.client.get(f"/api/{address}").status_code == 404


def test_a_resource_s_download_leads_to_where_it_is(door: Door) -> None:
    package = door.result("package_show", id="roads-of-riverton")
    for resource in package["resources"]:
        answer = door.client.get(f"/dataset/{package['id']}/resource/{resource['id']}/download/roads.csv")
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            resource.get("download_url") or resource["url"],
        )
    assert door.client.get(f"/dataset/tax-returns/resource/{resource['id']}/download").status_code == 404
    assert door.client.get("/dataset/roads-of-riverton/resource/nothing/download").status_code == 404
