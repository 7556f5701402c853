"""Backups: one file of one moment, put back whole or not at all, into either database, and never behind a signature."""

import json
import stat
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select, text

from register.agreements.models import AgreementEvent
from register.backup import FORMAT, faults_of, opened_backup, write_backup
from schemas.clock import system_clock
from schemas.database.copying import copy_out
from schemas.database.engine import Database, open_database
from schemas.database.upgrade import upgrade
from schemas.errors import InvalidInput, Refused
from schemas.settings import sqlite_url
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.register.making import Register, agreement
from tests.services.commands import Invoke
from tests.services.postgres import PostgresServer
from web.accounts.models import Account
from web.accounts.sessions import open_session

Places = Callable[[str], str]
PostgreSQL = pytest.mark.postgresql
ENGINES = ["sqlite", pytest.param("postgresql", marks=PostgreSQL)]


@pytest.fixture
def register(clock: FakeClock, ids: CountingIds, randomness: SeededRandomness) -> Register:
    return Register(clock, ids, randomness)


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    """Gives the address of an empty database of an engine."""
    with ExitStack() as after:

        def made(engine: str) -> str:
            if engine == "sqlite":
                return sqlite_url(tmp_path / "another")
            server: PostgresServer = request.getfixturevalue("postgres")
            name: str = next(request.getfixturevalue("postgres_names"))
            after.callback(server.drop, name)
            return server.create(name)

        yield made


def fill(invoke: Invoke, tmp_path: Path, url: str) -> dict[str, str]:
    """Records of every kind, and a signed log; gives the environment that works on them."""
    environ = {"GAZETTE_DATABASE_URL": url}
    record = tmp_path / "wells.yaml"
    record.write_text(
        'schemaVersion: "0.1.0"\nkind: dataset\nidentifier: wells-1\ntitle: Wells\n'
        'description: "Where “wells”\\tare \\\\N."\nprovenance: {source: official}\n',
        encoding="utf-8",
    )
    deal = tmp_path / "deal.json"
    deal.write_text(json.dumps(agreement(purpose="To mend bridges\u2028and 井")), encoding="utf-8")
    for command in (
        ["init", "--origin", "rivers.example/register", "--prefix", "rv"],
        ["catalogue", "add", record],
        ["register", "import", deal, "--from", "json"],
        ["register", "checkpoint"],
    ):
        ended = invoke(*command, environ=environ)
        assert ended.code == 0, ended.stderr
    return environ


