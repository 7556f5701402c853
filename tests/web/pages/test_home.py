"""What a newcomer learns."""

from flask.testing import FlaskClient

from tests.web.conftest import Page


def test_it_says_what_there_is_and_how_much(page: Page) -> None:
    text = page("/")
    assert "The public record of the data that government holds" in text
    assert "3 datasets 4 data-sharing agreements 4 organisations" in text


def test_it_has_one_search_box_and_ways_in(client: FlaskClient) -> None:
    html = client.get("/").text
    assert html.count('type="search"') == 1
    assert 'href="/search?purpose=fraud"' in html
    assert 'href="/search?theme=economy"' in html
    assert 'href="/organisations/riverton-council"' in html


def test_it_shows_the_latest_agreements(page: Page) -> None:
    text = page("/")
    assert "Finding fraud in Council Tax" in text[text.index("Latest agreements") :]
