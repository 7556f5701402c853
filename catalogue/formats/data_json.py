"""DCAT-US 1.1 (`data.json`): one dataset of a feed, read into our form. `data_json_writing` is its counterpart.

The standard: resources.data.gov, "DCAT-US Schema v1.1 (Project Open Data Metadata Schema)". Members it does not have
are kept under `extras`. Keywords and themes are sets: a feed that only puts them into another order has changed
nothing, so they are sorted here.
"""

import re
from collections.abc import Mapping

from catalogue.formats.access_levels import ACCESS_LEVELS
from catalogue.formats.columns import columns_in
from catalogue.formats.converted import STAND_IN, FromSource, other_statements
from catalogue.formats.eu_tables import languages
from catalogue.formats.members import Members, each, with_stated
from catalogue.formats.periodicity import is_interval, periodicity_code
from catalogue.formats.periods import periods_in
from catalogue.formats.places import read_place
from catalogue.formats.themes import theme_codes
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from schemas.checking import is_email

_LONGEST_LICENCE = 300
"""A licence longer than this is terms in words, not the address or the name of a licence."""

_JSON_LD = ("@type", "@context")
_OF_DATASETS = frozenset(
    "title description keyword modified publisher contactPoint identifier accessLevel rights license spatial temporal "
    "distribution accrualPeriodicity conformsTo describedBy describedByType isPartOf issued language landingPage "
    "references theme accessURL bureauCode programCode dataQuality primaryITInvestmentUII systemOfRecords".split()
)
_OF_DISTRIBUTIONS = frozenset(
    "title description accessURL downloadURL mediaType format conformsTo describedBy describedByType".split()
)
_SPAN = re.compile(r"[^/R]+/P[\dT][\d.YMWDTHS]*")


def dataset_from_data_json(record: Json, provenance: Mapping[str, str] | None = None) -> FromSource:
    """One dataset of a feed in our form. `provenance` is what is known of the feed (sourceAddress, sourceName).

    Nothing raises. A date that cannot be read is an error; whatever else cannot be read is a warning and kept under
    `extras` as it is.
    """
    members = Members(record, (), [], [])
    members.spelled_as(_OF_DATASETS)
    for name in _JSON_LD:
        members.take(name)
    contact = _contact(members)
    forms = _distributions(members)
    document = with_stated(
        schemaVersion=DATASET_VERSION,
        kind="dataset",
        identifier=_identifier(members),
        title=members.plain("title"),
        description=description_in(members),
        publisher=_publisher(members),
        keyword=members.word_set("keyword"),
        rights=members.plain("rights"),
        issued=members.date("issued"),
        landingPage=members.address("landingPage"),
        page=_references(members),
        language=languages(members.texts("language")),
        conformsTo=members.texts("conformsTo"),
        describedBy=members.address("describedBy"),
        describedByType=members.text("describedByType"),
        inSeries=members.texts("isPartOf"),
        distribution=forms,
        **_modified(members),
        **_themes(members),
        **_access(members),
        **_coverage(members),
    )
    _licence(members, document)
    extras = other_statements(members)
    if extras:
        document["extras"] = extras
    document["provenance"] = {"source": "imported", **(provenance or {})}
    return FromSource(document, contact, tuple(members.problems), tuple(members.cleanings))


def description_in(members: Members) -> str | None:
    """The description; the text that stands for what a publisher did not give is none."""
    text = members.plain("description")
    return None if text == STAND_IN else text


def _identifier(members: Members) -> str | None:
    value = members.rest.get("identifier")
    if isinstance(value, dict) and isinstance(value.get("@id"), str):
        members.rest["identifier"] = value["@id"]
    return members.text("identifier")


def _references(members: Members) -> list[str]:
    """The addresses of related documents; data.gov.uk takes groups of fields too, with an address, title and format."""
    stated = each(members.take("references"))
    found = [item["url"] if isinstance(item, dict) and isinstance(item.get("url"), str) else item for item in stated]
    members.rest |= with_stated(references=found)
    pages = members.addresses("references")
    beyond = [item for item in stated if isinstance(item, dict) and item.get("url") in pages and len(item) > 1]
    if beyond:
        members.rest["references"] = [*each(members.rest.get("references")), *beyond]
    return pages


