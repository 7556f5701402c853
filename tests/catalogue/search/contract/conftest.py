"""The engines that the contract holds. A new engine joins by one line here."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchEngine, SearchPlace, Upsert
from catalogue.search.service import Found, search
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.clock import Clock

PLACES: dict[str, Callable[[Path], SearchPlace]] = {"tantivy": TantivyPlace}

Ask = Callable[..., Found]


@pytest.fixture(params=sorted(PLACES))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> SearchPlace:
    return PLACES[request.param](tmp_path / "search")


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
