"""How documents are laid out in an OpenSearch index (part of the adapter, as are the other `opensearch_…` files).

The fields are those of the tantivy index: `all` and `title` (stemmed) carry the ranking, `words` and `title_words` are
the unstemmed readings, `f_<name>` holds a facet's exact values, `k_<name>` a code as queries compare it, `n_<name>` a
number or date, `p_<name>` the words of periods, `by_<order>` what to sort by. The server cuts our analyser's output at
blanks and does nothing else to it. Of a document it keeps `stored` to be shown. Two kinds of documents are no records:
the watermark and tombstones.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from catalogue.search import analysis, moments
from catalogue.search.adapter import DOCUMENT, SORT_KEYS, code_keys, state_words, stored_form
from catalogue.search.adapter import fingerprint as fingerprint_of
from catalogue.search.document import SearchDocument
from catalogue.search.fields import COUNTABLE, FIELDS, STATE, Field, FieldKind
from catalogue.search.periods import held_words

LAYOUT = 1
"""Raised whenever documents are laid out otherwise: an index of another layout must be built anew."""

WINDOW = 10_000
"""How many hits one request can give at most."""

_LONGEST_VALUE = 8_000
_LONGEST_KEY = 500

Body = dict[str, Any]


def fingerprint() -> str:
    """What an index depends on: its layout and our analyser."""
    return fingerprint_of("opensearch", LAYOUT, analysis.VERSION)


def index_body(server_major: int, about: Body) -> Body:
    """Settings and mapping of a new index, with what we note about it.

    One shard, so that word weights and counts are exact; a copy on a second machine where there is one. Nothing is
    seen before it is asked for with a refresh.
    """
    # From version 3 on “BM25” leaves out a factor that tantivy and version 2 have.
    similarity = "LegacyBM25" if server_major >= 3 else "BM25"
    return {
        "settings": {
            "number_of_shards": 1,
            "auto_expand_replicas": "0-1",
            "refresh_interval": -1,
            "max_result_window": WINDOW,
            "similarity": {"default": {"type": similarity, "k1": 1.2, "b": 0.75}},
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": about,
            "_source": {"includes": ["id", "role", "revision", "stored"]},
            "properties": _properties(),
        },
    }


def _properties() -> Body:
    exact: Body = {"type": "keyword", "doc_values": False}
    sortable: Body = {"type": "keyword", "index": False}
    words: Body = {"type": "text", "analyzer": "whitespace"}
    made: Body = {
        "id": {"type": "keyword"},
        "role": {"type": "keyword"},
        "revision": {"type": "long", "index": False},
        "stored": {"type": "object", "enabled": False},
        "all": words,
        "title": words,
        "words": words,
        "title_words": words,
        "s_state": {"type": "keyword"},
        **{f"by_{order.value}": sortable for order in SORT_KEYS},
    }
    for field in FIELDS:
        if field.name in COUNTABLE:
            made[f"f_{field.name}"] = {"type": "keyword", "ignore_above": _LONGEST_VALUE}
        if field.kind is FieldKind.CODE:
            made[f"k_{field.name}"] = exact
        elif field.kind is FieldKind.PERIOD:
            made[f"p_{field.name}"] = exact
        elif field.kind is not FieldKind.TEXT:
            made[f"n_{field.name}"] = {"type": "long"}
    return made


def key_of(document_id: str) -> str:
    """The server's own identifier of a document, which must be short."""
    if len(document_id.encode()) <= _LONGEST_KEY:
        return document_id
    return f"sha256:{hashlib.sha256(document_id.encode()).hexdigest()}"


def laid_out(document: SearchDocument) -> Body:
    """A search document as the server indexes it."""
    made: Body = {
        "id": document.id,
        "role": DOCUMENT,
        "revision": document.revision,
        "stored": json.loads(stored_form(document)),
        "s_state": state_words(document),
        **{f"by_{order.value}": key(document) for order, key in SORT_KEYS.items()},
    }
    read = [analysis.lines(text) for text in document.findable()]
    made["words"] = [unstemmed for unstemmed, _ in read if unstemmed]
    made["all"] = [stemmed for _, stemmed in read if stemmed]
    unstemmed, stemmed = analysis.lines(document.title)
    if stemmed:
        made |= {"title": stemmed, "title_words": unstemmed}
    for field in FIELDS:
        made |= _values(field, document)
    return made


def _values(field: Field, document: SearchDocument) -> Iterator[tuple[str, Any]]:
    values = document.values(field)
    if field.name in COUNTABLE and values:
        yield f"f_{field.name}", list(dict.fromkeys(values))
    if field.kind is FieldKind.CODE:
        keys = state_words(document, keys=True) if field is STATE else code_keys(field, document)
        yield f"k_{field.name}", keys
    elif field.kind is FieldKind.PERIOD:
        yield f"p_{field.name}", held_words(document.covers)
    elif field.kind is FieldKind.NUMBER:
        yield f"n_{field.name}", [int(value) for value in values]
    elif field.kind is FieldKind.DATE:
        moment = moments.first_microsecond(values[0] if values else None)
        if moment is not None:
            yield f"n_{field.name}", moment


def marker(identifier: str, role: str, revision: int) -> Body:
    """A document that is no record: the watermark, or a tombstone."""
    return {"id": identifier, "role": role, "revision": revision}
