"""Writing to an index without transactions (part of the adapter).

A commit reads where each document stands, writes each one only if it still stands there, and writes the watermark
last, which also makes all of it seen. A writer that dies half-way leaves documents that nobody sees yet and the old
watermark; the same changes, taken again, then lead to the same end. Where a document was touched meanwhile, a writer
that still holds its lease begins again (a request of one that was killed may have been on its way), and one that was
taken over fails. What is put whatever the revision that is there is put only with a lease renewed after reading.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError

from catalogue.search.adapter import TOMBSTONE, WATERMARK, latest_changes
from catalogue.search.engine import Change, SearchUnavailable, Upsert
from catalogue.search.opensearch_connection import TakenOver
from catalogue.search.opensearch_layout import WINDOW, Body, key_of, laid_out, marker
from catalogue.search.opensearch_lock import WriterLease

_MOST_AT_ONCE = 1_000
_MOST_BYTES = 8_000_000
_TRIES = 5

Action = tuple[Body, Body | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a document stands on the server: its revision, and the write that made it so."""

    revision: int
    write: Body


def applied(client: OpenSearch, index: str, lease: WriterLease, changes: Sequence[Change], watermark: int) -> None:
    """Take changes in one commit, none of them over a newer revision; see SearchEngine.apply."""
    _persistently(lease, lambda: _apply(client, index, lease, latest_changes(changes), watermark))


def mended(client: OpenSearch, index: str, lease: WriterLease, changes: Sequence[Change], watermark: int) -> None:
    """Take changes whatever the index has heard; see SearchEngine.mend."""
    _persistently(lease, lambda: _mend(client, index, lease, {change.id: change for change in changes}, watermark))


def _persistently(lease: WriterLease, commit: Callable[[], None]) -> None:
    """Commit, again where something was touched meanwhile and yet nobody else holds the lease."""
    for _ in range(_TRIES):
        try:
            return commit()
        except (TakenOver, ConflictError):
            lease.renew()
    raise TakenOver


def _apply(client: OpenSearch, index: str, lease: WriterLease, latest: Sequence[Change], watermark: int) -> None:
    heard = standing(client, index, [WATERMARK, *(change.id for change in latest)])
    news = [change for change in latest if change.id not in heard or change.revision >= heard[change.id].revision]
    actions = [
        _writing(
            change.id,
            laid_out(change.document) if isinstance(change, Upsert) else marker(change.id, TOMBSTONE, change.revision),
            heard.get(change.id),
        )
        for change in news
    ]
    before = heard.get(WATERMARK)
    lease.keep()
    put(client, index, actions)
    mark(client, index, max(watermark, before.revision if before else 0), before)


def _mend(client: OpenSearch, index: str, lease: WriterLease, last: Mapping[str, Change], watermark: int) -> None:
    client.indices.refresh(index=index)  # a commit that was broken off may have left tombstones
    forgotten = [each for each in _tombstones(client, index) if each not in last]
    heard = standing(client, index, [WATERMARK, *last, *forgotten])
    actions = [
        _writing(change.id, laid_out(change.document), heard.get(change.id))
        for change in last.values()
        if isinstance(change, Upsert)
    ]
    gone = [*forgotten, *(change.id for change in last.values() if not isinstance(change, Upsert))]
    actions += [({"delete": {"_id": key_of(each), **heard[each].write}}, None) for each in gone if each in heard]
    lease.renew()
    put(client, index, actions)
    mark(client, index, watermark, heard.get(WATERMARK))


def standing(client: OpenSearch, index: str, ids: Sequence[str]) -> dict[str, Standing]:
    """Where documents stand, also what nobody sees yet; what is not there is left out."""
    found = {}
    for start in range(0, len(ids), _MOST_AT_ONCE):
        by_key = {key_of(each): each for each in ids[start : start + _MOST_AT_ONCE]}
        answer = client.mget(index=index, body={"ids": list(by_key)}, params={"_source": "revision"})
        for one in answer["docs"]:
            if one.get("found"):
                write = {"if_seq_no": one["_seq_no"], "if_primary_term": one["_primary_term"]}
                found[by_key[one["_id"]]] = Standing(int(one["_source"]["revision"]), write)
            elif "error" in one:
                raise _failed(one["error"])
    return found


def put(client: OpenSearch, index: str, actions: Sequence[Action]) -> None:
    """Write in as few requests as the server takes. Raises SearchUnavailable where one of the actions fails."""
    for lines in _requests(actions):
        answer = client.bulk(body=lines, index=index, params={"require_alias": "true", "filter_path": "errors,items.*"})
        if not answer["errors"]:
            continue
        for item in answer["items"]:
            (outcome,) = item.values()
            if "error" in outcome:
                raise TakenOver if outcome["status"] == 409 else _failed(outcome["error"])


def mark(client: OpenSearch, index: str, watermark: int, before: Standing | None) -> None:
    """Write the watermark, if it still stands as it did, and let everything before it be seen."""
    params: dict[str, Any] = {"refresh": "true", "require_alias": "true"}
    params |= before.write if before else {"op_type": "create"}
    body = marker(WATERMARK, WATERMARK, watermark)
    client.index(index=index, id=key_of(WATERMARK), body=body, params=params)


def _writing(identifier: str, body: Body, before: Standing | None) -> Action:
    if before is None:
        return {"create": {"_id": key_of(identifier)}}, body
    return {"index": {"_id": key_of(identifier), **before.write}}, body


def _requests(actions: Sequence[Action]) -> Iterator[bytes]:
    lines: list[bytes] = []
    size = 0
    for action, body in actions:
        for part in (action, body) if body is not None else (action,):
            line = json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            lines.append(line)
            size += len(line)
        if size > _MOST_BYTES:
            yield b"".join(lines)
            lines, size = [], 0
    if lines:
        yield b"".join(lines)


def _tombstones(client: OpenSearch, index: str) -> list[str]:
    found: list[str] = []
    body: Body = {"query": {"term": {"role": TOMBSTONE}}, "size": WINDOW, "sort": [{"id": "asc"}], "_source": ["id"]}
    while True:
        hits = client.search(index=index, body=body)["hits"]["hits"]
        found += [hit["_source"]["id"] for hit in hits]
        if len(hits) < WINDOW:
            return found
        body = {**body, "search_after": hits[-1]["sort"]}


def _failed(error: Body) -> SearchUnavailable:
    kind = str(error.get("type"))
    if kind == "index_not_found_exception":
        return TakenOver()  # who writes now has thrown this generation away
    if kind == "cluster_block_exception":
        return SearchUnavailable(
            "The search server takes no changes to the index.",
            "Its disk is perhaps too full, or the index was made read-only: see its log.",
        )
    return SearchUnavailable(
        f"The search server refused a document: {kind}: {str(error.get('reason'))[:300]}.", "See its log."
    )
