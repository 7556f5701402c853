"""The shapes of datasets, organisations, powers and changes, as JSON Schema 2020-12 (see `web.api.shapes`)."""

from collections.abc import Mapping

from register.changes import CHANGES
from register.powers.facts import Standing
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.database.change_feed import AGREEMENT, DATASET
from web.api.shapes import SHAPES
from web.presentation.kinds import DATASET_KINDS

_TEXT: Json = {"type": "string"}
_MAYBE_TEXT: Json = {"type": ["string", "null"]}
_NUMBER: Json = {"type": "integer"}
_MAYBE_NUMBER: Json = {"type": ["integer", "null"]}
_FLAG: Json = {"type": "boolean"}
_MOMENT: Json = {"type": "string", "format": "date-time"}
_MAYBE_MOMENT: Json = {"type": ["string", "null"], "format": "date-time"}
_ADDRESS: Json = {"type": "string", "format": "uri"}
_MAYBE_ADDRESS: Json = {"type": ["string", "null"], "format": "uri"}
_ID: Json = {"type": "string", "pattern": "^[0-9a-f]{32}$"}


def _object(properties: Mapping[str, Json], *optional: str) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": dict(properties)}


def _list(item: Json) -> Json:
    return {"type": "array", "items": item}


def _listed(name: str) -> Json:
    return _list({"$ref": f"#/components/schemas/{name}"})


_COUNTED = _object({"count": _NUMBER, "record": {**_ADDRESS, "description": "Where they are listed."}})
_NAMED = _object({"slug": _TEXT, "name": _TEXT, "record": _ADDRESS})

_DATASET = _object(
    {
        "id": _ID,
        "slug": _TEXT,
        "address": _ADDRESS,
        "source": {"type": "string", "description": "Where the record comes from."},
        "identifier": {"type": "string", "description": "What its source calls it."},
        "kind": {"enum": list(DATASET_KINDS)},
        "title": _TEXT,
        "state": {"enum": ["active", "withdrawn"]},
        "withdrawnReason": _TEXT,
        "revision": _NUMBER,
        "firstRecordedAt": _MOMENT,
        "changedAt": {**_MOMENT, "description": "When our record changed last; the data’s own time is in `document`."},
        "publisher": _object(
            {"slug": _TEXT, "name": _TEXT, "address": _ADDRESS, "kind": _TEXT, "website": _TEXT}, "kind", "website"
        ),
        "contact": _object(
            {"name": _TEXT, "email": _TEXT, "telephone": _TEXT, "address": _TEXT},
            *("name", "email", "telephone", "address"),
        ),
        "references": _list(
            _object({"relation": _TEXT, "address": _ADDRESS, "title": _TEXT, "state": _TEXT}, "state")
        ),
        "named": {"type": "object", "additionalProperties": _ADDRESS, "description": "Where the datasets that "
                  "`document` names by their identifiers are here."},
        "document": {"type": "object", "description": f"What the record says, in the dataset schema "
                     f"(the newest is /schemas/dataset/{DATASET_VERSION}/dataset.json)."},
        "terms": {
            **_object({"title": _TEXT, "address": _ADDRESS}, "address"),
            "description": "The terms of this record; those of the data stand in `document`.",
        },
        "links": _object({"page": _ADDRESS, "document": _ADDRESS, "record": _ADDRESS, "revisions": _ADDRESS}),
    },
    *("withdrawnReason", "publisher", "contact", "references", "named"),
)  # fmt: skip

_REVISION_LINE: Mapping[str, Json] = {
    "dataset": _TEXT,
    "revision": _NUMBER,
    "newestRevision": _NUMBER,
    "change": {"enum": list(CHANGES)},
    "reason": _MAYBE_TEXT,
    "by": {"type": ["string", "null"], "description": "The organisation that made the change, where known."},
    "recordedAt": _MOMENT,
    "contentSha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "address": _ADDRESS,
    "record": _ADDRESS,
}

_ORGANISATION: Mapping[str, Json] = {
    "id": _ID,
    "slug": _TEXT,
    "name": _TEXT,
    "kind": {"enum": [*codelist("organisation-kind"), None]},
    "kindTitle": _MAYBE_TEXT,
    "jurisdiction": {"type": ["string", "null"], "description": "ISO 3166."},
    "parent": {"anyOf": [_NAMED, {"type": "null"}]},
    "address": _ADDRESS,
    "record": _ADDRESS,
}

_POWER_LINE: Mapping[str, Json] = {
    "id": _TEXT,
    "title": _TEXT,
    "instrument": _MAYBE_TEXT,
    "provision": _MAYBE_TEXT,
    "url": _MAYBE_TEXT,
    "jurisdiction": _MAYBE_TEXT,
    "kind": {"enum": [*codelist("power-kind"), None]},
    "identifiers": _list(_TEXT),
    "standing": {"enum": [str(one) for one in Standing]},
    "standingSentence": _TEXT,
    "bodiesComplete": {"type": "boolean", "description": "Whether no other body may use it."},
    "revision": _NUMBER,
    "changedAt": _MOMENT,
    "address": _ADDRESS,
    "record": _ADDRESS,
}

