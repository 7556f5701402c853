"""Prints how well searching finds what it should, on the judged set (see `judged` and `collection`):

    GAZETTE_TEST_DATA=… python -m tests.relevance.measure [--engine tantivy] [--ideas] [--failures 0.5]

`now` is the search as it is, asked through the service on a real index. `first` is the first schema: stems alone, and
the words of then (no spellings joined, letters not cut from numbers). `stems` is the search as it is, but words as they
were written count nothing. `--ideas` compares other formulas over the same words in memory. Differences are paired,
query by query, with their 95 % interval.
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from unittest import mock

from catalogue.search import analysis, opensearch_query, tantivy_query, whoosh_query
from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchEngine, SearchPlace
from catalogue.search.service import search
from tests.catalogue.search.engines import PLACES
from tests.relevance.collection import all_documents, clock
from tests.relevance.ideas import Ideas
from tests.relevance.judged import HALVES, Judged, judged_queries
from tests.relevance.scoring import AT, condensed, difference, ndcg, reciprocal_rank

DEEP = 100
"""So many records of an order are looked at."""

Orders = dict[str, list[str]]
Measure = Callable[[Sequence[str], Mapping[str, int]], float]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--engine", choices=sorted(PLACES), default="tantivy")
    options.add_argument("--ideas", action="store_true", help="Compare other formulas too.")
    options.add_argument("--failures", type=float, default=0.5, help="Name queries below this nDCG.")
    chosen = options.parse_args()
    folder = os.environ.get("GAZETTE_TEST_DATA")
    if not folder:
        sys.exit("Set GAZETTE_TEST_DATA to the folder with the trial data.")
    judged = judged_queries()
    with tempfile.TemporaryDirectory() as scratch:
        documents = all_documents(Path(folder), Path(scratch) / "database")
        tell(f"{len(documents)} records, {len(judged)} queries, {sum(len(one.grades) for one in judged)} judgements")
        known = known_items(documents)
        asked = [*(one.query for one in judged), *known]
        found = {}
        for name, circumstances in SYSTEMS.items():
            with circumstances():
                found[name] = orders(PLACES[chosen.engine](Path(scratch) / name), documents, asked)
    for name, each in found.items():
        tell_each(name, judged, each)
    now = found["now"]
    tell_difference("now − first", judged, now, found["first"])
    tell_difference("now − stems", judged, now, found["stems"])
    tell_known(known, found)
    if chosen.ideas:
        tell_ideas(Ideas(documents), judged)
    for half in HALVES:
        tell(f"\n{half}: queries below nDCG {chosen.failures}, of which nothing was tuned by the checking half")
        for one in judged:
            if one.half == half and (score := ndcg(now[one.query], one.grades)) < chosen.failures:
                tell(f"  {score:.2f}  {one.query}")


def orders(place: SearchPlace, documents: Sequence[SearchDocument], queries: Sequence[str]) -> Orders:
    """What the service finds for each query on a new index of these documents."""
    with place.rebuilding() as rebuild:
        rebuild.add(documents)
        rebuild.swap(0)
    engine = place.reader()
    found = {query: order(engine, query) for query in queries}
    engine.close()
    return found


def order(engine: SearchEngine, query: str, limit: int = DEEP) -> list[str]:
    """The first records for a query, best first."""
    found = search(engine, query, clock=clock, facets=(), limit=limit, snippet_length=0)
    return [hit.id for hit in found.answer.hits]


@contextmanager
def stems_alone() -> Iterator[None]:
    """The engines without a weight for words as they were written."""
    with ExitStack() as patches:
        for engine in (tantivy_query, whoosh_query, opensearch_query):
            patches.enter_context(mock.patch.object(engine, "WRITTEN_WEIGHT", 0.0))
        yield


@contextmanager
def first_schema() -> Iterator[None]:
    """Stems alone, from the analyser without what it learnt since."""
    with (
        stems_alone(),
        mock.patch.object(analysis, "spelt_alike", lambda word: word),
        mock.patch.object(analysis, "_cut_at_number", lambda part: (part,) if part else ()),
    ):
        _forget()
        yield
    _forget()


SYSTEMS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "first": first_schema,
    "stems": stems_alone,
    "now": nullcontext,
}
"""What is compared by name: the circumstances under which an index is built and asked."""


def _forget() -> None:
    """Throw away what the analyser remembers of words."""
    for remembered in (analysis.stem, analysis.folded):
        remembered.cache_clear()
    for known in (analysis._words_of, analysis._key_of):
        known.clear()


def known_items(documents: Sequence[SearchDocument]) -> dict[str, str]:
    """Queries made without a person: for each record with a long description four of its words, by chance."""
    dice = random.Random(3)
    made = {}
    for document in documents:
        words = [word for word in dict.fromkeys(analysis.exact(document.summary).parts) if len(word) > 3]
        words = [word for word in words if word not in analysis.FUNCTION_WORDS]
        if len(words) >= 12:
            made[" ".join(dice.sample(words, 4))] = document.id
    return made


def tell_each(name: str, judged: Sequence[Judged], found: Orders) -> None:
    for half in HALVES:
        ours = [one for one in judged if one.half == half]
        told = {
            f"nDCG@{AT}": mean(lambda one: ndcg(found[one.query], one.grades), ours),
            "judged records alone": mean(lambda one: condensed(found[one.query], one.grades), ours),
            "MRR": mean(lambda one: reciprocal_rank(found[one.query], one.grades), ours),
        }
        unjudged = sum(key not in one.grades for one in ours for key in found[one.query][:AT])
        figures = ", ".join(f"{what} {figure:.4f}" for what, figure in told.items())
        tell(f"{name:28} {half:9} ({len(ours)}): {figures}; {unjudged} of the first {AT} not judged")


def tell_difference(
    name: str, judged: Sequence[Judged], new: Orders, old: Orders, measures: dict[str, Measure] | None = None
) -> None:
    measures = measures or {"nDCG": ndcg, "judged alone": condensed, "MRR": reciprocal_rank}
    for half in HALVES:
        ours = [one for one in judged if one.half == half]
        for what, measured in measures.items():
            told = difference(
                [measured(new[one.query], one.grades) for one in ours],
                [measured(old[one.query], one.grades) for one in ours],
            )
            tell(f"{name:28} {half:9} {what:13} {told}")


def tell_known(known: dict[str, str], systems: dict[str, Orders]) -> None:
    ranks = {
        name: [reciprocal_rank(found[query], {target: 3}) for query, target in known.items()]
        for name, found in systems.items()
    }
    figures = ", ".join(f"{name} {sum(each) / len(each):.4f}" for name, each in ranks.items())
    tell(f"{len(known)} known items (four words of a description), MRR: {figures}")
    tell(f"  now − first: {difference(ranks['now'], ranks['first'])}")


def tell_ideas(ideas: Ideas, judged: Sequence[Judged]) -> None:
    found = {name: {one.query: ideas.order(name, one.query, DEEP) for one in judged} for name in ideas.formulas}
    tell("\nOther formulas, in memory")
    base = next(iter(found.values()))
    for name, each in found.items():
        tell_each(name, judged, each)
        if each is not base:
            tell_difference(f"{name} − stems", judged, each, base, {"nDCG": ndcg})


def mean(of: Callable[[Judged], float], judged: Sequence[Judged]) -> float:
    return sum(map(of, judged)) / len(judged)


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
