"""DCAT-US 1.1 (`data.json`): one dataset written in it, valid. `data_json` is its counterpart.

Each member has candidates: what the document states and what the source stated beside it (`extras`). The first that
the standard takes is written; of lists, every item that it takes.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from catalogue.formats.access_levels import ACCESS_LEVELS
from catalogue.formats.converted import STAND_IN, Losses, Written
from catalogue.formats.data_json_distributions import distributions
from catalogue.formats.data_json_rules import (
    DATASET_RULES,
    LONGEST_DESCRIPTION,
    MOST_ITEMS,
    Rule,
    is_mailbox,
)
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.members import with_stated
from catalogue.formats.periodicity import periodicity_interval
from catalogue.formats.periods import write_period
from catalogue.formats.places import write_place
from catalogue.formats.themes import theme_codes
from catalogue.formats.uris import as_uri
from catalogue.licences import licence_code
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.codelists import codelist, title_of
from schemas.problems import pointer_to

FORMAT = "DCAT-US 1.1"

_ACCESS_LEVEL_OF = {code: level for level, code in ACCESS_LEVELS.items()}
_CARRIED = (
    *("identifier", "title", "description", "keyword", "issued", "modified", "rights", "landingPage", "language"),
    *("describedBy", "describedByType", "accessRights", "accrualPeriodicity", "conformsTo", "contactPoint"),
    *("distribution", "extras", "inSeries", "kind", "licence", "page", "provenance", "publisher", "schemaVersion"),
    *("sourceTheme", "spatial", "temporal", "theme"),
)
_NOT_FROM_EXTRAS = ("@type", "@context", "contactPoint", "distribution")
_SOURCE_FIRST = ("modified", "accrualPeriodicity", "temporal", "spatial")
"""Where the source's own words say more than what was read of them."""

_REQUIRED = ("title", "keyword", "modified", "publisher", "contactPoint", "identifier", "accessLevel")
_IN_OUR_WORDS = {"accessLevel": "who may have it", "modified": "when the data last changed", "keyword": "keywords"}
_ADDRESSES = ("landingPage", "describedBy", "license", "conformsTo")


class _Candidate(NamedTuple):
    value: Any
    pointer: str


def dataset_to_data_json(record: DatasetRecord) -> Written[Json]:
    """A dataset as DCAT-US 1.1 has it, valid against its schema, or left out where it cannot be.

    It is valid against the federal schema where the source stated both a bureau and a programme code, else against
    the one for others. The problems name all that the format has no place for, and what it requires.
    """
    losses = Losses(FORMAT)
    document = record.document
    losses.rest_lost(document, _CARRIED)
    if document.get("kind", "dataset") != "dataset":
        losses.lost("kind", f"{FORMAT} knows datasets only; this is written as one.")
    extras: Json = document.get("extras", {})
    stated = _stated(record, losses)
    node: Json = {"@type": "dcat:Dataset"}
    for name in dict.fromkeys((*DATASET_RULES, *extras)):
        candidates = [_Candidate(*stated[name])] if name in stated else []
        if name in extras and name not in _NOT_FROM_EXTRAS:
            told = _Candidate(extras[name], pointer_to(("extras", name)))
            candidates = [told, *candidates] if name in _SOURCE_FIRST else [*candidates, told]
        _write(node, name, candidates, losses)
    forms = distributions(document.get("distribution", []), extras.get("distribution", []), losses)
    node |= with_stated(distribution=forms)
    for name in _REQUIRED:
        if name not in node:
            what = _IN_OUR_WORDS.get(name, f"“{name}”")
            losses.refused(f"{FORMAT} requires {what}, which the record does not state as the format wants it.")
    return losses.written(node)


