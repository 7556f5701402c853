"""Datasets like another one, on a real index."""

import pytest

from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchEngine, Upsert
from catalogue.search.similar import similar_datasets
from catalogue.search.tantivy_engine import TantivyPlace


def dataset(number: int, title: str, **more: object) -> SearchDocument:
    given = {"kind": "dataset", "summary": "Data.", **more}
    return SearchDocument(
        id=f"dataset:{number:032x}",
        revision=1,
        title=title,
        address=f"/datasets/d-{number}",
        recorded_at="2024-01-01T00:00:00+00:00",
        **given,  # type: ignore[arg-type]
    )


SALMON = dataset(
    1,
    "Salmon counts at river weirs 2019",
    keywords=("fish passes",),
    themes=("environment",),
    organisation_names=("A",),
)
OTHERS = [
    *(dataset(number, f"Salmon counts at river weirs {2000 + number}") for number in range(10, 18)),
    dataset(20, "Fish passes at weirs", themes=("environment",)),
    dataset(21, "Salmon licences sold", summary="Licences to fish at weirs.", organisation_names=("A",)),
    dataset(22, "Salmon at weirs: an agreement", kind="agreement"),
    *(dataset(number, f"Data on river {number}") for number in range(30, 60)),
    dataset(60, "Council tax"),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    place = TantivyPlace(tmp_path_factory.mktemp("similar"))
    writer = place.writer()
    writer.apply([Upsert(document) for document in (SALMON, *OTHERS)], 1)
    writer.close()
    return place.reader()


def test_the_likest_come_without_itself_without_agreements_and_two_of_a_series_at_most(engine: SearchEngine) -> None:
    found = similar_datasets(engine, SALMON)
    titles = [one.document.title for one in found]
    assert len([title for title in titles if title.startswith("Salmon counts")]) == 2
    assert {"Fish passes at weirs", "Salmon licences sold"} <= set(titles)
    assert SALMON.id not in {one.document.id for one in found}
    assert "Council tax" not in titles
    assert not any("agreement" in title for title in titles)
    assert len(found) <= 5


def test_what_they_have_in_common_is_told(engine: SearchEngine) -> None:
    found = {one.document.title: one for one in similar_datasets(engine, SALMON)}
    passes, licences = found["Fish passes at weirs"], found["Salmon licences sold"]
    assert {"fish", "passes", "weirs"} == set(passes.words)
    assert (passes.themes, passes.organisations) == (("environment",), ())
    assert (licences.themes, licences.organisations) == ((), ("A",))


def test_what_nothing_resembles_has_none(engine: SearchEngine) -> None:
    assert similar_datasets(engine, dataset(61, "2019")) == []
    assert similar_datasets(engine, dataset(62, "Zebra crossings")) == []
    assert similar_datasets(engine, OTHERS[-1]) == []
