"""What only HTTP has: tokens, entity tags, repeats, problem details and pages."""

import threading
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from schemas.canonical import Json
from tests.register.lifecycle.world import complete
from tests.web.api.office import Office

V1 = "/api/v1"


def post(
    client: FlaskClient, office: Office, path: str, content: Json, account: str = "lead", **headers: str
) -> TestResponse:
    sent = {**office.headers(account), **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.post(V1 + path, json=content, headers=sent)


def told(answer: TestResponse) -> Any:
    """What an answer says, as JSON."""
    return answer.get_json()


@pytest.fixture
def client(small_office: Office) -> FlaskClient:
    return small_office.app().test_client()


def test_reading_needs_no_token_and_a_wrong_one_is_refused(small_office: Office, client: FlaskClient) -> None:
    small_office.world.enter()
    assert client.get(f"{V1}/agreements/dg-1").status_code == 200
    for header in ("Bearer dgz_wrong", "Basic abc", "Bearer"):
        answer = client.get(f"{V1}/agreements/dg-1", headers={"Authorization": header})
        assert answer.status_code == 401, header
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.mimetype == "application/problem+json"
    assert client.get(f"{V1}/drafts").status_code == 401
    assert "Authorization" in told(client.get(f"{V1}/drafts"))["advice"]


def test_a_repeat_is_answered_and_not_done_again(office: Office) -> None:
    client = office.app().test_client()
    first = post(client, office, "/drafts", {"document": complete()}, Idempotency_Key="one")
    again = post(client, office, "/drafts", {"document": complete()}, Idempotency_Key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert told(first) == told(again)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert len(told(client.get(f"{V1}/drafts", headers=office.headers("lead")))["items"]) == 1
    other = post(client, office, "/drafts", {"document": complete(scale="More")}, Idempotency_Key="one")
    assert other.status_code == 409
    assert "another request" in told(other)["detail"]
    theirs = post(client, office, "/drafts", {"document": complete()}, "receiver", Idempotency_Key="one")
    assert theirs.status_code == 201  # another account's keys are its own


def test_a_refused_request_may_be_mended_under_its_key(small_office: Office, client: FlaskClient) -> None:
    assert (
        post(client, small_office, "/drafts", {"document": complete(purpose=None)}, Idempotency_Key="k").status_code
        == 422
    )
    assert post(client, small_office, "/drafts", {"document": complete()}, Idempotency_Key="k").status_code == 201


def test_the_same_submission_sent_at_once_registers_once(office: Office) -> None:
    app = office.app()
    draft = told(post(app.test_client(), office, "/drafts", {"document": complete()}))["draft"]["id"]
    answers: list[Any] = []

    def send() -> None:
        with app.test_client() as client:
            answers.append(post(client, office, f"/drafts/{draft}/events", {"event": "signed"}, Idempotency_Key="once"))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert {told(answer)["agreement"]["id"] for answer in answers} == {"dg-1"}
    assert len(told(app.test_client().get(f"{V1}/agreements"))["items"]) == 1


def test_entity_tags_guard_against_lost_updates(small_office: Office, client: FlaskClient) -> None:
    small_office.world.enter()
    tag = client.get(f"{V1}/agreements/dg-1").headers["ETag"]
    assert client.get(f"{V1}/agreements/dg-1", headers={"If-None-Match": tag}).status_code == 304
    amended = {"event": "amended", "document": complete(scale="More")}
    assert post(client, small_office, "/agreements/dg-1/events", amended, If_Match=tag).status_code == 201
    lost = {"event": "amended", "document": complete(scale="Less")}
    answer = post(client, small_office, "/agreements/dg-1/events", lost, If_Match=tag)
    assert answer.status_code == 412
    assert "has changed since you read it" in told(answer)["detail"]
    assert client.get(f"{V1}/agreements/dg-1", headers={"If-None-Match": tag}).status_code == 200
    draft = post(client, small_office, "/drafts", {"document": complete(externalIds=None)}).headers["Location"]
    old = client.get(draft, headers=small_office.headers("lead")).headers["ETag"]
    headers = {**small_office.headers("lead"), "If-Match": old}
    changed = complete(externalIds=None, scale="More")
    assert client.put(draft, json={"document": changed}, headers=headers).status_code == 200
    assert client.put(draft, json={"document": changed}, headers=headers).status_code == 412
    assert client.delete(draft, headers=headers).status_code == 412
    unguarded = small_office.headers("lead")
    assert client.put(draft, json={"document": changed, "onRevision": 1}, headers=unguarded).status_code == 409
    assert client.delete(f"{draft}?onRevision=1", headers=unguarded).status_code == 409
    assert client.delete(draft, headers=small_office.headers("lead")).status_code == 204


@pytest.mark.parametrize(
    ("path", "content", "status", "word"),
    [
        ("/drafts", b"{", 400, "not JSON"),
        ("/drafts", b"[]", 400, "no JSON object"),
        ("/drafts", b"\xff", 400, "UTF-8"),
        ("/drafts", b'{"document": {}, "document": {}}', 400, "stands twice"),
        ("/drafts", b'{"document": {}, "colour": 1}', 400, "colour"),
        ("/drafts", b'{"document": NaN}', 400, "NaN"),
        ("/drafts", b'{"document": []}', 400, "JSON object"),
        ("/drafts", b"[" * 100_000, 400, "deep"),
        ("/drafts", b'{"document": ' + b'{"a":' * 200 + b"1" + b"}" * 201, 400, "levels deep"),
        ("/drafts", b'{"document": {"title": 1e999999}}', 422, ""),
        ("/proposals", b'{"document": {"parties": [{"name": "A", "identifiers": [1]}]}}', 422, "to mend"),
        ("/proposals", b'{"document": {"parties": [{"name": "A", "organisation": {}}]}}', 422, "to mend"),
        ("/proposals", b'{"document": {"flows": [{"from": []}], "parties": [{"name": "A"}]}}', 422, "to mend"),
        ("/proposals", b'{"document": {"endCondition": {"code": []}}}', 422, "to mend"),
        ("/drafts", b'{"document": {}}', 422, "to mend"),
        ("/agreements/dg-9/events", b'{"event": "signed"}', 404, "dg-9"),
        ("/agreements/dg-1/events", b'{"event": "exploded"}', 400, "exploded"),
        ("/agreements/dg-1/events", b'{"event": "amended"}', 409, "No amendment"),
        ("/agreements/dg-1/events", b'{"event": "rejected", "details": {"reason": "No"}}', 409, "starts from"),
        ("/agreements/dg-1/events", b'{"event": "consultation-opened"}', 403, "registrar"),
        ("/agreements/dg-1/events", b'{"event": "reviewed", "document": {}}', 422, "Reviewed"),
        (
            "/agreements/dg-1/events",
            b'{"event": "party-acceded", "details": {"name": "A"}, "document": {"parties": 5}}',
            400,
            "no list",
        ),
        ("/check", b'{"documents": []}', 400, "1 to 1000"),
        ("/check", b'{"documents": [{}], "profiles": ["none"]}', 400, "none"),
    ],
)
def test_what_cannot_be_taken_is_told(
    small_office: Office, client: FlaskClient, path: str, content: bytes, status: int, word: str
) -> None:
    small_office.world.enter()
    headers = {**small_office.headers("lead"), "Content-Type": "application/json"}
    answer = client.post(V1 + path, data=content, headers=headers)
    assert answer.status_code == status, told(answer)
    assert answer.mimetype == "application/problem+json"
    assert word in told(answer)["detail"]


def test_what_is_no_json_or_too_long_is_refused_before_it_is_read(small_office: Office, client: FlaskClient) -> None:
    headers = small_office.headers("lead")
    assert client.post(f"{V1}/drafts", data="a=b", headers=headers).status_code == 415
    long = b'{"document": "' + b"x" * 2_000_001 + b'"}'
    answer = client.post(f"{V1}/drafts", data=long, headers={**headers, "Content-Type": "application/json"})
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_addresses_that_are_not_there_answer_programs_as_programs(client: FlaskClient) -> None:
    for path, method, status in (
        ("/nothing", "GET", 404),
        ("/agreements", "DELETE", 405),
        ("/agreements?x=1", "GET", 400),
    ):
        answer = client.open(V1 + path, method=method)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), path
    assert "GET" in client.delete(f"{V1}/agreements").headers["Allow"]


def test_pages_of_other_sites_may_read_and_no_more(small_office: Office, client: FlaskClient) -> None:
    small_office.world.enter()
    asked = client.options(f"{V1}/agreements/dg-1", headers={"Access-Control-Request-Headers": "if-none-match"}).headers
    assert (asked["Access-Control-Allow-Origin"], asked["Access-Control-Allow-Methods"]) == ("*", "GET, HEAD")
    assert asked["Access-Control-Allow-Headers"] == "Accept, If-None-Match"
    for path in ("/agreements/dg-1", "/agreements/dg-9", "/flags?asOf=x"):
        assert client.get(V1 + path).headers["Access-Control-Allow-Origin"] == "*", path
    assert "ETag" in client.get(f"{V1}/agreements/dg-1").headers["Access-Control-Expose-Headers"]
    own = client.get(f"{V1}/drafts", headers=small_office.headers("lead"))
    assert "Access-Control-Allow-Origin" not in own.headers


@pytest.mark.parametrize("path", ["/agreements/a%00b", "/agreements/dua:%00", "/drafts/%00"])
def test_what_no_database_can_hold_is_not_there(office: Office, path: str) -> None:
    office.world.enter()
    client = office.app().test_client()
    assert client.get(V1 + path, headers=office.headers("lead")).status_code == 404
    assert told(client.get(f"{V1}/agreements?cursor=999999999999"))["items"] == []


def test_a_page_leads_to_the_next(small_office: Office, client: FlaskClient) -> None:
    for number in range(3):
        small_office.world.enter(document=complete(externalIds=None, scale=f"{number}"))
    first = client.get(f"{V1}/agreements?limit=2&organisation=example-city-council")
    assert len(told(first)["items"]) == 2
    following = first.headers["Link"].split(">")[0].removeprefix("<")
    last = client.get(following)
    assert [line["id"] for line in told(last)["items"]] == ["dg-3"]
    assert "Link" not in last.headers
    assert first.headers["Access-Control-Allow-Origin"] == "*"


def test_who_is_no_party_cannot_confirm(small_office: Office, client: FlaskClient) -> None:
    small_office.world.enter()
    answer = post(
        client, small_office, "/agreements/dg-1/events", {"event": "confirmed", "details": {"version": 1}}, "stranger"
    )
    assert answer.status_code == 403
    assert "no party" in told(answer)["detail"]
