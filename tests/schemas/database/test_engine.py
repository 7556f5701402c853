"""Opening the database: how it is set up, and many writers at once."""

import multiprocessing
import sqlite3
from collections.abc import Callable
from contextlib import closing
from multiprocessing.queues import Queue
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from schemas.database.engine import BUSY_TIMEOUT_MS, Database, open_database
from schemas.database.upgrade import current_revision, upgrade
from schemas.errors import InvalidInput
from schemas.settings import sqlite_url

COUNT = "CREATE TABLE counted (name TEXT PRIMARY KEY, number INTEGER NOT NULL)"
PER_WRITER = 25


def test_sqlite_is_set_up_for_many_readers_and_one_writer(sqlite_database: Database) -> None:
    with sqlite_database.read() as session:
        pragmas = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous", "recursive_triggers")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": BUSY_TIMEOUT_MS,
        "synchronous": 2,
        "recursive_triggers": 1,
    }


def test_a_row_that_refers_to_nothing_is_refused(database: Database) -> None:
    insert = text("INSERT INTO agreement_number (scheme, value, agreement_id) VALUES ('a', 'b', 'nobody')")
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(insert)


def change_and_fail(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE counted SET number = 2"))
        session.execute(text("INSERT INTO counted VALUES ('a', 1)"))


def test_writing_is_kept_and_an_error_leaves_nothing(database: Database) -> None:
    with database.write() as session:
        session.execute(text(COUNT))
        session.execute(text("INSERT INTO counted VALUES ('a', 1)"))
    with pytest.raises(IntegrityError):
        change_and_fail(database)
    with database.read() as session:
        assert session.scalar(text("SELECT number FROM counted")) == 1


def test_what_a_reading_session_writes_is_never_kept(database: Database) -> None:
    with database.write() as session:
        session.execute(text(COUNT))
    with database.read() as session:
        session.execute(text("INSERT INTO counted VALUES ('a', 1)"))
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM counted")) == 0


def test_a_reader_sees_one_moment_while_others_write(database: Database) -> None:
    with database.write() as session:
        session.execute(text(COUNT))
        session.execute(text("INSERT INTO counted VALUES ('a', 1)"))
    with database.read() as reader:
        assert reader.scalar(text("SELECT number FROM counted")) == 1
        with database.write() as writer:
            writer.execute(text("UPDATE counted SET number = 2"))
        assert reader.scalar(text("SELECT number FROM counted")) == 1
    with database.read() as reader:
        assert reader.scalar(text("SELECT number FROM counted")) == 2


def test_a_sqlite_writer_holds_the_lock_from_the_start(sqlite_database: Database, tmp_path: Path) -> None:
    """Two that read first and write later would otherwise fail half-way, whatever they wait."""
    path = sqlite_database.engine.url.database
    assert path is not None
    with sqlite_database.write() as session:
        session.execute(text("SELECT 1"))
        with closing(sqlite3.connect(path, timeout=0)) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            assert other.execute("SELECT count(*) FROM agreement").fetchone() == (0,)


def count_up(url: str, errors: "Queue[str]") -> None:
    """Read a number and write it back one higher, many times: half a queue would lose some."""
    try:
        with closing(open_database(url)) as database:
            for _ in range(PER_WRITER):
                with database.write() as session:
                    held = " FOR UPDATE" if not database.is_sqlite else ""
                    number = session.scalar(text(f"SELECT number FROM counted WHERE name = 'a'{held}"))
                    session.execute(text("UPDATE counted SET number = :number"), {"number": (number or 0) + 1})
    except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
        errors.put(repr(error))


def in_processes(work: Callable[..., None], url: str, number: int) -> list[str]:
    context = multiprocessing.get_context("spawn")
    errors: Queue[str] = context.Queue()
    started = [context.Process(target=work, args=(url, errors)) for _ in range(number)]
    for process in started:
        process.start()
    for process in started:
        process.join(60)
    codes = [process.exitcode for process in started]
    assert codes == [0] * number
    return [errors.get() for _ in range(errors.qsize())]


def test_writers_in_several_processes_queue_up(database: Database, database_url: str) -> None:
    with database.write() as session:
        session.execute(text(COUNT))
        session.execute(text("INSERT INTO counted VALUES ('a', 0)"))
    assert in_processes(count_up, database_url, 2) == []
    with database.read() as session:
        assert session.scalar(text("SELECT number FROM counted")) == 2 * PER_WRITER


def make(url: str, errors: "Queue[str]") -> None:
    try:
        with closing(open_database(url)) as database:
            upgrade(database)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
        errors.put(repr(error))


def test_several_may_make_one_database_at_once(empty_database_url: str) -> None:
    assert in_processes(make, empty_database_url, 2) == []
    with closing(open_database(empty_database_url)) as database:
        assert current_revision(database)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "cannot be read"),
        ("rivers", "cannot be read"),
        ("postgresql://host:port/name", "cannot be read"),
        ("mysql://host/name", "“mysql” is not a database"),
        ("postgresql+psycopg2://host/name", "“postgresql+psycopg2” is not a database"),
        ("sqlite+aiosqlite:///x.db", "“sqlite+aiosqlite” is not a database"),
    ],
)
def test_an_address_that_leads_to_no_database_of_ours(url: str, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        open_database(url)
    assert words in caught.value.message
    assert "GAZETTE_DATABASE_URL" in caught.value.advice


def test_a_password_is_not_told() -> None:
    with pytest.raises(InvalidInput) as caught:
        open_database("mysql://somebody:secret@host/name")
    assert "secret" not in str(caught.value)


def test_the_folder_of_a_database_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "a?b" / "c%20d"
    with closing(open_database(sqlite_url(folder))) as database:
        upgrade(database)
    assert (folder / "gazette.db").is_file()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "gazette.db").write_bytes(b"A letter to my aunt." * 100)
    with closing(open_database(sqlite_url(tmp_path))) as database:
        for look in (current_revision, upgrade):
            with pytest.raises(InvalidInput, match="is not a database"):
                look(database)
