"""A site to sign in on, and browsers at it that keep cookies as real ones do."""

import re
from dataclasses import dataclass
from functools import cached_property

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue.search.engine import SearchEngine, SearchUnavailable
from schemas.settings import Settings
from tests.web.accounts.book import Book
from tests.web.conftest import Reader
from web.app import create_app

_HIDDEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


@dataclass
class Desk:
    """The site over a book of accounts; `public_url` is what its operator set."""

    book: Book
    public_url: str | None = None

    @cached_property
    def app(self) -> Flask:
        """The application, made once: that is what costs."""

        def no_search() -> SearchEngine:
            raise SearchUnavailable("There is no index.", "Make one.")

        book = self.book
        folder = book.database.engine.url.database or ""
        settings = Settings(folder, str(book.database.engine.url), folder, public_url=self.public_url)  # type: ignore[arg-type]
        app = create_app(settings, book.database, no_search, book.clock, ids=book.ids, randomness=book.randomness)
        app.testing = True
        app.test_client_class = Reader
        return app

    def browser(self) -> "Browser":
        """A browser nobody has used yet."""
        return Browser(self.app.test_client(), "https://site.example" if self.public_url else "http://localhost")

    def signed_in(self, account: str) -> "Browser":
        """A browser in which an account has signed in."""
        browser = self.browser()
        browser.get(f"/sign-in/{(code := self.book.link(account))}")
        assert browser.send("/sign-in", code=code).status_code == 303
        return browser


@dataclass
class Browser:
    """One browser: what it reads it can send back, hidden values included."""

    client: FlaskClient
    base_url: str
    form_token: str = ""

    def get(self, address: str) -> TestResponse:
        answer = self.client.get(address, base_url=self.base_url)
        if found := _HIDDEN.search(answer.text):
            self.form_token = found[1]
        return answer

    def send(self, address: str, **fields: str) -> TestResponse:
        """Send the form that was read last, with these fields."""
        sent = {"form_token": self.form_token, **fields}
        answer = self.client.post(address, data=sent, base_url=self.base_url)
        if found := _HIDDEN.search(answer.text):
            self.form_token = found[1]
        return answer

    def cookies(self) -> set[str]:
        return {cookie.key for cookie in (self.client._cookies or {}).values()}
