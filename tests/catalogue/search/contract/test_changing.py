"""How every engine takes changes: one commit, no older revision over a newer one, nothing of it seen by readers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.search.document import SearchDocument
from catalogue.search.engine import (
    IndexBusy,
    Removal,
    SearchEngine,
    SearchPlace,
    SearchRequest,
    SearchUnavailable,
    Upsert,
)
from catalogue.search.service import Found

Ask = Callable[..., Found]
Make = Callable[..., SearchDocument]


def titles(ask: Ask) -> list[str]:
    return sorted(hit.title for hit in ask("", limit=100).answer.hits)


def test_a_reader_sees_each_commit(writer: SearchEngine, ask: Ask, make: Make) -> None:
    writer.apply([Upsert(make(1, title="First"))], 1)
    assert titles(ask) == ["First"]
    writer.apply([Upsert(make(1, revision=2, title="Second")), Upsert(make(2, title="Other"))], 3)
    assert titles(ask) == ["Other", "Second"]
    writer.apply([Removal(make(2).id, 2)], 4)
    assert titles(ask) == ["Second"]


def test_the_watermark_is_kept_grows_and_is_never_found(
    place: SearchPlace, writer: SearchEngine, ask: Ask, make: Make
) -> None:
    assert writer.watermark() == 0
    writer.apply([Upsert(make(1))], 7)
    writer.apply([], 5)
    assert writer.watermark() == place.reader().watermark() == 7
    for query in ("", "watermark", "-x", "7", "id:watermark", "id:*"):
        assert [hit.id for hit in ask(query).answer.hits] in ([make(1).id], [])
    answer = ask("", facets=["kind"]).answer
    assert (answer.total, answer.facets["kind"][0].count) == (1, 1)
    assert list(writer.revisions()) == [(make(1).id, 1)]


def test_an_older_revision_never_replaces_a_newer_one(writer: SearchEngine, ask: Ask, make: Make) -> None:
    new, old = make(1, revision=3, title="New"), make(1, revision=2, title="Old")
    writer.apply([Upsert(new), Upsert(old)], 2)
    assert titles(ask) == ["New"]
    writer.apply([Upsert(old)], 3)
    assert titles(ask) == ["New"]
    writer.apply([Removal(new.id, 2)], 4)
    assert titles(ask) == ["New"]


def test_a_removed_record_does_not_come_back_by_an_older_change(writer: SearchEngine, ask: Ask, make: Make) -> None:
    writer.apply([Upsert(make(1, revision=1))], 1)
    writer.apply([Removal(make(1).id, 2)], 2)
    writer.apply([Upsert(make(1, revision=1))], 3)
    assert titles(ask) == []
    assert list(writer.revisions()) == []
    writer.apply([Upsert(make(1, revision=3, title="Back again"))], 4)
    assert titles(ask) == ["Back again"]


def test_mending_is_the_truth_whatever_was_heard(writer: SearchEngine, ask: Ask, make: Make) -> None:
    writer.apply([Upsert(make(1, revision=9, title="From the future")), Removal(make(2).id, 9)], 50)
    writer.mend([Upsert(make(1, revision=5, title="Now"))], 10)
    assert (titles(ask), writer.watermark()) == (["Now"], 10)
    writer.apply([Upsert(make(2, revision=1, title="New life"))], 11)
    assert titles(ask) == ["New life", "Now"]


def test_what_was_committed_is_there_when_opened_again(place: SearchPlace, make: Make) -> None:
    first = place.writer()
    first.apply([Upsert(make(1))], 1)
    first.close()
    second = place.writer()
    second.apply([Upsert(make(2))], 2)
    assert sorted(revision for _, revision in second.revisions()) == [1, 1]
    assert second.watermark() == 2
    second.close()


def test_one_writer_at_a_time(place: SearchPlace) -> None:
    first = place.writer()
    with pytest.raises(IndexBusy):
        place.writer()
    with pytest.raises(IndexBusy), place.rebuilding():
        pass
    first.close()
    place.writer().close()


def test_a_reader_never_writes(writer: SearchEngine, reader: SearchEngine, make: Make) -> None:
    with pytest.raises(SearchUnavailable):
        reader.apply([Upsert(make(1))], 1)


def test_a_rebuild_is_seen_only_once_it_is_swapped_in(place: SearchPlace, make: Make) -> None:
    writer = place.writer()
    writer.apply([Upsert(make(1))], 4)
    writer.close()
    reader = place.reader()
    with place.rebuilding() as rebuild:
        rebuild.add([make(2), make(3)])
        assert [identifier for identifier, _ in reader.revisions()] == [make(1).id]
        rebuild.add([make(3, revision=2)])
        rebuild.swap(9)
    assert sorted(reader.revisions()) == [(make(2).id, 1), (make(3).id, 2)]
    assert reader.watermark() == 9


def test_a_rebuild_that_is_given_up_leaves_no_trace(place: SearchPlace, make: Make) -> None:
    writer = place.writer()
    writer.apply([Upsert(make(1))], 4)
    writer.close()
    with place.rebuilding() as rebuild:
        rebuild.add([make(2)])
    assert list(place.reader().revisions()) == [(make(1).id, 1)]
    place.writer().close()


def test_a_reader_without_an_index_says_what_to_do(place: SearchPlace) -> None:
    with pytest.raises(SearchUnavailable, match="gazette catalogue reindex"):
        place.reader().watermark()


def test_a_reader_opened_before_the_index_finds_it_later(place: SearchPlace, make: Make) -> None:
    reader = place.reader()
    writer = place.writer()
    writer.apply([Upsert(make(1))], 1)
    writer.close()
    assert reader.watermark() == 1


def test_threads_read_on_through_commits_and_swaps(place: SearchPlace, make: Make) -> None:
    writer = place.writer()
    writer.apply([Upsert(make(number)) for number in range(30)], 1)
    writer.close()
    reader = place.reader()
    done = Event()

    def read() -> set[int]:
        totals = {reader.search(SearchRequest()).total}
        while not done.is_set():
            totals.add(reader.search(SearchRequest()).total)
        return totals

    with ThreadPoolExecutor(4) as pool:
        reading = [pool.submit(read) for _ in range(4)]
        try:
            for revision in range(2, 10):
                if revision % 3:
                    writer = place.writer()
                    writer.apply([Upsert(make(number, revision=revision)) for number in range(30)], revision)
                    writer.close()
                else:
                    with place.rebuilding() as rebuild:
                        rebuild.add([make(number, revision=revision) for number in range(30)])
                        rebuild.swap(revision)
        finally:
            done.set()
        assert [thread.result() for thread in reading] == [{30}] * 4
    assert {revision for _, revision in reader.revisions()} == {9}


changes = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5), st.booleans()), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(changes, min_size=1, max_size=5))
def test_any_history_ends_at_the_highest_revisions(
    writer: SearchEngine, make: Make, batches: list[list[tuple[int, int, bool]]]
) -> None:
    writer.mend([Removal(identifier, revision) for identifier, revision in writer.revisions()], 0)
    expected: dict[str, tuple[int, bool]] = {}
    for batch in batches:
        said: list[Upsert | Removal] = []
        for number, revision, gone in batch:
            document = make(number, revision=revision)
            said.append(Removal(document.id, revision) if gone else Upsert(document))
            if revision >= expected.get(document.id, (0, gone))[0]:
                expected[document.id] = (revision, gone)
        writer.apply(said, 1)
    kept = {identifier: revision for identifier, (revision, gone) in expected.items() if not gone}
    assert dict(writer.revisions()) == kept
