"""An official signs in and approves a device in a real browser: wide and narrow, and sound for everybody."""

from collections.abc import Iterator
from contextlib import closing

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from schemas.actor import Role
from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.serving import served_on_loopback
from tests.web.accounts.book import Book
from tests.web.accounts.desk import Desk
from tests.web.browser.test_every_page import _AXE


@pytest.fixture
def book(sqlite_database: Database, clock: FakeClock, ids: CountingIds, randomness: SeededRandomness) -> Book:
    made = Book(sqlite_database, clock, ids, randomness)
    made.bodies()
    made.add("rivers-team", Role.APPROVER, Role.EDITOR, label="Data office")
    made.token("rivers-team", name="nightly", scopes=["editor"])
    return made


@pytest.fixture
def address(book: Book) -> Iterator[str]:
    with served_on_loopback(Desk(book).app) as served:
        yield served


@pytest.fixture
def official(chromium: Browser, address: str, width: int) -> Iterator[Page]:
    """A page without scripts of its own, so that only ours could run."""
    with closing(chromium.new_context(base_url=address, viewport={"width": width, "height": 800})) as context:
        yield context.new_page()


def sound(page: Page, axe_source: str, width: int) -> None:
    assert page.evaluate(f"{axe_source}; {_AXE}") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_official_signs_in_and_approves_a_device(
    official: Page, book: Book, address: str, width: int, axe_source: str
) -> None:
    asked = {"client_id": "gazette", "device_name": "desk 4", "scope": "approver"}
    pairing = requests.post(f"{address}/oauth/device_authorization", data=asked, timeout=30).json()

    official.goto(f"/sign-in/{book.link('rivers-team')}")
    expect(official.get_by_role("heading", level=1)).to_have_text("Sign in as rivers-team")
    sound(official, axe_source, width)
    official.get_by_role("button", name="Sign in").click()

    expect(official.get_by_role("heading", level=1)).to_have_text("Your account")
    sound(official, axe_source, width)
    official.get_by_role("link", name="Approve a device").click()

    official.get_by_label("Code").fill("zzzz")
    official.get_by_role("button", name="Continue").click()
    expect(official.get_by_role("alert")).to_contain_text("No device waits with that code")
    sound(official, axe_source, width)
    official.get_by_label("Code").fill(pairing["user_code"].lower())
    official.get_by_role("button", name="Continue").click()

    expect(official.get_by_role("heading", level=1)).to_have_text("Approve this device?")
    sound(official, axe_source, width)
    official.get_by_role("button", name="Approve").click()
    expect(official.get_by_role("heading", level=1)).to_have_text("Device approved")
    sound(official, axe_source, width)

    official.get_by_role("link", name="your account").click()
    official.get_by_role("button", name="Revoke nightly").click()
    expect(official.get_by_text("nightly: revoked, never used")).to_be_visible()
    official.get_by_role("button", name="Sign out").click()
    expect(official.get_by_role("heading", level=1)).to_have_text("You are signed out")
    sound(official, axe_source, width)
