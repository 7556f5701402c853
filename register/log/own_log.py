"""Checking the log of the database itself: its files as they would be served, and its rows against its entries."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from register.agreements.models import AgreementEvent, RegisterHead
from register.log.copies import DatabaseCopy, FileCopy
from register.log.last_seen import LastSeen
from register.log.leaf import leaf_bytes
from register.log.models import LogEntry
from register.log.store import leaf_of_event
from register.log.stored_copy import StoredCopy
from register.log.verification import Verification, verify_copy
from register.log.verify import Key
from schemas.errors import NotFound
from schemas.merkle import leaf_hash

_AT_ONCE = 1_000


def verify_own_log(
    session: Session,
    *,
    given: Sequence[Key] = (),
    since: Sequence[bytes] = (),
    seen: LastSeen | None = None,
    progress: Callable[[int], None] = lambda _entries: None,
    quick: bool = False,
) -> Verification:
    """What `verify_copy` finds of the log as it is served, and every row of an event that is not what its entry says.

    Raises NotFound where no checkpoint was signed yet.
    """
    done = verify_copy(_opened(session), given=given, since=since, seen=seen, progress=progress, quick=quick)
    waiting = (session.scalar(select(func.count()).select_from(LogEntry)) or 0) - done.size
    told = [f"{waiting:,} entries are not under a signed checkpoint yet."] if waiting > 0 else []
    return replace(done, faults=(*done.faults, *altered_rows(session)), remarks=(*done.remarks, *told))


def altered_rows(session: Session) -> Iterator[str]:
    """The events whose rows and entries do not say the same, each as a sentence."""
    head = session.get_one(RegisterHead, 1)
    last, logged = head.last_number, head.logged_event
    for first in range(1, last + 1, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, last + 1))
        try:
            faults = _altered(session, numbers, logged)
        except ValueError:  # one of these rows cannot be read at all
            faults = [fault for number in numbers for fault in _altered_one(session, number, logged)]
        yield from faults
        session.expunge_all()  # a whole register does not stay in memory


def _altered_one(session: Session, number: int, logged: int) -> list[str]:
    try:
        return _altered(session, range(number, number + 1), logged)
    except ValueError as error:
        return [f"event {number}: its row cannot be read: {error}"]


def _altered(session: Session, numbers: range, logged: int) -> list[str]:
    query = (
        select(AgreementEvent, LogEntry.seq, LogEntry.entry, LogEntry.leaf_hash)
        .join_from(AgreementEvent, LogEntry, LogEntry.event_number == AgreementEvent.number, isouter=True)
        .where(AgreementEvent.number >= numbers[0], AgreementEvent.number <= numbers[-1])
    )
    rows = cast(Iterable[tuple[AgreementEvent, int | None, str, bytes]], session.execute(query))
    found = {row[0].number: row for row in rows}
    return [fault for number in numbers if (fault := _fault(number, found.get(number), logged))]


def _fault(number: int, row: tuple[AgreementEvent, int | None, str, bytes] | None, logged: int) -> str | None:
    if row is None:
        return f"event {number}: it is missing"
    event, seq, entry, digest = row
    what = f"event {number} ({event.agreement_id}, {event.event})"
    if seq is None:
        return f"{what}: it has no entry in the log" if number <= logged else None
    if not _says(event, seq, entry) or leaf_hash(entry.encode()) != digest:
        return f"{what}: its row is not what entry {seq} says"
    return None


def _says(event: AgreementEvent, seq: int, entry: str) -> bool:
    try:
        return leaf_bytes(leaf_of_event(event, seq)) == entry.encode()
    except (ValueError, NotFound):  # a row that no entry could be made of
        return False


def _opened(session: Session) -> Callable[[], FileCopy]:
    """What gives the copy, or the fault for which there is none. Raises NotFound where no checkpoint was signed."""
    try:
        copy = DatabaseCopy(StoredCopy(session))
    except ValueError as error:
        fault = error

        def refused() -> FileCopy:
            raise fault

        return refused
    return lambda: copy
