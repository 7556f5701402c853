"""The embedded engine, tantivy (with `tantivy_layout` and `tantivy_query` the only files that know it)."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import tantivy
from tantivy import Query, Searcher

from catalogue.search.adapter import TOMBSTONE, WATERMARK, answer, latest_changes, resumed
from catalogue.search.document import SearchDocument
from catalogue.search.engine import (
    Change,
    FacetCount,
    SearchAnswer,
    SearchHit,
    SearchRequest,
    SearchUnavailable,
    Sort,
    Upsert,
)
from catalogue.search.index_folder import REINDEX, IndexFolder
from catalogue.search.locking import WriterLock
from catalogue.search.query_tree import EVERYTHING
from catalogue.search.snippets import matcher, snippet
from catalogue.search.tantivy_layout import SCHEMA, fingerprint, laid_out, marker, open_index
from catalogue.search.tantivy_query import compiled, records, term
from catalogue.search.tantivy_reading import Hit, counted, filtered, page
from catalogue.search.tantivy_rebuild import WRITER_MEMORY, TantivyRebuild, translated

_MOST_COUNTS = 16
_LARGE = 50_000
_THREADS = 2
_Asked = tuple[tuple[str, ...], int, date]


class TantivyEngine:
    """An open tantivy index. A reader opens it on first use and follows commits and swaps."""

    def __init__(self, folder: IndexFolder, lock: WriterLock | None = None) -> None:
        self._folder = folder
        self._lock = lock
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._path = folder.path
        self._generation: str | None = None
        self._seen: tuple[int, int, int] | None = None
        self._opening = threading.Lock()
        self._newest: Searcher | None = None
        self._over_all: tuple[Searcher | None, dict[_Asked, Mapping[str, tuple[FacetCount, ...]]]] = (None, {})
        self._marked: tuple[Searcher | None, int] = (None, 0)
        self._threads = ThreadPoolExecutor(_THREADS, "facets")  # they begin when there is work, and end with this

    def search(self, request: SearchRequest) -> SearchAnswer:
        """See SearchEngine."""
        after = resumed(request)
        with translated(self._path):
            searcher = self._searcher()
            tree = compiled(request.tree)
            query = filtered(tree, request)
            by_score = request.order is Sort.RELEVANCE and request.limit > 0
            ordered = filtered(compiled(request.tree, scored=True), request) if by_score else query
            counting = self._counting(searcher, tree, query, request)
            found = page(searcher, ordered, request, after)
            hits = _hits(searcher, found.hits, request)
            return answer(request, found.total, hits, found.before, counting(), more=found.more)

    def _counting(
        self, searcher: Searcher, tree: Query, query: Query, request: SearchRequest
    ) -> Callable[[], Mapping[str, tuple[FacetCount, ...]]]:
        """What gives the counts; in a large index they are counted while the page is read (tantivy needs no lock)."""
        if not request.facets or not request.limit or searcher.num_docs < _LARGE:
            return partial(self._facets, searcher, tree, query, request)
        return self._threads.submit(self._facets, searcher, tree, query, request).result

    def _facets(
        self, searcher: Searcher, tree: Query, query: Query, request: SearchRequest
    ) -> Mapping[str, tuple[FacetCount, ...]]:
        """The counts asked for; over all records they are counted once for each commit."""
        if request.tree != EVERYTHING or any(request.filters.values()):
            return counted(searcher, tree, query, request)
        of, known = self._over_all
        if of is not searcher or len(known) >= _MOST_COUNTS:
            known = {}
            self._over_all = searcher, known
        asked = (request.facets, request.facet_limit, request.day)
        if asked not in known:
            known[asked] = counted(searcher, tree, query, request)
        return known[asked]

    def watermark(self) -> int:
        """See SearchEngine."""
        with translated(self._path):
            searcher = self._searcher()
            of, known = self._marked
            if of is not searcher:  # a commit has another searcher
                found = searcher.search(term("id", WATERMARK), 1).hits
                known = _revision(searcher.doc(found[0][1])) if found else 0
                self._marked = searcher, known
            return known

    def revisions(self) -> Iterator[tuple[str, int]]:
        """See SearchEngine."""
        with translated(self._path):
            searcher = self._searcher()
            addresses = [address for _, address in searcher.search(records(), max(1, searcher.num_docs)).hits]
        for address in addresses:
            with translated(self._path):
                document = searcher.doc(address)
            yield str(document.get_first("id")), _revision(document)

    def apply(self, changes: Sequence[Change], watermark: int) -> None:
        """See SearchEngine."""
        latest = latest_changes(changes)
        with translated(self._path):
            heard = self._heard([change.id for change in latest])
            news = [change for change in latest if change.revision >= heard.get(change.id, change.revision)]
            self._commit(news, max(watermark, self.watermark()), tombstones=True)

    def mend(self, changes: Sequence[Change], watermark: int) -> None:
        """See SearchEngine."""
        with translated(self._path):
            self._commit(changes, watermark, tombstones=False)

    def close(self) -> None:
        """See SearchEngine."""
        try:
            if self._writer is not None:
                with translated(self._path):
                    self._writer.wait_merging_threads()
        finally:
            self._writer = self._index = self._generation = self._newest = None
            if self._lock is not None:
                self._lock.release()

    def open_writer(self, path: Path) -> None:
        """Open one generation for writing; the lock is held by now."""
        with translated(self._path):
            self._open(path)
            assert self._index is not None  # noqa: S101 - for the type checker
            self._writer = self._index.writer(WRITER_MEMORY, 1)

    def _open(self, path: Path) -> None:
        if not tantivy.Index.exists(str(path)):
            raise SearchUnavailable(f"There is no search index in {path}.", REINDEX)
        if not tantivy.Index.is_compatible(str(path)):
            raise SearchUnavailable("The search index was built by another version of this program.", REINDEX)
        self._index = open_index(path)
        self._index.config_reader("manual")
        self._path, self._generation, self._seen, self._newest = path, path.name, None, None

    def _searcher(self) -> Searcher:
        """The searcher of the newest commit of the live generation."""
        with self._opening:  # tantivy refuses to reload while another thread asks for a searcher
            while True:
                generation = self._generation if self._writer is not None else self._folder.live_name()
                try:
                    return self._newest_of(generation)
                except (OSError, ValueError):
                    # A rebuild may just have taken this generation away; then the next one is there already.
                    if self._writer is not None or self._folder.live_name() == generation:
                        raise

    def _newest_of(self, generation: str | None) -> Searcher:
        if self._generation != generation:
            self._open_live()
        if self._index is None:
            raise SearchUnavailable("The search index was closed.", "Open it again.")
        meta = (self._path / "meta.json").stat()
        seen = (meta.st_ino, meta.st_mtime_ns, meta.st_size)
        if seen != self._seen or self._newest is None:
            self._index.reload()
            self._seen, self._newest, self._over_all = seen, self._index.searcher(), (None, {})
        return self._newest

    def _open_live(self) -> None:
        path = self._folder.live()
        if path is None:
            raise SearchUnavailable("There is no search index yet.", REINDEX)
        self._open(path)

    def _heard(self, ids: list[str]) -> dict[str, int]:
        """The revision at which the index has, or removed, each of these documents."""
        if not ids:
            return {}
        searcher = self._searcher()
        found = searcher.search(Query.term_set_query(SCHEMA, "id", ids), len(ids)).hits
        documents = (searcher.doc(address) for _, address in found)
        return {str(found.get_first("id")): _revision(found) for found in documents}

    def _commit(self, changes: Sequence[Change], watermark: int, *, tombstones: bool) -> None:
        writer = self._writer
        if writer is None:
            raise SearchUnavailable("The search index is open for reading only.", "Open it for writing.")
        if not tombstones:
            writer.delete_documents_by_term("role", TOMBSTONE)
        for change in changes:
            writer.delete_documents_by_term("id", change.id)
            if isinstance(change, Upsert):
                writer.add_document(laid_out(change.document))
            elif tombstones:
                writer.add_document(marker(change.id, TOMBSTONE, change.revision))
        writer.delete_documents_by_term("id", WATERMARK)
        writer.add_document(marker(WATERMARK, WATERMARK, watermark))
        writer.commit()


def _hits(searcher: Searcher, found: list[Hit], request: SearchRequest) -> list[SearchHit]:
    """The records found, each with its snippet where one is wanted."""
    documents = [(score, _stored(searcher.doc(address))) for score, address in found]
    length = request.snippet_length
    if not length or not documents:
        return [SearchHit(document, score) for score, document in documents]
    marks = matcher(request.tree)
    return [SearchHit(document, score, snippet(document.summary, marks, length)) for score, document in documents]


def _revision(found: tantivy.Document) -> int:
    return int(found.get_first("revision") or 0)


def _stored(found: tantivy.Document) -> SearchDocument:
    return SearchDocument.from_stored(json.loads(found.get_first("stored") or b"{}"))


class TantivyPlace:
    """A tantivy index in a folder (see SearchPlace)."""

    def __init__(self, path: Path) -> None:
        self._folder = IndexFolder(path, fingerprint())

    def reader(self) -> TantivyEngine:
        """See SearchPlace. The folder is opened on first use, so that a service can start before its index."""
        return TantivyEngine(self._folder)

    def writer(self) -> TantivyEngine:
        """See SearchPlace."""
        self._folder.prepare()
        lock = WriterLock(self._folder.lock_file)
        try:
            path = self._folder.live()
            if path is None:
                path = self._folder.new_generation()
                TantivyRebuild.empty(self._folder, path)
            engine = TantivyEngine(self._folder, lock)
            engine.open_writer(path)
        except BaseException:
            lock.release()
            raise
        return engine

    @contextmanager
    def rebuilding(self) -> Iterator[TantivyRebuild]:
        """See SearchPlace."""
        self._folder.prepare()
        lock = WriterLock(self._folder.lock_file)
        try:
            rebuild = TantivyRebuild(self._folder)
            try:
                yield rebuild
            finally:
                rebuild.give_up()
        finally:
            lock.release()


def open_tantivy(path: Path, *, writing: bool = False) -> TantivyEngine:
    """Open the index in a folder: to read, or as its one writer.

    Raises IndexBusy where another process writes to it, SearchUnavailable where it cannot be used.
    """
    place = TantivyPlace(path)
    return place.writer() if writing else place.reader()
