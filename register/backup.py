"""Backups: one file with the whole database, how far the register's log was, and the hash of everything in it.

The file is a zip: `manifest.json`, `gazette.db` (SQLite, whichever engine it came from), and the key of the log only
where it was asked for. It holds drafts and accounts, and so it is its owner's alone to read.
"""

import hashlib
import importlib.metadata
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select

from register.agreements.models import RegisterHead
from register.log.checkpoint import Checkpoint, read_checkpoint
from register.log.checkpoints import catch_up_all, latest_checkpoint, public_keys
from register.log.encoding import to_base64
from register.log.models import LogEntry
from register.log.note import split_note
from register.log.own_log import verify_own_log
from register.log.signing import last_signed, last_signed_path
from register.log.store import root_at
from register.log.tree import GrowingTree
from register.log.verify import Key
from schemas.canonical import canonical_bytes
from schemas.clock import Clock
from schemas.database.copying import FILE_NAME, copy_out, is_whole
from schemas.database.engine import Database, open_database
from schemas.database.upgrade import current_revision, head_revision, upgrade
from schemas.errors import InvalidInput, NotFound, Refused
from schemas.merkle import leaf_hash
from schemas.settings import sqlite_url

WORK_FOLDER = "restoring"
"""Where in the data folder a backup is read into while it is restored."""

FORMAT = "data-gazette-backup-1"
MANIFEST = "manifest.json"
KEY = "log-key"
KEY_LAST = "log-key.last"
_LARGEST_SMALL_FILE = 1_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class LogState:
    """How far a log is: its name, the prefix of its agreements' numbers, its size and root (base64).

    `signed` is how many of its entries are under its last checkpoint.
    """

    origin: str
    prefix: str
    events: int
    size: int
    root: str
    signed: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `log` is None where the database was older than this program's, or has no log.

    `files` gives the size and the SHA-256 of each file by its name.
    """

    made_at: str
    program: str
    engine: str
    revision: str
    log: LogState | None
    files: dict[str, dict[str, Any]]

    @property
    def has_key(self) -> bool:
        """Whether the key that signs the log is in it."""
        return KEY in self.files


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup that was read into a folder: what it says of itself, its database, brought up to date, and its key."""

    manifest: Manifest
    database: Database
    file: Path
    key: Path | None


def write_backup(database: Database, path: Path, clock: Clock, key: Path | None = None) -> Manifest:
    """Write everything the database holds as of one moment into a new file; `key` is the key file to put in too.

    The file takes its place once all of it is on the disk. Raises Refused where there is a file already, or no
    database, NotFound where the key is not there.
    """
    if path.exists():
        raise Refused(f"There is a file already: {path}.", "Give another name, for example with the date in it.")
    draft = path.with_name(f".{path.name}.draft")
    with _work_folder(draft) as folder:
        copied = copy_out(database, folder)
        sources = {FILE_NAME: copied}
        if key is not None:
            sources |= {KEY: key, KEY_LAST: last_signed_path(key)} if last_signed(key) else {KEY: key}
        with closing(open_database(sqlite_url(folder))) as copy:
            revision = current_revision(copy) or ""
            log = state_of(copy) if revision == head_revision() else None
        manifest = Manifest(
            made_at=clock().isoformat(timespec="seconds"),
            program=importlib.metadata.version("data-gazette"),
            engine=database.engine.dialect.name,
            revision=revision,
            log=log,
            files={name: _described(source) for name, source in sources.items()},
        )
        made = folder / "backup"
        _zipped(made, manifest, sources)
        try:
            os.link(made, path)  # unlike a renaming, this fails where there is a file by now
        except FileExistsError:
            raise Refused(f"There is a file already: {path}.", "Give another name.") from None
        _on_the_disk(path.parent)
    return manifest


@contextmanager
def opened_backup(path: Path, folder: Path, clock: Clock) -> Iterator[Opened]:
    """Read a backup into a work folder, which is gone afterwards, and check every hash of it.

    Raises InvalidInput where it is no whole backup, Refused where a newer program made it.
    """
    with _work_folder(folder):
        manifest = _unzipped(path, folder)
        if not is_whole(folder / FILE_NAME):
            raise InvalidInput(f"The database in {path} is not whole.", "Take an older backup.")
        with closing(open_database(sqlite_url(folder))) as database:
            upgrade(database)
            catch_up_all(database, clock)
            key = folder / KEY
            yield Opened(manifest, database, folder / FILE_NAME, key if manifest.has_key else None)


