"""The process beside the web workers signs what was added to the log, where it can read the key."""

from contextlib import closing
from pathlib import Path

import pytest

from register.agreements.events import locked_head, open_register
from register.log.checkpoints import add_first_key, latest_checkpoint
from register.log.signing import make_key_file
from schemas.clock import system_clock, system_randomness
from schemas.database.engine import Database, open_database
from schemas.database.upgrade import upgrade
from schemas.settings import Settings, read_settings
from tests.fakes import CountingIds, FakeClock
from tests.register.making import Register, agreement
from web.server import keep_checkpoint


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = read_settings({}, tmp_path / "data")
    with closing(open_database(settings.database_url)) as database:
        upgrade(database)
        with database.write() as session:
            open_register(session, origin="register.example/log")
            Register(FakeClock(), CountingIds()).sign(session, agreement())
    return settings


def signed(database: Database) -> int | None:
    with database.read() as session:
        found = latest_checkpoint(session)
        return found.size if found else None


def test_it_signs_with_the_key_and_is_silent_without(settings: Settings) -> None:
    with closing(open_database(settings.database_url)) as database:
        assert keep_checkpoint(settings, database) == ""
        assert signed(database) is None
        signer = make_key_file(settings.log_key_path, "register.example/log", system_randomness)
        with database.write() as session:
            add_first_key(session, signer.verifier.vkey, system_clock)
        assert keep_checkpoint(settings, database) == ""
        assert signed(database) == 2
        with database.write() as session:
            Register(FakeClock(), CountingIds()).happen(session, "dg-1", "suspended")
            locked_head(session)
        assert keep_checkpoint(settings, database) == ""
        assert signed(database) == 3


def test_what_hinders_it_is_told(settings: Settings) -> None:
    with closing(open_database(settings.database_url)) as database:
        make_key_file(settings.log_key_path, "register.example/log", system_randomness)
        assert "gazette init" in keep_checkpoint(settings, database)
        settings.log_key_path.chmod(0o644)
        with database.write() as session:
            add_first_key(session, "register.example/log+00000000+AAAA", system_clock)
        assert "Others than its owner" in keep_checkpoint(settings, database)
        assert signed(database) is None
