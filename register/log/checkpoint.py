"""Checkpoints: the size and root of the log at one moment, as the text of a signed note (C2SP tlog-checkpoint)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from register.log.encoding import HASH_BYTES, LARGEST, hash_from_base64, read_number, to_base64
from register.log.note import Note, SignatureVerifier, Signer, open_note, sign


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its origin (the name of the log), how many entries it has, and their root (32 bytes).

    `extensions` are further lines; ours have none, since nobody can check them.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """The text to be signed. Raises ValueError for a checkpoint that has no form."""
    if not 0 <= checkpoint.size <= LARGEST:
        raise ValueError(f"a log cannot have {checkpoint.size} entries")
    if len(checkpoint.root) != HASH_BYTES:
        raise ValueError(f"a root has {HASH_BYTES} bytes, not {len(checkpoint.root)}")
    lines = (checkpoint.origin, str(checkpoint.size), to_base64(checkpoint.root), *checkpoint.extensions)
    if not all(lines) or any(letter < " " for line in lines for letter in line):
        raise ValueError("no line of a checkpoint is empty or has a control character in it")
    return "".join(f"{line}\n" for line in lines)


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint of a note's text (without its signatures). Raises ValueError naming the fault."""
    lines = text.split("\n")
    if lines.pop():
        raise ValueError("the checkpoint does not end in a newline")
    if len(lines) < 3:
        raise ValueError("a checkpoint has three lines: origin, size, root")
    if not all(lines):
        raise ValueError("the checkpoint has an empty line in it")
    origin, size, root, *extensions = lines
    return Checkpoint(
        origin,
        read_number(size, "the size of the checkpoint"),
        hash_from_base64(root, "the root of the checkpoint"),
        tuple(extensions),
    )


def sign_checkpoint(checkpoint: Checkpoint, *signers: Signer) -> str:
    """The signed note of a checkpoint. Raises ValueError where a key's name is not the log's origin."""
    for signer in signers:
        if signer.name != checkpoint.origin:
            raise ValueError(f"the key of {signer.name} cannot sign a checkpoint of {checkpoint.origin}")
    return sign(checkpoint_text(checkpoint), *signers)


def open_checkpoint(
    note: str | bytes, verifiers: Sequence[SignatureVerifier], witnesses: Iterable[SignatureVerifier] = ()
) -> tuple[Checkpoint, Note]:
    """A checkpoint that one of the log's own keys signed, and its note, which has the signatures that verify.

    `verifiers` are the log's keys; their names are its origin. Witnesses' signatures are checked, and do not stand
    in for the log's. Raises ValueError naming the fault, and nothing else.
    """
    note_ = open_note(note, (*verifiers, *witnesses))
    checkpoint = read_checkpoint(note_.text)
    own = [verifier for verifier in verifiers if note_.is_signed_by(verifier)]
    if not own:
        raise ValueError("the log itself did not sign the checkpoint, only witnesses did")
    if all(verifier.name != checkpoint.origin for verifier in own):
        raise ValueError(f"the checkpoint is of {checkpoint.origin}, but signed by {own[0].name}")
    return checkpoint, note_
