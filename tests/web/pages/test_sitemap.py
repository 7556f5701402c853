"""The site map names every page of a record, and what crawlers and language models read is in order."""

import re
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from web.pages import sitemap

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(client: FlaskClient, address: str) -> dict[str, str | None]:
    """The addresses in a file of the map, each with the moment of its last change."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    root = ET.fromstring(answer.data)
    assert root.tag in {f"{SPACE}sitemapindex", f"{SPACE}urlset"}
    return {
        entry.findtext(f"{SPACE}loc", "").removeprefix("http://localhost"): entry.findtext(f"{SPACE}lastmod")
        for entry in root
    }


def whole_map(client: FlaskClient) -> list[str]:
    return [page for part in addresses(client, "/sitemap.xml") for page in addresses(client, part)]


def test_it_leads_to_every_record_that_is_not_withdrawn(client: FlaskClient) -> None:
    pages = whole_map(client)
    assert len(pages) == len(set(pages))
    assert {"/", "/dump/", "/datasets/roads-of-riverton", "/agreements/dg-1", "/organisations/revenue-office"} <= set(
        pages
    )
    assert "/powers/digital-economy-act-2017-s56" in pages
    assert "/datasets/sealed-records" not in pages
    assert {page: status for page in pages if (status := client.get(page).status_code) != 200} == {}
    moments = list(addresses(client, "/sitemap-datasets-1.xml").values())
    assert all(moment and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment) for moment in moments)
    assert max(moment or "" for moment in moments) == addresses(client, "/sitemap.xml")["/sitemap-datasets-1.xml"]


def test_it_is_split(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sitemap.AT_ONCE == 50_000
    whole = whole_map(client)
    monkeypatch.setattr(sitemap, "AT_ONCE", 2)
    parts = addresses(client, "/sitemap.xml")
    assert "/sitemap-datasets-2.xml" in parts
    assert "/sitemap-datasets-3.xml" not in parts
    assert sorted(whole_map(client)) == sorted(whole)
    for address in ("/sitemap-datasets-3.xml", "/sitemap-datasets-0.xml", "/sitemap-pages-2.xml"):
        assert client.get(address).status_code == 404


def test_language_models_are_led_to_what_there_is(client: FlaskClient) -> None:
    answer = client.get("/llms.txt")
    assert answer.text.startswith("# Data Gazette\n\n> ")
    links = re.findall(r"\]\(http://localhost(/[^)]*)\)", answer.text)
    assert len(links) > 10
    found = {link: client.get(link).status_code for link in links if link != "/register/bundle.zip"}
    assert {link: status for link, status in found.items() if status != 200} == {}
