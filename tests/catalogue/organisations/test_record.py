import pytest
from sqlalchemy import select

from catalogue.organisations.models import Organisation
from catalogue.organisations.record import (
    OrganisationDetails,
    find_organisation,
    fold_name,
    organisation_by_identifier,
    organisation_by_name,
    publisher_named,
    record_organisation,
)
from schemas.database.engine import Database
from schemas.errors import NotFound, Refused
from schemas.outcomes import Action
from tests.fakes import CountingIds, FakeClock


class Book:
    """Records organisations, each in a transaction of its own."""

    def __init__(self, database: Database, clock: FakeClock, ids: CountingIds) -> None:
        self.database, self.clock, self.ids = database, clock, ids

    def record(self, name: str, **details: object) -> tuple[Action, str]:
        with self.database.write() as session:
            action, body = record_organisation(session, OrganisationDetails(name, **details), self.clock, self.ids)  # type: ignore[arg-type]
            return action, body.slug


@pytest.fixture
def book(database: Database, clock: FakeClock, ids: CountingIds) -> Book:
    return Book(database, clock, ids)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HM Revenue & Customs", "HM Revenue and Customs"),
        ("Cyngor Sir Ynys Môn", "cyngor sir ynys mon"),
        ("Dept. of Works", "Dept of Works"),
    ],
)
def test_spellings_of_one_name_are_one(book: Book, one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)
    first, slug = book.record(one)
    assert (first, book.record(other)) == (Action.ADDED, (Action.UNCHANGED, slug))


def test_an_organisation_is_found_by_everything_it_has(book: Book) -> None:
    book.record("Office of Bridges", aliases=(("Swyddfa Pontydd", "cy"),), identifiers=(("list", "7"),))
    with book.database.read() as session:
        body = find_organisation(session, "office-of-bridges")
        for text in (body.id, "list:7", "OFFICE OF BRIDGES", "swyddfa pontydd"):
            assert find_organisation(session, text) is body
        with pytest.raises(NotFound, match="organisations list"):
            find_organisation(session, "list:8")


def test_what_a_source_does_not_state_is_left_as_it_was(book: Book) -> None:
    stated = {"kind": "agency", "website": "https://b.example/", "identifiers": (("list", "7"),)}
    book.record("Office", **stated)
    book.clock.advance(days=1)
    assert book.record("Office", identifiers=(("list", "7"),))[0] is Action.UNCHANGED
    assert book.record("Office", identifiers=(("list", "7"),), ended_on="2020")[0] is Action.CHANGED
    with book.database.read() as session:
        body = find_organisation(session, "office")
        assert (body.kind, body.website, body.ended_on) == ("agency", "https://b.example/", "2020")
        assert body.added_at < body.changed_at == book.clock()


def test_one_list_does_not_give_one_body_two_numbers(book: Book) -> None:
    assert book.record("Welsh Ministers", identifiers=(("list", "1"),)) == (Action.ADDED, "welsh-ministers")
    assert book.record("Welsh Ministers", identifiers=(("list", "2"),)) == (Action.ADDED, "welsh-ministers-2")
    assert book.record("Welsh Ministers", identifiers=(("list", "2"),)) == (Action.UNCHANGED, "welsh-ministers-2")
    with book.database.read() as session:
        assert organisation_by_name(session, "Welsh Ministers") is None


def test_another_list_gives_the_same_body_its_number(book: Book) -> None:
    book.record("Office", identifiers=(("one", "1"),), jurisdiction="GB")
    assert book.record("Office", identifiers=(("two", "2"),), jurisdiction="GB-WLS") == (Action.CHANGED, "office")
    with book.database.read() as session:
        found = organisation_by_identifier(session, "two", "2")
        assert found is not None
        assert {number.value for number in found.identifiers} == {"1", "2"}


def test_bodies_of_two_countries_are_two(book: Book) -> None:
    book.record("Ministry of Works", jurisdiction="GB")
    assert book.record("Ministry of Works", jurisdiction="NZ") == (Action.ADDED, "ministry-of-works-2")


def test_a_number_that_belongs_to_another_body_is_refused(book: Book) -> None:
    book.record("One", identifiers=(("list", "1"),))
    book.record("Two", identifiers=(("list", "2"),))
    with pytest.raises(Refused, match="belongs to “Two”"):
        book.record("One", identifiers=(("list", "1"), ("list", "2")))
    with pytest.raises(Refused, match="part of itself"):
        book.record("One", identifiers=(("list", "1"),), parent="one")
    with pytest.raises(NotFound):
        book.record("Three", parent="nobody")


def test_a_publisher_is_added_with_those_above_it_and_found_again(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    with database.write() as session:
        action, body = publisher_named(session, "Desk", ("Office", "Ministry"), "feed", clock, ids)
        assert (action, body.source) == (Action.ADDED, "feed")
        assert publisher_named(session, "desk", (), "feed", clock, ids) == (Action.UNCHANGED, body)
        above = {held.name: held.parent.name if held.parent else None for held in session.scalars(select(Organisation))}
    assert above == {"Desk": "Office", "Office": "Ministry", "Ministry": None}
