"""What a reader of a dataset's page learns."""

from flask.testing import FlaskClient

from tests.web.conftest import Page, words


def test_a_restricted_dataset_says_who_may_ask_on_what_basis_and_where(page: Page, client: FlaskClient) -> None:
    text = page("/datasets/tax-returns")
    assert "Some people may have this data" in text
    assert "Who may ask Accredited researchers" in text
    assert "On what basis Statistics Act s.1" in text
    assert "How to ask Fill in the form" in text
    assert "Revenue Act 2005 s.18" in text
    assert 'href="https://revenue.example/ask"' in client.get("/datasets/tax-returns").text


def test_an_open_dataset_says_how_to_get_it_and_on_what_terms(page: Page, client: FlaskClient) -> None:
    text = page("/datasets/roads-of-riverton")
    assert "Anyone may have this data" in text
    assert "Open Government Licence v3.0" in text
    assert "3.4 MB" in text
    html = client.get("/datasets/roads-of-riverton").text
    assert 'href="https://riverton.example/roads.csv"' in html
    assert 'href="https://riverton.example/map"' in html


def test_what_the_source_does_not_say_is_told_and_not_made_up(page: Page) -> None:
    text = page("/datasets/valuation-service")
    assert "The source does not say who may have this data" in text
    assert "Licence" not in text.replace("Licence v3.0", "")
    assert "valuation.example/api" in text


def test_texts_of_sources_are_shown_as_text(client: FlaskClient) -> None:
    html = client.get("/datasets/tax-returns").text
    assert "&lt;b&gt;Not bold&lt;/b&gt;" in html
    assert "<b>Not bold</b>" not in html
    assert "What people earn.\n\nOne line" in html


def test_it_names_the_agreements_under_which_it_is_shared(page: Page) -> None:
    text = page("/datasets/tax-returns")
    assert "Agreements under which it is shared Finding fraud in Council Tax Agreement In force" in text


def test_a_contact_is_shown_and_an_erased_one_is_not(page: Page) -> None:
    assert "data@riverton.example" in page("/datasets/roads-of-riverton")
    erased = page("/datasets/tax-returns")
    assert "The contact was erased" in erased
    assert "Bloggs" not in erased


def test_a_withdrawn_dataset_answers_gone_with_its_last_record_and_the_reason(client: FlaskClient) -> None:
    answer = client.get("/datasets/sealed-records")
    assert answer.status_code == 410
    text = words(answer.text)
    assert "withdrawn on 2 March 2026" in text
    assert "It was burnt." in text
    assert "Sealed records" in text


def test_its_history_says_what_changed_field_by_field(page: Page) -> None:
    text = page("/datasets/roads-of-riverton/history")
    assert "Title Roads deleted: of inserted: in Riverton" in text
    assert text.index("revision 2") < text.index("revision 1")


def test_an_old_revision_says_so_and_shows_what_stood_then(page: Page) -> None:
    text = page("/datasets/roads-of-riverton/revisions/1")
    assert "This is revision 1 of 2, recorded on 2 March 2026. It is not the newest." in text
    assert "Roads of Riverton" in text
    assert "Roads in Riverton" not in text


def test_every_statement_is_somewhere_on_the_page(page: Page) -> None:
    text = page("/datasets/roads-of-riverton")
    assert "Other statements of the source colour green" in text
    assert "How it came here Imported from another register Source Riverton open data" in text


def test_the_list_leaves_out_what_was_withdrawn(page: Page) -> None:
    text = page("/datasets")
    assert "3 datasets, by title" in text
    assert "Sealed records" not in text
    assert text.index("Roads in Riverton") < text.index("Tax returns") < text.index("Valuation service")
