"""A catalogue of real records behind the CKAN door, served as CKAN's clients meet it."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from catalogue.datasets.importing import import_datasets
from catalogue.formats.data_json_feed import read_data_json
from catalogue.search.indexer import drain
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.actor import LOCAL_REGISTRAR
from schemas.clock import random_ids
from schemas.database.engine import open_database
from schemas.settings import sqlite_url
from tests.fakes import FakeClock
from tests.serving import served_on_loopback
from tests.web.conftest import Reader, Site, filled_site

FEEDS = ("consumerfinance", "fcc")


@dataclass(frozen=True, slots=True)
class Door:
    """Calls actions as a client does that looks at everything."""

    client: FlaskClient

    def get(self, action: str, **asked: Any) -> tuple[int, Any]:
        answer = self.client.get(f"/api/3/action/{action}", query_string=asked)
        return answer.status_code, answer.get_json(force=True)

    def result(self, action: str, **asked: Any) -> Any:
        status, envelope = self.get(action, **asked)
        assert status == 200, envelope
        assert envelope["success"] is True
        assert envelope["help"].endswith(f"/api/3/action/help_show?name={action}")
        return envelope["result"]

    def error(self, action: str, **asked: Any) -> tuple[int, Any]:
        status, envelope = self.get(action, **asked)
        assert envelope["success"] is False
        return status, envelope["error"]


@pytest.fixture(scope="session")
def door(site: Site) -> Door:
    """The door of the small site of all pages' tests."""
    return Door(site.app().test_client())


@pytest.fixture(scope="session")
def real_site(trial_data: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two agencies' feeds, 70 datasets, beside the records of the small site."""
    folder = tmp_path_factory.mktemp("ckan")
    shutil.copyfile(sqlite_template, folder / sqlite_template.name)
    with closing(open_database(sqlite_url(folder))) as database:
        site = filled_site(folder, database)
        clock = FakeClock()
        for feed in FEEDS:
            path = trial_data / "datasets" / "dcatus-agencies-2025" / f"{feed}.json"
            with database.write() as session:
                feed_read = read_data_json(path.read_bytes(), path.name)
                list(import_datasets(session, LOCAL_REGISTRAR, feed_read, clock, random_ids))
        drain(database, TantivyPlace(folder / "search"), clock)
        yield site


@pytest.fixture(scope="session")
def real_door(real_site: Site) -> Door:
    return Door(real_site.app().test_client())


@pytest.fixture(scope="session")
def served(real_site: Site) -> Iterator[str]:
    """The address of a live server over the real records."""
    app = real_site.app()
    app.test_client_class = Reader
    with served_on_loopback(app) as address:
        yield address