def _stated(record: DatasetRecord, losses: Losses) -> dict[str, tuple[Any, str]]:
    """What the document states, in the format's words, with a pointer to where it says so."""
    document = record.document
    same = ("title", "keyword", "issued", "modified", "rights", "language", "describedByType")
    found: dict[str, tuple[Any, str]] = {name: (document[name], f"/{name}") for name in same if name in document}
    values = {
        ("description", "description"): _description(document, losses),
        ("identifier", "identifier"): _identifier(record, losses),
        ("accessLevel", "accessRights"): _ACCESS_LEVEL_OF.get(document.get("accessRights", "")),
        ("contactPoint", "contactPoint"): _contact_point(record, losses),
        ("publisher", "publisher"): _publisher(record),
        ("license", "licence"): _licence(document, losses),
        ("landingPage", "landingPage"): _uri(document, "landingPage", losses),
        ("describedBy", "describedBy"): _uri(document, "describedBy", losses),
        ("theme", "sourceTheme" if "sourceTheme" in document else "theme"): _themes(document, losses),
        ("references", "page"): _references(record, losses),
        ("conformsTo", "conformsTo"): _only(document, "conformsTo", losses),
        ("isPartOf", "inSeries"): _only(document, "inSeries", losses),
        ("temporal", "temporal"): _first(document, "temporal", losses),
        ("spatial", "spatial"): _first(document, "spatial", losses),
    }
    for (name, ours), value in values.items():
        if value:
            found[name] = (value, f"/{ours}")
    _add_rhythm(found, document, losses)
    return found


def _write(node: Json, name: str, candidates: list[_Candidate], losses: Losses) -> None:
    """Write the first candidate that fits, or all items that fit; what does not is told."""
    rule = DATASET_RULES.get(name)
    if rule is not None and rule.many:
        items = list(_fitting(candidates, rule, losses))
        if items:
            node[name] = items
        return
    for value, pointer in candidates:
        fits = _fitted(name, value)
        if name in node:
            if name not in _SOURCE_FIRST and not _merged(node, name, value):
                losses.at(pointer, f"{FORMAT} takes one value for “{name}”; this one was left out.")
        elif fits is None:
            wanted = rule.wanted if rule else "another value"
            losses.at(pointer, f"{FORMAT} wants {wanted} here; {_shown(value)} was left out.")
        else:
            node[name] = fits
            if fits != value:
                losses.at(pointer, f"{FORMAT} takes no such value for “{name}”; it was written as text.")


def _fitted(name: str, value: object) -> Any:  # noqa: ANN401 - any JSON value
    """The value as the format takes it; None where it takes none like it."""
    if name in _NOT_FROM_EXTRAS[:2]:
        return None
    rule = DATASET_RULES.get(name)
    if rule is None or rule.holds(value):
        return value
    if name == "spatial" and isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return None


def _merged(node: Json, name: str, value: object) -> bool:
    """Whether what the source said beside it could be added to what is written."""
    if name != "publisher" or not isinstance(value, dict):
        return False
    node[name] = {**{key: item for key, item in value.items() if key != "@type"}, **node[name]}
    return True


def _fitting(candidates: list[_Candidate], rule: Rule, losses: Losses) -> Iterator[Any]:
    seen: set[str] = set()
    for value, pointer in candidates:
        items = value if isinstance(value, list) else [value]
        for position, item in enumerate(items):
            place = f"{pointer}/{position}" if isinstance(value, list) else pointer
            if not rule.holds(item):
                losses.at(place, f"{FORMAT} wants {rule.wanted} here; {_shown(item)} was left out.")
            elif len(seen) == MOST_ITEMS:
                losses.at(place, f"{FORMAT} takes at most {MOST_ITEMS:,} values here; this was left out.")
            elif item not in seen:
                seen.add(item)
                yield item


def _shown(value: object) -> str:
    if not isinstance(value, str):
        return "this"
    return f"“{value}”" if len(value) <= 80 else f"“{value[:79]}…”"


def _description(document: Json, losses: Losses) -> str:
    text = document.get("description")
    if not text:
        losses.stand_in("description")
        return STAND_IN
    if len(text) > LONGEST_DESCRIPTION:
        losses.lost("description", f"{FORMAT} takes {LONGEST_DESCRIPTION:,} characters; the rest was cut off.")
        return str(text[: LONGEST_DESCRIPTION - 1]) + "…"
    return str(text)


def _identifier(record: DatasetRecord, losses: Losses) -> str:
    stated = record.document.get("identifier")
    if not stated:
        losses.lost("identifier", "The record has no identifier of its own; its address here stands there.")
    return str(stated or record.address)


