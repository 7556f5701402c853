from collections.abc import Sequence

from sqlalchemy import select

from catalogue.contacts import Contact
from catalogue.datasets.importing import Feed, import_datasets
from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.read import find_dataset
from catalogue.organisations.models import Organisation
from schemas.actor import LOCAL_REGISTRAR
from schemas.cleaning import Cleaning
from schemas.database.engine import Database
from schemas.outcomes import Action, Outcome
from schemas.problems import Problem
from schemas.reading import Read
from tests.catalogue.datasets.documents import dataset
from tests.fakes import CountingIds, FakeClock


def read(number: int, identifier: str | None = None, **members: object) -> Read:
    document = dataset(title=f"Dataset {number}", **members)
    return Read(f"record {number}", f"b-{number}" if identifier is None else identifier, document)


def taken(database: Database, clock: FakeClock, ids: CountingIds, reads: Sequence[Read]) -> list[Outcome]:
    with database.write() as session:
        return list(import_datasets(session, LOCAL_REGISTRAR, Feed("b.example", reads), clock, ids))


def actions(outcomes: Sequence[Outcome]) -> list[Action]:
    return [outcome.action for outcome in outcomes]


def titles(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.scalars(select(CataloguedResource.title)))


def test_a_feed_is_taken_once(database: Database, clock: FakeClock, ids: CountingIds) -> None:
    reads = [read(1, publisher={"name": "Office", "partOf": ["Ministry", "State"]}), read(2)]
    assert actions(taken(database, clock, ids, reads)) == [Action.ADDED, Action.ADDED]
    assert actions(taken(database, clock, ids, reads)) == [Action.UNCHANGED, Action.UNCHANGED]


def test_publishers_are_found_or_added_with_the_bodies_above_them(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    publisher = {"name": "Office", "partOf": ["Ministry", "State"]}
    first, second = taken(database, clock, ids, [read(1, publisher=publisher), read(2, publisher={"name": "OFFICE"})])
    assert first.notes == ("The organisation “Office” is new and was added.",)
    assert second.notes == ()
    with database.read() as session:
        bodies = {
            body.name: body.parent.name if body.parent else None for body in session.scalars(select(Organisation))
        }
        assert bodies == {"Office": "Ministry", "Ministry": "State", "State": None}
        assert find_dataset(session, "b-2").publisher_id == find_dataset(session, "b-1").publisher_id


def test_contacts_stand_apart_and_the_same_one_is_kept_once(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    contact = {"name": "Jo Bloggs", "email": "jo@b.example"}
    reads = [Read(f"record {number}", f"b-{number}", dataset(title="x"), contact) for number in (1, 2)]
    taken(database, clock, ids, reads)
    assert actions(taken(database, clock, ids, reads)) == [Action.UNCHANGED, Action.UNCHANGED]
    with database.read() as session:
        (held,) = session.scalars(select(Contact))
        assert (held.name, held.email) == ("Jo Bloggs", "jo@b.example")
        document = find_dataset(session, "b-1").document
        assert document["contactPoint"] == held.id
        assert "Jo" not in str(document)


def test_bad_records_are_refused_with_every_reason_and_good_ones_kept(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    unread = Read("record 2", "b-2", None, problems=(Problem("", "This is text."),))
    untitled = Read(
        "record 3", "b-3", {"schemaVersion": "0.1.0", "kind": "dataset", "provenance": {"source": "imported"}}
    )
    dated = Read("record 4", "b-4", dataset(title="x"), problems=(Problem("/modified", "No date.", title="modified"),))
    outcomes = taken(database, clock, ids, [read(1), unread, untitled, dated, read(5, ""), read(6)])
    assert actions(outcomes) == [Action.ADDED, *[Action.REFUSED] * 4, Action.ADDED]
    assert [outcome.problems[0].message for outcome in outcomes[1:5]] == [
        "This is text.",
        "“title” is missing.",
        "No date.",
        "The record has no identifier.",
    ]
    assert titles(database) == {"Dataset 1", "Dataset 6"}


def test_two_different_records_with_one_identifier_are_both_refused(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    outcomes = taken(sqlite_database, clock, ids, [read(1, "same"), read(2), read(3, "same")])
    assert actions(outcomes) == [Action.REFUSED, Action.ADDED, Action.REFUSED]
    assert "record 3" in outcomes[0].problems[0].message
    assert "record 1" in outcomes[2].problems[0].message
    assert titles(sqlite_database) == {"Dataset 2"}


def test_an_identical_repeat_is_told_and_passed_over(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    first, again = read(1, "same"), read(1, "same")
    outcomes = taken(sqlite_database, clock, ids, [first, again])
    assert actions(outcomes) == [Action.ADDED, Action.REPEATED]
    assert outcomes[1].problems[0].severity == "warning"


def test_a_record_that_the_catalogue_refuses_leaves_nothing_half_written(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    bad = Read("record 1", "b-1", dataset(publisher={"name": "x", "organisation": "nobody"}), {"name": "Jo"})
    outcomes = taken(database, clock, ids, [bad, read(2)])
    assert actions(outcomes) == [Action.REFUSED, Action.ADDED]
    with database.read() as session:
        assert session.scalars(select(Contact)).all() == []
    assert titles(database) == {"Dataset 2"}


def test_warnings_and_cleanings_are_told_and_no_reason_to_refuse(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    warned = Read(
        "record 1",
        "b-1",
        dataset(),
        problems=(Problem("/x", "Odd.", severity="warning"),),
        cleanings=(Cleaning("/title", "tidied"),),
    )
    (outcome,) = taken(sqlite_database, clock, ids, [warned])
    assert (outcome.action, outcome.address) == (Action.ADDED, "/datasets/bridge-inspections")
    assert [problem.message for problem in outcome.problems] == ["Odd."]
    assert outcome.notes == ("Cleaned: /title: tidied",)
