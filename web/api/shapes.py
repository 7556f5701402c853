"""The shapes of what the API sends, as JSON Schema 2020-12: one name for each, used by the OpenAPI document."""

from collections.abc import Mapping

from register.obligations import CODES
from schemas.canonical import Json
from schemas.codelists import codelist

_TEXT: Json = {"type": "string"}
_MAYBE_TEXT: Json = {"type": ["string", "null"]}
_MAYBE_NUMBER: Json = {"type": ["integer", "null"]}
_NUMBER: Json = {"type": "integer"}
_MOMENT: Json = {"type": "string", "format": "date-time"}
_GROUP: Json = {"type": "object"}
_SHA: Json = {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}


def _object(properties: Mapping[str, Json], optional: frozenset[str] = frozenset()) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": dict(properties)}


def _list(item: Json) -> Json:
    return {"type": "array", "items": item}


def _items(name: str) -> Json:
    return _object({"items": _list({"$ref": f"#/components/schemas/{name}"})})


_RECORD_PROBLEM = _object(
    {
        "severity": {"enum": ["error", "warning"]},
        "pointer": {"type": "string", "description": "JSON Pointer (RFC 6901) into the record."},
        "title": _TEXT,
        "message": _TEXT,
        "advice": {"type": "string", "description": "What to write instead."},
        "clause": {"type": "string", "description": "The law or rule that asks for it."},
    },
    frozenset({"pointer", "title", "advice", "clause"}),
)

_DRAFT_LINE: Mapping[str, Json] = {
    "id": _TEXT,
    "title": _TEXT,
    "revision": _NUMBER,
    "savedBy": _TEXT,
    "savedAt": _MOMENT,
}

_DUE: Mapping[str, Json] = {
    "code": {"enum": list(CODES)},
    "agreement": _TEXT,
    "due": {"type": ["string", "null"], "format": "date"},
}

_STEP = _object(
    {"who": _list(_TEXT), "organisations": _list(_TEXT), "sentence": _TEXT, "command": _TEXT, **_DUE},
    frozenset(_DUE),
)

