"""What waits is told as it must be typed: with the options that stood before the command that told it."""

from pathlib import Path

from schemas.database.engine import Database
from tests.register.lifecycle.world import World
from tests.services.commands import Invoke
from tests.web.api.office import staffed


def test_whoami_tells_commands_that_work_as_they_stand(sqlite_database: Database, invoke: Invoke) -> None:
    staffed(World(sqlite_database).people()).world.enter()
    folder = Path(str(sqlite_database.engine.url.database)).parent
    before = ["--data", str(folder), "--as", "receiver"]
    told = invoke(*before, "whoami").stdout
    assert f"    gazette {' '.join(before)} register confirm dg-1 --version 1\n" in told
    assert invoke(*before, "register", "confirm", "dg-1", "--version", "1").code == 0
    assert "register confirm" not in invoke(*before, "whoami").stdout
