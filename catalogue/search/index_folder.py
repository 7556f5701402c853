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
_DRAFT_FILE = "gazette-draft.json"


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

    def new_draft(self, basis: str) -> Path:
        """A new generation with which a later build on the same basis can go on, should this one be cut short."""
        folder = self.new_generation()
        _write_for_good(folder / _DRAFT_FILE, json.dumps({"basis": basis}))
        return folder

    def draft(self, basis: str) -> Path | None:
        """The newest generation that was never live and that a build on this basis can go on with."""
        for folder in sorted(self.path.iterdir(), key=lambda found: (len(found.name), found.name), reverse=True):
            if not _GENERATION.fullmatch(folder.name) or folder.name == self.live_name():
                continue
            try:
                written = json.loads((folder / _DRAFT_FILE).read_text("utf-8"))
                self._check(folder)
            except (OSError, ValueError, SearchUnavailable):
                continue
            if isinstance(written, dict) and written.get("basis") == basis:
                return folder
        return None

    def make_live(self, folder: Path) -> None:
        """Point to a generation, at one blow and for good. It is no draft from then on, not even once it is old."""
        (folder / _DRAFT_FILE).unlink(missing_ok=True)
        _sync_folder(folder)
        pointer = self.path / "current.new"
        _write_for_good(pointer, folder.name)
        pointer.replace(self._pointer)
        _sync_folder(self.path)

    def clear_others(self, *, but: Path | None = None) -> None:
        """Throw away every generation but the live one and the one given: old ones and builds cut short."""
        kept = {self.live_name(), but.name if but else ""}
        for name in self._names():
            if name not in kept and _GENERATION.fullmatch(name):
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


def _sync_folder(path: Path) -> None:
    """Make what was named and unnamed in a folder outlive a loss of power, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
