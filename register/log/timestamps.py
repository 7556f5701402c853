"""Timestamps of the log's checkpoints: asked for over HTTP, kept, and given as files that OpenSSL reads.

A timestamp is over a checkpoint's note as it was signed: cosignatures may come later, and that note is served beside
the timestamp.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from register.log.models import LogCheckpoint, LogTimestamp
from register.log.posting import post
from register.log.timestamp import QUERY_TYPE, check_timestamp, read_answer, timestamp_query
from schemas.canonical import canonical_bytes
from schemas.clock import Clock
from schemas.errors import NotFound, Unreachable

LISTING = "timestamps.json"
_PATH = re.compile(r"timestamps/(?P<size>0|[1-9][0-9]{0,17})(\.checkpoint|-(?P<number>[1-9][0-9]{0,8})\.tsr)")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A timestamp as it came: its bytes (DER), and the time it names."""

    token: bytes
    moment: datetime


def ask_timestamp(address: str, note: str, roots: Sequence[bytes]) -> Stamp:
    """A timestamp of a signed note, from the authority at an address, checked.

    Its signature is checked where `roots` (certificates in PEM) are given. Raises InvalidInput for an address that is
    none, Unreachable where what answers is no timestamp of this note, Refused without the library for it.
    """
    data = note.encode()
    query = timestamp_query(data)
    status, _, answer = post(address, query.body, QUERY_TYPE, "timestamp authority")
    if status != 200:
        raise Unreachable(f"{address} answered {status} and no timestamp.", "Ask those who run it.")
    try:
        moment = read_answer(answer, query, data)
        if roots:
            check_timestamp(answer, data, roots)
    except ValueError as error:
        raise Unreachable(f"{address}: {error}.", "Ask those who run it; nothing was kept.") from None
    return Stamp(answer, moment)


def has_timestamp(session: Session, size: int, address: str) -> bool:
    """Whether the checkpoint of a size has a timestamp of an authority."""
    query = select(LogTimestamp.number).where(LogTimestamp.size == size, LogTimestamp.address == address)
    return session.scalar(query.limit(1)) is not None


def add_timestamp(session: Session, size: int, stamp: Stamp, address: str, clock: Clock) -> None:
    """Keep a timestamp of the checkpoint of a size."""
    last = session.scalar(select(func.max(LogTimestamp.number)).where(LogTimestamp.size == size)) or 0
    row = LogTimestamp(
        size=size,
        number=last + 1,
        token=stamp.token,
        stamped_at=stamp.moment,
        address=address,
        received_at=clock(),
    )
    session.add(row)


def newest_timestamp(session: Session) -> LogTimestamp | None:
    """The newest timestamp of the newest checkpoint that has one."""
    order = (LogTimestamp.size.desc(), LogTimestamp.number.desc())
    return session.scalar(select(LogTimestamp).order_by(*order).limit(1))


def timestamp_files(session: Session, size: int) -> dict[str, bytes]:
    """The files of the timestamps of all checkpoints up to a size, by their paths; nothing where there is none."""
    query = (
        select(LogTimestamp, LogCheckpoint.note)
        .join(LogCheckpoint, LogCheckpoint.size == LogTimestamp.size)
        .where(LogTimestamp.size <= size)
        .order_by(LogTimestamp.size, LogTimestamp.number)
    )
    files: dict[str, bytes] = {}
    rows: list[LogTimestamp] = []
    for row, note in session.execute(query):
        files |= {_note_path(row.size): note.encode(), token_path(row): row.token}
        rows.append(row)
    return {**files, LISTING: _listing(rows)} if rows else {}


def timestamp_file(session: Session, path: str) -> bytes:
    """One of these files. Raises NotFound."""
    if path == LISTING:
        rows = session.scalars(select(LogTimestamp).order_by(LogTimestamp.size, LogTimestamp.number)).all()
        if rows:
            return _listing(rows)
    match = _PATH.fullmatch(path)
    if match and match["number"]:
        row = session.get(LogTimestamp, (int(match["size"]), int(match["number"])))
        if row is not None:
            return row.token
    elif match:
        stamped = select(LogTimestamp.size).where(LogTimestamp.size == int(match["size"]))
        note = session.scalar(select(LogCheckpoint.note).where(LogCheckpoint.size.in_(stamped)))
        if note is not None:
            return note.encode()
    raise NotFound("The log has no such timestamp.", f"See /register/log/{LISTING} for those that there are.")


def token_path(row: LogTimestamp) -> str:
    """Where a timestamp lies below the log's address."""
    return f"timestamps/{row.size}-{row.number}.tsr"


def _note_path(size: int) -> str:
    return f"timestamps/{size}.checkpoint"


def _listing(rows: Sequence[LogTimestamp]) -> bytes:
    """What timestamps there are: canonical JSON, a list of size, time, and the paths of checkpoint and timestamp."""
    return canonical_bytes(
        [
            {
                "size": row.size,
                "time": row.stamped_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "checkpoint": _note_path(row.size),
                "token": token_path(row),
            }
            for row in rows
        ]
    )
