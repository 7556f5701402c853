"""What only Whoosh's folder has: whose it is, damage, versions, merging, drafts, and counting outside it."""

import os
from array import array
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from whoosh import columns

from catalogue.search import whoosh_engine, whoosh_segments
from catalogue.search.document import SearchDocument
from catalogue.search.engine import Removal, SearchPlace, SearchRequest, SearchUnavailable, Upsert
from catalogue.search.places import search_place
from catalogue.search.query import read_query
from catalogue.search.tantivy_engine import TantivyPlace
from catalogue.search.whoosh_counting import HAS_NUMPY, Values, count_codes
from catalogue.search.whoosh_engine import WhooshPlace
from catalogue.search.whoosh_files import _MOST_ALIKE
from catalogue.search.whoosh_layout import ROW
from schemas.settings import read_settings
from tests.catalogue.search.conftest import NOW

Make = Callable[..., SearchDocument]


@pytest.fixture
def place(tmp_path: Path) -> WhooshPlace:
    return WhooshPlace(tmp_path / "search")


@pytest.fixture
def filled(place: WhooshPlace, make: Make) -> WhooshPlace:
    with closing(place.writer()) as writer:
        writer.apply([Upsert(make(number)) for number in range(50)], 1)
    return place


def _cut(ending: str, size: int) -> Callable[[Path], None]:
    def cut(folder: Path) -> None:
        for file in (folder / "index-1").glob(f"*{ending}"):
            file.write_bytes(file.read_bytes()[:size])

    return cut


def _without(ending: str) -> Callable[[Path], None]:
    def remove(folder: Path) -> None:
        for file in (folder / "index-1").glob(f"*{ending}"):
            file.unlink()

    return remove


def _garbled(folder: Path) -> None:
    (segment,) = (folder / "index-1").glob("*.seg")
    segment.write_bytes(bytes(byte ^ 0x55 for byte in segment.read_bytes()))


DAMAGES = {
    "no segment": _without(".seg"),
    "no list of segments": _without(".toc"),
    "an empty segment": _cut(".seg", 0),
    "half a segment": _cut(".seg", 400),
    "a garbled segment": _garbled,
    "an empty list of segments": _cut(".toc", 0),
    "half a list of segments": _cut(".toc", 300),
    "no fingerprint": _without("gazette-index.json"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_says_what_to_do_and_a_rebuild_mends_it(
    filled: WhooshPlace, make: Make, tmp_path: Path, damage: str
) -> None:
    DAMAGES[damage](tmp_path / "search")
    with pytest.raises(SearchUnavailable, match="gazette catalogue reindex"):
        filled.reader().search(SearchRequest())
    with filled.rebuilding() as rebuild:
        rebuild.add([make(1)])
        rebuild.swap(1)
    assert filled.reader().search(SearchRequest()).total == 1
    filled.writer().close()


def test_an_index_of_another_version_is_refused(
    filled: WhooshPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_engine, "fingerprint", lambda: "whoosh-of-tomorrow")
    tomorrow = WhooshPlace(tmp_path / "search")
    for use in (tomorrow.reader().watermark, tomorrow.writer):
        with pytest.raises(SearchUnavailable, match="another version"):
            use()


@pytest.mark.parametrize(("first", "second"), [("tantivy", "whoosh"), ("whoosh", "tantivy")])
def test_who_changes_the_engine_is_told_to_reindex_and_then_finds(
    make: Make, tmp_path: Path, first: str, second: str
) -> None:
    before, after = _configured(tmp_path, first), _configured(tmp_path, second)
    with closing(before.writer()) as writer:
        writer.apply([Upsert(make(1))], 1)
    for use in (after.reader().watermark, after.writer):
        with pytest.raises(SearchUnavailable, match=f"another engine, {first}") as told:
            use()
    assert "gazette catalogue reindex" in told.value.advice
    with after.rebuilding() as rebuild:
        rebuild.add([make(2)])
        rebuild.swap(5)
    assert [hit.id for hit in after.reader().search(SearchRequest()).hits] == [make(2).id]


def _configured(folder: Path, engine: str) -> SearchPlace:
    return search_place(read_settings({"GAZETTE_SEARCH_ENGINE": engine}, folder))


def test_the_setting_chooses_the_engine(tmp_path: Path) -> None:
    assert isinstance(_configured(tmp_path, "whoosh"), WhooshPlace)
    assert isinstance(_configured(tmp_path, ""), TantivyPlace)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="modes of files are POSIX")
@pytest.mark.parametrize("folder", [".", "index-1"])
@pytest.mark.parametrize("mode", [0o775, 0o757])
def test_a_folder_into_which_others_can_write_is_never_read(
    filled: WhooshPlace, tmp_path: Path, folder: str, mode: int
) -> None:
    (tmp_path / "search" / folder).chmod(mode)
    for use in (filled.reader().watermark, filled.writer):
        with pytest.raises(SearchUnavailable, match="Others can write") as told:
            use()
    assert "chmod go-w" in told.value.advice


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="modes of files are POSIX")
def test_a_loose_umask_leaves_a_folder_of_one_s_own(place: WhooshPlace, make: Make) -> None:
    before = os.umask(0o002)
    try:
        with closing(place.writer()) as writer:
            writer.apply([Upsert(make(1))], 1)
    finally:
        os.umask(before)
    assert place.reader().watermark() == 1


