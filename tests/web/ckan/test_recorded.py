"""Every request whose answer by a real CKAN 2.12 was recorded, sent to a site that has the same datasets.

Status, type, envelope, errors to the letter, the names and kinds of all members, what is found and in which order: what
differs is named here and told in docs/ckan.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalogue.formats.media_types import format_name
from tests.web.ckan.conftest import Door
from tests.web.ckan.recorded import Exchange, exchanges, packages_in, site_of

Json = dict[str, Any]

ANSWERED_OTHERWISE = {
    "site_read": "2.12 has no such action any more; clients of 2.11 ask for it",
    "jsonp": "the same",
    "facet-bare": "a plain word is taken where CKAN wants a JSON list",
}
MORE_MEMBERS = {
    "license_url": "CKAN leaves it out where there is none",
    "datastore_active": "older clients look for it in every resource",
    "tags": "older clients look for it in organisations",
}
OTHER_KINDS = {
    ("creator_user_id", "str", "NoneType"): "no accounts are shown",
    ("url", "str", "NoneType"): "an address that is none is null",
    ("maintainer", "str", "NoneType"): "an e-mail address in the place of a name is read as what it is",
    ("maintainer_email", "NoneType", "str"): "the same",
    ("notes", "str", "NoneType"): "an empty text says nothing",
}
NOT_OURS_TO_TELL = {"users"}


@pytest.fixture(scope="module")
def recorded(trial_data: Path) -> list[Exchange]:
    return exchanges(trial_data)


@pytest.fixture(scope="module")
def peer(recorded: list[Exchange], sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    for site in site_of(packages_in(recorded), sqlite_template, tmp_path_factory.mktemp("recorded")):
        yield Door(site.app().test_client())


def answered(peer: Door, exchange: Exchange) -> Any:
    """Our answer, which has the status and the content type of CKAN's."""
    answer = peer.client.open(exchange.path, method=exchange.method, headers=dict(exchange.headers), data=exchange.body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (exchange.status, exchange.content_type)
    return answer.get_json(force=True)


def test_every_answer_has_the_form_that_ckan_s_has(peer: Door, recorded: list[Exchange]) -> None:
    compared = [exchange for exchange in recorded if exchange.name not in {*ANSWERED_OTHERWISE, "show"}]
    compared += [with_our_name(peer, exchange) for exchange in recorded if exchange.name == "show"]
    differing = {
        exchange.name: sorted(set(differences(exchange.answer, answered(peer, exchange)))) for exchange in compared
    }
    assert {name: found for name, found in differing.items() if found} == {}
    assert len(compared) == len(recorded) - len(ANSWERED_OTHERWISE) > 30


def with_our_name(peer: Door, exchange: Exchange) -> Exchange:
    """A request for a package by the name that it has here: CKAN's were made with a number behind them."""
    package = exchange.answer["result"]
    stated = next(pair["value"] for pair in package["extras"] if pair["key"] == "identifier")
    (found,) = peer.result("package_search", fq=f"identifier:{stated}")["results"]
    return replace(exchange, path=exchange.path.replace(package["name"], found["name"]))


def differences(theirs: Any, ours: Any, name: str = "") -> Iterator[str]:
    """What differs between two answers in the names and kinds of their members, whatever their values."""
    if name in NOT_OURS_TO_TELL:
        return
    if type(theirs) is not type(ours):
        kinds = (name, type(theirs).__name__, type(ours).__name__)
        if kinds not in OTHER_KINDS:
            yield f"{name}: {kinds[1]} became {kinds[2]}"
    elif isinstance(theirs, dict):
        if name not in {"facets", "search_facets"} and "__type" not in theirs:
            missing, more = set(theirs) - set(ours), set(ours) - set(theirs) - set(MORE_MEMBERS)
            if missing or more:
                yield f"{name}: without {sorted(missing)}, with {sorted(more)}"
        for member in set(theirs) & set(ours):
            yield from differences(theirs[member], ours[member], member)
    elif isinstance(theirs, list):
        for one, other in same(theirs, ours):
            yield from differences(one, other, name)


def same(theirs: list[Any], ours: list[Any]) -> Iterator[tuple[Any, Any]]:
    """The members of two lists that speak of the same, else those at the same place."""
    if theirs and isinstance(theirs[0], dict) and "title" in theirs[0]:
        titled = {one.get("title"): one for one in ours}
        return ((one, titled[one["title"]]) for one in theirs if one["title"] in titled)
    return zip(theirs, ours, strict=False)


@pytest.mark.parametrize(
    "name",
    [
        "org-missing",
        "bad-sort",
        "bad-sort2",
        "neg-rows",
        "unknown-param",
        "unknown-action",
        "show-missing",
        "show-no-id",
        "post-list",
        "api",
    ],
)
def test_errors_are_ckan_s_to_the_letter(peer: Door, recorded: list[Exchange], name: str) -> None:
    exchange = next(exchange for exchange in recorded if exchange.name == name)
    ours, theirs = answered(peer, exchange), exchange.answer
    if isinstance(theirs, dict) and "help" in theirs:
        assert ours.pop("help").rpartition("/api/")[2] == theirs.pop("help").rpartition("/api/")[2]
    assert ours == theirs
    if isinstance(theirs, dict):
        assert list(ours) == list(theirs)


@pytest.mark.parametrize("name", ["bad-fq", "create-anon", "post-broken"])
def test_errors_whose_words_are_our_own_are_of_ckan_s_type(peer: Door, recorded: list[Exchange], name: str) -> None:
    exchange = next(exchange for exchange in recorded if exchange.name == name)
    ours, theirs = answered(peer, exchange), exchange.answer
    if isinstance(theirs, str):
        assert ours.split(" Error")[0] == theirs.split(" Error")[0]
    else:
        assert (ours["success"], ours["error"]["__type"]) == (False, theirs["error"]["__type"])
        assert ours["error"]["message"].split(":")[0] == theirs["error"]["message"].split(":")[0]


def test_the_harvester_finds_the_same_packages_page_by_page(peer: Door, recorded: list[Exchange]) -> None:
    pages = [exchange for exchange in recorded if exchange.name.startswith("harvester-page")]
    results = [(exchange.answer["result"], answered(peer, exchange)["result"]) for exchange in pages]
    for theirs, ours in results:
        assert {name: ours[name] for name in ("count", "sort", "facets", "search_facets")} == {
            name: theirs[name] for name in ("count", "sort", "facets", "search_facets")
        }
        assert len(ours["results"]) == len(theirs["results"])
    ours_by, theirs_by = (
        {package["title"]: package for result in side for package in result["results"]}
        for side in zip(*results, strict=True)
    )
    assert set(ours_by) == set(theirs_by)
    ids = [package["id"] for _theirs, ours in results for package in ours["results"]]
    assert ids == sorted(ids)
    assert len(set(ids)) == 290


VALUES = (
    "title",
    "version",
    "type",
    "state",
    "private",
    "isopen",
    "license_id",
    "license_title",
    "num_resources",
    "num_tags",
)
RESOURCE_VALUES = ("name", "url", "position", "mimetype", "size", "hash", "resource_type", "url_type", "state")


def test_packages_say_what_they_said(peer: Door, recorded: list[Exchange]) -> None:
    mine = {package["title"]: package for package in peer.result("package_search", rows=1000)["results"]}
    for package in packages_in(recorded).values():
        ours = mine[package["title"]]
        assert {name: ours[name] for name in VALUES} == {name: package[name] for name in VALUES}
        assert (ours["organization"]["name"], ours["organization"]["title"]) == (
            package["organization"]["name"],
            package["organization"]["title"],
        )
        assert sorted(tag["name"] for tag in ours["tags"]) == sorted(tag["name"] for tag in package["tags"])
        for one, other in zip(ours["resources"], package["resources"], strict=True):
            assert {name: one[name] for name in RESOURCE_VALUES} == {name: other[name] for name in RESOURCE_VALUES}
            assert one["format"] == (format_name(other["format"]) or "")


def test_facets_have_the_form_and_the_order_that_ckan_s_have(peer: Door, recorded: list[Exchange]) -> None:
    exchange = next(exchange for exchange in recorded if exchange.name == "facets")
    theirs, ours = exchange.answer["result"], answered(peer, exchange)["result"]
    for name, told in theirs["search_facets"].items():
        told_here = ours["search_facets"][name]
        assert (told_here["title"], list(told_here["items"][0])) == (told["title"], list(told["items"][0]))
        for side in (told, told_here):
            shown = [item["display_name"] for item in side["items"]]
            assert shown == sorted(shown, reverse=True)
    # All but one of the 39 datasets that CKAN found are among those recorded; the words of a query are read alike.
    assert ours["facets"]["organization"]["fcc-gov"] == theirs["facets"]["organization"]["fcc-gov"]
    assert ours["facets"]["res_format"] == theirs["facets"]["res_format"]
    assert counts_of(ours, "tags") == counts_of(theirs, "tags")


def counts_of(result: Mapping[str, Any], name: str) -> Json:
    return dict(sorted(result["facets"][name].items()))
