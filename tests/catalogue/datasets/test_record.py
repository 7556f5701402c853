import pytest
from sqlalchemy import select

from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.read import find_dataset, revisions
from catalogue.datasets.record import check_dataset, resource_keyed, withdraw_dataset
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from schemas.database.outbox import OutboxRow
from schemas.errors import InvalidInput, NotFound, Refused
from schemas.outcomes import Action
from tests.catalogue.datasets.documents import dataset, recorded
from tests.fakes import CountingIds, FakeClock


def outbox(database: Database) -> list[tuple[str, int, bool]]:
    with database.read() as session:
        rows = session.scalars(select(OutboxRow).order_by(OutboxRow.number))
        return [(row.document_id, row.revision, row.document is None) for row in rows]


def withdrawn(database: Database, clock: FakeClock, reason: str = "Superseded.") -> None:
    with database.write() as session:
        withdraw_dataset(session, LOCAL_REGISTRAR, find_dataset(session, "b-1"), reason, clock)


def test_a_new_dataset_is_added_with_its_first_revision(database: Database, clock: FakeClock, ids: CountingIds) -> None:
    document = dataset(
        accessRights="closed",
        issued="2020",
        modified="2024-05-01",
        distribution=[
            {"title": "Findings", "downloadURL": "https://b.example/a.csv", "format": "CSV", "byteSize": 5_000_000_000},
            {"accessURL": "https://b.example/", "licence": "https://creativecommons.org/licenses/by/4.0/"},
        ],
    )
    found = recorded(database, clock, ids, document)
    assert found.action is Action.ADDED
    with database.read() as session:
        held = find_dataset(session, "bridge-inspections")
        assert (held.state, held.revision, held.access_rights) == ("active", 1, "closed")
        assert (held.issued, held.modified, held.address) == ("2020", "2024-05-01", "/datasets/bridge-inspections")
        assert (held.first_seen_at, held.metadata_modified_at) == (clock(), clock())
        assert [form.byte_size for form in held.distributions] == [5_000_000_000, None]
        assert [form.licence for form in held.distributions] == [None, "cc-by-4"]
        (revision,) = revisions(session, held)
        assert (revision.change, revision.document, revision.reason) == ("added", document, None)
    assert outbox(database) == [(f"dataset:{held.id}", 1, False)]


def test_the_same_content_is_no_change_however_it_is_written(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    recorded(database, clock, ids, dataset(issued="2020", keyword=["x"]))
    clock.advance(days=1)
    turned = dict(reversed(dataset(issued="2020", keyword=["x"]).items()))
    found = recorded(database, clock, ids, turned)
    assert found.action is Action.UNCHANGED
    assert found.resource.metadata_modified_at < clock()
    assert len(outbox(database)) == 1


def test_a_change_makes_a_revision_and_keeps_the_address(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    recorded(database, clock, ids, dataset(distribution=[{"title": "a"}, {"title": "b"}]))
    later = clock.advance(days=1)
    found = recorded(database, clock, ids, dataset(title="Inspections of bridges", distribution=[{"title": "c"}]))
    assert found.action is Action.CHANGED
    with database.read() as session:
        held = find_dataset(session, "bridge-inspections")
        assert (held.title, held.revision, held.metadata_modified_at) == ("Inspections of bridges", 2, later)
        assert held.first_seen_at < later
        assert [form.title for form in held.distributions] == ["c"]
        assert [revision.document["title"] for revision in revisions(session, held)] == [
            "Inspections of bridges",
            "Bridge inspections",
        ]


def test_a_withdrawn_dataset_keeps_its_last_record_and_leaves_the_index(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    recorded(database, clock, ids, dataset())
    withdrawn(database, clock)
    with database.read() as session:
        held = find_dataset(session, "b-1")
        assert (held.state, held.withdrawn_reason, held.document) == ("withdrawn", "Superseded.", dataset())
        assert revisions(session, held)[0].reason == "Superseded."
    assert [gone for _, _, gone in outbox(database)] == [False, True]


def test_a_withdrawn_dataset_that_comes_back_is_restored_at_its_address(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    recorded(database, clock, ids, dataset())
    withdrawn(database, clock)
    found = recorded(database, clock, ids, dataset())
    assert found.action is Action.RESTORED
    assert (found.resource.state, found.resource.withdrawn_reason, found.resource.revision) == ("active", None, 3)
    assert [gone for _, _, gone in outbox(database)] == [False, True, False]


def test_withdrawing_needs_a_reason_and_happens_once(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    recorded(sqlite_database, clock, ids, dataset())
    with pytest.raises(Refused, match="without a reason"):
        withdrawn(sqlite_database, clock, "  ")
    withdrawn(sqlite_database, clock)
    with pytest.raises(Refused, match="withdrawn already"):
        withdrawn(sqlite_database, clock)


def test_what_breaks_the_schema_is_refused_with_every_problem(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    broken = dataset(issued="31/02/2019", accessRights="secret")
    assert len(check_dataset(broken)) == 2
    with pytest.raises(InvalidInput, match="31/02/2019") as refused:
        recorded(sqlite_database, clock, ids, broken)
    assert "secret" in refused.value.message
    with sqlite_database.read() as session:
        assert resource_keyed(session, "bridges.example", "b-1") is None
    assert outbox(sqlite_database) == []


def test_a_publisher_that_is_not_there_is_told_and_nothing_written(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    with pytest.raises(NotFound, match="nobody"):
        recorded(sqlite_database, clock, ids, dataset(publisher={"name": "x", "organisation": "nobody"}))
    with sqlite_database.read() as session:
        assert session.scalars(select(CataloguedResource)).all() == []


def test_one_title_gives_different_addresses(database: Database, clock: FakeClock, ids: CountingIds) -> None:
    slugs = [recorded(database, clock, ids, dataset(), f"b-{number}").resource.slug for number in range(3)]
    assert slugs == ["bridge-inspections", "bridge-inspections-2", "bridge-inspections-3"]
    assert recorded(database, clock, ids, dataset(), "b-9", slug="bridges").resource.slug == "bridges"
