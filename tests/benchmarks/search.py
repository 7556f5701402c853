"""How fast the search is, on records recombined from real ones. Run by hand, never as a test:

    GAZETTE_TEST_DATA=… PYTHONPATH=. python tests/benchmarks/search.py [--records 10000 50000 500000]
        [--engines tantivy whoosh fts5] [--queries 300] [--site] [--folder F]

Prints a table for each size, the engines side by side, each built in one process and asked in another: build time,
index size, memory, and the median and 95th percentile of each kind of work in milliseconds. `fts5` is SQLite's own
full-text search, the yardstick; whoosh is left out where it is not meant for so many. `--site` adds what stands on the
database beside the index (suggestions, spelling, an update through the outbox) and whole pages. OpenSearch is measured
where GAZETTE_SEARCH_URL names an index on a server that may be overwritten. `--folder` keeps what is built: an index or
a database of suggestions, that is there already is asked and not built anew. One of another layout has to be removed.
"""

import argparse
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchPlace, Sort, Upsert
from catalogue.search.indexer import KEEP_EVERY
from catalogue.search.opensearch_place import OpenSearchPlace
from catalogue.search.query import read_query
from catalogue.search.service import search
from catalogue.search.tantivy_engine import TantivyPlace
from catalogue.search.whoosh_engine import WhooshPlace
from tests.benchmarks.search_corpus import NOW, Corpus, Queries, queries_for, real_records
from tests.benchmarks.search_fts5 import Fts5
from tests.benchmarks.search_site import site_works

FACETS = ("kind", "organisation", "theme", "access", "format", "year")
BATCH = 500
MOST_FOR_WHOOSH = 50_000
SLOW = 40
"""So often is asked what takes long."""

HOSTILE = {
    "8,000 characters, 700 parentheses": "(a OR -b NOT " * 615,
    "512 clauses and more": " OR ".join(f"word{number}" for number in range(900)),
    "quotes and colons": '"a:b ' * 1_600,
    "ranges": "modified:[2019 TO " * 440,
}

MANY_WORDS = " ".join(f"data{number}* report{number}" for number in range(256))

Works = dict[str, list[Callable[[], object]]]
Row = dict[str, str]
Times = tuple[list[float], list[float]]


def clock() -> datetime:
    """A clock that stands still."""
    return NOW


@dataclass(frozen=True)
class Ours:
    """One of our engines, built and asked as the program does it."""

    place: SearchPlace

    def build(self, documents: Iterator[SearchDocument]) -> None:
        """As a reindex does."""
        with self.place.rebuilding() as rebuild:
            rebuild.resume("benchmark", fresh=True)
            kept = 0
            while batch := list(islice(documents, BATCH)):
                rebuild.add(batch)
                kept += len(batch)
                if kept >= KEEP_EVERY:
                    rebuild.keep()
                    kept = 0
            rebuild.swap(0)

    def asking(self) -> Callable[..., int]:
        """What asks: the query is read, searched, its facets counted and 20 snippets cut."""
        reader = self.place.reader()

        def ask(text: str, filters: Any = None, *, facets: Sequence[str] = (), newest: bool = False) -> int:
            sort = Sort.NEWEST if newest else Sort.RELEVANCE
            return search(reader, text, filters, clock=clock, facets=facets, sort=sort).answer.total

        return ask

    def update(self, document: SearchDocument) -> None:
        """One change, in a writer of its own."""
        writer = self.place.writer()
        try:
            writer.apply([Upsert(document)], document.revision)
        finally:
            writer.close()


