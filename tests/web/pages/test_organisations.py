"""What a reader of an organisation's page learns: what it holds, sends and receives."""

from flask.testing import FlaskClient

from tests.web.conftest import Page


def _between(text: str, start: str, end: str) -> str:
    return text[text.rindex(start) : text.rindex(end)]


def test_it_tells_what_a_body_publishes_and_sends(page: Page) -> None:
    text = page("/organisations/revenue-office")
    assert "What it publishes 1 Tax returns" in text
    assert "What it sends to others 1 Finding fraud in Council Tax" in text
    assert "What it receives" not in text


def test_an_agreement_that_puts_a_body_on_both_sides_is_apart(page: Page) -> None:
    text = page("/organisations/riverton-council")
    assert "What it receives 1 Finding fraud in Council Tax" in text
    assert "Agreements that do not tell its part 1" in text
    assert "Both send and both receive" in text[text.index("Their sources do not tell") :]


def test_it_tells_who_a_body_is(page: Page, client: FlaskClient) -> None:
    text = page("/organisations/revenue-office")
    assert "Government department" in text
    assert "Also called RO Swyddfa Refeniw" in text
    assert "Belonging to it Valuation Agency" in text
    assert 'lang="cy">Swyddfa Refeniw' in client.get("/organisations/revenue-office").text
    assert "Belongs to Revenue Office" in page("/organisations/valuation-agency")


def test_a_body_without_records_says_so(page: Page) -> None:
    assert "No dataset of it and no agreement with it is recorded here yet." in page("/organisations/quiet-body")


def test_the_list_goes_from_a_to_z_with_counts(page: Page) -> None:
    text = page("/organisations")
    assert "8 organisations" in text
    assert "Riverton Council 1 dataset, 2 agreements" in text
    assert text.index("Quiet Body") < text.index("Revenue Office") < text.index("Valuation Agency")


def test_a_body_is_found_by_any_of_its_names(page: Page) -> None:
    text = page("/organisations?q=refeniw")
    assert "1 organisation with “refeniw” in a name" in text
    assert "Revenue Office" in text
    assert "Riverton" not in text


def test_a_wildcard_is_a_letter_like_any_other(page: Page) -> None:
    assert "No organisation with “R%” in a name" not in page("/organisations?q=R%25")
    assert "No organisation with “%” in a name" in page("/organisations?q=%25")


def test_what_waits_for_a_body_is_told(page: Page) -> None:
    text = page("/organisations/upstream-council")
    text = text[text.index("What is open now", text.index("What is open now") + 1) :]
    waiting = text[text.index("Could be confirmed and is not") : text.index("What it sends to others")]
    assert "Locks and their keepers It has not said whether version 1 is right." in waiting
    assert "River tolls" not in waiting
    assert "Disputed by a party 1 River tolls and who owes them" in text
    assert "Could be confirmed" not in page("/organisations/society-of-ferries")
