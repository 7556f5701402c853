"""How documents are laid out in a Whoosh index (part of the adapter).

Whoosh keeps words and their postings, nothing else: `all` (every findable text, stemmed) and `title` with the places
of their words, `words` and `title_words` unstemmed, `codes` with one term for every code (`theme=health`), and `id`.
What is counted, sorted and compared stands in `row`, a JSON array for each document, which a reader loads once; what
is shown stands in `stored`. The weight of a posting is how often the word stands there.
"""

import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import whoosh
from whoosh import columns, fields, formats

from catalogue.search import analysis, moments
from catalogue.search.adapter import DOCUMENT, SORT_KEYS, code_keys, stored_form
from catalogue.search.adapter import fingerprint as fingerprint_of
from catalogue.search.document import InState, SearchDocument
from catalogue.search.fields import COUNTABLE, COVERS, FIELDS, STATE, FieldKind
from catalogue.search.periods import held_words

LAYOUT = 2
"""Raised whenever documents are laid out otherwise: an index of another layout must be built anew."""

COUNTED = tuple(COUNTABLE)
"""The fields whose values stand in a row, in this order."""

DATES = tuple(field.name for field in FIELDS if field.kind is FieldKind.DATE)
"""The dates that stand in a row, in this order."""

ORDERS = tuple(SORT_KEYS)
"""The orders whose keys stand in a row, in this order; all of them have the identifier behind the key."""

_BETWEEN_TEXTS = 2
"""So far apart are the last word of one text and the first of the next: no phrase reaches over."""

_Postings = Mapping[str, tuple[int, bytes]]


class Spots(formats.Format):  # type: ignore[misc]
    """Where a word stands in a text, as 32-bit numbers; nothing is unpickled to read them."""

    posting_size = -1

    @staticmethod
    def decoded(value: bytes) -> "array[int]":
        """The places, in order."""
        places = array("I")
        places.frombytes(value)
        return places


class Counts(formats.Format):  # type: ignore[misc]
    """Nothing beside how often a word occurs. Whoosh cannot merge postings without a value, so it is a zero byte."""

    posting_size = 1


class Words(fields.FieldType):  # type: ignore[misc]
    """A field whose words are already cut: each with how often it occurs and what the format keeps of it."""

    def index(self, value: _Postings, **_options: object) -> Iterator[tuple[bytes, int, int, bytes]]:
        """The words as Whoosh takes them: bytes, frequency, weight, value."""
        return ((word.encode(), count, count, kept) for word, (count, kept) in value.items())


def _schema() -> fields.Schema:
    placed, plain = Spots(), Counts()
    return fields.Schema(
        all=Words(placed, None),
        title=Words(placed, None),
        words=Words(plain, None),
        title_words=Words(plain, None),
        codes=Words(plain, None),
        id=Words(plain, None),
        row=fields.COLUMN(columns.VarBytesColumn()),
        stored=fields.COLUMN(columns.CompressedBytesColumn()),
    )


SCHEMA = _schema()
STORED = SCHEMA["stored"].column_type
ROW = SCHEMA["row"].column_type


def fingerprint() -> str:
    """What an index depends on: its layout, our analyser and Whoosh's version."""
    return fingerprint_of("whoosh", LAYOUT, analysis.VERSION, list(whoosh.__version__))


class Row(NamedTuple):
    """What of a document is counted, sorted and compared. Markers have an identifier, a role and a revision.

    `keys` has a sort key for each order, `values` a list for each counted field (of the states: those of `spans`).
    """

    id: str
    role: str
    revision: int
    keys: Sequence[str] = ("",) * len(ORDERS)
    length: int = 0
    title_length: int = 0
    dates: Sequence[int | None] = (None,) * len(DATES)
    values: Sequence[Sequence[str]] = ((),) * len(COUNTED)

    def written(self) -> bytes:
        """The row as it stands in the index."""
        told = self if self.role == DOCUMENT else self[:3]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def of(cls, told: Sequence[Any]) -> "Row":
        """The row of a JSON array that `written` wrote."""
        return cls(*told)


def laid_out(document: SearchDocument) -> dict[str, object]:
    """A search document as Whoosh indexes it."""
    exact = [analysis.exact(text) for text in document.findable()]
    title = analysis.exact(document.title)
    everything, length = _placed(map(analysis.stemmed, exact))
    in_title, title_length = _placed([analysis.stemmed(title)])
    dates = [document.values(field) for field in FIELDS if field.kind is FieldKind.DATE]
    row = Row(
        id=document.id,
        role=DOCUMENT,
        revision=document.revision,
        keys=tuple(key(document).partition("\t")[0] for key in SORT_KEYS.values()),
        length=length,
        title_length=title_length,
        dates=tuple(moments.first_microsecond(values[0] if values else None) for values in dates),
        values=tuple(
            spans(document) if field is STATE else tuple(dict.fromkeys(document.values(field)))
            for field in COUNTABLE.values()
        ),
    )
    return {
        "all": everything,
        "title": in_title,
        "words": _plain(word for reading in exact for word in (*reading.parts, *reading.wholes)),
        "title_words": _plain((*title.parts, *title.wholes)),
        "codes": _plain([role_term(DOCUMENT), *_codes(document)]),
        "id": _plain([document.id]),
        "row": row.written(),
        "stored": stored_form(document),
    }


def spans(document: SearchDocument) -> tuple[str, ...]:
    """The states of a document, each with its days in one text."""
    return tuple("\t".join(one) for one in document.states)


def state_in(held: Sequence[str], day: date) -> str | None:
    """The state on a day, from what `spans` gave."""
    states = (InState(*span.split("\t")) for span in held)
    return next((one.state for one in states if one.period.holds(day)), None)


def marker(identifier: str, role: str, revision: int) -> dict[str, object]:
    """A document that is no record: the watermark, or a tombstone."""
    row = Row(identifier, role, revision)
    return {"id": _plain([identifier]), "codes": _plain([role_term(role)]), "row": row.written()}


def code_term(name: str, key: str) -> str:
    """The term of a code in the field `codes`."""
    return f"{name}={key}"


def role_term(role: str) -> str:
    """The term of a role in the field `codes`; no field is called so."""
    return f"/{role}"


def _codes(document: SearchDocument) -> Iterator[str]:
    for field in FIELDS:
        if field.kind is FieldKind.CODE and field is not STATE:
            for key in code_keys(field, document):
                yield code_term(field.name, key)
    for word in held_words(document.covers):
        yield code_term(COVERS.name, word)


def _placed(readings: Iterable[analysis.Reading]) -> tuple[_Postings, int]:
    """The words of several texts with their places, and how many there are."""
    places: dict[str, array[int]] = defaultdict(lambda: array("I"))
    place = length = 0
    for reading in readings:
        for word in (*reading.parts, *reading.wholes):
            places[word].append(place)
            place += 1
            length += 1
        place += _BETWEEN_TEXTS - 1
    return {word: (len(found), found.tobytes()) for word, found in places.items()}, length


def _plain(words: Iterable[str]) -> _Postings:
    return {word: (count, b"\0") for word, count in Counter(words).items()}
