"""Running the stand-alone check on copies in memory, and as the separate program that a reader starts."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from register.log.verify import Check, Copy, Key
from tests.register.log.copies import SigningKey
from tests.services.commands import ROOT

VERIFY = ROOT / "register" / "log" / "verify.py"
Files = dict[str, bytes]


class Held(Copy):
    """A copy in memory."""

    def __init__(self, files: Files) -> None:
        self.files, self.zip = files, None

    def read(self, name: str, sha256: str = "", limit: int = 1 << 25) -> bytes:
        if name not in self.files:
            raise ValueError("not there")
        if sha256 and hashlib.sha256(self.files[name]).hexdigest() != sha256:
            raise ValueError("altered")
        assert len(self.files[name]) <= limit
        return self.files[name]

    def names(self, folder: str = "") -> Iterator[str]:  # noqa: ARG002
        return iter(self.files)


def checked(files: Files, *given: SigningKey, since: bytes | None = None) -> Check:
    return Check(lambda: Held(files), [Key(key.line) for key in given], [since] if since else []).run()


def faults(files: Files, *given: SigningKey, since: bytes | None = None) -> list[str]:
    return checked(files, *given, since=since).faults


def run(*arguments: str | Path, cwd: Path | None = None) -> tuple[int, str, str]:
    """The program on a Python without site-packages: its exit code and what it wrote to either stream."""
    command = [sys.executable, "-I", "-S", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd, env={"PATH": os.environ["PATH"]})
    return done.returncode, done.stdout, done.stderr
