"""The tree over the log's entries: its root, its proofs, and what one more entry adds (RFC 6962; RFC 9162).

Only complete subtrees have nodes of their own: the node at (level, index) covers the 2^level entries from
index × 2^level on, and never changes once it is there. Everything else is hashed from these. Level 0 is the leaf
hashes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from register.log.encoding import HASH_BYTES, LARGEST
from schemas.merkle import EMPTY_ROOT, node_hash

Nodes = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree at (level, index)."""


def root_of(size: int, node: Nodes) -> bytes:
    """The root of the tree over the first `size` entries. Raises ValueError for a size below 0."""
    _require_size(size)
    return _range_hash(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: Nodes) -> list[bytes]:
    """The audit path of the entry at `index` (from 0) in the tree of `size`, from the leaf's sibling up.

    RFC 6962, section 2.1.1. Raises ValueError where the tree has no such entry.
    """
    _require_size(size)
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} entries has no entry at {index}")
    first, end = 0, size
    proof: list[bytes] = []
    while end - first > 1:
        split = _split(first, end)
        if index < split:
            proof.append(_range_hash(split, end, node))
            end = split
        else:
            proof.append(_range_hash(first, split, node))
            first = split
    return proof[::-1]


def consistency_proof(old: int, new: int, node: Nodes) -> list[bytes]:
    """The proof that the tree of size `old` is the beginning of that of size `new` (RFC 6962, section 2.1.2).

    It is empty from 0 entries on, and between equal sizes. Raises ValueError where `old` is the larger.
    """
    _require_size(new)
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} entries has no beginning of {old}")
    if old in {0, new}:
        return []
    first, end = 0, new
    proof: list[bytes] = []
    while end != old:
        split = _split(first, end)
        if old <= split:
            proof.append(_range_hash(split, end, node))
            end = split
        else:
            proof.append(_range_hash(first, split, node))
            first = split
    if first:
        proof.append(_range_hash(first, end, node))
    return proof[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the entry with the hash `leaf` stands at `index` in the tree with this size and root.

    Raises ValueError, saying why, where the proof does not show it (RFC 9162, 2.1.3.2).
    """
    _require_size(size)
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} entries has no entry at {index}")
    _require_hashes(leaf, root, *proof)
    digest = leaf
    for sibling, is_left in zip(proof, _sides(index, size - 1, len(proof)), strict=True):
        digest = node_hash(sibling, digest) if is_left else node_hash(digest, sibling)
    if digest != root:
        raise ValueError(f"the entry is not the one at {index} under this root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree of size `old` with its root is the beginning of that of size `new` with its root.

    Raises ValueError, saying why, where the proof does not show it (RFC 9162, 2.1.4.2).
    """
    _require_size(new)
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} entries has no beginning of {old}")
    _require_hashes(old_root, new_root, *proof)
    if old in {0, new}:
        _verify_trivial(old, new, old_root, new_root, proof)
        return
    level = _trailing_ones(old - 1)  # of the largest complete subtree at the older tree's right edge
    path = list(proof)
    if old == 1 << level:  # that subtree is the whole older tree: its root is known, and is not sent
        path.insert(0, old_root)
    if not path:
        raise ValueError("the proof is too short")
    older = newer = path[0]
    for sibling, is_left in zip(path[1:], _sides(old - 1 >> level, new - 1 >> level, len(path) - 1), strict=True):
        if is_left:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
        else:
            newer = node_hash(newer, sibling)
    if (older, newer) != (old_root, new_root):
        raise ValueError(f"the log of {new} entries is not the one of {old} grown longer: an entry was changed")


def nodes_added(size: int, leaf_hash: bytes, node: Nodes) -> list[tuple[int, int, bytes]]:
    """The complete subtrees, as (level, index, hash), that one more entry makes in a tree of `size`, the leaf first.

    `node` is asked only for nodes that the tree of `size` already has.
    """
    _require_size(size)
    level, index, digest = 0, size, leaf_hash
    added = [(level, index, digest)]
    while index & 1:
        digest = node_hash(node(level, index - 1), digest)
        level, index = level + 1, index >> 1
        added.append((level, index, digest))
    return added


@dataclass(slots=True)
class GrowingTree:
    """A tree read entry by entry: it keeps one hash for each bit of its size, whatever the size."""

    size: int = 0
    _subtrees: list[bytes] = field(default_factory=list)  # complete ones, the largest first

    def add(self, leaf_hash: bytes) -> None:
        """Take the next entry's hash."""
        digest, bits = leaf_hash, self.size
        while bits & 1:
            digest = node_hash(self._subtrees.pop(), digest)
            bits >>= 1
        self._subtrees.append(digest)
        self.size += 1

    def root(self) -> bytes:
        """The root over what was taken so far."""
        return _joined(self._subtrees) if self._subtrees else EMPTY_ROOT


def _range_hash(first: int, end: int, node: Nodes) -> bytes:
    """The hash over the entries from `first` to before `end`, where `first` is one at which such a range may begin."""
    subtrees: list[bytes] = []
    while first < end:
        level = (end - first).bit_length() - 1
        subtrees.append(node(level, first >> level))
        first += 1 << level
    return _joined(subtrees)


def _joined(subtrees: Sequence[bytes]) -> bytes:
    digest = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        digest = node_hash(left, digest)
    return digest


def _split(first: int, end: int) -> int:
    """Where RFC 6962 splits a range: behind the largest power of two smaller than its length."""
    return first + (1 << (end - first - 1).bit_length() - 1)


def _sides(place: int, last: int, count: int) -> list[bool]:
    """For each of `count` siblings on the way up from `place`, whether it stands on the left. `last` is the row's last.

    Raises ValueError where the way to the root has more siblings than that, or fewer.
    """
    sides: list[bool] = []
    while last:
        if place & 1 or place == last:
            sides.append(True)
            while place and not place & 1:  # no sibling on these levels: the right edge moves up as it is
                place, last = place >> 1, last >> 1
        else:
            sides.append(False)
        place, last = place >> 1, last >> 1
    if len(sides) != count:
        raise ValueError(f"the proof is too {'long' if count > len(sides) else 'short'}")
    return sides


def _trailing_ones(number: int) -> int:
    return (number ^ (number + 1)).bit_length() - 1


def _require_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise ValueError(f"a hash of the tree has {HASH_BYTES} bytes")


def _require_size(size: int) -> None:
    if not 0 <= size <= LARGEST:
        raise ValueError(f"a tree cannot have {size} entries")


def _verify_trivial(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    if proof:
        raise ValueError("the proof is too long")
    if old == new and old_root != new_root:
        raise ValueError(f"two roots for the same {new} entries")
    if not old and old_root != EMPTY_ROOT:
        raise ValueError("the older root is not that of an empty tree")
