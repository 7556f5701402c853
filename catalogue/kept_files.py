"""Files of the whole catalogue or register that are made once and served often, in the data folder.

A file is made of the database as of one moment and is good until something in it changes. It holds values as they
were then, so that whatever blanks or erases a value must take the files away: `forget_kept_files`, after its
transaction is committed. Whoever makes one reads the database only once the folder's lock is his, so that nothing
older than that can come back; and a file that another machine's blanking made stale is never served.
"""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from sqlalchemy.orm import Session

from schemas.database.engine import Database
from schemas.errors import Unreachable

FOLDER = "kept-files"
WAIT_SECONDS = 10.0
"""So long a reader waits for a file that is being made; then it is told to come again."""

_LOOK_SECONDS = 0.05
_PARTS = 5
_QUICK_SECONDS = 2.0
_REST = 10
"""One that took long to make is served for so many times as long, though records have changed: it is a whole copy."""


class BeingMade(Unreachable):
    """The file is being made at this moment."""


class State(NamedTuple):
    """What a file follows from: `changes` is another text after any change, `erasures` after something was blanked."""

    changes: str
    erasures: str


class Sink(Protocol):
    """Where the parts of a file go."""

    def write(self, part: bytes, /) -> object:
        """Take one part."""
        ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """A file that can be made: its name, the state that it would be made of, and its writer, which gives a count."""

    name: str
    state: Callable[[Session], State]
    write: Callable[[Session, Sink], int]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is open to be read: its length in bytes, its hash, how many records it has, when it was made."""

    file: IO[bytes]
    size: int
    sha256: str
    count: int
    made_at: datetime


def kept_file(database: Database, data: Path, recipe: Recipe) -> KeptFile:
    """The file, made where it is not there or no longer good. One file is made at a time.

    Raises BeingMade where another is at work for longer than one waits.
    """
    folder, until = data / FOLDER / recipe.name, time.monotonic() + WAIT_SECONDS
    while True:
        found = found_file(database, data, recipe)
        if found is not None:
            return found
        with _lock(data / FOLDER, wait=False) as is_ours:
            if is_ours:
                folder.mkdir(exist_ok=True, mode=0o700)
                with database.read() as session:
                    return _good(folder, recipe.state(session)) or _made(session, folder, recipe)
        older = found_file(database, data, recipe, older=True)  # better than waiting for the one that is being made
        if older is not None:
            return older
        if time.monotonic() > until:
            raise BeingMade("The file is being made at this moment.", "Try again in a minute.")
        time.sleep(_LOOK_SECONDS)


def found_file(database: Database, data: Path, recipe: Recipe, *, older: bool = False) -> KeptFile | None:
    """The file where it is there and good; None where it would have to be made.

    With `older`, also one of before the last changes, as long as nothing was blanked since.
    """
    folder = data / FOLDER / recipe.name
    if not folder.exists():
        return None
    with database.read() as session:
        return _good(folder, recipe.state(session), older=older)


def forget_kept_files(data: Path) -> None:
    """Take every file away: they hold what was blanked."""
    if (data / FOLDER).exists():
        with _lock(data / FOLDER, wait=True):
            _empty(data / FOLDER)


def _good(folder: Path, state: State, *, older: bool = False) -> KeptFile | None:
    """The file of this state, or one that is good for a while yet because making it took long."""
    with suppress(FileNotFoundError):  # where another takes them away at this moment, there is none
        for path in folder.iterdir():
            parts = path.name.split("-")
            if len(parts) != _PARTS:
                continue
            late = parts[1] == state.erasures and (older or path.stat().st_mtime > time.time())
            if parts[0] == state.changes or late:
                return _opened(path)
    return None


def _opened(path: Path) -> KeptFile:
    _, _, made, count, sha256 = path.name.split("-")
    file = path.open("rb")
    return KeptFile(file, os.fstat(file.fileno()).st_size, sha256, int(count), datetime.fromtimestamp(int(made), UTC))


def _made(session: Session, folder: Path, recipe: Recipe) -> KeptFile:
    draft, began, now = folder / "draft", time.monotonic(), time.time()
    with draft.open("wb") as out:
        hashing = _Hashing(out)
        count = recipe.write(session, hashing)
    seconds = time.monotonic() - began
    moment = now + (_REST * seconds if seconds > _QUICK_SECONDS else 0)
    os.utime(draft, (moment, moment))  # until when it is good although records have changed
    state, sha256 = recipe.state(session), hashing.digest.hexdigest()
    path = draft.replace(folder / "-".join((*state, str(int(now)), str(count), sha256)))
    for other in folder.iterdir():
        if other != path:
            other.unlink()
    return _opened(path)


class _Hashing:
    """Writes on, and hashes what goes by."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        self.digest = hashlib.sha256()

    def write(self, part: bytes) -> int:
        self.digest.update(part)
        return self.out.write(part)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def _lock(folder: Path, *, wait: bool) -> Iterator[bool]:
    """The folder's lock; whether it could be had."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)
