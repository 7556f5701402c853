"""UK Cross-Government Metadata Exchange Model: one dataset or service written in it. `uk_model` is its counterpart.

A dataset is a group of records: itself, and each distribution, which the model keeps apart. Data that is not open and
that an agreement is known for has the licence `DATA_SHARE_AGREEMENT` and the agreement's address among its related
resources: so the licence leads to the agreement.
"""

from collections.abc import Iterable, Iterator, Sequence

from catalogue.formats.converted import STAND_IN, Losses, Written
from catalogue.formats.counting import Counted
from catalogue.formats.data_json_catalogue import listed
from catalogue.formats.exported import CatalogueDetails, DatasetRecord
from catalogue.formats.members import with_stated
from catalogue.formats.themes import theme_codes
from catalogue.formats.uk_model_distributions import distributions
from catalogue.formats.uk_model_rules import (
    ACCESS_RIGHTS,
    CLASSES,
    DATA_SHARE_AGREEMENT,
    FREQUENCIES,
    check_uk_model,
    is_address,
)
from catalogue.formats.uk_organisations import uk_organisation_code, uk_organisations
from catalogue.formats.uris import as_uri
from catalogue.licences import licence_code
from schemas.canonical import Json
from schemas.codelists import codelist, title_of
from schemas.problems import errors_in, pointer_to

FORMAT = "UK Metadata Exchange Model"
_TITLE = "UK Cross-Government Metadata Exchange Model"
_MODEL = "https://w3id.org/co-cddo/ukgov-metadata-exchange-model/"

_CLASS_OF = {"dataset": "Dataset", "dataset-series": "Dataset", "data-service": "DataService"}
_RIGHTS_OF = {code: right for right, code in ACCESS_RIGHTS.items()}
_FREQUENCY_OF = {code: frequency for frequency, code in FREQUENCIES.items()}
_CARRIED = (
    *("accessRights", "alternativeTitle", "contactPoint", "creator", "description", "extras", "identifier", "issued"),
    *("keyword", "kind", "licence", "modified", "provenance", "publisher", "schemaVersion", "sourceTheme", "theme"),
    *("title", "version"),
)
_CARRIED_OF = {
    "Dataset": ("accrualPeriodicity", "distribution"),
    "DataService": ("endpointDescription", "endpointURL", "servesDataset"),
}
_FROM_EXTRAS = ("summary", "created", "securityClassification", "serviceStatus", "serviceType", "endpointDescription")


def dataset_to_uk_model(record: DatasetRecord) -> Written[Json]:
    """A dataset and its distributions as the model has them, each with its type: `{"records": [dataset, …]}`.

    It is left out where the model requires what the record does not state (a security classification, a publisher of
    the list of GOV.UK …). The problems name that, and all that the model has no place for.
    """
    document = record.document
    losses = Losses(FORMAT)
    class_name = _CLASS_OF[document.get("kind", "dataset")]
    losses.rest_lost(document, (*_CARRIED, *_CARRIED_OF[class_name]))
    if document.get("kind") == "dataset-series":
        losses.lost("kind", f"{FORMAT} has no series; this is written as a dataset.")
    licence = _licence(record, losses)
    node: Json = {"identifier": _identifier(record, losses), "type": f"dcat:{class_name}", "title": document["title"]}
    node |= with_stated(
        alternativeTitle=document.get("alternativeTitle"),
        description=_description(document, losses),
        keyword=document.get("keyword"),
        theme=_themes(document, losses),
        licence=licence,
        version=document.get("version"),
        accessRights=_RIGHTS_OF.get(document.get("accessRights", "")),
        contactPoint=_contact_point(record),
        modified=_day(document, "modified", losses),
        issued=_day(document, "issued", losses),
        creator=_creators(document, losses),
        publisher=_publisher(record, losses),
        relatedResource=_related(record, losses),
    )
    records: list[Json] = []
    if class_name == "Dataset":
        node |= with_stated(updateFrequency=_frequency(document, losses))
        names, records = distributions(record, licence, losses)
        node |= with_stated(distribution=names)
    else:
        node |= _service(record, losses)
    _add_extras(node, document.get("extras", {}), class_name, losses)
    node = {name: node[name] for name in CLASSES[class_name] if name in node}
    _refuse_for_what_is_missing(node, class_name, losses)
    return losses.written({"records": [node, *records]})


