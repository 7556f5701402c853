"""The catalogue of a data folder: see `catalogue.api`."""

from catalogue.api import Results
from catalogue.search.asking import BATCH, Part, Wanted, all_hits, found_by
from catalogue.search.engine import SearchEngine
from catalogue.search.rows import found_as_json, result_row
from catalogue.search.suggest_vocabulary import Vocabulary, Wording
from schemas.clock import Clock
from schemas.database.engine import Database


class LocalCatalogue:
    """One catalogue: its database and its open index.

    `site` is the address that links begin with, `licence` that of the records.
    """

    def __init__(self, database: Database, engine: SearchEngine, clock: Clock, site: str, licence: str) -> None:
        self._database = database
        self._engine = engine
        self._clock = clock
        self._site = site
        self._licence = licence

    def search(self, wanted: Wanted, *, limit: int | None, offset: int = 0) -> Results:
        """See `CatalogueApi`."""
        part = Part(limit=BATCH if limit is None else limit, offset=offset)
        with self._database.read() as session:
            wording = Wording(session, Vocabulary(self._database, brief=True))
            found = found_by(self._engine, wanted, part, self._clock, wording)
        hits = all_hits(self._engine, found) if limit is None else iter(found.answer.hits)
        now = found.request.now
        rows = (result_row(hit, now, self._site, self._licence) for hit in hits)
        return Results(found_as_json(found), rows)
