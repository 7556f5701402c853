"""Clients that nobody here wrote, unmodified, against a live server; and the requests of harvesters, replayed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import ckanapi
import pytest
import requests

pytestmark = pytest.mark.heavy


def run(script: str, *arguments: str, cwd: Path) -> str:
    """What a program prints that uses a client in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, *arguments], cwd=cwd, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def command(address: str, *arguments: str, cwd: Path) -> list[str]:
    """The lines that ckanapi's own command prints."""
    programs = Path(sys.executable).parent
    environ = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}  # its workers are started by name
    done = subprocess.run(
        [programs / "ckanapi", "-r", address, *arguments], cwd=cwd, env=environ, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def get(address: str, action: str, **asked: Any) -> Any:
    answer = requests.get(f"{address}/api/3/action/{action}", params=asked, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def test_ckanapi_reads_everything(served: str) -> None:
    for get_only in (False, True):
        with ckanapi.RemoteCKAN(served, user_agent="test", get_only=get_only) as remote:
            names = remote.action.package_list()
            package = remote.action.package_show(id=names[0])
            assert remote.call_action("package_search", {"fq": f"name:{names[0]}"})["results"] == [package]
            with pytest.raises(ckanapi.NotFound):
                remote.action.package_show(id="nope")
            with pytest.raises(ckanapi.ValidationError):
                remote.action.package_search(rows=-1)
            with pytest.raises(ckanapi.SearchQueryError):
                remote.action.package_search(nonsense=1)
            with pytest.raises(ckanapi.SearchError):
                remote.action.package_search(fq="a:(b")
            with pytest.raises(ckanapi.CKANAPIError, match="Action name not known"):
                remote.action.package_nothing()
    with ckanapi.RemoteCKAN(served) as remote, pytest.raises(ckanapi.NotAuthorized):
        remote.action.package_create(name="x")


def test_ckanapi_s_command_searches_and_dumps(served: str, tmp_path: Path) -> None:
    total = get(served, "package_search", rows=0)["count"]
    found = [json.loads(line) for line in command(served, "search", "datasets", "q=broadband", cwd=tmp_path)]
    assert len(found) == get(served, "package_search", q="broadband", rows=0)["count"] > 0
    dumped = [json.loads(line) for line in command(served, "dump", "datasets", "--all", cwd=tmp_path)]
    assert len(dumped) == total
    organisations = [json.loads(line) for line in command(served, "dump", "organizations", "--all", cwd=tmp_path)]
    assert [body["name"] for body in organisations] == get(served, "organization_list")
    assert len(command(served, "dump", "groups", "--all", cwd=tmp_path)) == len(get(served, "group_list"))


FRICTIONLESS = """
import sys
from frictionless import Catalog, Package, portals
address = sys.argv[1]
package = Package(control=portals.CkanControl(baseurl=address, dataset="911-master-psap-registry"))
print(package.title, len(package.resources))
print(len(Catalog(control=portals.CkanControl(baseurl=address, num_packages=5)).datasets))
"""


def test_frictionless_reads_a_package_and_a_catalogue(served: str, tmp_path: Path) -> None:
    package = get(served, "package_show", id="911-master-psap-registry")
    lines = run(FRICTIONLESS, served, cwd=tmp_path).splitlines()
    assert lines == [f"{package['title']} {package['num_resources']}", "5"]


HDX = """
import sys
from hdx.api.configuration import Configuration
from hdx.data.dataset import Dataset
from hdx.data.organization import Organization
from hdx.data.resource import Resource
Configuration.create(hdx_url=sys.argv[1], hdx_read_only=True, user_agent="test", hdx_config_dict={})
print(len(Dataset.search_in_hdx("broadband", rows=5)))
found = Dataset.read_from_hdx("911-master-psap-registry").get_resources()
print(len(found), all(Resource.read_from_hdx(one["id"])["name"] == one["name"] for one in found))
print(len(Dataset.get_all_dataset_names()), len(Organization.get_all_organization_names()))
print(len(Dataset.get_all_datasets()))
"""


def test_the_humanitarian_client_searches_and_reads(served: str, tmp_path: Path) -> None:
    resources = get(served, "package_show", id="911-master-psap-registry")["num_resources"]
    total = get(served, "package_search", rows=0)["count"]
    bodies = len(get(served, "organization_list"))
    assert run(HDX, served, cwd=tmp_path).splitlines() == ["5", f"{resources} True", f"{total} {bodies}", str(total)]


def test_ckan_s_harvester_pages_to_an_empty_page(served: str) -> None:
    """It stops at an empty page, and takes two equal bodies for a paging that does not work."""
    seen: list[str] = []
    bodies = set()
    while True:
        address = f"{served}/api/3/action/package_search?rows=25&start={len(seen)}&sort=id+asc"
        answer = requests.get(f"{address}&fq=organization:opendata-fcc-gov", timeout=30)
        assert answer.text not in bodies
        bodies.add(answer.text)
        page = answer.json()["result"]["results"]
        if not page:
            break
        seen += [package["id"] for package in page]
    assert len(seen) == len(set(seen)) == get(served, "organization_show", id="opendata-fcc-gov")["package_count"]


def test_magda_s_filter_and_its_list_of_organisations(served: str) -> None:
    wanted = '(organization:"opendata-fcc-gov" OR organization:"nobody") -organization:"revenue-office"'
    wanted += ' -harvest_source_title:"None of ours"'
    found = get(served, "package_search", sort="id asc", start=0, rows=1000, fq=wanted)
    assert found["count"] == len(found["results"]) > 0
    offset, bodies = 0, []
    while page := get(
        served,
        "organization_list",
        all_fields="true",
        include_groups="true",
        include_extras="true",
        include_tags="true",
        limit=20,
        offset=offset,
    ):
        bodies += page
        offset += 20
    assert [body["name"] for body in bodies] == get(served, "organization_list")


def test_the_european_portal_s_window_of_changes_that_is_encoded_twice(served: str) -> None:
    everything = get(served, "package_search", rows=0)["count"]
    for year, count in ((2000, everything), (2090, 0)):
        window = f"metadata_modified:[{year}-01-01T00:00:00Z%2520TO%2520*]"
        found = requests.get(f"{served}/api/3/action/package_search?rows=0&q={window}", timeout=30)
        assert found.json()["result"]["count"] == count
    offset = 0
    while offset < everything:
        offset += len(get(served, "package_search", rows=20, start=offset)["results"])
    assert offset == everything


def test_the_french_portal_s_filter_and_its_status(served: str) -> None:
    answer = requests.get(
        f"{served}/api/3/action/package_search?q=organization:opendata-fcc-gov AND -tags:xyz&rows=1000", timeout=30
    )
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["result"]["count"] > 0


def test_the_r_client_s_way_of_asking(served: str) -> None:
    headers = {"Content-Type": "application/json"}
    asked = {
        "q": "broadband",
        "rows": "3",
        "facet": "false",
        "facet.field": "tags",
        "include_drafts": "false",
        "include_private": "false",
        "use_default_schema": "false",
    }
    for action, parameters in (
        ("status_show", {}),
        ("package_search", asked),
        ("package_search", {**asked, "facet": "true"}),
        ("organization_list", {"sort": "name asc", "all_fields": "True", "limit": "31"}),
        ("help_show", {"name": "package_search"}),
    ):
        answer = requests.get(f"{served}/api/3/action/{action}", params=parameters, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
    assert requests.get(f"{served}/api/3/action/help_show?name=datastore_search", timeout=30).status_code == 404


def test_the_dutch_client_s_empty_filter(served: str) -> None:
    found = get(
        served,
        "package_search",
        **{
            "facet.field": '["groups","res_format","organization"]',
            "fq": "",
            "rows": 100,
            "sort": "name asc",
            "start": 0,
        },
    )
    assert set(found["facets"]) == {"groups", "res_format", "organization"}
