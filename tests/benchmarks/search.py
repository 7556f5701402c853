"""How fast the search is, on records recombined from real ones. Run by hand, never as a test:

    GAZETTE_TEST_DATA=… python tests/benchmarks/search.py [--records 50000] [--queries 300] [--engines tantivy whoosh]

Prints one table, the engines side by side, each measured in a process of its own: build time, index size, memory at
its highest, and the median and 95th percentile of each kind of work.
"""

import argparse
import json
import multiprocessing
import os
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchEngine, SearchPlace, Sort, Upsert
from catalogue.search.query import read_query
from catalogue.search.service import search
from catalogue.search.tantivy_engine import TantivyPlace
from catalogue.search.whoosh_engine import WhooshPlace

NOW = datetime(2025, 1, 1, tzinfo=UTC)
FACETS = ("kind", "organisation", "theme", "access", "format", "year")
BATCH = 2_000


PLACES: dict[str, Callable[[Path], SearchPlace]] = {"tantivy": TantivyPlace, "whoosh": WhooshPlace}

Times = list[float]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=50_000)
    options.add_argument("--queries", type=int, default=300)
    options.add_argument("--engines", nargs="+", choices=sorted(PLACES), default=["tantivy"])
    chosen = options.parse_args()
    folder = os.environ.get("GAZETTE_TEST_DATA")
    if not folder:
        sys.exit("Set GAZETTE_TEST_DATA to the folder with the trial data.")
    real = real_records(Path(folder))
    told: dict[str, dict[str, str]] = {}
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as process:
        for engine in chosen.engines:
            told[engine] = process.submit(measured, engine, real, chosen.records, chosen.queries).result()
    tell(f"{chosen.records:,} records from {len(real)} real ones; milliseconds, p50 / p95")
    tell(f"| {'work':34} | {' | '.join(f'{engine:>17}' for engine in told)} |")
    tell(f"|{'-' * 36}|{'|'.join('-' * 19 for _ in told)}|")
    for work in next(iter(told.values())):
        tell(f"| {work:34} | {' | '.join(f'{found[work]:>17}' for found in told.values())} |")


def measured(engine: str, real: list[dict[str, Any]], records: int, queries: int) -> dict[str, str]:
    """All measurements of one engine, ready to print."""
    dice = random.Random(2)
    with tempfile.TemporaryDirectory() as scratch:
        place = PLACES[engine](Path(scratch) / "search")
        seconds = build(place, recombined(real, records, dice))
        size = sum(file.stat().st_size for file in Path(scratch).rglob("*") if file.is_file())
        told = {"build, s": f"{seconds:.1f}", "index, MB": f"{size / 1e6:.0f}"}
        told |= {work: shown(times) for work, times in measure(place, real, queries, dice).items()}
    told["memory at its highest, MB"] = f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"
    return told


def build(place: SearchPlace, documents: Iterator[SearchDocument]) -> float:
    began = time.perf_counter()
    with place.rebuilding() as rebuild:
        while batch := list(islice(documents, BATCH)):
            rebuild.add(batch)
        rebuild.swap(0)
    return time.perf_counter() - began


def measure(place: SearchPlace, real: list[dict[str, Any]], count: int, dice: random.Random) -> dict[str, Times]:
    reader = place.reader()
    words = sorted({word for record in real for word in re.findall(r"[a-z]{4,}", record["title"].lower())})
    three = [" ".join(dice.sample(words, 3)) for _ in range(count)]
    began = time.perf_counter()
    publishers = [facet.value for facet in ask(reader, "").answer.facets["organisation"]]
    found = {"the first search of a process": [time.perf_counter() - began]}
    broad = "data OR report OR information"
    total = ask(reader, "").answer.total
    share = ask(reader, broad).answer.total / total
    matched = sorted(ask(reader, text).answer.total for text in three[:50])[25]
    tell(f"broad query matches {share:.0%} of all; the median 3-word query matches {matched / total:.0%}")
    filtered = [{"organisation": [dice.choice(publishers)], "format": ["csv"]} for _ in three]
    phrases = [f'"{" ".join(record["title"].split()[:2])}"' for record in dice.choices(real, k=count)]
    hostile = "(a OR -b NOT " * 700
    works: dict[str, list[Callable[[], object]]] = {
        "3 words, 6 facets": [partial(ask, reader, text) for text in three],
        "3 words, no facets": [partial(ask, reader, text, facets=()) for text in three],
        "3 words, 2 filters, 6 facets": [
            partial(ask, reader, text, chosen) for text, chosen in zip(three, filtered, strict=True)
        ],
        "3 words with AND, 6 facets": [partial(ask, reader, text.replace(" ", " AND ")) for text in three],
        "a phrase of 2 words, 6 facets": [partial(ask, reader, text) for text in phrases],
        "broad, 6 facets": [lambda: ask(reader, broad)] * 40,
        "everything, 6 facets": [lambda: ask(reader, "")] * 40,
        "newest first, broad": [lambda: ask(reader, broad, facets=(), sort=Sort.NEWEST)] * 40,
        "reading a query at the limits": [lambda: read_query(hostile, NOW)] * 20,
    }
    found |= {work: timed(each) for work, each in works.items()}
    return found | updates(place, reader, next(recombined(real, 1, dice)))


