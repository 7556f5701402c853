"""One folder for a whole run of the suite, shared by all its workers.

Workers are separate processes; what is dear to start (a PostgreSQL cluster, a built wheel) is started by the first
that needs it, under a lock, and taken down by the process that started the run.
"""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SharedFolder:
    """The folder of this run. `name` is unique among all runs on the machine."""

    path: Path

    @property
    def name(self) -> str:
        """A short name of this run: lower-case letters, digits and underscores."""
        return self.path.name.removeprefix("gazette-").lower()

    @contextmanager
    def locked(self, subject: str) -> Iterator[Path]:
        """The subfolder for one subject, held by this process alone until the end of the block."""
        folder = self.path / subject
        folder.mkdir(exist_ok=True)
        with (self.path / f"{subject}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder


def new_shared_folder() -> SharedFolder:
    """Make the folder of a run; other accounts may pass through it, so that PostgreSQL can run as its own."""
    path = Path(tempfile.mkdtemp(prefix="gazette-"))
    path.chmod(0o711)
    return SharedFolder(path)
