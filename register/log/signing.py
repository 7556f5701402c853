"""The log's own key: a file apart from the database that only its owner reads, and the log's name (its origin).

The file holds one private key a line, the newest first. All of them sign every checkpoint, so that a reader who has
only an older public key can still check; a key that must not sign any more is taken out of the file. Beside the file
lies the last checkpoint that was signed with it: a database that was put back to an older state cannot be signed as
if nothing had been seen since.
"""

import os
import re
import stat
import urllib.parse
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from register.log.note import Signer, new_key, read_skey
from schemas.clock import Randomness
from schemas.errors import InvalidInput, NotFound, Refused

DEFAULT_ORIGIN = "data-gazette.local/register"
"""The name of a log that nobody named: one that is tried out."""

LONGEST_ORIGIN = 200
_ORIGIN = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*")


def require_origin(text: str) -> str:
    """The name of a log, as it was given. Raises InvalidInput where it is none."""
    if len(text) > LONGEST_ORIGIN or not _ORIGIN.fullmatch(text):
        raise InvalidInput(
            f"“{text}” cannot be the name of a log.",
            "Write an address of yours without https://, for example data.example.gov.uk/register.",
        )
    return text


def origin_for(public_url: str | None) -> str:
    """The name of a log that is given none: from the address that the operator set, else the one for trials."""
    if not public_url:
        return DEFAULT_ORIGIN
    address = urllib.parse.urlsplit(public_url)
    return require_origin(f"{address.netloc.rpartition('@')[2].lower()}{address.path.rstrip('/')}/register")


def make_key_file(path: Path, origin: str, randomness: Randomness) -> Signer:
    """Make the key file with a new key in it, readable by its owner alone.

    Raises Refused where there is a file already.
    """
    secret, _ = new_key(origin, randomness)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _written(path, [secret])
    try:
        os.link(draft, path)  # unlike a renaming, this fails where there is a file
    except FileExistsError:
        raise Refused(f"There is a key file already: {path}.", "It is not overwritten.") from None
    finally:
        draft.unlink()
    return read_skey(secret)


def read_key_file(path: Path) -> tuple[Signer, ...]:
    """The keys of a key file, the newest first.

    Raises NotFound where there is none or it may not be read, Refused where others than its owner may read it,
    InvalidInput where it holds no key.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(100_000)
    except OSError as error:
        raise NotFound(
            f"The key of the log cannot be read from {path}: {error.strerror}.",
            "It is made by “gazette init”; GAZETTE_LOG_KEY names another place.",
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise Refused(f"Others than its owner may read or write the key of the log, {path}.", f"Run: chmod 600 {path}")
    try:
        signers = tuple(read_skey(line) for line in data.decode("utf-8").splitlines() if line.strip())
    except ValueError as error:  # its message never holds the key
        raise InvalidInput(f"{path} is no key file of a log: {error}.", "Put the right file there.") from None
    if not signers or len({signer.name for signer in signers}) != 1:
        raise InvalidInput(f"{path} holds no key, or keys of several logs.", "Put the right file there.")
    return signers


def prepare_rotation(path: Path, signers: Sequence[Signer]) -> None:
    """Write the file with these keys beside the key file: it takes its place once the log names the first of them."""
    _written(path, [signer.skey for signer in signers]).replace(_next(path))


def finish_rotation(path: Path, newest: str) -> None:
    """Put the file of a rotation in place where the log names its first key (`newest`, a public line) by now.

    It is called before the key file is used, so that a rotation that died half-way is finished by whoever comes next.
    """
    with suppress(NotFound, FileNotFoundError):
        if read_key_file(_next(path))[0].verifier.vkey == newest:
            _next(path).replace(path)


def keep_only_newest(path: Path) -> int:
    """Take all keys but the newest out of the key file; gives how many went."""
    newest, *older = read_key_file(path)
    if older:
        _written(path, [newest.skey]).replace(path)
    return len(older)


def last_signed(path: Path) -> str | None:
    """The last checkpoint (a note) that was signed with the key file, as it was kept beside it."""
    try:
        return _last(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def keep_last_signed(path: Path, note: str) -> None:
    """Keep the checkpoint that was just signed beside the key file."""
    _written(_last(path), [note.removesuffix("\n")]).replace(_last(path))


def last_signed_path(path: Path) -> Path:
    """Where the last signed checkpoint is kept."""
    return _last(path)


def put_key_file(path: Path, key: Path, last: Path) -> None:
    """Put a copy of a key file, and of the last checkpoint signed with it where it is there, at a place without one.

    Raises Refused where there is a key file already, and as `read_key_file` does.
    """
    read_key_file(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    if last.exists():
        keep_last_signed(path, last.read_text(encoding="utf-8"))
    draft = _written(path, key.read_text(encoding="utf-8").splitlines())
    try:
        os.link(draft, path)
    except FileExistsError:
        raise Refused(f"There is a key file already: {path}.", "It is not overwritten.") from None
    finally:
        draft.unlink()


def _next(path: Path) -> Path:
    return path.with_name(f"{path.name}.next")


def _last(path: Path) -> Path:
    return path.with_name(f"{path.name}.last")


def _written(path: Path, lines: Sequence[str]) -> Path:
    """A file beside `path` with these lines, readable by its owner alone, on the disk for good."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    return draft