def _contact(members: Members) -> Mapping[str, str]:
    """The contact point. A name that repeats the mailbox says nothing more than the mailbox."""
    value = members.take("contactPoint")
    if isinstance(value, list) and value:
        if len(value) > 1:
            members.warn("contactPoint", f"There are {len(value)} contacts; the first was kept.")
        value = value[0]
    if isinstance(value, str) and "@" in value:
        value = {"hasEmail": value}
    if not isinstance(value, dict):
        if value is not None:
            members.warn("contactPoint", "The contact is no group of fields; it was left out.", "Give fn and hasEmail.")
        return {}
    inside = members.inside(value, "contactPoint")
    email = _email(inside)
    name = inside.text("fn")
    details = {"name": name if name != email else None, "email": email, "telephone": inside.text("hasTelephone")}
    if unread := sorted(inside.rest.keys() - {"@type", "@id", "hasEmail", "email"}):
        members.warn("contactPoint", f"The contact says more than is kept of one: {', '.join(unread)}.")
    return {field: text for field, text in details.items() if text}


def _email(contact: Members) -> str | None:
    text = contact.text("hasEmail") or contact.text("email")  # the second is what some portals write
    if text is None:
        return None
    addresses = [part.strip() for part in re.split(r"[;,\s]+", re.sub(r"(?i)\bmailto:", "", text)) if part.strip()]
    if not addresses or not all(is_email(address) for address in addresses):
        contact.warn("hasEmail", f"“{text}” is not an e-mail address; it was left out.", "Write mailto:name@host.")
        return None
    if len(addresses) > 1:
        contact.warn("hasEmail", f"There are {len(addresses)} addresses; the first was kept.", "Give one mailbox.")
    return addresses[0]


def _publisher(members: Members) -> Json | None:
    value = members.take("publisher")
    if isinstance(value, list) and len(value) > 1:
        members.put_back("publisher", value[1:], f"There are {len(value)} publishers; the first was read.")
    value = value[0] if isinstance(value, list) and value else value
    if value is None:
        return None
    if isinstance(value, str) and value.strip():
        return {"name": value.strip()}
    if not isinstance(value, dict):
        members.put_back("publisher", value, "The publisher is no group of fields.", 'Write {"name": …}.')
        return None
    inside = members.inside(value, "publisher")
    name = inside.text("name")
    superiors = _superiors(inside.take("subOrganizationOf"))
    inside.take("@type")
    if name is None:
        inside.warn("name", "The publisher has no name.", "Name the body that publishes the dataset.")
    if inside.rest:
        members.rest["publisher"] = [inside.rest, *others] if (others := members.rest.get("publisher")) else inside.rest
    return with_stated(name=name, partOf=superiors) if name else None


def _superiors(value: object) -> list[str]:
    """The names of the bodies above, nearest first."""
    names: list[str] = []
    while isinstance(value, dict):
        name = value.get("name")
        if isinstance(name, str) and name.strip():
            names.append(name.strip())
        value = value.get("subOrganizationOf")
    return names


def _modified(members: Members) -> Json:
    """When the data last changed. A repeating interval or duration there says how often it changes, not when."""
    rhythm = members.text("accrualPeriodicity")
    code = periodicity_code(rhythm) if rhythm else None
    beside = members.rest.get("frequency")  # what data.gov.uk asks for in place of it
    if rhythm is None and isinstance(beside, str) and (code := periodicity_code(beside)):
        members.take("frequency")
    if rhythm and code is None:
        members.put_back("accrualPeriodicity", rhythm, f"“{rhythm}” is no interval that is known here.")
    said = str(members.rest.get("modified", "")).strip()
    if _SPAN.fullmatch(said):  # valid in the standard, though it says no day
        members.take("modified")
        members.put_back("modified", said, f"“{said}” is no date but a span of time.", "Write the day of the change.")
        return {"accrualPeriodicity": code}
    if not is_interval(said):
        return {"modified": members.date("modified"), "accrualPeriodicity": code}
    members.take("modified")
    found = periodicity_code(said)
    if found and said.rpartition("/")[0] not in {"", "R"}:
        members.put_back("modified", said, f"“{said}” says more than how often the data changes.")
    if found is None or (code is not None and code != found):
        why = "another rhythm than accrualPeriodicity" if found else "no interval that is known here"
        members.put_back("modified", said, f"“{said}” is no date but says how often the data changes, and is {why}.")
    return {"accrualPeriodicity": code or found}


