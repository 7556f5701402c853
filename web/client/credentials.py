"""Where a person's tokens lie: in the system's keyring where there is one, else in a file that only they can read.

Programs do not use it: they are handed their token in GAZETTE_TOKEN or a file.
"""

import json
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import keyring
import keyring.errors

from schemas.errors import InvalidInput, NotFound, Refused
from web.client.http import checked_server

TOKEN_VARIABLE = "GAZETTE_TOKEN"  # noqa: S105 - the name of a variable
_SERVICE = "data-gazette"
_LONGEST_TOKEN = 1_000


class Keyring(Protocol):
    """The part of the library `keyring` that is used; each raises `keyring.errors.KeyringError` where it fails."""

    def get_password(self, service_name: str, username: str) -> str | None:
        """What is kept under a name, or None."""

    def set_password(self, service_name: str, username: str, password: str) -> None:
        """Keep it under a name."""

    def delete_password(self, service_name: str, username: str) -> None:
        """Keep it no longer."""


def read_token(environ: Mapping[str, str], token_file: Path | None, server: str) -> str | None:
    """The token to use on a server: of the file, else of GAZETTE_TOKEN, else what `gazette login` kept there.

    None where there is none. Raises InvalidInput for what cannot be a token, NotFound for a file that is not there,
    Refused where others can read the file that `gazette login` wrote.
    """
    if token_file is not None:
        return _checked(_text_of(token_file), str(token_file))
    if given := environ.get(TOKEN_VARIABLE, "").strip():
        return _checked(given, TOKEN_VARIABLE)
    return Credentials(environ).token(server)


def system_keyring() -> Keyring | None:
    """The system's keyring; None where there is none that works."""
    backend = keyring.get_keyring()
    return backend if backend.priority > 0 else None


class Credentials:
    """The tokens that were kept, one for each server."""

    def __init__(self, environ: Mapping[str, str], ring: Keyring | None = None) -> None:
        """`ring` is the keyring to use instead of the system's."""
        home = environ.get("XDG_CONFIG_HOME", "")
        # The XDG specification: a path that is not absolute is to be ignored.
        folder = Path(home) if Path(home).is_absolute() else Path(environ.get("HOME") or Path.home()) / ".config"
        self.path = folder / "data-gazette" / "credentials.json"
        self._ring = ring or system_keyring()

    def token(self, server: str) -> str | None:
        """The token kept for a server, or None. Raises Refused where others can read the file."""
        server = checked_server(server)
        kept = self._from_ring(server) or self._read().get(server)
        return _checked(kept, str(self.path)) if kept else None

    def keep(self, server: str, token: str) -> str:
        """Keep a token for a server in place of an older one; the answer says where, for a person to read."""
        server = checked_server(server)
        if self._into_ring(server, token):
            self._write({name: kept for name, kept in self._read().items() if name != server})
            return "the keyring of this system"
        self._write({**self._read(), server: token})
        return str(self.path)

    def forget(self, server: str) -> None:
        """Keep no token for a server any more."""
        server = checked_server(server)
        if self._ring is not None:
            with suppress(keyring.errors.KeyringError):  # there was none, or the keyring stays shut
                self._ring.delete_password(_SERVICE, server)
        kept = self._read()
        if server in kept:
            self._write({name: token for name, token in kept.items() if name != server})

    def _from_ring(self, server: str) -> str | None:
        if self._ring is None:
            return None
        try:
            return self._ring.get_password(_SERVICE, server)
        except keyring.errors.KeyringError:
            return None

    def _into_ring(self, server: str, token: str) -> bool:
        """Whether the keyring really kept it."""
        if self._ring is None:
            return False
        try:
            self._ring.set_password(_SERVICE, server, token)
            return self._ring.get_password(_SERVICE, server) == token
        except keyring.errors.KeyringError:
            return False

    def _read(self) -> dict[str, str]:
        try:
            with self.path.open(encoding="utf-8") as file:
                self._require_private(os.fstat(file.fileno()))
                content = json.load(file)
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError):
            content = None
        kept = content.get("tokens") if isinstance(content, dict) else None
        if not isinstance(kept, dict) or not all(isinstance(token, str) for token in kept.values()):
            raise InvalidInput(
                f"{self.path} is not what “gazette login” wrote.", "Delete it, and run “gazette login” again."
            )
        return kept

    def _require_private(self, found: os.stat_result) -> None:
        if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
            raise Refused(
                f"Others on this machine can read your tokens in {self.path}.",
                f"Run “gazette logout” after “chmod 600 {self.path}”, then sign in again: they may have been read.",
            )

    def _write(self, tokens: Mapping[str, str]) -> None:
        """All or nothing, and never for a moment readable by others."""
        if not tokens and not self.path.exists():
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix="credentials-")  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"tokens": dict(tokens)}, file, indent=2)
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _text_of(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(_LONGEST_TOKEN + 1).strip()
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", "Check the path after --token-file.") from None
    except UnicodeDecodeError:
        return ""


def _checked(token: str, where: str) -> str:
    """A text that can be a token: it goes into a header, so one word of plain letters."""
    if not token.isascii() or not token.isprintable() or " " in token or not 1 <= len(token) <= _LONGEST_TOKEN:
        raise InvalidInput(f"What is in {where} is no access token.", "It begins with dgz_ and is one word.")
    return token
