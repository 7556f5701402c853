"""What a reader of a power's page learns: what it allows, since when, who may use it, and who relies on it."""

from flask.testing import FlaskClient

from tests.web.conftest import Page

FRAUD = "/powers/digital-economy-act-2017-s56"


def test_the_list_tells_the_law_and_how_often_it_is_used(page: Page) -> None:
    text = page("/powers")
    assert "2 powers" in text
    assert "Disclosure of information to combat fraud In force Digital Economy Act 2017, section 56" in text
    assert "United Kingdom 1 agreement" in text
    assert "Collecting tolls No longer in force" in text
    assert "No agreement here" in text
    assert "Collecting tolls" not in page("/powers?q=digital+economy")
    assert "No power with “lakes”" in page("/powers?q=lakes")


def test_a_power_says_what_it_allows_since_when_and_who_may_use_it(page: Page) -> None:
    text = page(FRAUD)
    assert "Public bodies may tell each other what they need to find fraud." in text
    assert "has been in force since 1 May 2018." in text
    assert "This list is not known to be complete." in text
    assert "Revenue Office From 1 May 2018" in text
    assert "A district council in England (every body of this kind)" in text
    assert "Agreements that rely on it 1 Finding fraud in Council Tax" in text
    assert "Transcribed from a public page: The act." in text


def test_a_power_that_ended_keeps_its_page_and_says_why(page: Page) -> None:
    text = page("/powers/bridge-act-1890-s2")
    assert "No longer in force" in text
    assert "was in force from" not in text
    assert "was in force until 31 May 1990. The bridge was paid." in text
    assert "The list does not say who may use it." in text
    assert "The source does not say more than its name." in text
    assert "Ended Recorded here on" in text


def test_an_agreement_leads_to_its_power_and_says_who_may_use_it(page: Page, client: FlaskClient) -> None:
    text = page("/agreements/dg-1")
    assert "The list of bodies that may use it holds The Revenue Office from 1 May 2018." in text
    assert f'href="{FRAUD}"' in client.get("/agreements/dg-1").text
