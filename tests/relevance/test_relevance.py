"""Searching finds what it found when it was measured. `python -m tests.relevance.measure` tells more."""

from pathlib import Path

import pytest

from catalogue.search.tantivy_engine import TantivyPlace
from schemas.database.engine import Database
from tests.relevance.collection import collection
from tests.relevance.judged import HALVES, Judged, judged_queries
from tests.relevance.measure import order
from tests.relevance.scoring import AT, condensed, difference, ndcg, reciprocal_rank

RECORDED = {"tuning": 0.787, "checking": 0.816}
"""The nDCG@10 of each half when it was last measured. Raise it with the search; lower it only with a reason."""

LEEWAY = 0.01
"""So much less is no alarm: other words in the records move it too."""


def test_the_search_still_finds_what_was_judged_good(
    trial_data: Path, sqlite_database: Database, tmp_path: Path
) -> None:
    documents = collection(trial_data, sqlite_database)
    judged = judged_queries()
    known = {document.id for document in documents}
    assert {key for one in judged for key in one.grades} <= known, "the judged records are not all there"
    place = TantivyPlace(tmp_path / "search")
    with place.rebuilding() as rebuild:
        rebuild.add(documents)
        rebuild.swap(0)
    engine = place.reader()
    for half in HALVES:
        scores = {one.query: ndcg(order(engine, one.query, AT), one.grades) for one in judged if one.half == half}
        reached = sum(scores.values()) / len(scores)
        worst = sorted(scores, key=scores.__getitem__)[:40]
        assert reached >= RECORDED[half] - LEEWAY, f"{half}: {reached:.4f}; worst: {worst}"


def test_every_judgement_can_be_used() -> None:
    judged = judged_queries()
    assert len({one.query for one in judged}) == len(judged) >= 60
    assert {half: sum(one.half == half for one in judged) for half in HALVES} == {"tuning": 127, "checking": 125}
    for one in judged:
        assert one.why.endswith(".")
        assert max(one.grades.values()) == 3, one.query
        assert set(one.grades.values()) <= {0, 1, 2, 3}
        assert 1 <= len(one.query.split()) <= 10


def test_the_measures() -> None:
    grades = Judged("a", {"best": 3, "good": 2, "bad": 0}, "").grades
    assert ndcg(["best", "good"], grades) == 1
    assert ndcg(["good", "best"], grades) == pytest.approx((3 + 7 / 1.5849625) / (7 + 3 / 1.5849625))
    assert ndcg(["bad", "unjudged"], grades) == 0
    assert condensed(["unjudged", "best", "good"], grades) == 1 > ndcg(["unjudged", "best", "good"], grades)
    assert reciprocal_rank(["bad", "unjudged", "good"], grades) == pytest.approx(1 / 3)
    assert reciprocal_rank(["bad"], grades) == 0
    told = difference([0.5, 0.6, 0.7, 0.9], [0.4, 0.5, 0.6, 0.8])
    assert told.mean == pytest.approx(0.1)
    assert told.low == pytest.approx(0.1) == pytest.approx(told.high)
    assert (told.better, told.worse) == (4, 0)
