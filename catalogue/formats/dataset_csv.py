"""The datasets as one table: a row each, with plain columns, written as `plain_table` says."""

from collections.abc import Iterable, Iterator, Mapping

from catalogue.formats.converted import Losses, Written
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.media_types import format_name
from catalogue.formats.periods import write_period
from catalogue.formats.places import write_place
from catalogue.formats.plain_table import MARK, table_cell, table_line
from catalogue.licences import licence_title
from schemas.canonical import Json
from schemas.codelists import title_of

COLUMNS = (
    *("id", "slug", "address", "kind", "title", "otherTitles", "description", "publisher", "publisherName"),
    *("access", "accessTitle", "rights", "whoMayAsk", "askBasis", "askRoute", "askAddress"),
    *("licence", "licenceTitle", "issued", "modified", "updated"),
    *("covers", "places", "themes", "sourceThemes", "keywords", "languages", "formats", "files", "landingPage"),
    *("pages", "referencedBy", "endpoints", "contact", "agreements", "legalBasis", "version", "identifier", "source"),
    *("recordFrom", "recordSource", "recordAddress", "recordTerms", "recordSeen"),
    *("revision", "firstRecordedAt", "changedAt"),
)
"""The columns, in their order."""

_WHOLE = frozenset(
    "kind title alternativeTitle description accessRights rights licence issued modified accrualPeriodicity theme "
    "sourceTheme keyword language landingPage page isReferencedBy endpointURL legalBasis version schemaVersion".split()
)
"""The members that a row carries whole. The version of the schema speaks of the form alone."""

_PARTS: Mapping[str, frozenset[str]] = {
    "publisher": frozenset({"organisation", "name"}),
    "accessRequest": frozenset({"who", "basis", "route", "url"}),
    "provenance": frozenset({"source", "sourceName", "sourceAddress", "licence", "seen"}),
    "distribution": frozenset({"accessURL", "downloadURL", "format"}),
}
"""What a row carries of members that have members."""


def csv_line(record: DatasetRecord) -> Written[str]:
    """The dataset as a line of the table, its end included."""
    losses = Losses("CSV")
    _tell_losses(record.document, losses)
    if len(record.contact) > 1:
        losses.lost("contactPoint", "CSV holds the e-mail address of a contact, else its name; the rest was left out.")
    values = _values(record)
    return losses.written(table_line(table_cell(values[name]) for name in COLUMNS))


def csv_table(lines: Iterable[str]) -> Iterator[str]:
    """The whole file: a byte order mark, so that Excel knows the text for UTF-8, the columns, the lines."""
    yield MARK + table_line(COLUMNS)
    yield from lines


def _values(record: DatasetRecord) -> dict[str, object]:
    return {**_of_the_data(record), **_of_its_forms(record), **_of_the_record(record)}


def _of_the_data(record: DatasetRecord) -> dict[str, object]:
    document = record.document
    publisher, access = document.get("publisher", {}), document.get("accessRights")
    asking = document.get("accessRequest", {})
    return {
        "kind": document.get("kind"),
        "title": document.get("title"),
        "otherTitles": document.get("alternativeTitle"),
        "description": document.get("description"),
        "publisher": record.publisher.slug if record.publisher else publisher.get("organisation"),
        "publisherName": record.publisher.name if record.publisher else publisher.get("name"),
        "access": access,
        "accessTitle": title_of("access-rights", access) if access else None,
        "rights": document.get("rights"),
        "whoMayAsk": asking.get("who"),
        "askBasis": asking.get("basis"),
        "askRoute": asking.get("route"),
        "askAddress": asking.get("url"),
        "legalBasis": document.get("legalBasis"),
        "licence": document.get("licence"),
        "licenceTitle": licence_title(document["licence"]) if "licence" in document else None,
        "issued": document.get("issued"),
        "modified": document.get("modified"),
        "updated": document.get("accrualPeriodicity"),
        "covers": _written(write_period(period) for period in document.get("temporal", ())),
        "places": _written(write_place(place) for place in document.get("spatial", ())),
        "themes": document.get("theme"),
        "sourceThemes": document.get("sourceTheme"),
        "keywords": document.get("keyword"),
        "languages": document.get("language"),
    }


def _of_its_forms(record: DatasetRecord) -> dict[str, object]:
    document = record.document
    forms = document.get("distribution", [])
    return {
        "formats": _written(format_name(form.get("format"), form.get("mediaType")) for form in forms),
        "files": _written(form.get("downloadURL") or form.get("accessURL") for form in forms),
        "landingPage": document.get("landingPage"),
        "pages": document.get("page"),
        "referencedBy": document.get("isReferencedBy"),
        "endpoints": document.get("endpointURL"),
        "version": document.get("version"),
    }


def _of_the_record(record: DatasetRecord) -> dict[str, object]:
    provenance = record.document.get("provenance", {})
    return {
        "id": record.number,
        "slug": record.slug,
        "address": record.address,
        "contact": record.contact.get("email") or record.contact.get("name"),
        "agreements": list(dict.fromkeys(one.address for one in record.references)),
        "identifier": record.document.get("identifier"),
        "source": record.source,
        "recordFrom": provenance.get("source"),
        "recordSource": provenance.get("sourceName"),
        "recordAddress": provenance.get("sourceAddress"),
        "recordTerms": provenance.get("licence"),
        "recordSeen": provenance.get("seen"),
        "revision": record.revision,
        "firstRecordedAt": record.first_recorded_at.isoformat(),
        "changedAt": record.changed_at.isoformat(),
    }


def _written(texts: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _tell_losses(document: Json, losses: Losses) -> None:
    carried = {*_WHOLE, *_PARTS, "identifier", "contactPoint", "temporal", "spatial"}
    losses.rest_lost(document, sorted(carried))
    for name in ("publisher", "accessRequest", "provenance"):
        for member in document.get(name, {}):
            if member not in _PARTS[name]:
                losses.at(f"/{name}/{member}", f"CSV has no column for “{member}” of “{name}”; it was left out.")
    _tell_of_places_and_times(document, losses)
    for position, form in enumerate(document.get("distribution", ())):
        left = [member for member in form if member not in _PARTS["distribution"]]
        if "accessURL" in form and "downloadURL" in form:
            left.insert(0, "accessURL")
        for member in left:
            why = f"CSV has no column for “{member}” of a distribution; it was left out."
            losses.at(f"/distribution/{position}/{member}", why)


def _tell_of_places_and_times(document: Json, losses: Losses) -> None:
    """A place and a period are one text in a cell: what they say beside it is lost."""
    for position, place in enumerate(document.get("spatial", ())):
        if len(place) > 1:
            losses.at(
                f"/spatial/{position}", "CSV holds one text of a place: its box, else its name; the rest was left out."
            )
    for position, period in enumerate(document.get("temporal", ())):
        if "text" in period and len(period) > 1:
            losses.at(f"/temporal/{position}/text", "CSV holds the dates of a period; its words were left out.")
