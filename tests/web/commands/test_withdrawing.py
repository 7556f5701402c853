"""What readers and programs meet once `gazette catalogue withdraw` was run: everywhere the same."""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalogue.search.tantivy_engine import TantivyPlace
from schemas.database.engine import open_database
from schemas.settings import Settings, sqlite_url
from tests.catalogue.datasets.documents import dataset
from tests.fakes import FakeClock
from tests.services.commands import Invoke
from tests.web.conftest import Reader, Site, words

ADDRESS = "/datasets/bridge-inspections"
LISTS = (
    *("/api/3/action/package_list", "/api/3/action/package_search?q=inspections", "/catalog.ttl"),
    *("/search.json?q=inspections", "/feeds/datasets.atom", "/sitemap-datasets-1.xml", "/suggest?q=bridge"),
)


@pytest.fixture
def client(ready: Invoke) -> Iterator[FlaskClient]:
    """A reader of the site over the data folder of the commands."""
    with closing(open_database(sqlite_url(ready.data))) as database:
        settings = Settings(ready.data, sqlite_url(ready.data), ready.data / "search")
        app = Site(settings, database, FakeClock()).app(opener=TantivyPlace(settings.search_path).reader)
        app.test_client_class = Reader
        yield app.test_client()


def naming(client: FlaskClient) -> set[str]:
    """The lists that name the dataset; the dump is one of them."""
    found = {address for address in LISTS if "bridge-inspections" in client.get(address).text}
    dump = client.get("/dump/datasets.jsonl.gz").data
    return found | ({"dump"} if b"bridge-inspections" in gzip.decompress(dump) else set())


def test_a_withdrawn_dataset_answers_410_and_stands_in_no_list(
    ready: Invoke, client: FlaskClient, tmp_path: Path
) -> None:
    path = tmp_path / "dataset.json"
    path.write_text(json.dumps(dataset(accessRights="open")), encoding="utf-8")
    ready("catalogue", "add", path)
    assert naming(client) == {*LISTS, "dump"}
    assert client.get("/api/3/action/package_show?id=bridge-inspections").status_code == 200
    followed = client.get("/api/v1/changes").json
    assert followed is not None

    assert ready("catalogue", "withdraw", "bridge-inspections", "--reason", "Measured twice.").code == 0
    assert naming(client) == set()
    assert client.get("/api/3/action/package_show?id=bridge-inspections").status_code == 404
    page = client.get(ADDRESS)
    assert page.status_code == 410
    for told in ("Measured twice.", "Bridge inspections", "Below is its last record"):
        assert told in words(page.text)
    record = client.get(f"/api/v1{ADDRESS}")
    assert (record.status_code, record.json["record"]["title"]) == (410, "Bridge inspections")  # type: ignore[index]
    [change] = client.get(followed["next"]).json["items"]  # type: ignore[index]
    assert (change["change"], change["deleted"], change["name"]) == ("withdrawn", True, "bridge-inspections")
    feed = client.get("/feeds/changes.atom").text
    assert "Bridge inspections: withdrawn<" in feed
    assert "Measured twice." in feed

    assert ready("catalogue", "add", path, "--restore").code == 0
    assert client.get(ADDRESS).status_code == 200
    assert naming(client) == {*LISTS, "dump"}