def _contact_point(record: DatasetRecord, losses: Losses) -> Json | None:
    """The contact; None where it has no mailbox, which the format requires."""
    contact = record.contact
    if "address" in contact:
        losses.lost("contactPoint", f"{FORMAT} has no place for the contact’s postal address.")
    email = contact.get("email")
    if email is None or not is_mailbox(f"mailto:{email}"):
        return None
    stated = with_stated(
        fn=contact.get("name") or email, hasEmail=f"mailto:{email}", hasTelephone=contact.get("telephone")
    )
    return {"@type": "vcard:Contact", **stated}


def _publisher(record: DatasetRecord) -> Json | None:
    stated: Json = record.document.get("publisher") or (
        {"name": record.publisher.name} if record.publisher is not None else {}
    )
    body: Json | None = None
    for name in reversed([stated["name"], *stated.get("partOf", ())] if stated else []):
        body = {"@type": "org:Organization", **with_stated(name=name, subOrganizationOf=body)}
    return body


def _licence(document: Json, losses: Losses) -> str | None:
    """The licence's address: as it stands there, or the one that our list has for its name."""
    licence = document.get("licence")
    if licence is None or is_web_address(licence):
        return _uri(document, "licence", losses)
    code = licence_code(licence)
    known = codelist("licence")[code].same_as if code else ""
    if known:
        losses.lost("licence", f"{FORMAT} wants the licence’s address; that of “{licence}” was written.")
    return known or str(licence)


def _uri(document: Json, name: str, losses: Losses) -> str | None:
    text = document.get(name)
    if text is None:
        return None
    uri = as_uri(text)
    if uri is not None and uri != text:
        losses.lost(name, f"{FORMAT} wants a URI (RFC 3986); this address was percent-encoded.")
    return uri or str(text)


def _references(record: DatasetRecord, losses: Losses) -> list[str]:
    """Its documentation, and the agreements that refer to it: related documents both."""
    written = []
    for position, page in enumerate(record.document.get("page", ())):
        uri = as_uri(page)
        if uri is not None and uri != page:
            losses.at(f"/page/{position}", f"{FORMAT} wants a URI (RFC 3986); this address was percent-encoded.")
        written.append(uri or page)
    return [*written, *(one.address for one in record.references)]


def _themes(document: Json, losses: Losses) -> list[str]:
    """The source's themes and, where these do not say them, ours by their titles."""
    stated = document.get("sourceTheme", [])
    ours = [code for code in document.get("theme", ()) if code not in theme_codes(stated)]
    if stated and ours:
        losses.at("/theme", f"{FORMAT} has one list of themes; our own stand in it by their titles.")
    return [*stated, *(title_of("theme", code) for code in ours)]


def _only(document: Json, name: str, losses: Losses) -> str | None:
    """The first of several values, where the format takes one."""
    values = document.get(name, [])
    if len(values) > 1:
        losses.lost(name, f"{FORMAT} takes one value for “{name}”; {len(values) - 1} more were left out.")
    if not values:
        return None
    text = str(values[0])
    return (as_uri(text) or text) if name in _ADDRESSES else text


def _first(document: Json, name: str, losses: Losses) -> str | None:
    """The first period or place that the format can say."""
    write = write_period if name == "temporal" else write_place
    texts = [text for item in document.get(name, ()) if (text := write(item))]
    fitting = [text for text in texts if DATASET_RULES[name].holds(text)] or texts
    if len(texts) > 1 and name not in document.get("extras", {}):  # where the source's own words are not written
        losses.lost(name, f"{FORMAT} takes one value for “{name}”; {len(texts) - 1} more were left out.")
    return fitting[0] if fitting else None


def _add_rhythm(found: dict[str, tuple[Any, str]], document: Json, losses: Losses) -> None:
    """How often it is updated, which is also DCAT-US 1.1's way to fill `modified` where no date is known."""
    code = document.get("accrualPeriodicity")
    if code is None:
        return
    interval = periodicity_interval(code)
    if interval is None:
        losses.lost("accrualPeriodicity", f"{FORMAT} cannot say “{title_of('accrual-periodicity', code)}”.")
        return
    found["accrualPeriodicity"] = (interval, "/accrualPeriodicity")
    if "modified" not in found and interval.startswith("R/"):
        found["modified"] = (interval, "/accrualPeriodicity")
