"""The folder of an embedded index: numbered generations, and a pointer file that names the live one.

A generation carries a fingerprint of everything its contents depend on. The pointer is replaced in one rename, so a
reader sees the old generation or the new one and never a part of either.
"""

import json
import os
import re
import shutil
from pathlib import Path

from catalogue.search.engine import SearchUnavailable

REINDEX = "Run gazette catalogue reindex, which builds it anew from the database."
_GENERATION = re.compile(r"index-(\d{1,9})")
_FINGERPRINT_FILE = "gazette-index.json"


class IndexFolder:
    """Generations of one engine's index under one path."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self.path = path
        self.fingerprint = fingerprint
        self._pointer = path / "current"

    @property
    def lock_file(self) -> Path:
        """The file whose lock the one writer holds."""
        return self.path / "writer.lock"

    def prepare(self) -> None:
        """Make the folder itself. Raises SearchUnavailable where the disk refuses."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SearchUnavailable(
                f"The folder of the search index, {self.path}, cannot be made: {error.strerror}.",
                "See that the data folder is writable.",
            ) from error

    def live(self) -> Path | None:
        """The live generation, its fingerprint checked; None where no index was ever made.

        Raises SearchUnavailable where the pointer or the fingerprint cannot be read or is of another version.
        """
        try:
            name = self._pointer.read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise SearchUnavailable("The search index cannot be read.", REINDEX) from error
        if not _GENERATION.fullmatch(name):
            raise SearchUnavailable("The file that names the live search index is damaged.", REINDEX)
        self._check(self.path / name)
        return self.path / name

    def live_name(self) -> str:
        """What the pointer says, unchecked; empty where it cannot be read."""
        try:
            return self._pointer.read_text("ascii", "replace").strip()
        except OSError:
            return ""

    def new_generation(self) -> Path:
        """An empty generation beside the live one. Its number was never the live one's or an older one's."""
        numbers = [int(match.group(1)) for match in map(_GENERATION.fullmatch, self._names()) if match]
        folder = self.path / f"index-{max(numbers, default=0) + 1}"
        folder.mkdir()
        _write_for_good(folder / _FINGERPRINT_FILE, json.dumps({"fingerprint": self.fingerprint}))
        return folder

    def make_live(self, folder: Path) -> None:
        """Point to a generation, at one blow and for good."""
        draft = self.path / "current.new"
        _write_for_good(draft, folder.name)
        draft.replace(self._pointer)
        if hasattr(os, "O_DIRECTORY"):
            descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def clear_others(self) -> None:
        """Throw away every generation but the live one: old ones, and rebuilds that never came to an end."""
        live = self.live_name()
        for name in self._names():
            if name != live and _GENERATION.fullmatch(name):
                shutil.rmtree(self.path / name, ignore_errors=True)

    def _names(self) -> list[str]:
        return [entry.name for entry in self.path.iterdir()]

    def _check(self, folder: Path) -> None:
        try:
            written = json.loads((folder / _FINGERPRINT_FILE).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise SearchUnavailable("The search index is damaged.", REINDEX) from error
        found = written.get("fingerprint") if isinstance(written, dict) else None
        if isinstance(found, str) and found.partition("-")[0] != self.fingerprint.partition("-")[0]:
            raise SearchUnavailable(
                f"The search index was built by another engine, {found.partition('-')[0]}.",
                f"{REINDEX} Or set GAZETTE_SEARCH_ENGINE as it was.",
            )
        if found != self.fingerprint:
            raise SearchUnavailable("The search index was built by another version of this program.", REINDEX)


def _write_for_good(path: Path, line: str) -> None:
    """Write one line so that it outlives a loss of power."""
    with path.open("w", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
