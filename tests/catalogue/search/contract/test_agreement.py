"""Any records, any query, any filters: every engine finds, counts and pages what looking at each record gives."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.search.document import SearchDocument
from catalogue.search.engine import Removal, SearchEngine, Sort, Upsert
from catalogue.search.fields import COUNTABLE
from catalogue.search.query import read_query
from catalogue.search.service import search
from tests.catalogue.search.conftest import NOW, make_document
from tests.catalogue.search.contract.oracle import expected, expected_counts
from tests.catalogue.search.engines import PLACES

Index = tuple[SearchEngine, SearchEngine]

WORDS = ("tax", "taxes", "fraud", "river", "rivers", "2019-20", "self-employed", "the", "Élan", "DEA/D/31", "x")
CODES = ("hmrc", "Home Office", "x-y", "csv")

texts = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
codes = st.lists(st.sampled_from(CODES), max_size=2, unique=True).map(tuple)
dates = st.sampled_from([None, "2019", "2019-06", "2019-06-15", "2024-05-17T11:30:00Z", "not a date"])
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
        "issued": dates,
        "modified": dates,
    }
)

word = st.sampled_from([*WORDS, "ta*", "ri*", "2019*", "self-e*", "nowhere"])
atoms = st.one_of(
    word,
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.tuples(st.sampled_from(["title", "text", "organisation", "format", "keyword", "licence"]), word).map(":".join),
    st.tuples(st.sampled_from(["organisation", "format", "licence"]), st.sampled_from(CODES)).map(
        '{0[0]}:"{0[1]}"'.format
    ),
    st.sampled_from(["organisation", "year", "licence", "modified", "title"]).map("{}:*".format),
    st.sampled_from(
        [
            *("year:2019", "year:>=2019", "year:{2018 TO 2020}", "year:<2019", "year:[2020 TO 2018]"),
            *("modified:2019", "modified:[2019-06 TO *]", "modified:<2024", "modified:[NOW-1DAY TO NOW]"),
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
    st.sampled_from(["organisation", "format", "kind", "year", "keyword", "licence"]),
    st.lists(st.sampled_from([*CODES, "dataset", "2019"]), max_size=2, unique=True),
    max_size=2,
)


@pytest.fixture(scope="module", params=sorted(PLACES))
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """A writer and a reader of one index, which keeps its history from example to example."""
    place = PLACES[request.param](tmp_path_factory.mktemp("agreement") / "search")
    with closing(place.writer()) as writer, closing(place.reader()) as reader:
        yield writer, reader


@settings(max_examples=40)
@given(
    shelf=st.lists(records, max_size=9),
    asked=st.lists(st.tuples(queries, filters), min_size=4, max_size=12),
    changed=st.sets(st.integers(0, 8), max_size=3),
)
def test_what_is_found_and_counted_is_what_the_records_say(
    index: Index,
    shelf: Sequence[dict[str, Any]],
    asked: Sequence[tuple[str, dict[str, list[str]]]],
    changed: set[int],
) -> None:
    writer, reader = index
    documents = _put(writer, shelf, changed)
    for query, chosen in asked:
        tree = read_query(query, NOW).tree
        wanted = expected(tree, chosen, documents)
        found = search(reader, query, chosen, clock=lambda: NOW, facets=tuple(COUNTABLE), facet_limit=1000)
        assert {hit.id for hit in found.answer.hits} == {document.id for document in wanted}, query
        assert found.answer.total == len(wanted)
        for name in COUNTABLE:
            counted = {facet.value: facet.count for facet in found.answer.facets[name] if facet.count}
            assert counted == expected_counts(name, tree, chosen, documents), (query, chosen, name)
        for sort in Sort:
            pages = [
                hit.id
                for start in range(0, len(wanted) + 1, 2)
                for hit in search(
                    reader, query, chosen, clock=lambda: NOW, sort=sort, facets=(), offset=start, limit=2
                ).answer.hits
            ]
            assert sorted(pages) == sorted(document.id for document in wanted)


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
