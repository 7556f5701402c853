"""CKAN: one package (`package_show` of the Action API, CKAN 2.11) read into our form. `ckan_writing` writes it.

What speaks of the portal's own housekeeping (counters, internal numbers, the times at which its record was touched)
is not content: a portal that rebuilds its index has changed no dataset. Fields that an extension adds, and extras, are
kept under `extras`; those whose meaning ckanext-dcat fixes (issued, modified, publisher_name …) are read as that.
"""

import json
import re
from collections.abc import Mapping

from catalogue.formats.columns import columns_in, columns_in_schema
from catalogue.formats.converted import FromSource, other_statements
from catalogue.formats.data_json import ACCESS_LEVELS
from catalogue.formats.members import Members, with_stated
from catalogue.formats.periodicity import is_interval, periodicity_code
from catalogue.formats.periods import periods_in
from catalogue.formats.places import read_place
from catalogue.formats.themes import theme_codes
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from schemas.checking import is_email
from schemas.codelists import codelist

_HOUSEKEEPING = frozenset(
    "archived batch creator_user_id has_geodata has_quickcharts has_showcases indexed_ts is_fresh isopen "
    "metadata_created metadata_modified num_resources num_tags owner_org private qa_completed "
    "relationships_as_object relationships_as_subject revision_id revision_timestamp solr_additions state "
    "tracking_summary type update_status updated_by_script".split()
)
_RESOURCE_HOUSEKEEPING = frozenset(
    "cache_last_updated cache_url created datastore_active datastore_contains_all_records_of_source_file "
    "metadata_modified mimetype_inner on_same_domain package_id position resource_type revision_id "
    "revision_timestamp state tracking_summary url_type webstore_last_updated webstore_url".split()
)
_COUNTERS = re.compile(r"pageviews.*|.*downloads.*|.*_views|views_.*|due_date|overdue_date|harvest_.*")
_NOT_OPEN = {"draft": "a draft", "deleted": "deleted"}
_NOT_DATA = {"harvest": "the portal’s own setting of a harvest", "showcase": "a showcase"}
_NUMBER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def why_not_taken(package: Json) -> str | None:
    """Why a package does not belong into a public catalogue of data, in a few words; None where it does."""
    if package.get("private") in (True, "True", "true"):
        return "private"
    return _NOT_OPEN.get(str(package.get("state"))) or _NOT_DATA.get(str(package.get("type")))


def dataset_from_ckan(package: Json, provenance: Mapping[str, str] | None = None) -> FromSource:
    """One package in our form. `provenance` is what is known of the site (sourceAddress, sourceName).

    Nothing raises. A date that cannot be read is an error; whatever else cannot be read is a warning and kept under
    `extras` as it is.
    """
    members = Members(_with_extras(package), (), [], [])
    for member in [member for member in members.rest if member in _HOUSEKEEPING or _COUNTERS.fullmatch(member)]:
        members.take(member)
    contact = _contact(members)
    own_number, name = members.text("id"), members.text("name")
    document = with_stated(
        schemaVersion=DATASET_VERSION,
        kind="dataset-series" if package.get("type") == "dataset_series" else "dataset",
        identifier=members.text("identifier") or own_number,
        title=members.plain("title") or name,
        description=members.plain("notes"),
        publisher=_publisher(members),
        keyword=_keywords(members),
        rights=members.plain("rights"),
        licence=_licence(members),
        issued=members.date("issued"),
        version=members.text("version"),
        landingPage=_landing_page(members),
        page=members.addresses("documentation"),
        language=members.texts("language"),
        conformsTo=members.texts("conforms_to"),
        temporal=_periods(members),
        spatial=_places(members),
        distribution=_distributions(members),
        **_modified(members),
        **_themes(members),
        **_access(members),
    )
    extras = other_statements(members)
    if extras:
        document["extras"] = extras
    document["provenance"] = {"source": "imported", **(provenance or {})}
    return FromSource(document, contact, tuple(members.problems), tuple(members.cleanings))


def _with_extras(package: Json) -> Json:
    """The package with its extras beside its own fields, which go before them. Lists written as text are read."""
    extras = package.get("extras")
    pairs = extras if isinstance(extras, list) else []
    named = {pair["key"]: _written_out(pair.get("value")) for pair in pairs if _is_pair(pair)}
    own = {name: value for name, value in package.items() if name != "extras" and value not in (None, "", [], {})}
    return {**named, **own}


