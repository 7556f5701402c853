"""How fast the log's own arithmetic is: no database, no network. Run by hand, never as a test:

    PYTHONPATH=. python tests/benchmarks/log.py [--entries 1000000]

Prints processor time: what an append costs as the log grows, what a proof costs, and what it costs to check every
entry of a log that lies in files, with the memory that took.
"""

import argparse
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from register.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from register.log.leaf import EventLeaf, leaf_bytes, read_leaf
from register.log.note import new_key, read_skey, read_vkey
from register.log.tiles import WIDTH, Tile, entry_bundle, nodes_of_tiles, read_entry_bundle, tile_bytes, tiles_of
from register.log.tree import (
    GrowingTree,
    Nodes,
    consistency_proof,
    inclusion_proof,
    nodes_added,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from schemas.merkle import leaf_hash

ORIGIN = "rivers.example/register/log"
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
HASH = 32
STEPS = 10


class StoredNodes:
    """Nodes level by level, one behind the other."""

    def __init__(self) -> None:
        self.levels = [bytearray() for _ in range(64)]

    def append(self, size: int, leaf: bytes) -> None:
        for level, _, digest in nodes_added(size, leaf, self.node):
            self.levels[level] += digest

    def node(self, level: int, index: int) -> bytes:
        return bytes(self.levels[level][index * HASH : (index + 1) * HASH])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=1_000_000)
    count: int = options.parse_args().entries
    skey, _ = new_key(ORIGIN, secrets.token_bytes)
    signer = read_skey(skey)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        nodes = grow(folder, count)
        write_tiles(folder, count, nodes.node)
        note = sign_checkpoint(Checkpoint(ORIGIN, count, root_of(count, nodes.node)), signer)
        prove(folder, count, nodes.node)
        tell_each("signing a checkpoint", lambda: sign_checkpoint(Checkpoint(ORIGIN, count, b"x" * HASH), signer))
        tell_each("opening a checkpoint", lambda: open_checkpoint(note, [signer.verifier]))
        with ProcessPoolExecutor(1, get_context("spawn")) as another:  # whose memory holds nothing else
            tell(another.submit(check, folder, note, signer.verifier.vkey).result())


def grow(folder: Path, count: int) -> StoredNodes:
    """Append entry by entry, telling what one costs as the log grows; bundles of entries go to the folder."""
    nodes, bundle, step = StoredNodes(), list[bytes](), max(1, count // STEPS)
    written = hashed = 0.0
    for seq in range(count):
        began = time.process_time()
        entry = leaf_bytes(made_up(seq))
        between = time.process_time()
        nodes.append(seq, leaf_hash(entry))
        hashed += time.process_time() - between
        written += between - began
        bundle.append(entry)
        if len(bundle) == WIDTH or seq == count - 1:
            put(folder, Tile(None, seq // WIDTH, len(bundle)), entry_bundle(bundle))
            bundle = []
        if (seq + 1) % step == 0:
            tell(
                f"append, {seq + 1 - step:>9,} to {seq + 1:>9,}: {hashed / step * 1e6:5.1f} µs for the tree "
                f"({step / hashed:,.0f}/s), {written / step * 1e6:5.1f} µs for the entry's bytes"
            )
            written = hashed = 0.0
    return nodes


def made_up(seq: int) -> EventLeaf:
    """An event with every member an amendment has."""
    moment = BEGAN + timedelta(seconds=seq)
    digest = seq.to_bytes(HASH, "big").hex()
    return EventLeaf(
        seq=seq,
        recorded_at=moment,
        agreement=f"dg-{seq % 50_000 + 1}",
        event="amended",
        registered_on=moment,
        version=seq // 50_000 + 1,
        effective="2025-06-01",
        actor_org="ministry-of-rivers",
        body_sha256=digest,
        details_sha256=digest,
        prev_body_sha256=digest,
        schema="1.0.0",
        schema_sha256=digest,
    )


def write_tiles(folder: Path, count: int, node: Nodes) -> None:
    began = time.process_time()
    for tile in tiles_of(count):
        put(folder, tile, tile_bytes(tile.level or 0, tile.n, tile.width, node))
    tell(f"all tiles of {count:,} entries written in {time.process_time() - began:.1f} s")


def prove(folder: Path, count: int, node: Nodes) -> None:
    dice = random.Random(4)
    indices = [dice.randrange(count) for _ in range(500)]
    of_tiles = nodes_of_tiles(count, lambda level, n, width: read(folder, Tile(level, n, width)))
    root = root_of(count, node)
    olds = {
        old: (root_of(old, node), consistency_proof(old, count, node))
        for old in (dice.randrange(1, count) for _ in range(500))
    }
    proofs = {index: inclusion_proof(index, count, node) for index in indices}
    report("inclusion proof from stored nodes", [partial(inclusion_proof, at, count, node) for at in indices])
    report("inclusion proof from tiles on disk", [partial(inclusion_proof, at, count, of_tiles) for at in indices])
    report("consistency proof from stored nodes", [partial(consistency_proof, at, count, node) for at in olds])
    report(
        "checking an inclusion proof",
        [partial(verify_inclusion, node(0, at), at, count, proofs[at], root) for at in indices],
    )
    report(
        "checking a consistency proof",
        [partial(verify_consistency, at, count, olds[at][0], root, olds[at][1]) for at in olds],
    )


def check(folder: Path, note: str, vkey: str) -> str:
    """Check a whole log from its files: signature, every entry's form and order, every hash, and the root."""
    before = memory()
    began = time.process_time()
    checkpoint, _ = open_checkpoint(note, [read_vkey(vkey)])
    tree, newest = GrowingTree(), datetime.min.replace(tzinfo=UTC)
    for tile in (tile for tile in tiles_of(checkpoint.size) if tile.level == 0):
        data = read(folder, Tile(None, tile.n, tile.width))
        hashes = []
        for entry in read_entry_bundle(data):
            leaf = read_leaf(entry)
            if leaf.seq != tree.size or leaf.recorded_at < newest:
                sys.exit(f"entry {tree.size} is out of order")
            newest = leaf.recorded_at
            hashes.append(leaf_hash(entry))
            tree.add(hashes[-1])
        if b"".join(hashes) != read(folder, tile):
            sys.exit(f"{tile.path} does not hold the hashes of its entries")
    if tree.root() != checkpoint.root:
        sys.exit("the root is not the one that was signed")
    took = time.process_time() - began
    speed = f"{checkpoint.size:,} entries checked in {took:.1f} s ({checkpoint.size / took:,.0f}/s)"
    return f"{speed}; memory {before:.0f} MB before, {memory():.0f} MB at its highest"


def put(folder: Path, tile: Tile, data: bytes) -> None:
    path = folder / tile.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def read(folder: Path, tile: Tile) -> bytes:
    return (folder / tile.path).read_bytes()


def report(what: str, work: list[Callable[[], object]]) -> None:
    times = []
    for one in work:
        began = time.perf_counter()
        one()
        times.append(time.perf_counter() - began)
    times.sort()
    tell(f"{what}: p50 {median(times) * 1e6:.0f} µs, p95 {times[int(len(times) * 0.95)] * 1e6:.0f} µs")


def tell_each(what: str, one: Callable[[], object]) -> None:
    report(what, [one] * 500)


def memory() -> float:
    """The most that this process has held, in MB (Linux; getrusage would count the process that started it too)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - what the script is for


if __name__ == "__main__":
    main()
