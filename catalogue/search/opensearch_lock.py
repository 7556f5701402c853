"""One writer at a time on an OpenSearch index (part of the adapter).

Among processes of one data folder the folder's lock decides, which the system takes back when its holder dies.
Between data folders (several machines) a document on the server says who writes and until when; whoever finds it run
out may take over. Clocks that differ can therefore end a lease early, but never do harm: every write is made only if
what it replaces is as it was before the lease was last renewed, and an index that is built belongs to its lease.
"""

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError, NotFoundError, OpenSearchException, RequestError

from catalogue.search.engine import IndexBusy, SearchUnavailable
from catalogue.search.locking import WriterLock
from catalogue.search.opensearch_connection import DEFAULT_NAME, TakenOver

LEASE = 120.0
"""Seconds for which a writer need not be heard of. Longer than any two requests take."""

LEASES = f"{DEFAULT_NAME}-writers"
"""The index with one document for each installation on a server: who writes to it."""

_SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": True}
_MAPPINGS = {
    "dynamic": False,
    "properties": {"holder": {"type": "keyword"}, "token": {"type": "keyword"}, "until": {"type": "double"}},
}


class WriterLease:
    """The right to write, from creation to `release`; `keep` it before every write. `token` is never given twice.

    Raises IndexBusy where another holds it.
    """

    def __init__(self, client: OpenSearch, name: str, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._client = client
        self._name = name
        self._now = now
        self._until = 0.0
        self._version: dict[str, Any] = {}
        self._here = WriterLock(folder / "writer.lock")
        self.token = secrets.token_hex(4)
        try:
            self._holder = _name_of(folder / "writer-name")
            self._take()
        except BaseException:
            self._here.release()
            raise

    def keep(self) -> None:
        """Renew it where a part of it is over. Raises SearchUnavailable where another has taken it over."""
        if not self._version or self._until - self._now() < LEASE * 3 / 4:
            self.renew()

    def renew(self) -> None:
        """Hold it for a whole lease from now, and know that nobody else did since it was last renewed.

        Raises SearchUnavailable where another has taken it over.
        """
        try:
            self._write(self._now() + LEASE)
        except ConflictError as error:
            raise TakenOver from error

    def release(self) -> None:
        """Let the next one write. Harmless when repeated; where the server does not answer, the lease runs out."""
        try:
            if self._version:
                self._write(0.0)
        except OpenSearchException:
            pass
        finally:
            self._version = {}
            self._here.release()

    def _take(self) -> None:
        try:
            found = self._client.get(index=LEASES, id=self._name)
        except NotFoundError as missing:
            self._make(missing)
            return
        held = found["_source"]
        if held["holder"] != self._holder and held["until"] > self._now():
            raise IndexBusy
        self._version = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        try:
            self._write(self._now() + LEASE)
        except ConflictError:
            self._version = {}
            raise IndexBusy from None

    def _make(self, missing: NotFoundError) -> None:
        """Take it where nobody ever did: make what is missing, the index of the leases or the document in it."""
        try:
            if missing.error == "index_not_found_exception":
                self._client.indices.create(index=LEASES, body={"settings": _SETTINGS, "mappings": _MAPPINGS})
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
        try:
            self._version = {"op_type": "create"}
            self._write(self._now() + LEASE)
        except ConflictError:
            self._version = {}
            raise IndexBusy from None

    def _write(self, until: float) -> None:
        body = {"holder": self._holder, "token": self.token, "until": until}
        if not self._version:
            raise SearchUnavailable("The search index is no longer open for writing.", "Open it again.")
        done = self._client.index(index=LEASES, id=self._name, body=body, params=dict(self._version))
        self._version = {"if_seq_no": done["_seq_no"], "if_primary_term": done["_primary_term"]}
        self._until = until


def _name_of(file: Path) -> str:
    """A name that no other data folder has, kept in a file; the caller holds the folder's lock."""
    try:
        name = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    if not name:
        name = secrets.token_hex(16)
        file.write_text(f"{name}\n", "ascii")
    return name
