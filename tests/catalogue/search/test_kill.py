"""`kill -9` while the outbox is drained, at points all over its course: nothing lost, nothing twice, no drift."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import catalogue
from catalogue.search.document import SearchDocument
from catalogue.search.indexer import drain, drift, reconcile
from schemas.clock import Clock
from schemas.database.engine import Database
from tests.catalogue.search.engines import PLACES

Make = Callable[..., SearchDocument]

KILL_AT = (
    *(("begin", 0.0), ("apply", 0.0), ("apply 2", 0.01), ("apply 3", 0.02), ("apply 2", 0.04), ("apply 4", 0.08)),
    *(("applied", 0.0), ("applied 4", 0.005)),
)
"""After which line of the child it is killed, and how many seconds later: the index commits right after `apply`, which
takes it 30 to 150 ms, the database right after `applied`."""


@pytest.mark.parametrize("engine", sorted(PLACES))
def test_killing_the_indexer_anywhere_loses_nothing(
    database: Database, records: Any, engine: str, clock: Clock, make: Make, tmp_path: Path
) -> None:
    place = PLACES[engine](tmp_path / "search")
    killed = 0
    for revision, (point, later) in enumerate(KILL_AT, start=1):
        with database.write() as session:
            for number in range(240):
                records.write(session, make(number, revision=revision, title=f"Revision {revision}"))
            records.remove(session, make(revision).id, revision + 1)
        killed += _drain_and_kill(database, engine, tmp_path / "search", point, later)
        reconcile(database, place, [records])
    assert killed == len(KILL_AT)
    drain(database, place, clock)
    with database.read() as session:
        assert drift(session, place.reader(), [records]) == []
        in_database = dict(records.revisions(session))
    in_index = list(place.reader().revisions())
    assert len(in_index) == len(set(in_index)) == len(in_database)
    assert dict(in_index) == in_database


def _drain_and_kill(database: Database, engine: str, index: Path, point: str, later: float) -> bool:
    word, _, count = point.partition(" ")
    wanted = int(count or 1)
    root = Path(catalogue.__file__).parent.parent
    child = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("draining_child.py"), str(database.engine.url), engine, str(index)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert child.stdout is not None
    with child.stdout:
        for line in child.stdout:
            wanted -= line.strip() == word
            if not wanted:
                time.sleep(later)
                child.kill()
                break
    return child.wait() == -signal.SIGKILL