def _themes(members: Members) -> Json:
    stated = members.word_set("theme")
    return {"theme": theme_codes(stated), "sourceTheme": stated}


def _access(members: Members) -> Json:
    level = members.text("accessLevel")
    code = ACCESS_LEVELS.get(level.casefold()) if level else None
    if level and code is None:
        message = f"“{level}” is not a level of access."
        members.put_back("accessLevel", level, message, f"Write one of: {', '.join(ACCESS_LEVELS)}.")
    return {"accessRights": code}


def _coverage(members: Members) -> Json:
    return {"temporal": periods_in(members, "temporal"), "spatial": _places(members)}


def _places(members: Members) -> list[Json]:
    value = members.take("spatial")
    values = value if isinstance(value, list) else [] if value is None else [value]
    read = [read_place(item) for item in values]
    if any(place is None for place, _ in read):
        members.put_back("spatial", value, "This place is written in a way that is not read here.")
    elif not all(whole for _, whole in read):
        members.rest["spatial"] = value  # the box is read from the shape; the shape itself is kept
    return [place for place, _ in read if place is not None]


def _licence(members: Members, document: Json) -> None:
    """The licence. Terms written out where a licence belongs are terms of access in words."""
    licence = members.plain("license")
    if licence is None:
        return
    if len(licence) <= _LONGEST_LICENCE:
        document["licence"] = licence
        return
    if "rights" in document:
        members.put_back("license", licence, "This is no address or name of a licence.")
        return
    document["rights"] = licence
    members.warn("license", "This is no address or name of a licence; it was kept as the terms of access in words.")


def _distributions(members: Members) -> list[Json]:
    """The distributions. What cannot be read of one is kept in the extras with its position; strays come last."""
    value = members.take("distribution")
    items = value if isinstance(value, list) else [] if value is None else [value]
    forms: list[Json] = []
    parts: list[Json] = []
    strays: list[Json] = []
    for number, item in enumerate(items):
        if not isinstance(item, dict):
            strays.append({"value": item})
            members.warn("distribution", "A distribution is no group of fields.", "Give accessURL or downloadURL.")
            continue
        inside = members.inside(item, "distribution", number)
        form = _distribution(inside)
        rest = other_statements(inside)
        if rest and form:
            parts.append({"position": len(forms), "members": rest})
        elif rest:
            strays.append({"members": rest})
        if form:
            forms.append(form)
    if parts or strays:
        members.rest["distribution"] = parts + strays
    return _with_own_address(members, forms)


def _distribution(inside: Members) -> Json:
    inside.spelled_as(_OF_DISTRIBUTIONS)
    for name in _JSON_LD:
        inside.take(name)
    return with_stated(
        identifier=inside.text("identifier"),
        title=inside.plain("title"),
        description=inside.plain("description"),
        accessURL=inside.address("accessURL"),
        downloadURL=inside.address("downloadURL"),
        mediaType=inside.text("mediaType"),
        format=inside.text("format"),
        byteSize=inside.whole_number("byteSize"),
        licence=inside.plain("license"),
        rights=inside.plain("rights"),
        issued=inside.date("issued"),
        modified=inside.date("modified"),
        language=languages(inside.texts("language")),
        conformsTo=inside.texts("conformsTo"),
        describedBy=inside.address("describedBy"),
        describedByType=inside.text("describedByType"),
        column=_columns(inside),
    )


def _columns(inside: Members) -> list[Json]:
    """The columns of a table, which Argentina's profile of the standard adds. What is more than that is kept too."""
    stated = inside.take("field")
    if stated is None:
        return []
    found = columns_in(stated)
    if found is None:
        inside.put_back("field", stated, "These are no columns that each have a name.")
        return []
    if not found.whole:
        inside.rest["field"] = stated
    return found.columns


def _with_own_address(members: Members, forms: list[Json]) -> list[Json]:
    """DCAT-US 1.0 had accessURL on the dataset itself, and feeds still write it: it is a distribution."""
    address = members.address("accessURL") if isinstance(members.rest.get("accessURL"), str) else None
    if address is None or any(address in (form.get("accessURL"), form.get("downloadURL")) for form in forms):
        return forms
    return [*forms, {"accessURL": address}]
