"""Where an OpenSearch index lives, and building it anew (part of the adapter)."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from opensearchpy import OpenSearch

from catalogue.search.adapter import WATERMARK
from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchUnavailable
from catalogue.search.opensearch_connection import Address, read_address, translated
from catalogue.search.opensearch_engine import OpenSearchEngine
from catalogue.search.opensearch_indexes import Generation, Indexes
from catalogue.search.opensearch_layout import fingerprint, key_of, laid_out, marker
from catalogue.search.opensearch_lock import WriterLease
from catalogue.search.opensearch_writing import put


class OpenSearchRebuild:
    """A new generation that grows beside the live one (see Rebuild)."""

    def __init__(self, address: Address, client: OpenSearch, lease: WriterLease) -> None:
        self._address = address
        self._client = client
        self._lease = lease
        self._indexes = Indexes(client, address.name, fingerprint())
        self._generation: Generation | None = None
        self._draft = ""

    def resume(self, basis: str, *, fresh: bool = False) -> Mapping[str, int]:
        """See Rebuild."""
        about = {"basis": hashlib.sha256(basis.encode()).hexdigest()}
        with translated(self._address):
            found = None if fresh else self._indexes.unfinished(about)
            self._lease.renew()
            if found is None:
                self._generation = self._indexes.new(self._lease.token, about)
                left: dict[str, int] = {}
            else:
                self._generation = self._indexes.take(found, self._lease.token)
                self._client.indices.refresh(index=found.index)
                grown = OpenSearchEngine(self._address, self._client)
                grown.open_writer(found.index, self._generation.written_as)
                left = dict(grown.revisions())
            self._draft = self._generation.index
        return left

    def add(self, documents: Sequence[SearchDocument]) -> None:
        """See Rebuild."""
        with translated(self._address):
            put(
                self._client,
                self._opened().written_as,
                [({"index": {"_id": key_of(document.id)}}, laid_out(document)) for document in documents],
            )

    def remove(self, ids: Sequence[str]) -> None:
        """See Rebuild."""
        with translated(self._address):
            put(self._client, self._opened().written_as, [({"delete": {"_id": key_of(each)}}, None) for each in ids])

    def keep(self) -> None:
        """See Rebuild. The server has written it down already: it does before it answers."""

    def swap(self, watermark: int) -> None:
        """See Rebuild."""
        with translated(self._address):
            generation = self._opened()
            watermarked = ({"index": {"_id": key_of(WATERMARK)}}, marker(WATERMARK, WATERMARK, watermark))
            put(self._client, generation.written_as, [watermarked])
            self._client.indices.refresh(index=generation.index)
            self._lease.renew()
            self._indexes.make_live(generation.index)
        self._draft = ""

    def give_up(self) -> None:
        """Throw away what was not swapped in, but for a draft, as long as nobody else has taken over."""
        with suppress(SearchUnavailable), translated(self._address):
            self._lease.renew()
            self._indexes.clear_others(but=self._draft)

    def _opened(self) -> Generation:
        self._lease.keep()
        if self._generation is None:
            self._generation = self._indexes.new(self._lease.token, {})
        return self._generation


class OpenSearchPlace:
    """An index on an OpenSearch server (see SearchPlace).

    The folder holds nothing but the lock that keeps processes of one machine apart. Raises InvalidInput where the
    address cannot be used.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self._address = read_address(url)
        self._folder = folder

    def reader(self) -> OpenSearchEngine:
        """See SearchPlace. The server is asked on first use, so that a service can start before it."""
        return OpenSearchEngine(self._address)

    def writer(self) -> OpenSearchEngine:
        """See SearchPlace."""
        client = self._address.client()
        try:
            lease = self._leased(client)
            try:
                with translated(self._address):
                    generation = self._live_or_empty(client, lease)
            except BaseException:
                lease.release()
                raise
        except BaseException:
            client.close()
            raise
        engine = OpenSearchEngine(self._address, client, lease)
        engine.open_writer(generation.index, generation.written_as)
        return engine

    @contextmanager
    def rebuilding(self) -> Iterator[OpenSearchRebuild]:
        """See SearchPlace."""
        client = self._address.client()
        try:
            lease = self._leased(client)
            try:
                rebuild = OpenSearchRebuild(self._address, client, lease)
                try:
                    yield rebuild
                finally:
                    rebuild.give_up()
            finally:
                lease.release()
        finally:
            client.close()

    def _leased(self, client: OpenSearch) -> WriterLease:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SearchUnavailable(
                f"The folder of the search index, {self._folder}, cannot be made: {error.strerror}.",
                "See that the data folder is writable.",
            ) from error
        with translated(self._address):
            return WriterLease(client, self._address.name, self._folder)

    def _live_or_empty(self, client: OpenSearch, lease: WriterLease) -> Generation:
        indexes = Indexes(client, self._address.name, fingerprint())
        return indexes.live() or indexes.new(lease.token, {}, live=True)
