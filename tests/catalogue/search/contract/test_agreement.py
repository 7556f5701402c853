"""Any records, any query, any filters: every engine finds, counts and pages what looking at each record gives."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.search.cursor import Cursor
from catalogue.search.document import InState, SearchDocument
from catalogue.search.engine import Removal, SearchEngine, SearchRequest, Sort, Upsert
from catalogue.search.fields import COUNTABLE
from catalogue.search.opensearch_engine import OpenSearchEngine
from catalogue.search.periods import Period
from catalogue.search.query import read_query
from catalogue.search.service import search
from tests.catalogue.search.conftest import make_document
from tests.catalogue.search.contract.oracle import expected, expected_counts, in_order
from tests.catalogue.search.engines import PLACES

Index = tuple[SearchEngine, SearchEngine]

WORDS = ("tax", "taxes", "fraud", "river", "rivers", "2019-20", "self-employed", "the", "Élan", "DEA/D/31", "x")
CODES = ("hmrc", "Home Office", "x-y", "csv")

texts = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
codes = st.lists(st.sampled_from(CODES), max_size=2, unique=True).map(tuple)
dates = st.sampled_from([None, "2019", "2019-06", "2019-06-15", "2024-05-17T11:30:00Z", "not a date"])
days = st.sampled_from(["2018-12-31", "2019-01-01", "2019-04-01", "2020-03-31", "2020-04-01", "2021-07-15"])
nows = days.map(lambda day: datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC))
spans = st.tuples(st.just("") | days, st.just("") | days).filter(lambda ends: not ends[1] or ends[0] <= ends[1])


def _lives(turns: list[str]) -> tuple[InState, ...]:
    """The states one after the other, each until the day before the next."""
    first, last = sorted({"0", *turns}), {"2019-01-01": "2018-12-31", "2019-04-01": "2019-03-31"}
    ends = [last.get(turn, turn) for turn in first[1:]]
    return tuple(
        InState(state, "" if begins == "0" else begins, ends[place] if place < len(ends) else "")
        for place, (state, begins) in enumerate(zip(("signed", "in-force", "ended"), first, strict=False))
    )


lives = st.lists(st.sampled_from(["2019-01-01", "2019-04-01"]), max_size=2, unique=True).map(_lives)
records = st.fixed_dictionaries(
    {
        "title": texts,
        "summary": texts,
        "text": texts,
        "kind": st.sampled_from(["dataset", "agreement"]),
        "organisations": codes,
        "organisation_names": codes,
        "formats": codes,
        "keywords": codes,
        "years": st.lists(st.integers(2017, 2021), max_size=3, unique=True).map(tuple),
        "licence": st.none() | st.sampled_from(CODES),
        "covers": st.lists(spans.map(lambda ends: Period(*ends)), max_size=3, unique=True).map(tuple),
        "states": lives | st.just((InState("active"),)) | st.just(()),
        "places": codes,
        "place_codes": codes,
        "powers": codes,
        "power_names": codes,
        "recorded_at": st.sampled_from(["2024-05-01T10:00:00Z", "2024-05-02T10:00:00Z"]),
        "first_recorded_at": st.none() | st.just("2023-01-01T00:00:00Z"),
        "issued": dates,
        "modified": dates,
    }
)

word = st.sampled_from([*WORDS, "ta*", "ri*", "2019*", "self-e*", "nowhere"])
atoms = st.one_of(
    word,
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.tuples(st.sampled_from(["title", "text", "organisation", "format", "keyword", "power", "state"]), word).map(
        ":".join
    ),
    st.tuples(st.sampled_from(["organisation", "format", "licence"]), st.sampled_from(CODES)).map(
        '{0[0]}:"{0[1]}"'.format
    ),
    st.sampled_from(["organisation", "year", "licence", "modified", "title", "covers", "place"]).map("{}:*".format),
    st.sampled_from(
        [
            *("year:2019", "year:>=2019", "year:{2018 TO 2020}", "year:<2019", "year:[2020 TO 2018]"),
            *("modified:2019", "modified:[2019-06 TO *]", "modified:<2024", "modified:[NOW-1DAY TO NOW]"),
            *("covers:2019", "covers:[2019-04 TO 2020-03]", "covers:>2020-03-31", "covers:<2019", "covers:{2019 TO *]"),
            *("state:in-force", "state:(signed OR ended)", "-state:active", "state:e*", "covers:[2021 TO 2018]"),
            *('place:"Home Office"', 'power:"Home Office"', "covers:2019-20"),
            *("issued:>2019-06-15", "recorded:<NOW", "kind:agreement", "title:(tax OR river)", "-licence:csv"),
        ]
    ),
)
queries = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" ", " AND ", " OR ", " NOT ", " +", " -"]), inner).map("".join),
        inner.map("({})".format),
        inner.map("-({})".format),
        inner.map("NOT {}".format),
    ),
    max_leaves=6,
)
filters = st.dictionaries(
    st.sampled_from(["organisation", "format", "kind", "year", "state", "place", "power"]),
    st.lists(st.sampled_from([*CODES, "dataset", "2019", "in-force", "active"]), max_size=2, unique=True),
    max_size=2,
)


@pytest.fixture(scope="module", params=sorted(PLACES))
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """A writer and a reader of one index, which keeps its history from example to example."""
    place = PLACES[request.param](tmp_path_factory.mktemp("agreement") / "search")
    with closing(place.writer()) as writer, closing(place.reader()) as reader:
        yield writer, reader


@settings(max_examples=30)
@given(
    shelf=st.lists(records, max_size=9),
    asked=st.lists(st.tuples(queries, filters, nows, st.sampled_from(Sort), st.booleans()), min_size=3, max_size=6),
    changed=st.sets(st.integers(0, 8), max_size=3),
)
def test_what_is_found_and_counted_is_what_the_records_say(
    index: Index,
    shelf: Sequence[dict[str, Any]],
    asked: Sequence[tuple[str, dict[str, list[str]], datetime, Sort, bool]],
    changed: set[int],
) -> None:
    writer, reader = index
    documents = _put(writer, shelf, changed)
    # A server answers over the network; what each engine is asked comes from the same dice, and three are enough.
    for query, chosen, now, sort, reverse in asked[: 3 if isinstance(reader, OpenSearchEngine) else None]:
        tree, day = read_query(query, now).tree, now.date()
        wanted = expected(tree, chosen, documents, day)
        found = search(reader, query, chosen, clock=lambda now=now: now, facets=tuple(COUNTABLE), facet_limit=1000)  # type: ignore[misc]
        assert {hit.id for hit in found.answer.hits} == {document.id for document in wanted}, query
        assert found.answer.total == len(wanted)
        for name in COUNTABLE:
            counted = {facet.value: facet.count for facet in found.answer.facets[name]}
            counts = expected_counts(name, tree, chosen, documents, day)
            assert counted == {**dict.fromkeys(chosen.get(name, ()), 0), **counts}, (query, chosen, name)
        request = replace(found.request, sort=sort, reverse=reverse, facets=(), snippet_length=0)
        listed = [hit.id for hit in reader.search(request).hits]
        if request.order is not Sort.RELEVANCE:
            assert listed == in_order(wanted, request.order, reverse=request.backwards), (query, sort)
        assert sorted(listed) == sorted(document.id for document in wanted)
        assert _walked(reader, replace(request, limit=2)) == listed, (query, sort)


def _walked(reader: SearchEngine, request: SearchRequest) -> list[str]:
    """What is met when one page follows another."""
    met: list[str] = []
    while True:
        answer = reader.search(request)
        met.extend(hit.id for hit in answer.hits)
        if answer.next is None:
            return met
        assert answer.next.position == len(met)
        request = replace(request, after=Cursor.from_text(answer.next.text()))


def _put(writer: SearchEngine, shelf: Sequence[dict[str, Any]], changed: set[int]) -> list[SearchDocument]:
    """Put records into the index in several commits, some of them in an earlier form first; others go."""
    documents = [make_document(number, revision=2, **values) for number, values in enumerate(shelf)]
    gone = [Removal(identifier, revision) for identifier, revision in writer.revisions()]
    before = [Upsert(make_document(number, title="fraud tax", organisations=("hmrc",))) for number in sorted(changed)]
    writer.mend([*gone, *before], 0)
    half = len(documents) // 2
    writer.mend([Upsert(document) for document in documents[:half]], 0)
    surplus = [Removal(change.id, 2) for change in before if change.document.id not in {d.id for d in documents}]
    writer.mend([*map(Upsert, documents[half:]), *surplus], 0)
    return documents
