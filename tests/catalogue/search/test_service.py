"""What the rest of the program calls."""

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchPlace, Sort
from catalogue.search.indexer import drain
from catalogue.search.service import enqueue_document, search
from schemas.clock import Clock
from schemas.database.engine import Database
from schemas.errors import InvalidInput

Make = Callable[..., SearchDocument]


def test_a_written_record_is_found_with_the_query_as_understood(
    database: Database, records: Any, place: SearchPlace, clock: Clock, make: Make
) -> None:
    with database.write() as session:
        records.write(session, make(1, title="Fraud and error", organisations=("hmrc",)))
    drain(database, place, clock)
    found = search(place.reader(), "fraud publisher:hmrc (", clock=clock)
    assert [hit.title for hit in found.answer.hits] == ["Fraud and error"]
    assert found.query.understood == "Records where an organisation is “hmrc”; those that also have “fraud” come first."
    assert len(found.query.notes) == 1
    assert {facet.value for facet in found.answer.facets["organisation"]} == {"hmrc"}


def test_text_that_an_index_cannot_hold_is_cleaned_on_its_way(
    database: Database, place: SearchPlace, clock: Clock, make: Make
) -> None:
    with database.write() as session:
        enqueue_document(session, make(1, title="Half \ud800 a\0 sign", keywords=("\udfff",)), clock)
    drain(database, place, clock)
    (hit,) = search(place.reader(), "half", {"organisation": []}, clock=clock).answer.hits
    assert hit.title == "Half � a sign"


@pytest.mark.parametrize(
    "options",
    [
        {"filters": {"colour": ["red"]}},
        {"filters": {"title": ["x"]}},
        {"facets": ["title"]},
        {"offset": -1},
        {"limit": -1},
    ],
    ids=str,
)
def test_an_impossible_wish_is_refused(place: SearchPlace, clock: Clock, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        search(place.reader(), "x", clock=clock, **options)


def test_filters_go_by_any_alias_and_hostile_values_find_nothing(
    database: Database, records: Any, place: SearchPlace, clock: Clock, make: Make
) -> None:
    with database.write() as session:
        records.write(session, make(1, organisations=("hmrc",), years=(2019,)))
    drain(database, place, clock)
    engine = place.reader()
    assert search(engine, "", {"publisher": ["hmrc"], "years": ["2019"]}, clock=clock).answer.total == 1
    assert search(engine, "", {"organisation": ["\ud800", "\0", "x" * 100_000]}, clock=clock).answer.total == 0
    assert search(engine, "", sort=Sort.TITLE, limit=10**9, clock=clock).answer.total == 1
