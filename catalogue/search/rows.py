"""A result as data: the same members in every format, from the page, the programming interface and the command.

As CSV, a text that a spreadsheet would take for a formula has an apostrophe before it, and so has one that begins
with apostrophes and such a sign: reading takes one off. A cell of several values has “|” between them; a “|” or “\\”
inside a value has “\\” before it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from catalogue.search.engine import SearchHit
from catalogue.search.service import Found
from schemas.canonical import Json
from schemas.codelists import title_of

COLUMNS = (
    *("id", "kind", "kindTitle", "title", "organisations", "organisationNames", "access", "accessTitle"),
    *("licence", "licenceTitle", "formats", "covers", "issued", "modified", "recordedAt", "state", "stateTitle"),
    *("address", "url", "terms"),
)
"""The columns of CSV; JSON has some more members."""

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def result_row(hit: SearchHit, now: datetime, site: str, licence: str) -> Json:
    """A hit as data, in the state of a moment. `site` is the address of ours that links begin with.

    `licence` are the terms of the records where a record states none of its own. `covers` are intervals of ISO 8601-2,
    with “..” for an open end. What a source does not say is null or empty.
    """
    document = hit.document
    state = document.state_on(now.astimezone(UTC).date())
    return {
        "id": hit.id,
        "kind": hit.kind,
        "kindTitle": "Agreement" if hit.kind == "agreement" else title_of("resource-kind", hit.kind),
        "title": hit.title,
        "summary": document.summary or None,
        "organisations": list(document.organisations),
        "organisationNames": list(document.organisation_names),
        "access": document.access,
        "accessTitle": title_of("access-rights", document.access) if document.access else None,
        "licence": document.licence,
        "licenceTitle": title_of("licence", document.licence) if document.licence else None,
        "formats": list(document.formats),
        "themes": list(document.themes),
        "purposes": list(document.purposes),
        "keywords": list(document.keywords),
        "powers": list(document.powers),
        "places": list(document.places),
        "covers": ["/".join(end or ".." for end in period) for period in document.covers],
        "issued": document.issued,
        "modified": document.modified,
        "recordedAt": document.recorded_at,
        "state": state,
        "stateTitle": state_title(state) if state else None,
        "address": hit.address,
        "url": f"{site}{hit.address}",
        "terms": f"{licence} (unless the record states other terms)",
    }


def state_title(state: str) -> str:
    """How people call a state: of an agreement one of the list, of anything else that it is in the catalogue."""
    return "In the catalogue" if state == "active" else title_of("agreement-state", state)


def found_as_json(found: Found) -> Json:
    """What a search tells beside its results."""
    looser = found.looser
    return {
        "total": found.answer.total,
        "understood": found.query.understood,
        "notes": list(found.query.notes),
        "looser": {"total": looser.total, "understood": looser.understood} if looser else None,
        "also": [{"typed": one.typed, "instead": one.instead, "why": one.why} for one in found.also],
        "meant": found.meant,
    }


def csv_lines(rows: Iterable[Json]) -> Iterator[str]:
    """The rows as CSV (RFC 4180), line by line, the names of the columns first."""
    yield _line(COLUMNS)
    for row in rows:
        yield _line(_cell(row.get(name)) for name in COLUMNS)


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return guarded("|".join(re.sub(r"([\\|])", r"\\\1", str(item)) for item in value))
    return guarded(str(value))


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if _ESCAPED.match(text) else text
