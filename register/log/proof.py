"""Proof files: that an entry stands in the log, checkable by anyone who has the log's key (C2SP tlog-proof v1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from register.log.checkpoint import Checkpoint, open_checkpoint
from register.log.encoding import HASH_BYTES, LARGEST, from_base64, hash_from_base64, read_number, to_base64
from register.log.note import MAX_BYTES, SignatureVerifier, split_note
from register.log.tree import verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """The entry's place in the log, the hashes from its sibling up to the root, and the signed checkpoint as it is.

    `extra` is whatever the reader may want beside it; nobody vouches for it.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None


def proof_text(proof: Proof) -> str:
    """The text of a proof file. Raises ValueError for a proof that has no form."""
    if not 0 <= proof.index <= LARGEST:
        raise ValueError(f"no entry of a log is at {proof.index}")
    if len(proof.hashes) > MAX_HASHES or any(len(one) != HASH_BYTES for one in proof.hashes):
        raise ValueError(f"a proof has at most {MAX_HASHES} hashes of {HASH_BYTES} bytes")
    if proof.extra == b"":
        raise ValueError("what a proof holds beside itself is not empty: leave it out")
    split_note(proof.checkpoint)
    extra = [f"extra {to_base64(proof.extra)}"] if proof.extra is not None else []
    lines = [HEADER, *extra, f"index {proof.index}", *map(to_base64, proof.hashes), "", proof.checkpoint]
    return "\n".join(lines)


def read_proof(text: str | bytes) -> Proof:
    """The proof of a file, nothing of it checked yet. Raises ValueError naming the fault, and nothing else."""
    try:
        whole = text.decode() if isinstance(text, bytes) else text
    except UnicodeError:
        raise ValueError("the proof is not UTF-8 text") from None
    if len(whole) > MAX_BYTES:
        raise ValueError(f"the proof is longer than {MAX_BYTES:,} characters")
    head, gap, checkpoint = whole.partition("\n\n")
    if not gap:
        raise ValueError("the proof has no empty line in front of its checkpoint")
    header, *lines = head.split("\n")
    if header != HEADER:
        raise ValueError(f"the proof does not begin with {HEADER}")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = from_base64(lines.pop(0).removeprefix("extra "), "what stands behind “extra”")
        if not extra:
            raise ValueError("nothing stands behind “extra”")
    if not lines or not lines[0].startswith("index "):
        raise ValueError("the proof does not say at which index the entry stands")
    index = read_number(lines.pop(0).removeprefix("index "), "the index of the proof")
    if len(lines) > MAX_HASHES:
        raise ValueError(f"the proof has more than {MAX_HASHES} hashes")
    hashes = tuple(hash_from_base64(line, f"hash {number} of the proof") for number, line in enumerate(lines, start=1))
    split_note(checkpoint)
    return Proof(index, hashes, checkpoint, extra)


def verify_proof(
    proof: Proof,
    leaf_hash: bytes,
    verifiers: Sequence[SignatureVerifier],
    witnesses: Iterable[SignatureVerifier] = (),
) -> Checkpoint:
    """The checkpoint under which the entry with this hash is shown to stand.

    `verifiers` are the log's keys. Raises ValueError, saying why, where the proof does not show it.
    """
    checkpoint, _ = open_checkpoint(proof.checkpoint, verifiers, witnesses)
    verify_inclusion(leaf_hash, proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    return checkpoint
