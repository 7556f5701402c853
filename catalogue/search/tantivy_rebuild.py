"""Building a tantivy index anew, beside the live one (part of the adapter)."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import tantivy

from catalogue.search.adapter import WATERMARK
from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchUnavailable
from catalogue.search.index_folder import REINDEX, IndexFolder
from catalogue.search.tantivy_layout import SCHEMA, laid_out, marker, open_index

WRITER_MEMORY = 64_000_000
_REBUILD_MEMORY = 256_000_000
"""The more a build holds before it writes a segment, the fewer segments it merges afterwards."""

_MOST_WAITING = 10_000
"""So many documents are laid out while what came before them is committed; then the commit is waited for."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Tell what a damaged index or the disk raises as SearchUnavailable."""
    try:
        yield
    except (ValueError, OSError) as error:
        if isinstance(error, SearchUnavailable):
            raise
        raise SearchUnavailable(
            f"The search index in {path} is damaged or cannot be read: {error}.", REINDEX
        ) from error


class TantivyRebuild:
    """A new generation that grows beside the live one (see Rebuild).

    tantivy indexes in a thread of its own while documents are read and laid out here, and so does it commit: a commit
    waits until all that was handed over is written, and would keep one processor idle meanwhile.
    """

    def __init__(self, folder: IndexFolder) -> None:
        self._folder = folder
        self._path = folder.path
        self._draft: Path | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._present: set[str] = set()
        self._waiting: list[tuple[str, tantivy.Document]] = []
        self._threads = ThreadPoolExecutor(1, "search-index")
        self._keeping: Future[int] | None = None

    @staticmethod
    def empty(folder: IndexFolder, path: Path) -> None:
        """Make an empty index in a new generation the live one."""
        rebuild = TantivyRebuild(folder)
        rebuild._open(path)
        rebuild.swap(0)

    def resume(self, basis: str, *, fresh: bool = False) -> Mapping[str, int]:
        """See Rebuild."""
        draft = None if fresh else self._folder.draft(basis)
        if draft is not None:
            try:
                with translated(draft):
                    left = _revisions(draft)
                    self._open(draft)
            except SearchUnavailable:  # it died too early, or the disk lost a part of it
                left = {}
            if left:
                self._draft, self._present = draft, set(left)
                return left
            self._writer = None
        self._draft = self._folder.new_draft(basis)
        self._open(self._draft)
        return {}

    def add(self, documents: Sequence[SearchDocument]) -> None:
        """See Rebuild."""
        self._waiting.extend((document.id, laid_out(document)) for document in documents)
        if self._keeping is None or self._keeping.done() or len(self._waiting) >= _MOST_WAITING:
            self._hand_over()

    def remove(self, ids: Sequence[str]) -> None:
        """See Rebuild."""
        writer = self._hand_over()
        with translated(self._path):
            for identifier in ids:
                writer.delete_documents_by_term("id", identifier)

    def keep(self) -> None:
        """See Rebuild."""
        self._keeping = self._threads.submit(self._hand_over().commit)

    def swap(self, watermark: int) -> None:
        """See Rebuild."""
        writer = self._hand_over()
        with translated(self._path):
            writer.delete_documents_by_term("id", WATERMARK)
            writer.add_document(marker(WATERMARK, WATERMARK, watermark))
            writer.commit()
            writer.wait_merging_threads()
            self._folder.make_live(self._path)
        self._draft = None

    def give_up(self) -> None:
        """Let go of the files; of what was not swapped in only a draft stays. Harmless afterwards."""
        self._threads.shutdown()  # a commit that has begun comes to its end
        self._writer = self._keeping = None
        self._waiting.clear()
        self._folder.clear_others(but=self._draft)

    def _hand_over(self) -> tantivy.IndexWriter:
        """Give the writer what waits, once it has committed what came before: it takes nothing meanwhile."""
        writer = self._opened()
        with translated(self._path):
            if self._keeping is not None:
                self._keeping.result()
                self._keeping = None
            for identifier, document in self._waiting:
                if identifier in self._present:
                    writer.delete_documents_by_term("id", identifier)
                self._present.add(identifier)
                writer.add_document(document)
            self._waiting.clear()
        return writer

    def _opened(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._open(self._folder.new_generation())
        assert self._writer is not None  # noqa: S101 - for the type checker
        return self._writer

    def _open(self, path: Path) -> None:
        self._path = path
        with translated(path):
            self._writer = open_index(path).writer(_REBUILD_MEMORY, 1)


def _revisions(path: Path) -> dict[str, int]:
    """The identifiers and revisions in a generation that was cut short; none where it has no commit."""
    if not tantivy.Index.exists(str(path)):
        return {}
    searcher = tantivy.Index(SCHEMA, str(path)).searcher()
    found = searcher.search(tantivy.Query.all_query(), max(1, searcher.num_docs)).hits
    documents = (searcher.doc(address) for _, address in found)
    revisions = {str(one.get_first("id")): int(one.get_first("revision") or 0) for one in documents}
    revisions.pop(WATERMARK, None)
    return revisions
