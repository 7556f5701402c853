"""Building a Whoosh index anew, beside the live one (part of the adapter)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from whoosh.writing import SegmentWriter

from catalogue.search.adapter import WATERMARK
from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchUnavailable
from catalogue.search.index_folder import IndexFolder
from catalogue.search.whoosh_files import WhooshFiles, translated
from catalogue.search.whoosh_layout import laid_out, marker


class WhooshRebuild:
    """A new generation that grows beside the live one (see Rebuild)."""

    def __init__(self, folder: IndexFolder) -> None:
        self._folder = folder
        self._path = folder.path
        self._draft: Path | None = None
        self._files: WhooshFiles | None = None
        self._writer: SegmentWriter | None = None
        self._numbers: dict[str, int] = {}
        self._committed = 0

    @staticmethod
    def empty(folder: IndexFolder, path: Path) -> None:
        """Make an empty index in a new generation the live one."""
        rebuild = WhooshRebuild(folder)
        rebuild._open(path, new=True)
        rebuild.swap(0)

    def resume(self, basis: str, *, fresh: bool = False) -> Mapping[str, int]:
        """See Rebuild."""
        draft = None if fresh else self._folder.draft(basis)
        if draft is not None:
            try:
                left = self._left(draft)
            except SearchUnavailable:  # it died too early, or the disk lost a part of it
                left = {}
            if left:
                self._draft = draft
                return left
            self._close()
        self._draft = self._folder.new_draft(basis)
        self._open(self._draft, new=True)
        return {}

    def add(self, documents: Sequence[SearchDocument]) -> None:
        """See Rebuild."""
        writer = self._opened()
        with translated(self._path):
            for document in documents:
                self._take_out(writer, document.id)
                self._numbers[document.id] = self._committed + writer.docnum
                writer.add_document(**laid_out(document))

    def remove(self, ids: Sequence[str]) -> None:
        """See Rebuild."""
        writer = self._opened()
        with translated(self._path):
            for identifier in ids:
                self._take_out(writer, identifier)

    def keep(self) -> None:
        """See Rebuild."""
        writer = self._opened()
        with translated(self._path):
            self._committed += writer.docnum
            writer.commit(merge=False)
            assert self._files is not None  # noqa: S101 - for the type checker
            self._writer = self._files.writer()

    def swap(self, watermark: int) -> None:
        """See Rebuild."""
        writer = self._opened()
        with translated(self._path):
            self._take_out(writer, WATERMARK)
            writer.add_document(**marker(WATERMARK, WATERMARK, watermark))
            writer.commit(merge=False)
            self._close()
            self._folder.make_live(self._path)
        self._draft = None

    def give_up(self) -> None:
        """Let go of the files; of what was not swapped in only a draft stays. Harmless afterwards."""
        with translated(self._path):
            self._close()
        self._folder.clear_others(but=self._draft)

    def _left(self, draft: Path) -> dict[str, int]:
        """Open a draft; gives what it holds."""
        self._open(draft, new=False)
        assert self._files is not None  # noqa: S101 - for the type checker
        with translated(draft):
            commit = self._files.newest()
            columns = commit.columns
            numbers = {columns.ids[number]: number for number in (*commit.records, *commit.live("id", WATERMARK))}
            self._committed = len(columns.ids)
        self._numbers = numbers
        return {
            identifier: columns.revisions[number] for identifier, number in numbers.items() if identifier != WATERMARK
        }

    def _take_out(self, writer: SegmentWriter, identifier: str) -> None:
        number = self._numbers.pop(identifier, None)
        if number is None:
            return
        if number >= self._committed:  # Whoosh's writer cannot delete what it has not committed; its segment can
            writer.newsegment.delete_document(number - self._committed)
        else:
            writer.delete_document(number)

    def _opened(self) -> SegmentWriter:
        if self._writer is None:
            self._open(self._folder.new_generation(), new=True)
        return self._writer

    def _open(self, path: Path, *, new: bool) -> None:
        self._path = path
        with translated(path):
            self._files = WhooshFiles.make(path) if new else WhooshFiles(path)
            self._files.clear_drafts()
            self._writer = self._files.writer()

    def _close(self) -> None:
        if self._writer is not None and not self._writer.is_closed:
            self._writer.cancel()
        if self._files is not None:
            self._files.close()
        self._writer = self._files = None
