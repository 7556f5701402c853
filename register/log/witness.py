"""Asking a witness for its cosignature (C2SP tlog-witness): what is sent, and what comes back. It sends nothing itself.

A witness remembers the last checkpoint it cosigned. We say from which size we think it comes, prove that the log
only grew since, and it cosigns; where it remembers another size, it answers with that one and is asked again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from register.log.checkpoint import read_checkpoint
from register.log.cosignature import CosignatureVerifier
from register.log.encoding import HASH_BYTES, read_number, to_base64
from register.log.note import MAX_BYTES, MAX_SIGNATURES, Signature, read_signature, split_note

PATH = "add-checkpoint"
"""Where to send the request, below the witness's address, by POST."""

SIZE_TYPE = "text/x.tlog.size"
MAX_HASHES = 63

_REASONS = {
    400: "it could not read our request",
    403: "it does not know the key of the log",
    404: "it does not know the log",
    422: "the proof that the log only grew did not convince it",
    429: "it is asked too often",
}


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness cosigned: its cosignatures, each verified, to be put under the checkpoint."""

    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class OtherSize:
    """The witness last cosigned a checkpoint of this size, not larger than ours: ask again from there."""

    size: int


@dataclass(frozen=True, slots=True)
class Declined:
    """The witness did not cosign; why, as a half sentence."""

    reason: str


Answer = Cosigned | OtherSize | Declined


def request_body(old: int, proof: Sequence[bytes], note: str) -> bytes:
    """The body of the request: the size that the witness is thought to know, the proof from there, the checkpoint.

    `note` is the signed checkpoint. Raises ValueError where the three cannot belong together.
    """
    checkpoint = read_checkpoint(split_note(note)[0])
    if not 0 <= old <= checkpoint.size:
        raise ValueError(f"a log of {checkpoint.size} entries did not grow from {old}")
    if proof and old in {0, checkpoint.size}:
        raise ValueError("there is nothing to prove from 0 entries on, or between equal sizes")
    if len(proof) > MAX_HASHES or any(len(one) != HASH_BYTES for one in proof):
        raise ValueError(f"a proof has at most {MAX_HASHES} hashes of {HASH_BYTES} bytes")
    return "\n".join([f"old {old}", *map(to_base64, proof), "", note]).encode()


def read_answer(
    status: int, content_type: str, body: bytes, old: int, note: str, witnesses: Iterable[CosignatureVerifier]
) -> Answer:
    """What the witness answered to `request_body(old, …, note)`; `witnesses` are the keys it may sign with.

    Raises ValueError where the answer is none that the protocol knows, or a signature in it is wrong.
    """
    if status == 200:
        return Cosigned(_cosignatures(body, note, witnesses))
    if status == 409:
        return _conflict(content_type, body, old, read_checkpoint(split_note(note)[0]).size)
    reason = _REASONS.get(status)
    if reason is None and not 500 <= status <= 599:
        raise ValueError(f"the witness answered {status}, which the protocol does not know")
    return Declined(reason or f"it has a fault of its own ({status})")


def _cosignatures(body: bytes, note: str, witnesses: Iterable[CosignatureVerifier]) -> tuple[Signature, ...]:
    text, _ = split_note(note)
    keys = {(witness.name, witness.key_id): witness for witness in witnesses}
    found: dict[tuple[str, bytes], Signature] = {}
    for line in _signature_lines(body):
        signature = read_signature(line)
        key = keys.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.verify(text, signature.signature):
            raise ValueError(f"the cosignature of {signature.name} is not one of this checkpoint")
        found.setdefault((signature.name, signature.key_id), signature)
    if not found:
        raise ValueError("the witness answered without a cosignature of the key we know it by")
    return tuple(found.values())


def _signature_lines(body: bytes) -> list[str]:
    if len(body) > MAX_BYTES:
        raise ValueError(f"the witness answered with more than {MAX_BYTES:,} bytes")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise ValueError("the witness answered with what is not UTF-8 text") from None
    lines = text.split("\n")
    if lines.pop() or not lines:
        raise ValueError("the witness answered without a signature, or with half a line")
    if len(lines) > MAX_SIGNATURES:
        raise ValueError(f"the witness answered with more than {MAX_SIGNATURES} signatures")
    return lines


def _conflict(content_type: str, body: bytes, old: int, new: int) -> Answer:
    """Either it knows another size, or at the same size another root: it was then shown another history."""
    if content_type.partition(";")[0].strip().lower() != SIZE_TYPE:
        return Declined("it knows another checkpoint than ours, and does not say which")
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError:
        raise ValueError("the size that the witness answered with is no number") from None
    size = read_number(text.removesuffix("\n"), "the size that the witness answered with")
    if size > new:
        return Declined(f"it has seen {size} entries of the log, more than the {new} under this checkpoint")
    if size != old:
        return OtherSize(size)
    if size == new:
        return Declined(f"it knows another root of the first {size} entries: it was shown another history of the log")
    raise ValueError(f"the witness declined size {old} and names the same size itself")
