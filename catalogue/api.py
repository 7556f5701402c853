"""What a person or program can do with a catalogue, wherever it is: in a data folder, or behind a server.

Two implementations stand behind it: `catalogue.local`, the services, and the HTTP client of `web.client`. All values
are JSON, in the shapes that the HTTP API publishes; all errors are those of `schemas.errors`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from catalogue.search.asking import Wanted
from schemas.canonical import Json


@dataclass(frozen=True, slots=True)
class Results:
    """What a search tells (`total`, `understood`, `notes`, `looser`, `also`, `meant`), and its results in order.

    The results are read as they are asked for, so an error may come in the middle of them.
    """

    told: Json
    rows: Iterator[Json]


class CatalogueApi(Protocol):
    """One catalogue."""

    def search(self, wanted: Wanted, *, limit: int | None, offset: int = 0) -> Results:
        """What a search finds: so many results behind the first `offset`; all of them where `limit` is None.

        Raises InvalidInput, SearchUnavailable; for a server also what it tells, and Unreachable.
        """
        ...
