"""How documents are laid out in a tantivy index (part of the adapter, as is `tantivy_query`).

`all` (every findable text, stemmed) and `title` (stemmed) carry the ranking; `words` and `title_words` are the
unstemmed readings; `f_<name>` holds a facet's exact values, `k_<name>` a code in the form in which queries compare
it, `n_<name>` a number or date, `p_<name>` the words of periods (see `periods`), `s_state` those of states (`k_state`
by their keys). `by_<order>` are sort keys in an alphabet that keeps their order and needs no quotes; `id_<n>` are
numbers that order identifiers. Two kinds of documents are no records and never seen: the watermark, and the
tombstones that keep the revision at which a document was removed.
"""

import binascii
import string
from typing import Any

import tantivy

from catalogue.search import analysis, moments
from catalogue.search.adapter import DOCUMENT, SORT_KEYS, code_keys, state_words, stored_form
from catalogue.search.adapter import fingerprint as fingerprint_of
from catalogue.search.document import SearchDocument
from catalogue.search.fields import COUNTABLE, FIELDS, ORGANISATION, STATE, Field, FieldKind
from catalogue.search.periods import held_words

LAYOUT = 2
"""Raised whenever documents are laid out otherwise: an index of another layout must be built anew."""

ID_NUMBERS = 3
_ID_BYTES = 7


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
        builder.add_text_field(f"by_{order.value}", fast=True, tokenizer_name="raw", index_option="basic")
    for number in range(ID_NUMBERS):
        builder.add_integer_field(f"id_{number}", fast=True)
    builder.add_text_field("s_state", tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        if field.name in COUNTABLE:
            builder.add_text_field(f"f_{field.name}", fast=True, tokenizer_name="raw", index_option="basic")
        if field.kind is FieldKind.CODE:
            builder.add_text_field(f"k_{field.name}", tokenizer_name="raw", index_option="basic")
        elif field.kind is FieldKind.PERIOD:
            builder.add_text_field(f"p_{field.name}", tokenizer_name="raw", index_option="basic")
        elif field.kind is not FieldKind.TEXT:
            builder.add_integer_field(f"n_{field.name}", indexed=True, fast=True)
    return builder.build()


SCHEMA = _schema()

_IN_ORDER = str.maketrans(
    f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}+/",
    f"{string.digits}{string.ascii_uppercase}_{string.ascii_lowercase}é",
)
_NOTHING = (None, "", ())
_BY_ORDER = {f"by_{order.value}": key for order, key in SORT_KEYS.items()}
_LAID_OUT = [field for field in FIELDS if field.attribute and field.kind is not FieldKind.TEXT]


def fingerprint() -> str:
    """What an index depends on: its layout, our analyser and tantivy's file format."""
    index_format = str(tantivy.__version__).rpartition("index_format ")[2]  # type: ignore[attr-defined]
    return fingerprint_of("tantivy", LAYOUT, analysis.VERSION, index_format)


def laid_out(document: SearchDocument) -> tantivy.Document:
    """A search document as tantivy indexes it."""
    in_title = analysis.lines(document.title)
    readings = [in_title if text is document.title else analysis.lines(text) for text in document.findable()]
    values: dict[str, list[Any]] = {
        "id": [document.id],
        "role": [DOCUMENT],
        "revision": [document.revision],
        "stored": [stored_form(document)],
        "words": [unstemmed for unstemmed, _ in readings],
        "all": [in_stems for _, in_stems in readings],
        "title_words": [in_title[0]],
        "title": [in_title[1]],
        "s_state": list(state_words(document)),
    }
    for name, key in _BY_ORDER.items():
        values[name] = [ordered(key(document))]
    for place, number in enumerate(id_numbers(document.id)):
        values[f"id_{place}"] = [number]
    for field in _LAID_OUT:
        # An organisation may have names, and be found by them, before it has a code.
        if field is ORGANISATION or getattr(document, str(field.attribute)) not in _NOTHING:
            _add_field(values, field, document)
    return tantivy.Document.from_dict(values, SCHEMA)  # one call: each of the many would cost as much


def ordered(key: str) -> str:
    """A sort key in signs that mean nothing in a query, in the same order: base 64 with digits that are in order."""
    return binascii.b2a_base64(key.encode(), newline=False).rstrip(b"=").decode().translate(_IN_ORDER)


def id_numbers(identifier: str) -> tuple[int, ...]:
    """Numbers that order identifiers as texts do, as far as their beginnings tell."""
    start = identifier.encode()[: ID_NUMBERS * _ID_BYTES].ljust(ID_NUMBERS * _ID_BYTES, b"\0")
    return tuple(int.from_bytes(start[place : place + _ID_BYTES], "big") for place in range(0, len(start), _ID_BYTES))


def _add_field(made: dict[str, list[Any]], field: Field, document: SearchDocument) -> None:
    name, kind = field.name, field.kind
    values = document.values(field)
    if name in COUNTABLE:
        made[f"f_{name}"] = list(dict.fromkeys(values))
    if kind is FieldKind.CODE:
        made[f"k_{name}"] = list(state_words(document, keys=True) if field is STATE else code_keys(field, document))
    elif kind is FieldKind.PERIOD:
        made[f"p_{name}"] = list(held_words(document.covers))
    elif kind is FieldKind.NUMBER:
        made[f"n_{name}"] = [int(value) for value in values]
    elif kind is FieldKind.DATE:
        moment = moments.first_microsecond(values[0] if values else None)
        if moment is not None:
            made[f"n_{name}"] = [moment]


def marker(identifier: str, role: str, revision: int) -> tantivy.Document:
    """A document that is no record: the watermark, or a tombstone."""
    made = tantivy.Document()
    made.add_text("id", identifier)
    made.add_text("role", role)
    made.add_integer("revision", revision)
    return made
