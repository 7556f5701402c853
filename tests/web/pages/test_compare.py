import re

from flask.testing import FlaskClient

from tests.web.conftest import Page


def test_what_was_taken_out_and_put_in_is_marked_and_said(client: FlaskClient, page: Page) -> None:
    html = client.get("/agreements/dg-3/compare/1/2").text
    assert re.search(r"<del><span[^>]*>deleted: </span>28 February 2019</del>", html)
    assert re.search(r"<ins><span[^>]*>inserted: </span>31 March 2019</ins>", html)
    text = page("/agreements/dg-3/compare/1/2")
    assert "What changed from version 1 to version 2" in text
    assert "1 change." in text
    assert "Ends on" in text


def test_the_step_between_says_what_it_was_and_when(page: Page) -> None:
    text = page("/agreements/dg-3/compare/1/2")
    assert "Version 2: Amended Amendment The deal changed." in text
    assert "In its source since 5 April 2019; recorded here on" in text


def test_it_goes_back_in_time_and_says_so(client: FlaskClient, page: Page) -> None:
    text = page("/agreements/dg-3/compare/2/1")
    assert "Version 2 is the newer of the two: this page goes back in time." in text
    assert re.search(
        r"<ins><span[^>]*>inserted: </span>28 February 2019</ins>", client.get("/agreements/dg-3/compare/2/1").text
    )


def test_a_version_with_itself_has_no_change(page: Page) -> None:
    assert "This is one and the same version." in page("/agreements/dg-3/compare/1/1")


def test_history_and_older_versions_lead_to_it(client: FlaskClient) -> None:
    assert 'href="/agreements/dg-3/compare/1/2"' in client.get("/agreements/dg-3/history").text
    assert 'href="/agreements/dg-3/compare/1/2"' in client.get("/agreements/dg-3/versions/1").text
    assert "/compare/" not in client.get("/agreements/dg-1/history").text


def test_a_version_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    for address in ("1/3", "0/1", "x/1", "1/-1", "1/99999999999999999999999"):
        assert client.get(f"/agreements/dg-3/compare/{address}").status_code == 404
    assert client.get("/agreements/dg-99/compare/1/2").status_code == 404
