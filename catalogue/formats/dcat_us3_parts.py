"""DCAT-US 3.0: the parts of which a dataset is made, each as its JSON Schema wants it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from catalogue.formats.converted import Losses
from catalogue.formats.data_json_rules import is_mailbox
from catalogue.formats.exported import Body, DatasetRecord
from catalogue.formats.members import with_stated
from catalogue.formats.periodicity import periodicity_interval
from catalogue.formats.uris import as_uri
from schemas.canonical import Json
from schemas.codelists import codelist

_WITHOUT_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+")
_FREQUENCIES = {
    "continuous": "continuous",
    "daily": "daily",
    "three-times-a-week": "threeTimesAWeek",
    "twice-weekly": "semiweekly",
    "weekly": "weekly",
    "three-times-a-month": "threeTimesAMonth",
    "twice-monthly": "semimonthly",
    "fortnightly": "fortnightly",
    "monthly": "monthly",
    "every-two-months": "bimonthly",
    "quarterly": "quarterly",
    "three-times-a-year": "threeTimesAYear",
    "twice-yearly": "semiannual",
    "annual": "annual",
    "every-two-years": "biennial",
    "every-three-years": "triennial",
    "irregular": "irregular",
    "as-needed": "asNeeded",
    "never": "notPlanned",
}
_SCHEMES = {"theme": "Data theme", "access-rights": "Access right"}


def frequency(code: str | None) -> str | None:
    """How often data is updated: a word of the standard's two lists, else an ISO 8601 repeating interval."""
    return (_FREQUENCIES.get(code) or periodicity_interval(code)) if code else None


def coded(name: str, code: str) -> Json:
    """A code of a list of ours as a concept of the EU's list that it is the same as."""
    entry = codelist(name)[code]
    scheme = entry.same_as.rpartition("/")[0]
    return {
        "@id": entry.same_as,
        "@type": "Concept",
        "prefLabel": entry.title,
        "inScheme": {"@id": scheme, "@type": "ConceptScheme", "title": _SCHEMES[name]},
    }


def themes(document: Json) -> list[Json]:
    """Our themes as concepts, and what the source calls them."""
    concepts = [coded("theme", code) for code in document.get("theme", ())]
    named = {str(concept["prefLabel"]).casefold() for concept in concepts}
    own = [text for text in document.get("sourceTheme", ()) if text.casefold() not in named]
    return [*concepts, *({"@type": "Concept", "prefLabel": text} for text in own)]


def contact(record: DatasetRecord, losses: Losses) -> Json | None:
    """The contact; None where it has no mailbox, which the standard requires."""
    stated = record.contact
    email = stated.get("email")
    if email is None or not is_mailbox(f"mailto:{email}"):
        return None
    if "address" in stated:
        losses.lost("contactPoint", f"{losses.format_name} wants a postal address in its parts; it was left out.")
    fn = stated.get("name") or email
    return {
        "@type": "Kind",
        **with_stated(fn=fn, hasEmail=f"mailto:{email}", tel=stated.get("telephone")),
    }


def publisher(record: DatasetRecord) -> Json | None:
    """The body that publishes it, with those it belongs to."""
    stated: Json = record.document.get("publisher") or {}
    body: Body | None = record.publisher
    names = [stated["name"], *stated.get("partOf", ())] if stated else [body.name] if body else []
    organisation: Json | None = None
    for name in reversed(names):
        above = [organisation] if organisation is not None else []
        organisation = {"@type": "Organization", **with_stated(name=name, subOrganizationOf=above)}
    if organisation is not None and body is not None:
        organisation = {"@id": body.address, **organisation}
    return organisation


def date(text: str | None, pointer: str, losses: Losses) -> str | None:
    """A date as the standard has it. A moment without zone is none of its moments: only its day is written."""
    if text is not None and _WITHOUT_ZONE.fullmatch(text):
        losses.at(pointer, f"{losses.format_name} wants a moment with its zone; only the day was written.")
        return text[:10]
    return text


def address(text: str | None, pointer: str, losses: Losses) -> str | None:
    """An address as a URI, which every IRI of the standard may be. What is none is left out."""
    if text is None:
        return None
    uri = as_uri(text)
    if uri is None:
        losses.at(pointer, f"{losses.format_name} wants an address here; “{text[:80]}” was left out.")
    elif uri != text:
        losses.at(pointer, f"{losses.format_name} wants an address as RFC 3986 has it; it was percent-encoded.")
    return uri


