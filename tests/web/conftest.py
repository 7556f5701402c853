"""A filled site, made once: pages only read, so every test may share it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue.search.engine import SearchEngine, SearchUnavailable
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.database.engine import Database, open_database
from schemas.settings import Settings, sqlite_url
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.web.content import fill
from web.app import create_app


class Reader(FlaskClient):
    """A client that reads every answer to its end, so that no file stays open."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


@dataclass(frozen=True, slots=True)
class Site:
    """A filled database with its index, and applications over it."""

    settings: Settings
    database: Database
    clock: FakeClock

    def app(self, *, samples: bool = False, opener: Callable[[], SearchEngine] | None = None) -> Flask:
        """An application; `opener` opens another index than the site's own."""
        settings = Settings(self.settings.data, self.settings.database_url, self.settings.search_path, samples=samples)
        app = create_app(settings, self.database, opener or TantivyPlace(settings.search_path).reader, self.clock)
        app.testing = True
        app.test_client_class = Reader
        return app

    def without_search(self) -> Flask:
        """An application whose index is gone."""

        def opener() -> SearchEngine:
            raise SearchUnavailable("There is no index.", "Make one.")

        return self.app(opener=opener)


def filled_site(folder: Path, database: Database) -> Site:
    """Fill a migrated database, and an index below a folder."""
    clock = FakeClock()
    fill(database, TantivyPlace(folder / "search"), clock, CountingIds(), SeededRandomness())
    return Site(Settings(folder, str(database.engine.url), folder / "search"), database, clock)


@pytest.fixture(scope="session")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(sqlite_template, folder / sqlite_template.name)
    with closing(open_database(sqlite_url(folder))) as database:
        yield filled_site(folder, database)


@pytest.fixture(scope="session")
def client(site: Site) -> FlaskClient:
    """A reader of the site."""
    return site.app().test_client()


Page = Callable[[str], str]


@pytest.fixture(scope="session")
def page(client: FlaskClient) -> Page:
    """The text of a page that must be there: its words, one space between them."""

    def read(address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        return words(answer.text)

    return read


def words(html: str) -> str:
    """What a reader of a page reads."""
    found = _Words()
    found.feed(html)
    return " ".join("".join(found.parts).split())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.hidden += tag in {"style", "script"}
        if tag in {"p", "div", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "br", "span", "title"}:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)
