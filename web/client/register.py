"""The register of a server: the same calls as `register.local`, sent over HTTP to /api/v1."""

import json
import urllib.parse
from collections.abc import Iterator, Sequence

from register.lifecycle.acting import Act
from schemas.canonical import Json
from schemas.clock import Ids
from schemas.errors import Unreachable
from web.client.http import HttpClient, Reply

_ROOT = "/api/v1"
_MOST_AT_ONCE = 100
_LONGEST_AT_ONCE = 1_000_000
"""Records and characters that are sent to be checked in one request: the server takes more, but not for long."""


class RemoteRegister:
    """One register behind a server, as the account of the client's token sees it.

    What changes something is sent with a key of its own, and once more where no answer came: the server does it once.
    """

    def __init__(self, client: HttpClient, ids: Ids) -> None:
        self._client = client
        self._ids = ids

    def whoami(self) -> Json:
        """See `RegisterApi`."""
        return self._object(self._get("/whoami"))

    def agreements(self, *, state: str | None = None, organisation: str | None = None) -> list[Json]:
        """See `RegisterApi`."""
        wanted = {"state": state, "organisation": organisation, "limit": "1000"}
        return list(self._pages("/agreements", {name: text for name, text in wanted.items() if text}))

    def agreement(self, name: str, version: int | None = None) -> Json:
        """See `RegisterApi`."""
        return self._object(self._get(_agreement(name), {"version": str(version)} if version else {}))

    def history(self, name: str) -> list[Json]:
        """See `RegisterApi`."""
        return self._items(self._get(f"{_agreement(name)}/history"))

    def flags(self, name: str | None = None, as_of: str | None = None) -> list[Json]:
        """See `RegisterApi`."""
        path = f"{_agreement(name)}/flags" if name else "/flags"
        return self._items(self._get(path, {"asOf": as_of} if as_of else {}))

    def due(self, *, organisation: str | None = None, within: int | None = None) -> list[Json]:
        """See `RegisterApi`."""
        wanted = {"organisation": organisation, "within": None if within is None else str(within)}
        return self._items(self._get("/due", {name: text for name, text in wanted.items() if text is not None}))

    def check(self, documents: Sequence[Json], profiles: Sequence[str]) -> list[list[Json]]:
        """See `RegisterApi`."""
        problems: list[list[Json]] = []
        for part in _parts(documents):
            sent = {"documents": part, "profiles": list(profiles)}
            problems += self._object(self._client.request("POST", f"{_ROOT}/check", json=sent))["problems"]
        return problems

    def drafts(self) -> list[Json]:
        """See `RegisterApi`."""
        return self._items(self._get("/drafts"))

    def draft(self, draft: str) -> Json:
        """See `RegisterApi`."""
        return self._object(self._get(_draft(draft)))

    def save_draft(self, document: Json, draft: str | None = None, on_revision: int | None = None) -> Json:
        """See `RegisterApi`."""
        if draft is None:
            return self._send("POST", "/drafts", {"document": document})
        sent = {"document": document, **({"onRevision": on_revision} if on_revision is not None else {})}
        return self._send("PUT", _draft(draft), sent)

    def discard_draft(self, draft: str) -> None:
        """See `RegisterApi`."""
        self._client.request("DELETE", _ROOT + _draft(draft))

    def publish(self, draft: str, event: str, details: Json, on_revision: int | None = None) -> Json:
        """See `RegisterApi`."""
        sent = {"event": event, "details": details}
        revision = {"onRevision": on_revision} if on_revision is not None else {}
        return self._send("POST", f"{_draft(draft)}/events", {**sent, **revision})

    def propose(self, document: Json, details: Json) -> Json:
        """See `RegisterApi`."""
        return self._send("POST", "/proposals", {"document": document, "details": details})

    def act(self, name: str, act: Act) -> Json:
        """See `RegisterApi`."""
        sent: Json = {"event": act.event, "details": act.details}
        if act.document is not None:
            sent["document"] = act.document
        if act.on_version is not None:
            sent["onVersion"] = act.on_version
        return self._send("POST", f"{_agreement(name)}/events", sent)

    def lookup(self, kind: str, text: str) -> list[Json]:
        """See `RegisterApi`."""
        return self._items(self._get("/lookup", {"kind": kind, "q": text}))

    def _get(self, path: str, params: dict[str, str] | None = None) -> Reply:
        return self._client.request("GET", _ROOT + path, params=params or None)

    def _send(self, method: str, path: str, content: Json) -> Json:
        headers = {"Idempotency-Key": self._ids()}
        try:
            reply = self._client.request(method, _ROOT + path, json=content, headers=headers)
        except Unreachable:  # perhaps it was done and only the answer was lost
            reply = self._client.request(method, _ROOT + path, json=content, headers=headers)
        return self._object(reply)

    def _pages(self, path: str, params: dict[str, str]) -> Iterator[Json]:
        """Every item of a listing, following its `Link` headers within the API."""
        reply = self._get(path, params)
        while True:
            yield from self._items(reply)
            following = next_link(reply)
            if following is None:
                return
            reply = self._client.request("GET", following)

    def _items(self, reply: Reply) -> list[Json]:
        items = self._object(reply).get("items")
        if not isinstance(items, list):
            raise self._no_register()
        return items

    def _object(self, reply: Reply) -> Json:
        if not isinstance(reply.json, dict):
            raise self._no_register()
        return reply.json

    def _no_register(self) -> Unreachable:
        return Unreachable(
            f"{self._client.server} answers, but not as a register of this kind does.", "Check the address."
        )


def _agreement(name: str) -> str:
    return f"/agreements/{urllib.parse.quote(name, safe='')}"


def _draft(draft: str) -> str:
    return f"/drafts/{urllib.parse.quote(draft, safe='')}"


def next_link(reply: Reply) -> str | None:
    """The path and query of the next page (RFC 8288), never another place than the API's own."""
    link = reply.headers.get("Link", "")
    address, _, relation = link.partition(">;")
    path = address.removeprefix("<")
    return path if 'rel="next"' in relation and path.startswith(f"{_ROOT}/") else None


def _parts(documents: Sequence[Json]) -> Iterator[list[Json]]:
    """Records in parts, none with more than the server looks at in one request; a single one may still be too long."""
    part: list[Json] = []
    length = 0
    for document in documents:
        size = len(json.dumps(document))
        if part and (len(part) >= _MOST_AT_ONCE or length + size > _LONGEST_AT_ONCE):
            yield part
            part, length = [], 0
        part.append(document)
        length += size
    if part:
        yield part
