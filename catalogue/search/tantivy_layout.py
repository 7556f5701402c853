"""How documents are laid out in a tantivy index (part of the adapter, as is `tantivy_query`).

`all` (every findable text, stemmed) and `title` (stemmed) carry the ranking; `words` and `title_words` are the
unstemmed readings; `f_<name>` holds a facet's exact values, `c_<name>` all of them as one text, `k_<name>` a code in
the form in which queries compare it, `n_<name>` a number or date, `p_<name>` the words of periods (see `periods`),
`s_state` those of states (`k_state` by their keys). `by_<order>` are sort keys in an alphabet that keeps their order
and needs no quotes, as columns alone: to list every document under its keys too would cost as much again as all its
words. `id_<n>` are numbers that order identifiers. Two kinds of documents are no records and never seen: the
watermark, and the tombstones that keep the revision at which a document was removed.
"""

import binascii
import string
from collections.abc import Callable, Hashable
from operator import attrgetter
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

from catalogue.search import analysis, moments
from catalogue.search.adapter import DOCUMENT, SORT_KEYS, code_keys, state_words, stored_form
from catalogue.search.adapter import fingerprint as fingerprint_of
from catalogue.search.document import SearchDocument
from catalogue.search.fields import COUNTABLE, FIELDS, IDENTIFIER, KEYWORD, NAME, ORGANISATION, STATE, Field, FieldKind
from catalogue.search.periods import held_words

LAYOUT = 3
"""Raised whenever documents are laid out otherwise: an index of another layout must be built anew."""

ID_NUMBERS = 3
_ID_BYTES = 7
_COLUMN = "column"
"""The tokeniser of the sort keys: a column holds them as they are, and no words are taken from them."""

TOGETHER = frozenset(field for field in COUNTABLE.values() if (field.many or field is STATE) and field is not KEYWORD)
"""The facets of which a record can have several values. They are counted by a column with one text for each record,
which costs a fifth of what a column of several values does; keywords have too many sets for that."""

JOINED = "\x1f"
"""What stands between the values in such a text."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("role", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("revision", stored=True, fast=True)
    builder.add_bytes_field("stored", stored=True)
    builder.add_text_field("all", tokenizer_name="whitespace")
    builder.add_text_field("title", tokenizer_name="whitespace")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("title_words", tokenizer_name="whitespace", index_option="freq")
    for order in SORT_KEYS:
        builder.add_text_field(f"by_{order.value}", fast=True, tokenizer_name=_COLUMN, index_option="basic")
    for number in range(ID_NUMBERS):
        builder.add_integer_field(f"id_{number}", fast=True)
    builder.add_text_field("s_state", tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        if field.name in COUNTABLE:
            alone = field not in TOGETHER
            builder.add_text_field(f"f_{field.name}", fast=alone, tokenizer_name="raw", index_option="basic")
            if not alone:
                builder.add_text_field(f"c_{field.name}", fast=True, tokenizer_name=_COLUMN, index_option="basic")
        if field.kind is FieldKind.CODE:
            builder.add_text_field(f"k_{field.name}", tokenizer_name="raw", index_option="basic")
        elif field.kind is FieldKind.PERIOD:
            builder.add_text_field(f"p_{field.name}", tokenizer_name="raw", index_option="basic")
        elif field.kind is not FieldKind.TEXT:
            builder.add_integer_field(f"n_{field.name}", fast=True)
    return builder.build()


SCHEMA = _schema()

_IN_ORDER = bytes.maketrans(
    f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}+/".encode("latin-1"),
    f"{string.digits}{string.ascii_uppercase}_{string.ascii_lowercase}é".encode("latin-1"),
)
_BY_ORDER = [(f"by_{order.value}", key) for order, key in SORT_KEYS.items()]
_ID_NAMES = [f"id_{number}" for number in range(ID_NUMBERS)]
_MOST_REMEMBERED = 20_000
_NOTHING = (None, "", ())


def fingerprint() -> str:
    """What an index depends on: its layout, our analyser and tantivy's file format."""
    index_format = str(tantivy.__version__).rpartition("index_format ")[2]  # type: ignore[attr-defined]
    return fingerprint_of("tantivy", LAYOUT, analysis.VERSION, index_format)


def open_index(path: Path) -> tantivy.Index:
    """The index in a folder; a new one where there is none."""
    index = tantivy.Index(SCHEMA, str(path))
    index.register_tokenizer(_COLUMN, TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.remove_long(0)).build())
    index.register_fast_field_tokenizer(_COLUMN, TextAnalyzerBuilder(Tokenizer.raw()).build())
    return index


