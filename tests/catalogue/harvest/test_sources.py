import pytest

from catalogue.harvest.sources import add_source, all_sources, source_named
from schemas.database.engine import Database
from schemas.errors import InvalidInput, NotFound, Refused
from tests.fakes import CountingIds, FakeClock

URL = "https://ckan.example/"


def add(database: Database, name: str, url: str = URL, kind: str = "ckan") -> None:
    with database.write() as session:
        add_source(session, name, url, kind, query=None, allow_private=False, clock=FakeClock(), ids=CountingIds())


def test_a_source_is_found_by_its_name(database: Database) -> None:
    add(database, "bridges")
    with database.read() as session:
        source = source_named(session, "bridges")
        assert (source.url, source.query, source.allow_private) == ("https://ckan.example", None, False)
        assert source.key == "harvest:bridges"
        assert [held.name for held in all_sources(session)] == ["bridges"]


def test_a_name_is_taken_once(sqlite_database: Database) -> None:
    add(sqlite_database, "bridges")
    with pytest.raises(Refused, match="already: https"):
        add(sqlite_database, "bridges", "https://other.example")


@pytest.mark.parametrize(
    ("name", "url", "kind"),
    [
        ("Bridges!", URL, "ckan"),
        ("", URL, "ckan"),
        ("b", "ckan.example", "ckan"),
        ("b", "file:///x", "ckan"),
        ("b", URL, "x"),
    ],
)
def test_what_cannot_be_harvested_is_refused(sqlite_database: Database, name: str, url: str, kind: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(sqlite_database, name, url, kind)
    assert refused.value.advice


def test_a_source_that_is_not_there_is_told(sqlite_database: Database) -> None:
    with sqlite_database.read() as session, pytest.raises(NotFound, match="harvest list"):
        source_named(session, "nowhere")
