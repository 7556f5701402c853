"""CKAN: one package (`package_show` of the Action API, CKAN 2.11) read into our form. `ckan_writing` writes it.

What speaks of the portal's own housekeeping (counters, internal numbers, the times at which its record was touched)
is not content: a portal that rebuilds its index has changed no dataset. Fields that an extension adds, and extras, are
kept under `extras`; those whose meaning ckanext-dcat fixes (issued, modified, publisher_name …) are read as that.
"""

import re
from collections.abc import Mapping

from catalogue.formats.access_levels import access_code
from catalogue.formats.checksums import algorithm_name
from catalogue.formats.ckan_coverage import periods, places
from catalogue.formats.ckan_extras import groups, with_extras
from catalogue.formats.ckan_people import DKAN_TYPE, contact_of, owner_of, publisher_of, shown
from catalogue.formats.columns import columns_in, columns_in_schema
from catalogue.formats.converted import FromSource, other_statements
from catalogue.formats.eu_tables import languages, media_type_name
from catalogue.formats.members import Members, each, with_stated
from catalogue.formats.periodicity import is_interval, periodicity_code
from catalogue.formats.themes import theme_codes
from catalogue.licences import licence_code
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from schemas.codelists import codelist

_HOUSEKEEPING = frozenset(
    "archived batch creator_user_id has_geodata has_quickcharts has_showcases indexed_ts is_fresh isopen "
    "metadata_created metadata_modified num_resources num_tags owner_org private qa_completed "
    "revision_id revision_timestamp solr_additions state "
    "tracking_summary type update_status updated_by_script".split()
)
_RESOURCE_HOUSEKEEPING = frozenset(
    "cache_last_updated cache_url created datastore_active datastore_contains_all_records_of_source_file "
    "metadata_modified mimetype_inner on_same_domain package_id position resource_type revision_id "
    "revision_timestamp state tracking_summary url_type webstore_last_updated webstore_url".split()
)
_COUNTERS = re.compile(r"pageviews.*|.*downloads.*|.*_views|views_.*|due_date|overdue_date|harvest_.*")
_NOT_OPEN = {"draft": "a draft", "deleted": "deleted"}
_NOT_DATA = {
    "harvest": "the portal’s own setting of a harvest",
    "showcase": "a showcase",
    "data-sharing-agreement": "an agreement, which comes from a register",
}
_KINDS = {"dataset": "dataset", "dataset_series": "dataset-series"}


def why_not_taken(package: Json) -> str | None:
    """Why a package does not belong into a public catalogue of data, in a few words; None where it does."""
    if _is_true(package.get("private")) and package.get("type") != DKAN_TYPE:
        return "private"
    if "is_organization" in package:
        return "an organisation" if package["is_organization"] else "a group"
    state = str(package.get("state") or "active")
    if state.casefold() != "active":
        return _NOT_OPEN.get(state.casefold(), f"not published: its state is “{state[:80]}”")
    return _NOT_DATA.get(str(package.get("type")))


