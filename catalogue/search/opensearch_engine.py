"""The engine for a cluster, OpenSearch (with the other `opensearch_…` files the only ones that know it)."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import ConnectionTimeout, NotFoundError, RequestError, SSLError, TransportError

from catalogue.search.adapter import DOCUMENT, WATERMARK, answer, resumed
from catalogue.search.document import SearchDocument
from catalogue.search.engine import Change, SearchAnswer, SearchHit, SearchRequest, SearchUnavailable, Sort
from catalogue.search.fields import COUNTABLE
from catalogue.search.index_folder import REINDEX
from catalogue.search.opensearch_connection import READ_WITHIN, Address, translated
from catalogue.search.opensearch_indexes import Indexes
from catalogue.search.opensearch_layout import WINDOW, Body, fingerprint
from catalogue.search.opensearch_lock import WriterLease
from catalogue.search.opensearch_reading import Asking, Paging
from catalogue.search.opensearch_writing import applied, mended
from catalogue.search.snippets import matcher, snippet

_Found = TypeVar("_Found")


class OpenSearchEngine:
    """An open index on a server. A reader asks whatever the alias points to when it is asked."""

    def __init__(self, address: Address, client: OpenSearch | None = None, lease: WriterLease | None = None) -> None:
        self._address = address
        self._client = client or address.client(READ_WITHIN)
        self._indexes = Indexes(self._client, address.name, fingerprint())
        self._lease = lease
        self._asked = address.name
        self._written_as = ""
        self._known = ""

    def open_writer(self, index: str, written_as: str) -> None:
        """Open one generation for writing; the lease is held by now."""
        self._asked = self._known = index
        self._written_as = written_as

    def search(self, request: SearchRequest) -> SearchAnswer:
        """See SearchEngine."""
        after = resumed(request)
        for name in (*request.filters, *request.facets):
            COUNTABLE[name]  # an unknown name is the caller's mistake, not the server's
        with translated(self._address):
            asking = Asking(request)
            page = self._safely(Paging(self._search, asking, after).page)
            marks = matcher(request.tree)
            hits = []
            for found in page.hits:
                document = SearchDocument.from_stored(found["_source"]["stored"])
                pieces = snippet(document.summary, marks, request.snippet_length) if request.snippet_length else ()
                score = float(found["_score"]) if request.order is Sort.RELEVANCE else 0.0
                hits.append(SearchHit(document, score, pieces))
            facets = asking.counts(page.counted, self._search)
        return answer(request, page.total, hits, page.before, facets, more=page.more)

    def watermark(self) -> int:
        """See SearchEngine."""
        body: Body = {"query": {"term": {"role": WATERMARK}}, "size": 1, "_source": ["revision"]}
        with translated(self._address):
            hits = self._safely(partial(self._search, body))["hits"]["hits"]
            return int(hits[0]["_source"]["revision"]) if hits else 0

    def revisions(self) -> Iterator[tuple[str, int]]:
        """See SearchEngine."""
        body: Body = {"query": {"term": {"role": DOCUMENT}}, "size": WINDOW, "sort": [{"id": "asc"}]}
        body["_source"] = ["id", "revision"]
        while True:
            with translated(self._address):
                hits = self._safely(partial(self._search, body))["hits"]["hits"]
            for hit in hits:
                yield str(hit["_source"]["id"]), int(hit["_source"]["revision"])
            if len(hits) < WINDOW:
                return
            body = {**body, "search_after": hits[-1]["sort"]}

    def apply(self, changes: Sequence[Change], watermark: int) -> None:
        """See SearchEngine."""
        with translated(self._address):
            applied(self._client, self._written_as, self._writing(), changes, watermark)

    def mend(self, changes: Sequence[Change], watermark: int) -> None:
        """See SearchEngine."""
        with translated(self._address):
            mended(self._client, self._written_as, self._writing(), changes, watermark)

    def close(self) -> None:
        """See SearchEngine."""
        try:
            if self._lease is not None:
                self._lease.release()
        finally:
            self._lease = None
            self._asked, self._written_as, self._known = self._address.name, "", ""
            self._client.close()

    def _writing(self) -> WriterLease:
        if self._lease is None:
            raise SearchUnavailable("The search index is open for reading only.", "Open it for writing.")
        return self._lease

    def _safely(self, ask: Callable[[], _Found]) -> _Found:
        """Ask once more where what was asked went away meanwhile: by a swap, or with a node of the cluster."""
        try:
            return ask()
        except (ConnectionTimeout, SSLError):
            raise
        except (NoConnection, NotFoundError):
            return ask()
        except RequestError:
            self._check()  # an index of another version can answer anything
            raise
        except TransportError as error:
            if error.status_code not in {502, 503}:
                raise
            return ask()

    def _search(self, body: Body, preference: str = "") -> dict[str, Any]:
        params = {"allow_partial_search_results": "false", **({"preference": preference} if preference else {})}
        told: dict[str, Any] = self._client.search(index=self._asked, body=body, params=params)
        hits = told["hits"]["hits"]
        if not hits or hits[0]["_index"] != self._known:
            self._check()
        return told

    def _check(self) -> None:
        """See that what is asked was built by this version, which an answer does not tell."""
        if self._written_as:
            return
        live = self._indexes.live()
        if live is None:
            raise SearchUnavailable("There is no search index yet.", REINDEX)
        self._known = live.index
