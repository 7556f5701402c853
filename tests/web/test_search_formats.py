"""The search as CSV, JSON and Atom: every result, in the page's order, safe to open and valid."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from catalogue.search.rows import COLUMNS, guarded, unguarded
from tests.web.conftest import Site
from tests.web.rivers import DANGEROUS, MANY, index_of_rivers
from web.presentation.atom import ATOM_TYPE

ATOM = "{http://www.w3.org/2005/Atom}"
ODD = ("'quoted", "'=quoted", "''=", "+44", "-1", "@home", "\tTab", "Plain", "")


@pytest.fixture(scope="module")
def many(site: Site, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A reader of a site whose index holds more than is read at once."""
    return site.app(opener=index_of_rivers(tmp_path_factory.mktemp("rivers")).reader).test_client()


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("query", ["", "?q=river&sort=title", "?q=river+level&kind=dataset&changed_since=2024-01-10"])
def test_csv_and_json_hold_every_result_in_the_order_of_the_page(many: FlaskClient, query: str) -> None:
    listed = many.get(f"/search.csv{query}")
    assert listed.content_type == "text/csv; charset=utf-8"
    rows = rows_of(listed.text)
    told = json.loads(many.get(f"/search.json{query}").data)
    assert tuple(rows[0]) == COLUMNS
    assert [row["id"] for row in rows] == [item["id"] for item in told["items"]]
    assert len({row["id"] for row in rows}) == len(rows) == told["total"] > 400
    page = re.findall(r'app-entry__title"><a class="govuk-link" href="([^"]+)"', many.get(f"/search{query}").text)
    assert len(page) == 20
    assert [row["address"] for row in rows[:20]] == page


def test_no_cell_is_a_formula_and_every_text_can_be_had_back(many: FlaskClient) -> None:
    rows = rows_of(many.get("/search.csv").text)
    titles = [row["title"] for row in rows]
    assert f"'{DANGEROUS}" in titles
    assert not any(cell[:1] in {"=", "+", "-", "@", "\t"} for row in rows for cell in row.values())
    assert rows[0]["formats"] == "CSV|a\\|b\\\\c"
    assert rows[0]["terms"].startswith("https://creativecommons.org/licenses/by/4.0/")
    assert rows[0]["url"] == f"http://localhost{rows[0]['address']}"
    for text in ODD:
        assert unguarded(guarded(text)) == text


def test_json_tells_what_the_page_tells(client: FlaskClient, many: FlaskClient) -> None:
    told = json.loads(client.get('/search.json?q="tax+fraud"&covers_from=soon').data)
    assert told["total"] == 0
    assert told["items"] == []
    assert told["looser"]["total"] > 0
    assert "the phrase “tax fraud”" in told["understood"]
    assert any("“soon”" in note for note in told["notes"])
    assert told["licence"]["address"].endswith("/by/4.0/")
    assert 'rel="license"' in many.get("/search.json").headers["Link"]


