"""What the benchmark of the search searches: records recombined from real ones, and queries that fit them."""

import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from catalogue.search.analysis import FUNCTION_WORDS, exact, stem
from catalogue.search.document import InState, SearchDocument
from catalogue.search.periods import Period

NOW = datetime(2025, 1, 1, tzinfo=UTC)
BROAD = 0.4
"""The part of all records that the broad query matches."""

_SAMPLE = 2_000


@dataclass(frozen=True)
class Corpus:
    """Real records, and how many are made of them. The same seed gives the same records and queries."""

    real: list[dict[str, Any]]
    size: int

    def documents(self, seed: int = 2) -> Iterator[SearchDocument]:
        """Records whose title, sentences, publisher and keywords come from different real ones."""
        dice = random.Random(seed)
        sentences = [part for record in self.real for part in re.split(r"(?<=[.;])\s+", record["description"]) if part]
        keywords = [word.strip() for record in self.real for word in record.get("keyword", ()) if word.strip()]
        titles = [record["title"].split() for record in self.real]
        publishers = [f"publisher-{number}" for number in range(200)]
        for number in range(self.size):
            head, tail = dice.choice(titles), dice.choice(titles)
            year, years = 1990 + int(35 * dice.random() ** 0.5), dice.randint(1, 3)
            kind = dice.choices(("dataset", "agreement", "data-service"), (90, 8, 2))[0]
            yield SearchDocument(
                id=f"agreement:dg-{number}" if kind == "agreement" else f"dataset:{_like_random(number)}",
                revision=1,
                kind=kind,
                title=" ".join([*head[: len(head) // 2 + 1], *tail[len(tail) // 2 :]]),
                address=f"/datasets/record-{number}",
                recorded_at=(NOW - timedelta(seconds=number)).isoformat(),
                summary=" ".join(dice.sample(sentences, dice.randint(1, 5))),
                text=" ".join(dice.sample(sentences, 2)),
                organisations=(dice.choice(publishers[: 1 + int(200 * dice.random() ** 2)]),),
                themes=(f"theme-{int(13 * dice.random())}",),
                keywords=tuple(dice.sample(keywords, 4)),
                formats=tuple(dice.sample(["csv", "json", "xlsx", "pdf", "html", "xml"], 2)),
                access=dice.choices(("open", "restricted", "closed"), (80, 15, 5))[0],
                licence=dice.choice(("cc-by-4.0", "ogl-3", "us-pd")),
                covers=(Period(str(year), str(year + years - 1)),),
                years=tuple(range(year, year + years)),
                states=(InState("in-force", "", f"{year + 20}-06-30"), InState("ended", f"{year + 20}-07-01"))
                if kind == "agreement"
                else (),
                modified=f"{year}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
            )


@dataclass(frozen=True)
class Queries:
    """What is asked: queries of three words of real titles, filters for each, beginnings and misspellings of words."""

    three: list[str]
    filters: list[dict[str, list[str]]]
    phrases: list[str]
    broad: str
    beginnings: list[str]
    misspelt: list[str]


def queries_for(corpus: Corpus, count: int) -> Queries:
    """Queries that fit a corpus."""
    dice = random.Random(3)
    words = sorted({word for record in corpus.real for word in re.findall(r"[a-z]{4,}", record["title"].lower())})
    long = [word for word in words if len(word) > 6]
    return Queries(
        three=[" ".join(dice.sample(words, 3)) for _ in range(count)],
        filters=[{"organisation": [f"publisher-{dice.randrange(100)}"], "format": ["csv"]} for _ in range(count)],
        phrases=[f'"{" ".join(record["title"].split()[:2])}"' for record in dice.choices(corpus.real, k=count)],
        broad=_broad(corpus),
        beginnings=[word[: dice.randint(2, 5)] for word in dice.choices(words, k=count)],
        misspelt=[_misspelt(word, dice) for word in dice.choices(long, k=count)],
    )


def _broad(corpus: Corpus) -> str:
    """The word whose stem stands in nearest to that part of all records."""
    frequencies: Counter[str] = Counter()
    written: dict[str, str] = {}
    sample = Corpus(corpus.real, _SAMPLE).documents()
    for document in sample:
        there = {word for text in document.findable() for word in exact(text).parts}
        written |= {stem(word): word for word in there}
        frequencies.update({stem(word) for word in there if word not in FUNCTION_WORDS and word.isalpha()})
    return written[min(frequencies, key=lambda one: abs(frequencies[one] / _SAMPLE - BROAD))]


def _like_random(number: int) -> str:
    """32 hexadecimal digits, as datasets get them: no two begin alike, which matters where equal scores are ordered."""
    return hashlib.blake2b(str(number).encode(), digest_size=16).hexdigest()


def _misspelt(word: str, dice: random.Random) -> str:
    place = dice.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1 :]


def real_records(folder: Path) -> list[dict[str, Any]]:
    """The records of the real agency feeds in the trial data."""
    found = []
    for file in sorted((folder / "datasets" / "dcatus-agencies-2025").glob("*.json")):
        found.extend(json.loads(file.read_text("utf-8"))["dataset"])
    return [record for record in found if record.get("title") and record.get("description")]
