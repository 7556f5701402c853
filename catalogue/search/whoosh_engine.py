"""The engine without a native library: Whoosh keeps words and postings; finding, counting and sorting are ours.

With the other `whoosh_…` files the only ones that know it, but for `query`, which reads syntax with its parser.
"""

import heapq
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path

from catalogue.search.adapter import TOMBSTONE, WATERMARK, facet_counts, latest_changes
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
from catalogue.search.fields import COUNTABLE
from catalogue.search.index_folder import REINDEX, IndexFolder
from catalogue.search.locking import WriterLock
from catalogue.search.query_tree import ranks
from catalogue.search.snippets import matcher, snippet
from catalogue.search.whoosh_files import WhooshFiles, live_numbers, translated
from catalogue.search.whoosh_layout import fingerprint, laid_out, marker, role_term
from catalogue.search.whoosh_query import Matches, Scores, matching, with_codes
from catalogue.search.whoosh_segments import Commit


class WhooshEngine:
    """An open Whoosh index. A reader opens it on first use and follows commits and swaps."""

    def __init__(self, folder: IndexFolder, lock: WriterLock | None = None) -> None:
        self._folder = folder
        self._lock = lock
        self._path = folder.path
        self._files: WhooshFiles | None = None
        self._writing = False
        self._using = threading.RLock()  # Whoosh's files have one position each, and Python one thread at work

    def search(self, request: SearchRequest) -> SearchAnswer:
        """See SearchEngine."""
        facets = {name: COUNTABLE[name] for name in (*request.filters, *request.facets)}
        with self._using, translated(self._path):
            commit = self._newest()
            by_score = request.sort is Sort.RELEVANCE and ranks(request.tree)
            found = matching(request.tree, commit, scored=by_score)
            kept = {
                name: with_codes(commit, name, commit.values(name).codes_with(request.filters[name]), found.documents)
                for name in facets
                if request.filters.get(name)
            }
            documents = _under(found, kept)
            marks = matcher(request.tree)
            hits = []
            for number in _page(commit, documents, request, found.scores if by_score else None):
                document = SearchDocument.from_json(json.loads(commit.stored(number)))
                pieces = snippet(document.summary, marks, request.snippet_length) if request.snippet_length else ()
                hits.append(SearchHit(document, found.scores.get(number, 0.0), pieces))
            return SearchAnswer(len(documents), tuple(hits), _counted(commit, found, kept, request))

    def watermark(self) -> int:
        """See SearchEngine."""
        with self._using, translated(self._path):
            commit = self._newest()
            return max((commit.row(number).revision for number in commit.live("id", WATERMARK)), default=0)

    def revisions(self) -> Iterator[tuple[str, int]]:
        """See SearchEngine."""
        with self._using, translated(self._path):
            commit = self._newest()
            columns = commit.columns
            found = [(columns.ids[number], columns.revisions[number]) for number in sorted(commit.records)]
        yield from found

    def apply(self, changes: Sequence[Change], watermark: int) -> None:
        """See SearchEngine."""
        latest = latest_changes(changes)
        with self._using, translated(self._path):
            commit = self._newest()
            rows = (commit.row(number) for number in live_numbers(commit, "id", [change.id for change in latest]))
            heard = {row.id: row.revision for row in rows}
            news = [change for change in latest if change.revision >= heard.get(change.id, change.revision)]
            self._write(news, max(watermark, self.watermark()), tombstones=True)

    def mend(self, changes: Sequence[Change], watermark: int) -> None:
        """See SearchEngine."""
        last = {change.id: change for change in changes}
        with self._using, translated(self._path):
            self._write(list(last.values()), watermark, tombstones=False)

    def close(self) -> None:
        """See SearchEngine."""
        with self._using:
            try:
                if self._files is not None:
                    with translated(self._path):
                        self._files.close()
            finally:
                self._files, self._writing = None, False
                if self._lock is not None:
                    self._lock.release()

    def open_writer(self, path: Path) -> None:
        """Open one generation for writing; the lock is held by now."""
        with translated(path):
            self._files, self._path, self._writing = WhooshFiles(path), path, True
            self._files.clear_drafts()
            self._files.newest()

    def _newest(self) -> Commit:
        """The newest commit of the live generation."""
        while True:
            generation = self._path.name if self._writing else self._folder.live_name()
            try:
                return self._files_of(generation).newest()
            except OSError:
                # A rebuild may just have taken this generation away; then the next one is there already.
                if self._writing or self._folder.live_name() == generation:
                    raise

    def _files_of(self, generation: str) -> WhooshFiles:
        if self._files is not None and self._files.path.name == generation:
            return self._files
        path = self._folder.live()
        if path is None:
            raise SearchUnavailable("There is no search index yet.", REINDEX)
        if self._files is not None:
            self._files.close()
        self._files, self._path = WhooshFiles(path), path
        return self._files

    def _write(self, changes: Sequence[Change], watermark: int, *, tombstones: bool) -> None:
        if not self._writing or self._files is None:
            raise SearchUnavailable("The search index is open for reading only.", "Open it for writing.")
        commit = self._newest()
        gone = live_numbers(commit, "id", [WATERMARK, *(change.id for change in changes)])
        if not tombstones:
            gone |= live_numbers(commit, "codes", [role_term(TOMBSTONE)])
        documents = []
        for change in changes:
            if isinstance(change, Upsert):
                documents.append(laid_out(change.document))
            elif tombstones:
                documents.append(marker(change.id, TOMBSTONE, change.revision))
        documents.append(marker(WATERMARK, WATERMARK, watermark))
        self._files.write(sorted(gone), documents)