def addresses(texts: Sequence[str], pointer: str, losses: Losses) -> list[str]:
    """Several of them."""
    written = [address(text, f"{pointer}/{number}", losses) for number, text in enumerate(texts)]
    return [uri for uri in written if uri is not None]


def documents(uris: Sequence[str]) -> list[Json]:
    """Pages by their addresses. A page must have a title; nothing but its address is known of it."""
    return [{"@id": uri, "@type": "Document", "title": uri, "accessURL": uri} for uri in uris]


def standards(texts: Sequence[str]) -> list[Json]:
    """Standards by their address, or by their name where it is all there is."""
    written = []
    for text in texts:
        uri = as_uri(text)
        written.append({"@id": uri, "@type": "Standard"} if uri else {"@type": "Standard", "title": text})
    return written


def description_of_data(stated: Json, pointer: str, losses: Losses) -> Json | None:
    """A description of the data's structure, which is a distribution of its own in the standard."""
    uri = address(stated.get("describedBy"), f"{pointer}/describedBy", losses)
    if uri is None:
        if "describedByType" in stated:
            losses.at(f"{pointer}/describedByType", f"{losses.format_name} has no place for a type without address.")
        return None
    return {"@type": "Distribution", **with_stated(accessURL=uri, mediaType=stated.get("describedByType"))}


def languages(texts: Sequence[str], pointer: str, losses: Losses) -> list[str]:
    """Languages in the two letters of ISO 639-1 that the standard takes."""
    written: dict[str, None] = {}
    for number, text in enumerate(texts):
        tag = text.partition("-")[0]
        if len(tag) == 2 and tag.isascii() and tag.isalpha():
            written[tag.lower()] = None
        if text not in written:
            losses.at(f"{pointer}/{number}", f"{losses.format_name} takes languages of two letters only, not “{text}”.")
    return list(written)


def periods(stated: Sequence[Json], losses: Losses) -> list[Json]:
    """Periods with a start, an end or both. One in words alone cannot be said."""
    written = []
    for number, period in enumerate(stated):
        place = f"/temporal/{number}"
        ends = with_stated(
            startDate=date(period.get("start"), f"{place}/start", losses),
            endDate=date(period.get("end"), f"{place}/end", losses),
        )
        if not ends:
            losses.left_out(place, f"{losses.format_name} wants the start or the end of a period.")
            continue
        if "text" in period:
            losses.at(f"{place}/text", f"{losses.format_name} has no place for a period in words; they were left out.")
        written.append({"@type": "PeriodOfTime", **ends})
    return written


def locations(stated: Sequence[Json], losses: Losses) -> list[Json]:
    """Places, with their box as a polygon."""
    written = []
    for number, place in enumerate(stated):
        uri = address(place.get("uri"), f"/spatial/{number}/uri", losses)
        box = outline(place["bbox"]) if "bbox" in place else None
        members = with_stated(prefLabel=place.get("name"), identifier=place.get("code"), bbox=box)
        if uri is not None:
            written.append({"@id": uri, "@type": "Location", **members})
        elif members:
            written.append({"@type": "Location", **members})
    return written


def outline(box: Sequence[str]) -> Json:
    """A box (west, south, east, north) as a GeoJSON polygon, against the clock (RFC 7946, section 3.1.6)."""
    west, south, east, north = (float(edge) for edge in box)
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def restrictions(document: Json, agreements: Sequence[str]) -> dict[str, list[Json]]:
    """Who may have it and on what terms: restrictions on access and use, where the record states who may have it."""
    code = document.get("accessRights")
    made: dict[str, list[Json]] = {}
    if code in {"restricted", "closed"}:
        status = {"@type": "AccessRestriction", "restrictionStatus": coded("access-rights", code)}
        made["accessRestriction"] = [status | with_stated(restrictionNote=document.get("rights"))]
    if agreements:
        status = {"@type": "Concept", "prefLabel": codelist("licence")["data-share-agreement"].title}
        note = " ".join(agreements)
        made["useRestriction"] = [{"@type": "UseRestriction", "restrictionStatus": status, "restrictionNote": note}]
    return made


def asking(request: Mapping[str, Any]) -> list[str]:
    """How to ask for the data, in sentences."""
    words = {"who": "Who may ask", "basis": "On what basis", "route": "How to ask", "url": "Where to ask"}
    return [f"{said}: {request[name]}" for name, said in words.items() if name in request]
