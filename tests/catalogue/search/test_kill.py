"""`kill -9` of processes that write, drain and rebuild while others read: nothing lost, nothing twice, no drift."""

import multiprocessing
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalogue.search.indexer import drain, drift, reindex
from tests.catalogue.search import killed
from tests.catalogue.search.conftest import make_document
from tests.catalogue.search.engines import PLACES
from tests.catalogue.search.killed import Where

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([killed.__name__])  # one process imports everything, and the others are forked off it

KILLS = [4, pytest.param(20, marks=pytest.mark.long)]
STAGES = 8
"""So many batches and more a rebuild has."""

LONGEST_WAIT = 0.1
"""So many seconds after it began to work a process is killed at most: a few times as long as a commit takes."""


class Victim:
    """A process that is killed in the middle of its work and begins again."""

    def __init__(self, target: Callable[..., None], *arguments: object, **options: object) -> None:
        self._turns = PROCESSES.RawValue("i", 0)  # one with a lock would stay locked by the dead
        self._target = target
        self._arguments = (arguments[0], self._turns, *arguments[1:])
        self._options = options
        self.start()

    def start(self) -> None:
        self._process = PROCESSES.Process(target=self._target, args=self._arguments, kwargs=self._options, daemon=True)
        self._begun = self._turns.value
        self._process.start()

    def kill(self, turns: int, seconds: float) -> None:
        """Kill it, so many seconds after so many turns of this life of it."""
        until = time.monotonic() + 60
        while self._turns.value < self._begun + turns:
            assert self._process.is_alive()
            assert time.monotonic() < until
            time.sleep(0.002)
        time.sleep(seconds)
        self._process.kill()
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL


@pytest.fixture
def where(database_url: str, engine: str, tmp_path: Path) -> Where:
    found = Where(database_url, PLACES[engine](tmp_path / "search"))
    with found.opened() as (database, records):
        with database.write() as session:
            for number in range(killed.RECORDS):
                records.write(session, make_document(number, title="Revision 1"))
        drain(database, found.place, killed.now)
    return found


@contextmanager
def being_read(where: Where) -> Iterator[None]:
    """Another process reads meanwhile, and finds every answer whole."""
    begun, stop = PROCESSES.Event(), PROCESSES.Event()
    reader = PROCESSES.Process(target=killed.read, args=(where, begun, stop), daemon=True)
    reader.start()
    assert begun.wait(60)
    try:
        yield
    finally:
        stop.set()
        reader.join(60)
    assert reader.exitcode == 0


def require_no_drift(where: Where, least: int) -> None:
    with where.opened() as (database, records):
        drain(database, where.place, killed.now)
        reader = where.place.reader()
        with database.read() as session:
            assert drift(session, reader, [records]) == []
            in_database = dict(records.revisions(session))
        in_index = list(reader.revisions())
        assert len(in_index) == len(in_database)
        assert dict(in_index) == in_database
        assert reader.watermark() >= killed.RECORDS + least  # they got something done, too


@pytest.mark.parametrize("engine", sorted(PLACES))
@pytest.mark.parametrize("kills", KILLS)
def test_killing_those_that_write_and_drain_anywhere_loses_nothing(where: Where, kills: int) -> None:
    dice = random.Random(1)
    with being_read(where):
        victims = [Victim(killed.write, where, number, drains=True) for number in range(killed.WRITERS)]
        victims.append(Victim(killed.drain, where))
        for _ in range(kills):
            victim = dice.choice(victims)
            victim.kill(1, dice.uniform(0, LONGEST_WAIT))
            victim.start()
        for victim in victims:
            victim.kill(1, 0)
    require_no_drift(where, kills // 5)


@pytest.mark.parametrize("engine", sorted(PLACES))
@pytest.mark.parametrize("kills", KILLS)
def test_killing_a_rebuild_anywhere_while_others_write_loses_nothing(where: Where, kills: int) -> None:
    dice = random.Random(2)
    resumed = PROCESSES.RawValue("i", 0)
    with being_read(where):
        for _ in range(kills):
            rebuild = Victim(killed.reindex, where, resumed)
            writer = Victim(killed.write, where, 0, drains=False)
            rebuild.kill(dice.randint(1, STAGES), dice.uniform(0, LONGEST_WAIT / 3))
            writer.kill(1, 0)
            if dice.random() < 0.5:  # changes are taken into the live index while the new one lies unfinished
                with where.opened() as (database, _):
                    drain(database, where.place, killed.now)
    assert resumed.value > 0 or kills < 20  # a few may all have died before they kept anything
    with where.opened() as (database, records):
        list(reindex(database, where.place, [records]))
    require_no_drift(where, kills // 5)
