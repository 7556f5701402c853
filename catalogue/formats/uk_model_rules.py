"""The UK Cross-Government Metadata Exchange Model: what each of its classes may and must hold, and a check of records.

Written from the facts of the model's LinkML file. The verdict is the one of its official validator, closed: a field
that a class does not have is an error. Where the model wants an address (URI) or a short form of one (CURIE) that
validator takes any text; here what is none is a warning.
"""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from catalogue.formats.json_file import kind_of
from catalogue.formats.uk_organisations import uk_organisations
from catalogue.formats.uris import as_uri
from schemas.canonical import Json
from schemas.problems import Problem, pointer_to

DATA_SHARE_AGREEMENT = "DATA_SHARE_AGREEMENT"
"""The licence of data that is shared under an agreement only."""

ACCESS_RIGHTS = {"OPEN": "open", "COMMERCIAL": "restricted", "INTERNAL": "closed"}
"""The model's access rights, and our codes: both follow the EU's list (public, restricted, non-public)."""

FREQUENCIES = {
    "freq:triennial": "every-three-years",
    "freq:biennial": "every-two-years",
    "freq:annual": "annual",
    "freq:semiannual": "twice-yearly",
    "freq:threeTimesAYear": "three-times-a-year",
    "freq:quarterly": "quarterly",
    "freq:bimonthly": "every-two-months",
    "freq:monthly": "monthly",
    "freq:semimonthly": "twice-monthly",
    "freq:biweekly": "fortnightly",
    "freq:threeTimesAMonth": "three-times-a-month",
    "freq:weekly": "weekly",
    "freq:semiweekly": "twice-weekly",
    "freq:threeTimesAWeek": "three-times-a-week",
    "freq:daily": "daily",
    "freq:continuous": "continuous",
    "freq:irregular": "irregular",
}
"""The model's frequencies, and our codes."""

SECURITY_CLASSIFICATIONS = ("OFFICIAL", "SECRET", "TOP_SECRET", "NOT_APPLICABLE")
SERVICE_STATUSES = (*("DISCOVERY", "ALPHA", "BETA", "PRIVATE_BETA", "PUBLIC_BETA", "LIVE", "DEPRECATED", "WITHDRAWN"),)
SERVICE_TYPES = ("EVENT", "REST", "SOAP")

_DCAT = "http://www.w3.org/ns/dcat#"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CURIE = re.compile(r"[A-Za-z_][\w.-]*:[^\s/]\S*", re.ASCII)
_EMAIL = re.compile(r"\S+@[\S+.]+\S+")
_MEDIA_TYPE = re.compile(r"(?:application|audio|font|image|message|model|multipart|text|video)/\S+")
_SUMMARY = re.compile(r".{1,250}\n?")

Check = Callable[[object], str]
"""What is wrong with a value, in words; "" where nothing is."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a class: `check` tells what is wrong with a value, `advice` what to write instead."""

    check: Check
    advice: str
    required: bool = False
    many: bool = False
    address: bool = False


def _text(value: object) -> str:
    return "" if isinstance(value, str) else f"This is {kind_of(value)}; it must be text."


def _matching(matches: Callable[[str], object], wrong: str) -> Check:
    def check(value: object) -> str:
        if not isinstance(value, str):
            return _text(value)
        return "" if matches(value) else f"“{value[:80]}” is {wrong}."

    return check


def _one_of(values: Mapping[str, object] | tuple[str, ...], wrong: str) -> Check:
    def check(value: object) -> str:
        if not isinstance(value, str):
            return _text(value)
        return "" if value in values else f"“{value[:80]}” is {wrong}."

    return check


def _date(value: object) -> str:
    if not isinstance(value, str):
        return _text(value)
    try:
        fits = _DATE.fullmatch(value) is not None and bool(dt.date.fromisoformat(value))
    except ValueError:
        fits = False
    return "" if fits else f"“{value[:80]}” is not a day."


def _uri(value: object) -> str:
    if not isinstance(value, str):
        return _text(value)
    return "" if as_uri(value) == value else f"“{value[:80]}” is not an address (URI)."


