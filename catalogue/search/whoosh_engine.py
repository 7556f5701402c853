"""The engine without a native library: Whoosh keeps words and postings; finding, counting and sorting are ours.

With the other `whoosh_…` files the only ones that know it, but for `query`, which reads syntax with its parser.
"""

import heapq
import json
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalogue.search.adapter import TOMBSTONE, WATERMARK, answer, facet_counts, latest_changes, resumed
from catalogue.search.cursor import Cursor
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
from catalogue.search.fields import COUNTABLE, STATE
from catalogue.search.index_folder import REINDEX, IndexFolder
from catalogue.search.locking import WriterLock
from catalogue.search.snippets import matcher, snippet
from catalogue.search.whoosh_files import WhooshFiles, live_numbers, translated
from catalogue.search.whoosh_layout import fingerprint, laid_out, marker, role_term
from catalogue.search.whoosh_query import Matches, Scores, matching, with_codes
from catalogue.search.whoosh_rebuild import WhooshRebuild
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
        after = resumed(request)
        facets = {name: COUNTABLE[name] for name in (*request.filters, *request.facets)}
        with self._using, translated(self._path):
            commit = self._newest()
            by_score = request.order is Sort.RELEVANCE
            found = matching(request.tree, commit, scored=by_score)
            kept = {
                name: with_codes(commit, name, _codes_with(commit, name, request), found.documents)
                for name in facets
                if request.filters.get(name)
            }
            documents = _under(found, kept)
            marks = matcher(request.tree)
            hits = []
            page, before, more = _page(commit, documents, request, after, found.scores if by_score else None)
            for number in page:
                document = SearchDocument.from_stored(json.loads(commit.stored(number)))
                pieces = snippet(document.summary, marks, request.snippet_length) if request.snippet_length else ()
                hits.append(SearchHit(document, found.scores.get(number, 0.0), pieces))
            return answer(request, len(documents), hits, before, _counted(commit, found, kept, request), more=more)

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


def _codes_with(commit: Commit, name: str, request: SearchRequest) -> Collection[int]:
    """The codes of a column whose values are among those that a filter wants."""
    wanted = request.filters[name]
    if COUNTABLE[name] is not STATE:
        return commit.values(name).codes_with(wanted)
    return {code for code, state in enumerate(commit.states(request.day)) if state in wanted}


def _page(
    commit: Commit, documents: AbstractSet[int], request: SearchRequest, after: Cursor | None, scores: Scores | None
) -> tuple[list[int], int, bool]:
    """The documents of the page in order, how many come before them, and whether more follow.

    By score where there are scores. Behind a cursor, only what follows it in the order as it now is.
    """
    if request.limit < 1:
        return [], 0, False
    ids, offset = commit.columns.ids, request.offset
    rest: Collection[int] = documents
    chosen = heapq.nlargest if request.backwards else heapq.nsmallest
    place: tuple[float | str, str] | None = None
    if scores is None:
        keys = commit.columns.keys[request.order]
        place = None if after is None else (after.key, after.id)

        def order(number: int) -> tuple[Any, str]:
            return keys[number], ids[number]
    else:

        def order(number: int) -> tuple[Any, str]:
            return -scores.get(number, 0.0), ids[number]

        if after is not None:
            last = _unchanged(commit, documents, after)
            place = None if last is None else order(last)
            offset = max(0, after.position - 1) if last is None else 0

    if place is not None:
        rest = [n for n in documents if (order(n) < place if request.backwards else order(n) > place)]
    found = chosen(offset + request.limit + 1, rest, key=order)[offset:]
    before = len(documents) - len(rest) + offset
    return found[: request.limit], before, len(found) > request.limit


def _unchanged(commit: Commit, documents: AbstractSet[int], after: Cursor) -> int | None:
    """A cursor's record, if it still matches and is what it was."""
    for number in commit.live("id", after.id):
        if number in documents and commit.columns.revisions[number] == after.revision:
            return number
    return None


def _counted(
    commit: Commit, found: Matches, kept: Mapping[str, set[int]], request: SearchRequest
) -> dict[str, tuple[FacetCount, ...]]:
    """The counts of the facets asked for, each under every filter but its own."""
    counted = {}
    for name in request.facets:
        documents = _under(found, kept, but=name)
        is_state = COUNTABLE[name] is STATE
        counts = commit.state_counts(request.day, documents) if is_state else commit.counts(name, documents)
        counted[name] = facet_counts(counts, request.filters.get(name, ()), request.facet_limit)
    return counted


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
                WhooshRebuild.empty(self._folder, path)
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
            rebuild = WhooshRebuild(self._folder)
            try:
                yield rebuild
            finally:
                rebuild.give_up()
        finally:
            lock.release()

    def _prepare(self) -> None:
        """Make the folder, if it is not there, so that others cannot write into it."""
        new = not self._folder.path.exists()
        self._folder.prepare()
        if new:
            self._folder.path.chmod(0o755)
