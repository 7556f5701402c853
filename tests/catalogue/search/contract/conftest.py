"""An index of each engine in turn, and what writes to it and asks it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchEngine, SearchPlace, Upsert
from catalogue.search.service import Found, search
from schemas.clock import Clock

Ask = Callable[..., Found]


@pytest.fixture
def writer(place: SearchPlace) -> Iterator[SearchEngine]:
    opened = place.writer()
    yield opened
    opened.close()


@pytest.fixture
def reader(place: SearchPlace, writer: SearchEngine) -> Iterator[SearchEngine]:
    opened = place.reader()
    yield opened
    opened.close()


@pytest.fixture
def index(writer: SearchEngine) -> Callable[..., None]:
    """Takes documents into the index."""

    def take(*documents: SearchDocument) -> None:
        writer.apply([Upsert(document) for document in documents], writer.watermark() + 1)

    return take


@pytest.fixture
def ask(reader: SearchEngine, clock: Clock) -> Ask:
    """Searches as the page does."""

    def asking(text: str, filters: dict[str, list[str]] | None = None, **options: Any) -> Found:
        return search(reader, text, filters, clock=clock, **options)

    return asking
