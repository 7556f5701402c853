"""Adding organisations and their other names by hand; the search that knows at once."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from catalogue.datasets.search_documents import DatasetDocuments
from catalogue.organisations.keeping import add_alias, add_organisation, remove_alias
from catalogue.organisations.models import Organisation
from catalogue.organisations.record import OrganisationDetails, find_organisation
from catalogue.organisations.telling import documents_naming, names_changed, renew_documents
from catalogue.search.indexer import drain
from catalogue.search.service import search
from catalogue.search.suggest import suggest
from catalogue.search.suggest_vocabulary import Vocabulary, Wording
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.actor import LOCAL_REGISTRAR, Actor, Role
from schemas.database.engine import Database
from schemas.errors import Conflict, InvalidRecord, NotFound, Refused
from schemas.outcomes import Action
from tests.catalogue.datasets.documents import dataset, recorded
from tests.fakes import CountingIds, FakeClock


class Book:
    """Does one thing after the other, each in a transaction of its own."""

    def __init__(self, database: Database, clock: FakeClock, ids: CountingIds) -> None:
        self.database, self.clock, self.ids = database, clock, ids

    def add(self, name: str, **details: Any) -> str:
        with self.database.write() as session:
            stated = OrganisationDetails(name, **details)
            return add_organisation(session, LOCAL_REGISTRAR, stated, self.clock, self.ids).slug

    def alias(self, body: str, name: str, language: str | None = None, actor: Actor = LOCAL_REGISTRAR) -> Action:
        with self.database.write() as session:
            found = find_organisation(session, body)
            return add_alias(session, actor, found, name, language, self.clock, self.ids)

    def remove(self, body: str, name: str) -> None:
        with self.database.write() as session:
            remove_alias(session, LOCAL_REGISTRAR, find_organisation(session, body), name, self.clock)

    def names(self, body: str) -> list[tuple[str, str | None]]:
        with self.database.read() as session:
            return sorted((row.name, row.language) for row in find_organisation(session, body).names)


@pytest.fixture
def book(database: Database, clock: FakeClock, ids: CountingIds) -> Book:
    return Book(database, clock, ids)


def test_an_organisation_is_added_with_all_that_is_said_of_it(book: Book) -> None:
    book.add("Ministry of Works", jurisdiction="gb")
    slug = book.add(
        " Office \n of Bridges",
        aliases=(("Swyddfa Pontydd", "cy"),),
        identifiers=(("list", "7"),),
        kind="agency",
        jurisdiction="GB-WLS",
        parent="ministry of works",
        website="https://bridges.example/",
        started_on="2001-04",
    )
    with book.database.read() as session:
        body = find_organisation(session, "list:7")
        assert (slug, body.name, body.kind, body.started_on) == (
            "office-of-bridges",
            "Office of Bridges",
            "agency",
            "2001-04",
        )
        assert body.parent is not None
        assert (body.parent.name, body.parent.jurisdiction) == ("Ministry of Works", "GB")
    assert book.names("office-of-bridges") == [("Office of Bridges", None), ("Swyddfa Pontydd", "cy")]


def test_what_stands_for_another_body_is_refused_and_told(book: Book) -> None:
    book.add(
        "Office of Bridges", slug="bridges", aliases=(("OoB", None),), identifiers=(("list", "7"),), jurisdiction="GB"
    )
    taken: tuple[tuple[str, dict[str, Any]], ...] = (
        ("OFFICE of bridges", {}),
        ("Oob", {"jurisdiction": "GB-SCT"}),
        ("Other", {"aliases": (("office of bridges", None),), "jurisdiction": "GB"}),
        ("Other", {"slug": "bridges"}),
        ("Other", {"identifiers": (("list", "7"),)}),
    )
    for name, stated in taken:
        with pytest.raises(Conflict, match=r"“Office of Bridges”.*/organisations/bridges, GB"):
            book.add(name, **stated)
    assert book.add("OoB", jurisdiction="IE") == "oob"  # as in an import, another country has bodies of its own
    with book.database.read() as session:
        assert session.scalar(select(func.count(Organisation.id))) == 2


def test_every_problem_is_told_at_once(book: Book) -> None:
    bad: dict[str, Any] = {
        "slug": "Two Words", "aliases": (("…", None), ("x", "cym")), "identifiers": (("list", ""),), "kind": "ministry",
        "jurisdiction": "XX", "website": "bridges.example", "started_on": "31/02/2019", "ended_on": "soon",
    }  # fmt: skip
    with pytest.raises(InvalidRecord) as told:
        book.add("Office", **bad)
    places = [problem.pointer for problem in told.value.problems]
    assert sorted(set(places)) == sorted("/" + name for name in bad)
    assert places.count("/aliases") == 2
    with pytest.raises(NotFound):
        book.add("Office", parent="nobody")
    with book.database.read() as session:
        assert session.scalar(select(func.count(Organisation.id))) == 0


def test_another_name_is_given_once_and_taken_away(book: Book) -> None:
    book.add("Office of Bridges", slug="bridges")
    book.add("Mill Board", slug="mill")
    later = book.clock.advance(days=1)
    assert book.alias("bridges", "Span  Board") is Action.ADDED
    assert book.alias("span board", "SPAN BOARD") is Action.UNCHANGED
    assert book.alias("bridges", "Office of Bridges", "en") is Action.UNCHANGED
    assert book.alias("bridges", "Span Board", "en") is Action.CHANGED
    assert book.names("bridges") == [("Office of Bridges", None), ("Span Board", "en")]
    with pytest.raises(Conflict, match=r"“Mill Board” is in the catalogue already \(/organisations/mill\)"):
        book.alias("bridges", "mill board")
    with pytest.raises(Conflict, match=r"“span board” is another name of “Office of Bridges”"):
        book.alias("mill", "span board")
    with pytest.raises(Refused, match="own name"):
        book.remove("bridges", "office of bridges")
    with pytest.raises(NotFound, match="“Span Board”"):
        book.remove("bridges", "Mill Board")
    book.remove("bridges", "span board")
    with pytest.raises(NotFound, match="other names: none"):
        book.remove("bridges", "span board")
    with book.database.read() as session:
        assert find_organisation(session, "bridges").changed_at == later
        assert find_organisation(session, "mill").changed_at < later
    for role in (Role.EDITOR, Role.APPROVER):
        with pytest.raises(Refused, match="registrar"):
            book.alias("bridges", "x", actor=Actor("official", None, frozenset({role})))


class Reader:
    """What a process finds that has been running all along, and looks again every two seconds."""

    def __init__(self, book: Book, place: TantivyPlace) -> None:
        self.book, self.place, self.now = book, place, 0.0
        self.vocabulary = Vocabulary(book.database, timer=lambda: self.now)

    def finds(self, query: str) -> tuple[list[str], list[str]]:
        """The titles of the records, and of the organisations that are suggested for “span”."""
        self.now += 2
        drain(self.book.database, self.place, self.book.clock)
        with self.book.database.read() as session:
            wording = Wording(session, self.vocabulary)
            answer = search(self.place.reader(), query, clock=self.book.clock, wording=wording).answer
            suggested = suggest(session, self.vocabulary, "span")
            return [hit.title for hit in answer.hits], [one.title for one in suggested if one.kind == "organisation"]


def tell(book: Book) -> int:
    """Tell the search of names, as the commands do. Gives how many records name the office of bridges."""
    with book.database.write() as session:
        names_changed(session, book.clock)
        ids = documents_naming(session, find_organisation(session, "bridges"))
        renew_documents(session, ids, [DatasetDocuments()], book.clock)
        return len(ids)


def test_search_and_suggestions_know_at_once(book: Book, tmp_path: Path) -> None:
    reader = Reader(book, TantivyPlace(tmp_path / "index"))
    book.add("Office of Bridges", slug="bridges")
    publisher = {"name": "Office of Bridges", "organisation": "bridges"}
    recorded(book.database, book.clock, book.ids, dataset(title="Inspections", publisher=publisher))
    recorded(book.database, book.clock, book.ids, dataset(title="Roads"), "b-2")
    assert reader.finds("span board") == reader.finds('organisation:"span board"') == ([], [])
    book.alias("bridges", "Span Board")
    assert tell(book) == 1
    known = ["Inspections"], ["Office of Bridges"]
    assert reader.finds("span board") == reader.finds('organisation:"span board"') == known
    book.remove("bridges", "Span Board")
    tell(book)
    assert reader.finds("span board") == reader.finds('organisation:"span board"') == ([], [])
    book.add("Spanners")  # no record names it
    with book.database.write() as session:
        names_changed(session, book.clock)
    assert reader.finds("nothing") == ([], ["Spanners"])
