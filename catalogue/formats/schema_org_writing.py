"""schema.org: one dataset written as JSON-LD, as search engines read it out of a page.

The properties are those of schema.org's Dataset that Google's dataset search asks for or recommends ("Dataset
structured data", developers.google.com/search). What a record does not state is absent. A file stands among the
downloads only where its own address is known: schema.org's `contentUrl` is the address of the bytes, not of a page.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from catalogue.formats.checksums import checksum_of
from catalogue.formats.converted import STAND_IN, Losses, Written
from catalogue.formats.exported import CatalogueDetails, DatasetRecord
from catalogue.formats.members import with_stated
from catalogue.licences import licence_code
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.codelists import codelist

CONTEXT = "https://schema.org"

SHORTEST, LONGEST = 50, 5000
"""Characters of a description, as Google asks for them."""

_OF_ANY_THING = (
    *("schemaVersion", "kind", "identifier", "title", "alternativeTitle", "description", "publisher", "contactPoint"),
    *("landingPage", "page", "provenance"),
)
_OF_DATASET = (
    *("creator", "keyword", "theme", "sourceTheme", "accessRights", "rights", "accessRequest", "licence", "issued"),
    *("modified", "temporal", "spatial", "language", "inSeries", "version", "distribution"),
)
_OF_SERVICE = ("endpointDescription", "spatial")
_FORM_CARRIED = (
    *("identifier", "title", "description", "accessURL", "downloadURL", "mediaType", "format", "byteSize", "licence"),
    *("issued", "modified", "language", "checksum", "column"),
)
_REQUEST_WORDS = {"who": "Who may ask", "basis": "On what basis", "route": "How to ask"}


class _Dataset(NamedTuple):
    """What the parts of the writer work with."""

    record: DatasetRecord
    document: Json
    details: CatalogueDetails
    losses: Losses


def dataset_to_schema_org(record: DatasetRecord, details: CatalogueDetails) -> Written[Json]:
    """A dataset as JSON-LD in the terms of schema.org; a data service is a WebAPI there. Nothing is ever left out."""
    losses = Losses("schema.org")
    node = described(record, details, losses)
    if node["@type"] == "Dataset":
        document = record.document
        downloads = list(_downloads(document, losses))
        node |= with_stated(distribution=downloads, variableMeasured=_variables(document))
    return losses.written(node)


def catalogue_to_schema_org(details: CatalogueDetails) -> Json:
    """The catalogue itself, as the home page tells it: what it is called, who publishes it, and how to search it."""
    address = f"{details.address}/"
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{details.address}/search?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
    return {
        "@context": CONTEXT,
        "@type": "DataCatalog",
        "@id": address,
        "name": details.title,
        "url": address,
        "publisher": {"@type": "Organization", "name": details.publisher},
        **with_stated(license=_licence(details.licence)),
        "mainEntityOfPage": {"@type": "WebSite", "url": address, "name": details.title, "potentialAction": search},
    }


def described(record: DatasetRecord, details: CatalogueDetails, losses: Losses) -> Json:
    """The same but for its files and columns, which Croissant has in a way of its own."""
    document = record.document
    told = _Dataset(record, document, details, losses)
    service = document["kind"] == "data-service"
    losses.rest_lost(document, (*_OF_ANY_THING, *(_OF_SERVICE if service else _OF_DATASET)))
    node: Json = {
        "@context": CONTEXT,
        "@type": "WebAPI" if service else "Dataset",
        "@id": record.address,
        "url": record.address,
        "name": document["title"],
        "description": _description(told),
    }
    node |= with_stated(
        alternateName=document.get("alternativeTitle"),
        identifier=document.get("identifier"),
        sameAs=document.get("landingPage"),
        subjectOf=_about_it(told),
        **{"provider" if service else "publisher": _publisher(told)},
    )
    return node | (_of_service(document) if service else _of_dataset(told))


def _description(told: _Dataset) -> str | Json:
    """The description as the publisher wrote it: a short one is not padded, a long one is cut and told."""
    text = told.document.get("description")
    if text is None:
        told.losses.stand_in("description")
        return {"@value": STAND_IN, "@language": "en"}
    if len(text) > LONGEST:
        told.losses.lost("description", f"Search engines read {LONGEST:,} characters; the rest was left out.")
        return f"{text[: LONGEST - 1]}…"
    if len(text) < SHORTEST:
        message = f"It has {len(text)} characters; Google’s dataset search passes over one of fewer than {SHORTEST}."
        told.losses.lost("description", message)
    return str(text)


def _theme(code: str) -> Json:
    entry = codelist("theme").get(code)
    return {"@type": "DefinedTerm", **with_stated(name=entry.title if entry else code, url=entry and entry.same_as)}


def _licence(licence: str | None) -> str | Json | None:
    """A licence by its address; by its name where it has none."""
    if licence is None or is_web_address(licence):
        return licence
    code = licence_code(licence)
    address = codelist("licence")[code].same_as if code else ""
    return address or {"@type": "CreativeWork", "name": licence}


def _conditions(document: Json) -> list[str]:
    request = document.get("accessRequest", {})
    asked = [f"{words}: {request[name]}" for name, words in _REQUEST_WORDS.items() if name in request]
    return [document["rights"], *asked] if "rights" in document else asked


def _about_it(told: _Dataset) -> list[Json]:
    """Documentation, and what refers to the dataset here: agreements above all."""
    pages = [{"@type": "CreativeWork", "url": address} for address in told.document.get("page", ())]
    works = [{"@type": "CreativeWork", "name": one.title, "url": one.address} for one in told.record.references]
    return [*pages, *works]


def _series(told: _Dataset) -> list[str]:
    """The series it belongs to, where they are in this catalogue."""
    named = told.document.get("inSeries", ())
    for number, identifier in enumerate(named):
        if identifier not in told.record.others:
            told.losses.at(
                f"/inSeries/{number}", f"The series “{identifier}” is not in this catalogue; it was left out."
            )
    return [told.record.others[identifier] for identifier in named if identifier in told.record.others]


def _of_service(document: Json) -> Json:
    """What schema.org has for a service. It has no place for the address at which one answers."""
    return with_stated(
        documentation=document.get("endpointDescription"),
        areaServed=[_place(place) for place in document.get("spatial", ())],
    )


def _of_dataset(told: _Dataset) -> Json:
    document, details = told.document, told.details
    catalogue = f"{details.address}/"
    return with_stated(
        creator=[_organisation(body, details) for body in document.get("creator", ())],
        keywords=list(dict.fromkeys([*document.get("keyword", ()), *document.get("sourceTheme", ())])),
        about=[_theme(code) for code in document.get("theme", ())],
        license=_licence(document.get("licence")),
        datePublished=document.get("issued"),
        dateModified=document.get("modified"),
        inLanguage=document.get("language"),
        version=document.get("version"),
        conditionsOfAccess=_conditions(document),
        usageInfo=document.get("accessRequest", {}).get("url"),
        isAccessibleForFree=True if document.get("accessRights") == "open" else None,
        isPartOf=_series(told),
        temporalCoverage=list(_periods(told)),
        spatialCoverage=[_place(place) for place in document.get("spatial", ())],
        includedInDataCatalog={"@type": "DataCatalog", "@id": catalogue, "name": details.title, "url": catalogue},
        sdLicense=_licence(document["provenance"].get("licence") or details.licence),
        sdPublisher={"@type": "Organization", "name": details.publisher} if details.publisher else None,
        sdDatePublished=told.record.changed_at.date().isoformat(),
    )


def _periods(told: _Dataset) -> Iterator[str]:
    """Periods as ISO 8601 has them; an open end is two dots."""
    for number, period in enumerate(told.document.get("temporal", ())):
        start, end = period.get("start"), period.get("end")
        if start or end:
            yield f"{start or '..'}/{end or '..'}"
        else:
            told.losses.left_out(f"/temporal/{number}", "A period that is told in words only has no dates to write.")


def _place(place: Json) -> Json:
    """A place; a box is written south, west, north, east."""
    written: Json = {"@type": "Place"}
    uri = place.get("uri", "")
    written |= with_stated(
        name=place.get("name"),
        identifier=place.get("code") or (None if is_web_address(uri) else uri),
        sameAs=uri if is_web_address(uri) else None,
    )
    if "bbox" in place:
        west, south, east, north = place["bbox"]
        written["geo"] = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
    return written


def _downloads(document: Json, losses: Losses) -> Iterator[Json]:
    for number, form in enumerate(document.get("distribution", ())):
        pointer = f"/distribution/{number}"
        if "downloadURL" not in form:
            losses.left_out(pointer, "schema.org’s DataDownload needs the address of the file itself.")
            continue
        checksum = checksum_of(form)
        if "checksum" in form and (checksum is None or checksum.algorithm != "sha256"):
            losses.at(f"{pointer}/checksum", "schema.org has a place for a SHA-256 only; this checksum was left out.")
        formats = [form[name] for name in ("mediaType", "format") if name in form]
        yield {
            "@type": "DataDownload",
            **download(form, pointer, losses),
            **with_stated(
                encodingFormat=formats[0] if len(formats) == 1 else formats,
                sha256=checksum.value if checksum and checksum.algorithm == "sha256" else None,
            ),
        }


def download(form: Json, pointer: str, losses: Losses) -> Json:
    """What is said of a file that can be fetched, but for its format and its checksum."""
    for name in form:
        if name not in _FORM_CARRIED:
            losses.at(f"{pointer}/{name}", f"{losses.format_name} has no place for “{name}” of a distribution.")
    if form.get("accessURL", form["downloadURL"]) != form["downloadURL"]:
        message = f"{losses.format_name} has one address for a download; the file’s own is it."
        losses.at(f"{pointer}/accessURL", message)
    return with_stated(
        contentUrl=form["downloadURL"],
        name=form.get("title"),
        description=form.get("description"),
        identifier=form.get("identifier"),
        contentSize=f"{form['byteSize']} B" if "byteSize" in form else None,
        license=_licence(form.get("licence")),
        datePublished=form.get("issued"),
        dateModified=form.get("modified"),
        inLanguage=form.get("language"),
    )


def _variables(document: Json) -> list[Json]:
    """The columns of all forms, each once."""
    found: dict[str, Json] = {}
    for form in document.get("distribution", ()):
        for column in form.get("column", ()):
            found.setdefault(column["name"], column)
    return [
        {
            "@type": "PropertyValue",
            **with_stated(
                name=column.get("title", column["name"]),
                alternateName=column["name"] if "title" in column else None,
                description=column.get("description"),
                unitText=column.get("unit"),
                propertyID=column.get("identifier"),
            ),
        }
        for column in found.values()
    ]


def _publisher(told: _Dataset) -> Json | None:
    """Who publishes it. The contact stands there: a dataset has no place for one."""
    stated, body, contact = told.document.get("publisher"), told.record.publisher, told.record.contact
    if contact and (not (stated or body) or "address" in contact):
        told.losses.lost("contactPoint", "schema.org has a contact with its publisher only, and without an address.")
    name = body.name if body else (stated or {}).get("name")
    if name is None:
        return None
    return {
        "@type": "Organization",
        "name": name,
        **with_stated(
            **{"@id": body.address if body else None},
            url=(body.website or body.address) if body else None,
            parentOrganization=[{"@type": "Organization", "name": one} for one in (stated or {}).get("partOf", ())][:1],
            contactPoint=_contact(contact),
        ),
    }


def _contact(contact: Mapping[str, str]) -> Json | None:
    told = {name: contact[name] for name in ("name", "email", "telephone") if name in contact}
    return {"@type": "ContactPoint", **told} if told else None


def _organisation(body: Json, details: CatalogueDetails) -> Json:
    address = f"{details.address}/organisations/{body['organisation']}" if "organisation" in body else None
    return {"@type": "Organization", "name": body["name"], **with_stated(**{"@id": address, "url": address})}