def content(url: str) -> dict[str, Any]:
    """Everything that a database says, in a form that no engine has a part in; but what signing in leaves behind."""
    with closing(open_database(url)) as database, database.engine.connect() as connection:
        tables = sorted(name for name in inspect(connection).get_table_names() if name != "alembic_version")
        found = {}
        for table in tables:
            rows = [dict(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()]
            found[table] = sorted(json.dumps(plain(row), sort_keys=True) for row in rows)
        return found


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Values as Python has them: SQLite gives JSON, moments and truth as text and numbers."""
    return {name: plain_value(value) for name, value in row.items()}


def plain_value(value: Any) -> Any:
    if isinstance(value, str) and (value[:1] in {"{", "["} or value == "null"):
        return json.loads(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, bytes):
        return value.hex()
    return int(value) if isinstance(value, bool) else value


@pytest.mark.parametrize("target", ENGINES)
def test_a_backup_holds_all_and_goes_into_either_database(
    invoke: Invoke, empty_database_url: str, place: Places, target: str, data_folder: Path, tmp_path: Path
) -> None:
    environ, file, there = fill(invoke, tmp_path, empty_database_url), tmp_path / "backup.zip", place(target)
    secret = (data_folder / "log-key").read_text(encoding="utf-8").strip()
    made = invoke("db", "backup", file, environ=environ)
    assert made.code == 0, made.stderr
    assert "1 events, 2 entries of the log of rivers.example/register (2 under a signed checkpoint)" in made.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.namelist() == ["manifest.json", "gazette.db"]
        assert secret.encode() not in archive.read("gazette.db")
    assert manifest["log"].items() >= {"origin": "rivers.example/register", "prefix": "rv", "size": 2}.items()
    again = {"GAZETTE_DATABASE_URL": there, "GAZETTE_DATA": str(tmp_path / "another")}
    restored = invoke("db", "restore", file, environ=again)
    assert restored.code == 0, restored.stderr
    assert content(there) == content(empty_database_url)
    assert invoke("doctor", environ=again).code == 0
    assert "井" in invoke("register", "show", "rv-1", environ=again).stdout
    assert "wells" in invoke("catalogue", "search", "wells", environ=again).stdout
    deal = tmp_path / "deal.json"
    deal.write_text(json.dumps(agreement(purpose="To count bridges")), encoding="utf-8")
    assert invoke("register", "import", deal, "--from", "json", environ=again).code == 0
    assert {path.name for path in (tmp_path / "another").iterdir()} <= {"gazette.db", "search", *companions()}


def companions() -> set[str]:
    return {"gazette.db-wal", "gazette.db-shm"}


def test_it_is_of_one_moment_while_others_write(database: Database, register: Register, tmp_path: Path) -> None:
    register.open(database)
    stop = threading.Event()

    def write_on_and_on() -> None:
        while not stop.is_set():
            with database.write() as session:
                for _ in range(3):
                    register.happen(session, "dg-1", "suspended")

    with database.write() as session:
        register.sign(session, agreement())
    writer = threading.Thread(target=write_on_and_on)
    writer.start()
    try:
        sizes = []
        for number in range(3):
            before = count(database)
            log = write_backup(database, tmp_path / f"{number}.zip", system_clock).log
            assert log is not None
            assert (log.events - 1) % 3 == 0, "half a transaction"
            assert log.size == log.events + 1
            assert before <= log.events <= count(database)
            sizes.append(log.events)
            deadline = time.monotonic() + 10
            while count(database) == log.events:
                assert time.monotonic() < deadline, "the writer was held up"
    finally:
        stop.set()
        writer.join()
    assert sizes == sorted(set(sizes))
    with opened_backup(tmp_path / "2.zip", tmp_path / "work", system_clock) as opened:
        assert faults_of(opened, (), lambda _entries: None) == []
    assert not (tmp_path / "work").exists()


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.max(AgreementEvent.number))) or 0


def test_what_is_here_is_not_overwritten_unless_told(invoke: Invoke, data_folder: Path, tmp_path: Path) -> None:
    url, file = sqlite_url(data_folder), tmp_path / "backup.zip"
    fill(invoke, tmp_path, url)
    assert invoke("db", "backup", file).code == 0
    taken = invoke("db", "backup", file)
    assert (taken.code, "already" in taken.stderr) == (1, True)
    before = content(url)
    refused = invoke("db", "restore", file)
    assert refused.code == 1
    assert "--replace" in refused.stderr
    assert content(url) == before
    with closing(open_database(url)) as database, database.write() as session:
        session.execute(text("INSERT INTO attempt_count VALUES ('sign-in', '2026-03-02 10:00:00.000000', 3)"))
    assert content(url) != before
    assert invoke("db", "restore", file, "--replace").code == 0
    assert content(url) == before
    assert invoke("doctor").code == 0


def test_a_backup_behind_what_was_signed_is_put_in_knowingly_or_not_at_all(
    invoke: Invoke, data_folder: Path, tmp_path: Path
) -> None:
    url, file = sqlite_url(data_folder), tmp_path / "backup.zip"
    fill(invoke, tmp_path, url)
    assert invoke("db", "backup", file).code == 0
    deal = tmp_path / "deal.json"
    deal.write_text(json.dumps(agreement(purpose="To count bridges")), encoding="utf-8")
    assert invoke("register", "import", deal, "--from", "json").code == 0
    assert invoke("register", "checkpoint").code == 0
    before = content(url)
    for lost in (False, True):
        if lost:
            for name in {"gazette.db", *companions()}:
                (data_folder / name).unlink(missing_ok=True)
        refused = invoke("db", "restore", file, "--replace")
        assert refused.code == 1
        assert "A checkpoint of 3 entries of rivers.example/register was signed here" in refused.stderr
        assert lost or content(url) == before
    knowingly = invoke("db", "restore", file, "--older")
    assert knowingly.code == 0, knowingly.stderr
    assert "Tell those who check" in knowingly.stderr
    assert invoke("register", "checkpoint").code == 1, "two histories are not signed"
    rows = {row["check"]: row for row in json.loads(invoke("doctor", "--format", "json").stdout)}
    assert rows["Log’s checkpoint"]["result"] == "fault"
    assert "log-key.last" in rows["Log’s checkpoint"]["advice"]


def test_the_key_is_in_it_only_where_that_was_asked_for(invoke: Invoke, data_folder: Path, tmp_path: Path) -> None:
    fill(invoke, tmp_path, sqlite_url(data_folder))
    file, there = tmp_path / "backup.zip", tmp_path / "another"
    made = invoke("db", "backup", file, "--with-key")
    assert made.code == 0
    assert "Warning" in made.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restored = invoke("db", "restore", file, environ={"GAZETTE_DATA": str(there)})
    assert restored.code == 0, restored.stderr
    for name in ("log-key", "log-key.last"):
        assert (there / name).read_bytes() == (data_folder / name).read_bytes()
        assert stat.S_IMODE((there / name).stat().st_mode) == 0o600
    assert invoke("register", "checkpoint", environ={"GAZETTE_DATA": str(there)}).code == 0
    other = tmp_path / "third"
    assert invoke("init", environ={"GAZETTE_DATA": str(other)}).code == 0
    key = (other / "log-key").read_bytes()
    mixed = invoke("db", "restore", file, "--replace", environ={"GAZETTE_DATA": str(other)})
    assert mixed.code == 0
    assert "not that of the restored log" in mixed.stderr
    assert (other / "log-key").read_bytes() == key


def test_who_was_signed_in_signs_in_anew(invoke: Invoke, data_folder: Path, tmp_path: Path) -> None:
    url, file = sqlite_url(data_folder), tmp_path / "backup.zip"
    fill(invoke, tmp_path, url)
    with closing(open_database(url)) as database, database.write() as session:
        now, randomness = datetime(2026, 3, 2, tzinfo=UTC), SeededRandomness(1)
        account = Account(id="wells-clerk", roles=[], created_at=now)
        session.add(account)
        open_session(session, account, now, randomness)
    before = content(url)
    assert invoke("db", "backup", file).code == 0
    assert invoke("db", "restore", file, "--replace").code == 0
    assert (len(before["account_session"]), content(url)["account_session"]) == (1, [])
    assert content(url)["account"] == before["account"]


def bad_sector(path: Path) -> None:
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(data[:middle] + bytes(512) + data[middle + 512 :])


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def no_zip(path: Path) -> None:
    path.write_text("hello", encoding="utf-8")


def another_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("holiday.jpg", b"")


def of_a_newer_form(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps({"format": FORMAT + "0", "log": None}))


def out_of_the_folder(path: Path) -> None:
    name = "../../outside"
    said = {"made_at": "", "program": "", "engine": "", "revision": "", "log": None, "format": FORMAT}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps({**said, "files": {name: {"bytes": 0, "sha256": ""}}}))
        archive.writestr(name, b"")


@pytest.mark.parametrize("spoil", [bad_sector, cut_short, no_zip, another_zip, of_a_newer_form, out_of_the_folder])
def test_a_file_that_is_no_whole_backup_is_refused(
    sqlite_database: Database, register: Register, tmp_path: Path, clock: FakeClock, spoil: Callable[[Path], None]
) -> None:
    register.open(sqlite_database)
    file = tmp_path / "backup.zip"
    write_backup(sqlite_database, file, clock)
    spoil(file)
    with pytest.raises(InvalidInput, match="no whole backup"), opened_backup(file, tmp_path / "work", clock):
        pass
    assert not (tmp_path / "work").exists()


def test_a_backup_whose_log_was_altered_is_named_and_refused(invoke: Invoke, data_folder: Path, tmp_path: Path) -> None:
    """Whoever can write to the backups can make every hash in the file right, and not the signature."""
    url, file = sqlite_url(data_folder), tmp_path / "backup.zip"
    fill(invoke, tmp_path, url)
    (tmp_path / "work").mkdir()
    with closing(open_database(url)) as database:
        copied = copy_out(database, tmp_path / "work")
    with closing(open_database(sqlite_url(copied.parent))) as altered:
        with altered.write() as session:
            for name in ("agreement_event_refuses_update", "agreement_body_refuses_update"):
                session.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            session.execute(text("UPDATE agreement_body SET sealed = replace(sealed, 'mend', 'burn')"))
        write_backup(altered, file, system_clock)
    ended = invoke("db", "restore", file, "--replace")
    assert ended.code == 1
    assert "ALTERED" in ended.stderr
    assert "mend bridges" in invoke("register", "show", "rv-1").stdout


def test_a_backup_of_a_newer_program_is_refused_and_an_older_one_is_brought_up_to_date(
    tmp_path: Path, clock: FakeClock
) -> None:
    (tmp_path / "old").mkdir()
    with closing(open_database(sqlite_url(tmp_path / "old"))) as database:
        upgrade(database, "0006")
        manifest = write_backup(database, tmp_path / "old.zip", clock)
        assert (manifest.revision, manifest.log) == ("0006", None)
        with opened_backup(tmp_path / "old.zip", tmp_path / "work", clock) as opened:
            assert "log_entry" in inspect(opened.database.engine).get_table_names()
        with database.write() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        write_backup(database, tmp_path / "new.zip", clock)
    refused = pytest.raises(Refused, match="does not know")
    with refused, opened_backup(tmp_path / "new.zip", tmp_path / "work", clock):
        pass
