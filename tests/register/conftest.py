"""A register that is open, on either database."""

import pytest

from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.register.making import Register


@pytest.fixture
def register(clock: FakeClock, ids: CountingIds, randomness: SeededRandomness) -> Register:
    """The register's services with the test's clock and chance; no database is open yet."""
    return Register(clock, ids, randomness)


@pytest.fixture
def open_database(database: Database, register: Register) -> Database:
    """A database with an empty register in it, on each engine in turn."""
    register.open(database)
    return database


@pytest.fixture
def open_sqlite(sqlite_database: Database, register: Register) -> Database:
    """A SQLite database with an empty register in it."""
    register.open(sqlite_database)
    return sqlite_database
