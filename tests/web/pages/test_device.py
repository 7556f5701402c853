"""Approving a device in a browser, and the endpoints that the device itself asks."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from schemas.actor import Role
from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.web.accounts.book import Book
from tests.web.accounts.desk import Browser, Desk
from tests.web.conftest import words
from web.accounts.devices import MOST_CODES
from web.pages.oauth import GRANT_TYPE, MOST_DEVICES


@pytest.fixture
def desk(sqlite_database: Database, clock: FakeClock, ids: CountingIds, randomness: SeededRandomness) -> Desk:
    """For what the engine cannot change."""
    return made(Book(sqlite_database, clock, ids, randomness))


@pytest.fixture
def each_desk(database: Database, clock: FakeClock, ids: CountingIds, randomness: SeededRandomness) -> Desk:
    """On each engine in turn."""
    return made(Book(database, clock, ids, randomness))


def made(book: Book) -> Desk:
    book.bodies()
    book.add("rivers-team", Role.APPROVER, Role.EDITOR)
    return Desk(book)


def asked(device: Browser, **fields: str) -> dict[str, Any]:
    answer = device.client.post("/oauth/device_authorization", data={"client_id": "gazette", **fields})
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def polled(device: Browser, device_code: str, **fields: str) -> TestResponse:
    sent = {"grant_type": GRANT_TYPE, "device_code": device_code, "client_id": "gazette", **fields}
    return device.client.post("/oauth/token", data=sent)


def test_a_device_is_approved_and_acts(each_desk: Desk) -> None:
    device, browser = each_desk.browser(), each_desk.signed_in("rivers-team")
    pairing = asked(device, device_name="desk\x1b 4", scope="approver read")
    assert pairing.keys() == {
        *("device_code", "user_code", "verification_uri", "verification_uri_complete", "expires_in", "interval")
    }
    assert (pairing["expires_in"], pairing["interval"]) == (900, 5)
    assert pairing["verification_uri"] == "http://localhost/device"

    waiting = polled(device, pairing["device_code"])
    assert (waiting.status_code, waiting.json["error"]) == (400, "authorization_pending")  # type: ignore[index]
    assert waiting.headers["Cache-Control"] == "no-store"

    page = browser.get(pairing["verification_uri_complete"].removeprefix("http://localhost"))
    assert f'value="{pairing["user_code"]}"' in page.text
    shown = words(browser.send("/device", user_code=pairing["user_code"].lower()).text)
    for expected in ("desk 4", "rivers-team of Ministry of Rivers", "It may act as approver For", pairing["user_code"]):
        assert expected in shown
    done = browser.send("/device/answer", user_code=pairing["user_code"], answer="approve")
    assert "Device approved" in done.text

    each_desk.book.clock.advance(seconds=5)
    got = polled(device, pairing["device_code"])
    assert got.status_code == 200
    assert got.headers["Cache-Control"] == "no-store"
    assert got.json is not None
    assert (got.json["token_type"], got.json["expires_in"], got.json["scope"]) == (
        "Bearer",
        90 * 24 * 3600,
        "approver read",
    )
    assert each_desk.book.used(got.json["access_token"]).actor.roles == {Role.APPROVER}
    assert "desk 4" in words(browser.get("/account").text)


def test_a_device_is_refused(desk: Desk) -> None:
    device, browser = desk.browser(), desk.signed_in("rivers-team")
    pairing = asked(device)
    browser.get("/device")
    browser.send("/device", user_code=pairing["user_code"])
    assert "Device refused" in browser.send("/device/answer", user_code=pairing["user_code"], answer="refuse").text
    answer = polled(device, pairing["device_code"])
    assert (answer.status_code, answer.json["error"]) == (400, "access_denied")  # type: ignore[index]
    again = browser.send("/device/answer", user_code=pairing["user_code"], answer="approve")
    assert again.status_code == 400
    assert "No device waits" in again.text


def test_each_error_has_the_standard_s_word_and_status(desk: Desk) -> None:
    device = desk.browser()
    pairing = asked(device)

    def error(answer: TestResponse) -> tuple[int, str]:
        assert answer.json is not None
        assert answer.json["error_description"]
        return answer.status_code, answer.json["error"]

    code = pairing["device_code"]
    assert error(polled(device, code, client_id="other")) == (401, "invalid_client")
    assert error(polled(device, code, grant_type="password")) == (400, "unsupported_grant_type")
    assert error(polled(device, "nothing")) == (400, "invalid_grant")
    assert error(device.client.post("/oauth/token", data={})) == (400, "invalid_request")
    assert error(device.client.post("/oauth/token", json={"grant_type": GRANT_TYPE})) == (400, "invalid_request")
    twice = f"grant_type={GRANT_TYPE}&grant_type=x&device_code={code}&client_id=gazette"
    form = "application/x-www-form-urlencoded"
    assert error(device.client.post("/oauth/token", data=twice, content_type=form)) == (400, "invalid_request")
    assert error(polled(device, code)) == (400, "authorization_pending")
    assert error(polled(device, code)) == (400, "slow_down")
    desk.book.clock.advance(minutes=15)
    assert error(polled(device, code)) == (400, "expired_token")
    begin = "/oauth/device_authorization"
    assert error(device.client.post(begin, data={})) == (400, "invalid_request")
    assert error(device.client.post(begin, data={"client_id": "x"})) == (401, "invalid_client")
    assert error(device.client.post(begin, data={"client_id": "gazette", "scope": "root"})) == (400, "invalid_scope")
    assert device.client.get(begin).status_code == 405


def test_codes_cannot_be_tried_without_end(desk: Desk) -> None:
    pairing = asked(desk.browser())
    browser = desk.signed_in("rivers-team")
    browser.get("/device")
    for _ in range(MOST_CODES // 2):
        assert browser.send("/device", user_code="ZZZZ-ZZZZ").status_code == 400
        assert browser.send("/device/answer", user_code="ZZZZ-ZZZZ", answer="approve").status_code == 400
    assert browser.send("/device", user_code=pairing["user_code"]).status_code == 429
    answer = browser.send("/device/answer", user_code=pairing["user_code"], answer="approve")
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.text
    another = desk.signed_in("rivers-team")
    another.get("/device")
    assert another.send("/device", user_code=pairing["user_code"]).status_code == 429


def test_nobody_begins_devices_without_end(each_desk: Desk) -> None:
    device = each_desk.browser()
    for _ in range(MOST_DEVICES):
        asked(device)
    answer = device.client.post("/oauth/device_authorization", data={"client_id": "gazette"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "600"
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    other = device.client.post(
        "/oauth/device_authorization", data={"client_id": "gazette"}, environ_overrides=elsewhere
    )
    assert other.status_code == 200
    each_desk.book.clock.advance(minutes=10)
    asked(device)


def test_a_token_is_revoked_by_whoever_holds_it(each_desk: Desk) -> None:
    new = each_desk.book.token("rivers-team")
    device = each_desk.browser()
    for token in (new.secret, new.secret, "unknown"):
        assert device.client.post("/oauth/revoke", data={"token": token}).status_code == 200
    assert device.client.post("/oauth/revoke", data={}).status_code == 400
    with pytest.raises(Exception, match="revoked"):
        each_desk.book.used(new.secret)


def test_a_code_that_is_missing_or_an_answer_that_is_none(desk: Desk) -> None:
    pairing = asked(desk.browser())
    browser = desk.signed_in("rivers-team")
    browser.get("/device")
    empty = browser.send("/device", user_code="")
    assert empty.status_code == 400
    assert "Type the code" in empty.text
    assert empty.text.count("<title>Error: ") == 1
    assert browser.send("/device/answer", user_code=pairing["user_code"], answer="").status_code == 400
    assert browser.get("/device?user_code=%00<script>").status_code == 200


def test_the_metadata_says_where_everything_is(desk: Desk) -> None:
    for site, base in ((desk, "http://localhost"), (Desk(desk.book, "https://site.example"), "https://site.example")):
        found = site.browser().client.get("/.well-known/oauth-authorization-server").json
        assert found is not None
        assert found["issuer"] == base
        for name in ("device_authorization", "token", "revocation"):
            path = found[f"{name}_endpoint"].removeprefix(base)
            assert site.browser().client.post(path, data={}).status_code == 400
        assert found["grant_types_supported"] == [GRANT_TYPE]
        assert found["response_types_supported"] == []