def state_of(database: Database) -> LogState | None:
    """How far the log of a database is; None where it has none yet."""
    with database.read() as session:
        head = session.get(RegisterHead, 1)
        if head is None:
            return None
        newest = latest_checkpoint(session)
        root = to_base64(root_at(session, head.log_size))
        signed = newest.size if newest else 0
        return LogState(head.origin or "", head.prefix, head.last_number, head.log_size, root, signed)


def faults_of(opened: Opened, given: Sequence[Key], progress: Callable[[int], None]) -> list[str]:
    """What is wrong with the log in a backup: nothing where it is what was signed, and what the backup says it is.

    `given` are public keys that must have signed it; without any, those that the log itself names.
    """
    with opened.database.read() as session:
        try:
            faults = list(verify_own_log(session, given=given, progress=progress, quick=True).faults)
        except NotFound:  # nothing of it is signed yet
            faults = []
        tree = GrowingTree()
        for entry in session.scalars(select(LogEntry.entry).order_by(LogEntry.seq).execution_options(yield_per=1_000)):
            tree.add(leaf_hash(entry.encode()))
        head = session.get(RegisterHead, 1)
        size = head.log_size if head else 0
        if tree.size != size or (head and root_at(session, size) != tree.root()):
            faults.append("the entries behind the last checkpoint are not those of the tree")
        log = opened.manifest.log
        if log and (log.size > size or to_base64(root_at(session, log.size)) != log.root):
            faults.append("the log is not the one that the manifest names")
        return faults


def newer_than(opened: Opened, notes: Sequence[str]) -> list[Checkpoint]:
    """The signed checkpoints among these that the log in a backup has not come to, or contradicts."""
    state = state_of(opened.database)
    checkpoints = [read_checkpoint(split_note(note)[0]) for note in notes]
    with opened.database.read() as session:
        return [
            one
            for one in checkpoints
            if state is None
            or one.origin != state.origin
            or one.size > state.size
            or root_at(session, one.size) != one.root
        ]


def signed_notes(database: Database, key_file: Path) -> list[str]:
    """The newest checkpoints that were signed here, as far as the database and what lies beside the key still tell."""
    kept = last_signed(key_file)
    with database.read() as session:
        newest = latest_checkpoint(session)
    return [note for note in (newest.note if newest else None, kept) if note]


def keys_in(database: Database) -> list[str]:
    """The public keys of the log in a database, the newest first."""
    with database.read() as session:
        return public_keys(session)


@contextmanager
def _work_folder(folder: Path) -> Iterator[Path]:
    """An empty folder of our own; what a dead process left there is thrown away."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _zipped(path: Path, manifest: Manifest, sources: dict[str, Path]) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(MANIFEST, canonical_bytes({"format": FORMAT, **asdict(manifest)}))
            for name, source in sources.items():
                archive.write(source, name)
        file.flush()
        os.fsync(file.fileno())


def _unzipped(path: Path, folder: Path) -> Manifest:
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _read_manifest(archive)
            for name, wanted in manifest.files.items():
                with archive.open(name) as member:
                    _written(member, folder / name, wanted)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(f"{path} is no whole backup: {error}.", "Take another one; this one is damaged.") from None
    return manifest


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > _LARGEST_SMALL_FILE:
        raise ValueError("its manifest is too large")
    said = json.loads(archive.read(MANIFEST))
    if said.pop("format") != FORMAT:
        raise ValueError("another program, or a newer one, made it")
    log = said.pop("log")
    manifest = Manifest(log=LogState(**log) if log else None, **said)
    if FILE_NAME not in manifest.files or not manifest.files.keys() <= {FILE_NAME, KEY, KEY_LAST}:
        raise ValueError("its manifest does not name its files")
    return manifest


def _written(member: IO[bytes], path: Path, wanted: dict[str, Any]) -> None:
    digest, left = hashlib.sha256(), int(wanted["bytes"])
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := member.read(_CHUNK):
            left -= len(chunk)
            digest.update(chunk)
            if left < 0:
                break
            file.write(chunk)
    if left or digest.hexdigest() != wanted["sha256"]:
        raise ValueError(f"{path.name} is not what its manifest says")


def _on_the_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
