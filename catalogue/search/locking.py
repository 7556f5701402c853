"""One writer at a time, by a lock that the system takes back when its holder dies."""

import os
import sys
from pathlib import Path

from catalogue.search.engine import IndexBusy

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class WriterLock:
    """An exclusive lock on a file, held from creation to `release`. Raises IndexBusy where another holds it."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._descriptor, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._descriptor)
            self._descriptor = -1
            raise IndexBusy from None

    def release(self) -> None:
        """Let the next one write. Harmless when repeated."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
