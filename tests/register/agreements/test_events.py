"""Appending: no gap, no fork, no step back in time, whoever else appends."""

import multiprocessing
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue

import pytest
from sqlalchemy import select

from register.agreements.events import events_of, locked_head, open_register
from register.agreements.models import Agreement, RegisterHead
from register.agreements.rebuild import differing_agreements
from register.agreements.record import Source
from schemas.clock import random_ids
from schemas.database.engine import Database
from schemas.database.engine import open_database as open_at
from schemas.database.outbox import waiting_count
from schemas.errors import Refused
from tests.fakes import FIRST_MOMENT, FakeClock, SeededRandomness
from tests.register.making import Register, agreement, numbers_and_times

APPENDERS, EACH = 2, 6


def test_recorded_time_never_goes_back_when_the_clock_does(open_database: Database, register: Register) -> None:
    for hours in (0, -5, 1, -48):
        register.clock.advance(hours=hours)
        with open_database.write() as session:
            register.sign(session, agreement(title=f"After {hours}"))
    with open_database.read() as session:
        events = numbers_and_times(session)
    assert [number for number, _ in events] == [1, 2, 3, 4]
    assert [moment for _, moment in events] == [FIRST_MOMENT] * 4
    assert events[0][1].tzinfo is UTC


def test_the_time_of_the_source_is_kept_beside_our_own(open_database: Database, register: Register) -> None:
    long_ago = datetime(2019, 6, 23, 16, 28, 59, tzinfo=UTC)
    with open_database.write() as session:
        found = register.sign(session, agreement(), Source("entry 1", long_ago))
        register.clock.advance(days=1)
        register.revise(session, found, agreement(purpose="Another"))
    with open_database.read() as session:
        first, second = events_of(session, "dg-1")
        row = session.get_one(Agreement, "dg-1")
        assert (first.recorded_at, first.registered_on) == (FIRST_MOMENT, long_ago)
        assert second.recorded_at == second.registered_on == FIRST_MOMENT + timedelta(days=1)
        assert (row.registered_on, row.changed_at) == (long_ago, second.recorded_at)


def test_versions_point_to_the_body_before_them(open_database: Database, register: Register) -> None:
    with open_database.write() as session:
        found = register.sign(session, agreement())
        register.revise(session, found, agreement(purpose="Another"))
        register.happen(session, found.id, "suspended")
        register.revise(session, found, agreement(purpose="A third"), "corrected")
    with open_database.read() as session:
        events = events_of(session, "dg-1")
    bodies = [event.body_sha256 for event in events]
    assert bodies[2] is None
    assert [event.previous_body_sha256 for event in events] == [None, bodies[0], None, bodies[1]]
    assert [event.version for event in events] == [1, 2, None, 3]


def test_an_append_that_is_undone_leaves_no_gap(open_database: Database, register: Register) -> None:
    with open_database.write() as session:
        register.sign(session, agreement(title="First"))
    with open_database.writing() as session:
        register.sign(session, agreement(title="Undone"))
        session.rollback()
    with open_database.write() as session:
        with session.begin_nested() as savepoint:
            register.sign(session, agreement(title="Undone too"))
            savepoint.rollback()
        assert register.sign(session, agreement(title="Second")).id == "dg-2"
    with open_database.read() as session:
        assert [number for number, _ in numbers_and_times(session)] == [1, 2]
        head = session.get_one(RegisterHead, 1)
        assert (head.last_number, head.next_serial) == (2, 3)
        assert waiting_count(session) == 2


def test_the_prefix_is_fixed_once(database: Database) -> None:
    with database.write() as session:
        assert open_register(session, "ie").prefix == "ie"
    with database.write() as session:
        assert open_register(session, "ie").next_serial == 1
        with pytest.raises(Refused, match="ie-1"):
            open_register(session, "uk")


def test_without_a_register_nothing_is_appended(database: Database, register: Register) -> None:
    with database.write() as session, pytest.raises(Refused) as caught:
        register.sign(session, agreement())
    assert "gazette init" in caught.value.advice


def append_many(url: str, errors: "Queue[str]", start: int) -> None:
    """Sign some agreements, each in a transaction, and revise the first one each time."""
    clock = FakeClock(FIRST_MOMENT + timedelta(minutes=start))
    chance = SeededRandomness(start)
    try:
        with closing(open_at(url)) as database:
            for number in range(EACH):
                with database.write() as session:
                    register = Register(clock, random_ids, chance)  # type: ignore[arg-type]
                    register.sign(session, agreement(title=f"Agreement {start}, {number}"))
                    shared = session.get_one(Agreement, "dg-1")
                    register.revise(session, shared, agreement(title=f"Shared {start}, {number}"))
    except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
        errors.put(repr(error))


def test_several_processes_append_without_gap_or_fork(
    open_database: Database, database_url: str, register: Register
) -> None:
    with open_database.write() as session:
        register.sign(session, agreement(title="Shared"))
    context = multiprocessing.get_context("spawn")
    errors: Queue[str] = context.Queue()
    started = [context.Process(target=append_many, args=(database_url, errors, start)) for start in range(APPENDERS)]
    for process in started:
        process.start()
    for process in started:
        process.join(60)
    assert [errors.get() for _ in range(errors.qsize())] == []
    assert [process.exitcode for process in started] == [0] * APPENDERS
    total = 1 + 2 * APPENDERS * EACH
    with open_database.read() as session:
        events = numbers_and_times(session)
        assert [number for number, _ in events] == list(range(1, total + 1))
        assert [moment for _, moment in events] == sorted(moment for _, moment in events)
        serials = session.scalars(select(Agreement.serial).order_by(Agreement.serial)).all()
        assert serials == list(range(1, 2 + APPENDERS * EACH))
        shared = events_of(session, "dg-1")
        assert [event.version for event in shared] == list(range(1, 2 + APPENDERS * EACH))
        chain = [event.body_sha256 for event in shared]
        assert [event.previous_body_sha256 for event in shared] == [None, *chain[:-1]]
        assert differing_agreements(session) == []
        assert locked_head(session).last_number == total