def subject(engine: str, folder: Path) -> Ours | Fts5:
    """An engine with its index in a folder."""
    if engine == "fts5":
        return Fts5(folder / "fts5.db")
    if engine == "opensearch":
        return Ours(OpenSearchPlace(os.environ["GAZETTE_SEARCH_URL"], folder / "search"))
    return Ours((TantivyPlace if engine == "tantivy" else WhooshPlace)(folder / "search"))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, nargs="+", default=[10_000, 50_000, 500_000])
    options.add_argument("--queries", type=int, default=300)
    options.add_argument("--engines", nargs="+", default=["tantivy", "whoosh", "fts5"])
    options.add_argument("--site", action="store_true")
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    folder = os.environ.get("GAZETTE_TEST_DATA")
    if not folder:
        sys.exit("Set GAZETTE_TEST_DATA to the folder with the trial data.")
    real = real_records(Path(folder))
    tell_table("Reading a query at its limits", {"": limits()})
    for size in chosen.records:
        corpus = Corpus(real, size)
        told: dict[str, Row] = {}
        for engine in chosen.engines:
            if engine != "whoosh" or size <= MOST_FOR_WHOOSH:
                told[engine] = measured(engine, corpus, chosen.queries, chosen.folder)
        tell_table(f"{size:,} records from {len(real)} real ones", told)
        if chosen.site:
            tell_table(
                f"The site over {size:,} records",
                {"": site(corpus, chosen.queries, chosen.folder)},
            )


def measured(engine: str, corpus: Corpus, count: int, kept: Path | None) -> Row:
    """All measurements of one engine, each half in a process of its own."""
    with working_folder(kept, engine, corpus) as folder, new_processes() as processes:
        told: Row = build_once(processes, engine, folder, corpus)
        return told | processes.submit(asked, engine, folder, corpus, count).result()


def site(corpus: Corpus, count: int, kept: Path | None) -> Row:
    """What is measured of the site."""
    with working_folder(kept, "tantivy", corpus) as folder, new_processes() as processes:
        build_once(processes, "tantivy", folder, corpus)
        return processes.submit(site_measured, folder, corpus, count).result()


@contextmanager
def working_folder(kept: Path | None, engine: str, corpus: Corpus) -> Iterator[Path]:
    """Where an engine's index of a corpus is: kept for another run, or thrown away."""
    if kept is None:
        with tempfile.TemporaryDirectory() as scratch:
            yield Path(scratch)
        return
    folder = kept / f"{engine}-{corpus.size}"
    folder.mkdir(parents=True, exist_ok=True)
    yield folder


def build_once(processes: ProcessPoolExecutor, engine: str, folder: Path, corpus: Corpus) -> Row:
    """Build an index where there is none yet, and say so once it is whole."""
    mark = folder / f"{engine}.built"
    if mark.exists():
        return {}
    told: Row = processes.submit(built, engine, folder, corpus).result()
    mark.touch()
    return told