SHAPES: Mapping[str, Json] = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457, with `advice` and, for a record that breaks rules, `problems`.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": _NUMBER,
            "detail": _TEXT,
            "advice": _TEXT,
            "problems": _list({"$ref": "#/components/schemas/RecordProblem"}),
        },
    },
    "RecordProblem": _RECORD_PROBLEM,
    "AgreementLine": _object(
        {
            "id": _TEXT,
            "state": {"type": "string", "description": "The state today, in words."},
            "stateCode": {"enum": list(codelist("agreement-state"))},
            "title": _TEXT,
            "parties": _list(_TEXT),
            "organisations": _list(_TEXT),
            "effectiveFrom": _MAYBE_TEXT,
            "endsOn": _MAYBE_TEXT,
            "version": _NUMBER,
            "address": _TEXT,
        }
    ),
    "AgreementLines": _items("AgreementLine"),
    "Agreement": _object(
        {
            "id": _TEXT,
            "version": _NUMBER,
            "newestVersion": _NUMBER,
            "versionDate": _MOMENT,
            "event": {"enum": list(codelist("agreement-event"))},
            "lastEvent": _NUMBER,
            "state": {"enum": list(codelist("agreement-state"))},
            "registeredOn": _MOMENT,
            "address": _TEXT,
            "document": {"type": "object", "description": "The deal, in the agreement schema."},
            "dates": {"type": "object", "description": "`endsOn`, `endCondition`, `nextReviewOn` in force."},
            "proceedings": {"type": "object", "description": "What events said beside the deal."},
            "history": _list(
                _object(
                    {
                        "version": _NUMBER,
                        "event": _TEXT,
                        "registeredOn": _MOMENT,
                        "recordedAt": _MOMENT,
                        "bodySha256": _SHA,
                    }
                )
            ),
        }
    ),
    "Event": _object(
        {
            "number": _NUMBER,
            "agreement": _TEXT,
            "event": {"enum": list(codelist("agreement-event"))},
            "title": _TEXT,
            "version": _MAYBE_NUMBER,
            "registeredOn": _MOMENT,
            "recordedAt": _MOMENT,
            "effective": _MAYBE_TEXT,
            "by": _MAYBE_TEXT,
            "details": {"type": ["object", "null"]},
            "bodySha256": _SHA,
            "detailsSha256": _SHA,
            "schemaVersion": _MAYBE_TEXT,
            "sourceEntry": _MAYBE_TEXT,
        }
    ),
    "Events": _items("Event"),
    "Flag": _object(
        {
            "agreement": _TEXT,
            "version": _NUMBER,
            "flag": {"enum": list(codelist("flags"))},
            "value": _TEXT,
            "sentence": _TEXT,
        }
    ),
    "Flags": _items("Flag"),
    "Obligation": _object(
        {**_DUE, "who": _list(_TEXT), "organisations": _list(_TEXT), "sentence": _TEXT, "command": _TEXT}
    ),
    "Obligations": _items("Obligation"),
    "DraftLine": _object(_DRAFT_LINE),
    "DraftLines": _items("DraftLine"),
    "Draft": _object({**_DRAFT_LINE, "state": {"const": "draft"}, "document": _GROUP}),
    "Step": _STEP,
    "Receipt": _object(
        {
            "agreement": {"$ref": "#/components/schemas/Agreement"},
            "sentence": _TEXT,
            "next": _list({"$ref": "#/components/schemas/Step"}),
        }
    ),
    "DraftReceipt": _object(
        {
            "draft": {"$ref": "#/components/schemas/Draft"},
            "sentence": _TEXT,
            "warnings": _list({"$ref": "#/components/schemas/RecordProblem"}),
            "next": _list({"$ref": "#/components/schemas/Step"}),
        }
    ),
    "SearchResult": _object(
        {
            "id": _TEXT,
            "kind": _TEXT,
            "kindTitle": _TEXT,
            "title": _TEXT,
            "summary": _MAYBE_TEXT,
            "organisations": _list(_TEXT),
            "organisationNames": _list(_TEXT),
            "access": _MAYBE_TEXT,
            "accessTitle": _MAYBE_TEXT,
            "licence": _MAYBE_TEXT,
            "licenceTitle": _MAYBE_TEXT,
            **{name: _list(_TEXT) for name in ("formats", "themes", "purposes", "keywords", "powers", "places")},
            "covers": {**_list(_TEXT), "description": "Intervals of ISO 8601-2; “..” is an open end."},
            "issued": _MAYBE_TEXT,
            "modified": _MAYBE_TEXT,
            "recordedAt": _MOMENT,
            "state": {"type": ["string", "null"], "description": "The state today (agreement-state)."},
            "stateTitle": _MAYBE_TEXT,
            "address": _TEXT,
            "url": _TEXT,
            "terms": _TEXT,
        }
    ),
    "FacetValue": _object({"value": _TEXT, "title": _TEXT, "count": _NUMBER}),
    "SearchPage": _object(
        {
            "total": _NUMBER,
            "understood": {"type": "string", "description": "How the query was understood, in a sentence."},
            "notes": _list(_TEXT),
            "looser": {
                "type": ["object", "null"],
                "description": "What a looser reading of a query that found nothing would find (`relaxed=1`).",
                "properties": {"total": _NUMBER, "understood": _TEXT},
            },
            "also": {
                **_list(_object({"typed": _TEXT, "instead": _TEXT, "why": _TEXT})),
                "description": "What was searched for beside the words typed.",
            },
            "meant": {"type": ["string", "null"], "description": "The query as its words may have been meant."},
            "licence": _object({"title": _TEXT, "address": _TEXT, "unless": _TEXT}),
            "facets": {
                "type": "object",
                "additionalProperties": _list({"$ref": "#/components/schemas/FacetValue"}),
            },
            "items": _list({"$ref": "#/components/schemas/SearchResult"}),
        }
    ),
    "Synonym": _object(
        {
            "id": _TEXT,
            "typed": _TEXT,
            "also": _TEXT,
            "bothWays": {"type": "boolean"},
            "revision": _NUMBER,
            "changedAt": _MOMENT,
        }
    ),
    "Synonyms": _items("Synonym"),
    "Account": _object(
        {
            "account": _TEXT,
            "organisation": {"type": ["object", "null"], "properties": {"slug": _TEXT, "name": _TEXT}},
            "roles": _list(_TEXT),
            "waiting": _list({"$ref": "#/components/schemas/Obligation"}),
        }
    ),
    "Checked": _object({"problems": _list(_list({"$ref": "#/components/schemas/RecordProblem"}))}),
    "LookupKind": {"enum": ["organisation", "dataset", "power", "agreement"]},
    "Candidate": _object(
        {
            "code": _TEXT,
            "title": _TEXT,
            "note": _TEXT,
            "fills": {"type": "object", "description": "What choosing it writes into the record."},
        }
    ),
    "Candidates": _items("Candidate"),
}
