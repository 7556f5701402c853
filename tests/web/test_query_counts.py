"""A page asks the database a fixed number of questions, however much it lists."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from catalogue.datasets.record import record_dataset
from catalogue.search.indexer import drain
from catalogue.search.tantivy_engine import TantivyPlace
from register.agreements.record import Source, sign_agreement
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import AGREEMENT_VERSION
from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.web.conftest import filled_site
from tests.web.content import TAX


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that the database runs meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement != "BEGIN":
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _more(database: Database) -> None:
    clock, ids, randomness = FakeClock(), LaterIds(), SeededRandomness(2)
    with database.write() as session:
        for number in range(15):
            record_dataset(session, LOCAL_REGISTRAR, TAX, source="more", identifier=str(number), clock=clock, ids=ids)
            document = {
                "schemaVersion": AGREEMENT_VERSION,
                "title": f"Share {number}",
                "parties": [
                    {"organisation": "revenue-office", "name": "Revenue Office", "flowRole": ["discloser"]},
                    {"organisation": "riverton-council", "name": "Riverton Council"},
                ],
                "legalPowers": [{"instrument": "Digital Economy Act 2017", "provision": "s.56"}],
                "flows": [{"datasets": [{"catalogueId": "tax-returns"}]}],
                "provenance": {"source": "transcribed"},
            }
            sign_agreement(session, LOCAL_REGISTRAR, document, Source(), clock=clock, ids=ids, randomness=randomness)


class LaterIds(CountingIds):
    def __call__(self) -> str:
        return "f" + super().__call__()[1:]


PAGES = ["/", "/search", "/search?q=fraud", "/search/facets/power", "/search.csv", "/feeds/datasets.atom",
         "/datasets", "/agreements", "/organisations", "/organisations/revenue-office",
         "/datasets/tax-returns", "/agreements/dg-1", "/powers", "/powers/digital-economy-act-2017-s56"]  # fmt: skip


def test_a_longer_list_asks_no_more(sqlite_database: Database, tmp_path_factory: pytest.TempPathFactory) -> None:
    site = filled_site(tmp_path_factory.mktemp("few"), sqlite_database)
    reader = site.app().test_client()
    few = {}
    assert reader.get("/search?q=tax").status_code == 200  # which reads the vocabulary, once for many searches
    for address in PAGES:
        with counted(sqlite_database) as statements:
            assert reader.get(address).status_code == 200
        few[address] = len(statements)
    _more(sqlite_database)
    drain(sqlite_database, TantivyPlace(site.settings.search_path), site.clock)
    assert reader.get("/search?q=tax").status_code == 200
    for address in PAGES:
        with counted(sqlite_database) as statements:
            assert reader.get(address).status_code == 200
        assert len(statements) <= few[address] + 1, (address, statements)
        assert len(statements) <= 14
