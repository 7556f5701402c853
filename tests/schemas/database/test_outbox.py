"""The outbox: what the index has to hear, in the transaction of the change."""

from sqlalchemy.orm import Session

from schemas.database.engine import Database
from schemas.database.outbox import enqueue, indexed_up_to, mark_indexed, waiting, waiting_count
from tests.fakes import FakeClock


def write(session: Session, clock: FakeClock, *ids: str) -> None:
    for revision, document_id in enumerate(ids, start=1):
        enqueue(session, document_id, revision, {"id": document_id}, clock())


def test_changes_wait_in_the_order_they_were_written(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        write(session, clock, "b", "a", "c")
    with database.read() as session:
        assert [row.document_id for row in waiting(session, 10)] == ["b", "a", "c"]
        assert [row.document_id for row in waiting(session, 2)] == ["b", "a"]
        assert waiting_count(session) == 3
        assert indexed_up_to(session) == 0
        assert waiting(session, 1)[0].written_at == clock()


def test_a_change_that_is_undone_is_not_heard_of(database: Database, clock: FakeClock) -> None:
    with database.writing() as session:
        write(session, clock, "a")
        session.flush()
        assert waiting_count(session) == 1
        session.rollback()
    with database.read() as session:
        assert waiting_count(session) == 0


def test_a_document_that_is_gone_says_so(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        enqueue(session, "a", 2, None, clock())
    with database.read() as session:
        assert waiting(session, 1)[0].document is None


def test_only_what_was_indexed_is_deleted(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        write(session, clock, "a", "b", "c", "d")
    with database.write() as session:
        numbers = [row.number for row in waiting(session, 10)]
        mark_indexed(session, [numbers[0], numbers[2]])
    with database.write() as session:
        assert [row.document_id for row in waiting(session, 10)] == ["b", "d"]
        assert indexed_up_to(session) == numbers[2]
        mark_indexed(session, [numbers[1]])
        assert indexed_up_to(session) == numbers[2]
        mark_indexed(session, [])
        mark_indexed(session, [numbers[3]])
    with database.read() as session:
        assert waiting_count(session) == 0
        assert indexed_up_to(session) == numbers[3]


def test_a_number_is_never_given_twice(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        write(session, clock, "a", "b")
    with database.write() as session:
        first = [row.number for row in waiting(session, 10)]
        mark_indexed(session, first)
    with database.write() as session:
        write(session, clock, "c")
    with database.read() as session:
        assert waiting(session, 1)[0].number > max(first)
