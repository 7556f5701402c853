"""Adding, revising, withdrawing and restoring single datasets by hand."""

from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from typing import Any

import pytest

from catalogue.datasets.keeping import add_dataset, revise_dataset, withdraw_by_hand
from catalogue.datasets.read import find_dataset, revisions
from catalogue.organisations.record import find_organisation, publisher_named
from schemas.actor import LOCAL_REGISTRAR, Actor, Role
from schemas.database.engine import Database
from schemas.errors import Conflict, GazetteError, InvalidInput, Refused
from schemas.outcomes import Action
from schemas.reading import Read
from tests.catalogue.datasets.documents import dataset, recorded
from tests.fakes import CountingIds, FakeClock


class Desk:
    """Does one thing after the other, each in a transaction of its own."""

    def __init__(self, database: Database, clock: FakeClock, ids: CountingIds) -> None:
        self.database, self.clock, self.ids = database, clock, ids

    def add(self, actor: Actor = LOCAL_REGISTRAR, *, restore: bool = False, **members: object) -> Action:
        read = Read("the record", "b-1", dataset(identifier="b-1", **members))
        with self.database.write() as session:
            return add_dataset(session, actor, read, self.clock, self.ids, restore=restore).action

    def revise(self, actor: Actor = LOCAL_REGISTRAR, at: int | None = None, **members: object) -> Action:
        document = {"identifier": "b-1", **dataset(**members)}
        read = Read("the record", "", {name: value for name, value in document.items() if value is not None})
        with self.database.write() as session:
            resource = find_dataset(session, "b-1")
            outcome = revise_dataset(session, actor, resource, read, self.clock, self.ids, from_revision=at)
            return outcome.action

    def withdraw(self, reason: str = "Superseded.", actor: Actor = LOCAL_REGISTRAR) -> None:
        with self.database.write() as session:
            withdraw_by_hand(session, actor, find_dataset(session, "b-1"), reason, self.clock)

    def life(self) -> list[tuple[str, Any]]:
        """What happened to the dataset, the oldest first, and the title it had then."""
        with self.database.read() as session:
            told = revisions(session, find_dataset(session, "b-1"))
            return [(revision.change, revision.document["title"]) for revision in reversed(told)]

    def approver(self, body: str) -> Actor:
        with self.database.read() as session:
            return Actor("official", find_organisation(session, body).id, frozenset({Role.APPROVER}))


@pytest.fixture
def desk(database: Database, clock: FakeClock, ids: CountingIds) -> Desk:
    return Desk(database, clock, ids)


def refused(kind: type[GazetteError], does: Callable[[], object]) -> str:
    """What is told of something that is refused so."""
    with pytest.raises(kind) as told:
        does()
    return str(told.value)


def test_a_dataset_is_added_revised_withdrawn_and_restored_at_one_address(desk: Desk) -> None:
    assert desk.add() is Action.ADDED
    assert desk.revise(title="Inspections of bridges") is Action.CHANGED
    assert desk.revise(title="Inspections of bridges") is Action.UNCHANGED
    assert "revise bridge-inspections FILE" in refused(Refused, desk.add)
    assert "already" in refused(Refused, partial(desk.add, restore=True))
    desk.withdraw("Superseded  by\na yearly one.")
    assert "withdrawn: Superseded by a yearly one." in refused(Conflict, partial(desk.revise, title="Once more"))
    assert "already: Superseded by a yearly one." in refused(Conflict, partial(desk.withdraw, "Another reason."))
    assert "--restore" in refused(Refused, desk.add)
    assert desk.add(restore=True, title="Back") is Action.RESTORED
    before = ("added", "Bridge inspections"), ("changed", "Inspections of bridges")
    assert desk.life() == [*before, ("withdrawn", "Inspections of bridges"), ("restored", "Back")]
    with desk.database.read() as session:
        assert find_dataset(session, "b-1").slug == "bridge-inspections"


