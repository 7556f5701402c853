"""What every engine's adapter does alike: keys, markers, the latest of several changes, the order of a facet."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from catalogue.search import analysis, moments
from catalogue.search.document import SearchDocument
from catalogue.search.engine import Change, FacetCount
from catalogue.search.fields import FIELDS, Field

DOCUMENT = "document"
"""The role of a document that is a record. The others are no records and never seen."""

TOMBSTONE = "tombstone"
"""The role of a document that keeps the revision at which a record was removed."""

WATERMARK = "watermark"
"""The identifier and the role of the document that holds the watermark."""

TITLE_WEIGHT = 0.3
"""What a word in the title adds to its score over all text."""

WORD_BONUS = 1000.0
"""Added for every word of meaning that a record has: more than any sum of BM25 scores, so more words come first."""

_FAR_AHEAD = 10**18


def fingerprint(engine: str, *depends: object) -> str:
    """What an index depends on: its engine, our analyser and fields, and what else the engine names."""
    layout = [(field.name, field.kind.value, field.attribute) for field in FIELDS]
    text = json.dumps([*depends, layout])
    return f"{engine}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def newest_key(document: SearchDocument) -> str:
    """A text that sorts the newest first and what has no date last, ties by identifier."""
    moment = moments.first_microsecond(document.modified or document.issued)
    newest = "~" if moment is None else f"{_FAR_AHEAD - moment:019d}"
    return f"{newest}\t{document.id}"


def title_key(document: SearchDocument) -> str:
    """A text that sorts by title, ties by identifier."""
    return f"{analysis.fold(document.title)[:200]}\t{document.id}"


def code_keys(field: Field, document: SearchDocument) -> tuple[str, ...]:
    """The keys by which a query finds a code; an organisation is found by its names and aliases too."""
    called = (*document.organisation_names, *document.organisation_aliases) if field.name == "organisation" else ()
    return tuple(dict.fromkeys(map(analysis.key, (*document.values(field), *called))))


def stored_form(document: SearchDocument) -> bytes:
    """The document as an index keeps it to be shown: without the text that is only searched."""
    stored = document.to_json()
    stored.pop("text", None)
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":")).encode()


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
    """The most frequent values, ties by value, and after them the chosen ones that are not among them."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
    shown = {value for value, _ in ordered}
    ordered += [(value, counts.get(value, 0)) for value in dict.fromkeys(chosen) if value not in shown]
    return tuple(FacetCount(value, count) for value, count in ordered)
