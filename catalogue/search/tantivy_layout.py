"""How documents are laid out in a tantivy index (part of the adapter, as is `tantivy_query`).

`all` (every findable text, stemmed) and `title` (stemmed) carry the ranking; `words` and `title_words` are the
unstemmed readings; `f_<name>` holds a facet's exact values, `k_<name>` a code in the form in which queries compare
it, `n_<name>` a number or date. Two kinds of documents are no records and never seen: the watermark, and the
tombstones that keep the revision at which a document was removed.
"""

import tantivy

from catalogue.search import analysis, moments
from catalogue.search.adapter import DOCUMENT, code_keys, newest_key, stored_form, title_key
from catalogue.search.adapter import fingerprint as fingerprint_of
from catalogue.search.document import SearchDocument
from catalogue.search.fields import COUNTABLE, FIELDS, Field, FieldKind

LAYOUT = 1
"""Raised whenever documents are laid out otherwise: an index of another layout must be built anew."""


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
    for name in ("by_newest", "by_title"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        if field.name in COUNTABLE:
            builder.add_text_field(f"f_{field.name}", fast=True, tokenizer_name="raw", index_option="basic")
        if field.kind is FieldKind.CODE:
            builder.add_text_field(f"k_{field.name}", tokenizer_name="raw", index_option="basic")
        elif field.kind is not FieldKind.TEXT:
            builder.add_integer_field(f"n_{field.name}", indexed=True, fast=True)
    return builder.build()


SCHEMA = _schema()


def fingerprint() -> str:
    """What an index depends on: its layout, our analyser and tantivy's file format."""
    index_format = str(tantivy.__version__).rpartition("index_format ")[2]  # type: ignore[attr-defined]
    return fingerprint_of("tantivy", LAYOUT, analysis.VERSION, index_format)


def laid_out(document: SearchDocument) -> tantivy.Document:
    """A search document as tantivy indexes it."""
    made = tantivy.Document()
    made.add_text("id", document.id)
    made.add_text("role", DOCUMENT)
    made.add_integer("revision", document.revision)
    made.add_bytes("stored", stored_form(document))
    for text in document.findable():
        _add_text(made, text, "all", "words")
    _add_text(made, document.title, "title", "title_words")
    made.add_text("by_newest", newest_key(document))
    made.add_text("by_title", title_key(document))
    for field in FIELDS:
        _add_field(made, field, document)
    return made


def _add_text(made: tantivy.Document, text: str, stemmed_field: str, exact_field: str) -> None:
    reading = analysis.exact(text)
    made.add_text(exact_field, reading.line())
    made.add_text(stemmed_field, analysis.stemmed(reading).line())


def _add_field(made: tantivy.Document, field: Field, document: SearchDocument) -> None:
    values = document.values(field)
    if field.name in COUNTABLE:
        for value in dict.fromkeys(values):
            made.add_text(f"f_{field.name}", value)
    if field.kind is FieldKind.CODE:
        for key in code_keys(field, document):
            made.add_text(f"k_{field.name}", key)
    elif field.kind is FieldKind.NUMBER:
        for value in values:
            made.add_integer(f"n_{field.name}", int(value))
    elif field.kind is FieldKind.DATE:
        moment = moments.first_microsecond(values[0] if values else None)
        if moment is not None:
            made.add_integer(f"n_{field.name}", moment)


def marker(identifier: str, role: str, revision: int) -> tantivy.Document:
    """A document that is no record: the watermark, or a tombstone."""
    made = tantivy.Document()
    made.add_text("id", identifier)
    made.add_text("role", role)
    made.add_integer("revision", revision)
    return made