def _size(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"This is {kind_of(value)}; it must be a whole number."
    return "" if value >= 1 and value == int(value) else f"{value} is not a whole number of at least 1."


def _organisation(value: object) -> str:
    if not isinstance(value, str):
        return _text(value)
    return "" if value in uk_organisations() else f"“{value[:80]}” is not a code of an organisation on GOV.UK."


def _one(check: Check, advice: str, *, required: bool = False, address: bool = False) -> Field:
    return Field(check, advice, required=required, address=address)


def _list(check: Check, advice: str, *, required: bool = False, address: bool = False) -> Field:
    return Field(check, advice, required=required, many=True, address=address)


def _type(name: str) -> Field:
    values = (f"dcat:{name}", f"{_DCAT}{name}")
    return _one(_one_of(values, f"not the type of a {name}"), f"Write {values[0]}.", required=True)


_WORDS = "Write text; put what looks like a number in quotation marks."
_DAY = "Write it as YYYY-MM-DD."
_ADDRESS = "Write an address (URI), or its short form with a prefix."
_CODE = "Write the last part of its address https://www.gov.uk/government/organisations/…"
_RIGHTS = _one(_one_of(ACCESS_RIGHTS, "not a right of access"), f"Write one of: {', '.join(ACCESS_RIGHTS)}.")
_LICENCE = _one(_text, f"Write the licence’s address, or {DATA_SHARE_AGREEMENT}.", required=True)
_IDENTIFIER = _one(_text, _ADDRESS, required=True, address=True)
_TITLE = _one(_text, _WORDS, required=True)

CONTACT_FIELDS: Mapping[str, Field] = {
    "contactName": _one(_text, "Name the team to write to.", required=True),
    "email": _one(_matching(_EMAIL.match, "not an e-mail address"), "Write one mailbox: name@host.", required=True),
    "telephone": _one(_text, _WORDS),
    "address": _one(_text, _WORDS),
}


def _contact(value: object) -> str:
    return "" if isinstance(value, dict) else f"This is {kind_of(value)}; it must be a group of fields."


_RESOURCE: Mapping[str, Field] = {
    "identifier": _IDENTIFIER,
    "title": _TITLE,
    "alternativeTitle": _list(_text, _WORDS),
    "summary": _one(_matching(_SUMMARY.fullmatch, "not one line of 1 to 250 characters"), "Write one line."),
    "description": _one(_text, _WORDS, required=True),
    "keyword": _list(_text, _WORDS),
    "theme": _list(_text, _ADDRESS, address=True),
    "licence": _LICENCE,
    "version": _one(_text, _WORDS, required=True),
    "accessRights": Field(_RIGHTS.check, _RIGHTS.advice, required=True),
    "securityClassification": _one(
        _one_of(SECURITY_CLASSIFICATIONS, "not a security classification"),
        f"Write one of: {', '.join(SECURITY_CLASSIFICATIONS)}.",
        required=True,
    ),
    "created": _one(_date, _DAY),
    "issued": _one(_date, _DAY),
    "modified": _one(_date, _DAY, required=True),
    "contactPoint": _one(_contact, "Give contactName and email.", required=True),
    "creator": _list(_organisation, _CODE, required=True),
    "publisher": _one(_organisation, _CODE, required=True),
    "relatedResource": _list(_text, _ADDRESS, address=True),
}

CLASSES: Mapping[str, Mapping[str, Field]] = {
    "Dataset": {
        "type": _type("Dataset"),
        **_RESOURCE,
        "updateFrequency": _one(
            _one_of(FREQUENCIES, "not a frequency of the Dublin Core list"),
            f"Write one of: {', '.join(FREQUENCIES)}.",
            required=True,
        ),
        "distribution": _list(_text, "Name each distribution by its identifier.", address=True),
    },
    "DataService": {
        "type": _type("DataService"),
        **_RESOURCE,
        "endpointDescription": _one(_text, _ADDRESS, required=True, address=True),
        "endpointURL": _one(_uri, "Write a whole address."),
        "servesData": _list(_text, _ADDRESS, address=True),
        "serviceStatus": _one(
            _one_of(SERVICE_STATUSES, "not a status of a service"),
            f"Write one of: {', '.join(SERVICE_STATUSES)}.",
            required=True,
        ),
        "serviceType": _one(
            _one_of(SERVICE_TYPES, "not a type of service"), f"Write one of: {', '.join(SERVICE_TYPES)}.", required=True
        ),
    },
    "Distribution": {
        "type": _type("Distribution"),
        "identifier": _IDENTIFIER,
        "title": _TITLE,
        "description": _one(_text, _WORDS),
        "licence": _LICENCE,
        "accessRights": _RIGHTS,
        "accessService": _list(_text, _ADDRESS, address=True),
        "byteSize": _one(_size, "Write the number of bytes."),
        "downloadURL": _one(_uri, "Write a whole address."),
        "issued": _one(_date, _DAY),
        "modified": _one(_date, _DAY),
        "mediaType": _one(
            _matching(_MEDIA_TYPE.match, "not an IANA media type"), "Write it as text/csv.", required=True
        ),
    },
    "ContactPoint": CONTACT_FIELDS,
}
"""The fields of each class."""


def is_address(text: str) -> bool:
    """Whether a text is what the model calls an address: a URI, or a CURIE (prefix:name)."""
    return as_uri(text) == text or _CURIE.fullmatch(text) is not None


def check_uk_model(record: object, class_name: str) -> list[Problem]:
    """Every problem of a record with its class, in the order of the class's fields, each naming its field.

    Errors are what the model's official validator refuses; warnings are addresses that are none.
    """
    if not isinstance(record, dict):
        return [Problem("", f"This is {kind_of(record)}; a {class_name} must be a group of fields.")]
    return list(_problems(record, CLASSES[class_name], f"a {class_name}", ()))


def _problems(record: Json, fields: Mapping[str, Field], what: str, path: tuple[str, ...]) -> Iterator[Problem]:
    for name, field in fields.items():
        if name in record and not (record[name] is None and not field.required):
            yield from _wrong_with(record[name], field, (*path, name), name)
        elif field.required and name not in record:
            pointer = pointer_to((*path, name))
            yield Problem(
                pointer, f"“{name}” is missing, which the model requires of {what}.", field.advice, title=name
            )
    for name in record:
        if name not in fields:
            near = difflib.get_close_matches(name[:100], list(fields), n=1, cutoff=0.6)
            advice = f"Did you mean “{near[0]}”?" if near else f"Its fields are: {', '.join(fields)}."
            message = f"The model has no field “{name[:80]}” of {what}."
            yield Problem(pointer_to((*path, name)), message, advice, title=name[:80])


def _wrong_with(value: object, field: Field, path: tuple[str | int, ...], name: str) -> Iterator[Problem]:
    pointer = pointer_to(path)
    if field.many:
        if not isinstance(value, list):
            yield Problem(
                pointer, f"This is {kind_of(value)}; it must be a list.", "Write each on a line: - …", title=name
            )
            return
        for position, item in enumerate(value):
            yield from _item_problems(item, field, (*path, position), name)
    elif isinstance(value, list):
        yield Problem(pointer, f"This is a list; “{name}” takes one value.", field.advice, title=name)
    else:
        yield from _item_problems(value, field, path, name)
        if field.check is _contact and isinstance(value, dict):
            yield from _problems(value, CONTACT_FIELDS, "a ContactPoint", (str(path[-1]),))


def _item_problems(value: object, field: Field, path: tuple[str | int, ...], name: str) -> Iterator[Problem]:
    wrong = field.check(value)
    if wrong:
        yield Problem(pointer_to(path), wrong, field.advice, title=name)
    elif field.address and isinstance(value, str) and not is_address(value):
        message = f"“{value[:80]}” is not an address (URI) and no short form of one."
        yield Problem(pointer_to(path), message, field.advice, title=name, severity="warning")
