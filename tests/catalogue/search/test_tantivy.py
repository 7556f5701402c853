"""What only tantivy's folder has: damage, versions, generations, and readers in other processes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.search import tantivy_engine, tantivy_reading
from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchRequest, SearchUnavailable, Upsert
from catalogue.search.query_tree import Word
from catalogue.search.tantivy_engine import TantivyPlace

Make = Callable[..., SearchDocument]


@pytest.fixture
def place(tmp_path: Path) -> TantivyPlace:
    return TantivyPlace(tmp_path / "search")


@pytest.fixture
def filled(place: TantivyPlace, make: Make) -> TantivyPlace:
    writer = place.writer()
    writer.apply([Upsert(make(number)) for number in range(50)], 1)
    writer.close()
    return place


def _pointer(folder: Path) -> None:
    (folder / "current").write_text("../elsewhere")


def _no_generation(folder: Path) -> None:
    (folder / "current").write_text("index-77\n")


def _meta(folder: Path) -> None:
    (folder / "index-1" / "meta.json").write_text("{")


def _no_meta(folder: Path) -> None:
    (folder / "index-1" / "meta.json").unlink()


def _no_fingerprint(folder: Path) -> None:
    (folder / "index-1" / "gazette-index.json").unlink()


def _no_segments(folder: Path) -> None:
    for file in (folder / "index-1").iterdir():
        if file.suffix in {".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm"}:
            file.unlink()


def _emptied_segments(folder: Path) -> None:
    for file in (folder / "index-1").iterdir():
        if file.suffix in {".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm"}:
            file.write_bytes(b"")


@pytest.mark.parametrize(
    "damage", [_pointer, _no_generation, _meta, _no_meta, _no_fingerprint, _no_segments, _emptied_segments]
)
def test_a_damaged_index_says_what_to_do_and_a_rebuild_mends_it(
    filled: TantivyPlace, make: Make, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    damage(tmp_path / "search")
    for use in (filled.writer, filled.reader().watermark, lambda: filled.reader().search(SearchRequest())):
        with pytest.raises(SearchUnavailable, match="gazette catalogue reindex"):
            use()
    with filled.rebuilding() as rebuild:
        rebuild.add([make(1)])
        rebuild.swap(1)
    assert filled.reader().search(SearchRequest()).total == 1
    filled.writer().close()


def test_an_index_of_another_version_is_refused(
    filled: TantivyPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tantivy_engine, "fingerprint", lambda: "tantivy-of-tomorrow")
    tomorrow = TantivyPlace(tmp_path / "search")
    with pytest.raises(SearchUnavailable, match="another version"):
        tomorrow.reader().watermark()
    with pytest.raises(SearchUnavailable, match="another version"):
        tomorrow.writer()


def test_old_generations_are_cleared_away(filled: TantivyPlace, make: Make, tmp_path: Path) -> None:
    reader = filled.reader()
    assert reader.search(SearchRequest()).total == 50
    for number in range(3):
        with filled.rebuilding() as rebuild:
            rebuild.add([make(number)])
            rebuild.swap(1)
        assert reader.search(SearchRequest()).hits[0].id == make(number).id
    assert [path.name for path in (tmp_path / "search").glob("index-*")] == ["index-4"]


def test_facets_stay_exact_where_records_have_too_many_different_sets_of_values(
    place: TantivyPlace, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.rebuilding() as rebuild:
        rebuild.add([make(n, themes=tuple(f"t{m}" for m in range(6) if n >> m & 1)) for n in range(64)])
        rebuild.swap(1)
    request = SearchRequest(filters={"theme": ("t0",)}, facets=("theme", "kind"))
    counted = place.reader().search(request).facets
    assert {found.value: found.count for found in counted["theme"]} == {f"t{m}": 32 for m in range(6)}
    monkeypatch.setattr(tantivy_reading, "_MOST_SETS", 5)
    assert place.reader().search(request).facets == counted


def test_counting_beside_the_reading_of_a_page_gives_the_same(
    filled: TantivyPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a large index, which no test has."""
    requests = [
        SearchRequest(Word(word), filters=filters, facets=("kind", "organisation", "year", "state"), limit=limit)
        for word in ("record", "nothing")
        for filters in ({}, {"kind": ("dataset",)})
        for limit in (0, 5)
    ]
    alone = [filled.reader().search(request) for request in requests]
    assert any(answer.facets["kind"] for answer in alone)
    monkeypatch.setattr(tantivy_engine, "_LARGE", 0)
    reader = filled.reader()
    for _ in range(2):  # an engine that was closed opens again when it is asked
        assert [reader.search(request) for request in requests] == alone
        reader.close()


def test_readers_never_open_a_writer(filled: TantivyPlace, tmp_path: Path) -> None:
    writer = filled.writer()
    reader = filled.reader()
    assert reader.search(SearchRequest()).total == 50  # while another holds the lock
    reader.close()
    assert reader.search(SearchRequest()).total == 50  # and opens again when asked
    writer.close()


def test_writing_to_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SearchUnavailable, match="cannot be made"):
        TantivyPlace(tmp_path / "file" / "search").writer()
