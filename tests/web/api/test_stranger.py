"""What a client finds that was written from the description and the RFCs alone."""

import gzip
import json
import time
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.register.lifecycle.world import complete
from tests.web.api.office import Office
from web.api.bounds import MOST_MISTAKES
from web.api.problems import MOST_PROBLEMS

V1 = "/api/v1"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def client(small_office: Office) -> FlaskClient:
    return small_office.app().test_client()


def told(answer: TestResponse) -> Any:
    return answer.get_json()


def test_an_agreement_is_registered_by_following_addresses(small_office: Office, client: FlaskClient) -> None:
    """From nothing to in force, by two accounts: each answer names what comes next, and every name is the API’s own."""
    lead, receiver = small_office.headers("lead"), small_office.headers("receiver")
    saved = client.post(f"{V1}/drafts", json={"document": complete()}, headers={**lead, "Idempotency-Key": "a"})
    draft = saved.headers["Location"]
    read = client.get(draft, headers=lead)
    tag = {"If-None-Match": read.headers["ETag"]}
    assert told(read)["id"] == told(saved)["draft"]["id"]
    again = client.get(draft, headers={**lead, **tag})
    assert (again.status_code, again.data, again.headers["Cache-Control"]) == (304, b"", "no-store")
    assert client.get(draft, headers={**lead, "If-Match": '"another"'}).status_code == 412
    signed = client.post(f"{draft}/events", json={"event": "signed"}, headers=lead)
    agreement = signed.headers["Location"]
    assert agreement == f"{V1}/agreements/{told(signed)['agreement']['id']}"
    shown = client.get(agreement)
    assert shown.mimetype == "application/json"
    confirming = {"event": "confirmed", "details": {"version": 1}}
    guarded = {**receiver, "If-Match": shown.headers["ETag"]}
    confirmed = client.post(f"{agreement}/events", json=confirming, headers=guarded)
    assert (confirmed.status_code, confirmed.headers["Location"]) == (201, agreement)
    assert [event["event"] for event in told(client.get(f"{agreement}/history"))["items"]] == ["signed", "confirmed"]
    assert told(client.get(agreement))["state"] == "in-force"


@pytest.mark.parametrize("path", ["/agreements/dg-1", "/agreements", "/datasets", "/changes", "/organisations", "/"])
def test_a_condition_that_does_not_hold_is_told_as_a_problem(
    small_office: Office, client: FlaskClient, path: str
) -> None:
    small_office.world.enter()
    tag = client.get(V1 + path).headers["ETag"]
    assert client.get(V1 + path, headers={"If-Match": f'"a", {tag}'}).status_code == 200
    assert client.get(V1 + path, headers={"If-Match": "*"}).status_code == 200
    for wrong in ('"a"', f"W/{tag}"):  # weak tags never match strongly (RFC 9110, 13.1.1)
        answer = client.get(V1 + path, headers={"If-Match": wrong, "If-None-Match": tag})
        assert (answer.status_code, answer.mimetype) == (412, "application/problem+json"), wrong
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "If-Match" in told(answer)["detail"]


@pytest.mark.parametrize(
    ("content", "headers", "status", "word"),
    [
        (b"", JSON, 400, "empty"),
        (b" \n", JSON, 400, "empty"),
        (b"\xef\xbb\xbf" + b'{"documents": [{}]}', JSON, 200, ""),
        (b'{"documents": ["\x01"]}', JSON, 400, "invalid control character in line"),
        (b'{"\\ud800": 1, "\\ud800": 2}', JSON, 400, "stands twice"),
        (b'{"documents": [{}]}', {"Content-Type": "text/json"}, 415, "not called JSON"),
        (b'{"documents": [{}]}', {}, 415, "not called JSON"),
        (gzip.compress(b'{"documents": [{}]}', mtime=0), {**JSON, "Content-Encoding": "gzip"}, 415, "compressed"),
        (b'{"documents": [{}]}', {**JSON, "Content-Encoding": "br"}, 415, "compressed"),
        (b'{"documents": [{}]}', {**JSON, "Content-Encoding": "identity"}, 200, ""),
    ],
)  # fmt: skip
def test_what_a_body_may_be(client: FlaskClient, content: bytes, headers: Any, status: int, word: str) -> None:
    answer = client.post(f"{V1}/check", data=content, headers=headers)
    assert answer.status_code == status, told(answer)
    if status != 200:
        assert word in told(answer)["detail"]
        assert told(answer)["advice"]
    if status == 415:
        wanted = ("Accept-Encoding", "identity") if word == "compressed" else ("Accept", "application/json")
        assert answer.headers[wanted[0]] == wanted[1]  # RFC 9110, 15.5.16