def test_csv_refuses_what_it_could_not_tell(client: FlaskClient) -> None:
    answer = client.get("/search.csv?q=tax&changed_since=yesterday")
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert "“yesterday”" in answer.text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("text/html, application/json", "text/html"),
        ("application/json", "application/json"),
        ("text/csv, */*;q=0.1", "text/csv"),
        ("application/atom+xml", ATOM_TYPE),
        ("image/png", "text/html"),
    ],
)
def test_who_asks_for_another_format_gets_it_at_the_same_address(client: FlaskClient, accept: str, kind: str) -> None:
    answer = client.get("/search?q=fraud", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("address", ["/search.csv", "/search.json", "/search.atom", "/feeds/datasets.atom"])
def test_what_did_not_change_is_not_sent_again(many: FlaskClient, address: str) -> None:
    first = many.get(address)
    tag = first.headers["ETag"]
    again = many.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert many.get(f"{address}?q=river", headers={"If-None-Match": tag}).status_code == 200
    assert "ETag" not in many.get(f"{address}?q=modified:[NOW-1DAY TO NOW]").headers


def pages(reader: FlaskClient, address: str) -> Iterator[ET.Element]:
    """The documents of a paged feed (RFC 5005, section 3), each held against the rules."""
    followed = False
    while address:
        answer = reader.get(address)
        assert (answer.status_code, answer.mimetype) == (200, ATOM_TYPE)
        feed = ET.fromstring(answer.data)
        require_atom(feed)
        assert not followed or link(feed, "self").endswith(address)
        yield feed
        following, followed = urlsplit(link(feed, "next")), True
        address = f"{following.path}?{following.query}" if following.path else ""


def link(node: ET.Element, relation: str) -> str:
    found = [one.get("href", "") for one in node.findall(f"{ATOM}link") if one.get("rel") == relation]
    assert len(found) <= 1
    return found[0] if found else ""


def require_atom(feed: ET.Element) -> None:
    """What RFC 4287 says a feed MUST be (sections 4.1.1, 4.1.2 and 4.2)."""
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1, name
    for name in ("generator", "icon", "logo", "rights", "subtitle"):
        assert len(feed.findall(f"{ATOM}{name}")) <= 1, name
    assert feed.findall(f"{ATOM}author/{ATOM}name")
    entries = feed.findall(f"{ATOM}entry")
    known = set()
    for node in (feed, *entries):
        require_parts(node)
    for entry in entries:
        for name in ("id", "title", "updated"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1, name
        for name in ("content", "published", "rights", "source", "summary"):
            assert len(entry.findall(f"{ATOM}{name}")) <= 1, name
        assert link(entry, "alternate")  # there is no content, so one MUST be there
        key = (text_of(entry, "id"), text_of(entry, "updated"))
        assert key not in known
        known.add(key)


def require_parts(node: ET.Element) -> None:
    assert urlsplit(text_of(node, "id")).scheme
    moment = text_of(node, "updated")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", moment)
    datetime.fromisoformat(moment)
    for one in node.findall(f"{ATOM}link"):
        assert urlsplit(one.get("href", "")).scheme
    for one in node.findall(f"{ATOM}category"):
        assert one.get("term")
    for one in node.findall(f"{ATOM}author"):
        assert len(one.findall(f"{ATOM}name")) == 1
    relations = [(one.get("rel"), one.get("type"), one.get("hreflang")) for one in node.findall(f"{ATOM}link")]
    assert relations.count(("alternate", "text/html", None)) <= 1


def text_of(node: ET.Element, name: str) -> str:
    return node.findtext(f"{ATOM}{name}") or ""


def test_a_feed_is_valid_atom_and_leads_to_the_last_record_newest_first(many: FlaskClient) -> None:
    found = list(pages(many, "/feeds/datasets.atom?q=river+level"))
    entries = [entry for feed in found for entry in feed.findall(f"{ATOM}entry")]
    assert len(found) == -(-len(entries) // 50)
    assert len({text_of(entry, "id") for entry in entries}) == len(entries) == MANY
    moments = [text_of(entry, "updated") for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert {text_of(feed, "id") for feed in found} == {"http://localhost/feeds/datasets.atom?q=river+level"}
    assert {text_of(feed, "updated") for feed in found} == {moments[0]}
    assert {link(feed, "first") for feed in found} == {text_of(found[0], "id")}
    assert link(found[0], "license").endswith("/by/4.0/")
    assert "CC BY 4.0" in text_of(found[0], "rights") or "Creative Commons" in text_of(found[0], "rights")
    assert link(entries[0], "alternate") == text_of(entries[0], "id")
    query = parse_qs(urlsplit(link(found[0], "alternate")).query)
    assert (query["q"], query["sort"], query["kind"]) == (
        ["river level"], ["recorded"], ["dataset", "dataset-series", "data-service"],
    )  # fmt: skip


def test_each_feed_has_its_kind_alone(client: FlaskClient) -> None:
    kinds = {
        name: {
            one.get("term")
            for feed in pages(client, f"/feeds/{name}.atom?kind=agreement&kind=data-service")
            for one in feed.findall(f"{ATOM}entry/{ATOM}category")
            if (one.get("scheme") or "").endswith("/kind")
        }
        for name in ("datasets", "agreements")
    }
    assert kinds == {"datasets": {"data-service"}, "agreements": {"agreement"}}


def test_a_feed_without_entries_is_valid_and_says_what_was_passed_over(client: FlaskClient) -> None:
    (feed,) = pages(client, "/search.atom?q=zzzz&covers_from=soon")
    assert feed.findall(f"{ATOM}entry") == []
    assert "“soon”" in text_of(feed, "subtitle")


def test_a_place_in_a_feed_that_cannot_be_read_is_told(many: FlaskClient) -> None:
    for cursor in ("", "x", "a" * 3000, "%00"):
        answer = many.get(f"/feeds/datasets.atom?cursor={cursor}")
        assert (answer.status_code, answer.mimetype) == (400, "text/plain"), cursor
    following = urlsplit(link(next(pages(many, "/feeds/datasets.atom")), "next")).query
    assert many.get(f"/search.atom?sort=title&{following}").status_code == 400