def updates(place: SearchPlace, reader: SearchEngine, document: SearchDocument) -> dict[str, Times]:
    """One update from opening the writer until a reader finds it, and the commit alone."""
    whole: list[float] = []
    commits: list[float] = []
    for revision in range(2, 32):
        changed = SearchDocument.from_json({**document.to_json(), "revision": revision, "title": f"zqx{revision}"})
        began = time.perf_counter()
        writer = place.writer()
        opened = time.perf_counter()
        writer.apply([Upsert(changed)], revision)
        commits.append(time.perf_counter() - opened)
        if ask(reader, f"zqx{revision}", facets=()).answer.total != 1:
            raise AssertionError(revision)
        whole.append(time.perf_counter() - began)
        writer.close()
    return {"one update, commit": commits, "one update, opened until found": whole}


def ask(engine: SearchEngine, text: str, filters: Any = None, **options: Any) -> Any:
    return search(engine, text, filters, clock=lambda: NOW, **{"facets": FACETS, **options})


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def timed(works: list[Callable[[], object]]) -> Times:
    works[0]()
    times = []
    for work in works:
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return times


def shown(times: Times) -> str:
    ordered = sorted(times)
    middle, high = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    return f"{middle * 1000:.1f} / {high * 1000:.1f}"


def real_records(folder: Path) -> list[dict[str, Any]]:
    found = []
    for file in sorted((folder / "datasets" / "dcatus-agencies-2025").glob("*.json")):
        found.extend(json.loads(file.read_text("utf-8"))["dataset"])
    return [record for record in found if record.get("title") and record.get("description")]


def recombined(real: list[dict[str, Any]], count: int, dice: random.Random) -> Iterator[SearchDocument]:
    """Records whose title, sentences, publisher and keywords come from different real ones."""
    sentences = [part for record in real for part in re.split(r"(?<=[.;])\s+", record["description"]) if part]
    keywords = [word.strip() for record in real for word in record.get("keyword", ()) if word.strip()]
    titles = [record["title"].split() for record in real]
    publishers = [f"publisher-{number}" for number in range(200)]
    for number in range(count):
        head, tail = dice.choice(titles), dice.choice(titles)
        year = 1990 + int(35 * dice.random() ** 0.5)
        yield SearchDocument(
            id=f"dataset:{number:032x}",
            revision=1,
            kind=dice.choices(("dataset", "agreement", "data-service"), (90, 8, 2))[0],
            title=" ".join([*head[: len(head) // 2 + 1], *tail[len(tail) // 2 :]]),
            address=f"/datasets/record-{number}",
            recorded_at="2025-01-01T00:00:00Z",
            summary=" ".join(dice.sample(sentences, dice.randint(1, 5))),
            text=" ".join(dice.sample(sentences, 2)),
            organisations=(dice.choice(publishers[: 1 + int(200 * dice.random() ** 2)]),),
            themes=(f"theme-{int(13 * dice.random())}",),
            keywords=tuple(dice.sample(keywords, 4)),
            formats=tuple(dice.sample(["csv", "json", "xlsx", "pdf", "html", "xml"], 2)),
            access=dice.choices(("open", "restricted", "closed"), (80, 15, 5))[0],
            licence=dice.choice(("cc-by-4.0", "ogl-3", "us-pd")),
            years=tuple(range(year, year + dice.randint(1, 3))),
            modified=f"{year}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
        )


if __name__ == "__main__":
    main()
