"""Dumps: the bytes are those whose hash is stated, nothing private is in them, and what is blanked is gone."""

import csv
import gzip
import hashlib
import io
import json
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from catalogue import kept_files
from catalogue.contacts import Contact, hold_contact
from catalogue.datasets.record import record_dataset
from catalogue.kept_files import FOLDER
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import DATASET_VERSION
from schemas.database.engine import Database, open_database
from schemas.settings import Settings, sqlite_url
from tests.fakes import CountingIds, FakeClock
from tests.register.making import agreement
from tests.services.commands import Invoke
from tests.web.conftest import Page, Reader, Site
from web.app import create_app
from web.offered_files import DUMPS

MARKER = "Zanzibarquux"
NAMES = [offer.name for offer in DUMPS]


def lines(content: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in gzip.decompress(content).splitlines()]


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", NAMES)
def test_its_bytes_are_those_whose_hash_and_size_are_stated(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/dump/{name}")
    digest = hashlib.sha256(answer.data).hexdigest()
    assert client.get(f"/dump/{name}.sha256").text == f"{digest}  {name}\n"
    told = next(file for file in client.get("/dump/index.json").get_json()["files"] if file["name"] == name)
    count = len(lines(answer.data)) if name.endswith(".gz") else len(rows(answer.data))
    assert (told["sha256"], told["bytes"], told["count"]) == (digest, len(answer.data), count)
    assert count > 0
    assert told["address"] == f"http://localhost/dump/{name}"
    assert 'filename="' + name in answer.headers["Content-Disposition"].replace("filename=", 'filename="')
    again = client.get(f"/dump/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    part = client.get(f"/dump/{name}", headers={"Range": "bytes=5-14"})
    assert (part.status_code, part.data) == (206, answer.data[5:15])
    packed = client.get(f"/dump/{name}", headers={"Accept-Encoding": "gzip"})
    is_text = packed.headers.get("Content-Encoding") == "gzip"
    assert (gzip.decompress(packed.data) if is_text else packed.data) == answer.data
    assert is_text == name.endswith(".csv")


def test_every_record_is_in_it_and_nothing_private(client: FlaskClient) -> None:
    held = {line["slug"]: line for line in lines(client.get("/dump/datasets.jsonl.gz").data)}
    assert set(held) == {"roads-of-riverton", "tax-returns", "valuation-service"}  # what was withdrawn is not
    assert held["roads-of-riverton"]["contact"] == {"name": "Data desk", "email": "data@riverton.example"}
    assert "contact" not in held["tax-returns"]  # it was erased
    assert {reference["relation"] for reference in held["tax-returns"]["references"]} == {"shared-under"}  # type: ignore[attr-defined]
    deals = {row["id"]: row for row in rows(client.get("/dump/agreements.csv").data)}
    assert [line["id"] for line in lines(client.get("/dump/agreements.jsonl.gz").data)] == list(deals)
    assert deals["dg-1"]["senders"] == "The Revenue Office"
    assert deals["dg-1"]["purposes"] == "fraud"
    assert deals["dg-1"]["legalPowers"] == "Digital Economy Act 2017 s.56"
    assert deals["dg-4"]["state"] == "withdrawn"
    everything = b"".join(client.get(f"/dump/{name}").data for name in NAMES if name.endswith(".csv"))
    assert b"Jo Bloggs" not in everything


def test_the_same_records_give_the_same_bytes(site: Site, client: FlaskClient, tmp_path: Path) -> None:
    settings = Settings(tmp_path, site.settings.database_url, site.settings.search_path)
    app = create_app(settings, site.database, TantivyPlace(settings.search_path).reader, site.clock)
    app.test_client_class = Reader
    other = app.test_client()
    for name in NAMES:
        assert other.get(f"/dump/{name}").data == client.get(f"/dump/{name}").data


def test_the_page_tells_people_what_there_is(page: Page, client: FlaskClient) -> None:
    text = page("/dump/")
    for told in ("datasets.jsonl.gz", "SHA-256", "Creative Commons Attribution 4.0", "sha256sum --check"):
        assert told in text
    digest = client.get("/dump/datasets.csv.sha256").text.split()[0]
    assert digest in text


def test_what_is_blanked_is_in_no_dump_and_in_no_file_any_more(
    ready: Invoke, data_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "record.json").write_text(json.dumps(agreement(title=f"Sharing with {MARKER}")), encoding="utf-8")
    assert ready("register", "import", tmp_path / "record.json", "--from", "json").code == 0
    with closing(open_database(sqlite_url(data_folder))) as database:
        settings = Settings(data_folder, sqlite_url(data_folder), data_folder / "search")
        app = create_app(settings, database, TantivyPlace(settings.search_path).reader, FakeClock())
        app.test_client_class = Reader
        reader = app.test_client()
        assert MARKER.encode() in reader.get("/dump/agreements.csv").data
        assert MARKER.encode() in gzip.decompress(reader.get("/dump/agreements.jsonl.gz").data)
        assert any(path.is_file() for path in (data_folder / FOLDER).rglob("*"))
        assert ready("register", "redact", "dg-1", "/title", "--reason", "Names a person").code == 0
        assert not any(path.is_file() for path in (data_folder / FOLDER).rglob("*"))
        assert MARKER.encode() not in reader.get("/dump/agreements.csv").data
        assert MARKER.encode() not in gzip.decompress(reader.get("/dump/agreements.jsonl.gz").data)


@pytest.fixture
def small(database: Database, tmp_path: Path) -> FlaskClient:
    """A reader of a site with one dataset, whose contact is a person."""
    clock, ids = FakeClock(), CountingIds()
    with database.write() as session:
        contact = hold_contact(session, {"name": "Jo Bloggs", "email": "jo@rivers.example"}, "rivers", clock, ids)
        document = {
            "schemaVersion": DATASET_VERSION,
            "kind": "dataset",
            "title": "River levels",
            "contactPoint": contact,
            "provenance": {"source": "imported"},
        }
        record_dataset(session, LOCAL_REGISTRAR, document, source="rivers", identifier="levels", clock=clock, ids=ids)
    settings = Settings(tmp_path / "data", str(database.engine.url), tmp_path / "search")
    app = create_app(settings, database, TantivyPlace(settings.search_path).reader, clock)
    app.test_client_class = Reader
    return app.test_client()


def test_a_contact_that_is_erased_is_in_no_answer_any_more(small: FlaskClient, database: Database) -> None:
    addresses = ("/dump/datasets.csv", "/catalog.ttl", "/datasets/river-levels.jsonld")
    before = {address: small.get(address) for address in addresses}
    assert all(b"jo@rivers.example" in answer.data for answer in before.values())
    with database.write() as session:
        contact = session.scalars(select(Contact)).one()
        contact.name = contact.email = contact.digest = None
        contact.erased_at = FakeClock()()
    for address in addresses:
        answer = small.get(address, headers={"If-None-Match": before[address].headers["ETag"]})
        assert (answer.status_code, b"rivers.example" in answer.data) == (200, False)


def test_who_asks_while_one_is_made_is_told_to_come_again(
    small: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_files, "WAIT_SECONDS", 0.0)
    with kept_files._lock(tmp_path / "data" / FOLDER, wait=True):
        for name in ("datasets.csv", "datasets.csv.sha256", "index.json"):
            answer = small.get(f"/dump/{name}")
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        page = small.get("/dump/")
        assert (page.status_code, "When it is next asked for" in page.text) == (200, True)
    assert small.get("/dump/index.json").get_json()["files"][0]["count"] == 1
    assert "/sitemap-datasets-1.xml" in small.get("/sitemap.xml").text
    assert small.get("/sitemap-datasets-1.xml").text.count("<url>") == 1
