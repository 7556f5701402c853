"""Whether anything was committed to a database, asked so cheaply that every request can ask."""

import sqlite3
from collections.abc import Hashable
from contextlib import suppress
from threading import Lock

from sqlalchemy import Connection, Engine, PoolProxiedConnection, text
from sqlalchemy.exc import DBAPIError

_STANDING = text("SELECT pg_current_snapshot()::text")


class CommitMark:
    """The mark of one database, for all threads of a process.

    It keeps a connection of its own that never writes. In SQLite `PRAGMA data_version` is another number after each
    commit of any other connection, whichever process it is in. In PostgreSQL two equal snapshots see the same
    transactions, and so the same rows (`pg_current_snapshot`).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._file: PoolProxiedConnection | None = None
        self._server: Connection | None = None
        self._opened = 0

    def now(self) -> Hashable | None:
        """A value that is equal to an earlier one only if the database holds what it held then.

        None where that cannot be told: there is no database that others could be compared with, or it does not answer.
        """
        with self._lock:
            try:
                return self._in_file() if self._engine.dialect.name == "sqlite" else self._on_server()
            except (sqlite3.Error, DBAPIError):
                self._close()
                return None

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            self._close()

    def _in_file(self) -> Hashable | None:
        path = self._engine.url.database
        if not path or path == ":memory:":  # there each connection has a database of its own
            return None
        if self._file is None:
            self._file = self._engine.raw_connection()
            self._opened += 1
        file: sqlite3.Connection = self._file.driver_connection  # type: ignore[assignment] # SQLAlchemy cannot know
        (version,) = file.execute("PRAGMA data_version").fetchone()
        return self._opened, version  # versions are comparable on one connection alone

    def _on_server(self) -> Hashable:
        if self._server is None:
            self._server = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._opened += 1
        return self._opened, str(self._server.scalar(_STANDING))  # a new connection may lead to another server

    def _close(self) -> None:
        with suppress(sqlite3.Error, DBAPIError):
            if self._file is not None:
                self._file.close()
            if self._server is not None:
                self._server.close()
        self._file = self._server = None
