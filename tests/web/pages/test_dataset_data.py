"""What a dataset's page tells programs: schema.org in the page, and the columns of its tables for people."""

import json
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from catalogue.datasets.record import record_dataset
from catalogue.search.engine import SearchEngine, SearchUnavailable
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from schemas.settings import Settings
from tests.fakes import CountingIds, FakeClock
from tests.web.conftest import Page
from tests.web.content import ROADS
from web.app import create_app

HOSTILE = "</script><script>alert(1)</script><!--<script>\u2028 & ' \" \\u003c {{ 7*7 }} ]]>"


def _no_index() -> SearchEngine:
    raise SearchUnavailable("There is no index.", "Make one.")


class _Blocks(HTMLParser):
    """The data blocks of a page, as a parser of HTML finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.scripts = 0
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.inside = tag == "script" and dict(attrs).get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self.inside = False


def blocks(html: str) -> list[Any]:
    found = _Blocks()
    found.feed(html)
    return [json.loads(text) for text in found.texts]


def test_a_dataset_is_told_to_search_engines(client: FlaskClient) -> None:
    (node,) = blocks(client.get("/datasets/roads-of-riverton").text)
    assert node["@type"] == "Dataset"
    assert node["name"] == "Roads in Riverton"
    assert node["url"] == "http://localhost/datasets/roads-of-riverton"
    assert [file["contentUrl"] for file in node["distribution"]] == ["https://riverton.example/roads.csv"]
    assert node["publisher"]["contactPoint"]["email"] == "data@riverton.example"
    assert "Bloggs" not in json.dumps(blocks(client.get("/datasets/tax-returns").text))


def test_the_home_page_tells_what_the_catalogue_is_and_how_to_search_it(client: FlaskClient) -> None:
    (node,) = blocks(client.get("/").text)
    (dataset,) = blocks(client.get("/datasets/roads-of-riverton").text)
    assert node["@type"] == "DataCatalog"
    assert dataset["includedInDataCatalog"]["@id"] == node["@id"] == "http://localhost/"
    template = node["mainEntityOfPage"]["potentialAction"]["target"]["urlTemplate"]
    assert client.get(template.replace("{search_term_string}", "roads")).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/datasets/sealed-records", "/datasets/roads-of-riverton/revisions/1", "/datasets/roads-of-riverton/history"],
)
def test_what_is_gone_or_old_is_not_told_to_search_engines(client: FlaskClient, address: str) -> None:
    assert blocks(client.get(address).text) == []


def test_a_hostile_text_stays_a_text(sqlite_database: Database, tmp_path: Path, chromium: Browser) -> None:
    document = {**ROADS, "title": HOSTILE, "description": HOSTILE, "keyword": [HOSTILE], "publisher": {"name": HOSTILE}}
    document["distribution"] = [{"title": HOSTILE, "column": [{"name": HOSTILE, "description": HOSTILE}]}]
    with sqlite_database.write() as session:
        record_dataset(
            session,
            LOCAL_REGISTRAR,
            document,
            source="x",
            identifier="x",
            clock=FakeClock(),
            ids=CountingIds(),
            slug="bad",
        )
    settings = Settings(tmp_path, str(sqlite_database.engine.url), tmp_path / "search")
    reader = create_app(settings, sqlite_database, _no_index, FakeClock()).test_client()
    html = reader.get("/datasets/bad").text
    (node,) = blocks(html)
    assert node["name"] == HOSTILE
    assert node["keywords"] == [HOSTILE]
    found = _Blocks()
    found.feed(html)
    assert found.scripts == 2  # the search box's, and this
    said: list[str] = []
    with closing(chromium.new_page()) as page:
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.set_content(html)
        text = page.locator('script[type="application/ld+json"]').text_content()
    assert json.loads(text or "") == node
    assert said == []


def test_a_browser_takes_the_block_for_data(chromium: Browser, client: FlaskClient) -> None:
    """Under the site's own policy: nothing stands in the console, and a script reads what was written."""
    answer = client.get("/datasets/tax-returns")
    said: list[str] = []
    with closing(chromium.new_page()) as page:
        page.on("console", lambda message: said.append(message.text))
        page.route(
            "**/*",
            lambda route: (
                route.fulfill(status=200, headers={**dict(answer.headers)}, body=answer.text)
                if route.request.resource_type == "document"
                else route.fulfill(status=200, content_type="text/css", body="")
            ),
        )
        page.goto("http://site.example/datasets/tax-returns")
        text = page.locator('script[type="application/ld+json"]').text_content()
    assert json.loads(text or "")["description"].endswith("<b>Not bold</b>")
    assert [line for line in said if "Content Security Policy" in line] == []


def test_the_columns_of_a_table_stand_under_its_file(page: Page, client: FlaskClient) -> None:
    text = page("/datasets/roads-of-riverton")
    assert "2 columns of “All roads”" in text
    assert "Column What it holds Type Unit road_id The number of the road. string length" in text
    assert "length Length of the road Not stated number km" in text
    assert "<details" not in client.get("/datasets/tax-returns").text.split('id="get"')[-1].split("</section>")[0]
