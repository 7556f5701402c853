"""Checkpoints of the log in the database: signing what is committed, the keys that sign, and proofs under them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from register.agreements.events import locked_head
from register.agreements.models import AgreementEvent, RegisterHead
from register.log.checkpoint import Checkpoint, read_checkpoint, sign_checkpoint
from register.log.leaf import KeyLeaf, rotation_text
from register.log.models import LogCheckpoint, LogCosignature, LogEntry, LogKey
from register.log.note import Signature, Signer, new_key, read_signature, read_skey, split_note
from register.log.proof import Proof, proof_text
from register.log.signing import (
    finish_rotation,
    keep_last_signed,
    last_signed,
    last_signed_path,
    prepare_rotation,
    read_key_file,
)
from register.log.store import catch_up, log_codelists, log_key, next_moment, nodes_in, place_of_event, root_at
from register.log.tree import inclusion_proof
from schemas.clock import Clock, Randomness
from schemas.database.engine import Database
from schemas.errors import Conflict, NotFound, Refused


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the log is: its origin, its entries, those under the last signed checkpoint, and that checkpoint."""

    origin: str | None
    entries: int
    checkpoint: LogCheckpoint | None

    @property
    def signed(self) -> int:
        """How many entries the last signed checkpoint covers."""
        return self.checkpoint.size if self.checkpoint else 0

    @property
    def waiting(self) -> int:
        """How many entries no signed checkpoint covers yet."""
        return self.entries - self.signed


def standing_of(session: Session) -> Standing:
    """How far the log is. Raises Refused where there is no register yet."""
    head = session.get(RegisterHead, 1)
    if head is None:
        raise Refused("There is no register here yet.", "Run “gazette init” first.")
    return Standing(head.origin, head.log_size, latest_checkpoint(session))


def latest_checkpoint(session: Session) -> LogCheckpoint | None:
    """The newest signed checkpoint."""
    return session.scalar(select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1))


def latest_size(session: Session) -> int:
    """How many entries the newest signed checkpoint covers; 0 before the first."""
    return session.connection().scalar(_LATEST_SIZE) or 0


def latest_note(session: Session) -> str:
    """The newest signed checkpoint as it is served: its cosignatures under it. Raises NotFound.

    Every checker asks for it, so it is one statement, of the tables and not of their objects.
    """
    found = session.connection().execute(_LATEST_NOTE).all()
    if not found:
        raise NotFound("No checkpoint of the log has been signed yet.", "Run “gazette register checkpoint”.")
    return _with_cosignatures(found[0].note, [row.line for row in found if row.line])


_LATEST_SIZE = select(func.max(LogCheckpoint.size))
_LATEST_NOTE = (
    select(LogCheckpoint.note, LogCosignature.line)
    .join(LogCosignature, LogCosignature.size == LogCheckpoint.size, isouter=True)
    .where(LogCheckpoint.size == _LATEST_SIZE.scalar_subquery())
    .order_by(LogCosignature.received_at, LogCosignature.line)
)


def note_with_cosignatures(session: Session, checkpoint: LogCheckpoint) -> str:
    """The signed note of a checkpoint with the lines of its witnesses."""
    query = select(LogCosignature.line).where(LogCosignature.size == checkpoint.size)
    lines = session.scalars(query.order_by(LogCosignature.received_at, LogCosignature.line)).all()
    return _with_cosignatures(checkpoint.note, lines)


def _with_cosignatures(note: str, lines: Sequence[str]) -> str:
    """A note with the newest line of each witness."""
    newest: dict[tuple[str, bytes], str] = {}
    for line in lines:
        signature = read_signature(line.removesuffix("\n"))
        newest[signature.name, signature.key_id] = line
    return note + "".join(newest.values())


def checkpoint_now(database: Database, key_file: Path, clock: Clock) -> LogCheckpoint:
    """Sign what is committed, in a transaction of its own; the newest checkpoint as it is where nothing was added.

    Raises NotFound, Refused and InvalidInput as `read_key_file` does; Refused where the key is not the log's, and
    where the log is not what it was when it was last signed.
    """
    with database.write() as session:
        head = locked_head(session)  # nobody else adds meanwhile, and this transaction adds nothing
        signers = _signers(session, head, key_file)
        found = latest_checkpoint(session)
        _require_grown(session, head, found, key_file)
        if found is not None and found.size == head.log_size:
            return found
        checkpoint = Checkpoint(head.origin or "", head.log_size, root_at(session, head.log_size))
        note = sign_checkpoint(checkpoint, *signers)
        keep_last_signed(key_file, note)
        row = LogCheckpoint(size=checkpoint.size, note=note, signed_at=clock())
        session.add(row)
        return row


def catch_up_all(database: Database, clock: Clock) -> int:
    """Give every event its entry, a small batch a transaction, and the codelists theirs.

    Gives how many events had none.
    """
    total = 0
    while True:
        with database.write() as session:
            if session.get(RegisterHead, 1) is None:
                return total
            head = locked_head(session)
            done = catch_up(session, head, 200)
            if not done:
                log_codelists(session, head, next_moment(head, clock))
        total += done
        if not done:
            return total