def _under(found: Matches, kept: Mapping[str, set[int]], *, but: str | None = None) -> AbstractSet[int]:
    """The documents under all filters; for counting a facet, without the facet's own."""
    documents = found.documents
    for name, left in kept.items():
        if name != but:
            documents = documents & left
    return documents


def _page(commit: Commit, documents: AbstractSet[int], request: SearchRequest, scores: Scores | None) -> list[int]:
    """The documents of the page asked for, in order; by score where there are scores."""
    end = min(request.offset + request.limit, len(documents))
    if request.limit < 1 or end <= request.offset:
        return []
    columns = commit.columns
    if scores is None:
        keys = columns.titles if request.sort is Sort.TITLE else columns.newest
        return heapq.nsmallest(end, documents, key=keys.__getitem__)[request.offset :]
    least = heapq.nlargest(end, (scores.get(number, 0.0) for number in documents))[-1]
    best = [number for number in documents if scores.get(number, 0.0) >= least]
    best.sort(key=lambda number: (-scores.get(number, 0.0), columns.ids[number]))
    return best[request.offset : end]


def _counted(
    commit: Commit, found: Matches, kept: Mapping[str, set[int]], request: SearchRequest
) -> dict[str, tuple[FacetCount, ...]]:
    """The counts of the facets asked for, each under every filter but its own."""
    counted = {}
    for name in request.facets:
        counts = commit.counts(name, _under(found, kept, but=name))
        counted[name] = facet_counts(counts, request.filters.get(name, ()), request.facet_limit)
    return counted


class WhooshRebuild:
    """A new generation that grows beside the live one."""

    def __init__(self, folder: IndexFolder, path: Path) -> None:
        self._folder = folder
        self._path = path
        self._numbers: dict[str, int] = {}
        with translated(path):
            self._files = WhooshFiles.make(path)
            self._writer = self._files.writer()

    def add(self, documents: Sequence[SearchDocument]) -> None:
        """See Rebuild."""
        with translated(self._path):
            for document in documents:
                number = self._numbers.get(document.id)
                if number is not None:  # Whoosh's writer cannot delete what it has not committed; its segment can
                    self._writer.newsegment.delete_document(number)
                self._numbers[document.id] = self._writer.docnum
                self._writer.add_document(**laid_out(document))

    def swap(self, watermark: int) -> None:
        """See Rebuild."""
        with translated(self._path):
            self._writer.add_document(**marker(WATERMARK, WATERMARK, watermark))
            self._writer.commit(merge=False)
            self._files.close()
            self._folder.make_live(self._path)

    def give_up(self) -> None:
        """Close what was not swapped in. Harmless afterwards."""
        with translated(self._path):
            if not self._writer.is_closed:
                self._writer.cancel()


class WhooshPlace:
    """A Whoosh index in a folder (see SearchPlace)."""

    def __init__(self, path: Path) -> None:
        self._folder = IndexFolder(path, fingerprint())

    def reader(self) -> WhooshEngine:
        """See SearchPlace. The folder is opened on first use, so that a service can start before its index."""
        return WhooshEngine(self._folder)

    def writer(self) -> WhooshEngine:
        """See SearchPlace."""
        self._prepare()
        lock = WriterLock(self._folder.lock_file)
        try:
            path = self._folder.live()
            if path is None:
                path = self._folder.new_generation()
                WhooshRebuild(self._folder, path).swap(0)
            engine = WhooshEngine(self._folder, lock)
            engine.open_writer(path)
        except BaseException:
            lock.release()
            raise
        return engine

    @contextmanager
    def rebuilding(self) -> Iterator[WhooshRebuild]:
        """See SearchPlace."""
        self._prepare()
        lock = WriterLock(self._folder.lock_file)
        try:
            rebuild = WhooshRebuild(self._folder, self._folder.new_generation())
            try:
                yield rebuild
            finally:
                rebuild.give_up()
        finally:
            try:
                self._folder.clear_others()
            finally:
                lock.release()

    def _prepare(self) -> None:
        """Make the folder, if it is not there, so that others cannot write into it."""
        new = not self._folder.path.exists()
        self._folder.prepare()
        if new:
            self._folder.path.chmod(0o755)
