"""The search for programs: every page to the last, and every mistake told."""

import json
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from catalogue.local import LocalCatalogue
from catalogue.search.asking import Wanted
from catalogue.search.engine import Sort
from catalogue.search.tantivy_engine import TantivyPlace
from tests.serving import served_on_loopback
from tests.web.conftest import Site
from tests.web.rivers import MANY, index_of_rivers
from web.client.catalogue import RemoteCatalogue
from web.client.http import HttpClient


@pytest.fixture(scope="module")
def rivers(tmp_path_factory: pytest.TempPathFactory) -> TantivyPlace:
    return index_of_rivers(tmp_path_factory.mktemp("rivers"))


@pytest.fixture(scope="module")
def client(site: Site, rivers: TantivyPlace) -> FlaskClient:
    return site.app(opener=rivers.reader).test_client()


@pytest.mark.parametrize("sort", ["relevance", "newest", "recorded", "title"])
def test_the_links_lead_to_every_record_once(client: FlaskClient, sort: str) -> None:
    address, ids, totals = f"/api/v1/search?q=river+level&limit=500&sort={sort}", list[str](), set()
    while address:
        answer = client.get(address)
        page = json.loads(answer.data)
        ids += [item["id"] for item in page["items"]]
        totals.add(page["total"])
        assert ("organisation" in page["facets"]) == (len(ids) <= 500)
        link, _, relation = answer.headers.get("Link", "").partition(">; ")
        assert relation in {"", 'rel="next"'}
        address = link.removeprefix("<")
    assert len(ids) == len(set(ids)) == MANY
    assert totals == {MANY}


def test_a_page_tells_all_about_the_search(client: FlaskClient) -> None:
    page = json.loads(client.get("/api/v1/search?q=river&facet=kind&facet=organisation&facet_limit=3").data)
    assert page["understood"].startswith("Records with “river”")
    assert [one["title"] for one in page["facets"]["kind"]] == ["Dataset series", "Dataset"]
    assert len(page["facets"]["organisation"]) == 3
    assert set(page["facets"]) == {"kind", "organisation"}
    strict = json.loads(client.get('/api/v1/search?q="level river"').data)
    assert (strict["total"], strict["looser"]["total"]) == (0, MANY)
    assert json.loads(client.get('/api/v1/search?q="level river"&relaxed=1').data)["total"] == MANY


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("colour=red", "colour"),
        ("q=a&q=b", "twice"),
        (f"q={'x' * 1001}", "longer"),
        ("kind=", "empty"),
        ("sort=size", "sort"),
        ("relaxed=yes", "relaxed"),
        ("covers_from=2019-02-30", "2019-02-30"),
        ("changed_since=yesterday", "yesterday"),
        ("limit=0", "limit"),
        ("offset=1000000", "offset"),
        ("facet=colour", "colour"),
        ("cursor=%00", "cursor"),
        ("&".join(["theme=a"] * 51), "50"),
    ],
)
def test_what_makes_no_sense_is_a_problem(client: FlaskClient, query: str, word: str) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), answer.text
    assert word in json.loads(answer.data)["detail"]


def test_a_page_behind_no_record_is_not_there(client: FlaskClient) -> None:
    for cursor in ("x", "x&offset=3"):
        answer = client.get(f"/api/v1/search?cursor={cursor}")
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        assert "cut off" in json.loads(answer.data)["detail"]


def test_the_ends_of_the_time_covered_are_exchanged_as_on_the_page(client: FlaskClient) -> None:
    turned, straight = (
        json.loads(client.get(f"/api/v1/search?covers_from={first}&covers_to={last}").data)
        for first, last in (("2024", "2019"), ("2019", "2024"))
    )
    assert any("exchanged" in note for note in turned.pop("notes"))
    assert not any("exchanged" in note for note in straight.pop("notes"))
    assert turned == straight


def test_a_cursor_goes_with_its_order_alone(client: FlaskClient) -> None:
    link = client.get("/api/v1/search?sort=title").headers["Link"]
    cursor = urlsplit(link.partition(">")[0]).query.rpartition("cursor=")[2]
    assert client.get(f"/api/v1/search?sort=newest&cursor={cursor}").status_code == 404
    assert client.get(f"/api/v1/search?sort=title&offset=2&cursor={cursor}").status_code == 404


def test_what_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/api/v1/search?q=river")
    again = client.get("/api/v1/search?q=river", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/v1/search?q=flow", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_catalogue_is_the_same_here_and_on_a_server(site: Site, rivers: TantivyPlace) -> None:
    with served_on_loopback(site.app(opener=rivers.reader)) as address:
        remote = RemoteCatalogue(HttpClient(address, None))
        local = LocalCatalogue(site.database, rivers.reader(), site.clock, address, site.settings.records_licence)
        for wanted, limit in (
            (Wanted("river level"), None),
            (Wanted('"level river"'), 5),
            (Wanted(filters={"kind": ["dataset"], "theme": ["environment"]}, sort=Sort.TITLE), 7),
            (Wanted("level", changed_since="2024-01-20", covers_from="", relaxed=True), 3),
        ):
            here, there = (one.search(wanted, limit=limit) for one in (local, remote))
            assert here.told == there.told
            assert list(here.rows) == list(there.rows)
        skipped = [list(one.search(Wanted("river"), limit=3, offset=40).rows) for one in (local, remote)]
        assert skipped[0] == skipped[1] != []