def fits_uk_model(record: DatasetRecord) -> bool:
    """Whether `dataset_to_uk_model` does not leave it out, told sooner: few sources state a classification."""
    return (
        "securityClassification" in record.document.get("extras", {}) and dataset_to_uk_model(record).node is not None
    )


def uk_model_document(
    details: CatalogueDetails, records: Iterable[DatasetRecord], counts: Counted | None = None
) -> Iterator[str]:
    """The catalogue in parts: a head, and a list of records, each dataset with its distributions behind it.

    `counts` are what a first pass over the datasets found.
    """
    head = {"title": details.title, "conformsTo": _MODEL, "homepage": details.address}
    nodes = (part for record in records for part in _parts(record))
    yield from listed(head, counts, f"the {_TITLE}", {"records": nodes})


def _parts(record: DatasetRecord) -> Sequence[Json]:
    node = dataset_to_uk_model(record).node
    return node["records"] if node is not None else ()


def _identifier(record: DatasetRecord, losses: Losses) -> str:
    """Its own identifier where it is an address, as the model wants it; else its address here."""
    stated = record.document.get("identifier", "")
    if is_address(stated):
        return str(stated)
    if stated:
        losses.lost("identifier", f"{FORMAT} wants an address; that of the record here stands for “{stated[:80]}”.")
    else:
        losses.lost("identifier", "The record has no identifier of its own; its address here stands there.")
    return record.address


def _description(document: Json, losses: Losses) -> str:
    if "description" not in document:
        losses.stand_in("description")
    return str(document.get("description", STAND_IN))


def _themes(document: Json, losses: Losses) -> list[str]:
    """Themes as addresses: the source's own where they are such, and those of the EU's list for our codes."""
    stated = document.get("sourceTheme", [])
    written = [text for text in stated if is_address(text)]
    for number, text in enumerate(stated):
        if not is_address(text):
            how = "the EU’s was written" if theme_codes([text]) else "it was left out"
            losses.at(f"/sourceTheme/{number}", f"{FORMAT} wants the address of a theme, not “{text[:80]}”: {how}.")
    said = set(theme_codes(written))
    codes = [code for code in document.get("theme", ()) if code not in said]
    if codes:
        losses.lost("theme", f"{FORMAT} has one list of themes; ours are written there as addresses of the EU’s.")
    return [*written, *(codelist("theme")[code].same_as for code in codes)]


def _licence(record: DatasetRecord, losses: Losses) -> str | None:
    """The licence's address, or DATA_SHARE_AGREEMENT; None where it is neither."""
    stated = record.document.get("licence")
    code = licence_code(stated)
    is_open = record.document.get("accessRights", "open") == "open"
    if code == "data-share-agreement" or (record.references and not is_open):
        if code != "data-share-agreement":
            said = f"; “{stated[:80]}” was left out" if stated else ""
            losses.lost("licence", f"It is shared under an agreement, which {FORMAT} calls the licence{said}.")
        return DATA_SHARE_AGREEMENT
    if stated is None:
        return None
    if is_address(stated):
        return str(stated)
    known = codelist("licence")[code].same_as if code else as_uri(stated)
    if known:
        losses.lost("licence", f"{FORMAT} wants the licence’s address; that of “{stated[:80]}” was written.")
    else:
        losses.lost("licence", f"{FORMAT} wants the licence’s address; the record has its name, “{stated[:80]}”.")
    return known or None


def _contact_point(record: DatasetRecord) -> Json | None:
    contact = record.contact
    email = contact.get("email")
    if not email:
        return None
    stated = {"contactName": contact.get("name") or email, "email": email}
    return {**stated, **{name: contact[name] for name in ("telephone", "address") if name in contact}}


def _day(document: Json, name: str, losses: Losses) -> str | None:
    """A date as a day, which is all that the model takes."""
    text = document.get(name)
    if text is None or len(text) == 10:
        return text
    if len(text) > 10:
        losses.lost(name, f"{FORMAT} takes days only; the time of day was left out.")
        return str(text[:10])
    losses.lost(name, f"{FORMAT} takes whole days only, not “{text}”.")
    return None


def _publisher(record: DatasetRecord, losses: Losses) -> str | None:
    publisher = record.document.get("publisher", {})
    stated = publisher.get("name") or (record.publisher.name if record.publisher else "")
    if "partOf" in publisher:
        losses.lost("publisher", f"{FORMAT} has no place for the bodies that the publisher belongs to.")
    return _organisation(stated, "/publisher", losses) if stated else None