def test_what_was_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    desk.add()
    assert desk.revise(at=1, title="By one") is Action.CHANGED
    assert "revision 1; the dataset is at revision 2" in refused(
        Conflict, partial(desk.revise, at=1, title="By another")
    )
    assert desk.revise(at=1, title="By one") is Action.UNCHANGED
    assert desk.life()[-1] == ("changed", "By one")


def test_a_dataset_of_another_source_keeps_its_key(desk: Desk) -> None:
    recorded(desk.database, desk.clock, desk.ids, dataset(publisher={"name": "Office"}))
    assert desk.revise(identifier="b-1", title="Named") is Action.CHANGED  # it stated none: its key may be stated
    for wrong in ("b-2", None):
        assert "right file" in refused(InvalidInput, partial(desk.revise, identifier=wrong, title="Wrong"))
    with desk.database.read() as session:
        held = find_dataset(session, "b-1")
        assert (held.source, held.title) == ("bridges.example", "Named")


def test_the_publisher_stays_the_body_that_it_was(desk: Desk) -> None:
    with desk.database.write() as session:
        publisher_named(session, "Office", (), None, desk.clock, desk.ids)
    desk.add(publisher={"name": "Office"})
    with desk.database.write() as session:  # from now on the name alone says no longer who is meant
        publisher_named(session, "Other", (), None, desk.clock, desk.ids)[1].names[0].folded = "office"
    assert desk.revise(publisher={"name": "Office"}) is Action.UNCHANGED
    desk.withdraw()
    assert desk.add(restore=True, publisher={"name": "Office"}) is Action.RESTORED
    with desk.database.read() as session:
        publisher = find_dataset(session, "b-1").publisher
        assert publisher is not None
        assert publisher.slug == "office"


def test_an_approver_keeps_what_its_organisation_publishes_and_nothing_else(desk: Desk) -> None:
    desk.add(publisher={"name": "Office"})
    with desk.database.write() as session:
        publisher_named(session, "Mill", (), None, desk.clock, desk.ids)
    office, mill = desk.approver("office"), desk.approver("mill")
    editor = Actor("writer", office.organisation, frozenset({Role.EDITOR, Role.ADMINISTRATOR}))
    for actor in (mill, editor):
        assert "registrar" in refused(Refused, partial(desk.withdraw, actor=actor))
        assert "registrar" in refused(Refused, partial(desk.revise, actor, title="Mine"))
    refused(Refused, partial(desk.revise, office, publisher={"name": "Mill"}))
    assert desk.revise(office, title="Ours", publisher={"name": "Office"}) is Action.CHANGED
    desk.withdraw(actor=office)
    refused(Refused, partial(desk.add, mill, restore=True))
    assert desk.life() == [("added", "Bridge inspections"), ("changed", "Ours"), ("withdrawn", "Ours")]


def test_what_cannot_be_changed_later_names_no_person(desk: Desk) -> None:
    desk.add()
    told = refused(InvalidInput, partial(desk.withdraw, "Ask (some.body@rivers.example)."))
    assert "some.body@rivers.example" in told
    assert "without a reason" in refused(Refused, partial(desk.withdraw, " \n"))
    assert "must not name a person" in refused(InvalidInput, partial(desk.revise, contactPoint="Some Body"))
    desk.withdraw("Ask foi@rivers.example.")


def test_of_two_who_withdraw_at_once_the_second_is_told(desk: Desk, engine_name: str) -> None:
    desk.add()
    begun, told = Event(), list[str]()

    def second() -> None:
        with desk.database.write() as session:  # SQLite lets nobody in before the first is done, PostgreSQL does
            resource = find_dataset(session, "b-1")
            begun.set()
            told.append(
                refused(Conflict, partial(withdraw_by_hand, session, LOCAL_REGISTRAR, resource, "2.", desk.clock))
            )

    with desk.database.write() as session:
        withdraw_by_hand(session, LOCAL_REGISTRAR, find_dataset(session, "b-1"), "The first.", desk.clock)
        thread = Thread(target=second)
        thread.start()
        assert engine_name == "sqlite" or begun.wait(30)
    thread.join()
    assert len(told) == 1
    assert "already: The first." in told[0]
