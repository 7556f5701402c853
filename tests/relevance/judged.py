"""The judged set: queries as people ask them, and how well each of the records looked at answers.

`judged.json` was made so: the queries were written first, as citizens, officials and researchers would put them; no
title is a query. For each, the ten best of nine to eleven very different rankings (plain, unstemmed, by title alone,
with boosted fields, more words first, dis-max and others) were put together in an order that hides who found what,
and each was judged on its own text: 3 is what was asked for, 2 answers a good part, 1 helps, 0 does not. Records that
no ranking found, but that answer, were added from reading the whole collection. `why` gives the reasons in words.
Nothing is copied from the records but their identifiers.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HALVES = ("tuning", "checking")
"""One half to try things on, and one to see whether they hold."""

_FILE = Path(__file__).parent / "judged.json"


@dataclass(frozen=True, slots=True)
class Judged:
    """One query, the grades of the records that were judged, and the reasons."""

    query: str
    grades: Mapping[str, int]
    why: str

    @property
    def half(self) -> str:
        """Its half, once and for all: by whether the SHA-256 of the query is even or odd."""
        return HALVES[int(hashlib.sha256(self.query.encode()).hexdigest(), 16) % 2]


def judged_queries() -> list[Judged]:
    """All judged queries."""
    return [
        Judged(one["query"], {key: int(grade) for grade, keys in one["grades"].items() for key in keys}, one["why"])
        for one in json.loads(_FILE.read_text("utf-8"))
    ]