def _organisation(stated: str, place: str, losses: Losses) -> str | None:
    code = uk_organisation_code(stated)
    if code is None:
        losses.at(place, f"“{stated[:80]}” is not on the list of organisations of GOV.UK, which {FORMAT} takes.")
    elif uk_organisations()[code] != stated:
        losses.at(place, f"{FORMAT} names organisations by code; that of “{uk_organisations()[code]}” was written.")
    return code


def _creators(document: Json, losses: Losses) -> list[str]:
    stated = enumerate(document.get("creator", ()))
    codes = [_organisation(creator["name"], f"/creator/{number}", losses) for number, creator in stated]
    return list(dict.fromkeys(code for code in codes if code is not None))


def _related(record: DatasetRecord, losses: Losses) -> list[str]:
    """What it is related to, and the agreements it is shared under."""
    stated = record.document.get("extras", {}).get("relatedResource", [])
    kept = [item for item in stated if isinstance(item, str)] if isinstance(stated, list) else []
    if kept != stated:
        losses.at("/extras/relatedResource", f"{FORMAT} wants a list of addresses here; the rest was left out.")
    return [*kept, *(one.address for one in record.references if one.address not in kept)]


def _frequency(document: Json, losses: Losses) -> str | None:
    code = document.get("accrualPeriodicity")
    if code is None:
        return None
    if code == "as-needed":
        losses.lost("accrualPeriodicity", f"{FORMAT} cannot say “as needed”; it was written as irregular.")
        return "freq:irregular"
    if code not in _FREQUENCY_OF:
        losses.lost("accrualPeriodicity", f"{FORMAT} cannot say “{title_of('accrual-periodicity', code)}”.")
    return _FREQUENCY_OF.get(code)


def _service(record: DatasetRecord, losses: Losses) -> Json:
    document = record.document
    written: Json = {}
    for name in ("endpointURL", "endpointDescription"):
        values = document.get(name, [])
        if len(values) > 1:
            losses.lost(name, f"{FORMAT} takes one “{name}”; {len(values) - 1} more were left out.")
        uri = as_uri(values[0]) if values else None
        if uri is not None:
            written[name] = uri
            if uri != values[0]:
                losses.lost(name, f"{FORMAT} wants a URI (RFC 3986); this address was percent-encoded.")
    serves = []
    for number, name in enumerate(document.get("servesDataset", ())):
        address = name if is_address(name) else record.others.get(name)
        if address != name:
            how = "its address here was written" if address else "it was left out"
            losses.at(f"/servesDataset/{number}", f"{FORMAT} wants the address of a dataset, not “{name[:80]}”: {how}.")
        serves += [address] if address else []
    return written | with_stated(servesData=serves)


def _add_extras(node: Json, extras: Json, class_name: str, losses: Losses) -> None:
    """What the source stated in the model's own words, where the model takes it; of the rest is told."""
    fields = CLASSES[class_name]
    for name, value in extras.items():
        if name in {"distribution", "relatedResource"}:
            continue
        place = pointer_to(("extras", name))
        if name not in _FROM_EXTRAS or name not in fields:
            losses.at(place, f"{FORMAT} has no place for “{name}”; it was left out.")
        elif name in node or fields[name].check(value):
            losses.at(place, f"{FORMAT} takes another value for “{name}”; this one was left out.")
        else:
            node[name] = value


_WHERE_TO_STATE = {
    "securityClassification": " It is kept among its other statements (extras) under that name.",
    "serviceStatus": " It is kept among its other statements (extras) under that name.",
    "serviceType": " It is kept among its other statements (extras) under that name.",
    "creator": " It must be on the model’s list of organisations.",
    "publisher": " It must be on the model’s list of organisations.",
    "modified": " It must be a whole day.",
    "updateFrequency": " It is how often the data is updated.",
    "contactPoint": " It must have an e-mail address.",
}


def _refuse_for_what_is_missing(node: Json, class_name: str, losses: Losses) -> None:
    for problem in errors_in(check_uk_model(node, class_name)):
        name = problem.title or class_name
        if name in node:
            losses.refused(f"{FORMAT}: “{name}”: {problem.message}")
        else:
            what = f"{FORMAT} requires “{name}”, which the record does not state as the model wants it."
            losses.refused(what + _WHERE_TO_STATE.get(name, ""))
