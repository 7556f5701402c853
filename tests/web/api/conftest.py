"""An office on each database in turn, or on SQLite alone."""

import pytest

from schemas.database.engine import Database
from tests.register.lifecycle.world import World
from tests.web.api.office import Office, staffed


@pytest.fixture
def office(database: Database) -> Office:
    return staffed(World(database).people())


@pytest.fixture
def small_office(sqlite_database: Database) -> Office:
    return staffed(World(sqlite_database).people())
