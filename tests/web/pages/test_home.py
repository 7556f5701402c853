"""What a newcomer learns."""

from flask.testing import FlaskClient

from tests.web.conftest import Page


def test_it_says_what_there_is_and_how_much(page: Page) -> None:
    text = page("/")
    assert "The public record of the data that government holds" in text
    assert "3 datasets 12 data-sharing agreements 8 organisations" in text


def test_it_has_one_search_box_and_ways_in(client: FlaskClient) -> None:
    html = client.get("/").text
    assert html.count('type="search"') == 1
    assert 'href="/search?purpose=fraud"' in html
    assert 'href="/search?theme=economy"' in html
    assert 'href="/organisations/riverton-council"' in html


def test_it_shows_the_latest_agreements(page: Page) -> None:
    text = page("/")
    assert "Bridges that carry a toll" in text[text.index("Latest agreements") :]


def test_it_says_what_is_open(page: Page) -> None:
    text = page("/")
    text = text[text.index("What is open now") : text.index("Latest agreements")]
    assert "Open for comment 1 Water levels for flood warnings Comments are taken until 30 April 2026." in text
    assert "Disputed by a party 1 River tolls and who owes them Office of Bridges says that version 1 is not" in text
    assert "A change is proposed 1 Moorings and their owners" in text
    assert "A review is overdue 1 Finding fraud in Council Tax A review was due on 1 December 2025" in text
    assert "Locks and keepers, entered twice" not in text
