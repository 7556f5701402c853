"""Bringing the index up to the database: draining the outbox, reconciling, finding drift, building anew.

The outbox row is written in the transaction of the change; the index takes changes and its watermark in one commit;
only then are the rows deleted, in a short transaction of their own. Whatever dies in between is replayed, and a
replay changes nothing, because the index never takes an older revision over a newer one.
"""

import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from importlib.metadata import version
from itertools import islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.search.document import SearchDocument
from catalogue.search.engine import Change, IndexBusy, Removal, SearchEngine, SearchPlace, Upsert
from catalogue.search.sources import DocumentSource
from schemas.clock import Clock
from schemas.database.engine import Database
from schemas.database.outbox import OutboxRow, indexed_up_to, last_waiting, mark_indexed, waiting, waiting_count

BATCH = 500
"""So many outbox rows go into one commit of the index."""

REBUILD_BATCH = 500

KEEP_EVERY = 75_000
"""After so many documents a rebuild is committed, for another to go on with should this one be cut short."""

_LET_IN_SECONDS = 0.005
"""So long the index is left free before its holder takes it again: who waits for it looks now and then."""

_PROGRAM = "data-gazette"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Drained:
    """What one call of `drain` did.

    `rows` were taken into the index; `longest_wait` is how long the oldest of them had waited. `busy`: another
    process held the index and takes up what is left.
    """

    rows: int
    longest_wait: timedelta
    busy: bool


