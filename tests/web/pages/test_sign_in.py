"""Signing in with an address, once; signing out; and forms that come from nowhere."""

import re

import pytest

from schemas.actor import Role
from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.web.accounts.book import Book
from tests.web.accounts.desk import Desk
from tests.web.conftest import words


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
    book.add("rivers-team", Role.APPROVER, Role.EDITOR, label="Data office")
    return Desk(book)


def test_reading_the_address_spends_nothing_and_the_button_signs_in_once(each_desk: Desk) -> None:
    code = each_desk.book.link("rivers-team")
    scanner, browser, thief = each_desk.browser(), each_desk.browser(), each_desk.browser()
    for reader in (scanner, scanner, browser, thief):
        answer = reader.get(f"/sign-in/{code}")
        assert answer.status_code == 200
        assert "Sign in as rivers-team" in words(answer.text)
        assert "You will act for Ministry of Rivers" in words(answer.text)
    answer = browser.send("/sign-in", code=code)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "Your account" in browser.get("/account").text
    replayed = thief.send("/sign-in", code=code)
    assert replayed.status_code == 403
    assert "does not work any more" in replayed.text
    assert thief.get("/account").status_code == 403
    assert each_desk.browser().get(f"/sign-in/{code}").status_code == 410


def test_an_address_that_is_too_old_is_told(desk: Desk) -> None:
    code = desk.book.link("rivers-team")
    browser = desk.browser()
    browser.get(f"/sign-in/{code}")
    desk.book.clock.advance(minutes=15)
    assert browser.send("/sign-in", code=code).status_code == 403
    answer = desk.browser().get(f"/sign-in/{code}")
    assert answer.status_code == 410
    assert "Ask your administrator for a new one" in answer.text


def test_the_secret_leaves_in_no_address_and_no_copy_is_kept(desk: Desk) -> None:
    code = desk.book.link("rivers-team")
    browser = desk.browser()
    answer = browser.get(f"/sign-in/{code}")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    assert not [link for link in re.findall(r'(?:href|src|action)="([^"]*)"', answer.text) if code in link]
    entered = browser.send("/sign-in", code=code)
    assert code not in str(entered.headers)
    for address in ("/account", "/device"):
        page = browser.get(address)
        assert page.headers["Cache-Control"] == "no-store"
        assert "ETag" not in page.headers


def test_cookies_are_kept_from_scripts_and_other_sites_and_end(desk: Desk) -> None:
    for site, secure in ((desk, False), (Desk(desk.book, "https://site.example"), True)):
        code = site.book.link("rivers-team")
        browser = site.browser()
        set_by = [browser.get(f"/sign-in/{code}"), browser.send("/sign-in", code=code)]
        for answer in set_by:
            cookie = answer.headers["Set-Cookie"]
            assert cookie.startswith("__Host-gazette-" if secure else "gazette-")
            assert ("Secure" in cookie) is secure
            assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
            assert "Max-Age" in cookie
        assert browser.get("/account").status_code == 200


