"""DCAT-US 3.0: one dataset, series or service, and the whole catalogue, valid against the JSON Schemas of GSA.

Lists are written as lists also where the standard takes a single value, and identifiers as text. A series is written
so that it is valid both as a series and as a dataset, for a catalogue has no other place for it.
"""

from collections.abc import Iterable, Iterator
from json import dumps, loads
from tempfile import SpooledTemporaryFile

from catalogue.formats import dcat_us3_parts as parts
from catalogue.formats.access_levels import ACCESS_LEVELS
from catalogue.formats.converted import STAND_IN, Losses, Written
from catalogue.formats.counting import Counted
from catalogue.formats.data_json_catalogue import listed
from catalogue.formats.exported import CatalogueDetails, DatasetRecord
from catalogue.formats.members import with_stated
from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.problems import pointer_to

FORMAT = "DCAT-US 3.0"
CONFORMS_TO = "https://resources.data.gov/dcat-us/3.0.0/"

_ACCESS_LEVEL_OF = {code: level for level, code in ACCESS_LEVELS.items()}
_KINDS = {"dataset": "Dataset", "dataset-series": "DatasetSeries", "data-service": "DataService"}
_CARRIED = (
    *("accessRequest", "accessRights", "accrualPeriodicity", "conformsTo", "contactPoint", "creator", "describedBy"),
    *("describedByType", "description", "distribution", "extras", "identifier", "inSeries", "isReferencedBy", "issued"),
    *("keyword", "kind", "landingPage", "language", "licence", "modified", "page", "provenance", "publisher"),
    *("rights", "schemaVersion", "sourceTheme", "spatial", "temporal", "theme", "title", "version"),
)
_OF_SERVICES = ("endpointURL", "endpointDescription")
_NOT_OF_SERVICES = {
    "issued": "issued",
    "accrualPeriodicity": "accrualPeriodicity",
    "landingPage": "landingPage",
    "page": "page",
    "describedBy": "describedBy",
    "isReferencedBy": "isReferencedBy",
    "version": "version",
    "distribution": "distribution",
    "relation": "inSeries",
    "provenance": "",
}
"""What a service cannot say in the standard, and the member of ours that is lost with it."""


def dataset_to_dcat_us3(record: DatasetRecord) -> Written[Json]:
    """A dataset, series or service as DCAT-US 3.0 has it, or left out where it cannot be valid.

    The problems name all that the format has no place for, and what it requires and the record does not state.
    """
    losses = Losses(FORMAT)
    document = record.document
    kind = _KINDS[document.get("kind", "dataset")]
    is_service = kind == "DataService"
    losses.rest_lost(document, (*_CARRIED, *(_OF_SERVICES if is_service else ())))
    for name in document.get("extras", {}):
        losses.at(pointer_to(("extras", name)), f"{FORMAT} has no place for “{name}”; it was left out.")
    contact = parts.contact(record, losses)
    agreements = _agreements(record)
    node: Json = {
        "@id": record.address,
        "@type": kind,
        "identifier": _identifier(record, losses),
        "title": document["title"],
    }
    node |= with_stated(
        description=document.get("description"),
        contactPoint=[contact] if contact else [],
        publisher=parts.publisher(record),
        keyword=document.get("keyword"),
        theme=parts.themes(document),
        version=document.get("version"),
        provenance=_provenance(document),
        accessRights=_ACCESS_LEVEL_OF.get(document.get("accessRights", "")),
        rights=[*_stated(document, "rights"), *parts.asking(document.get("accessRequest", {}))],
        temporal=parts.periods(document.get("temporal", ()), losses),
        spatial=parts.locations(document.get("spatial", ()), losses),
        conformsTo=parts.standards(document.get("conformsTo", ())),
        language=parts.languages(document.get("language", ()), "/language", losses),
        accrualPeriodicity=_frequency(document, losses),
        issued=parts.date(document.get("issued"), "/issued", losses),
        modified=parts.date(document.get("modified"), "/modified", losses),
        relation=[*_series(record, losses), *agreements],
        **_creator(document, is_service, losses),
        **_pages(document, losses),
    )
    if not is_service and "description" not in node:
        losses.stand_in("description")
        node["description"] = STAND_IN
    node |= _distributions(document, agreements, losses)
    if is_service:
        node = _as_service(node, document, agreements, losses)
    _check(node, is_service, losses)
    return losses.written(node)


def dcat_us3_document(
    details: CatalogueDetails, records: Iterable[DatasetRecord], counts: Counted | None = None
) -> Iterator[str]:
    """The catalogue in parts: the head, a part for each dataset, then the services, which wait on disk meanwhile.

    `counts` are what a first pass over the datasets found.
    """
    head: Json = {
        "@id": f"{details.address}/dcat-us-3.json",
        "@type": "Catalog",
        "conformsTo": {"@id": CONFORMS_TO, "@type": "Standard"},
        **with_stated(
            title=details.title,
            publisher={"@type": "Agent", "name": details.publisher} if details.publisher else None,
            license=details.licence,
            modified=details.changed_at.date().isoformat() if details.changed_at else None,
        ),
        "homepage": {"@id": details.address, "@type": "Document", "title": details.title, "accessURL": details.address},
    }
    with SpooledTemporaryFile(max_size=1_000_000, mode="w+", encoding="utf-8") as services:

        def datasets() -> Iterator[Json]:
            for record in records:
                node = dataset_to_dcat_us3(record).node
                if node is not None and node["@type"] == "DataService":
                    services.write(dumps(node, ensure_ascii=False) + "\n")
                elif node is not None:
                    yield node

        def waiting() -> Iterator[Json]:
            services.seek(0)
            yield from (loads(line) for line in services)

        yield from listed(head, counts, FORMAT, {"dataset": datasets(), "service": waiting()})


