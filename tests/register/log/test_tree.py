"""Roots and proofs: published answers, RFC 6962's own definitions, and every way to spoil a proof."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.log.tree import (
    GrowingTree,
    consistency_proof,
    inclusion_proof,
    nodes_added,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from schemas.merkle import EMPTY_ROOT, leaf_hash, node_hash
from tests.register.log.trees import GrownTree, flipped, grown, leaves, mth, path, subproof

LARGEST = 70
LEAVES = leaves(LARGEST)
TREE = grown(LEAVES)
ROOTS = [mth(LEAVES[:size]) for size in range(LARGEST + 1)]

# The entries that implementations of RFC 6962 are tested with, and nodes of their tree.
CT_ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
N0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
N1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
N4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
N01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
N23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N0123 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
N4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
CT_ROOTS = {
    1: N0,
    2: N01,
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: N0123,
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
CT_TREE = grown([leaf_hash(bytes.fromhex(entry)) for entry in CT_ENTRIES])

GDS = json.loads((Path(__file__).parent / "vectors" / "gds-registers.json").read_text(encoding="utf-8"))["registers"]


@pytest.mark.parametrize("size", CT_ROOTS)
def test_the_published_roots_come_out(size: int) -> None:
    assert root_of(size, CT_TREE.node).hex() == CT_ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [(0, 1, []), (0, 8, [N1, N23, N4567]), (5, 8, [N4, N67, N0123]), (2, 3, [N01]), (1, 5, [N0, N23, N4])],
)
def test_the_published_inclusion_proofs_come_out(index: int, size: int, proof: list[str]) -> None:
    found = inclusion_proof(index, size, CT_TREE.node)
    assert [one.hex() for one in found] == proof
    verify_inclusion(CT_TREE.node(0, index), index, size, found, bytes.fromhex(CT_ROOTS[size]))


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [(1, 1, []), (1, 8, [N1, N23, N4567]), (2, 8, [N23, N4567]), (6, 8, [N45, N67, N0123]), (2, 5, [N23, N4])],
)
def test_the_published_consistency_proofs_come_out(old: int, new: int, proof: list[str]) -> None:
    found = consistency_proof(old, new, CT_TREE.node)
    assert [one.hex() for one in found] == proof
    verify_consistency(old, new, bytes.fromhex(CT_ROOTS[old]), bytes.fromhex(CT_ROOTS[new]), found)


def gds_tree(register: dict[str, object]) -> tuple[GrownTree, bytes]:
    together = base64.b64decode("".join(register["leaves"]))  # type: ignore[arg-type]
    tree = grown([together[at : at + 32] for at in range(0, len(together), 32)])
    assert tree.size == register["size"]
    return tree, bytes.fromhex(str(register["root"]))


@pytest.mark.parametrize("register", GDS, ids=lambda register: register["size"])
def test_the_roots_that_gds_published_come_out(register: dict[str, object]) -> None:
    tree, root = gds_tree(register)
    assert root_of(tree.size, tree.node) == root
    for index in {0, tree.size // 2, tree.size - 1}:
        proof = inclusion_proof(index, tree.size, tree.node)
        verify_inclusion(tree.node(0, index), index, tree.size, proof, root)


def test_there_are_trees_of_four_sizes_at_least() -> None:
    assert {5, 7, 100, 1011} <= {register["size"] for register in GDS}


def test_the_largest_of_them_grew_from_its_beginning() -> None:
    tree, root = gds_tree(next(register for register in GDS if register["size"] == 1011))
    old = root_of(600, tree.node)
    proof = consistency_proof(600, 1011, tree.node)
    verify_consistency(600, 1011, old, root, proof)
    with pytest.raises(ValueError, match="grown longer"):
        verify_consistency(600, 1011, root_of(599, tree.node), root, proof)


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_roots_and_proofs_are_those_of_the_definition(size: int) -> None:
    assert root_of(size, TREE.node) == ROOTS[size]
    for index in range(size):
        assert inclusion_proof(index, size, TREE.node) == path(index, LEAVES[:size])
    for old in range(1, size + 1):
        assert consistency_proof(old, size, TREE.node) == subproof(old, LEAVES[:size])
    assert consistency_proof(0, size, TREE.node) == []


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_every_inclusion_proof_verifies_and_no_spoilt_one_does(size: int) -> None:
    for index in range(size):
        proof = inclusion_proof(index, size, TREE.node)
        verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
        for leaf, at, count, spoilt, root in spoilt_inclusions(index, size, proof):
            with pytest.raises(ValueError, match=r"the proof|the entry|no entry|a hash|cannot have"):
                verify_inclusion(leaf, at, count, spoilt, root)


def spoilt_inclusions(index: int, size: int, proof: list[bytes]) -> list[tuple[bytes, int, int, list[bytes], bytes]]:
    leaf, root = LEAVES[index], ROOTS[size]
    cases = [
        (flipped(leaf, index), index, size, proof, root),
        (leaf, index, size, proof, flipped(root, index)),
        (leaf, index, size, [*proof, leaf], root),
        (leaf, -1, size, proof, root),
        (leaf, size, size, proof, root),
        (leaf, index, 0, proof, root),
        (leaf, index, -1, proof, root),
    ]
    cases += [(leaf, other, size, proof, root) for other in (index - 1, index + 1, size - 1 - index) if other != index]
    cases += [(leaf, index, other, proof, ROOTS[other]) for other in (size - 1, size + 1) if other <= LARGEST]
    for at, one in enumerate(proof):
        cases.append((leaf, index, size, [*proof[:at], flipped(one, 37 * index + at), *proof[at + 1 :]], root))
        cases.append((leaf, index, size, proof[:at] + proof[at + 1 :], root))
        cases.append((leaf, index, size, [*proof[:at], one[:-1], *proof[at + 1 :]], root))
    return cases


@pytest.mark.parametrize("new", range(1, LARGEST + 1))
def test_every_consistency_proof_verifies_and_no_spoilt_one_does(new: int) -> None:
    for old in range(new + 1):
        proof = consistency_proof(old, new, TREE.node)
        verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)
        for case in spoilt_consistencies(old, new, proof):
            with pytest.raises(
                ValueError, match=r"the proof|grown longer|two roots|empty tree|a hash|no beginning|cannot have"
            ):
                verify_consistency(*case)


def spoilt_consistencies(old: int, new: int, proof: list[bytes]) -> list[tuple[int, int, bytes, bytes, list[bytes]]]:
    cases = [
        (old, new, flipped(ROOTS[old], new), ROOTS[new], proof),
        (old, new, ROOTS[old], ROOTS[new], [*proof, ROOTS[old]]),
        (new + 1, new, ROOTS[old], ROOTS[new], proof),
        (-1, new, ROOTS[old], ROOTS[new], proof),
        (old, -1, ROOTS[old], ROOTS[new], proof),
    ]
    if old:  # from 0 entries on, any root has grown
        cases.append((old, new, ROOTS[old], flipped(ROOTS[new], old), proof))
    for at, one in enumerate(proof):
        cases.append((old, new, ROOTS[old], ROOTS[new], [*proof[:at], flipped(one, 41 * old + at), *proof[at + 1 :]]))
        cases.append((old, new, ROOTS[old], ROOTS[new], proof[:at] + proof[at + 1 :]))
        cases.append((old, new, ROOTS[old], ROOTS[new], [*proof[:at], one + b"\0", *proof[at + 1 :]]))
    if 0 < old < new:
        cases.append((old - 1 or new, new, ROOTS[old - 1 or new - 1], ROOTS[new], proof))
        cases.append((old, new, ROOTS[old - 1], ROOTS[new], proof))
        cases.append((old, new, ROOTS[old], ROOTS[new - 1], proof))
    return cases


@given(st.data())
def test_no_flipped_bit_gets_through(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, TREE.node)
    at = data.draw(st.integers(0, len(proof) - 1))
    proof[at] = flipped(proof[at], data.draw(st.integers(0, 255)))
    with pytest.raises(ValueError, match="not the one"):
        verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
    if index:  # the older tree is the one of the first `index` entries
        proof = consistency_proof(index, size, TREE.node)
        at = data.draw(st.integers(0, len(proof) - 1))
        proof[at] = flipped(proof[at], data.draw(st.integers(0, 255)))
        with pytest.raises(ValueError, match="grown longer"):
            verify_consistency(index, size, ROOTS[index], ROOTS[size], proof)


@given(st.lists(st.binary(min_size=31, max_size=33), max_size=8), st.integers(-2, 80), st.integers(-2, 80))
def test_made_up_proofs_raise_valueerror_and_nothing_else(proof: list[bytes], first: int, second: int) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        verify_inclusion(leaf_hash(b"never added"), first, second, proof, ROOTS[9])
    with pytest.raises(ValueError, match=r"\w"):
        verify_consistency(first, second, ROOTS[9], ROOTS[10], [*proof, leaf_hash(b"never added")])


def test_a_forked_history_is_no_continuation() -> None:
    forked = grown([*LEAVES[:20], leaf_hash(b"another"), *LEAVES[21:40]])
    for old in range(21, 40):
        proof = consistency_proof(old, 40, forked.node)
        with pytest.raises(ValueError, match="grown longer"):
            verify_consistency(old, 40, ROOTS[old], root_of(40, forked.node), proof)
    verify_consistency(20, 40, ROOTS[20], root_of(40, forked.node), consistency_proof(20, 40, forked.node))


def test_a_leaf_cannot_be_passed_off_as_a_node() -> None:
    """The proof for a subtree of two entries does not show an entry of its 64 bytes."""
    pretended = leaf_hash(LEAVES[0] + LEAVES[1])
    with pytest.raises(ValueError, match="not the one"):
        verify_inclusion(pretended, 0, 4, [TREE.node(1, 1), TREE.node(1, 1)], ROOTS[4])
    with pytest.raises(ValueError, match="32 bytes"):
        verify_inclusion(LEAVES[0] + LEAVES[1], 0, 1, [], ROOTS[2])
    with pytest.raises(ValueError, match="32 bytes"):
        verify_consistency(4, 4, b"no root", b"no root", [])


def test_a_growing_tree_has_the_root_at_every_size() -> None:
    tree = GrowingTree()
    assert tree.root() == EMPTY_ROOT
    for size, leaf in enumerate(LEAVES, start=1):
        tree.add(leaf)
        assert (tree.size, tree.root()) == (size, ROOTS[size])


@pytest.mark.parametrize("size", [2**40 + 5, 2**62, 2**63 - 1])
@settings(max_examples=20)
@given(st.data())
def test_trees_of_any_size_have_short_proofs(size: int, data: st.DataObject) -> None:
    levels = [leaf_hash(b"the same")]
    for _ in range(63):
        levels.append(node_hash(levels[-1], levels[-1]))
    root = root_of(size, lambda level, _index: levels[level])
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, lambda level, _index: levels[level])
    assert len(proof) <= 63
    verify_inclusion(levels[0], index, size, proof, root)
    old = data.draw(st.integers(1, size - 1))
    older = root_of(old, lambda level, _index: levels[level])
    proof = consistency_proof(old, size, lambda level, _index: levels[level])
    assert len(proof) <= 64
    verify_consistency(old, size, older, root, proof)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3), (0, -1), (0, 2**63)])
def test_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match=r"no entry|cannot have"):
        inclusion_proof(index, size, TREE.node)


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3), (0, -1), (0, 2**63)])
def test_no_tree_grows_from_a_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match=r"no beginning|cannot have"):
        consistency_proof(old, new, TREE.node)


def test_a_tree_has_no_size_below_nothing() -> None:
    for size in (-1, 2**63):
        with pytest.raises(ValueError, match="cannot have"):
            root_of(size, TREE.node)
        with pytest.raises(ValueError, match="cannot have"):
            nodes_added(size, LEAVES[0], TREE.node)
