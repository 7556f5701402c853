"""CKAN: one document written as a package, with every member that CKAN's own answers have. `ckan` reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.formats.columns import table_schema_of
from catalogue.formats.converted import Losses, ToFormat
from catalogue.formats.members import Members, each, with_stated
from catalogue.formats.periods import periods_in
from catalogue.formats.places import read_place
from catalogue.licences import licence_code, licence_title
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.codelists import codelist, title_of
from schemas.problems import pointer_to

_CARRIED = (
    *("accessRights", "accrualPeriodicity", "conformsTo", "contactPoint", "description", "distribution", "extras"),
    *("identifier", "isReferencedBy", "issued", "keyword", "kind", "landingPage", "language", "legalBasis", "licence"),
    *("modified", "page"),
    *("provenance", "publisher", "rights", "schemaVersion", "sourceTheme", "spatial", "temporal", "theme", "title"),
    "version",
)
_TYPES = {"dataset": "dataset", "dataset-series": "dataset_series", "data-service": "dataset"}
_FORM_NAMES = {
    "identifier": "id",
    "title": "name",
    "description": "description",
    "format": "format",
    "mediaType": "mimetype",
    "byteSize": "size",
    "licence": "license",
    "rights": "rights",
    "issued": "issued",
    "modified": "modified",
    "language": "language",
    "conformsTo": "conforms_to",
}
_EMPTY_RESOURCE: Json = {
    "description": None,
    "format": "",
    "hash": "",
    "id": None,
    "last_modified": None,
    "mimetype": None,
    "name": None,
    "resource_type": None,
    "size": None,
    "state": "active",
    "url": "",
    "url_type": None,
}

_TEXTS = frozenset({"notes", "url", "version"})

OTHER_LICENCES = {
    "other-open": "Other (Open)",
    "other-pd": "Other (Public Domain)",
    "other-at": "Other (Attribution)",
    "other-nc": "Other (Non-Commercial)",
    "other-closed": "Other (Not Open)",
}
"""What CKAN calls licences that it has no name for (CKAN 2.12, `license_list`)."""

OPEN_OTHERS = frozenset({"other-open", "other-pd", "other-at"})
"""Those of them that let anybody use, change and share."""


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """What a package says beyond its document: its number and short name, when the record was made and changed."""

    id: str
    name: str
    created: str
    modified: str
    organisation: Mapping[str, str]


def dataset_to_ckan(document: Json, record: PackageRecord, contact: Mapping[str, str] | None = None) -> ToFormat:
    """A document as `package_show` of CKAN 2.11 gives it. `contact` is what may be told of its contact.

    `record.organisation` has `id`, `name` (the short name) and `title`, or is empty. The warnings name all that CKAN
    has no place for.
    """
    losses = Losses("CKAN")
    losses.rest_lost(document, _CARRIED)
    if document.get("kind") == "data-service":
        losses.lost("kind", "CKAN knows no data services; this one is written as a dataset.")
    if "partOf" in document.get("publisher", {}):
        losses.lost("publisher", "CKAN has no place for the bodies that the publisher belongs to.")
    keywords = document.get("keyword", [])
    forms = document.get("distribution", [])
    package: Json = {
        "id": record.id,
        "name": record.name,
        "title": document["title"],
        "notes": document.get("description"),
        "url": document.get("landingPage"),
        "version": document.get("version"),
        "type": _TYPES[document.get("kind", "dataset")],
        "state": "active",
        "private": False,
        "author": None,
        "author_email": None,
        "maintainer": (contact or {}).get("name"),
        "maintainer_email": (contact or {}).get("email"),
        **_licence(document.get("licence"), losses),
        "metadata_created": record.created,
        "metadata_modified": record.modified,
        "organization": {**record.organisation, "type": "organization", "state": "active", "is_organization": True}
        if record.organisation
        else None,
        "owner_org": record.organisation.get("id"),
        "num_tags": len(keywords),
        "num_resources": len(forms),
        "tags": [_tag(keyword) for keyword in keywords],
        "groups": [group_of(code) for code in document.get("theme", ())],
        "resources": [_resource(form, position, record.id, losses) for position, form in enumerate(forms)],
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }
    package["extras"] = _told_apart(package, _extras(document, losses), losses)
    _write_back_resources(package["resources"], document.get("extras", {}).get("distribution"), losses)
    for resource, form in zip(package["resources"], forms, strict=True):
        if "column" in form and "schema" not in resource:
            resource["schema"] = table_schema_of(form["column"])
    return ToFormat(package, tuple(losses.problems))


def _told_apart(package: Json, extras: dict[str, str], losses: Losses) -> list[Json]:
    """The extras without those named as a field of the package, which CKAN refuses and clients take for that field.

    A text for which the package has an empty field is put there.
    """
    for name in sorted(package.keys() & extras.keys()):
        text = extras.pop(name)
        if name in _TEXTS and package[name] is None and not is_written_out(text):
            package[name] = text
            losses.lost("extras", f"CKAN has a field “{name}” of its own; the statement of that name stands there.")
        else:
            losses.lost("extras", f"CKAN has a field “{name}” of its own; the statement of that name was left out.")
    return [{"key": key, "value": value} for key, value in sorted(extras.items())]


def group_of(code: str) -> Json:
    """A theme as a package names its groups."""
    title = title_of("theme", code)
    return {
        "id": code,
        "name": code,
        "title": title,
        "display_name": title,
        "description": "",
        "image_display_url": "",
    }


def _licence(licence: str | None, losses: Losses) -> Json:
    written = licence_of(licence)
    short, address = written["license_id"], written["license_url"]
    kept = address or (written["license_title"] if short.startswith("other") else short)
    if licence is not None and (kept != licence or short == "notspecified"):
        losses.lost("licence", f"CKAN names licences by short names; “{short}” stands for this one.")
    return written


def licence_of(licence: str | None) -> Json:
    """A licence as a package names it: its short name here or, where CKAN knows it only as “other …”, CKAN's."""
    if licence is None:
        return {"license_id": "notspecified", "license_title": "License not specified", "license_url": None}
    known = licence_code(licence) or next((short for short, title in OTHER_LICENCES.items() if title == licence), None)
    address = licence if is_web_address(licence) else None
    return {"license_id": known or licence, "license_title": licence_title(licence), "license_url": address}


