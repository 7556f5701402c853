"""The log on the site: its files as other programs expect them, and the page for people."""

import io
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from register.agreements.events import locked_head
from register.agreements.models import Agreement, AgreementEvent
from register.lifecycle.acting import Tools
from register.log.checkpoint import open_checkpoint
from register.log.checkpoints import add_first_key, checkpoint_now
from register.log.note import Verifier, read_vkey
from register.log.proof import read_proof, verify_proof
from register.log.publish import publish
from register.log.redaction import Redaction, redact
from register.log.signing import make_key_file
from register.log.tiles import nodes_of_tiles, read_entry_bundle
from register.log.timestamps import Stamp, add_timestamp
from register.log.tree import root_of
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database, open_database
from schemas.merkle import leaf_hash, root_hash
from schemas.settings import Settings, sqlite_url
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.register.making import Register, agreement
from tests.web.conftest import Reader, words
from web.app import create_app

COUNT = 299
SIZE = COUNT + 1
"""The entries: one names the codelists."""

ORIGIN = "register.example/log"


@pytest.fixture(scope="module")
def signed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A log of one full tile and some more, under a checkpoint, and one entry that is not."""
    folder = tmp_path_factory.mktemp("log")
    shutil.copyfile(sqlite_template, folder / sqlite_template.name)
    with closing(open_database(sqlite_url(folder))) as database:
        register = Register(FakeClock(), CountingIds())
        register.open(database)
        with database.write() as session:
            locked_head(session).origin = ORIGIN
            signer = make_key_file(folder / "log-key", ORIGIN, register.randomness)
            add_first_key(session, signer.verifier.vkey, register.clock)
            register.sign(
                session, agreement(parties=[{"name": "Office of Wells", "contact": "privacy.office@wells.example"}])
            )
            for _ in range(COUNT - 1):
                register.happen(session, "dg-1", "suspended")
        checkpoint_now(database, folder / "log-key", register.clock)
        with database.write() as session:
            stamp = Stamp(b"what an authority answered", register.clock())
            add_timestamp(session, SIZE, stamp, "https://clock.example", register.clock)
            register.happen(session, "dg-1", "resumed")
        yield database


def reader_of(database: Database) -> FlaskClient:
    path = Path(str(database.engine.url.database)).parent
    settings = Settings(path, str(database.engine.url), path / "search", public_url="https://gazette.example")

    def no_search() -> None:
        raise AssertionError("the log needs no search")

    app = create_app(settings, database, no_search, FakeClock())  # type: ignore[arg-type]
    app.testing = True
    app.test_client_class = Reader
    return app.test_client()


@pytest.fixture(scope="module")
def reader(signed: Database) -> FlaskClient:
    return reader_of(signed)


@pytest.fixture(scope="module")
def verifier(reader: FlaskClient) -> Verifier:
    (line,) = reader.get("/register/log/key").text.splitlines()
    return read_vkey(line)


def test_a_program_that_knows_the_key_finds_every_entry_under_the_root(reader: FlaskClient, verifier: Verifier) -> None:
    """What a checker does: checkpoint, tiles, entries, each of which must fit the others."""
    checkpoint, _ = open_checkpoint(reader.get("/register/log/checkpoint").data, [verifier])
    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, SIZE)
    entries = read_entry_bundle(reader.get("/register/log/tile/entries/000").data)
    entries += read_entry_bundle(reader.get(f"/register/log/tile/entries/001.p/{SIZE - 256}").data)
    assert root_hash([leaf_hash(entry) for entry in entries]) == checkpoint.root

    def tile(level: int, n: int, width: int) -> bytes:
        answer = reader.get(f"/register/log/tile/{level}/{n:03}" + ("" if width == 256 else f".p/{width}"))
        return bytes(answer.data)

    assert root_of(SIZE, nodes_of_tiles(SIZE, tile)) == checkpoint.root
    assert json.loads(entries[1])["agreement"] == "dg-1"
    body = reader.get(f"/register/log/bodies/{json.loads(entries[1])['body_sha256']}")
    assert ["/parties/0/name", "Office of Wells"] in [[item[0], item[2]] for item in body.get_json()["values"]]


@pytest.mark.parametrize(
    ("path", "kind", "kept"),
    [
        ("checkpoint", "text/plain; charset=utf-8", "public, max-age=5"),
        ("key", "text/plain; charset=utf-8", "no-cache"),
        ("tile/0/000", "application/octet-stream", "public, max-age=31536000, immutable"),
        ("tile/0/001.p/7", "application/octet-stream", "public, max-age=60"),
        ("tile/1/000.p/1", "application/octet-stream", "public, max-age=60"),
        ("tile/entries/000", "application/octet-stream", "no-cache"),
        ("tile/entries/001.p/44", "application/octet-stream", "no-cache"),
        ("timestamps.json", "application/json", "no-cache"),
        (f"timestamps/{SIZE}.checkpoint", "text/plain; charset=utf-8", "public, max-age=31536000, immutable"),
        (f"timestamps/{SIZE}-1.tsr", "application/timestamp-reply", "public, max-age=31536000, immutable"),
        ("codelists.json", "application/json", "no-cache"),
        ("codelists/method.csv", "text/csv; charset=utf-8", "no-cache"),
        ("schemas/agreement/1.0.0.json", "application/json", "no-cache"),
    ],
)
def test_how_long_a_copy_is_good_and_who_may_fetch_it(reader: FlaskClient, path: str, kind: str, kept: str) -> None:
    answer = reader.get(f"/register/log/{path}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == kept
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = reader.get(f"/register/log/{path}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        f"tile/0/001.p/{SIZE - 256 + 1}",  # there, and not under a checkpoint
        f"tile/entries/001.p/{SIZE - 256 + 1}",
        "tile/0/001",
        "tile/0/002.p/1",
        "tile/1/000",
        "tile/1/000.p/2",
        "tile/2/000.p/1",
        "tile/64/000",
        "tile/0/0",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/../../key",
        "tile/0/x999/x999/x999/x999/x999/999",
        "bodies/" + "0" * 64,
        "bodies/..",
        "timestamps/1.checkpoint",
        f"timestamps/{SIZE}-2.tsr",
        "codelists/nothing.csv",
        "schemas/agreement/9.9.9.json",
    ],
)
def test_what_is_not_there_is_not_found(reader: FlaskClient, path: str) -> None:
    assert reader.get(f"/register/log/{path}").status_code == 404


def test_a_version_s_proof_shows_that_it_stands_in_the_log(reader: FlaskClient, verifier: Verifier) -> None:
    answer = reader.get("/agreements/dg-1/versions/1.tlog-proof")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dg-1-v1.tlog-proof"'
    entries = read_entry_bundle(reader.get("/register/log/tile/entries/000").data)
    assert verify_proof(read_proof(answer.data), leaf_hash(entries[1]), [verifier]).size == SIZE
    for missing in ("/agreements/dg-1/versions/2.tlog-proof", "/agreements/dg-9/versions/1.tlog-proof"):
        assert reader.get(missing).status_code == 404


@pytest.mark.parametrize("address", ["/agreements/dg-1", "/agreements/dg-1/versions/1"])
def test_each_version_s_page_offers_its_proof(reader: FlaskClient, address: str) -> None:
    assert 'href="/agreements/dg-1/versions/1.tlog-proof"' in reader.get(address).text


def test_the_page_says_how_far_the_log_is_and_how_to_check_it(reader: FlaskClient, verifier: Verifier) -> None:
    text = words(reader.get("/register/log").text)
    assert f"Entries {SIZE + 1}" in text
    assert f"Under a signed checkpoint {SIZE}, signed on 2 March 2026" in text
    assert "1 entry is not under a signed checkpoint yet." in text
    assert f"Timestamp The first {SIZE} entries were there on 2 March 2026" in text
    assert f"Name of the log {ORIGIN}" in text
    assert f"Public key {verifier.vkey}" in text
    assert "python3 verify.py --key key" in text
    assert "gazette register verify https://gazette.example" in text


def test_before_the_first_checkpoint_the_page_says_so(sqlite_database: Database, register: Register) -> None:
    register.open(sqlite_database)
    with sqlite_database.write() as session:
        register.sign(session, agreement())
    reader = reader_of(sqlite_database)
    text = words(reader.get("/register/log").text)
    assert "No checkpoint has been signed yet: 2 entries wait for the first one." in text
    assert reader.get("/register/log/checkpoint").status_code == 404
    proof = reader.get("/agreements/dg-1/versions/1.tlog-proof")
    assert (proof.status_code, proof.mimetype) == (404, "text/plain")
    assert "not under a signed checkpoint yet" in proof.text


@pytest.fixture
def register(clock: FakeClock, ids: CountingIds, randomness: SeededRandomness) -> Register:
    return Register(clock, ids, randomness)


def test_a_published_folder_holds_the_very_files_of_the_site(
    signed: Database, reader: FlaskClient, tmp_path: Path
) -> None:
    with signed.read() as session:
        publish(session, tmp_path / "www")
    files = [path for path in (tmp_path / "www").rglob("*") if path.is_file()]
    found = {path.name for path in files}
    assert found >= {"checkpoint", "key", "000", "codelists.json", "1.0.0.json", "timestamps.json", f"{SIZE}-1.tsr"}
    for path in files:
        assert reader.get(f"/register/log/{path.relative_to(tmp_path / 'www')}").data == path.read_bytes(), path


def test_the_bundle_holds_the_files_of_the_site(reader: FlaskClient) -> None:
    answer = reader.get("/register/bundle.zip")
    assert answer.mimetype == "application/zip"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as bundle:
        names = set(bundle.namelist())
        assert {"verify.py", "README.txt", "checkpoint", "key", "tile/entries/000"} <= names
        for name in sorted(names - {"verify.py", "README.txt", "SHA256SUMS"}):
            assert reader.get(f"/register/log/{name}").data == bundle.read(name), name
    again = reader.get("/register/bundle.zip", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_blanked_value_is_gone_from_what_is_served(signed: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(str(signed.engine.url.database))) as connection:
        connection.execute("VACUUM INTO ?", [str(tmp_path / "gazette.db")])
    with closing(open_database(sqlite_url(tmp_path))) as database:
        reader = reader_of(database)
        with database.read() as session:
            sha256 = session.get_one(AgreementEvent, 1).body_sha256
        before = reader.get(f"/register/log/bodies/{sha256}")
        assert "privacy.office@wells.example" in before.text
        tools = Tools(FakeClock(), CountingIds(), SeededRandomness(3))
        with database.write() as session:
            found = session.get_one(Agreement, "dg-1")
            redact(session, LOCAL_REGISTRAR, found, Redaction("/parties/0/contact", "Names a person"), tools)
        tag = {"If-None-Match": before.headers["ETag"]}
        after = reader.get(f"/register/log/bodies/{sha256}", headers=tag)
        assert after.status_code == 200
        assert "privacy.office@wells.example" not in after.text
        for address in ("", "/versions/1", "/history"):
            answer = reader.get(f"/agreements/dg-1{address}")
            assert answer.status_code == 200
            assert "privacy.office@wells.example" not in answer.text