def add_cosignatures(session: Session, size: int, signatures: Sequence[Signature], clock: Clock) -> None:
    """Keep what witnesses signed under the checkpoint of a size."""
    known = set(session.scalars(select(LogCosignature.line).where(LogCosignature.size == size)))
    for signature in signatures:
        if signature.line not in known:
            session.add(LogCosignature(size=size, line=signature.line, received_at=clock()))
            known.add(signature.line)


def add_first_key(session: Session, vkey: str, clock: Clock) -> None:
    """Make a public key the first of the log. Nothing happens where the log has a key."""
    if session.get(LogKey, 1) is None:
        session.add(LogKey(number=1, vkey=vkey, seq=None, added_at=clock()))


def public_keys(session: Session) -> list[str]:
    """The public keys (vkey lines) that sign or signed checkpoints, the newest first."""
    return list(session.scalars(select(LogKey.vkey).order_by(LogKey.number.desc())))


def rotate_key(database: Database, key_file: Path, clock: Clock, randomness: Randomness) -> str:
    """Give the log a new key, named by an entry of its own for which the key before it vouches; gives its public line.

    The older keys go on signing beside it until they are taken out of the file. Raises as `checkpoint_now` does.
    """
    with database.write() as session:
        head = locked_head(session)
        signers = _signers(session, head, key_file)
        fresh = read_skey(new_key(signers[0].name, randomness)[0])
        prepare_rotation(key_file, [fresh, *signers])
        vkey = fresh.verifier.vkey
        signature = signers[0].sign(rotation_text(vkey)).line.split()[-1]
        number = (session.scalar(select(LogKey.number).order_by(LogKey.number.desc()).limit(1)) or 0) + 1
        catch_up(session, head)
        leaf = KeyLeaf(head.log_size, next_moment(head, clock), vkey, signature)
        log_key(session, head, leaf)
        session.add(LogKey(number=number, vkey=vkey, seq=leaf.seq, added_at=clock()))
    finish_rotation(key_file, vkey)
    return vkey


def proof_of_version(session: Session, agreement_id: str, version: int) -> str:
    """The proof file of the entry that made a version, under the newest checkpoint.

    Raises NotFound where there is no such version, Conflict where no checkpoint covers it yet.
    """
    query = select(AgreementEvent).where(AgreementEvent.agreement_id == agreement_id)
    event = session.scalar(query.where(AgreementEvent.version == version))
    if event is None:
        raise NotFound(f"Agreement {agreement_id} has no version {version}.")
    seq = place_of_event(session, event.number)
    found = latest_checkpoint(session)
    if found is None or found.size <= seq:
        raise Conflict(
            f"Version {version} of {agreement_id} is not under a signed checkpoint yet.",
            "Wait for the next one; whoever has the key signs one with “gazette register checkpoint”.",
        )
    hashes = inclusion_proof(seq, found.size, nodes_in(session))
    return proof_text(Proof(seq, tuple(hashes), note_with_cosignatures(session, found)))


def has_proof(session: Session, agreement_id: str, version: int) -> bool:
    """Whether the newest checkpoint covers the entry that made a version."""
    newest = select(func.max(LogCheckpoint.size)).scalar_subquery()
    query = (
        select(LogEntry.seq)
        .join(AgreementEvent, AgreementEvent.number == LogEntry.event_number)
        .where(AgreementEvent.agreement_id == agreement_id, AgreementEvent.version == version, LogEntry.seq < newest)
    )
    return session.scalar(query) is not None


def _signers(session: Session, head: RegisterHead, key_file: Path) -> tuple[Signer, ...]:
    keys = public_keys(session)
    if head.origin is None or not keys:
        raise Refused("The log has no name and no key yet.", "Run “gazette init” once more.")
    finish_rotation(key_file, keys[0])
    signers = read_key_file(key_file)
    if signers[0].verifier.vkey != keys[0]:
        raise Refused(
            f"The key in {key_file} is not the one that the log names.",
            "Put the log’s own key there, or name its place with GAZETTE_LOG_KEY.",
        )
    return tuple(signer for signer in signers if signer.verifier.vkey in keys)


def _require_grown(session: Session, head: RegisterHead, found: LogCheckpoint | None, key_file: Path) -> None:
    """What was signed before must be the beginning of what is signed now, and what was seen must be there."""
    kept = last_signed(key_file)
    for note in filter(None, (found.note if found else None, kept)):
        before = read_checkpoint(split_note(note)[0])
        if before.origin != head.origin:
            raise Refused(f"The key last signed another log: {before.origin}.", "Use a key of this log’s own.")
        if before.size > head.log_size or root_at(session, before.size) != before.root:
            raise Refused(
                f"The log does not hold the {before.size:,} entries that were signed before: the database was put "
                "back to an older state, or altered.",
                "Put the newer database back. If that is lost, tell those who check the register, delete "
                f"{last_signed_path(key_file)} and sign anew: checkers will see that the log was cut.",
            )