def _tag(keyword: str) -> Json:
    return {"id": keyword, "name": keyword, "display_name": keyword, "state": "active", "vocabulary_id": None}


def _resource(form: Json, position: int, package_id: str, losses: Losses) -> Json:
    stated = {theirs: form[ours] for ours, theirs in _FORM_NAMES.items() if ours in form}
    access, download = form.get("accessURL"), form.get("downloadURL")
    resource = {**_EMPTY_RESOURCE, **stated, "package_id": package_id, "position": position}
    resource |= with_stated(url=access or download, access_url=access if download else None, download_url=download)
    if "checksum" in form:
        resource |= {"hash": form["checksum"]["value"], "hash_algorithm": form["checksum"]["algorithm"]}
    if download and not access:
        losses.lost("distribution", "CKAN takes one address of a resource; that of the download is read as both.")
    for name in ("describedBy", "describedByType"):
        if name in form:
            losses.lost("distribution", f"CKAN has no place for “{name}” of a distribution; it was left out.")
    return resource


def _extras(document: Json, losses: Losses) -> dict[str, str]:
    """The extras, in ckanext-dcat's names where it has one. Lists and objects are written as JSON text."""
    for name, list_name in (("accrualPeriodicity", "accrual-periodicity"), ("accessRights", "access-rights")):
        if name in document and not _same_as(list_name, document[name]):
            losses.lost(name)
    stated = with_stated(
        identifier=document.get("identifier"),
        publisher_name=document.get("publisher", {}).get("name"),
        issued=document.get("issued"),
        modified=document.get("modified"),
        frequency=_same_as("accrual-periodicity", document.get("accrualPeriodicity")),
        access_rights=_same_as("access-rights", document.get("accessRights")),
        rights=document.get("rights"),
        language=document.get("language"),
        conforms_to=document.get("conformsTo"),
        documentation=document.get("page"),
        is_referenced_by=document.get("isReferencedBy"),
        applicable_legislation=document.get("legalBasis"),
        theme=document.get("sourceTheme") or [_same_as("theme", code) for code in document.get("theme", ())],
        **_periods(document, losses),
        **_places(document, losses),
    )
    others = {name: value for name, value in document.get("extras", {}).items() if name != "distribution"}
    for name, value in stated.items():
        if isinstance(value, str) and name != "spatial" and is_written_out(value):
            losses.lost(
                _OF_EXTRAS[name], "CKAN’s extras do not tell this text from the list or group that it looks like."
            )
    if any(
        is_written_out(value) if isinstance(value, str) else isinstance(value, bool | int | float)
        for value in others.values()
    ):
        losses.lost(
            "extras", "CKAN’s extras are texts; what was a number, or looks like a list, is read back otherwise."
        )
    # What was kept of a list because it could not be read stands behind what could.
    lists = [name for name in stated.keys() & others.keys() if isinstance(stated[name], list)]
    others |= {name: [*stated[name], *each(others[name])] for name in lists}
    return {name: _as_text(value) for name, value in {**stated, **others}.items()}