def _is_pair(pair: object) -> bool:
    return isinstance(pair, dict) and isinstance(pair.get("key"), str) and pair["key"] != ""


def _written_out(value: object) -> object:
    if not isinstance(value, str) or value[:1] not in {"[", "{"}:
        return value
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return read if isinstance(read, list | dict) else value


def _contact(members: Members) -> Mapping[str, str]:
    """Whom to write to: the contact of ckanext-dcat, else the maintainer, else the author."""
    pairs = [("contact_name", "contact_email"), ("maintainer", "maintainer_email"), ("author", "author_email")]
    found = [_one_contact(members, *pair) for pair in pairs]
    stated = [details for details in found if details]
    others = [details for details in stated[1:] if details != stated[0]]
    if others:
        members.warn("author", "Several contacts are named; the first was kept.", "A record has one contact.")
    return stated[0] if stated else {}


def _one_contact(members: Members, name_member: str, email_member: str) -> Mapping[str, str]:
    name, email = members.text(name_member), members.text(email_member)
    if email is not None and not is_email(email.removeprefix("mailto:")):
        members.warn(email_member, f"“{email}” is not an e-mail address; it was left out.")
        email = None
    email = email.removeprefix("mailto:") if email else None
    if name and is_email(name):
        email, name = email or name, None
    if name and _NUMBER.fullmatch(name):  # an account of the portal
        name = None
    return with_stated(name=name, email=email)


def _publisher(members: Members) -> Json | None:
    """Who publishes: what the record itself says of its publisher, else the organisation whose package it is."""
    stated, name = members.take("publisher"), members.text("publisher_name")
    body = members.take("organization")
    if isinstance(stated, dict) and isinstance(stated.get("name"), str):
        name = stated["name"].strip()
    elif isinstance(stated, str):
        name = name or stated.strip()
    if not name and isinstance(body, dict):
        shown = body.get("title") or body.get("display_name") or body.get("name")
        name = shown.strip() if isinstance(shown, str) else None
    return {"name": name} if name else None


def _keywords(members: Members) -> list[str]:
    members.rest["tags"] = _shown(_each(members.take("tags")))
    return members.word_set("tags")


def _licence(members: Members) -> str | None:
    """The licence's address, else its name where CKAN knows it only as “other …”, else its short name."""
    address, short, title = (members.text(f"license_{part}") for part in ("url", "id", "title"))
    if short == "notspecified":
        return None
    return address or (title if short is None or short.startswith("other") else short) or short


def _landing_page(members: Members) -> str | None:
    page = members.address("landingPage")
    if page is None:
        return members.address("url")
    if members.rest.get("url") == page:
        members.take("url")
    return page


def _periods(members: Members) -> list[Json]:
    ends = {name: members.date(f"temporal_{name}") for name in ("start", "end")}
    stated = with_stated(**ends)
    if stated:
        return [stated]
    return periods_in(members, "temporal")


def _places(members: Members) -> list[Json]:
    places: list[Json] = []
    for name in ("spatial", "spatial_text", "spatial_uri", "spatial-text", "spatial-uri"):
        value = members.take(name)
        if value is None:
            continue
        place, whole = read_place(value)
        if place is None:
            members.put_back(name, value, "This place is written in a way that is not read here.")
            continue
        if not whole:
            members.rest[name] = value  # the box is read from the shape; the shape itself is kept
        places.append(place)
    return places


def _modified(members: Members) -> Json:
    """When the data last changed, where the record says so; never when the portal touched its record."""
    code = _rhythm(members)
    said = str(members.rest.get("modified", "")).strip()
    if is_interval(said):
        members.take("modified")
        return {"accrualPeriodicity": code or periodicity_code(said)}
    dates = [members.date(name) for name in ("modified", "last_modified")]
    return {"modified": dates[0] or dates[1], "accrualPeriodicity": code}


def _rhythm(members: Members) -> str | None:
    for name in ("frequency", "accrualPeriodicity"):
        said = members.text(name)
        if said and (code := periodicity_code(said)):
            return code
        if said:
            members.put_back(name, said, f"“{said}” is no frequency that is known here.")
    return None