def test_the_session_s_secret_is_new_at_every_sign_in_and_the_one_before_ends(desk: Desk) -> None:
    browser = desk.signed_in("rivers-team")
    before = browser.client.get_cookie("gazette-session")
    code = desk.book.link("rivers-team")
    browser.get(f"/sign-in/{code}")
    browser.send("/sign-in", code=code)
    after = browser.client.get_cookie("gazette-session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert desk.book.holder_of(before.value) is None
    assert desk.book.holder_of(after.value) == "rivers-team"


def test_a_session_that_was_there_before_is_not_taken_over(desk: Desk) -> None:
    browser = desk.browser()
    browser.client.set_cookie("gazette-session", "planted")
    code = desk.book.link("rivers-team")
    browser.get(f"/sign-in/{code}")
    browser.send("/sign-in", code=code)
    assert desk.book.holder_of("planted") is None


def test_signing_out_ends_the_session_everywhere(desk: Desk) -> None:
    browser = desk.signed_in("rivers-team")
    secret = browser.client.get_cookie("gazette-session")
    assert secret is not None
    browser.get("/account")
    answer = browser.send("/sign-out")
    assert "You are signed out" in answer.text
    assert browser.client.get_cookie("gazette-session") is None
    assert desk.book.holder_of(secret.value) is None
    assert browser.get("/account").status_code == 403


def test_after_twelve_hours_one_signs_in_again(desk: Desk) -> None:
    browser = desk.signed_in("rivers-team")
    desk.book.clock.advance(hours=12)
    assert browser.get("/account").status_code == 403


FORMS: dict[str, dict[str, str]] = {
    "/sign-out": {},
    "/device": {"user_code": "BCDF-GHJK"},
    "/device/answer": {"user_code": "BCDF-GHJK", "answer": "approve"},
    "/account/tokens/1/revoke": {},
}


def test_a_form_of_another_site_is_refused(desk: Desk) -> None:
    browser, other = desk.signed_in("rivers-team"), desk.signed_in("rivers-team")
    other.get("/account")
    for address, fields in FORMS.items():
        for token in ("", "0" * 64, other.form_token, "é"):
            browser.form_token = token
            answer = browser.send(address, **fields)
            assert answer.status_code == 400, (address, token)
            assert "This form could not be taken" in answer.text
    assert browser.get("/account").status_code == 200


def test_who_is_not_signed_in_is_told_how(desk: Desk) -> None:
    for address, fields in FORMS.items():
        answer = desk.browser().send(address, **fields)
        assert answer.status_code == 403, address
        assert "Ask the administrator" in answer.text


def test_nobody_is_signed_in_by_another_site(desk: Desk) -> None:
    """A site that holds an address of its own could otherwise make a reader act in its name."""
    code = desk.book.link("rivers-team")
    victim, attacker = desk.browser(), desk.browser()
    attacker.get(f"/sign-in/{code}")
    victim.form_token = attacker.form_token
    assert victim.send("/sign-in", code=code).status_code == 400
    assert attacker.send("/sign-in", code=code).status_code == 303


def test_a_form_that_is_too_large_is_not_read(desk: Desk) -> None:
    browser = desk.signed_in("rivers-team")
    browser.get("/device")
    assert browser.send("/device", user_code="B" * 30_000).status_code == 413
    assert desk.browser().send("/oauth/token", grant_type="B" * 30_000).status_code == 413


def test_the_account_shows_who_one_is_and_ends_its_tokens(each_desk: Desk) -> None:
    new = each_desk.book.token("rivers-team", name="<b>nightly</b>", scopes=["editor"])
    each_desk.book.add("other", Role.EDITOR)
    foreign = each_desk.book.token("other", name="elsewhere")
    browser = each_desk.signed_in("rivers-team")
    page = browser.get("/account")
    text = words(page.text)
    for expected in ("rivers-team – Data office", "Ministry of Rivers", "Approver : signs, confirms", "<b>nightly</b>"):
        assert expected.replace(" :", ":") in text.replace(" :", ":")
    assert "<b>nightly" not in page.text
    assert "Last used Never" in text
    assert "elsewhere" not in text
    assert new.secret not in page.text

    assert browser.send(f"/account/tokens/{foreign.row.id}/revoke").status_code == 404
    assert each_desk.book.used(foreign.secret).actor.account == "other"
    assert browser.send("/account/tokens/%00/revoke").status_code == 404
    assert browser.send(f"/account/tokens/{new.row.id}/revoke").status_code == 303
    with pytest.raises(Exception, match="revoked"):
        each_desk.book.used(new.secret)
    assert "nightly</b>: revoked, never used" in words(browser.get("/account").text)


def test_public_pages_set_no_cookie_and_are_the_same_for_everybody(desk: Desk) -> None:
    browser = desk.signed_in("rivers-team")
    for address in ("/organisations", "/sign-in", "/.well-known/oauth-authorization-server"):
        mine, anybodys = browser.get(address), desk.browser().get(address)
        assert mine.data == anybodys.data
        assert "Set-Cookie" not in mine.headers
        assert "Cookie" not in mine.headers.get("Vary", "")
