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
        ReferenceDetails(one.id, "shared-under", "First", "active"),
        ReferenceDetails(two.id, "shared-under", "First", None),
    )
    told("/a/2", ReferenceDetails(one.id, "shared-under", "Second", "ended"))
    assert shown(database, "1") == [
        ("shared-under", "/a/1", "First", "active"),
        ("shared-under", "/a/2", "Second", "ended"),
    ]
    told("/a/1", ReferenceDetails(one.id, "shared-under", "First, renamed", "ended"))
    assert shown(database, "1")[0] == ("shared-under", "/a/1", "First, renamed", "ended")
    assert shown(database, "2") == []
    told("/a/2")
    assert [address for _, address, _, _ in shown(database, "1")] == ["/a/1"]


def test_a_change_of_the_dataset_leaves_its_references_alone(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    held = recorded(sqlite_database, clock, ids, dataset(), "1").resource
    with sqlite_database.write() as session:
        replace_references(session, "/a/1", [ReferenceDetails(held.id, "shared-under", "First", None)], ids)
    recorded(sqlite_database, clock, ids, dataset(title="Changed"), "1")
    assert [title for _, _, title, _ in shown(sqlite_database, "1")] == ["First"]
