"""Asking witnesses for their cosignatures, over HTTP (C2SP tlog-witness)."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from register.log.cosignature import CosignatureVerifier
from register.log.models import LogCheckpoint, LogCosignature
from register.log.note import Signature, read_signature
from register.log.posting import post
from register.log.store import nodes_in
from register.log.tree import consistency_proof
from register.log.witness import PATH, Cosigned, Declined, OtherSize, read_answer, request_body
from schemas.errors import Refused, Unreachable

_ATTEMPTS = 3


def ask_witness(
    session: Session, address: str, checkpoint: LogCheckpoint, witnesses: Sequence[CosignatureVerifier]
) -> tuple[Signature, ...]:
    """A witness's cosignatures of a checkpoint, verified. It is told how the log grew since it last cosigned.

    Raises InvalidInput for an address that is none, Unreachable where it does not answer as it must, Refused where it
    declines.
    """
    old = _size_last_cosigned(session, checkpoint.size, witnesses)
    for _ in range(_ATTEMPTS):
        proof = consistency_proof(old, checkpoint.size, nodes_in(session))
        asked = request_body(old, proof, checkpoint.note)
        status, kind, body = post(f"{address.rstrip('/')}/{PATH}", asked, "text/plain", "witness")
        try:
            answer = read_answer(status, kind, body, old, checkpoint.note, witnesses)
        except ValueError as error:
            raise Unreachable(f"{address}: {error}.", "Ask those who run the witness.") from None
        match answer:
            case Cosigned(signatures):
                return signatures
            case OtherSize(size):
                old = size
            case Declined(reason):
                raise Refused(f"{address} did not cosign: {reason}.", "Ask those who run the witness.")
    raise Unreachable(f"{address} named another size every time.", "Ask those who run the witness.")


def _size_last_cosigned(session: Session, size: int, witnesses: Sequence[CosignatureVerifier]) -> int:
    """The size of the newest checkpoint that one of these keys cosigned, 0 where there is none."""
    keys = {(witness.name, witness.key_id) for witness in witnesses}
    rows = session.query(LogCosignature).where(LogCosignature.size <= size).order_by(LogCosignature.size.desc())
    for row in rows.limit(1_000):
        signature = read_signature(row.line.removesuffix("\n"))
        if (signature.name, signature.key_id) in keys:
            return row.size
    return 0