def dataset_from_ckan(package: Json, provenance: Mapping[str, str] | None = None) -> FromSource:
    """One package in our form. `provenance` is what is known of the site (sourceAddress, sourceName).

    Nothing raises. A date that cannot be read is an error; whatever else cannot be read is a warning and kept under
    `extras` as it is.
    """
    whole, problems = with_extras(package, _HOUSEKEEPING)
    if "organization" not in whole and (owner := owner_of(package)):  # of DKAN
        whole |= {"organization": owner, "groups": [group for group in each(whole.get("groups")) if group != owner]}
    members = Members(whole, (), problems, [])
    for member in [member for member in members.rest if member in _HOUSEKEEPING or _COUNTERS.fullmatch(member)]:
        members.take(member)
    contact = contact_of(members)
    own_number, name = members.text("id"), members.text("name")
    document = with_stated(
        schemaVersion=DATASET_VERSION,
        kind=_kind(package, members),
        identifier=members.text("identifier") or own_number,
        title=members.plain("title") or name,
        description=members.plain("notes") or members.plain("description"),
        publisher=publisher_of(members),
        keyword=_keywords(members),
        rights=members.plain("rights"),
        licence=_licence(members),
        issued=members.date("issued"),
        version=members.text("version"),
        landingPage=_landing_page(members),
        page=members.addresses("documentation"),
        language=languages(members.texts("language")),
        conformsTo=members.texts("conforms_to"),
        isReferencedBy=members.addresses("is_referenced_by"),
        inSeries=members.texts("in_series"),
        legalBasis=[*members.texts("applicable_legislation"), *members.texts("mandate")],
        temporal=periods(members),
        spatial=places(members),
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


def _is_true(value: object) -> bool:
    return str(value).casefold() in {"true", "1", "yes"}


def _kind(package: Json, members: Members) -> str:
    said = str(package.get("type") or "dataset")
    if said == DKAN_TYPE:
        return "dataset"
    if said not in _KINDS:
        members.put_back("type", said, f"“{said[:80]}” is no type that is known here; it was read as a dataset.")
    return _KINDS.get(said, "dataset")


def _keywords(members: Members) -> list[str]:
    members.rest["tags"] = _shown(each(members.take("tags")))
    found = members.word_set("tags")
    if isinstance(members.rest.get("keywords"), dict):  # by languages, as opendata.swiss has them
        found = sorted({*found, *members.texts("keywords")}, key=lambda text: (text.casefold(), text))
    return found


def _licence(members: Members) -> str | None:
    """The licence's address, else its name where CKAN knows it only as “other …”, else its short name."""
    address, short, title = (members.text(f"license_{part}") for part in ("url", "id", "title"))
    if short == "notspecified":
        return None
    if address is None and short and title and licence_code(short) is None and not short.startswith("other"):
        members.rest["license_id"] = short  # a name of the portal’s own, which says nothing elsewhere
        return title
    return address or (title if short is None or short.startswith("other") else short) or short


def _landing_page(members: Members) -> str | None:
    page = members.address("landingPage")
    if page is None:
        return members.address("url")
    if members.rest.get("url") == page:
        members.take("url")
    return page


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
    for name in ("frequency", "accrualPeriodicity", "accrual_periodicity", "update_frequency", "frequency-of-update"):
        said = members.text(name)
        if said and (code := periodicity_code(said)):
            return code
        if said:
            members.put_back(name, said, f"“{said}” is no frequency that is known here.")
    return None


def _themes(members: Members) -> Json:
    stated_groups = each(members.take("groups"))
    ours = [code for group in stated_groups if (code := _our_theme(group))]
    others = [group for group in stated_groups if not _our_theme(group)]
    beside = [members.text(name) for name in ("theme-primary", "theme-secondary")]  # of data.gov.uk
    members.rest["theme"] = [*_shown(others), *each(members.take("theme")), *filter(None, beside)]
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
        item
        if not isinstance(item, dict)
        else shown(item.get("title")) or shown(item.get("display_name")) or item.get("name")
        for item in items
    ]
    return [name for name in names if name]


def _access(members: Members) -> Json:
    """Who may have it, where the record says so in DCAT-AP's or DCAT-US's words."""
    for name in ("access_rights", "accessLevel"):
        said = members.text(name)
        if said is None:
            continue
        if code := access_code(said):
            return {"accessRights": code}
        members.put_back(name, said, f"“{said}” is no level of access that is known here.")
    return {}


def _distributions(members: Members) -> list[Json]:
    stated = each(members.take("resources"))
    described = [item for _, item in groups(stated)]
    if len(described) < len(stated):
        members.warn("resources", "A resource is no group of fields; it was left out.")
    resources = [item for item in described if item.get("state") != "deleted"]
    if len(resources) < len(described):
        members.warn("resources", f"{len(described) - len(resources)} of the resources are deleted at the source.")
    resources.sort(key=lambda item: item["position"] if isinstance(item.get("position"), int) else 0)
    forms: list[Json] = []
    left: list[Json] = []
    for number, resource in enumerate(resources):
        inside = members.inside(resource, "resources", number)
        uploaded = resource.get("url_type") == "upload"
        for name in [name for name in inside.rest if name in _RESOURCE_HOUSEKEEPING or _COUNTERS.fullmatch(name)]:
            inside.take(name)
        form = _distribution(inside, uploaded=uploaded)
        if inside.rest:
            left.append({**inside.rest, "position": len(forms)})
        if form or inside.rest:
            forms.append(form)
    if left:
        members.rest["distribution"] = left
    return forms


def _distribution(inside: Members, *, uploaded: bool) -> Json:
    address = inside.address("url")
    return with_stated(
        identifier=inside.text("id"),
        title=inside.plain("name") or inside.plain("title"),
        description=inside.plain("description"),
        accessURL=inside.address("access_url") or address,
        downloadURL=inside.address("download_url") or (address if uploaded else None),
        mediaType=_media_type(inside),
        format=inside.text("format"),
        byteSize=inside.whole_number("size"),
        licence=inside.text("license"),
        rights=inside.plain("rights"),
        issued=inside.date("issued"),
        modified=inside.date("modified") or inside.date("last_modified"),
        language=languages(inside.texts("language")),
        conformsTo=inside.texts("conforms_to"),
        checksum=_checksum(inside),
        column=_columns(inside),
    )


def _media_type(inside: Members) -> str | None:
    said = inside.text("mimetype") or inside.text("media_type")
    return (media_type_name(said) or said) if said else None


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
    return {"algorithm": algorithm_name(algorithm), "value": value} if value and algorithm else None
