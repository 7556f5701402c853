"""Merkle tree hashes over a list of entries (RFC 6962, section 2.1; RFC 9162, section 2.1.1)."""

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry: SHA-256 over 0x00 and its bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees: SHA-256 over 0x01 and their hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """The root of a tree, from its leaf hashes in order."""
    if not leaves:
        return EMPTY_ROOT
    subtrees: list[tuple[int, bytes]] = []  # sizes are falling powers of two
    for leaf in leaves:
        size, digest = 1, leaf
        while subtrees and subtrees[-1][0] == size:
            _, left = subtrees.pop()
            size, digest = size * 2, node_hash(left, digest)
        subtrees.append((size, digest))
    _, root = subtrees.pop()
    while subtrees:
        _, left = subtrees.pop()
        root = node_hash(left, root)
    return root
