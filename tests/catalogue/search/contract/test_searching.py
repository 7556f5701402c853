"""What every engine must find: the same ids, counts and facets; order only where it is fixed."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.search.document import InState, SearchDocument
from catalogue.search.engine import Removal, SearchEngine, Sort, Upsert
from catalogue.search.service import Found

Ask = Callable[..., Found]
Index = Callable[..., None]
Make = Callable[..., SearchDocument]


def numbers(found: Found) -> list[int]:
    """The numbers of the records found, in order."""
    return [int(hit.id.partition(":")[2], 16) for hit in found.answer.hits]


@pytest.fixture
def shelf(index: Index, make: Make) -> None:
    """Six records that the fixed readings are tried on."""
    index(
        make(1, title="Tax credit fraud", summary="Losses to fraud and error.", organisations=("hmrc",), years=(2019,)),
        make(
            2, title="Self-employed income", summary="Tables for 2019-20.", organisations=("hmrc",), years=(2019, 2020)
        ),
        make(3, title="Benefit fraud", summary="Fraud in benefits.", organisations=("dwp",), modified="2024-05-17"),
        make(4, title="River levels", organisations=("environment-agency",), licence="ogl-3", modified="2023"),
        make(5, title="Tax receipts", organisations=("x-y",), recorded_at="2024-05-16T13:00:00Z", keywords=("Tax",)),
        make(
            6,
            id="agreement:DEA/D/31",
            kind="agreement",
            title="Sharing of debt data",
            address="/agreements/DEA/D/31",
            organisations=("z", "hmrc"),
            organisation_names=("Z Council", "HM Revenue and Customs"),
            states=(InState("active"),),
        ),
    )


@pytest.mark.usefixtures("shelf")
def test_a_filter_narrows_by_exact_value_and_its_values_are_alternatives(ask: Ask) -> None:
    assert numbers(ask("kind:dataset", {"organisation": ["dwp", "x-y"]}, sort=Sort.TITLE)) == [3, 5]
    assert numbers(ask("fraud", {"organisation": ["dwp", "x-y"]})) == [3]
    assert ask("", {"organisation": ["DWP"]}).answer.total == 0
    assert ask("", {"organization": ["hmrc"], "year": ["2020"]}).answer.total == 1


@pytest.mark.usefixtures("shelf")
def test_a_facet_is_counted_under_the_other_filters_and_not_its_own(ask: Ask) -> None:
    facets = ask("fraud tax", {"organisation": ["hmrc"], "kind": ["dataset"]}).answer.facets
    assert {count.value: count.count for count in facets["organisation"]} == {"dwp": 1, "hmrc": 1, "x-y": 1}
    assert {count.value: count.count for count in facets["kind"]} == {"dataset": 1}
    assert {count.value: count.count for count in facets["year"]} == {"2019": 1}
    assert facets["licence"] == ()


@pytest.mark.usefixtures("shelf")
def test_a_chosen_value_is_shown_even_where_it_counts_nothing(ask: Ask) -> None:
    facets = ask("river", {"organisation": ["dwp"]}, facet_limit=1).answer.facets
    assert [(count.value, count.count) for count in facets["organisation"]] == [("environment-agency", 1), ("dwp", 0)]


def test_a_facet_of_more_than_a_thousand_values_is_whole(index: Index, make: Make, ask: Ask) -> None:
    index(*(make(n, keywords=tuple(f"k{n * 300 + step:05d}" for step in range(300))) for n in range(5)), make(9))
    counts = ask("", facets=["keyword"], facet_limit=2_000).answer.facets["keyword"]
    assert [(count.value, count.count) for count in counts] == [(f"k{n:05d}", 1) for n in range(1_500)]
    rare = ask("", {"keyword": ["k01499", "k00001"]}, facets=["keyword", "kind"], facet_limit=3).answer
    assert (rare.total, rare.facets["kind"][0].count) == (2, 2)
    assert {count.value: count.count for count in rare.facets["keyword"]} == dict.fromkeys(
        ("k00000", "k00001", "k00002", "k01499"), 1
    )


def test_facet_values_go_by_count_and_then_by_value(index: Index, make: Make, ask: Ask) -> None:
    index(*(make(n, formats=("csv", f"f{n % 3}")) for n in range(30)))
    counts = ask("", facets=["format"], facet_limit=3).answer.facets["format"]
    assert [(count.value, count.count) for count in counts] == [("csv", 30), ("f0", 10), ("f1", 10)]


def test_records_with_more_of_the_words_come_first(index: Index, make: Make, ask: Ask) -> None:
    index(
        make(1, title="Zebra food"),
        make(2, title="Zebra lion"),
        make(3, title="Lion food"),
        *(make(n, title=f"Lion number {n}") for n in range(10, 60)),
    )
    assert numbers(ask("zebra lion"))[:2] == [2, 1]  # and the rarer word before the one that many have


def test_the_title_counts_a_little(index: Index, make: Make, ask: Ask) -> None:
    index(
        make(1, title="Other words", summary="About rivers here"), make(2, title="Rivers", summary="Other words about")
    )
    assert numbers(ask("rivers")) == [2, 1]


def test_words_beside_a_clause_rank_without_excluding(index: Index, make: Make, ask: Ask) -> None:
    index(make(1, organisations=("hmrc",)), make(2, organisations=("hmrc",), summary="fraud"), make(3, summary="fraud"))
    assert numbers(ask("fraud organisation:hmrc")) == [2, 1]


def test_sorting(index: Index, make: Make, ask: Ask) -> None:
    index(
        make(1, title="éclair", modified="2023"),
        make(2, title="Apple", issued="2024-01-01"),
        make(3, title="apple", modified="2023-06-01T10:00:00Z", issued="2020"),
        make(4, title="Zoo"),
        make(5, title="Banana", modified="2023-06-01"),
    )
    assert numbers(ask("", sort=Sort.TITLE)) == [2, 3, 5, 1, 4]
    assert numbers(ask("", sort=Sort.NEWEST)) == [2, 3, 5, 1, 4]
    assert numbers(ask("kind:dataset")) == [2, 3, 5, 1, 4]  # nothing to rank by: newest first


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("query", ["", "same", "same word"])
def test_pages_hold_every_record_once_with_ties_by_id(
    index: Index, make: Make, ask: Ask, query: str, sort: Sort
) -> None:
    for start in range(0, 60, 7):  # several commits, so that equal records lie in several segments
        index(*(make(number, title="Same", address="/datasets/same") for number in range(start, min(start + 7, 60))))
    pages = [numbers(ask(query, sort=sort, offset=offset, limit=9)) for offset in range(0, 63, 9)]
    assert [number for page in pages for number in page] == list(range(60))
    assert numbers(ask(query, sort=sort, offset=60)) == []
    assert numbers(ask(query, sort=sort, offset=10**12)) == []
    assert ask(query, sort=sort, limit=0).answer.total == 60


def test_a_hit_carries_what_a_page_shows(index: Index, make: Make, ask: Ask) -> None:
    document = make(
        1,
        summary="Losses <b>to</b> fraud & error",
        text="not stored",
        access="open",
        formats=("csv",),
        years=(2019,),
        modified="2024-05",
    )
    index(document)
    (hit,) = ask("fraud").answer.hits
    assert (hit.id, hit.kind, hit.title, hit.address) == (document.id, "dataset", "Record 1", "/datasets/record-1")
    assert (hit.document.access, hit.document.formats, hit.document.modified) == ("open", ("csv",), "2024-05")
    assert [(piece.text, piece.matched) for piece in hit.snippet] == [
        ("Losses <b>to</b> ", False),
        ("fraud", True),
        (" & error", False),
    ]
    assert ask("fraud", snippet_length=0).answer.hits[0].snippet == ()


def test_an_empty_index_answers(ask: Ask) -> None:
    for query in ("", "fraud", "-x", "year:>2000"):
        answer = ask(query, {"organisation": ["hmrc"]}).answer
        assert (answer.total, answer.hits) == (0, ())


words = st.sampled_from(["tax", "fraud", "river", "2019-20", "data"])
codes = st.sampled_from(["hmrc", "dwp", "ea"])


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    shelf=st.lists(
        st.tuples(st.lists(words, max_size=4), st.lists(codes, max_size=2, unique=True)), min_size=1, max_size=8
    ),
    wanted=st.lists(words, min_size=1, max_size=3, unique=True),
    chosen=st.lists(codes, max_size=2, unique=True),
)
def test_totals_and_facets_agree_with_counting_by_hand(
    writer: SearchEngine, index: Index, make: Make, ask: Ask, shelf: Any, wanted: list[str], chosen: list[str]
) -> None:
    made = [
        make(n, title="", summary=" ".join(text), organisations=tuple(orgs)) for n, (text, orgs) in enumerate(shelf)
    ]
    _replace_all(writer, made)
    answer = ask(" ".join(wanted), {"organisation": chosen} if chosen else None, limit=100).answer
    matching = [document for document in made if set(wanted) & set(document.summary.split())]
    shown = [document for document in matching if not chosen or set(chosen) & set(document.organisations)]
    assert {hit.id for hit in answer.hits} == {document.id for document in shown}
    assert answer.total == len(shown)
    counted = {count.value: count.count for count in answer.facets["organisation"] if count.count}
    by_hand = {code: sum(code in document.organisations for document in matching) for code in ("hmrc", "dwp", "ea")}
    assert counted == {code: count for code, count in by_hand.items() if count}


def _replace_all(writer: SearchEngine, documents: list[SearchDocument]) -> None:
    writer.mend([Removal(identifier, revision) for identifier, revision in writer.revisions()], 0)
    writer.mend([Upsert(document) for document in documents], 0)
