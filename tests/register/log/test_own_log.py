"""The log of the database itself, on each engine: what is served, and the rows behind it."""

from pathlib import Path

import pytest
from sqlalchemy import text

from register.agreements.events import locked_head
from register.log.checkpoints import add_first_key, checkpoint_now
from register.log.last_seen import LastSeen
from register.log.own_log import verify_own_log
from register.log.signing import make_key_file
from schemas.database.engine import Database
from schemas.errors import NotFound
from tests.register.making import Register, agreement

ORIGIN = "register.example/log"
COUNT = 7


@pytest.fixture
def filled(open_database: Database, register: Register, tmp_path: Path) -> Database:
    """Some events of some agreements, under a signed checkpoint."""
    with open_database.write() as session:
        locked_head(session).origin = ORIGIN
        signer = make_key_file(tmp_path / "log-key", ORIGIN, register.randomness)
        add_first_key(session, signer.verifier.vkey, register.clock)
        for number in range(COUNT - 1):
            register.clock.advance(minutes=1)
            register.sign(session, agreement(title=f"Agreement {number}", effectiveFrom="2026-04-01"))
        register.happen(session, "dg-1", "suspended")
    checkpoint_now(open_database, tmp_path / "log-key", register.clock)
    return open_database


def alter(database: Database, table: str, change: str) -> None:
    """Change a row as whoever owns the database can: with no trigger in the way."""
    with database.write() as session:
        if database.engine.dialect.name == "postgresql":
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        else:
            names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for name in names:
                session.execute(text(f'DROP TRIGGER "{name}"'))
        session.execute(text(f"UPDATE {table} {change}"))


def test_a_log_that_nobody_altered_is_good(filled: Database, tmp_path: Path) -> None:
    seen = LastSeen({"XDG_STATE_HOME": str(tmp_path / "state")})
    for _visit in range(2):
        with filled.read() as session:
            done = verify_own_log(session, seen=seen)
        assert done.faults == ()
        assert (done.events, done.agreements, done.size) == (COUNT, COUNT - 1, COUNT + 1)


@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        ("agreement_event", "SET effective = '2026-04-02' WHERE number = 3", "event 3 (dg-3, signed): its row is not"),
        ("log_entry", "SET entry = replace(entry, 'dg-2', 'dg-3') WHERE seq = 2", "entry 2 (dg-3 version 1, signed)"),
    ],
)
def test_an_altered_row_is_named(filled: Database, table: str, change: str, told: str) -> None:
    alter(filled, table, change)
    with filled.read() as session:
        faults = verify_own_log(session, quick=True).faults
    assert [fault for fault in faults if fault.startswith(told)], faults


def test_without_a_checkpoint_there_is_nothing_to_check(open_database: Database) -> None:
    with open_database.read() as session, pytest.raises(NotFound):
        verify_own_log(session)
