"""Opening the database: SQLite in WAL mode by default, PostgreSQL when outgrown.

A reading session begins a deferred transaction; a writing session begins with `BEGIN IMMEDIATE`, so that two
writers queue at the start instead of failing half-way (SQLite, "Write-Ahead Logging", section 2.2). In PostgreSQL a
reading session asks for `REPEATABLE READ`, so that on both all its queries see the database as of one moment.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from schemas.database.commit_mark import CommitMark
from schemas.errors import InvalidInput

BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite writer waits for another before it gives up."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database: sessions that read, sessions that write, and what tells whether anything was committed."""

    engine: Engine
    reading: sessionmaker[Session]
    writing: sessionmaker[Session]
    commits: CommitMark

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of ours."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session to read with: one consistent view, always rolled back."""
        with self.reading() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session to write with: committed at the end, rolled back on any error."""
        with self.writing() as session, session.begin():
            yield session

    def close(self) -> None:
        """Give every connection back."""
        self.commits.close()
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open the database at an SQLAlchemy address, creating the folder of a SQLite file.

    Raises InvalidInput where the address cannot be read or names another kind of database.
    """
    engine = _engine(url)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    writer = engine.execution_options(gazette_writes=True)
    sqlite = engine.dialect.name == "sqlite"
    reader = engine if sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
    return Database(
        engine=engine,
        reading=sessionmaker(reader, expire_on_commit=False),
        writing=sessionmaker(writer, expire_on_commit=False),
        commits=CommitMark(engine),
    )


def may_be_there(url: str) -> bool:
    """Whether there may be a database at an address. Asking makes no file, as opening one would."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        return True  # opening it tells what is wrong
    return address.get_backend_name() != "sqlite" or not address.database or Path(address.database).exists()


def _engine(url: str) -> Engine:
    advice = "GAZETTE_DATABASE_URL takes for example sqlite:////srv/gazette.db or postgresql://user@host/name."
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise InvalidInput("The database's address cannot be read.", advice) from None
    if address.drivername in {"postgresql", "postgres"}:
        address = address.set(drivername="postgresql+psycopg")
    if address.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise InvalidInput(f"“{address.drivername}” is not a database this program works on.", advice)
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    return create_engine(address, pool_pre_ping=address.get_backend_name() == "postgresql")


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        connection.isolation_level = None  # we say BEGIN ourselves, in on_begin
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA recursive_triggers = ON")  # INSERT OR REPLACE then fires delete triggers
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("gazette_writes", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:  # it waits for nobody, and each request begins with it: the short way takes a tenth of the time
            file: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
            file.execute("BEGIN")
