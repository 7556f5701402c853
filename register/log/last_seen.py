"""The last checkpoint that was seen of each log, kept on the machine of whoever checks.

It is what makes a rewritten history visible on the next visit: a publisher can sign another past, and cannot take
back a signature.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path


class LastSeen:
    """A folder with a file for each log: `XDG_STATE_HOME`, else `~/.local/state`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        home = environ.get("XDG_STATE_HOME", "")
        # The XDG specification: a path that is not absolute is to be ignored.
        folder = (
            Path(home) if Path(home).is_absolute() else Path(environ.get("HOME") or Path.home()) / ".local" / "state"
        )
        self.folder = folder / "data-gazette" / "checkpoints"

    def path(self, log: str) -> Path:
        """Where the checkpoint of a log is kept."""
        return self.folder / hashlib.sha256(log.encode()).hexdigest()[:32]

    def note(self, log: str) -> bytes | None:
        """The checkpoint that was kept, as it was signed; None where there is none. Raises OSError."""
        try:
            return self.path(log).read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, log: str, note: bytes) -> None:
        """Keep a checkpoint in place of an older one. Raises OSError."""
        path = self.path(log)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
        draft.write_bytes(note)
        draft.replace(path)
