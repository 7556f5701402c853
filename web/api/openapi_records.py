"""What is sent to the register, in the description of the API: the published schemas, as OpenAPI can hold them.

The schemas of agreements and events have definitions of their own, codelists, and formats that only this register
knows. Here each definition is a named shape, each codelist the enumeration of its codes, and each format what plain
JSON Schema can say of it: a program can make and check a record by the description of the API alone.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from register.lifecycle.rules import RULES
from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.contract import load_event
from schemas.profiles import load_profile
from web.api.openapi_parts import BLANKS, MOMENT, SIGN, YEAR_OR_MONTH, closed_object, shape_named

RECORD = "AgreementRecord"
"""The shape of a deal, whoever states it."""

NEW_RECORD = "NewAgreementRecord"
"""The shape of what an official hands in: a deal with all that the profile `complete` asks for in every case."""

REVISION: Json = {
    "type": "integer",
    "minimum": 1,
    "maximum": 1_000_000_000,
    "description": "The revision that was read.",
}

_FILLED_IN = "party"
"""What the register fills in with the party that acts."""

_MUST_CHANGE = frozenset({"amendment-proposed", "corrected"})
_MAY_CHANGE = frozenset({"amended", "signed"})
"""The events that come with the changed deal: always, or where it is not there yet."""

_ANY_SIGN = "\\S"
"""How the schemas say that a text is not empty. What is invisible is taken out of it before it is asked."""

_ANNOTATIONS = ("x-", "$schema", "$id", "$defs")

_FORMATS: Mapping[str, Json] = {
    "partial-date": {
        "anyOf": [
            {"format": "date"},
            MOMENT,
            {"pattern": f"^{YEAR_OR_MONTH}$"},
        ]
    },
    "web-address": {
        "pattern": f"^[Hh][Tt][Tt][Pp][Ss]?://[^{BLANKS}/?#@:\\[\\]]+(:[1-9][0-9]{{0,3}})?([/?#][^{BLANKS}]*)?$"
    },
    "email": {"format": "email", "pattern": f'^[^{BLANKS}@,;<>"]+@[^{BLANKS}@,;<>"]+[.][^{BLANKS}@,;<>".]+$'},
    "duration": {
        "pattern": "^P([0-9]+Y([0-9]+M)?([0-9]+W)?([0-9]+D)?|[0-9]+M([0-9]+W)?([0-9]+D)?|[0-9]+W([0-9]+D)?|[0-9]+D)"
        "(T([0-9]+H([0-9]+M)?([0-9]+S)?|[0-9]+M([0-9]+S)?|[0-9]+S))?$"
    },
}
"""What is said of each format; of lengths of time those that have a part of a day alone (PT12H) are left out."""


@cache
def record_shapes() -> Json:
    """The named shapes: a record as it is sent, what each event says, and what both are made of."""
    agreement = load_schema("agreement", AGREEMENT_VERSION)
    shapes: Json = {}
    record = _with_definitions(agreement, RECORD, shapes)
    record["required"] = [name for name in record["required"] if name != "id"]
    shapes[RECORD] = {**record, "description": f"{record['description']} {_NUMBERED}"}
    shapes[NEW_RECORD] = _new_record()
    for event in sorted(RULES):
        schema = load_event(event, AGREEMENT_VERSION)
        said = _with_definitions(schema, _details_name(event), shapes, shared=agreement["$defs"])
        said["required"] = [name for name in said.get("required", []) if name != _FILLED_IN]
        shapes[_details_name(event)] = said
    return shapes


_NUMBERED = "Its `id` is left out of what has no number yet. The record may also be in an older version, in its shape."


def event_body() -> Json:
    """What is sent to bring an event about: one shape for each event."""
    return {"anyOf": [_one_event(event) for event in sorted(RULES)]}


def draft_body() -> Json:
    """What is sent to save a draft; `onRevision` is for one that is there."""
    return closed_object(["document"], document=shape_named(NEW_RECORD), onRevision=REVISION)


def new_draft_body() -> Json:
    """What is sent to save a new draft."""
    return closed_object(["document"], document=shape_named(NEW_RECORD))


def proposal_body() -> Json:
    """What is sent to make a record public as a proposal."""
    details = shape_named(_details_name("proposed"))
    return closed_object(["document"], document=shape_named(NEW_RECORD), details=details)


def publishing_body() -> Json:
    """What is sent to make a draft public: one shape for each of the two events."""
    return {
        "anyOf": [
            closed_object(
                ["event"],
                event={"const": event},
                details=shape_named(_details_name(event)),
                onRevision=REVISION,
            )
            for event in ("proposed", "signed")
        ]
    }


def _one_event(event: str) -> Json:
    details = shape_named(_details_name(event))
    says_something = bool(record_shapes()[_details_name(event)]["required"])
    members: Json = {"event": {"const": event}, "details": details}
    if event in _MUST_CHANGE | _MAY_CHANGE:
        members["document"] = shape_named(RECORD)
    elif event == "party-acceded":
        members["document"] = _part_of_who_joins()
    required = ["event", *(["details"] if says_something else []), *(["document"] if event in _MUST_CHANGE else [])]
    return closed_object(required, **members, onVersion={**REVISION, "description": "The version that was read."})


def _part_of_who_joins() -> Json:
    whole = record_shapes()[RECORD]["properties"]
    parties = {"type": "array", "items": whole["parties"]["items"]}
    described = "`parties` with who joins, and all `flows` as they then are."
    return {"type": "object", "description": described, "properties": {"parties": parties, "flows": whole["flows"]}}


def _details_name(event: str) -> str:
    """One word, like every name here: makers of clients name a class or a module after it."""
    return "EventDetails" + "".join(part.capitalize() for part in event.split("-"))


def _with_definitions(schema: Json, name: str, shapes: Json, shared: Json | None = None) -> Json:
    """A schema whose definitions are among the shapes, each named once; those in `shared` are the record's own."""
    definitions = schema.get("$defs", {})
    names = {
        key: f"{RECORD if shared is not None and shared.get(key) == content else name}{key[0].upper()}{key[1:]}"
        for key, content in definitions.items()
    }
    for key, content in definitions.items():
        shapes.setdefault(names[key], _untitled(_described(content, names)))
    return _untitled(_described(schema, names))


