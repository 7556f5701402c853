"""A database with two bodies in it, and the services of accounts on it."""

import pytest

from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.web.accounts.book import Book


@pytest.fixture
def book(database: Database, clock: FakeClock, ids: CountingIds, randomness: SeededRandomness) -> Book:
    """On each engine in turn."""
    made = Book(database, clock, ids, randomness)
    made.bodies()
    return made


@pytest.fixture
def sqlite_book(sqlite_database: Database, clock: FakeClock, ids: CountingIds, randomness: SeededRandomness) -> Book:
    """On SQLite, where the engine cannot matter."""
    made = Book(sqlite_database, clock, ids, randomness)
    made.bodies()
    return made