def new_processes() -> ProcessPoolExecutor:
    """Processes that do one thing each."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1)


def built(engine: str, folder: Path, corpus: Corpus) -> Row:
    """Build an index."""
    making = 0.0

    def documents() -> Iterator[SearchDocument]:
        nonlocal making
        source = corpus.documents()
        while True:
            began = time.perf_counter()
            document = next(source, None)
            making += time.perf_counter() - began
            if document is None:
                return
            yield document

    began, cpu = time.perf_counter(), time.process_time()
    subject(engine, folder).build(documents())
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {
        "build, s": f"{seconds:.1f}",
        "of it making the records, s": f"{making:.1f}",
        "processor time of the build, s": f"{cpu:.1f}",
        "index, MB": f"{size / 1e6:.0f}",
        "memory while building, MB": memory(),
    }


def asked(engine: str, folder: Path, corpus: Corpus, count: int) -> Row:
    """Ask an index."""
    queries = queries_for(corpus, count)
    found = subject(engine, folder)
    ask: Callable[..., int] = found.ask if isinstance(found, Fts5) else found.asking()
    began = time.perf_counter()
    total = ask("", facets=FACETS)
    first = time.perf_counter() - began
    matched = sorted(ask(text) for text in queries.three[:50])[25]
    told = {
        "the first search of a process": f"{first * 1000:.0f}",
        "the broad query matches": f"{ask(queries.broad) / total:.0%}",
        "a query of 3 words matches (median)": f"{matched / total:.0%}",
    }
    told |= {work: shown(timed(each)) for work, each in works(ask, queries).items()}
    if isinstance(found, Fts5):
        told["titles with a word that begins so"] = shown(
            timed([partial(found.beginning, b) for b in queries.beginnings])
        )
    else:
        told["512 words at once, 6 facets"] = shown(timed([partial(ask, MANY_WORDS, facets=FACETS)] * SLOW))
    told["one update until found"] = shown(updates(found, ask, corpus))
    told["memory while asking, MB"] = memory()
    return told


def works(ask: Callable[..., int], queries: Queries) -> Works:
    """What is asked, by the name of the work."""
    both = zip(queries.three, queries.filters, strict=True)
    return {
        "3 words": [partial(ask, text) for text in queries.three],
        "3 words, 6 facets": [partial(ask, text, facets=FACETS) for text in queries.three],
        "3 words, 2 filters, 6 facets": [partial(ask, text, chosen, facets=FACETS) for text, chosen in both],
        "a phrase of 2 words, 6 facets": [partial(ask, text, facets=FACETS) for text in queries.phrases],
        "broad, 6 facets": [partial(ask, queries.broad, facets=FACETS)] * SLOW,
        "everything, 6 facets": [partial(ask, "", facets=FACETS)] * SLOW,
        "newest first, broad": [partial(ask, queries.broad, newest=True)] * SLOW,
    }


def updates(found: Ours | Fts5, ask: Callable[..., int], corpus: Corpus) -> Times:
    """One update, from opening the writer until a reader finds it."""
    document = next(replace(corpus, size=1).documents())

    def update(revision: int) -> None:
        found.update(replace(document, revision=revision, title=f"zqx{revision}"))
        if ask(f"zqx{revision}") != 1:
            raise AssertionError(revision)

    first = int(time.time() * 1000)  # later than any in an index that was kept
    return timed([partial(update, revision) for revision in range(first, first + SLOW)])


def site_measured(folder: Path, corpus: Corpus, count: int) -> Row:
    """What stands on the database beside the index."""
    told: Row = {}
    for work, each in site_works(folder, corpus, queries_for(corpus, count)):
        told[work] = each if isinstance(each, str) else shown(timed(each))
    return told | {"memory, MB": memory()}


def limits() -> Row:
    """How long the worst queries take to read."""
    dice = random.Random(4)
    noise = "".join(dice.choice('ab "():-+*[]{}^~/\\ANDORNT \n') for _ in range(8_000))
    queries = {**HOSTILE, "8,000 signs at random": noise}
    return {name: shown(timed([partial(read_query, text[:8_000], NOW)] * SLOW)) for name, text in queries.items()}


def timed(works: Sequence[Callable[[], object]]) -> Times:
    """How long each takes, after the first was done once unmeasured: by the clock, and of the processor."""
    works[0]()
    by_clock, of_processor = [], []
    for work in works:
        began, cpu = time.perf_counter(), time.process_time()
        work()
        by_clock.append(time.perf_counter() - began)
        of_processor.append(time.process_time() - cpu)
    return by_clock, of_processor


def shown(times: Times) -> str:
    """The median and the 95th percentile in milliseconds, and in brackets the median of the processor's time."""
    by_clock, of_processor = map(sorted, times)
    middle, high = by_clock[len(by_clock) // 2], by_clock[int(len(by_clock) * 0.95)]
    return f"{middle * 1000:.1f} / {high * 1000:.1f} [{of_processor[len(of_processor) // 2] * 1000:.1f}]"


def memory() -> str:
    """The most memory that this process had, in megabytes."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"


def tell_table(title: str, told: dict[str, Row]) -> None:
    """Print a table, a column for each subject."""
    names = list(dict.fromkeys(work for found in told.values() for work in found))
    rows = [row(name, [found.get(name, "–") for found in told.values()]) for name in names]
    head, rule = row("work", list(told)), f"|{'-' * 38}|{'|'.join('-' * 26 for _ in told)}|"
    sys.stdout.write(
        "\n".join(["", f"{title}: milliseconds, p50 / p95 [p50 of the processor's time]", "", head, rule, *rows, ""])
    )
    sys.stdout.flush()


def row(name: str, cells: Sequence[str]) -> str:
    """A row of a table."""
    return f"| {name:36} | {' | '.join(f'{cell:>24}' for cell in cells)} |"


if __name__ == "__main__":
    main()