def syntax() -> tantivy.Index:
    """An index of nothing that reads tantivy's own syntax: sort keys in it are the words that they are."""
    index = tantivy.Index(SCHEMA)
    index.register_tokenizer(_COLUMN, TextAnalyzerBuilder(Tokenizer.raw()).build())
    return index


def laid_out(document: SearchDocument) -> tantivy.Document:
    """A search document as tantivy indexes it."""
    return tantivy.Document.from_dict(prepared(document), SCHEMA)  # one call: each of many would cost as much


def prepared(document: SearchDocument) -> dict[str, Any]:
    """The values that tantivy gets of a search document, by field."""
    in_title = analysis.lines(document.title)
    readings = [in_title if text is document.title else analysis.lines(text) for text in document.findable()]
    values: dict[str, Any] = {
        "id": document.id,
        "role": DOCUMENT,
        "revision": document.revision,
        "stored": stored_form(document),
        "words": " ".join([unstemmed for unstemmed, _ in readings]),  # places are not kept in it
        "all": [in_stems for _, in_stems in readings],
        "title_words": in_title[0],
        "title": in_title[1],
        "k_id": analysis.key_seen_once(document.id),
        "k_name": analysis.key_seen_once(document.name),
    }
    for name, key in _BY_ORDER:
        values[name] = ordered(key(document))
    values.update(zip(_ID_NAMES, id_numbers(document.id), strict=True))
    for part in _PARTS:
        part.add_to(values, document)
    return values


class _Part:
    """What one field adds. It repeats from record to record, and is worked out once for each value."""

    def __init__(self, field: Field, *beside: str) -> None:
        self._field = field
        self._own: Callable[[SearchDocument], Hashable] = attrgetter(str(field.attribute))
        self._value: Callable[[SearchDocument], Hashable] = attrgetter(str(field.attribute), *beside)
        self._known: dict[Hashable, dict[str, Any]] = {}
        self._remembers = field is not KEYWORD and field.kind is not FieldKind.DATE

    def add_to(self, values: dict[str, Any], document: SearchDocument) -> None:
        # An organisation may have names, and be found by them, before it has a code.
        if self._own(document) in _NOTHING and self._field is not ORGANISATION:
            return
        if not self._remembers:
            values.update(_of_field(self._field, document))
            return
        value = self._value(document)
        added = self._known.get(value)
        if added is None:
            added = _of_field(self._field, document)
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[value] = added
        values.update(added)


def _of_field(field: Field, document: SearchDocument) -> dict[str, Any]:
    name, kind = field.name, field.kind
    values = document.values(field)
    added: dict[str, Any] = {}
    if name in COUNTABLE:
        added[f"f_{name}"] = list(dict.fromkeys(values))
        if field in TOGETHER and values:
            added[f"c_{name}"] = JOINED.join(sorted(set(values)))
    if field is STATE:
        added["s_state"] = list(state_words(document))
        added["k_state"] = list(state_words(document, keys=True))
    elif kind is FieldKind.CODE:
        added[f"k_{name}"] = list(code_keys(field, document))
    elif kind is FieldKind.PERIOD:
        added[f"p_{name}"] = list(held_words(document.covers))
    elif kind is FieldKind.NUMBER:
        added[f"n_{name}"] = [int(value) for value in values]
    elif kind is FieldKind.DATE:
        moment = moments.first_microsecond(values[0] if values else None)
        if moment is not None:
            added[f"n_{name}"] = moment
    return added


_BESIDE = {
    "organisation": ("organisation_names", "organisation_aliases"),
    "power": ("power_names",),
    "place": ("place_codes",),
}
_PARTS = [
    _Part(field, *_BESIDE.get(field.name, ()))
    for field in FIELDS
    if field.attribute and field.kind is not FieldKind.TEXT and field not in {IDENTIFIER, NAME}
]


def ordered(key: str) -> str:
    """A sort key in signs that mean nothing in a query, in the same order: base 64 with digits that are in order."""
    return binascii.b2a_base64(key.encode(), newline=False).translate(_IN_ORDER, b"=").decode("latin-1")


def id_numbers(identifier: str) -> tuple[int, ...]:
    """Numbers that order identifiers as texts do, as far as their beginnings tell."""
    start = identifier.encode()[: ID_NUMBERS * _ID_BYTES].ljust(ID_NUMBERS * _ID_BYTES, b"\0")
    return tuple(int.from_bytes(start[place : place + _ID_BYTES], "big") for place in range(0, len(start), _ID_BYTES))


def marker(identifier: str, role: str, revision: int) -> tantivy.Document:
    """A document that is no record: the watermark, or a tombstone."""
    made = tantivy.Document()
    made.add_text("id", identifier)
    made.add_text("role", role)
    made.add_integer("revision", revision)
    return made
