"""What every engine's adapter does alike: keys, cursors, markers, the latest of several changes, facets' order."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter

from catalogue.search import analysis, moments
from catalogue.search.cursor import Cursor
from catalogue.search.document import SearchDocument
from catalogue.search.engine import Change, FacetCount, SearchAnswer, SearchHit, SearchRequest, Sort
from catalogue.search.fields import FIELDS, Field
from catalogue.search.periods import nodes_of, nodes_on
from schemas.errors import InvalidInput

DOCUMENT = "document"
"""The role of a document that is a record. The others are no records and never seen."""

TOMBSTONE = "tombstone"
"""The role of a document that keeps the revision at which a record was removed."""

WATERMARK = "watermark"
"""The identifier and the role of the document that holds the watermark."""

TITLE_WEIGHT = 0.3
"""What a word in the title adds to its score over all text. A record's score is the sum over the words it has, so more
words and rarer ones rank higher; what was tried beyond that, and lost, is told in docs/search.md."""

WRITTEN_WEIGHT = 0.4
"""What a word adds that a record has as it was written, beside its stem. Which records are found is the affair of stems
alone."""

_FAR_AHEAD = 10**18
_STORED = tuple(name for name in SearchDocument.__slots__ if name != "text")
_stored_values = attrgetter(*_STORED)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def fingerprint(engine: str, *depends: object) -> str:
    """What an index depends on: its engine, our analyser and fields, and what else the engine names."""
    layout = [(field.name, field.kind.value, field.attribute) for field in FIELDS]
    text = json.dumps([*depends, layout])
    return f"{engine}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def newest_key(document: SearchDocument) -> str:
    """A text that sorts the newest first and what has no date last, ties by identifier."""
    return f"{_backwards(document.modified or document.issued)}\t{document.id}"


def recorded_key(document: SearchDocument) -> str:
    """A text that sorts what was recorded here last first, ties by identifier."""
    return f"{_backwards(document.recorded_at)}\t{document.id}"


def _created_key(document: SearchDocument) -> str:
    return f"{_backwards(document.first_recorded_at or document.recorded_at)}\t{document.id}"


def _name_key(document: SearchDocument) -> str:
    return f"{document.name}\t{document.id}"


def _identifier_key(document: SearchDocument) -> str:
    return f"\t{document.id}"


def title_key(document: SearchDocument) -> str:
    """A text that sorts by title, ties by identifier."""
    title = analysis.fold(document.title)[:200].replace("\t", " ")
    return f"{title}\t{document.id}"


SORT_KEYS: Mapping[Sort, Callable[[SearchDocument], str]] = {
    Sort.NEWEST: newest_key,
    Sort.RECORDED: recorded_key,
    Sort.CREATED: _created_key,
    Sort.TITLE: title_key,
    Sort.NAME: _name_key,
    Sort.IDENTIFIER: _identifier_key,
}
"""The orders that the documents alone decide: each the text by which it sorts, its identifier behind a tab."""


def _backwards(written: str | None) -> str:
    moment = moments.first_microsecond(written)
    return "~" if moment is None else f"{_FAR_AHEAD - moment:019d}"


def resumed(request: SearchRequest) -> Cursor | None:
    """The cursor of a request. Raises InvalidInput where it is one of another order, or an offset comes on top."""
    after = request.after
    if after is not None and after.sort != request.ordering:
        raise InvalidInput(
            "This address of a later page belongs to results in another order.",
            "Begin again at the first page and follow its links.",
        )
    if after is not None and request.offset:
        raise InvalidInput("A page begins behind a cursor or at an offset, not both.", "Leave one of them out.")
    return after


def resume_key(after: Cursor) -> str:
    """The sort key of the record behind which a page begins, for the orders of SORT_KEYS."""
    return f"{after.key}\t{after.id}"


def cursor_behind(hit: SearchHit, request: SearchRequest, position: int) -> Cursor:
    """The place behind a record shown. `position` is how many records come before the next one."""
    order = request.order
    key = repr(hit.score) if order is Sort.RELEVANCE else SORT_KEYS[order](hit.document).partition("\t")[0]
    return Cursor(request.ordering, key, hit.id, position, hit.document.revision)


def answer(
    request: SearchRequest,
    total: int,
    hits: Sequence[SearchHit],
    before: int,
    facets: Mapping[str, tuple[FacetCount, ...]],
    *,
    more: bool,
) -> SearchAnswer:
    """The answer with its hits, before which so many records come, and the place of the next page if there are more."""
    following = cursor_behind(hits[-1], request, before + len(hits)) if more and hits else None
    return SearchAnswer(total, tuple(hits), facets, following)


def code_keys(field: Field, document: SearchDocument) -> tuple[str, ...]:
    """The keys by which a query finds a code; organisations, powers and places also by what else they are called."""
    called: tuple[str, ...] = ()
    if field.name == "organisation":
        called = (*document.organisation_names, *document.organisation_aliases)
    elif field.name in {"power", "place"}:
        called = document.power_names if field.name == "power" else document.place_codes
    return tuple(dict.fromkeys(map(analysis.key, (*document.values(field), *called))))


def state_words(document: SearchDocument, *, keys: bool = False) -> tuple[str, ...]:
    """The words that stand in an index for the states of a document and when it is in them; see `in_state`.

    They hold the states' codes or, with `keys`, the form in which queries compare codes.
    """
    return tuple(
        dict.fromkeys(
            f"{analysis.key(one.state) if keys else one.state}={node}"
            for one in document.states
            for node in nodes_of(one.period)
        )
    )


def in_state(states: Iterable[str], day: date) -> list[str]:
    """A document is in one of these states on a day where it has any of these words."""
    return [f"{state}={node}" for state in states for node in nodes_on(day)]


def stored_form(document: SearchDocument) -> bytes:
    """The document as an index keeps it to be shown: without the text that is only searched, and what is empty."""
    held = {name: value for name, value in zip(_STORED, _stored_values(document), strict=True) if value}
    held["revision"] = document.revision  # though it were 0
    return _ENCODER.encode(held).encode()


def last_word(text: str) -> str:
    """The word whose beginning a prefix is, unstemmed; empty where there is none."""
    reading = analysis.exact(text)
    return (reading.wholes or reading.parts or ("",))[-1]


def latest_changes(changes: Sequence[Change]) -> list[Change]:
    """For each document the change of the highest revision, among equals the last."""
    latest: dict[str, Change] = {}
    for change in changes:
        if change.id not in latest or change.revision >= latest[change.id].revision:
            latest[change.id] = change
    return list(latest.values())


def facet_counts(counts: Mapping[str, int], chosen: Sequence[str], limit: int) -> tuple[FacetCount, ...]:
    """The most frequent values, ties by value, and after them the chosen ones that are not among them.

    What no record has is there only where it is chosen.
    """
    had = (item for item in counts.items() if item[1])
    ordered = sorted(had, key=lambda item: (-item[1], item[0]))[:limit]
    shown = {value for value, _ in ordered}
    ordered += [(value, counts.get(value, 0)) for value in dict.fromkeys(chosen) if value not in shown]
    return tuple(FacetCount(value, count) for value, count in ordered)
