"""UK Cross-Government Metadata Exchange Model: one dataset or service, read. `uk_model_writing` is its counterpart.

A record that the model refuses is refused here for the same reason. What the model has and our form has no place for
(security classification, summary, service status …) is kept under `extras`, so that it is written as it was read.
"""

from collections.abc import Mapping

from catalogue.formats.converted import FromSource, other_statements
from catalogue.formats.data_json import description_in
from catalogue.formats.members import Members, with_stated
from catalogue.formats.themes import theme_codes
from catalogue.formats.uk_model_rules import ACCESS_RIGHTS, FREQUENCIES, check_uk_model
from catalogue.formats.uk_organisations import uk_organisations
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.problems import errors_in

KINDS = {"Dataset": "dataset", "DataService": "data-service"}
"""The model's classes of what is catalogued, and our kinds."""


def class_of(record: Json) -> str:
    """The class of a record by its type, else by what only that class has."""
    stated = str(record.get("type", "")).removeprefix("dcat:").removeprefix("http://www.w3.org/ns/dcat#")
    if stated in {"Dataset", "DataService", "Distribution"}:
        return stated
    marks = {"contactName": "ContactPoint", "mediaType": "Distribution", "serviceType": "DataService"}
    return next((name for mark, name in marks.items() if mark in record), "Dataset")


def dataset_from_uk_model(
    record: Json, distributions: Mapping[str, Json] | None = None, provenance: Mapping[str, str] | None = None
) -> FromSource:
    """A Dataset or DataService in our form. `distributions` are those of the same file, by their identifiers.

    Nothing raises. What breaks a rule of the model is an error; the document is then what could be read all the same.
    """
    name = class_of(record)
    problems = check_uk_model(record, name)
    refused = bool(errors_in(problems))
    members = Members(record, (), list(problems), [])
    members.take("type")
    contact = _contact(members)
    document = with_stated(
        schemaVersion=DATASET_VERSION,
        kind=KINDS.get(name, "dataset"),
        identifier=members.text("identifier"),
        title=members.plain("title"),
        alternativeTitle=members.texts("alternativeTitle"),
        description=description_in(members),
        publisher=_organisation(members.text("publisher")),
        creator=[body for code in members.texts("creator") if (body := _organisation(code))],
        keyword=members.word_set("keyword"),
        licence=members.text("licence"),
        version=members.text("version"),
        accessRights=ACCESS_RIGHTS.get(members.text("accessRights") or ""),
        accrualPeriodicity=FREQUENCIES.get(members.text("updateFrequency") or ""),
        issued=None if refused else members.date("issued"),
        modified=None if refused else members.date("modified"),
        endpointURL=members.addresses("endpointURL"),
        endpointDescription=_endpoint_description(members),
        servesDataset=members.texts("servesData"),
        **_themes(members),
    )
    if name == "Dataset":
        document |= with_stated(distribution=_distributions(members, distributions or {}))
    extras = other_statements(members)
    if extras:
        document["extras"] = extras
    document["provenance"] = {"source": "imported", **(provenance or {})}
    return FromSource(document, contact, tuple(members.problems), tuple(members.cleanings))


def _contact(members: Members) -> Mapping[str, str]:
    """The contact point. A name that repeats the mailbox says nothing more than the mailbox."""
    value = members.take("contactPoint")
    if not isinstance(value, dict):
        return {}
    inside = members.inside(value, "contactPoint")
    email, name = inside.text("email"), inside.text("contactName")
    details = {
        "name": name if name != email else None,
        "email": email,
        "telephone": inside.text("telephone"),
        "address": inside.text("address"),
    }
    return {field: text for field, text in details.items() if text}


def _organisation(code: str | None) -> Json | None:
    return {"name": uk_organisations().get(code, code)} if code else None


def _themes(members: Members) -> Json:
    stated = members.word_set("theme")
    return {"theme": theme_codes(stated), "sourceTheme": stated}


def _endpoint_description(members: Members) -> list[str]:
    """The description of the endpoint, where it is a web address; a short form of one is kept beside it."""
    stated = members.rest.get("endpointDescription")
    return members.addresses("endpointDescription") if isinstance(stated, str) and is_web_address(stated) else []


def _distributions(members: Members, known: Mapping[str, Json]) -> list[Json]:
    """The distributions that a dataset names: what the file says of each, or its identifier alone."""
    forms: list[Json] = []
    parts: list[Json] = []
    for identifier in members.texts("distribution"):
        record = known.get(identifier)
        if record is None:
            members.warn(
                "distribution",
                f"The file says nothing of the distribution “{identifier[:80]}”; its identifier alone was kept.",
                "Give the record of the distribution in the same file.",
            )
            forms.append({"identifier": identifier})
            continue
        inside = members.inside(record, "distribution", len(forms))
        form = _distribution(inside, identifier)
        rest = other_statements(inside)
        if rest:
            parts.append({"position": len(forms), "members": rest})
        forms.append(form)
    if parts:
        members.rest["distribution"] = parts
    return forms


def _distribution(inside: Members, identifier: str) -> Json:
    inside.take("type")
    inside.take("identifier")
    return with_stated(
        identifier=identifier,
        title=inside.plain("title"),
        description=inside.plain("description"),
        downloadURL=inside.address("downloadURL"),
        mediaType=inside.text("mediaType"),
        byteSize=inside.whole_number("byteSize"),
        licence=inside.text("licence"),
        issued=inside.date("issued"),
        modified=inside.date("modified"),
    )
