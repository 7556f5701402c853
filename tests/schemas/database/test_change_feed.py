"""The list of changes, as a database that was filled before it knew one gets it."""

from contextlib import closing

from sqlalchemy import text

from schemas.database.change_feed import change_in_front_of, changes_before, changes_behind, last_change
from schemas.database.engine import open_database
from schemas.database.upgrade import upgrade
from tests.fakes import FIRST_MOMENT

RESOURCE = (
    "INSERT INTO catalogued_resource (id, slug, kind, source, identifier, title, state, revision, document, "
    "content_sha256, first_seen_at, metadata_modified_at) "
    "VALUES ('r', 'rivers', 'dataset', 's', 'r', 'Rivers', 'active', 2, '{}', 'x', '2026-03-02', '2026-03-02')"
)
REVISION = (
    "INSERT INTO resource_revision (resource_id, revision, change, document, content_sha256, recorded_at) "
    "VALUES ('r', :step, 'changed', '{}', 'x', :at)"
)
EVENT = (
    "INSERT INTO agreement_event (number, agreement_id, event, recorded_at, registered_on) "
    "VALUES (:step, 'dg-1', 'confirmed', :at, :at)"
)


def test_what_happened_before_is_numbered_by_its_moments(empty_database_url: str) -> None:
    with closing(open_database(empty_database_url)) as database:
        upgrade(database, "0010")
        with database.write() as session:
            session.execute(text(RESOURCE))
            for sentence, step, at in (
                (EVENT, 1, "2026-03-01 09:00:00.000000"),
                (REVISION, 2, "2026-03-03 09:00:00.000000"),
                (REVISION, 1, "2026-03-02 09:00:00.000000"),
                (EVENT, 2, "2026-03-02 09:00:00.000000"),
            ):
                session.execute(text(sentence), {"step": step, "at": at})
        upgrade(database)
        with database.write() as session:
            session.execute(text(EVENT), {"step": 3, "at": "2026-03-01 08:00:00.000000"})  # a clock that went back
        with database.read() as session:
            rows = changes_behind(session, 0, 10)
            told = [(row.kind, row.step) for row in rows]
            assert told == [("agreement", 1), ("agreement", 2), ("dataset", 1), ("dataset", 2), ("agreement", 3)]
            numbers = [row.number for row in rows]
            assert numbers == sorted(set(numbers))
            assert last_change(session) == numbers[-1]
            assert [row.number for row in changes_before(session, numbers[3], 2)] == [numbers[2], numbers[1]]
            assert [row.step for row in changes_behind(session, numbers[0], 1, "dataset")] == [1]
            assert change_in_front_of(session, FIRST_MOMENT) == numbers[0]