def test_what_comes_in_pieces_is_never_cut_off(client: FlaskClient) -> None:
    """A body too long is refused, and not read as far as it may go: it would be another one, and valid."""
    content = b'{"documents": [{}]}'
    for blanks, status in ((2_000_000 - len(content), 200), (2_000_001 - len(content), 413), (2_100_000, 413)):
        answer = client.post(
            f"{V1}/check",
            input_stream=BytesIO(content + b" " * blanks),
            content_type="application/json",
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        )
        assert answer.status_code == status, blanks
    assert told(answer)["title"] == "Content Too Large"
    assert "2,000,000" in told(answer)["advice"]


def test_who_has_no_token_is_not_told_that_it_is_wrong(client: FlaskClient) -> None:
    """RFC 6750, 3.1: no error code where the request has no authentication at all."""
    assert client.get(f"{V1}/drafts").headers["WWW-Authenticate"] == 'Bearer realm="register"'
    wrong = client.get(f"{V1}/drafts", headers={"Authorization": "Bearer dgz_wrong"}).headers["WWW-Authenticate"]
    assert wrong == 'Bearer realm="register", error="invalid_token"'


def test_every_error_of_http_says_what_to_do_next(client: FlaskClient) -> None:
    wrong = client.post(f"{V1}/agreements", json={})
    assert wrong.status_code == 405
    assert set(wrong.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "GET" in told(wrong)["advice"]
    assert "/api/v1/openapi.json" in told(client.get(f"{V1}/nothing"))["advice"]
    options = client.options(f"{V1}/agreements")
    assert (options.status_code, options.data) == (200, b"")
    assert "Content-Type" not in options.headers
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(("query", "missing"), [("", "kind"), ("?q=a", "kind"), ("?kind=organisation", "q")])
def test_a_look_up_needs_both_arguments(client: FlaskClient, query: str, missing: str) -> None:
    answer = client.get(f"{V1}/lookup{query}")
    assert (answer.status_code, told(answer)["detail"]) == (400, f"“{missing}” is missing.")


@pytest.mark.parametrize(
    "document",
    [
        {f"k{number}": 1 for number in range(20_000)},
        {"parties": [1] * 20_000},
        {"parties": [{"name": "Ministry of Rivers", **{f"k{n}": 1 for n in range(20)}} for _ in range(1_000)]},
    ],
    ids=["members", "items", "members of items"],
)
def test_mistakes_without_end_are_not_told_one_by_one(client: FlaskClient, document: Any) -> None:
    began = time.process_time()
    answer = client.post(f"{V1}/check", json={"documents": [document]})
    assert time.process_time() - began < 3  # to tell all of them takes ten times as long
    assert (answer.status_code, len(answer.data) < 1_000) == (400, True)
    assert f"{MOST_MISTAKES:,}" in told(answer)["detail"]


def test_as_many_mistakes_as_somebody_would_mend_are_told(client: FlaskClient) -> None:
    document = complete(parties=[*complete()["parties"], *[{"nmae": "Ministry of Rivers"}] * 200])
    assert len(json.dumps(document)) < 40_000
    problems = told(client.post(f"{V1}/check", json={"documents": [document, complete()]}))["problems"]
    assert len([problem for problem in problems[0] if "nmae" in problem["pointer"]]) == 200
    assert len(problems) == 2


def test_of_more_gaps_than_anybody_would_mend_the_first_are_told(small_office: Office, client: FlaskClient) -> None:
    flow = {"from": "Example Revenue Agency", "to": "Example City Council", "datasets": [{"title": "Levels"}]}
    sent = {"document": complete(flows=[flow] * 250)}
    answer = client.post(f"{V1}/drafts", json=sent, headers=small_office.headers("lead"))
    assert answer.status_code == 409
    assert len(told(answer)["problems"]) == MOST_PROBLEMS
    assert "The first 1,000 are listed." in told(answer)["detail"]


def test_who_is_no_party_may_not(small_office: Office, client: FlaskClient) -> None:
    answer = client.post(f"{V1}/drafts", json={"document": complete()}, headers=small_office.headers("stranger"))
    assert answer.status_code == 403
    assert "Example Revenue Agency" in told(answer)["advice"]


def test_many_records_full_of_mistakes_are_sent_back(client: FlaskClient) -> None:
    answer = client.post(f"{V1}/check", json={"documents": [{"parties": [1] * 300}] * 20})
    assert answer.status_code == 400
    assert "of these 20 records" in told(answer)["detail"]


def test_details_longer_than_any_event_has_are_refused(small_office: Office, client: FlaskClient) -> None:
    small_office.world.enter()
    sent = {"event": "disputed", "details": {f"k{number}": 1 for number in range(9_000)}}
    answer = client.post(f"{V1}/agreements/dg-1/events", json=sent, headers=small_office.headers("receiver"))
    assert (answer.status_code, "details" in told(answer)["detail"]) == (400, True)
