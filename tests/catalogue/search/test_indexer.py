"""The index follows the database: draining, crashing between the two commits, reconciling, drift, rebuilding."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.search import indexer
from catalogue.search.document import SearchDocument
from catalogue.search.engine import IndexBusy, SearchPlace, SearchUnavailable, Upsert
from catalogue.search.indexer import Drift, DriftKind, drain, drift, reconcile, reindex
from schemas.clock import Clock
from schemas.database.engine import Database
from schemas.database.outbox import enqueue, indexed_up_to, waiting, waiting_count
from tests.catalogue.search.engines import FOLDERS

Make = Callable[..., SearchDocument]
Records = Any


def indexed(place: SearchPlace) -> dict[str, int]:
    return dict(place.reader().revisions())


def left(database: Database) -> int:
    with database.read() as session:
        return waiting_count(session)


def write(database: Database, records: Records, *documents: SearchDocument) -> None:
    with database.write() as session:
        for document in documents:
            records.write(session, document)


def test_draining_takes_every_change_in_batches(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make
) -> None:
    write(database, records, *(make(number) for number in range(25)))
    with database.write() as session:
        records.remove(session, make(3).id, 2)
    drained = drain(database, place, lambda: clock() + timedelta(seconds=90), batch=7)
    assert (drained.rows, drained.busy, drained.longest_wait) == (26, False, timedelta(seconds=90))
    assert indexed(place) == {make(number).id: 1 for number in range(25) if number != 3}
    assert left(database) == 0
    with database.read() as session:
        assert indexed_up_to(session) == place.reader().watermark() == 26


def test_a_change_that_is_rolled_back_never_reaches_the_index(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make
) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        records.write(session, make(1, revision=1 // 0))
    assert drain(database, place, clock).rows == 0


def test_who_does_not_get_the_index_leaves_the_work(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make
) -> None:
    write(database, records, make(1))
    holder = place.writer()
    assert drain(database, place, clock).busy
    assert left(database) == 1
    holder.close()
    assert drain(database, place, clock).rows == 1


def test_a_change_that_arrives_while_the_holder_lets_go_is_not_stranded(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make
) -> None:
    write(database, records, make(1))

    class LateWork:
        """While the first writer closes, another process commits a change and finds the index busy."""

        def __init__(self) -> None:
            self.late = [make(2)]

        def reader(self) -> Any:
            return place.reader()

        def rebuilding(self) -> Any:
            return place.rebuilding()

        def writer(self) -> Any:
            engine = place.writer()
            close = engine.close

            def closing() -> None:
                if self.late:
                    write(database, records, self.late.pop())
                    assert drain(database, place, clock).busy
                close()

            engine.close = closing  # type: ignore[method-assign]
            return engine

    assert drain(database, LateWork(), clock).rows == 2
    assert left(database) == 0


REVISIONS = count(1)
"""Revisions only ever grow, from one generated history to the next too: they share a database."""


class Died(Exception):
    """Stands for the death of the process."""


def test_a_crash_between_the_two_commits_is_replayed_and_changes_nothing(
    database: Database,
    records: Records,
    place: SearchPlace,
    clock: Clock,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(database, records, make(1), make(1, revision=2, title="Second"), make(2))
    with database.write() as session:
        records.remove(session, make(2).id, 2)

    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(indexer, "mark_indexed", die)
        with pytest.raises(Died):
            drain(database, place, clock, batch=4)
    assert indexed(place) == {make(1).id: 2}
    assert left(database) == 4
    assert not reconcile(database, place, [records]).compared  # it is in step: the rows still wait
    assert drain(database, place, clock, batch=1).rows == 4
    assert indexed(place) == {make(1).id: 2}
    with database.read() as session:
        assert drift(session, place.reader(), [records]) == []


def test_an_index_that_lost_a_commit_is_reconciled_at_the_start(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make
) -> None:
    write(database, records, make(1), make(2), make(3))
    drain(database, place, clock)
    writer = place.writer()
    writer.mend([Upsert(make(2, revision=7)), Upsert(make(9))], 1)  # as if restored from a copy
    writer.close()
    with database.read() as session:
        assert drift(session, place.reader(), [records]) == [
            Drift(make(2).id, DriftKind.AHEAD, 7, 1),
            Drift(make(9).id, DriftKind.SURPLUS, 1, None),
        ]
    done = reconcile(database, place, [records])
    assert (done.compared, done.mended) == (True, 2)
    assert indexed(place) == {make(number).id: 1 for number in (1, 2, 3)}
    assert not reconcile(database, place, [records]).compared


def test_an_index_ahead_of_a_restored_database_is_reconciled(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make
) -> None:
    write(database, records, make(1))
    drain(database, place, clock)
    writer = place.writer()
    writer.apply([Upsert(make(1, revision=4)), Upsert(make(2))], 40)  # the database never wrote row 40
    writer.close()
    assert reconcile(database, place, [records]).mended == 2
    assert indexed(place) == {make(1).id: 1}
    assert place.reader().watermark() == 1


def test_drift_names_what_is_missing_and_stale_but_not_what_is_on_its_way(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make
) -> None:
    write(database, records, make(1), make(2))
    drain(database, place, clock)
    with database.write() as session:
        records.write_untold(session, make(2, revision=3))
        records.write_untold(session, make(4))
    write(database, records, make(5), make(1, revision=2))
    with database.read() as session:
        assert drift(session, place.reader(), [records]) == [
            Drift(make(2).id, DriftKind.STALE, 1, 3),
            Drift(make(4).id, DriftKind.MISSING, None, 1),
        ]
    assert reconcile(database, place, [records], asked=True).mended == 4
    with database.read() as session:
        assert drift(session, place.reader(), [records]) == []


def test_reindexing_tells_how_far_it_is_and_keeps_what_waits(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make
) -> None:
    write(database, records, *(make(number) for number in range(5)))
    drain(database, place, clock)
    write(database, records, make(7))
    progress = list(reindex(database, place, [records]))
    assert (progress[0].done, progress[0].total, progress[0].finished) == (0, 6, False)
    assert (progress[-1].done, progress[-1].finished) == (6, True)
    assert left(database) == 1
    assert drain(database, place, clock).rows == 1
    assert len(indexed(place)) == 6
    assert not reconcile(database, place, [records]).compared


def test_a_reindex_given_up_half_way_leaves_the_live_index(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make
) -> None:
    write(database, records, make(1))
    drain(database, place, clock)
    with database.write() as session:
        records.write_untold(session, make(2))
    running = reindex(database, place, [records])
    next(running)
    with pytest.raises(IndexBusy):
        place.writer()
    running.close()
    assert indexed(place) == {make(1).id: 1}
    drain(database, place, clock)


def cut_short(database: Database, place: SearchPlace, records: Records, done: int) -> None:
    """A reindex that is given up once so many documents are done."""
    running = reindex(database, place, [records], fresh=True)
    while next(running).done < done:
        pass
    running.close()


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer, "KEEP_EVERY", 4)
    monkeypatch.setattr(indexer, "REBUILD_BATCH", 2)


@pytest.mark.usefixtures("small_steps")
def test_a_reindex_that_was_cut_short_goes_on_and_misses_no_change_made_meanwhile(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make
) -> None:
    write(database, records, *(make(number) for number in range(10)))
    drain(database, place, clock)
    cut_short(database, place, records, 8)
    assert len(indexed(place)) == 10  # nobody sees anything of it
    write(database, records, make(1, revision=2, title="Changed"), make(20))
    with database.write() as session:
        records.remove(session, make(2).id, 2)
    drain(database, place, clock)  # the live index has them; the unfinished one hears of them no more
    stages = list(reindex(database, place, [records]))
    assert (stages[0].done, stages[0].total, stages[0].kept) == (6, 10, 6)
    assert (stages[-1].done, stages[-1].finished) == (10, True)
    assert indexed(place) == dict.fromkeys((make(number).id for number in (0, *range(3, 10), 20)), 1) | {make(1).id: 2}
    with database.read() as session:
        assert drift(session, place.reader(), [records]) == []
    assert next(reindex(database, place, [records])).kept == 0  # a finished one is gone on with no more


@pytest.mark.usefixtures("small_steps")
def test_a_reindex_begins_anew_where_it_is_told_to_or_what_documents_are_made_of_has_changed(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make
) -> None:
    write(database, records, *(make(number) for number in range(10)))
    drain(database, place, clock)
    cut_short(database, place, records, 8)
    first, *_ = reindex(database, place, [records], fresh=True)
    assert first.kept == 0
    cut_short(database, place, records, 8)
    records.called = "another name"
    first, *_ = reindex(database, place, [records])
    assert first.kept == 0
    assert len(indexed(place)) == 10


@pytest.mark.parametrize("place", FOLDERS, indirect=True)
def test_a_waiting_change_survives_an_unusable_index(
    database: Database, records: Records, place: SearchPlace, clock: Clock, make: Make, tmp_path: Any
) -> None:
    write(database, records, make(1))
    (tmp_path / "search").mkdir()
    (tmp_path / "search" / "current").write_text("index-9\n")
    with pytest.raises(SearchUnavailable):
        drain(database, place, clock)
    assert left(database) == 1
    list(reindex(database, place, [records]))
    assert drain(database, place, clock).rows == 1


def test_a_row_that_commits_after_a_later_one_is_still_taken(
    database: Database, place: SearchPlace, clock: Clock, make: Make
) -> None:
    with database.write() as session:
        for number in (1, 2):
            enqueue(session, make(number).id, 1, make(number).to_json(), clock())
    with database.write() as session:
        first = waiting(session, 1)[0]
        held = first.document
        session.delete(first)
    drain(database, place, clock)
    with database.write() as session:  # the slow transaction commits its lower number only now
        from_earlier = type(first)(number=1, document_id=make(1).id, revision=1, document=held, written_at=clock())
        session.add(from_earlier)
    drain(database, place, clock)
    assert indexed(place) == {make(1).id: 1, make(2).id: 1}
    assert place.reader().watermark() == 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("write"), st.integers(0, 3)),
            st.tuples(st.just("remove"), st.integers(0, 3)),
            st.tuples(st.sampled_from(["drain", "crash", "reindex", "lose"]), st.just(0)),
        ),
        max_size=12,
    )
)
def test_any_history_of_changes_and_crashes_ends_without_drift(
    database: Database,
    records: Records,
    place: SearchPlace,
    clock: Clock,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[tuple[str, int]],
) -> None:
    for step, number in steps:
        revision = next(REVISIONS)
        if step == "write":
            write(database, records, make(number, revision=revision))
        elif step == "remove":
            with database.write() as session:
                records.remove(session, make(number).id, revision)
        elif step == "drain":
            drain(database, place, clock, batch=2)
        elif step == "reindex":
            list(reindex(database, place, [records]))
        elif step == "lose":
            writer = place.writer()
            writer.mend([Upsert(make(8, revision=99))], 0)
            writer.close()
            reconcile(database, place, [records])
        else:
            _crash(database, place, clock, monkeypatch)
    drain(database, place, clock)
    reconcile(database, place, [records], asked=step_lost(steps))
    with database.read() as session:
        assert drift(session, place.reader(), [records]) == []
        assert indexed(place) == dict(records.revisions(session))


def step_lost(steps: list[tuple[str, int]]) -> bool:
    """Whether the index was spoilt: a watermark of 0 beside an empty database looks like a fresh start."""
    return any(step == "lose" for step, _ in steps)


def _crash(database: Database, place: SearchPlace, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(indexer, "mark_indexed", die)
        try:
            drain(database, place, clock)
        except Died:
            return