class DriftKind(Enum):
    """How index and database can differ about one document."""

    MISSING = "missing from the index"
    STALE = "older in the index"
    AHEAD = "newer in the index than in the database"
    SURPLUS = "in the index but not in the database"


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference, with the revisions on both sides (None: not there)."""

    id: str
    kind: DriftKind
    in_index: int | None
    in_database: int | None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What `reconcile` did: whether it had to compare, and how many documents it put right."""

    compared: bool
    mended: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is; `finished` once the new index is live. `kept` an earlier build had done already."""

    done: int
    total: int
    finished: bool = False
    kept: int = 0


def drain(database: Database, place: SearchPlace, clock: Clock, *, batch: int = BATCH) -> Drained:
    """Take every waiting change into the index. Who does not get the index leaves the work to its holder.

    Raises SearchUnavailable where the index cannot be used; the changes then stay in the outbox.
    """
    rows, longest, busy = 0, timedelta(0), False
    # A change committed while the holder was letting go found the index busy and was left to the holder, so the
    # holder looks once more after letting go, and starts again if there is one.
    while _anything_waiting(database):
        if rows:
            time.sleep(_LET_IN_SECONDS)
        try:
            engine = place.writer()
        except IndexBusy:
            busy = True
            break
        try:
            taken, wait = _drain_into(engine, database, clock, batch)
        finally:
            engine.close()
        rows, longest = rows + taken, max(longest, wait)
    return Drained(rows, longest, busy)


def reconcile(
    database: Database, place: SearchPlace, sources: Sequence[DocumentSource], *, asked: bool = False
) -> Reconciled:
    """Compare index and database by identifier and revision, where there is reason to, and put the index right.

    There is reason when the index has lost commits that the database saw, or holds some that the database never
    saw (one of the two was restored from a copy), or when it is `asked` for. Run at the start of a service.
    Raises IndexBusy while another process writes, SearchUnavailable where the index cannot be used.
    """
    engine = place.writer()
    try:
        if not asked and _in_step(database, engine):
            return Reconciled(compared=False, mended=0)
        return Reconciled(compared=True, mended=_mend(engine, database, sources))
    finally:
        engine.close()


def drift(session: Session, engine: SearchEngine, sources: Sequence[DocumentSource]) -> list[Drift]:
    """Where index and database differ; documents with a change still waiting in the outbox are left out."""
    on_the_way = set(session.scalars(select(OutboxRow.document_id)))
    return [found for found in _differences(session, engine, sources) if found.id not in on_the_way]


def reindex(
    database: Database, place: SearchPlace, sources: Sequence[DocumentSource], *, fresh: bool = False
) -> Generator[Progress]:
    """Build a new index from the database beside the live one and swap it in at the end, telling how far it is.

    A build that was cut short is gone on with, unless it is to be `fresh` or what documents are made of has changed
    since. Changes made meanwhile wait in the outbox; drain afterwards. An iteration that is given up leaves the live
    index as it was. Raises IndexBusy while another process writes.
    """
    # First the lock, then the view: what others took out of the outbox before the lock is in the view.
    with place.rebuilding() as rebuild, database.read() as session:
        watermark = indexed_up_to(session)
        left = rebuild.resume(_basis(session, sources), fresh=fresh)
        wanted = _Wanted(session, sources, left)
        rebuild.remove(wanted.outdated)
        done = last_kept = wanted.right
        yield Progress(done, wanted.total, kept=wanted.right)
        for batch in _batches(wanted.documents(), REBUILD_BATCH):
            rebuild.add(batch)
            done += len(batch)
            if done - last_kept >= KEEP_EVERY:
                rebuild.keep()
                last_kept = done
            yield Progress(done, max(done, wanted.total), kept=wanted.right)
        rebuild.swap(watermark)
    yield Progress(done, done, finished=True, kept=wanted.right)


class _Wanted:
    """What a rebuild still has to take in, after an earlier one has `left` some documents at some revisions."""

    def __init__(self, session: Session, sources: Sequence[DocumentSource], left: Mapping[str, int]) -> None:
        self._session = session
        self._sources = sources
        self._missing: list[list[str]] = []
        self.total = 0
        outdated = set(left)
        for source in sources:
            missing = []
            for identifier, revision in source.revisions(session):
                self.total += 1
                if left.get(identifier) == revision:
                    outdated.discard(identifier)
                elif left:
                    missing.append(identifier)
            self._missing.append(missing)
        self.outdated = sorted(outdated)
        self.right = len(left) - len(outdated)

    def documents(self) -> Iterator[SearchDocument]:
        """The documents; all in one go where none is there yet."""
        for source, missing in zip(self._sources, self._missing, strict=True):
            if not self.right:
                yield from source.documents(self._session, None)
                continue
            for ids in _batches(iter(missing), BATCH):
                yield from source.documents(self._session, ids)


def _basis(session: Session, sources: Sequence[DocumentSource]) -> str:
    """What all documents are made of beside their own rows: this program, and what each source names."""
    return json.dumps([version(_PROGRAM), *(source.basis(session) for source in sources)])


def _anything_waiting(database: Database) -> bool:
    with database.read() as session:
        return waiting_count(session) > 0


def _drain_into(engine: SearchEngine, database: Database, clock: Clock, batch: int) -> tuple[int, timedelta]:
    """Take what waits at this moment. What is written meanwhile is for the next who gets the index: while others write
    without end, nobody would ever let go of it."""
    taken, longest = 0, timedelta(0)
    with database.read() as session:
        last = last_waiting(session)
    while True:
        with database.read() as session:
            rows = [row for row in waiting(session, batch) if row.number <= last]
        if not rows:
            return taken, longest
        longest = max(longest, clock() - min(row.written_at for row in rows))
        numbers = [row.number for row in rows]
        engine.apply([_change(row) for row in rows], max(numbers))
        with database.write() as session:
            mark_indexed(session, numbers)
        taken += len(rows)


def _change(row: OutboxRow) -> Change:
    if row.document is None:
        return Removal(row.document_id, row.revision)
    return Upsert(SearchDocument.from_json(row.document))


def _in_step(database: Database, engine: SearchEngine) -> bool:
    """Whether the index holds what the database thinks it does, and nothing that the database never wrote."""
    in_index = engine.watermark()
    with database.read() as session:
        seen = indexed_up_to(session)
        if in_index <= seen:
            return in_index == seen
        # Ahead is right only after a crash between the two commits: then the row is still waiting.
        return session.get(OutboxRow, in_index) is not None


def _mend(engine: SearchEngine, database: Database, sources: Sequence[DocumentSource]) -> int:
    with database.read() as session:
        watermark = indexed_up_to(session)
        found = _differences(session, engine, sources)
        surplus = [item for item in found if item.kind is DriftKind.SURPLUS]
        wanted = [item.id for item in found if item.kind is not DriftKind.SURPLUS]
        engine.mend([Removal(item.id, item.in_index or 0) for item in surplus], watermark)
        for ids in _batches(iter(wanted), BATCH):
            documents = [document for source in sources for document in source.documents(session, ids)]
            engine.mend([Upsert(document) for document in documents], watermark)
    return len(found)


def _differences(session: Session, engine: SearchEngine, sources: Sequence[DocumentSource]) -> list[Drift]:
    in_index = dict(engine.revisions())
    found: list[Drift] = []
    for source in sources:
        for identifier, revision in source.revisions(session):
            indexed = in_index.pop(identifier, None)
            if indexed is None:
                found.append(Drift(identifier, DriftKind.MISSING, None, revision))
            elif indexed != revision:
                kind = DriftKind.STALE if indexed < revision else DriftKind.AHEAD
                found.append(Drift(identifier, kind, indexed, revision))
    found.extend(
        Drift(identifier, DriftKind.SURPLUS, revision, None) for identifier, revision in sorted(in_index.items())
    )
    return found


def _batches(items: Iterator[_T], size: int) -> Iterator[list[_T]]:
    while batch := list(islice(items, size)):
        yield batch
