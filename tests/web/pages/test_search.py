"""What a reader of the search page learns."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Page, Site
from tests.web.rivers import index_of_rivers


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
    assert "in quotes: organisation:" not in text
    assert 'in quotes: organisation:"home office"' in page("/search?q=organisation:riverton+council+zzzz")


def test_it_sorts_as_asked(page: Page) -> None:
    text = page("/search?sort=title&kind=dataset")
    assert text.index("Roads in Riverton") < text.index("Tax returns")


def test_an_agreement_is_in_the_state_of_today(page: Page) -> None:
    assert "Finding fraud in Council Tax Agreement In force" in page("/search?q=council")


def test_what_was_withdrawn_from_the_catalogue_is_not_found(page: Page) -> None:
    assert "Sealed records" not in page("/search")


def test_a_strict_query_that_finds_nothing_is_offered_a_looser_reading(client: FlaskClient, page: Page) -> None:
    strict = client.get('/search?q="tax+fraud"&kind=agreement').text
    assert "Nothing has all of what you asked for." in strict
    looser = re.search(r'(\d+) records? ha\w+ some of it\. <a class="govuk-link" href="([^"]+)"', strict)
    assert looser is not None
    loose = page(looser[2].replace("&amp;", "&"))
    assert f"{looser[1]} record" in loose
    assert "These records have some of what you asked for. Show only those with all of it" in loose
    assert "some of what you asked for" not in page("/search?q=tax&relaxed=1")


def test_other_spellings_and_names_are_told(page: Page, client: FlaskClient) -> None:
    assert "Did you mean fraud?" in page("/search?q=fraod")
    assert 'href="/search?q=fraud&amp;kind=dataset"' in client.get("/search?q=fraod&kind=dataset").text
    assert "Also searched for: Revenue Office (another name of the same organisation)" in page("/search?q=RO")


def test_time_covered_and_what_changed_here_narrow_and_are_told(page: Page, client: FlaskClient) -> None:
    assert "Tax returns" in page("/search?q=tax&kind=dataset&covers_from=2019-04&covers_to=2020")
    text = page("/search?q=tax&kind=dataset&covers_from=2019-05")
    assert "Tax returns" not in text
    assert "Remove the filter Time covered, from: Covers May 2019 or later" in text
    assert "Nothing found" in page("/search?changed_since=2999")
    html = client.get("/search?q=tax&covers_to=2018").text
    assert re.search(r'name="covers_to" form="search-form" value="2018"', html)
    week = re.search(r'href="(/search\?[^"]*changed_since=[^"]*)">In the last week', html)
    assert week is not None
    assert "covers_to=2018" in week[1]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("covers_from=soon", "“soon” in “Time covered, from” was passed over"),
        ("changed_since=31/12/2020", "“31/12/2020” in “Added or changed here since” was passed over"),
        ("covers_from=2020&covers_to=2019", "The two ends of the time covered were exchanged"),
        ("page=٣", "“٣” is no number of a page"),
        ("page=-1", "“-1” is no number of a page"),
        ("page=1000000000", "There is no page"),
        ("sort=size", "There is no order “size”"),
        ("relaxed=maybe", "“maybe” in “relaxed” was passed over"),
        (f"theme={'x' * 300}", "A value of “Theme of the data” was passed over"),
    ],
)
def test_what_makes_no_sense_is_passed_over_and_told(page: Page, query: str, told: str) -> None:
    assert told in page(f"/search?{query}")


def test_a_long_facet_has_a_page_of_its_own(site: Site, tmp_path: Path) -> None:
    reader = site.app(opener=index_of_rivers(tmp_path).reader).test_client()
    html = reader.get("/search?q=river&organisation=ministry-of-river-7&access=open").text
    assert html.count('name="organisation"') == 10
    more = re.search(r'href="(/search/facets/organisation\?[^"]+)"', html)
    assert more is not None
    choices = reader.get(more[1].replace("&amp;", "&")).text
    assert choices.count('name="organisation" form') == 40
    assert re.search(r'value="ministry-of-river-7" checked', choices)
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', choices))
    assert kept == {"q": "river", "access": "open"}


def test_facets_call_things_as_people_do(page: Page) -> None:
    text = page("/search?q=fraud")
    assert "State of the agreement In force 1 record" in text
    assert "Legal power" in text
    assert "active" not in text


def test_the_same_results_are_offered_in_other_formats(client: FlaskClient) -> None:
    html = client.get("/search?q=fraud&kind=agreement&page=1").text
    for address in ("/search.csv", "/search.json", "/search.atom"):
        assert f'href="{address}?q=fraud&amp;kind=agreement"' in html
    feed = '/search.atom?q=fraud&amp;kind=agreement&amp;sort=recorded"'
    assert html.count(feed) == 2  # told to feed readers in the head, and to people