def _themes(members: Members) -> Json:
    groups = _each(members.take("groups"))
    ours = [code for group in groups if (code := _our_theme(group))]
    others = [group for group in groups if not _our_theme(group)]
    members.rest["theme"] = [*_shown(others), *_each(members.take("theme"))]
    # Where no source called a theme otherwise, `ckan_writing` says the groups again by their addresses.
    again = {codelist("theme")[code].same_as for code in ours}
    stated = [theme for theme in members.word_set("theme") if theme not in again]
    return {"theme": sorted({*ours, *theme_codes(stated)}), "sourceTheme": stated}


def _our_theme(group: object) -> str:
    """The code of a group that is a theme of our own list, as `ckan_writing` names it; else empty.

    A portal's own groups have long numbers; only ours are numbered by their codes.
    """
    if not isinstance(group, dict):
        return ""
    number = group.get("id")
    return number if isinstance(number, str) and number == group.get("name") and number in codelist("theme") else ""


def _shown(items: list[object]) -> list[object]:
    """Groups or tags as people see them."""
    names = [
        item if not isinstance(item, dict) else item.get("title") or item.get("display_name") or item.get("name")
        for item in items
    ]
    return [name for name in names if name]


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _access(members: Members) -> Json:
    """Who may have it, where the record says so in DCAT-AP's or DCAT-US's words."""
    for name in ("access_rights", "accessLevel"):
        said = members.text(name)
        if said is None:
            continue
        if code := _access_code(said):
            return {"accessRights": code}
        members.put_back(name, said, f"“{said}” is no level of access that is known here.")
    return {}


def _access_code(said: str) -> str | None:
    folded = said.casefold()
    codes = codelist("access-rights").values()
    by_address = {entry.same_as.casefold(): entry.code for entry in codes}
    by_word = {entry.same_as.rpartition("/")[2].casefold(): entry.code for entry in codes}
    return ACCESS_LEVELS.get(folded) or by_address.get(folded) or by_word.get(folded)


def _distributions(members: Members) -> list[Json]:
    stated = _each(members.take("resources"))
    resources = [item for item in stated if isinstance(item, dict)]
    if len(resources) < len(stated):
        members.warn("resources", "A resource is no group of fields; it was left out.")
    resources.sort(key=lambda item: item["position"] if isinstance(item.get("position"), int) else 0)
    forms: list[Json] = []
    left: list[Json] = []
    for number, resource in enumerate(resources):
        inside = members.inside(resource, "resources", number)
        uploaded = resource.get("url_type") == "upload"
        for name in [name for name in inside.rest if name in _RESOURCE_HOUSEKEEPING or _COUNTERS.fullmatch(name)]:
            inside.take(name)
        form = _distribution(inside, uploaded=uploaded)
        forms.append(form)
        if inside.rest:
            left.append({**inside.rest, "position": number})
    if left:
        members.rest["distribution"] = left
    return forms


def _distribution(inside: Members, *, uploaded: bool) -> Json:
    address = inside.address("url")
    return with_stated(
        identifier=inside.text("id"),
        title=inside.plain("name"),
        description=inside.plain("description"),
        accessURL=inside.address("access_url") or address,
        downloadURL=inside.address("download_url") or (address if uploaded else None),
        mediaType=inside.text("mimetype"),
        format=inside.text("format"),
        byteSize=inside.whole_number("size"),
        licence=inside.text("license"),
        rights=inside.plain("rights"),
        issued=inside.date("issued"),
        modified=inside.date("modified") or inside.date("last_modified"),
        language=inside.texts("language"),
        conformsTo=inside.texts("conforms_to"),
        checksum=_checksum(inside),
        column=_columns(inside),
    )


def _columns(inside: Members) -> list[Json]:
    """The columns, from a Table Schema or from the DataStore's fields. What is more than that is kept too."""
    for name, read in (("schema", columns_in_schema), ("fields", columns_in)):
        found = read(inside.rest.get(name))
        if found is None:
            continue
        if found.whole:
            inside.take(name)
        return found.columns
    return []


def _checksum(inside: Members) -> Json | None:
    """A hash counts only with its algorithm; a bare one stays among the other statements."""
    value, algorithm = inside.text("hash"), inside.text("hash_algorithm")
    if value and ":" in value and not algorithm:
        algorithm, _, value = value.partition(":")
    if value and not algorithm:
        inside.rest["hash"] = value
        return None
    return {"algorithm": algorithm, "value": value} if value and algorithm else None