def _untitled(described: Any) -> Json:  # noqa: ANN401 - a JSON object
    """A named shape without its title: makers of clients would take that for its name, and it is not the only one."""
    return {key: value for key, value in described.items() if key != "title"}


def _described(node: object, names: Mapping[str, str]) -> Json:
    """A part of a schema in the words of OpenAPI."""
    if isinstance(node, list):
        return [_described(item, names) for item in node]  # type: ignore[return-value]
    if not isinstance(node, dict):
        return node  # type: ignore[return-value]
    return dict(_members(node, names))


def _members(node: Json, names: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for key, value in node.items():
        if key == "x-codelist":
            yield "enum", list(codelist(value))
        elif key.startswith(_ANNOTATIONS):
            continue
        elif key == "$ref":
            yield key, shape_named(names[value.removeprefix("#/$defs/")])["$ref"]
        elif key == "const" and value is True:  # some makers of clients know no constants but texts
            yield from {"type": "boolean", "enum": [True]}.items()
        elif key == "pattern" and value == _ANY_SIGN:
            yield key, SIGN
        elif key == "format" and isinstance(value, str):
            yield from _FORMATS[value].items()
        elif key == "properties":
            yield key, {name: _described(member, names) for name, member in value.items()}
        else:
            yield key, _described(value, names)


_ONLY_SIGNED = "signedOn"
"""What a proposal cannot state yet."""


def _new_record() -> Json:
    """A deal that is an official's own; what `complete` asks only where something else is so is not told here."""
    asked: Json = {"properties": {"provenance": {"properties": {"source": {"const": "official"}}}}}
    for rule in load_profile("complete", AGREEMENT_VERSION)["allOf"]:
        _add(asked, _always(rule))
    asked["required"] = sorted(set(asked["required"]) - {_ONLY_SIGNED})
    return {
        "description": "A complete record of one’s own organisation. It must satisfy the profile `complete` "
        f"(/schemas/agreement/{AGREEMENT_VERSION}/profiles/complete.json), of which this tells what is asked always of "
        "a record and its members; what is asked farther down, or where something else is so, stands there.",
        "allOf": [shape_named(RECORD), asked],
    }


def _always(rule: Json, *, of_record: bool = True) -> Json:
    """What a rule of a profile asks in every case of a record and of its members, and nowhere farther down.

    Whoever makes records up by the description takes twice as long for each where it tells that too.
    """
    if "if" in rule or "contains" in rule:
        return {}
    told: Json = {}
    for key, value in rule.items():
        if key == "properties":
            asked = {name: _always(member, of_record=False) for name, member in value.items()} if of_record else {}
            told[key] = {name: member for name, member in asked.items() if member}
        elif key == "anyOf":
            told["allOf"] = [{key: value}] if of_record and all(one.keys() == {"required"} for one in value) else []
        elif key != "items" and not key.startswith(_ANNOTATIONS):
            told[key] = value
    return {key: value for key, value in told.items() if value}


def _add(asked: Json, more: Json) -> None:
    """Ask for more beside what is asked already."""
    for key, value in more.items():
        if key in {"required", "allOf"}:
            asked[key] = [*asked.get(key, ()), *(one for one in value if one not in asked.get(key, ()))]
        elif key == "properties":
            for name, member in value.items():
                _add(asked.setdefault(key, {}).setdefault(name, {}), member)
        else:
            asked[key] = value
