"""Processes that write, index and read on and on, made to be killed anywhere. Each is a function and its arguments.

A revision stands in its record's title too, so that a reader can tell whether a document is whole.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_int
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.synchronize import Event

from sqlalchemy import select

from catalogue.search import indexer
from catalogue.search.engine import IndexBusy, SearchPlace, SearchRequest
from schemas.database.engine import Database, open_database
from tests.catalogue.search.conftest import Records, make_document

WRITERS = 2
RECORDS = 30


@dataclass(frozen=True)
class Where:
    """A database and an index. It can be handed to other processes."""

    url: str
    place: SearchPlace

    @contextmanager
    def opened(self) -> Iterator[tuple[Database, Records]]:
        database = open_database(self.url)
        try:
            yield database, Records(database, now)
        finally:
            database.close()


def now() -> datetime:
    return datetime.now(UTC)


def write(where: Where, turns: c_int, writer: int, *, drains: bool) -> None:
    """Change and remove records of this writer's own; drain after each time, as a command does, where it is to."""
    dice = random.Random(time.time_ns())
    with where.opened() as (database, records):
        while True:
            turns.value += 1
            with database.write() as session:
                for number in dice.sample(range(writer, RECORDS, WRITERS), 3):
                    identifier = make_document(number).id
                    revision = time.time_ns() // 1_000  # it grows from one life of this process to the next too
                    if dice.random() < 0.2:
                        there = session.scalar(select(records.table.c.id).where(records.table.c.id == identifier))
                        if there:
                            records.remove(session, identifier, revision)
                    else:
                        records.write(session, make_document(number, revision=revision, title=f"Revision {revision}"))
            if drains:
                indexer.drain(database, where.place, now, batch=5)
            time.sleep(0.01)


def drain(where: Where, turns: c_int) -> None:
    """Take what waits into the index."""
    with where.opened() as (database, _records):
        while True:
            turns.value += 1
            indexer.drain(database, where.place, now, batch=5)
            time.sleep(0.001)


def reindex(where: Where, turns: c_int, resumed: c_int) -> None:
    """Build the index anew, batch by batch; counts the builds that went on with another's work."""
    indexer.KEEP_EVERY, indexer.REBUILD_BATCH = 10, 5
    with where.opened() as (database, records):
        while True:
            try:
                for stage in indexer.reindex(database, where.place, [records]):
                    resumed.value += stage.kept > 0 and stage.done == stage.kept
                    turns.value += 1
            except IndexBusy:
                time.sleep(0.001)


def read(where: Where, begun: Event, stop: Event) -> None:
    """Every answer is whole: each record once, as one of its revisions was, and never older than it was before."""
    newest: dict[str, int] = {}
    reader = where.place.reader()
    begun.set()
    while not stop.is_set():
        revisions = list(reader.revisions())
        assert len(dict(revisions)) == len(revisions)
        for identifier, revision in revisions:
            assert revision >= newest.get(identifier, 0)
            newest[identifier] = revision
        for hit in reader.search(SearchRequest(limit=RECORDS)).hits:
            assert hit.title == f"Revision {hit.document.revision}"
            assert hit.document.revision >= newest.get(hit.id, 0)
            newest[hit.id] = hit.document.revision
