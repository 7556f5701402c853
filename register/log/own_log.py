"""Checking the log of the database itself: its files as they would be served, and its rows against its entries."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from register.log.copies import FileCopy
from register.log.cosignature import CosignatureVerifier
from register.log.last_seen import LastSeen
from register.log.own_copy import DatabaseCopy
from register.log.own_rows import OwnEntries, is_of_a_row
from register.log.own_tables import OwnSignatures, head_faults, orphan_bodies
from register.log.signing import last_signed, last_signed_path, read_key_file
from register.log.verification import FullCheck, Verification, verify_copy
from register.log.verify import Key
from schemas.errors import GazetteError, InvalidInput, NotFound

MOST_FAULTS = 1_000
"""Beyond these there is nothing more to learn."""


def verify_own_log(
    session: Session,
    *,
    given: Sequence[Key] = (),
    since: Sequence[bytes] = (),
    seen: LastSeen | None = None,
    witnesses: Sequence[CosignatureVerifier] = (),
    certificates: Sequence[bytes] = (),
    key_file: Path | None = None,
    progress: Callable[[int], None] = lambda _entries: None,
    quick: bool = False,
) -> Verification:
    """What `verify_copy` finds of the log as it is served, and every row of the log's tables that is not what it says.

    The entries that no checkpoint covers yet are checked too. `key_file` is the file of the private key, compared
    where it is on this machine. `register.log.vouching` tells what is checked. Raises NotFound where no checkpoint was
    signed yet.
    """
    if session.scalar(text("SELECT count(*) FROM log_checkpoint")) == 0:
        raise NotFound("No checkpoint of the log has been signed yet.", "Run “gazette register checkpoint”.")
    size = session.scalar(text("SELECT max(seq) + 1 FROM log_entry")) or 0
    own = _of_key_file(session, key_file) if key_file else _KeyFile((), (), ())
    done = verify_copy(
        lambda: DatabaseCopy(session),
        given=given,
        since=(*since, *own.signed),
        seen=seen,
        witnesses=witnesses,
        certificates=certificates,
        progress=progress,
        quick=quick,
        kind=lambda opened, keys, older: _WholeCheck(size, opened, keys, older),
    )
    signatures = OwnSignatures(session, witnesses)
    entries = OwnEntries(session, signatures.of_sizes)
    found = islice(chain(done.faults, own.faults, _row_faults(session, entries, signatures)), MOST_FAULTS)
    faults = tuple(dict.fromkeys(found))
    remarks = [*done.remarks, *own.remarks]
    if size > done.size:
        remarks.append(f"{size - done.size:,} entries are not under a signed checkpoint yet.")
    remarks += [
        f"{count:,} cosignatures of {name} were not checked: --witness-key FILE checks them."
        for name, count in signatures.unchecked.items()
        if count > 1  # one is that of the newest checkpoint, and told of above
    ]
    if entries.unchecked:
        many = f"{entries.unchecked:,} events"
        remarks.append(f"The source’s entry of {many} was not compared: a value of their body is blanked.")
    return replace(done, faults=faults, remarks=tuple(remarks))


def _row_faults(session: Session, entries: OwnEntries, signatures: OwnSignatures) -> Iterator[str]:
    parts = (
        entries.faults,
        lambda: signatures.beyond(entries.size),
        lambda: signatures.keys(entries.rotations),
        lambda: head_faults(session, entries),
        lambda: orphan_bodies(session),
    )
    for part in parts:
        try:
            yield from part()
        except SQLAlchemyError as error:
            if not is_of_a_row(session, error):
                raise
            yield f"database: it cannot be read to its end: {getattr(error, 'orig', error)}"


class _WholeCheck(FullCheck):
    """The check of a copy that reads on behind its checkpoint, to the last entry."""

    def __init__(
        self, whole: int, opened: Callable[[], FileCopy], given: Sequence[Key], older: Sequence[bytes]
    ) -> None:
        super().__init__(opened, given, older)
        self._whole = whole

    def walk(self, size: int) -> None:
        """Read all entries in order."""
        super().walk(max(size, self._whole))


@dataclass(frozen=True, slots=True)
class _KeyFile:
    """What the file of the private key says otherwise than the log, and what was last signed with it."""

    faults: tuple[str, ...]
    remarks: tuple[str, ...]
    signed: tuple[bytes, ...]


def _of_key_file(session: Session, path: Path) -> _KeyFile:
    faults: list[str] = []
    remarks: list[str] = []
    try:
        newest = session.scalar(text("SELECT vkey FROM log_key ORDER BY number DESC LIMIT 1"))
        if path.exists() and read_key_file(path)[0].verifier.vkey != newest:
            faults.append(f"{path}: it is not the key that the log names")
        last = last_signed(path)
    except (InvalidInput, ValueError) as error:
        return _KeyFile((f"{path}: {error}",), (), ())
    except (GazetteError, OSError) as error:  # it may not be read here, or others may read it: no fault of the log
        return _KeyFile((), (f"The key file was not compared: {error}",), ())
    if last is not None:
        remarks.append(f"Compared with the checkpoint that was last signed here, {last_signed_path(path)}.")
    return _KeyFile(tuple(faults), tuple(remarks), (last.encode(),) if last is not None else ())
