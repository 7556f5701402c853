"""The bundle as a file that is made once and served often, in the data folder.

It holds the bodies as they were when it was made, so that a redaction must take it away: `forget_bundles`, after its
transaction is committed. Whoever makes one reads the database only once the folder's lock is his, so that nothing
older than that can come back. One that another machine redacted meanwhile is never served.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from register.agreements.models import AgreementEvent
from register.log.bundle import write_bundle
from register.log.stored_copy import StoredCopy
from schemas.canonical import canonical_bytes, sha256_hex
from schemas.database.engine import Database

_FOLDER = "bundles"
_SUFFIX = ".zip"
_QUICK_SECONDS = 2.0
_REST = 10
"""One that took long to make is served for so many times as long, though the log has grown: it stays a whole copy."""


@dataclass(frozen=True, slots=True)
class KeptBundle:
    """A bundle that is open to be read: its length in bytes, and a tag that another one does not have."""

    file: IO[bytes]
    size: int
    tag: str


def bundle_tag(copy: StoredCopy, last: int) -> str:
    """What tells one bundle from another; `last` is the number of the newest event, since a redaction is one."""
    stamps = {path: sha256_hex(data) for path, data in copy.timestamps().items()}
    return f"{last}-{sha256_hex(canonical_bytes([copy.checkpoint, stamps]))[:32]}"


def kept_bundle(database: Database, data: Path) -> KeptBundle:
    """The bundle of the newest checkpoint, made where it is not there; others wait while it is made.

    Raises NotFound where no checkpoint was signed yet.
    """
    with _locked(data / _FOLDER) as folder, database.read() as session:
        copy = StoredCopy(session)
        tag = bundle_tag(copy, session.scalar(select(func.max(AgreementEvent.number))) or 0)
        path = _still_good(session, folder) or folder / f"{tag}{_SUFFIX}"
        if not path.exists():
            _empty(folder)
            draft, began = folder / "draft", time.monotonic()
            with draft.open("wb") as out:
                write_bundle(copy, out)
            seconds = time.monotonic() - began
            moment = time.time() + (_REST * seconds if seconds > _QUICK_SECONDS else 0)
            os.utime(draft, (moment, moment))  # until when it is good although the log has grown
            draft.replace(path)
        file = path.open("rb")
        return KeptBundle(file, os.fstat(file.fileno()).st_size, path.name.removesuffix(_SUFFIX))


def forget_bundles(data: Path) -> None:
    """Take away every bundle that is kept: they hold what was blanked."""
    if (data / _FOLDER).exists():
        with _locked(data / _FOLDER) as folder:
            _empty(folder)


def _still_good(session: Session, folder: Path) -> Path | None:
    """A bundle that is good although the log has grown since: nothing was blanked, and making it took long."""
    for path in folder.glob(f"*{_SUFFIX}"):
        last = path.name.partition("-")[0]
        if path.stat().st_mtime > time.time() and last.isdecimal():
            since = select(AgreementEvent.number).where(
                AgreementEvent.number > int(last), AgreementEvent.event == "redacted"
            )
            if session.scalar(since.limit(1)) is None:
                return path
    return None


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def _locked(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(descriptor)
