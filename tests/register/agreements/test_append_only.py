"""Events and bodies cannot be changed or taken away, whoever tries, on either database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from schemas.database.engine import Database
from tests.register.making import Register, agreement

EVENT = (
    "INTO agreement_event (number, agreement_id, event, version, recorded_at, registered_on, source_entry)"
    " VALUES ({number}, 'dg-1', 'amended', {version}, '2026-01-01', '2026-01-01', {entry})"
)
BODY = "INTO agreement_body ({rowid}sha256, schema_version, sealed) VALUES ({number}'{sha256}', 'x', '[]')"

EVERYWHERE = [
    "UPDATE agreement_event SET event = 'signed'",
    "UPDATE agreement_event SET number = number + 10",
    "UPDATE agreement_body SET sealed = '[]'",
    "DELETE FROM agreement_event",
    "DELETE FROM agreement_event WHERE number = 2",
    "DELETE FROM agreement_body",
    "INSERT "
    + EVENT.format(number=1, version=9, entry="NULL")
    + " ON CONFLICT (number) DO UPDATE SET event = 'withdrawn'",
    "INSERT "
    + EVENT.format(number=9, version=1, entry="NULL")
    + " ON CONFLICT (agreement_id, version) DO UPDATE SET event = 'withdrawn'",
    "INSERT " + EVENT.format(number=1, version=9, entry="NULL"),
]
ON_SQLITE = [
    "INSERT OR REPLACE " + EVENT.format(number=1, version=9, entry="NULL"),
    "INSERT OR REPLACE " + EVENT.format(number=9, version=1, entry="NULL"),
    "INSERT OR REPLACE " + EVENT.format(number=9, version=9, entry="'entry 1'"),
    "REPLACE " + EVENT.format(number=2, version="NULL", entry="NULL"),
    "UPDATE OR REPLACE agreement_event SET number = 1 WHERE number = 2",
    "INSERT OR REPLACE " + BODY.format(rowid="rowid, ", number="1, ", sha256="new"),
]
ON_POSTGRESQL = [
    "TRUNCATE agreement_event",
    "TRUNCATE agreement_body CASCADE",
    "TRUNCATE agreement_event, agreement_body",
    "MERGE INTO agreement_event USING (SELECT 1 AS one) AS source ON number = one WHEN MATCHED THEN DELETE",
]


@pytest.fixture
def filled(open_database: Database, register: Register) -> Database:
    """Two versions and an event without one."""
    with open_database.write() as session:
        from_source = register.sign(session, agreement())
        register.revise(session, from_source, agreement(purpose="Another"), "corrected")
        register.happen(session, "dg-1", "reviewed")
        session.execute(text("INSERT " + EVENT.format(number=4, version="NULL", entry="'entry 1'")))
    return open_database


def rows(connection: Connection) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for table, key in (("agreement_event", "number"), ("agreement_body", "sha256")):
        found += [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY {key}"))]
    return found


def attempt(database: Database, statement: str) -> None:
    with database.write() as session:
        session.execute(text(statement))


def test_nothing_that_a_connection_can_say_changes_what_was_recorded(filled: Database) -> None:
    with filled.engine.connect() as connection:
        before = rows(connection)
    assert len(before) == 6
    for statement in [*EVERYWHERE, *(ON_SQLITE if filled.is_sqlite else ON_POSTGRESQL)]:
        with pytest.raises(DBAPIError):
            attempt(filled, statement)
        with filled.engine.connect() as connection:
            assert rows(connection) == before, statement


@pytest.fixture
def stranger(open_sqlite: Database, register: Register) -> Iterator[sqlite3.Connection]:
    """A SQLite connection that is not ours: none of our settings, so that REPLACE asks no delete trigger."""
    with open_sqlite.write() as session:
        register.revise(session, register.sign(session, agreement()), agreement(purpose="Another"))
        session.execute(text("INSERT " + EVENT.format(number=3, version="NULL", entry="'entry 1'")))
    path = open_sqlite.engine.url.database
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        yield connection


@pytest.mark.parametrize("statement", [*EVERYWHERE, *ON_SQLITE])
def test_nor_what_a_stranger_s_connection_says(stranger: sqlite3.Connection, statement: str) -> None:
    everything = "SELECT * FROM agreement_event LEFT JOIN agreement_body ON sha256 = body_sha256 ORDER BY number"
    before = stranger.execute(everything).fetchall()
    with pytest.raises(sqlite3.DatabaseError, match="append-only"):
        stranger.execute(statement)
    assert stranger.execute(everything).fetchall() == before


def test_a_new_event_and_a_new_body_are_let_in(stranger: sqlite3.Connection) -> None:
    stranger.execute("INSERT " + EVENT.format(number=4, version=3, entry="'entry 2'"))
    stranger.execute("INSERT " + EVENT.format(number=5, version="NULL", entry="NULL"))
    stranger.execute("INSERT " + BODY.format(rowid="", number="", sha256="new"))
    assert stranger.execute("SELECT count(*) FROM agreement_event").fetchone() == (5,)
    assert stranger.execute("SELECT count(*) FROM agreement_body").fetchone() == (3,)
