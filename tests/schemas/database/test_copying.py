"""A whole database as a file, and such a file put in place: all of it or nothing, and numbers go on where they were."""

import json
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from register.agreements.models import RegisterHead
from register.log.store import root_at
from schemas.database.copying import copy_in, copy_out
from schemas.database.engine import Database, open_database
from schemas.database.upgrade import upgrade
from schemas.settings import sqlite_url
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.register.making import Register, agreement
from tests.services.postgres import PostgresServer


@pytest.fixture
def register(clock: FakeClock, ids: CountingIds, randomness: SeededRandomness) -> Register:
    return Register(clock, ids, randomness)


def put_in(file: Path, url: str) -> None:
    with closing(open_database(url)) as database:
        copy_in(file, database)


def test_kill_9_while_it_is_put_in_leaves_the_old_state_or_the_new(
    database: Database, database_url: str, register: Register, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    with closing(open_database(sqlite_url(tmp_path / "made"))) as made:
        upgrade(made)
        register.open(made)
        with made.write() as session:
            register.sign(session, agreement())
            for number in range(400):
                session.execute(
                    text("INSERT INTO agreement_body (sha256, schema_version, sealed) VALUES (:key, '1.0.0', :much)"),
                    {"key": f"{number:064}", "much": json.dumps([["/purpose", "00", "x" * 20_000]])},
                )
        file = copy_out(made, tmp_path / "new")
    register.open(database)  # the old state: a register without an agreement
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    delay, seen = 0.002, set[int]()
    while 2 not in seen:
        process = context.Process(target=put_in, args=(file, database_url))
        process.start()
        process.join(delay)
        if process.is_alive():
            os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        delay *= 1.7
        state = whole_state(database)
        assert state in {0, 2}
        assert not (2 in seen and state == 0)
        seen.add(state)
        assert delay < 60
    assert seen == {0, 2}


def whole_state(database: Database) -> int:
    """How many entries the log has; everything else must fit."""
    if database.is_sqlite:
        with database.read() as session:
            assert session.execute(text("PRAGMA quick_check")).scalar_one() == "ok"
    with database.read() as session:
        head = session.get_one(RegisterHead, 1)
        rows = session.execute(text("SELECT count(*) FROM agreement_body")).scalar_one()
        assert (head.last_number, rows) in {(0, 0), (1, 401)}
        root_at(session, head.log_size)
        return head.log_size


@pytest.mark.postgresql
def test_a_number_that_was_given_is_not_given_again(
    postgres: PostgresServer, postgres_names: Iterator[str], tmp_path: Path
) -> None:
    """What the index was told goes by rising numbers, also where the rows themselves are gone."""
    name = next(postgres_names)
    insert = "INSERT INTO search_outbox (document_id, revision, written_at) VALUES ('a', 1, '2026-03-02 10:00:00')"
    with closing(open_database(postgres.create(name))) as there, closing(open_database(sqlite_url(tmp_path))) as here:
        for database in (here, there):
            upgrade(database)
        with there.write() as session:
            for _ in range(3):
                session.execute(text(insert))
            session.execute(text("DELETE FROM search_outbox"))
        (tmp_path / "out").mkdir()
        copy_in(copy_out(there, tmp_path / "out"), here)
        with here.write() as session:
            session.execute(text(insert))
            assert session.execute(text("SELECT number FROM search_outbox")).scalar_one() == 4
        (tmp_path / "back").mkdir()
        copy_in(copy_out(here, tmp_path / "back"), there)
        with there.write() as session:
            session.execute(text(insert))
            assert session.execute(text("SELECT max(number) FROM search_outbox")).scalar_one() == 5
    postgres.drop(name)
