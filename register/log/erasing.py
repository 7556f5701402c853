"""Erasing what a redaction leaves behind in the database's files: free pages, the write-ahead log, dead rows."""

from contextlib import closing

from schemas.database.engine import BUSY_TIMEOUT_MS, Database
from schemas.errors import Unreachable

WAIT_SECONDS = 60.0

_TABLES = (
    "agreement_body",
    "agreement",
    "agreement_party",
    "agreement_number",
    "agreement_draft",
    "dataset_reference",
    "search_outbox",
    "suggested_record",
    "suggested_word",
    "suggested_term",
    "answered_request",
)
"""The tables that may have held a value that was blanked."""


def erase_freed(database: Database, wait: float = WAIT_SECONDS) -> None:
    """Write the database anew without anything that was deleted or overwritten, and empty its write-ahead log.

    On SQLite nothing of it is left in the file and its companions. On PostgreSQL nothing is left in the tables' files;
    its own write-ahead log, replicas, archives and backups are the operator's to let run out. Raises Unreachable
    where another process keeps reading the old pages for longer than `wait` seconds.
    """
    if database.is_sqlite:
        _erase_sqlite(database, wait)
    else:
        _erase_postgresql(database)


def _erase_sqlite(database: Database, wait: float) -> None:
    with closing(database.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("VACUUM")  # into fresh pages, which go through the write-ahead log back into the file
        cursor.execute(f"PRAGMA busy_timeout = {round(wait * 1000)}")
        try:
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    if busy:
        raise Unreachable(
            "Another process has been reading the database all the time, so that the blanked value is still in its "
            "write-ahead log.",
            "Stop what reads it, and give the same command again.",
        )


def _erase_postgresql(database: Database) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in _TABLES:
            connection.exec_driver_sql(f"VACUUM (FULL) {table}")
