"""DCAT-US 1.1 (`data.json`): one dataset written in it. `data_json` is its counterpart."""

from collections.abc import Callable, Mapping

from catalogue.formats.converted import Losses, ToFormat
from catalogue.formats.data_json import ACCESS_LEVELS
from catalogue.formats.members import with_stated
from catalogue.formats.periodicity import periodicity_interval
from catalogue.formats.periods import write_period
from catalogue.formats.places import write_place
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.codelists import title_of

_ACCESS_LEVEL_OF = {code: level for level, code in ACCESS_LEVELS.items()}
_SAME_NAME = (
    *("identifier", "title", "description", "keyword", "issued", "modified", "rights", "landingPage", "language"),
    *("describedBy", "describedByType"),
)
_CARRIED = (
    *_SAME_NAME,
    *("accessRights", "accrualPeriodicity", "conformsTo", "contactPoint", "distribution", "extras", "inSeries", "kind"),
    *("licence", "page", "provenance", "publisher", "schemaVersion", "sourceTheme", "spatial", "temporal", "theme"),
)
_FORM_NAMES = {"licence": "license"}
_REQUIRED = ("title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier", "accessLevel")


def dataset_to_data_json(document: Json, contact: Mapping[str, str] | None = None) -> ToFormat:
    """A document as DCAT-US 1.1 has it. `contact` (name, email, telephone) is what may be told of its contact.

    The warnings name all that the format has no place for, and what it requires and the document does not state.
    Nothing is made up to fill it.
    """
    losses = Losses("DCAT-US 1.1")
    losses.rest_lost(document, _CARRIED)
    extras = document.get("extras", {})
    record: Json = {"@type": "dcat:Dataset"}
    record |= {name: document[name] for name in _SAME_NAME if name in document}
    record |= with_stated(
        accessLevel=_ACCESS_LEVEL_OF.get(document.get("accessRights", "")),
        contactPoint=_contact_point(document, contact or {}, losses),
        publisher=_publisher(document),
        license=_licence(document, losses),
        theme=document.get("sourceTheme") or [title_of("theme", code) for code in document.get("theme", ())],
        references=document.get("page"),
        conformsTo=_only(document, "conformsTo", losses),
        isPartOf=_only(document, "inSeries", losses),
        distribution=[_distribution(form, losses) for form in document.get("distribution", ())],
    )
    if document.get("kind", "dataset") != "dataset":
        losses.lost("kind", "DCAT-US 1.1 knows datasets only; this is written as one.")
    record |= _rhythm(document, losses)
    if "temporal" not in extras:
        record |= _coverage(document, "temporal", write_period, losses)
    if "spatial" not in extras:
        record |= _coverage(document, "spatial", write_place, losses)
    _write_back(record, extras)
    for name in _REQUIRED:
        if name not in record:
            losses.lost(name, f"DCAT-US 1.1 requires “{name}”, which the record does not state.")
    return ToFormat(record, tuple(losses.problems))


def _contact_point(document: Json, contact: Mapping[str, str], losses: Losses) -> Json | None:
    email = contact.get("email")
    stated = with_stated(
        fn=contact.get("name") or email,
        hasEmail=f"mailto:{email}" if email else None,
        hasTelephone=contact.get("telephone"),
    )
    if "address" in contact:
        losses.lost("contactPoint", "DCAT-US 1.1 has no place for the contact’s postal address.")
    if not stated:
        if "contactPoint" in document:
            losses.lost("contactPoint", "The contact was not handed over; it was left out.")
        return None
    return {"@type": "vcard:Contact", **stated}


def _publisher(document: Json) -> Json | None:
    publisher = document.get("publisher")
    if publisher is None:
        return None
    body: Json | None = None
    for name in reversed([publisher["name"], *publisher.get("partOf", ())]):
        body = {"@type": "org:Organization", **with_stated(name=name, subOrganizationOf=body)}
    return body


def _licence(document: Json, losses: Losses) -> str | None:
    licence = document.get("licence")
    if licence is None:
        return None
    if not is_web_address(licence):
        losses.lost("licence", f"DCAT-US 1.1 wants the licence’s address; the record has its name, “{licence}”.")
    return str(licence)


def _only(document: Json, name: str, losses: Losses) -> str | None:
    """The first of several values, where the format takes one."""
    values = document.get(name, [])
    if len(values) > 1:
        losses.lost(name, f"DCAT-US 1.1 takes one value for “{name}”; {len(values) - 1} more were left out.")
    return values[0] if values else None


def _rhythm(document: Json, losses: Losses) -> Json:
    """How often it is updated, which is also DCAT-US 1.1's way to fill `modified` where no date is known."""
    code = document.get("accrualPeriodicity")
    if code is None:
        return {}
    interval = periodicity_interval(code)
    if interval is None:
        losses.lost("accrualPeriodicity", f"DCAT-US 1.1 cannot say “{title_of('accrual-periodicity', code)}”.")
        return {}
    stated = {"accrualPeriodicity": interval}
    if "modified" not in document and interval.startswith("R/"):
        stated["modified"] = interval
    return stated


def _coverage(document: Json, name: str, write: Callable[[Json], str | None], losses: Losses) -> Json:
    written = [text for item in document.get(name, ()) if (text := write(item))]
    if len(written) > 1:
        losses.lost(name, f"DCAT-US 1.1 takes one value for “{name}”; {len(written) - 1} more were left out.")
    return {name: written[0]} if written else {}


def _distribution(form: Json, losses: Losses) -> Json:
    written: Json = {"@type": "dcat:Distribution"}
    for name, value in form.items():
        if name == "checksum":
            losses.lost("distribution", "DCAT-US 1.1 has no place for a checksum; it was left out.")
        else:
            written[_FORM_NAMES.get(name, name)] = value
    return written


def _write_back(record: Json, extras: Json) -> None:
    """Put the source's other statements where they came from."""
    for name, value in extras.items():
        held = record.get(name)
        if name == "distribution" and isinstance(value, list):
            _write_back_forms(record, value)
        elif isinstance(held, dict) and isinstance(value, dict):
            record[name] = {**value, **held}
        elif isinstance(held, list) and isinstance(value, list):
            record[name] = [*held, *value]
        elif held is None or name in {"modified", "accrualPeriodicity"}:
            record[name] = value


def _write_back_forms(record: Json, left: list[Json]) -> None:
    forms = record.setdefault("distribution", [])
    for item in left:
        rest, position = item.get("members", {}), item.get("position")
        if isinstance(position, int) and position < len(forms):
            forms[position] |= {name: value for name, value in rest.items() if name not in forms[position]}
        elif rest:
            forms.append({"@type": "dcat:Distribution", **rest})
    if not forms:
        del record["distribution"]
