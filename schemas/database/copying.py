"""A whole database as one SQLite file, as of one moment; and such a file into a database, all of it or nothing.

The file is the same whichever engine it came from, so that what was SQLite can become PostgreSQL, and the other way.
"""

import json
import sqlite3
import time
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path

import psycopg
from sqlalchemy import Connection, inspect

from schemas.database.engine import BUSY_TIMEOUT_MS, Database, open_database
from schemas.database.upgrade import current_revision, upgrade
from schemas.errors import Refused, Unreachable
from schemas.settings import sqlite_url

FILE_NAME = "gazette.db"
"""What the file is called: that of the database in a data folder."""

_VERSION_TABLE = "alembic_version"
_ROWS_AT_ONCE = 2_000
_JSON = frozenset({"json", "jsonb"})


def copy_out(database: Database, folder: Path) -> Path:
    """Write everything as of one moment into `gazette.db` in an empty folder, while others go on writing.

    The file stands at the migration that the database stands at. Raises Refused where there is no database.
    """
    revision = current_revision(database)
    if revision is None:
        raise Refused("There is no database here yet.", "Run “gazette init” first.")
    file = folder / FILE_NAME
    if database.is_sqlite:
        with closing(database.engine.raw_connection()) as source, closing(sqlite3.connect(file)) as copy:
            _driver(source.driver_connection).backup(copy)  # one step, and so of one moment
    else:
        with closing(open_database(sqlite_url(folder))) as made:
            upgrade(made, revision)
        reading = database.engine.execution_options(isolation_level="REPEATABLE READ")
        with reading.connect() as source, closing(sqlite3.connect(file, isolation_level=None)) as copy:
            _rows_out(source, copy)
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
    return file


def copy_in(file: Path, database: Database, wait: float = BUSY_TIMEOUT_MS / 1000) -> None:
    """Put everything that such a file holds in the place of everything that the database holds, in one transaction.

    Others may be working on the database: they see the old state, then the new one. The file stands at the newest
    migration. Raises Unreachable where the database stays locked for longer than `wait` seconds or does not take it.
    """
    if database.is_sqlite:
        _file_in(file, database, wait)
        return
    upgrade(database)
    with database.engine.connect() as target, target.begin(), closing(sqlite3.connect(file)) as source:
        try:
            _rows_in(source, target)
        except psycopg.Error as error:
            raise Unreachable(f"PostgreSQL does not take the rows: {error}.", "Nothing of it was kept.") from None


def holds_rows(database: Database, tables: Collection[str]) -> bool:
    """Whether a database has a row in one of these tables. Raises DBAPIError where it cannot be read."""
    with database.engine.connect() as connection:
        there = [table for table in inspect(connection).get_table_names() if table in tables]
        return any(connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1').first() for table in there)  # noqa: S608 - names of the database's own


def is_whole(file: Path) -> bool:
    """Whether SQLite finds the file whole: its pages, and that no row refers to one that is not there."""
    with closing(sqlite3.connect(file)) as connection:
        try:
            complaints = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
            return complaints == ["ok"] and not connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError:
            return False


def _driver(connection: object) -> sqlite3.Connection:
    if not isinstance(connection, sqlite3.Connection):
        raise TypeError("not a connection of SQLite")
    return connection


def _file_in(file: Path, database: Database, wait: float) -> None:
    database.engine.dispose()  # no other connection of this process may be open to it
    until = time.monotonic() + wait

    def waiting(_status: int, _remaining: int, _total: int) -> None:
        if time.monotonic() > until:
            raise Unreachable("Others write to the database all the time.", "Stop what writes, and try again.")

    with closing(database.engine.raw_connection()) as target, closing(sqlite3.connect(file)) as source:
        into = _driver(target.driver_connection)
        source.backup(into, progress=waiting)  # one transaction, through the write-ahead log
        into.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()


def _tables(copy: sqlite3.Connection) -> dict[str, list[str]]:
    """The columns of every table of the file."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name != ?"
    names = [row[0] for row in copy.execute(query, [_VERSION_TABLE])]
    return {name: [row[1] for row in copy.execute(f'PRAGMA table_info("{name}")')] for name in names}


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _rows_out(source: Connection, copy: sqlite3.Connection) -> None:
    kinds = _kinds(source)
    copy.execute("PRAGMA synchronous = OFF")
    copy.execute("BEGIN")
    for table, columns in _tables(copy).items():
        copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - what migrations put there is in the source too
        read = ", ".join(_as_sqlite(name, kinds[table, name]) for name in columns)
        rows = source.execution_options(yield_per=_ROWS_AT_ONCE).exec_driver_sql(f'SELECT {read} FROM "{table}"')  # noqa: S608 - names of the migrations' own
        forms = [_rewritten if kinds[table, name] in _JSON else _as_it_is for name in columns]
        marks = ", ".join("?" * len(columns))
        write = f'INSERT INTO "{table}" ({_listed(columns)}) VALUES ({marks})'  # noqa: S608
        for some in rows.partitions():
            copy.executemany(write, [tuple(one(value) for one, value in zip(forms, row, strict=True)) for row in some])
    for table, _, last in _numbered(source):
        copy.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", [last, table])
        copy.execute(
            "INSERT INTO sqlite_sequence (name, seq) "
            "SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
            [table, last],
        )
    copy.execute("COMMIT")


def _kinds(connection: Connection) -> dict[tuple[str, str], str]:
    query = (
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = current_schema()"
    )
    return {(row[0], row[1]): row[2] for row in connection.exec_driver_sql(query)}


def _as_sqlite(name: str, kind: str) -> str:
    """What reads a column as SQLAlchemy writes it into SQLite."""
    if kind in _JSON:
        return f'"{name}"::text'
    if kind == "timestamp with time zone":
        return f"to_char(\"{name}\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    return f'"{name}"::int' if kind == "boolean" else f'"{name}"'


def _as_it_is(value: object) -> object:
    return value


def _rewritten(text: str | None) -> str | None:
    """JSON as SQLAlchemy writes it into SQLite, letter for letter: who checks bodies looks at that."""
    return None if text is None else json.dumps(json.loads(text))


def _numbered(connection: Connection) -> list[tuple[str, str, int]]:
    """Each column that PostgreSQL numbers by itself, with the last number it gave (0 before the first)."""
    query = (
        "SELECT table_name, column_name, "
        "COALESCE(pg_sequence_last_value(pg_get_serial_sequence(quote_ident(table_name), column_name)::regclass), 0) "
        "FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'"
    )
    return [(row[0], row[1], row[2]) for row in connection.exec_driver_sql(query)]


def _rows_in(source: sqlite3.Connection, target: Connection) -> None:
    tables = _tables(source)
    target.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")  # as moments stand in the file
    for table in tables:  # the events' tables refuse to be emptied
        target.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    target.exec_driver_sql(f"TRUNCATE {_listed(list(tables))}")
    order = [table for table, _ in inspect(target).get_sorted_table_and_fkc_names() if table in tables]
    driver = target.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("not a connection of PostgreSQL")
    for table in order:
        columns = _listed(tables[table])
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN'.encode()) as copy:
            for row in source.execute(f'SELECT {columns} FROM "{table}"'):  # noqa: S608
                copy.write_row(row)
    for table, column, _ in _numbered(target):
        found = source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
        if found and found[0]:
            sequence = f"pg_get_serial_sequence('\"{table}\"', '{column}')"
            target.exec_driver_sql(f"SELECT setval({sequence}, {int(found[0])})")
    for table in tables:
        target.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
