"""Trees for the tests, grown entry by entry as the log grows, and RFC 6962's definitions word for word."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from register.log.tree import nodes_added
from schemas.merkle import leaf_hash


@dataclass
class GrownTree:
    """Complete subtrees as they were added; asking for one that is not there is a KeyError."""

    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    size: int = 0

    def add(self, leaf: bytes) -> None:
        for level, index, digest in nodes_added(self.size, leaf, self.node):
            assert (level, index) not in self.nodes, "a complete subtree never changes"
            self.nodes[level, index] = digest
        self.size += 1

    def node(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(f"entry {number}".encode()) for number in range(count)]


def grown(hashes: Sequence[bytes]) -> GrownTree:
    tree = GrownTree()
    for leaf in hashes:
        tree.add(leaf)
    return tree


def split(count: int) -> int:
    """The largest power of two smaller than a count above 1."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def mth(hashes: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, over leaf hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return hashlib.sha256(b"\x01" + mth(hashes[:k]) + mth(hashes[k:])).digest()


def path(m: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    if m < k:
        return [*path(m, hashes[:k]), mth(hashes[k:])]
    return [*path(m - k, hashes[k:]), mth(hashes[:k])]


def subproof(m: int, hashes: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2; with `whole` it is PROOF."""
    if m == len(hashes):
        return [] if whole else [mth(hashes)]
    k = split(len(hashes))
    if m <= k:
        return [*subproof(m, hashes[:k], whole=whole), mth(hashes[k:])]
    return [*subproof(m - k, hashes[k:], whole=False), mth(hashes[:k])]


def flipped(data: bytes, bit: int) -> bytes:
    """The bytes with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)
