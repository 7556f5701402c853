"""The folder of one Whoosh index: opening its commits, and writing the next one (part of the adapter).

Whoosh unpickles what it reads. Its folder is therefore trusted like the program itself: it belongs to nobody else,
and nothing that comes from outside is ever written into it.
"""

import os
import stat
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from catalogue.search.engine import SearchUnavailable
from catalogue.search.index_folder import REINDEX
from catalogue.search.whoosh_layout import SCHEMA
from catalogue.search.whoosh_segments import Commit, Segment, new_tables

_WRITER_MEGABYTES = 64
_MOST_ALIKE = 4
"""So many segments of about one size are left alone; with one more they become one."""

_OPENINGS = 10
"""So often is a commit opened whose files a writer clears away at that moment."""

_NAME = "MAIN"


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Tell whatever a damaged file raises as SearchUnavailable."""
    try:
        yield
    except SearchUnavailable:
        raise
    except Exception as error:  # unpickling a damaged file raises anything
        raise SearchUnavailable(
            f"The search index in {path} is damaged or cannot be read: {error or type(error).__name__}.", REINDEX
        ) from error


class _Storage(FileStorage):  # type: ignore[misc]
    """Whoosh's files; those that a commit is made of outlive a loss of power."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._opened: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:  # noqa: ANN401 - Whoosh has no types
        file = super().open_file(name, **options)
        self._opened.append(file)
        return file

    @contextmanager
    def nothing_left_open(self) -> Iterator[None]:
        """Close the files over whose damage Whoosh stumbles; it closes the others itself."""
        self._opened = []
        try:
            yield
        except BaseException:
            for file in self._opened:
                file.raw_file().close()
            raise
        finally:
            self._opened = []

    def create_file(self, name: str, **options: Any) -> Any:  # noqa: ANN401 - Whoosh has no types
        lasting = name.endswith(".seg") or ".toc." in name
        return super().create_file(name, onclose=_write_for_good if lasting else None, **options)

    def rename_file(self, oldname: str, newname: str, *, safe: bool = False) -> None:
        super().rename_file(oldname, newname, safe=safe)
        if hasattr(os, "O_DIRECTORY"):
            descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _write_for_good(file: Any) -> None:  # noqa: ANN401 - Whoosh has no types
    file.flush()
    os.fsync(file.fileno())


class _Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's way of writing a segment, under a name that never comes again, even where chance was made repeatable.

    Lengths stand in our rows: Whoosh would look for its own anew with every posting.
    """

    length_stats = False

    def new_segment(self, _storage: object, indexname: str) -> W3Segment:
        """A segment to write."""
        return W3Segment(self, indexname, segid=uuid.uuid4().hex)


class WhooshFiles:
    """One index in one folder. Only the holder of the writer's lock calls `write`."""

    def __init__(self, path: Path) -> None:
        _require_safe(path)
        self.path = path
        self._storage = _Storage(str(path))
        with self._storage.nothing_left_open():
            self._index = FileIndex(self._storage, schema=SCHEMA)
        self._segments: dict[str, Segment] = {}
        self._tables = new_tables()
        self._commit: Commit | None = None
        self._number = -1

    @classmethod
    def make(cls, path: Path) -> "WhooshFiles":
        """An empty index in an empty folder."""
        path.chmod(0o755)
        TOC.create(_Storage(str(path)), SCHEMA, _NAME)
        return cls(path)

    def newest(self) -> Commit:
        """The newest commit. Raises OSError where its files are not there."""
        for _attempt in range(_OPENINGS):
            number = self._index.latest_generation()
            if self._commit is not None and number == self._number:
                return self._commit
            # A writer may have cleared this commit away for a newer one; the last attempt tells what is wrong.
            with suppress(FileNotFoundError), self._storage.nothing_left_open():
                return self._opened(number)
        with self._storage.nothing_left_open():
            return self._opened(self._index.latest_generation())

    def writer(self) -> SegmentWriter:
        """A writer of the next commit. Our own lock keeps others out, Whoosh's is not taken."""
        return SegmentWriter(self._index, _lk=False, limitmb=_WRITER_MEGABYTES, codec=_Codec())

    def write(self, gone: Iterable[int], documents: Iterable[Mapping[str, object]]) -> None:
        """Commit: documents (their numbers in the newest commit) go, and new ones come."""
        writer = self.writer()
        try:
            for number in gone:
                writer.delete_document(number)
            for document in documents:
                writer.add_document(**document)
            writer.commit(mergetype=_alike_become_one)
        except BaseException:
            with suppress(Exception):  # the files of what could not be written are closed as far as they can be
                writer.cancel()
            raise

    def clear_drafts(self) -> None:
        """Throw away the lists of segments that a writer died over; Whoosh clears the rest itself."""
        for draft in self.path.glob(f"_{_NAME}_*.toc.*"):
            draft.unlink(missing_ok=True)

    def close(self) -> None:
        """Give the files back."""
        for segment in self._segments.values():
            segment.close()
        self._segments, self._commit, self._number = {}, None, -1

    def _opened(self, number: int) -> Commit:
        listed = TOC.read(self._storage, _NAME, gen=number, schema=SCHEMA).segments
        opened = {}
        for segment in listed:
            name = segment.segment_id()
            opened[name] = self._segments.get(name) or Segment(self._storage, segment, self._tables)
        for name, held in self._segments.items():
            if name not in opened:
                held.close()
        self._segments, self._number = opened, number
        pairs = [(opened[segment.segment_id()], frozenset(segment.deleted_docs())) for segment in listed]
        self._commit = Commit(pairs, self._tables)
        return self._commit


def _alike_become_one(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """How Whoosh is to merge: many of about one size, and what is mostly deleted, go into the segment now written.

    A document is so written anew once for each fourfold growth of the index, and segments stay few.
    """
    kept, alike = [], defaultdict(list)
    for segment in segments:
        alive = segment.doc_count_all() - segment.deleted_count()
        if alive and segment.deleted_count() > alive:
            _take_in(writer, segment)
        elif alive:
            alike[alive.bit_length() // 2].append(segment)
    for same in alike.values():
        if len(same) <= _MOST_ALIKE:
            kept.extend(same)
            continue
        for segment in same:
            _take_in(writer, segment)
    return kept


def _take_in(writer: SegmentWriter, segment: Any) -> None:  # noqa: ANN401 - Whoosh has no types
    reader = SegmentReader(writer.storage, writer.schema, segment)
    try:
        writer.add_reader(reader)
    finally:
        reader.close()


def _require_safe(path: Path) -> None:
    """Refuse a folder into which others can write: reading its files runs what they say."""
    if not hasattr(os, "getuid"):
        return
    for folder in (path.parent, path):
        found = folder.stat()
        if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise SearchUnavailable(
                f"Others can write into the folder of the search index, {folder}, and whoosh runs what its files say.",
                f"Run “chmod go-w {folder}”, and see that nothing from outside is ever put there.",
            )


def live_numbers(commit: Commit, field: str, words: Collection[str]) -> set[int]:
    """The documents of a commit with one of these words."""
    return {number for word in words for number in commit.live(field, word)}
