"""The log as a folder of static files, which any web server can host: the same files as on the site.

What is new is written beside its place and renamed into it, the checkpoint last: whoever reads the folder, and
whenever the writing dies, finds every file that its checkpoint stands for.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from register.agreements.models import AgreementEvent
from register.log.bundle import files_beside
from register.log.checkpoint import Checkpoint, read_checkpoint
from register.log.checkpoints import latest_checkpoint, latest_note
from register.log.note import split_note
from register.log.store import bodies_of_entries, read_bodies, read_entry_bundle, read_tile, root_at
from register.log.stored_copy import StoredCopy, keys_below
from register.log.tiles import WIDTH, Tile, tiles_of
from schemas.errors import Refused

_FOLDERS_FILE = "published-folders"
_DRAFTS = ".drafts"
_OF_A_BUNDLE = frozenset({"README.txt", "verify.py"})
_OURS = frozenset(
    {_DRAFTS, "tile", "bodies", "key", "schemas", "codelists", "codelists.json", "timestamps", "timestamps.json"}
)
_ENTRIES_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication wrote: the entries its checkpoint covers, and how many files it wrote anew."""

    size: int
    files: int


def publish(session: Session, folder: Path) -> Published:
    """Bring a folder up to the newest checkpoint. It holds nothing yet, or an older state of the same log.

    Raises NotFound where no checkpoint was signed yet, Refused where the folder holds something else.
    """
    note = latest_note(session)
    target = read_checkpoint(split_note(note)[0])
    since = _published_before(session, folder, target)
    with _writing(folder) as write:
        written = sum(write(tile.path, tile_file(session, tile)) for tile in _files_of(target.size, since))
        for first in range(since, target.size, _ENTRIES_AT_ONCE):
            hashes = bodies_of_entries(session, first, min(_ENTRIES_AT_ONCE, target.size - first))
            written += sum(write(f"bodies/{sha256}", data) for sha256, data in read_bodies(session, hashes))
        beside = (file for file in files_beside(StoredCopy(session)) if file[0] not in _OF_A_BUNDLE)
        written += sum(write(name, data) for name, data in beside)
        written += write("checkpoint", note.encode())
    for tile in _files_of(target.size, since):
        if tile.is_full:  # the partial ones were for the checkpoint before
            shutil.rmtree(folder / f"{tile.path}.p", ignore_errors=True)
    return Published(target.size, written)


def publish_bodies(session: Session, folder: Path, hashes: Sequence[str]) -> int:
    """Write these bodies as they now are; gives how many files changed."""
    with _writing(folder) as write:
        return sum(write(f"bodies/{sha256}", data) for sha256, data in read_bodies(session, hashes))


def blanked_bodies(session: Session) -> list[str]:
    """The bodies of agreements in which values were blanked."""
    agreements = select(AgreementEvent.agreement_id).where(AgreementEvent.event == "redacted")
    events = session.scalars(select(AgreementEvent).where(AgreementEvent.agreement_id.in_(agreements))).all()
    return [digest for event in events for digest in (event.body_sha256, event.details_sha256) if digest]


def tile_file(session: Session, tile: Tile) -> bytes:
    """The bytes of a tile, or of a bundle of entries. Raises NotFound."""
    if tile.level is None:
        return read_entry_bundle(session, tile.n, tile.width)
    return read_tile(session, tile.level, tile.n, tile.width)


def tile_within(tile: Tile, size: int) -> bool:
    """Whether the tree of `size` entries has a tile."""
    nodes = size >> 8 * (tile.level or 0)
    return tile.n * WIDTH + tile.width <= nodes


def keys_file(session: Session) -> bytes:
    """The public keys of the log, a line each, the newest first, as its newest checkpoint covers them."""
    newest = latest_checkpoint(session)
    return keys_below(session, newest.size if newest else 0).encode()


def remember_folder(data: Path, folder: Path) -> None:
    """Remember a folder that was published into, so that what is blanked later is taken out of it too."""
    folders = published_folders(data)
    if folder.absolute() not in folders:
        lines = [*map(str, folders), str(folder.absolute())]
        draft = data / f"{_FOLDERS_FILE}.draft"
        draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        draft.replace(data / _FOLDERS_FILE)


def published_folders(data: Path) -> list[Path]:
    """The folders that were published into from this data folder."""
    try:
        lines = (data / _FOLDERS_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Path(line) for line in lines if line]


def _published_before(session: Session, folder: Path, target: Checkpoint) -> int:
    """How many entries the folder has already."""
    path = folder / "checkpoint"
    if not path.exists():
        if folder.exists() and any(one.name not in _OURS for one in folder.iterdir()):
            raise Refused(
                f"{folder} holds other files than a log’s.", "Name an empty folder, or one that is not there."
            )
        return 0
    try:
        before = read_checkpoint(split_note(path.read_bytes())[0])
    except ValueError as error:
        raise Refused(f"{path} is no checkpoint: {error}.", "Name an empty folder.") from None
    newest = latest_checkpoint(session)
    known = newest.size if newest else 0
    if before.origin != target.origin or before.size > known or root_at(session, before.size) != before.root:
        raise Refused(f"{folder} holds another log, or another history of this one.", "Name an empty folder.")
    return before.size


def _files_of(size: int, since: int) -> Iterator[Tile]:
    """The tiles and the bundles of entries that a log of `size` has and one of `since` had not."""
    for tile in tiles_of(size, since):
        yield tile
        if tile.level == 0:
            yield replace(tile, level=None)


@contextmanager
def _writing(folder: Path) -> Iterator[Callable[[str, bytes], int]]:
    """What writes a file at one blow; it gives 1, or 0 where the file holds this already.

    One process at a time; what another that died left half-written is thrown away first.
    """
    drafts = folder / _DRAFTS
    drafts.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(drafts, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for left in drafts.iterdir():
            left.unlink()
        yield lambda name, data: _write(folder / name, data, drafts / "draft")
    finally:
        os.close(descriptor)  # and with it the lock is gone


def _write(path: Path, data: bytes, draft: Path) -> int:
    try:
        if path.read_bytes() == data:
            return 0
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return 1
