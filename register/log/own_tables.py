"""The other tables of the log, against its entries: checkpoints, cosignatures, keys, bodies and the register's head."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from register.log.cosignature import CosignatureVerifier
from register.log.note import Signature, read_signature
from register.log.own_rows import OwnEntries, moment_text, rows_between
from register.log.verify import Checkpoint, Key
from schemas.merkle import EMPTY_ROOT

_CHECKPOINTS = text("SELECT size, note, signed_at FROM log_checkpoint WHERE size >= :first AND size < :end")
_COSIGNATURES = text(
    "SELECT size, line, received_at FROM log_cosignature WHERE size >= :first AND size < :end ORDER BY size, line"
)
_KEYS = text("SELECT number, vkey, seq, added_at FROM log_key WHERE number >= :first AND number < :end")


class OwnSignatures:
    """The checkpoints in the database, their cosignatures, and the keys that they are checked with.

    `unchecked` counts cosignatures by the names of witnesses whose keys were not given.
    """

    def __init__(self, session: Session, witnesses: Sequence[CosignatureVerifier]) -> None:
        self._session = session
        self._witnesses = {(witness.name, witness.key_id): witness for witness in witnesses}
        self.unchecked: dict[str, int] = {}
        last = session.scalar(text("SELECT max(number) FROM log_key")) or 0
        self._rows, self._unread = rows_between(session, _KEYS, 1, last + 1)
        self._keys = [key for row in self._rows.values() if (key := _key(row.vkey))]

    def of_sizes(self, first: int, end: int, roots: Mapping[int, bytes]) -> Iterator[str]:
        """The faults of checkpoints at sizes above `first` and up to `end`, of which the tree has these roots."""
        if first == 0:
            first, roots = -1, {0: EMPTY_ROOT, **roots}
        found, unread = rows_between(self._session, _CHECKPOINTS, first + 1, end + 1)
        yield from (f"checkpoint of {size} entries: its row cannot be read: {why}" for size, why in unread.items())
        for size, row in found.items():
            yield from (f"checkpoint of {size} entries: {fault}" for fault in self._checkpoint(row, roots[size]))
        if self._has_cosignatures(first + 1, end + 1):
            yield from self._cosignatures(found)

    def beyond(self, size: int) -> Iterator[str]:
        """The checkpoints and cosignatures of sizes that the log does not have, or that have no checkpoint."""
        query = text("SELECT size FROM log_checkpoint WHERE size > :n OR size < 0 ORDER BY size LIMIT 100")
        for row in self._session.execute(query, {"n": size}):
            yield f"checkpoint of {row.size} entries: the log has {size}"
        alone = (
            "SELECT size FROM log_cosignature WHERE NOT EXISTS "
            "(SELECT 1 FROM log_checkpoint WHERE log_checkpoint.size = log_cosignature.size) LIMIT 100"
        )
        for row in self._session.execute(text(alone)):
            yield f"cosignature of a checkpoint of {row.size} entries: there is no such checkpoint"

    def keys(self, rotations: Sequence[tuple[int, str]]) -> Iterator[str]:
        """The keys that are not the first and those that the entries name since."""
        yield from (f"key {number} of the log: its row cannot be read: {why}" for number, why in self._unread.items())
        for number in range(1, max(len(rotations) + 1, *self._rows, 0) + 1):
            row, what = self._rows.get(number), f"key {number} of the log"
            if row is None:
                if number not in self._unread:
                    yield f"{what}: it is missing"
            elif number > len(rotations) + 1:
                yield f"{what}: no entry names it"
            else:
                seq, vkey = rotations[number - 2] if number > 1 else (None, row.vkey)
                if row.vkey != vkey or _key(row.vkey) is None:
                    yield f"{what}: its vkey " + (
                        f"is not the one that entry {seq} names" if seq else "is no public key"
                    )
                if row.seq != seq:
                    yield f"{what}: its seq is {row.seq}; " + (f"entry {seq} names it" if seq else "no entry named it")
                if moment_text(row.added_at) is None:
                    yield f"{what}: its added_at cannot be read"
        if self._session.scalar(text("SELECT count(*) FROM log_key WHERE number < 1")):
            yield "key of the log: a row has a number below 1"

    def _checkpoint(self, row: Row[Any], root: bytes) -> Iterator[str]:
        if moment_text(row.signed_at) is None:
            yield "its signed_at cannot be read"
        try:
            note = Checkpoint(row.note.encode())
        except (ValueError, AttributeError):
            yield "it is no signed checkpoint"
            return
        if note.size != row.size:
            yield f"its note is of {note.size} entries"
        elif note.root != root:
            yield "its root is not that of the entries"
        for name, blob in note.signatures:
            if not any(key.name == note.origin and key.signed(note.text, [(name, blob)]) for key in self._keys):
                yield f"its signature by {name} is not one of the log’s keys"

    def _has_cosignatures(self, first: int, end: int) -> bool:
        query = text("SELECT 1 FROM log_cosignature WHERE size >= :first AND size < :end LIMIT 1")
        return self._session.scalar(query, {"first": first, "end": end}) is not None

    def _cosignatures(self, checkpoints: Mapping[int, Row[Any]]) -> Iterator[str]:
        for size, checkpoint in checkpoints.items():
            try:
                rows = self._session.execute(_COSIGNATURES, {"first": size, "end": size + 1}).all()
            except Exception as error:  # noqa: BLE001 - whatever the row holds
                yield f"cosignature of the checkpoint of {size} entries: it cannot be read: {error}"
                continue
            for row in rows:
                yield from self._cosignature(row, str(checkpoint.note).partition("\n\n")[0] + "\n")

    def _cosignature(self, row: Row[Any], note: str) -> Iterator[str]:
        what = f"cosignature of the checkpoint of {row.size} entries"
        if moment_text(row.received_at) is None:
            yield f"{what}: its received_at cannot be read"
        try:
            signature: Signature = read_signature(row.line.removesuffix("\n"))
        except (ValueError, AttributeError, TypeError) as error:
            yield f"{what}: its line cannot be read: {error}"
            return
        witness = self._witnesses.get((signature.name, signature.key_id))
        if witness is None:
            self.unchecked[signature.name] = self.unchecked.get(signature.name, 0) + 1
        elif not witness.verify(note, signature.signature):
            yield f"{what}: {signature.name} did not give it"


def head_faults(session: Session, entries: OwnEntries) -> Iterator[str]:
    """What the register's head row says otherwise than the entries."""
    rows = session.execute(text("SELECT * FROM register_head")).all()
    if [row.id for row in rows] != [1]:
        yield f"register_head: it has {len(rows)} rows, and not the one with the id 1"
    note = session.scalar(text("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1"))
    wanted = {
        "last_number": entries.events,
        "last_recorded_at": entries.recorded_at,
        "log_size": entries.size,
        "logged_event": entries.events,
        "codelists_sha256": entries.codelists,
        "origin": str(note).partition("\n")[0],
    }
    if entries.events:
        wanted["next_serial"] = entries.serial + 1
    for row in rows[:1]:
        held = {**row._mapping, "last_recorded_at": moment_text(row.last_recorded_at)}
        for column, value in wanted.items():
            if type(held[column]) is not type(value) or held[column] != value:
                yield f"register_head: its {column} is {held[column]}, and the log says {value}"
        if entries.prefixes and entries.prefixes != {row.prefix}:
            yield f"register_head: its prefix is {row.prefix}, and agreements begin with {min(entries.prefixes)}"


def orphan_bodies(session: Session) -> Iterator[str]:
    """Bodies that no event names."""
    query = (
        "SELECT sha256 FROM agreement_body EXCEPT SELECT body_sha256 FROM agreement_event "
        "EXCEPT SELECT details_sha256 FROM agreement_event ORDER BY sha256 LIMIT 1000"
    )
    yield from (f"body {sha256}: no event names it" for sha256 in session.scalars(text(query)))


def body_values(stored: object) -> list[Any]:
    """The values of a body as the database gives them: PostgreSQL read, SQLite as the text that we wrote, to the byte.

    Raises ValueError for another text.
    """
    values = json.loads(stored) if isinstance(stored, str) else stored
    if not isinstance(values, list) or (isinstance(stored, str) and json.dumps(values) != stored):
        raise ValueError("altered: its values are not kept as they were written")
    return values


def _key(vkey: object) -> Key | None:
    try:
        return Key(str(vkey))
    except ValueError:
        return None
