"""A process that drains an outbox and says aloud where it is, so that a test can kill it there.

Arguments: the database's address, the engine, the index's folder. Lines: `begin`, then for each batch `apply` and
`applied`.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalogue.search.engine import Change, SearchEngine, SearchPlace
from catalogue.search.indexer import drain
from schemas.database.engine import open_database
from tests.catalogue.search.engines import PLACES


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class SpeakingPlace:
    """A place whose writers say when they begin and end to take changes."""

    def __init__(self, place: SearchPlace) -> None:
        self.place = place
        self.reader = place.reader
        self.rebuilding = place.rebuilding

    def writer(self) -> SearchEngine:
        engine = self.place.writer()
        apply = engine.apply

        def speaking(changes: Sequence[Change], watermark: int) -> None:
            say("apply")
            apply(changes, watermark)
            say("applied")

        engine.apply = speaking  # type: ignore[method-assign]
        return engine


if __name__ == "__main__":
    address, chosen, folder = sys.argv[1:]
    say("begin")
    drain(open_database(address), SpeakingPlace(PLACES[chosen](Path(folder))), lambda: datetime.now(UTC), batch=40)
    say("end")