def _agreements(record: DatasetRecord) -> list[str]:
    return [one.address for one in record.references]


def _identifier(record: DatasetRecord, losses: Losses) -> str:
    stated = record.document.get("identifier")
    if not stated:
        losses.lost("identifier", "The record has no identifier of its own; its address here stands there.")
    return str(stated or record.address)


def _stated(document: Json, name: str) -> list[str]:
    return [document[name]] if name in document else []


def _provenance(document: Json) -> list[str]:
    stated = document.get("provenance", {})
    told = [stated[name] for name in ("sourceName", "sourceAddress") if name in stated]
    return [f"Taken from: {', '.join(told)}"] if told else []


def _frequency(document: Json, losses: Losses) -> str | None:
    code = document.get("accrualPeriodicity")
    written = parts.frequency(code)
    if code and written is None:
        losses.lost("accrualPeriodicity", f"{FORMAT} cannot say “{title_of('accrual-periodicity', code)}”.")
    return written


def _creator(document: Json, is_service: bool, losses: Losses) -> Json:
    """Who made it: one agent of a dataset, several of a service."""
    agents = [{"@type": "Agent", "name": creator["name"]} for creator in document.get("creator", ())]
    if is_service or not agents:
        return {"creator": agents}
    if len(agents) > 1:
        losses.lost("creator", f"{FORMAT} takes one creator; {len(agents) - 1} more were left out.")
    return {"creator": agents[0]}


def _pages(document: Json, losses: Losses) -> Json:
    landing = parts.address(document.get("landingPage"), "/landingPage", losses)
    return {
        "landingPage": parts.documents([landing])[0] if landing else None,
        "page": parts.documents(parts.addresses(document.get("page", ()), "/page", losses)),
        "isReferencedBy": parts.addresses(document.get("isReferencedBy", ()), "/isReferencedBy", losses),
        "describedBy": parts.description_of_data(document, "", losses),
    }


def _series(record: DatasetRecord, losses: Losses) -> list[str]:
    """The series it belongs to. A series in place must have title and description, so it is only related to it."""
    related = []
    for number, name in enumerate(record.document.get("inSeries", ())):
        address = record.others.get(name)
        why = "it is told as a related resource" if address else "its address is not known, so it was left out"
        losses.left_out(f"/inSeries/{number}", f"{FORMAT} wants a series with title and description; {why}.")
        related += [address] if address else []
    return related


def _distributions(document: Json, agreements: list[str], losses: Losses) -> Json:
    """The distributions. Licence and restrictions of a dataset stand on each of them: it has no place of its own."""
    held = with_stated(license=document.get("licence"), **parts.restrictions(document, agreements))
    forms = [_distribution(form, number, held, losses) for number, form in enumerate(document.get("distribution", ()))]
    written = [form for form in forms if form is not None]
    if "licence" in document and document.get("kind") != "data-service":
        where = "it stands on each distribution" if written else "there is no distribution it could stand on"
        losses.lost("licence", f"{FORMAT} has no licence of a dataset: {where}.")
    return {"distribution": written} if written else {}


def _distribution(form: Json, number: int, held: Json, losses: Losses) -> Json | None:
    place = f"/distribution/{number}"
    if "column" in form:
        losses.at(f"{place}/column", f"{FORMAT} has no place for the columns of a table; they were left out.")
    checksum = form.get("checksum")
    stated = with_stated(
        **{name: form.get(name) for name in ("identifier", "title", "description", "mediaType", "format")},
        accessURL=parts.address(form.get("accessURL"), f"{place}/accessURL", losses),
        downloadURL=parts.address(form.get("downloadURL"), f"{place}/downloadURL", losses),
        byteSize=str(form["byteSize"]) if "byteSize" in form else None,
        license=form.get("licence"),
        rights=_stated(form, "rights"),
        issued=parts.date(form.get("issued"), f"{place}/issued", losses),
        modified=parts.date(form.get("modified"), f"{place}/modified", losses),
        language=parts.languages(form.get("language", ()), f"{place}/language", losses),
        conformsTo=parts.standards(form.get("conformsTo", ())),
        describedBy=parts.description_of_data(form, place, losses),
        checksum={"@type": "Checksum", "algorithm": checksum["algorithm"], "checksumValue": checksum["value"]}
        if checksum
        else None,
    )
    if not stated:
        losses.left_out(place, f"Nothing of this distribution can be said in {FORMAT}.")
        return None
    return {"@type": "Distribution", **held, **stated}


def _as_service(node: Json, document: Json, agreements: list[str], losses: Losses) -> Json:
    """A service has endpoints and a licence of its own, and lacks other members."""
    for name, ours in _NOT_OF_SERVICES.items():
        if name in node and ours in document:
            losses.lost(ours, f"{FORMAT} has no place for “{ours}” of a service; it was left out.")
    kept = {name: value for name, value in node.items() if name not in _NOT_OF_SERVICES}
    if agreements:
        kept["rights"] = [*kept.get("rights", ()), *(f"Shared under: {address}" for address in agreements)]
    return kept | with_stated(
        endpointURL=parts.addresses(document.get("endpointURL", ()), "/endpointURL", losses),
        endpointDescription=document.get("endpointDescription"),
        license=document.get("licence"),
    )


def _check(node: Json, is_service: bool, losses: Losses) -> None:
    if "contactPoint" not in node:
        losses.refused(f"{FORMAT} requires a contact with an e-mail address, which the record does not state.")
    for name in ("endpointURL", "publisher") if is_service else ():
        if name not in node:
            losses.refused(f"{FORMAT} requires “{name}” of a service, which the record does not state.")
