"""The log in the database: entries are added in the transaction of their event, and read back as files of the log.

Whoever adds holds the lock on the register's head row, so that places are given without gap or fork. Only complete
subtrees are kept: adding reads as many nodes as the new entry completes, however long the log is.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from register.agreements.models import AgreementBody, AgreementEvent, RegisterHead
from register.log.contract_files import codelists_sha256
from register.log.leaf import CodelistsLeaf, EventLeaf, KeyLeaf, Leaf, leaf_bytes
from register.log.models import LogEntry, LogNode
from register.log.tiles import HEIGHT, WIDTH, entry_bundle, tile_bytes
from register.log.tree import Nodes, nodes_added, root_of
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import canonical_bytes, sha256_hex
from schemas.clock import Clock
from schemas.contract import contract_sha256
from schemas.errors import NotFound
from schemas.merkle import leaf_hash

_ONE_FORM = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
"""RFC 8785 for what a body holds (text, whole numbers, true and false) where its members stand in order."""


def log_event(session: Session, head: RegisterHead, event: AgreementEvent) -> None:
    """Add the entry of the event that was just appended. `head` is locked by the caller, who commits."""
    if head.logged_event != event.number - 1:
        catch_up(session, head)  # a database from before the log: those before it come first
    if head.logged_event < event.number:
        _log(session, head, event)


def catch_up(session: Session, head: RegisterHead, limit: int | None = None) -> int:
    """Add the entries of events that have none, in their order, at most `limit` of them; gives how many.

    `head` is locked by the caller, who commits. Once all have theirs it does nothing.
    """
    query = select(AgreementEvent).where(AgreementEvent.number > head.logged_event).order_by(AgreementEvent.number)
    done = 0
    for event in session.scalars(query.limit(limit)).all():
        _log(session, head, event)
        done += 1
    session.flush()
    return done


def log_key(session: Session, head: RegisterHead, key: KeyLeaf) -> None:
    """Add the entry that names a new key of the log. `head` is locked by the caller, who commits."""
    head.last_recorded_at = key.recorded_at
    _add(session, head, key, None)
    session.flush()


def log_codelists(session: Session, head: RegisterHead, moment: datetime) -> None:
    """Add the entry that names the codelists, where they are not those of the newest such entry.

    `moment` is not before the last entry. `head` is locked by the caller, who commits.
    """
    if head.codelists_sha256 != codelists_sha256():
        head.codelists_sha256 = codelists_sha256()
        head.last_recorded_at = max(moment, head.last_recorded_at or moment)
        _add(session, head, CodelistsLeaf(head.log_size, moment, head.codelists_sha256), None)


def next_moment(head: RegisterHead, clock: Clock) -> datetime:
    """The time of the next entry: now, and never before the last one."""
    now = clock()
    return max(now, head.last_recorded_at) if head.last_recorded_at else now


def leaf_of_event(event: AgreementEvent, seq: int, source_entry_sha256: str | None = None) -> EventLeaf:
    """The entry of an event at its place."""
    has_body = event.body_sha256 is not None or event.details_sha256 is not None
    schema = event.schema_version or (AGREEMENT_VERSION if has_body else None)
    return EventLeaf(
        seq=seq,
        recorded_at=event.recorded_at,
        agreement=event.agreement_id,
        event=event.event,
        registered_on=event.registered_on,
        version=event.version,
        effective=event.effective,
        actor_org=event.actor_organisation,
        body_sha256=event.body_sha256,
        details_sha256=event.details_sha256,
        prev_body_sha256=event.previous_body_sha256,
        schema=schema,
        schema_sha256=_schema_sha256(schema) if schema else None,
        source_entry_sha256=source_entry_sha256,
    )


def source_digest(source_entry: str, sealed: Sequence[Sequence[Any]]) -> str | None:
    """What an entry says of the source's entry: a digest over its name and the salts of the body read from it.

    The name may be guessed from what the body says. Once a value of the body is blanked a salt is gone, and nobody
    can try a guess any more, nor check the name: it is None then.
    """
    salts = [salt for _pointer, salt, *_value in sorted(sealed, key=lambda item: item[0])]
    return None if None in salts else sha256_hex(canonical_bytes([source_entry, *salts]))


def _log(session: Session, head: RegisterHead, event: AgreementEvent) -> None:
    log_codelists(session, head, event.recorded_at)
    body = session.get_one(AgreementBody, event.body_sha256) if event.source_entry and event.body_sha256 else None
    digest = source_digest(event.source_entry, body.sealed) if event.source_entry and body else None
    head.logged_event = event.number
    _add(session, head, leaf_of_event(event, head.log_size, digest), event.number)


def _add(session: Session, head: RegisterHead, leaf: Leaf, event_number: int | None) -> None:
    data = leaf_bytes(leaf)
    digest = leaf_hash(data)
    size = head.log_size
    head.log_size = size + 1
    session.flush()  # the event stands before its entry names it, and the head is written once
    connection = session.connection()
    entry = {"seq": size, "entry": data.decode(), "leaf_hash": digest, "event_number": event_number}
    connection.execute(_ADD_ENTRY, entry)
    _, *above = nodes_added(size, digest, nodes_in(session))
    if above:
        rows = [{"level": level, "idx": index, "hash": node} for level, index, node in above]
        connection.execute(_ADD_NODE, rows)


_ADD_ENTRY = insert(cast(Table, LogEntry.__table__))
_ADD_NODE = insert(cast(Table, LogNode.__table__))


@cache
def _schema_sha256(version: str) -> str:
    return contract_sha256(version)


def nodes_in(session: Session) -> Nodes:
    """The nodes of the tree, each read when it is asked for. Raises NotFound for one that there is not."""

    connection = session.connection()

    def node(level: int, index: int) -> bytes:
        at = {"level": level, "place": index}
        found: bytes | None = connection.scalar(_READ_LEAF if level == 0 else _READ_NODE, at)
        if found is None:
            raise NotFound(f"The log has no node {index} at level {level}.")
        return found

    return node


_READ_LEAF = select(LogEntry.leaf_hash).where(LogEntry.seq == bindparam("place"))
_READ_NODE = select(LogNode.hash).where(LogNode.level == bindparam("level"), LogNode.idx == bindparam("place"))


def root_at(session: Session, size: int) -> bytes:
    """The root of the tree over the first `size` entries. Raises NotFound where there are not so many."""
    return root_of(size, nodes_in(session))


def read_tile(session: Session, level: int, n: int, width: int = WIDTH) -> bytes:
    """The bytes of a tile. Raises NotFound where the log has not come so far."""
    tree_level, first = level * HEIGHT, n * WIDTH
    if tree_level == 0:
        found = session.connection().execute(_between(LogEntry.seq, LogEntry.leaf_hash, first, width))
    else:
        query = _between(LogNode.idx, LogNode.hash, first, width).where(LogNode.level == tree_level)
        found = session.connection().execute(query)
    hashes: dict[int, bytes] = {row[0]: row[1] for row in found}
    if len(hashes) < width:
        raise NotFound(f"The log has no tile {n} of level {level} that is {width} wide.")
    return tile_bytes(level, n, width, lambda _level, index: hashes[index])


def read_entries(session: Session, first: int, count: int) -> list[bytes]:
    """The entries from one place on. Raises NotFound where there are not so many."""
    found = session.connection().execute(_between(LogEntry.seq, LogEntry.entry, first, count)).all()
    if len(found) < count:
        raise NotFound(f"The log has no entries from {first} to {first + count - 1}.")
    return [entry.encode() for _, entry in found]


def read_entry_bundle(session: Session, n: int, width: int = WIDTH) -> bytes:
    """The bytes of a bundle of entries. Raises NotFound where the log has not come so far."""
    return entry_bundle(read_entries(session, n * WIDTH, width))


def read_body(session: Session, sha256: str) -> bytes:
    """A body as a file of the log, blanked values as their digests. Raises NotFound."""
    row = session.get(AgreementBody, sha256)
    if row is None:
        raise NotFound(f"There is no body “{sha256}”.")
    return body_bytes(row)


def body_bytes(row: AgreementBody) -> bytes:
    """The file of a body: its hash, the version of its schema, its values in the order of their pointers."""
    values = sorted(row.sealed, key=lambda item: item[0])
    return _ONE_FORM.encode({"schema": row.schema_version, "sha256": row.sha256, "values": values}).encode()


def bodies_of_entries(session: Session, first: int, count: int) -> list[str]:
    """The hashes of the bodies that these entries name, in their order, and of what a redaction among them changed.

    A redaction blanks values of bodies that older entries of its agreement name.
    """
    query = (
        select(AgreementEvent)
        .join(LogEntry, LogEntry.event_number == AgreementEvent.number)
        .where(LogEntry.seq >= first, LogEntry.seq < first + count)
        .order_by(LogEntry.seq)
    )
    events = session.scalars(query).all()
    redacted = {event.agreement_id for event in events if event.event == "redacted"}
    before = select(AgreementEvent).where(AgreementEvent.agreement_id.in_(redacted))
    touched = [*events, *(session.scalars(before.order_by(AgreementEvent.number)) if redacted else ())]
    hashes = [digest for event in touched for digest in (event.body_sha256, event.details_sha256) if digest]
    return list(dict.fromkeys(hashes))


def read_bodies(session: Session, hashes: Sequence[str]) -> Iterable[tuple[str, bytes]]:
    """Bodies as files of the log, by their hashes, a hundred at a time."""
    for start in range(0, len(hashes), 100):
        query = select(AgreementBody).where(AgreementBody.sha256.in_(hashes[start : start + 100]))
        rows = session.scalars(query.execution_options(populate_existing=True)).all()
        for row in rows:
            yield row.sha256, body_bytes(row)
            session.expunge(row)  # a whole register does not stay in memory


def place_of_event(session: Session, number: int) -> int:
    """The place of an event's entry. Raises NotFound for one that has none yet."""
    seq = session.scalar(select(LogEntry.seq).where(LogEntry.event_number == number))
    if seq is None:
        raise NotFound(f"Event {number} has no entry in the log yet.", "Run “gazette db upgrade”.")
    return seq


def _between(key, value, first: int, count: int):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return select(key, value).where(key >= first, key < first + count).order_by(key)
