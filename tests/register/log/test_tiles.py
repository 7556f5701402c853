"""Paths, tiles and bundles, against the examples and the definition of C2SP tlog-tiles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.log.tiles import (
    Tile,
    entries_path,
    entry_bundle,
    nodes_of_tiles,
    read_entry_bundle,
    read_path,
    tile_bytes,
    tile_path,
    tiles_of,
)
from register.log.tree import consistency_proof, inclusion_proof, root_of, verify_consistency, verify_inclusion
from tests.register.log.trees import grown, leaves, mth

LARGEST = 70_000
LEAVES = leaves(LARGEST)
TREE = grown(LEAVES)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(3, 1234067, 12), "tile/3/x001/x234/067.p/12"),
        (Tile(63, 5, 1), "tile/63/005.p/1"),
        (Tile(10, 5, 255), "tile/10/005.p/255"),
        (Tile(None, 1234067), "tile/entries/x001/x234/067"),
        (Tile(None, 0, 255), "tile/entries/000.p/255"),
    ],
)
def test_paths_are_written_and_read_as_the_standard_has_them(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert read_path(path) == tile
    assert tile.is_full == (".p/" not in path)


@given(st.none() | st.integers(0, 63), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_every_path_is_read_back(level: int | None, n: int, width: int) -> None:
    path = entries_path(n, width) if level is None else tile_path(level, n, width)
    assert read_path(path) == Tile(level, n, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x001",
        "tile/0/x001/",
        "tile/0/001/000",
        "tile/0/x000/001",
        "tile/0/x01/000",
        "tile/0/X001/000",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/8/0/000",
        "tile/entry/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/-1",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000/p/1",
        "tile/0/000 ",
        "tile/0/000\n",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/../000",
        "tile/0/００0",
        "tile/0/²00",
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/" + "x999/" * 20 + "999",
    ],
)
def test_nothing_else_is_a_path(path: str) -> None:
    with pytest.raises(ValueError, match=r"path|no tile|wide"):
        read_path(path)


@given(st.text(alphabet="tileentries/x0123456789.p-", max_size=40))
def test_what_is_read_as_a_path_is_written_the_same(text: str) -> None:
    for path in (text, f"tile/0/{text}"):
        try:
            tile = read_path(path)
        except ValueError:
            continue
        assert tile.path == path


@pytest.mark.parametrize(
    ("level", "n", "width"), [(-1, 0, 256), (64, 0, 256), (0, -1, 256), (0, 2**63, 256), (0, 0, 0), (0, 0, 257)]
)
def test_no_tile_lies_outside_the_tree(level: int, n: int, width: int) -> None:
    with pytest.raises(ValueError, match=r"no tile|wide"):
        tile_path(level, n, width)


def test_the_trees_of_the_standard_s_examples_have_its_tiles() -> None:
    found = list(tiles_of(70_000))
    assert [tile for tile in found if tile.level == 0] == [*(Tile(0, n) for n in range(273)), Tile(0, 273, 112)]
    assert [tile for tile in found if tile.level != 0] == [Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(1)) == [Tile(0, 0, 1)]
    assert list(tiles_of(0)) == []


@given(st.integers(0, 200_000), st.integers(0, 200_000))
def test_only_the_tiles_that_are_new_come_out(one: int, other: int) -> None:
    since, size = sorted((one, other))
    new = list(tiles_of(size, since))
    assert len(set(new)) == len(new)
    assert {tile for tile in new if tile not in set(tiles_of(since))} == set(tiles_of(size)) - set(tiles_of(since))
    assert {tile for tile in new if tile.is_full}.isdisjoint(tiles_of(since))
    assert list(tiles_of(size, size)) == []


def test_a_tree_does_not_grow_smaller() -> None:
    with pytest.raises(ValueError, match="did not grow"):
        list(tiles_of(3, 4))


@pytest.mark.parametrize(("level", "n", "width"), [(0, 0, 256), (0, 273, 112), (1, 0, 256), (1, 1, 17), (2, 0, 1)])
def test_a_tile_holds_the_hashes_of_the_definition(level: int, n: int, width: int) -> None:
    data = tile_bytes(level, n, width, TREE.node)
    assert len(data) == 32 * width
    for position in {0, width // 2, width - 1}:
        span = 256**level
        entries = LEAVES[(n * 256 + position) * span : (n * 256 + position + 1) * span]
        assert len(entries) == span
        assert data[32 * position : 32 * (position + 1)] == mth(entries)


def test_a_partial_tile_is_the_beginning_of_the_full_one() -> None:
    assert tile_bytes(0, 5, 256, TREE.node).startswith(tile_bytes(0, 5, 77, TREE.node))


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, 70_000])
def test_the_tiles_alone_give_root_and_proofs(size: int) -> None:
    files = {tile.path: tile_bytes(tile.level or 0, tile.n, tile.width, TREE.node) for tile in tiles_of(size)}
    node = nodes_of_tiles(size, lambda level, n, width: files[tile_path(level, n, width)])
    root = root_of(size, TREE.node)
    assert root_of(size, node) == root
    for index in {0, size // 3, size - 1}:
        verify_inclusion(LEAVES[index], index, size, inclusion_proof(index, size, node), root)
    for old in {1, size // 2 or 1, size}:
        proof = consistency_proof(old, size, node)
        verify_consistency(old, size, root_of(old, TREE.node), root, proof)


def test_every_complete_subtree_is_found_in_the_tiles() -> None:
    size = 1_000
    node = nodes_of_tiles(size, lambda level, n, width: tile_bytes(level, n, width, TREE.node))
    for level in range(size.bit_length()):
        for index in range(size >> level):
            assert node(level, index) == TREE.node(level, index)
        with pytest.raises(ValueError, match="no node"):
            node(level, size >> level)


def test_a_proof_reads_few_tiles() -> None:
    read: set[tuple[int, int, int]] = set()

    def reading(level: int, n: int, width: int) -> bytes:
        read.add((level, n, width))
        return tile_bytes(level, n, width, TREE.node)

    inclusion_proof(12_345, LARGEST, nodes_of_tiles(LARGEST, reading))
    assert read == {(0, 48, 256), (0, 273, 112), (1, 0, 256), (1, 1, 17)}


@pytest.mark.parametrize("change", [-32, -1, 1, 32])
def test_a_tile_of_another_length_is_named(change: int) -> None:
    node = nodes_of_tiles(LARGEST, lambda _level, _n, width: bytes(32 * width + change))
    with pytest.raises(ValueError, match=r"tile/0/273\.p/112 has \d+ bytes, not 3584"):
        node(0, LARGEST - 1)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_bundles_are_read_back(entries: list[bytes]) -> None:
    data = entry_bundle(entries)
    assert read_entry_bundle(data) == entries


def test_a_bundle_has_the_bytes_of_the_standard() -> None:
    assert entry_bundle([b"ab", b"", b"x" * 258]) == b"\x00\x02ab\x00\x00\x01\x02" + b"x" * 258
    assert read_entry_bundle(entry_bundle([b"x" * 65_535])) == [b"x" * 65_535]


@given(st.binary(max_size=600))
def test_any_bytes_are_a_bundle_or_a_valueerror(data: bytes) -> None:
    try:
        entries = read_entry_bundle(data)
    except ValueError:
        return
    assert entry_bundle(entries) == data


def test_a_bundle_cut_anywhere_is_no_bundle_of_as_many() -> None:
    data = entry_bundle([b"one", b"two", b"three"])
    for cut in range(len(data)):
        if cut in {5, 10}:  # between two entries it is a shorter bundle
            assert len(read_entry_bundle(data[:cut])) == cut // 5
            continue
        with pytest.raises(ValueError, match=r"cut short|no entry"):
            read_entry_bundle(data[:cut])


@pytest.mark.parametrize("entries", [[], [b""] * 257, [b"x" * 65_536]])
def test_what_no_bundle_can_hold_is_refused(entries: list[bytes]) -> None:
    with pytest.raises(ValueError, match=r"entries|at most"):
        entry_bundle(entries)
    with pytest.raises(ValueError, match="more than 256"):
        read_entry_bundle(b"\x00\x00" * 257)
