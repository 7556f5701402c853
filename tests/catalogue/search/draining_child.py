"""A process that drains an outbox and says aloud where it is, so that a test can kill it there.

Arguments: the database's address, the index's folder. Lines: `begin`, then for each batch `apply` and `applied`.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalogue.search.engine import Change
from catalogue.search.indexer import drain
from catalogue.search.tantivy_engine import TantivyEngine, TantivyPlace
from schemas.database.engine import open_database


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class SpeakingPlace(TantivyPlace):
    def writer(self) -> TantivyEngine:
        engine = super().writer()
        apply = engine.apply

        def speaking(changes: Sequence[Change], watermark: int) -> None:
            say("apply")
            apply(changes, watermark)
            say("applied")

        engine.apply = speaking  # type: ignore[method-assign]
        return engine


if __name__ == "__main__":
    say("begin")
    drain(open_database(sys.argv[1]), SpeakingPlace(Path(sys.argv[2])), lambda: datetime.now(UTC), batch=40)
    say("end")
