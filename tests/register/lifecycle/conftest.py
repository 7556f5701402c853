"""A register with officials, on each database in turn or on SQLite alone."""

import pytest

from schemas.database.engine import Database
from tests.register.lifecycle.world import World


@pytest.fixture
def world(database: Database) -> World:
    return World(database).people()


@pytest.fixture
def small_world(sqlite_database: Database) -> World:
    return World(sqlite_database).people()
