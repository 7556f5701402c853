"""Suggestions for the search box: what a script gets, and that nothing that is asked breaks it."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st


def test_each_is_told_for_what_it_is(client: FlaskClient) -> None:
    answer = client.get("/suggest?q=fraud")
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "private, max-age=10"
    found = {(one["kindTitle"], one["title"], one["address"]) for one in answer.get_json()["suggestions"]}
    assert found == {
        ("Legal power", "Disclosure of information to combat fraud", "/powers/digital-economy-act-2017-s56"),
        ("Agreement", "Finding fraud in Council Tax", "/agreements/dg-1"),
    }
    for _, _, address in found:
        assert client.get(address).status_code == 200
    (body,) = client.get("/suggest?q=REVÉNUE+off").get_json()["suggestions"]
    assert (body["kindTitle"], body["address"]) == ("Organisation", "/organisations/revenue-office")


def test_what_is_withdrawn_or_a_draft_is_not_suggested(client: FlaskClient) -> None:
    assert client.get("/suggest?q=secret").get_json()["suggestions"] == []


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%00", "q=%ED%A0%80", "q=%FF", "q=" + "a" * 100_000, "q=a&q=b", "q=%E2%80%AErof", "x=1"]
)
def test_whatever_is_asked_is_answered(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/suggest?{query}")
    assert answer.status_code == 200
    assert isinstance(answer.get_json()["suggestions"], list)


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_any_text_is_answered(client: FlaskClient, text: str) -> None:
    sent = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert client.get("/suggest", query_string={"q": sent}).status_code == 200