def test_segments_stay_few_and_hold_every_record_once(place: WhooshPlace, make: Make, tmp_path: Path) -> None:
    reader = place.reader()
    expected: dict[str, int] = {}
    with closing(place.writer()) as writer:
        for step in range(1, 81):
            changed = make(step * 7 % 30, revision=step, title=f"Version {step}")
            if step % 5:
                expected[changed.id] = step
                writer.apply([Upsert(changed)], step)
            else:
                expected.pop(changed.id, None)
                writer.apply([Removal(changed.id, step)], step)
            assert reader.search(SearchRequest(limit=0)).total == len(expected)
            assert len(list((tmp_path / "search" / "index-1").glob("*.seg"))) <= 3 * (_MOST_ALIKE + 1)
    assert dict(reader.revisions()) == expected
    assert reader.watermark() == 80
    for step in range(1, 81):
        titled = SearchRequest(read_query(f'"version {step}"', NOW).tree)
        assert reader.search(titled).total == (step in expected.values())


def test_what_a_dead_writer_left_is_cleared_away(filled: WhooshPlace, make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "search" / "index-1"
    (folder / "_MAIN_2.toc.1700000000.5").write_bytes(b"half")
    (folder / "MAIN_0123456789abcdef.trm").write_bytes(b"half")
    with closing(filled.writer()) as writer:
        writer.apply([Upsert(make(99))], 2)
    left = {file.name.partition(".")[0] for file in folder.iterdir()}
    assert not {"MAIN_0123456789abcdef"} & left
    assert list(folder.glob("*.toc.*")) == []
    assert filled.reader().search(SearchRequest()).total == 51


def test_a_commit_that_failed_takes_nothing_and_the_next_one_works(filled: WhooshPlace, make: Make) -> None:
    with closing(filled.writer()) as writer:
        with pytest.raises(SearchUnavailable):
            writer.apply([Upsert(make(98)), Upsert(make(99, title=7))], 2)
        assert len(list(writer.revisions())) == 50
        writer.apply([Upsert(make(98)), Removal(make(1).id, 2)], 3)
        assert len(list(writer.revisions())) == 50
        assert writer.watermark() == 3


def test_forgetting_what_was_read_changes_nothing(filled: WhooshPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh_segments, "_MOST_POSTINGS", 1)
    reader = filled.reader()
    for _ in range(3):
        assert reader.search(SearchRequest(read_query("record 7", NOW).tree)).total == 50
        assert reader.search(SearchRequest(read_query("title:record AND 7", NOW).tree)).total == 1


def test_rows_are_read_back_beyond_the_size_at_which_whoosh_writes_them_otherwise(
    place: WhooshPlace, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ROW, "write_offsets_cutoff", 10)  # 32,768 in earnest
    monkeypatch.setattr(columns.VarBytesColumn.Writer.__init__, "__defaults__", (True, 10))
    with place.rebuilding() as rebuild:
        rebuild.add([make(number, keywords=(f"k{number % 2}",)) for number in range(300)])
        rebuild.swap(1)
    answer = place.reader().search(SearchRequest(facets=("keyword",), limit=300))
    assert [hit.document for hit in answer.hits] == [make(n, keywords=(f"k{n % 2}",)) for n in range(300)]
    assert [(facet.value, facet.count) for facet in answer.facets["keyword"]] == [("k0", 150), ("k1", 150)]


@pytest.mark.parametrize("with_numpy", [False, True])
def test_values_are_counted_from_the_codes_of_their_sets(*, with_numpy: bool) -> None:
    if with_numpy and not HAS_NUMPY:
        pytest.skip("numpy is not installed; it only makes counting faster")
    values = Values()
    sets: list[tuple[str, ...]] = [("a",), (), ("b", "a"), ("a",), ("a", "b"), ("2019",)]
    codes = array("I", [values.code(one) for one in sets])
    counted = count_codes(codes, {0, 1, 2, 3, 5}, with_numpy=with_numpy)
    assert values.spread(counted) == {"a": 3, "b": 1, "2019": 1}
    assert values.code(()) == 0
    assert {codes[2], codes[4]} == values.codes_with(["b"])
