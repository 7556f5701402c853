"""The client: where it sends the token, and what the errors of a server become."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import GazetteError, InvalidInput, InvalidRecord, NotFound, Refused, Unreachable
from tests.web.client.server import Told, answering
from web.client.http import HttpClient, checked_server


@pytest.fixture(scope="module")
def serving() -> Iterator[Told]:
    with answering() as told:
        yield told


@pytest.fixture
def told(serving: Told) -> Told:
    serving.asked.clear()
    serving.answer(200, {})
    return serving


def test_it_sends_token_body_and_parameters_and_reads_the_reply(told: Told) -> None:
    told.answer(201, {"id": "uk-1"}, ETag='"7"')
    client = HttpClient(told.address + "/", "dgz_secret")
    reply = client.request(
        "POST", "/api/v1/agreements", json={"title": "Flüsse"}, headers={"If-Match": '"6"'}, params={"a": ["1", "2"]}
    )
    assert (reply.status, reply.json, reply.headers["etag"]) == (201, {"id": "uk-1"}, '"7"')
    method, path, headers, body = told.asked[0]
    assert (method, path, body.decode()) == ("POST", "/api/v1/agreements?a=1&a=2", '{"title": "Flüsse"}')
    assert headers["authorization"] == "Bearer dgz_secret"
    assert (headers["content-type"], headers["if-match"]) == ("application/json", '"6"')


def test_without_a_token_none_is_sent_whatever_stands_in_netrc(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login clerk password sesame\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    HttpClient(told.address, None).request("GET", "/")
    HttpClient(told.address, "dgz_a").request("GET", "/")
    assert [headers.get("authorization") for _, _, headers, _ in told.asked] == [None, "Bearer dgz_a"]


ERRORS: list[tuple[int, type[GazetteError]]] = [
    (400, InvalidInput),
    (403, Refused),
    (404, NotFound),
    (409, Refused),
    (410, NotFound),
    (412, Refused),
    (422, InvalidInput),
    (428, Refused),
    (429, Unreachable),
    (500, Unreachable),
    (503, Unreachable),
]


@pytest.mark.parametrize(("status", "kind"), ERRORS)
def test_an_error_of_the_server_is_the_error_that_the_data_folder_would_give(
    told: Told, status: int, kind: type[GazetteError]
) -> None:
    told.answer(status, {"title": "Short", "status": status, "detail": "What is wrong.", "advice": "What to do."})
    with pytest.raises(kind) as caught:
        HttpClient(told.address, None).request("GET", "/x")
    assert type(caught.value) is kind
    assert (caught.value.message, caught.value.advice) == ("What is wrong.", "What to do.")


@pytest.mark.parametrize("status", [404, 405, 410, 501])
def test_a_site_that_is_no_register_is_not_taken_for_one_without_the_record(told: Told, status: int) -> None:
    told.answer(status, b"<html>File not found</html>")
    with pytest.raises(Unreachable, match="not as a register of this kind does"):
        HttpClient(told.address, None).request("GET", "/x")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 502])
@pytest.mark.parametrize("body", [b"", b"<html>oops</html>", b"[1]", b'"text"', b'{"detail": 5}', b"[" * 100_000])
def test_an_error_that_says_nothing_is_told_in_words_of_ours(told: Told, status: int, body: bytes) -> None:
    told.answer(status, body)
    with pytest.raises(GazetteError) as caught:
        HttpClient(told.address, None).request("GET", "/x")
    assert told.address in caught.value.message + caught.value.advice


def test_who_is_not_known_is_told_how_to_sign_in(told: Told) -> None:
    told.answer(401, {"detail": "This access token expired on 2 March 2026.", "advice": "Ask."})
    with pytest.raises(Refused, match="expired") as caught:
        HttpClient(told.address, "dgz_a").request("GET", "/x")
    assert caught.value.advice == f"Run “gazette login --server {told.address}”."


@pytest.mark.parametrize("status", [409, 422])
def test_every_problem_of_a_record_arrives(told: Told, status: int) -> None:
    problem = {"severity": "error", "pointer": "/title", "title": "Title", "message": "It is empty.", "clause": "s.1"}
    told.answer(status, {"detail": "The record has 2 problems.", "problems": [problem, {"severity": "warning"}, "x"]})
    with pytest.raises(InvalidRecord) as caught:
        HttpClient(told.address, None).request("POST", "/x", json={})
    first, second = caught.value.problems
    assert (first.pointer, first.title, first.message, first.clause) == ("/title", "Title", "It is empty.", "s.1")
    assert (first.severity, second.severity) == ("error", "warning")


def test_what_a_server_says_cannot_drive_the_terminal(told: Told) -> None:
    told.answer(403, {"detail": "\x1b[2Jgone\x07", "advice": "\x9b31m" + "x" * 9_000})
    with pytest.raises(Refused) as caught:
        HttpClient(told.address, None).request("GET", "/x")
    assert caught.value.message == "[2Jgone"
    assert caught.value.advice.startswith("31mx")
    assert len(caught.value.advice) <= 2_000


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_token_stays_here(told: Told, status: int) -> None:
    with answering() as other:
        told.answer(status, {}, Location=f"{other.address}/elsewhere?x=1")
        with pytest.raises(Unreachable, match=other.address):
            HttpClient(told.address, "dgz_a").request("GET", "/x")
        assert other.asked == []


def test_a_copy_that_is_still_good_is_a_reply(told: Told) -> None:
    told.answer(304, b"")
    assert HttpClient(told.address, None).request("GET", "/x").status == 304


def test_a_form_s_refusal_is_a_reply_where_it_says_error(told: Told) -> None:
    client = HttpClient(told.address, None)
    told.answer(400, {"error": "authorization_pending"})
    assert client.post_form("/oauth/token", {"a": "b c"}).json == {"error": "authorization_pending"}
    assert told.asked[0][3] == b"a=b+c"
    assert told.asked[0][2]["content-type"] == "application/x-www-form-urlencoded"
    told.answer(404, b"no such page")
    with pytest.raises(Unreachable):
        client.post_form("/oauth/token", {})


def test_a_server_that_is_not_there() -> None:
    with answering() as told:
        address = told.address
    with pytest.raises(Unreachable, match="does not answer"):
        HttpClient(address, None).request("GET", "/")


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("https://Register.Example/", "https://register.example"),
        ("HTTPS://register.example:8443/base/", "https://register.example:8443/base"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.8.9.1/", "http://127.8.9.1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_server_has_one_form(address: str, form: str) -> None:
    assert checked_server(address) == form


@pytest.mark.parametrize(
    "address",
    [
        "http://register.example",
        "http://10.0.0.1",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "http://0.0.0.0",
    ],
)
def test_a_token_goes_nowhere_unencrypted(address: str) -> None:
    with pytest.raises(Refused, match="not encrypted") as caught:
        HttpClient(address, "dgz_a")
    assert "https://" in caught.value.advice


NO_SERVERS = [
    *("", "register.example", "ftp://register.example", "https://", "file:///etc/passwd"),
    *("https://a:b@register.example", "https://r.example/?q=1", "https://r.example/#x"),
]


@pytest.mark.parametrize("address", NO_SERVERS)
def test_what_is_no_server(address: str) -> None:
    with pytest.raises(InvalidInput):
        checked_server(address)
