"""What DCAT-US 1.1 lets each member hold, as facts from its JSON Schemas (dataset, distribution, vcard, catalog).

The rules here are as strict as those schemas or stricter, never looser: what passes is valid there.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from catalogue.formats.uris import as_uri

_DATE = (
    r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])"
    r"(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?)?)?"
)
_NUMBER = r"\d+(?:\.\d+)?"
_DURATION = (
    rf"P(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?"
)
_REPEATING = r"(?:R\d*/)?"
_REDACTED = re.compile(r"\[\[REDACTED.*\]\]")
_LANGUAGE = r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
_MEDIA_TYPE = r"[-A-Za-z0-9_]+/[-A-Za-z0-9_]+(?:\.[-A-Za-z0-9_]+)*(?:\+[-A-Za-z0-9_]+)?"
_EMAIL = r"mailto:[-A-Za-z0-9_~!$&'()*+,;=:.]+@[-A-Za-z0-9_.]+\.[-A-Za-z0-9_.]+"

LONGEST_DESCRIPTION = 10_000
LONGEST_RIGHTS = 255
MOST_ITEMS = 1_000


class Rule(NamedTuple):
    """What a member may hold: `holds` tells, `wanted` says it in words. With `many`, the rule is about each item."""

    holds: Callable[[object], bool]
    wanted: str
    many: bool = False


def _text(most: int | None = None) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and bool(value) and (most is None or len(value) <= most)


def _like(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _or_redacted(holds: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: holds(value) or (isinstance(value, str) and _REDACTED.fullmatch(value) is not None)


def is_uri(value: object) -> bool:
    """Whether a value is an absolute address that RFC 3986 allows."""
    return isinstance(value, str) and as_uri(value) == value


def _is_organisation(value: object) -> bool:
    if not isinstance(value, dict) or not _text()(value.get("name")):
        return False
    above = value.get("subOrganizationOf")
    fits = value.get("@type", "org:Organization") == "org:Organization"
    return fits and ("subOrganizationOf" not in value or _is_organisation(above))


def _is_contact(value: object) -> bool:
    return (
        isinstance(value, dict)
        and _text()(value.get("fn"))
        and is_mailbox(value.get("hasEmail"))
        and value.get("@type", "vcard:Contact") == "vcard:Contact"
    )


def _is_place(value: object) -> bool:
    """Text, or a shape whose coordinates are a list of positions: the schema takes no deeper one."""
    if isinstance(value, str):
        return bool(value)
    if not isinstance(value, dict) or not isinstance(value.get("type", ""), str):
        return False
    return "coordinates" not in value or _are_positions(value["coordinates"])


def _are_positions(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, list) and all(isinstance(part, int | float) and not isinstance(part, bool) for part in item)
        for item in value
    )


is_mailbox = _or_redacted(_like(_EMAIL))
"""Whether a value is `mailto:` and an address in the letters that DCAT-US takes."""

is_media_type = _like(_MEDIA_TYPE)
is_date = _like(_DATE)
is_language = _like(_LANGUAGE)

_ADDRESS = Rule(_or_redacted(is_uri), "an address (URI)")
_WORDS = Rule(_text(), "text")
_MEDIA = Rule(_or_redacted(is_media_type), "an IANA media type")

DATASET_RULES: Mapping[str, Rule] = {
    "title": _WORDS,
    "description": Rule(_text(LONGEST_DESCRIPTION), f"text of at most {LONGEST_DESCRIPTION:,} characters"),
    "keyword": Rule(_text(1_000), "text of at most 1,000 characters", many=True),
    "modified": Rule(
        _or_redacted(_like(rf"{_DATE}|{_REPEATING}{_DURATION}|{_REPEATING}{_DATE}/{_DURATION}")),
        "an ISO 8601 date, duration or repeating interval",
    ),
    "publisher": Rule(_is_organisation, "an organisation with a name"),
    "contactPoint": Rule(_is_contact, "a contact with a name and an e-mail address"),
    "identifier": _WORDS,
    "accessLevel": Rule(lambda value: value in ("public", "restricted public", "non-public"), "a level of access"),
    "rights": Rule(_text(LONGEST_RIGHTS), f"text of at most {LONGEST_RIGHTS} characters"),
    "accrualPeriodicity": Rule(
        _or_redacted(_like(rf"irregular|R/{_DURATION}")), "“irregular” or an ISO 8601 repeating interval"
    ),
    "bureauCode": Rule(_like(r"\d{3}:\d{2}"), "a code such as 015:11", many=True),
    "programCode": Rule(_like(r"\d{3}:\d{3}"), "a code such as 015:001", many=True),
    "conformsTo": _ADDRESS,
    "dataQuality": Rule(_or_redacted(lambda value: isinstance(value, bool)), "true or false"),
    "describedBy": _ADDRESS,
    "describedByType": _MEDIA,
    "issued": Rule(_or_redacted(_like(_DATE)), "an ISO 8601 date"),
    "landingPage": _ADDRESS,
    "language": Rule(is_language, "a language code (RFC 5646)", many=True),
    "license": _ADDRESS,
    "primaryITInvestmentUII": Rule(_or_redacted(_like(r"\d{3}-\d{9}")), "a code such as 123-123456789"),
    "references": Rule(_ADDRESS.holds, "an address (URI)", many=True),
    "spatial": Rule(_is_place, "text, or a shape made of positions"),
    "systemOfRecords": _WORDS,
    "temporal": Rule(
        _or_redacted(_like(rf"{_DATE}/{_DATE}|{_REPEATING}{_DATE}/{_DURATION}|{_REPEATING}{_DURATION}/{_DATE}")),
        "a start and an end",
    ),
    "isPartOf": _WORDS,
    "theme": Rule(_text(), "text", many=True),
}
"""Members of a dataset. `distribution` has rules of its own; what is not named here may hold anything."""

DISTRIBUTION_RULES: Mapping[str, Rule] = {
    "downloadURL": _ADDRESS,
    "accessURL": _ADDRESS,
    "mediaType": _MEDIA,
    "format": _WORDS,
    "description": Rule(_text(LONGEST_DESCRIPTION), f"text of at most {LONGEST_DESCRIPTION:,} characters"),
    "title": _WORDS,
    "conformsTo": _ADDRESS,
    "describedBy": _ADDRESS,
    "describedByType": _MEDIA,
}
