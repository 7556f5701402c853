"""What a reader of the search page learns."""

import re

from flask.testing import FlaskClient

from tests.web.conftest import Page


def test_it_finds_datasets_and_agreements_and_counts_them(page: Page) -> None:
    text = page("/search?q=fraud")
    assert "2 records for “fraud”" in text
    assert "Finding fraud in Council Tax" in text
    assert "Roads in Riverton" in text


def test_the_words_looked_for_are_marked(client: FlaskClient) -> None:
    html = client.get("/search?q=fraud").text
    assert '<mark class="app-mark">fraud</mark>' in html


def test_markup_of_a_source_is_text_in_a_snippet(client: FlaskClient) -> None:
    html = client.get("/search?q=earn").text
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_it_says_how_the_query_was_understood(page: Page) -> None:
    assert "We looked for: Records with any of “tax” and “roads”" in page("/search?q=tax+roads")


def test_a_facet_counts_what_choosing_it_would_give(page: Page, client: FlaskClient) -> None:
    counted = re.search(r"Agreement (\d+) records?", page("/search?q=fraud"))
    assert counted is not None
    assert f"{counted[1]} record for “fraud”" in page("/search?q=fraud&kind=agreement")
    html = client.get("/search?q=fraud&kind=agreement").text
    assert re.search(r'name="kind"[^>]*value="agreement" checked', html)


def test_several_values_of_a_facet_are_alternatives(page: Page) -> None:
    assert "2 records" in page("/search?access=open&access=restricted")


def test_a_chosen_filter_can_be_taken_away(client: FlaskClient) -> None:
    html = client.get("/search?q=fraud&kind=agreement&purpose=fraud").text
    assert 'href="/search?q=fraud&amp;purpose=fraud"' in html
    assert 'href="/search?q=fraud&amp;kind=agreement"' in html
    assert 'href="/search?q=fraud"' in html


def test_a_filter_that_nothing_has_stays_in_sight(client: FlaskClient) -> None:
    answer = client.get("/search?organisation=no-such-body")
    assert answer.status_code == 200
    assert "Nothing found" in answer.text
    assert re.search(r'value="no-such-body" checked', answer.text)


def test_an_empty_answer_helps_the_reader_on(page: Page) -> None:
    text = page("/search?q=zzzz&kind=dataset")
    assert "Nothing found for “zzzz”" in text
    assert "take away the filters" in text
    assert "check the spelling" in text


def test_it_sorts_as_asked(page: Page) -> None:
    text = page("/search?sort=title&kind=dataset")
    assert text.index("Roads in Riverton") < text.index("Tax returns")


def test_an_agreement_is_in_the_state_of_today(page: Page) -> None:
    assert "Finding fraud in Council Tax Agreement In force" in page("/search?q=council")


def test_what_was_withdrawn_from_the_catalogue_is_not_found(page: Page) -> None:
    assert "Sealed records" not in page("/search")
