from catalogue.datasets.read import find_dataset
from catalogue.datasets.references import ReferenceDetails, replace_references
from schemas.database.engine import Database
from tests.catalogue.datasets.documents import dataset, recorded
from tests.fakes import CountingIds, FakeClock


def shown(database: Database, name: str) -> list[tuple[str, str, str, str | None]]:
    with database.read() as session:
        held = find_dataset(session, name).references
        return [(reference.relation, reference.address, reference.title, reference.state) for reference in held]


def test_what_refers_to_a_dataset_is_replaced_as_a_whole(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    one = recorded(database, clock, ids, dataset(), "1").resource
    two = recorded(database, clock, ids, dataset(), "2").resource

    def told(address: str, *references: ReferenceDetails) -> None:
        with database.write() as session:
            replace_references(session, address, references, ids)

    told(
        "/a/1",
        ReferenceDetails(one.slug, "shared-under", "First", "active"),
        ReferenceDetails(two.slug, "shared-under", "First", None),
    )
    told("/a/2", ReferenceDetails(one.slug, "shared-under", "Second", "ended"))
    assert shown(database, "1") == [
        ("shared-under", "/a/1", "First", "active"),
        ("shared-under", "/a/2", "Second", "ended"),
    ]
    told("/a/1", ReferenceDetails(one.slug, "shared-under", "First, renamed", "ended"))
    assert shown(database, "1")[0] == ("shared-under", "/a/1", "First, renamed", "ended")
    assert shown(database, "2") == []
    told("/a/2")
    assert [address for _, address, _, _ in shown(database, "1")] == ["/a/1"]


def test_a_change_of_the_dataset_leaves_its_references_alone(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    held = recorded(sqlite_database, clock, ids, dataset(), "1").resource
    with sqlite_database.write() as session:
        replace_references(session, "/a/1", [ReferenceDetails(held.slug, "shared-under", "First", None)], ids)
    recorded(sqlite_database, clock, ids, dataset(title="Changed"), "1")
    assert [title for _, _, title, _ in shown(sqlite_database, "1")] == ["First"]


def test_a_dataset_catalogued_later_finds_what_was_said_of_it_before(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    slug = recorded(sqlite_database, clock, ids, dataset(), "1").resource.slug
    later = slug + "-2"  # the slug that the next record of the same title gets
    with sqlite_database.write() as session:
        replace_references(session, "/a/1", [ReferenceDetails(later, "shared-under", "First", None)], ids)
    assert recorded(sqlite_database, clock, ids, dataset(), "2").resource.slug == later
    assert [title for _, _, title, _ in shown(sqlite_database, "2")] == ["First"]