_POWER_BODY = _object(
    {
        "name": _TEXT,
        "class": {"type": "boolean", "description": "Whether it is a class of bodies."},
        "organisation": _MAYBE_TEXT,
        "from": _MAYBE_TEXT,
        "until": _MAYBE_TEXT,
        "note": _MAYBE_TEXT,
        "number": _MAYBE_TEXT,
        "listedOn": _MOMENT,
        "unlistedOn": _MAYBE_MOMENT,
    }
)

_POWER = _object(
    {
        **_POWER_LINE,
        "document": {"type": "object", "description": "What the record says, in the schema of powers."},
        "bodies": _list(_POWER_BODY),
        "reliedOnBy": _list(_object({"id": _TEXT, "title": _TEXT, "address": _ADDRESS, "record": _ADDRESS})),
        "history": _list(
            _object(
                {
                    "revision": _NUMBER,
                    "event": _TEXT,
                    "reason": _MAYBE_TEXT,
                    "registeredOn": _MOMENT,
                    "recordedAt": _MOMENT,
                    "document": {"type": "object"},
                }
            )
        ),
    }
)

_CHANGE = _object(
    {
        "number": {"type": "integer", "description": "Its place in the feed. Later changes have higher numbers."},
        "kind": {"enum": [DATASET, AGREEMENT]},
        "id": _TEXT,
        "name": {"type": "string", "description": "A dataset’s slug, an agreement’s number."},
        "title": {"type": "string", "description": "The record’s title today."},
        "change": {"enum": list(CHANGES)},
        "deleted": {"type": "boolean", "description": "Whether a copy is to be deleted, or marked as withdrawn."},
        "event": {"enum": [*codelist("agreement-event"), None]},
        "revision": {"type": ["integer", "null"], "description": "The revision or version that the change made."},
        "reason": _MAYBE_TEXT,
        "by": {"type": ["string", "null"], "description": "The organisation that made the change, where known."},
        "recordedAt": _MOMENT,
        "address": _ADDRESS,
        "record": {**_ADDRESS, "description": "The record as it is now; 410 for a withdrawn dataset."},
        "then": {**_MAYBE_ADDRESS, "description": "The record as this change left it."},
    }
)

LISTS = ("search", "datasets", "agreements", "organisations", "powers", "changes")
"""What the first answer leads to."""

CATALOGUE_SHAPES: Mapping[str, Json] = {
    "Entry": _object(dict.fromkeys(("description", "documentation", *LISTS), _ADDRESS)),
    "Dataset": _DATASET,
    "DatasetPage": _object({"total": _NUMBER, "items": _listed("Dataset")}),
    "Withdrawn": {
        **SHAPES["Problem"],
        "description": "Problem details (RFC 9457) with the last record of what was withdrawn.",
        "required": [*SHAPES["Problem"]["required"], "record"],
        "properties": {**SHAPES["Problem"]["properties"], "record": {"$ref": "#/components/schemas/Dataset"}},
    },
    "RevisionLine": _object(_REVISION_LINE),
    "RevisionLines": _object({"items": _listed("RevisionLine")}),
    "Revision": _object({**_REVISION_LINE, "document": {"type": "object"}}),
    "OrganisationLine": _object({**_ORGANISATION, "datasets": _NUMBER, "agreements": _NUMBER}),
    "OrganisationPage": _object({"total": _NUMBER, "items": _listed("OrganisationLine")}),
    "Organisation": _object(
        {
            **_ORGANISATION,
            "names": _list(_object({"name": _TEXT, "language": _MAYBE_TEXT})),
            "identifiers": _list(_object({"scheme": _TEXT, "value": _TEXT})),
            "parts": _list(_NAMED),
            **dict.fromkeys(("area", "website", "startedOn", "endedOn"), _MAYBE_TEXT),
            "addedAt": _MOMENT,
            "changedAt": _MOMENT,
            "publishes": {**_COUNTED, "description": "Datasets that it publishes."},
            "agreements": {**_COUNTED, "description": "Agreements that it is a party of."},
            "sends": {**_COUNTED, "description": "Those where it is known to send data."},
            "receives": {**_COUNTED, "description": "Those where it is known to receive data."},
        }
    ),
    "PowerLine": _object(_POWER_LINE),
    "PowerPage": _object({"total": _NUMBER, "items": _listed("PowerLine")}),
    "Power": _POWER,
    "Change": _CHANGE,
    "Changes": _object(
        {
            "items": {**_listed("Change"), "description": "In the order in which they could be seen."},
            "more": {"type": "boolean", "description": "Whether further changes are there already."},
            "cursor": {"type": "string", "pattern": "^(0|[0-9]+-[0-9a-f]{8})$"},
            "next": {**_ADDRESS, "description": "Where to go on, at once or at any later time."},
        }
    ),
}
