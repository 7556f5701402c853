"""Filters, orders and counts by what packages say beside the fields of the search."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.web.ckan.conftest import Door
from tests.web.ckan.test_package_search import count, names


@pytest.fixture(scope="module")
def packages(real_door: Door) -> list[dict[str, Any]]:
    """Every package, as it is given."""
    found: list[dict[str, Any]] = real_door.result("package_search", rows=1000)["results"]
    return found


def extras(package: dict[str, Any]) -> dict[str, str]:
    return {pair["key"]: pair["value"] for pair in package["extras"]}


@pytest.mark.parametrize("key", ["identifier", "publisher_name", "frequency", "access_rights", "temporal_start"])
def test_every_extra_is_a_filter_as_ckan_has_it(real_door: Door, packages: list[dict[str, Any]], key: str) -> None:
    """By its bare name as a whole, after `extras_` by its words, and by whether it is there."""
    values = Counter(extras(package)[key] for package in packages if key in extras(package))
    assert values
    for value, number in list(values.items())[:5]:
        told = value.replace('"', " ")
        assert count(real_door, fq=f'{key}:"{told}"') >= number > 0
        assert count(real_door, fq=f'extras_{key}:"{told}"') >= number
        assert count(real_door, fq=f'-{key}:"{told}"') <= len(packages) - number
    assert count(real_door, fq=f"extras_{key}:*") == values.total()
    assert count(real_door, fq=f'extras_{key}:"no such value"') == 0


def test_an_extra_of_a_portal_is_a_filter(real_door: Door, packages: list[dict[str, Any]]) -> None:
    stated = Counter(key for package in packages for key in extras(package))
    own = [key for key in stated if key.islower() is False and key.isalnum()]
    assert own, stated
    for key in own:
        assert count(real_door, fq=f"{key}:*") == count(real_door, fq=f"extras_{key}:[* TO *]") == stated[key]
        for item in {str(extras(package)[key]) for package in packages if key in extras(package)}:
            listed = json.loads(item) if item.startswith("[") else [item]
            for one in listed[:1]:
                with_it = [package for package in packages if one in str(extras(package).get(key))]
                assert 0 < count(real_door, fq=f'{key}:"{one}"') <= len(with_it)


def test_what_only_the_database_knows_stands_beside_other_filters(
    real_door: Door, packages: list[dict[str, Any]]
) -> None:
    maintainers = Counter(package["maintainer_email"] for package in packages if package["maintainer_email"])
    address, number = maintainers.most_common(1)[0]
    assert count(real_door, fq=f'maintainer_email:"{address}"') == number
    both = count(real_door, fq=f'maintainer_email:"{address}" AND organization:opendata-fcc-gov')
    assert both == count(real_door, fq=f'maintainer_email:"{address}"', fq_list='["organization:opendata-fcc-gov"]')
    assert number == both + count(real_door, fq=f'maintainer_email:"{address}" -organization:opendata-fcc-gov')
    assert count(real_door, q=f'maintainer_email:"{address}"') == number


def test_a_resource_s_address_is_a_filter(real_door: Door, packages: list[dict[str, Any]]) -> None:
    resource = next(resource for package in packages for resource in package["resources"])
    found = names(real_door, fq=f'res_url:"{resource["url"]}"', rows=1000)
    assert {package["name"] for package in packages if package["id"] == resource["package_id"]} <= set(found)


@pytest.mark.parametrize("licence", ["notspecified", "us-pd", "cc-zero", "us-public-domain", "cc0-1"])
def test_licences_are_filters_by_ckan_s_names_and_ours(real_door: Door, licence: str) -> None:
    ours = {"us-pd": "us-public-domain", "cc-zero": "cc0-1"}.get(licence, licence)
    found = real_door.result("package_search", rows=1000, fq=f"license_id:{licence}")["results"]
    assert {package["license_id"] for package in found} <= {ours, "notspecified"}


def test_when_a_record_came_is_a_filter(real_door: Door, packages: list[dict[str, Any]]) -> None:
    days = Counter(package["metadata_created"][:10] for package in packages)
    for day, number in days.items():
        assert count(real_door, fq=f"metadata_created:{day}") == number
        assert count(real_door, fq=f"metadata_created:[{day}T00:00:00Z TO *]") == sum(
            n for other, n in days.items() if other >= day
        )
        assert count(real_door, q=f"metadata_created:[* TO {day}]") == sum(n for d, n in days.items() if d <= day)
    everything = count(real_door)
    assert count(real_door, fq="metadata_created:[NOW-100YEARS TO *]") == everything
    assert count(real_door, fq="metadata_created:*") == everything
    assert count(real_door, fq="-metadata_created:[NOW-100YEARS TO *]") == 0


@pytest.mark.parametrize(
    "fields",
    [
        [("metadata_created", True), ("title", False)],
        [("metadata_created", False), ("name", True)],
        [("metadata_modified", True), ("metadata_created", False), ("title", True)],
    ],
)
def test_fields_after_the_first_order_what_is_equal_in_it(real_door: Door, fields: list[tuple[str, bool]]) -> None:
    sort = ", ".join(f"{name} {'desc' if turned else 'asc'}" for name, turned in fields)
    found = real_door.result("package_search", rows=1000, sort=sort)
    expected = sorted(found["results"], key=lambda package: str(package["id"]))
    for name, turned in reversed(fields):
        expected.sort(key=lambda package: str(package[name]).casefold(), reverse=turned)
    for name in {name for name, _turned in fields}:
        assert [package[name] for package in found["results"]] == [package[name] for package in expected]
    assert found["sort"] == sort
    paged = [name for start in range(0, 80, 9) for name in names(real_door, rows=9, start=start, sort=sort)]
    assert paged == [package["name"] for package in found["results"]][: len(paged)]


@pytest.mark.parametrize("key", ["publisher_name", "access_rights", "license_id", "num_resources", "bureauCode"])
def test_values_of_anything_can_be_counted(real_door: Door, packages: list[dict[str, Any]], key: str) -> None:
    asked = {"facet.field": json.dumps([key]), "facet.limit": -1, "rows": 0}
    whole = real_door.result("package_search", **asked)
    assert whole["facets"][key], whole
    some = real_door.result("package_search", q="broadband", **asked)
    assert sum(some["facets"][key].values()) <= sum(whole["facets"][key].values())
    for value, number in list(some["facets"][key].items())[:4]:
        assert count(real_door, q="broadband", fq=f'{key}:"{value.replace(chr(34), " ")}"') == number
