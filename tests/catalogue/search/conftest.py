"""What every test of the search needs: a clock, a database with tables, records of our own to index."""

from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, BigInteger, Column, MetaData, String, Table, delete, insert, select
from sqlalchemy.orm import Session

from catalogue.search.document import SearchDocument
from catalogue.search.engine import Removal, SearchPlace, Sort
from catalogue.search.service import enqueue_document, enqueue_removal
from schemas.clock import Clock
from schemas.database.base import Base
from schemas.database.engine import Database, open_database
from tests.catalogue.search.engines import PLACES

NOW = datetime(2024, 5, 17, 12, 0, tzinfo=UTC)

Make = Callable[..., SearchDocument]


@pytest.fixture
def clock() -> Clock:
    return lambda: NOW


def make_document(number: int, **values: Any) -> SearchDocument:
    """Makes search documents: `make_document(7, title="…")` is the dataset number 7 at revision 1."""
    given = {
        "id": f"dataset:{number:032x}",
        "revision": 1,
        "kind": "dataset",
        "title": f"Record {number}",
        "address": f"/datasets/record-{number}",
        "recorded_at": "2024-05-01T10:00:00Z",
    }
    return SearchDocument(**{**given, **values})


@pytest.fixture
def make() -> Make:
    return make_document


class Records:
    """A table of records, which is also the source from which the index is compared and rebuilt."""

    table = Table(
        "records",
        MetaData(),
        Column("id", String, primary_key=True),
        Column("revision", BigInteger),
        Column("document", JSON),
    )

    def __init__(self, database: Database, clock: Clock) -> None:
        self.clock = clock
        self.called = "what bodies are called"
        self.table.create(database.engine, checkfirst=True)

    def write(self, session: Session, document: SearchDocument) -> None:
        """Write a record and its outbox row in one transaction, as the catalogue does."""
        self.write_untold(session, document)
        enqueue_document(session, document, self.clock)

    def write_untold(self, session: Session, document: SearchDocument) -> None:
        session.execute(delete(self.table).where(self.table.c.id == document.id))
        row = {"id": document.id, "revision": document.revision, "document": document.to_json()}
        session.execute(insert(self.table).values(row))

    def remove(self, session: Session, document_id: str, revision: int) -> None:
        session.execute(delete(self.table).where(self.table.c.id == document_id))
        enqueue_removal(session, document_id, revision, self.clock)

    def documents(self, session: Session, ids: Collection[str] | None) -> Iterator[SearchDocument]:
        query = select(self.table.c.document)
        if ids is not None:
            query = query.where(self.table.c.id.in_(list(ids)))
        for (document,) in session.execute(query):
            yield SearchDocument.from_json(document)

    def revisions(self, session: Session) -> Iterator[tuple[str, int]]:
        rows = session.execute(select(self.table.c.id, self.table.c.revision))
        return iter([(identifier, revision) for identifier, revision in rows])

    def basis(self, session: Session) -> str:  # noqa: ARG002 - what every source is asked with
        return self.called


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'gazette.db'}")
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def records(database: Database, clock: Clock) -> Records:
    return Records(database, clock)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a server would be asked again and again: it sorts by every key in the same way."""
    alike = {Sort.RECORDED, Sort.CREATED, Sort.NAME, Sort.IDENTIFIER}
    again = [item for item in items if "opensearch" in item.name and alike & _given(item)]
    config.hook.pytest_deselected(items=again)
    items[:] = [item for item in items if item not in again]


def _given(item: pytest.Item) -> set[Any]:
    """The orders that a test is parametrized with."""
    given = item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
    return {value for value in given if isinstance(value, Sort)}


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> SearchPlace:
    """An OpenSearch index that the tests of a module share, each of which finds it empty: one is dear to make."""
    return PLACES["opensearch"](tmp_path_factory.mktemp("emptied") / "search")


@pytest.fixture(params=sorted(PLACES))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> SearchPlace:
    """A place without an index for each engine in turn; one whose `writer` the test asks for may have an empty one."""
    if request.param != "opensearch" or "writer" not in request.fixturenames:
        return PLACES[request.param](tmp_path / "search")
    place: SearchPlace = request.getfixturevalue("emptied")
    with closing(place.writer()) as writer:
        writer.mend([Removal(identifier, revision) for identifier, revision in writer.revisions()], 0)
    return place
