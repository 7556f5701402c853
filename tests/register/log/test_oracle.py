"""Go’s `x/mod/sumdb/note` and `tlog`, which none of us wrote, take what we write and refuse it once altered."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from register.log.checkpoint import Checkpoint, sign_checkpoint
from register.log.encoding import to_base64
from register.log.note import Signer
from register.log.proof import Proof, proof_text
from register.log.tiles import entries_path, entry_bundle, tile_bytes, tiles_of
from register.log.tree import consistency_proof, inclusion_proof, root_of
from schemas.merkle import leaf_hash
from tests.register.log.copies import unpacked
from tests.register.log.keys import ORIGIN, signer
from tests.register.log.trees import GrownTree, grown
from tests.services.go import GoMissing, built
from tests.services.need import Need, lacking
from tests.services.shared import SharedFolder

pytestmark = pytest.mark.heavy

SIZES = (1, 5, 255, 256, 257, 700)
Job = dict[str, object]


@pytest.fixture(scope="session")
def oracle(shared: SharedFolder) -> Path:
    with shared.locked("go") as folder:
        try:
            made = folder / "oracle"
            return made if made.is_file() else built(Path(__file__).parent / "oracle" / "main.go", folder)
        except GoMissing as missing:
            lacking(Need.GO, str(missing))


def entries(count: int) -> list[bytes]:
    return [f'{{"seq":{number},"words":"{"x" * (number % 40)}"}}'.encode() for number in range(count)]


def checkpoint(tree: GrownTree, size: int, key: Signer) -> str:
    return sign_checkpoint(Checkpoint(ORIGIN, size, root_of(size, tree.node)), key)


def published(size: int) -> tuple[dict[str, bytes], Job]:
    """The files of a log of ours, and what Go is asked about it."""
    key, own = signer(), entries(size)
    tree = grown([leaf_hash(entry) for entry in own])
    note = checkpoint(tree, size, key)
    files = {"checkpoint": note.encode(), "key": f"{key.verifier.vkey}\n".encode()}
    for tile in tiles_of(size):
        assert tile.level is not None
        files[tile.path] = tile_bytes(tile.level, tile.n, tile.width, tree.node)
        if tile.level == 0:
            files[entries_path(tile.n, tile.width)] = entry_bundle(own[tile.n * 256 : tile.n * 256 + tile.width])
    places = sorted({0, size // 2, size - 1})
    proofs = {place: Proof(place, tuple(inclusion_proof(place, size, tree.node)), note) for place in places}
    older = [old for old in (1, 2, 200, 256, size - 1, size) if 0 < old <= size]
    return files, {
        "PrivateKey": key.skey,
        "Inclusion": {str(place): proof_text(proof) for place, proof in proofs.items()},
        "Older": [
            {
                "Checkpoint": checkpoint(tree, old, key),
                "Proof": [to_base64(one) for one in consistency_proof(old, size, tree.node)],
            }
            for old in older
        ],
    }


def asked(oracle: Path, folder: Path, files: dict[str, bytes], job: Job) -> list[str]:
    """What Go says of the log, a line for each check."""
    copy = unpacked(files, folder / "log")
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    done = subprocess.run([oracle, copy, folder / "job.json"], capture_output=True, encoding="utf-8", check=True)
    return sorted(done.stdout.splitlines())


@pytest.mark.parametrize("size", SIZES)
def test_go_reads_our_key_checkpoint_tiles_entries_and_proofs(oracle: Path, tmp_path: Path, size: int) -> None:
    files, job = published(size)
    told = asked(oracle, tmp_path, files, job)
    assert [line for line in told if not line.startswith("ok ")] == []
    kinds = {line.removeprefix("ok ").split(" ")[0] for line in told}
    assert kinds == {"key", "checkpoint", "signature", "tiles", "entries", "proof", "grown"}


def flipped(name: str, place: int) -> Callable[[dict[str, bytes], Job], None]:
    def alter(files: dict[str, bytes], _job: Job) -> None:
        changed = bytearray(files[name])
        changed[place] ^= 1
        files[name] = bytes(changed)

    return alter


def another_proof(_files: dict[str, bytes], job: Job) -> None:
    inclusion = job["Inclusion"]
    assert isinstance(inclusion, dict)
    inclusion["0"] = inclusion["699"].replace("index 699", "index 0")


def another_growth(_files: dict[str, bytes], job: Job) -> None:
    older = job["Older"]
    assert isinstance(older, list)
    older[2]["Proof"], older[3]["Proof"] = older[3]["Proof"], older[2]["Proof"]


@pytest.mark.parametrize(
    ("alter", "refused"),
    [
        (flipped("key", -3), "bad key"),
        (flipped("checkpoint", 3), "bad checkpoint"),
        (flipped("checkpoint", -9), "bad checkpoint"),
        (flipped("tile/1/000.p/2", 40), "bad tiles"),
        (flipped("tile/0/001", 97 * 4 * 32 - 256 * 32 + 1), "bad entries"),
        (flipped("tile/entries/000", 9), "bad entries"),
        (another_proof, "bad proof of entry 0"),
        (another_growth, "bad grown from 200"),
    ],
)
def test_go_refuses_what_was_altered(
    oracle: Path, tmp_path: Path, alter: Callable[[dict[str, bytes], Job], None], refused: str
) -> None:
    files, job = published(700)
    alter(files, job)
    told = asked(oracle, tmp_path, files, job)
    assert [line for line in told if line.startswith(refused)], told