_OF_EXTRAS = {
    "access_rights": "accessRights",
    "frequency": "accrualPeriodicity",
    "publisher_name": "publisher",
    "spatial_text": "spatial",
    "spatial_uri": "spatial",
    "temporal_end": "temporal",
    "temporal_start": "temporal",
    **{name: name for name in ("identifier", "issued", "modified", "rights", "temporal")},
}
"""The members of a document that are one text in the extras."""


def is_written_out(text: str) -> bool:
    """Whether a text in the extras is read as a list or a group of fields."""
    if text[:1] not in {"[", "{"}:
        return False
    try:
        return isinstance(json.loads(text), list | dict)
    except (ValueError, RecursionError):
        return False


_written_out = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else _written_out(value)


def _same_as(name: str, code: str | None) -> str | None:
    entry = codelist(name).get(code or "")
    return entry.same_as if entry else None


def _periods(document: Json, losses: Losses) -> dict[str, str]:
    periods = document.get("temporal", [])
    if not periods:
        return {}
    first = periods[0]
    dates = {f"temporal_{end}": first[end] for end in ("start", "end") if end in first}
    written: dict[str, str] = dates or with_stated(temporal=first.get("text"))
    kept = [{end: first[end] for end in ("start", "end") if end in first}] if dates else _periods_read(written)
    if kept != periods:
        losses.lost("temporal", "CKAN takes one period, by its dates or in words.")
    return written


def _periods_read(written: dict[str, str]) -> list[Json]:
    return periods_in(Members(written, (), [], []), "temporal")


def _places(document: Json, losses: Losses) -> dict[str, str]:
    """The first name, the first address and the first box, which are three extras in CKAN."""
    places = document.get("spatial", [])
    written: dict[str, str] = {}
    for place in places:
        stated = with_stated(
            spatial=_outline(place["bbox"]) if "bbox" in place else None,
            spatial_text=place.get("name") or place.get("code"),
            spatial_uri=place.get("uri"),
        )
        written = {**stated, **written}
    kept = [read_place(written[name])[0] for name in ("spatial", "spatial_text", "spatial_uri") if name in written]
    if kept != places:
        losses.lost("spatial", "CKAN takes one name, one address and one box of places, each on its own.")
    return written


def _outline(box: list[str]) -> str:
    west, south, east, north = (float(edge) for edge in box)
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [corners]})


def _write_back_resources(resources: list[Json], left: object, losses: Losses) -> None:
    """What was kept of resources, put back where they have nothing else. CKAN's own fields are texts."""
    for number, item in enumerate(left if isinstance(left, list) else []):
        position = item.get("position") if isinstance(item, dict) else None
        if not isinstance(position, int) or not 0 <= position < len(resources):
            losses.at(f"/extras/distribution/{number}", "CKAN has no place for this; it was left out.")
            continue
        for name, value in item.items():
            if name == "position" or resources[position].get(name):
                continue
            if name in _EMPTY_RESOURCE and not isinstance(value, str):
                place = pointer_to(("extras", "distribution", number, name))
                losses.at(place, f"CKAN wants text for “{name}” of a resource; this was left out.")
            else:
                resources[position][name] = value
