"""The description of the API as OpenAPI 3.1: made here once, and held against the running API by a test."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from typing import Any

from register.lifecycle.rules import RULES
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.profiles import profile_names
from web.api.openapi_search import SEARCH_PATHS
from web.api.openapi_synonyms import SYNONYM_PATHS
from web.api.shapes import SHAPES

JSON_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"


@cache
def openapi_document() -> Json:
    """The whole document. https://spec.openapis.org/oas/v3.1.1.html"""
    return {
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Data Gazette",
            "version": metadata.version("data-gazette"),
            "summary": "The register of data-sharing agreements, and the catalogue of datasets.",
            "description": "Reading needs no token. What changes something needs an access token of an account "
            "(gazette accounts token, or the OAuth device flow), and says in `detail` and `advice` what is wrong and "
            "what to do next where it is refused. A request with an `Idempotency-Key` is done once, however often "
            "it is sent. `If-Match` with the `ETag` of what was read guards against lost updates.",
        },
        "servers": [{"url": "/api/v1"}],
        "tags": [
            {"name": "search", "description": "Finding datasets and agreements."},
            {"name": "agreements", "description": "What is public."},
            {"name": "drafts", "description": "What an organisation’s officials are writing."},
            {"name": "account", "description": "Who asks, and what waits for them."},
            {"name": "writing", "description": "Checking records, and finding what they name."},
        ],
        "paths": {path: dict(methods) for path, methods in {**_PATHS, **SEARCH_PATHS, **SYNONYM_PATHS}.items()},
        "components": {
            "schemas": dict(SHAPES),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "parameters": _PARAMETERS,
            "responses": _RESPONSES,
        },
    }


def _schema(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _problem(description: str, headers: Json | None = None) -> Json:
    content = {PROBLEM_TYPE: {"schema": _schema("Problem")}}
    return {"description": description, "content": content, **({"headers": headers} if headers else {})}


_RESPONSES: Json = {
    "BadRequest": _problem("The request cannot be read; `detail` says where."),
    "Unauthorised": _problem(
        "There is no token, or it opens nothing.", {"WWW-Authenticate": {"schema": {"type": "string"}}}
    ),
    "Forbidden": _problem("The account may not; `advice` says who may."),
    "NotFound": _problem("There is no such record."),
    "Conflict": _problem("The record is not in the state for it, or has changed since it was read."),
    "PreconditionFailed": _problem("The record is not the one that `If-Match` names."),
    "TooLarge": _problem("What was sent is too long."),
    "NotJson": _problem("What was sent is not called JSON."),
    "Invalid": _problem("The record breaks rules; `problems` lists each with its place and what to write instead."),
    "Unavailable": _problem("The register cannot answer just now; try again."),
}

_PARAMETERS: Json = {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Made up by the sender for this request; a repeat with it is answered and not done again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "description": "The `ETag` of what was read.",
        "schema": {"type": "string", "pattern": '^("[A-Za-z0-9.-]*"|\\*)$'},
    },
}

_STATUS: Mapping[int, str] = {
    400: "BadRequest",
    401: "Unauthorised",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    412: "PreconditionFailed",
    413: "TooLarge",
    415: "NotJson",
    422: "Invalid",
    503: "Unavailable",
}


def _path(name: str, description: str, example: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        "example": example,
    }


def _query(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _operation(
    identifier: str,
    tag: str,
    summary: str,
    answer: tuple[int, str, str | None],
    *,
    parameters: Sequence[Json] = (),
    body: Json | None = None,
    errors: Sequence[int] = (),
    signed_in: bool = False,
    headers: Json | None = None,
) -> Json:
    status, description, shape = answer
    done: Json = {"description": description}
    if shape:
        done["content"] = {JSON_TYPE: {"schema": _schema(shape)}}
    if headers:
        done["headers"] = headers
    failing = sorted({400, 503, *errors, *((401,) if signed_in else ()), *((413, 415) if body else ())})
    operation: Json = {
        "operationId": identifier,
        "tags": [tag],
        "summary": summary,
        "parameters": list(parameters),
        "responses": {
            str(status): done,
            **{str(code): {"$ref": f"#/components/responses/{_STATUS[code]}"} for code in failing},
        },
        "security": [{"token": []}] if signed_in else [],
    }
    if body:
        operation["requestBody"] = {"required": True, "content": {JSON_TYPE: {"schema": body}}}
    return operation


def _object(required: Sequence[str], **properties: Json) -> Json:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


_RECORD: Json = {
    "type": "object",
    "description": f"An agreement in version {AGREEMENT_VERSION} of the schema "
    f"(/schemas/agreement/{AGREEMENT_VERSION}/agreement.json).",
}
_DETAILS: Json = {
    "type": "object",
    "description": f"What the event says (/schemas/agreement/{AGREEMENT_VERSION}/events/).",
}
_PLACE: Json = {"type": "integer", "minimum": 0, "maximum": 10**12}
_NAME: Json = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "[^\\s\\x00-\\x1f\\x7f-\\x9f]"}
_WHOLE: Json = {"type": "integer", "minimum": 1, "maximum": 1_000_000_000}
_AGREEMENT = _path("name", "The agreement’s number, or `scheme:number` of another list.", "dg-1")
_DRAFT = _path("draft", "The draft’s id.", "draft-0123456789")
_KEY: Json = {"$ref": "#/components/parameters/Idempotency-Key"}
_MATCH: Json = {"$ref": "#/components/parameters/If-Match"}
_TAG: Json = {"ETag": {"schema": {"type": "string"}}}
_LOCATION: Json = {"Location": {"schema": {"type": "string"}, "description": "The address of what was made."}}
_DAY: Json = {"type": "string", "format": "date"}
_CHANGING = (403, 404, 409, 412, 422)

_PATHS: Mapping[str, Mapping[str, Any]] = {
    "/agreements": {
        "get": _operation(
            "listAgreements",
            "agreements",
            "The agreements in the order of their numbers, a page at a time.",
            (200, "A page; the `Link` header leads to the next.", "AgreementLines"),
            parameters=[
                _query("state", "Only those in this state today.", {"enum": list(codelist("agreement-state"))}),
                _query("organisation", "Only those with a party of this slug.", _NAME),
                _query("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}),
                _query(
                    "cursor", "Behind which; taken from `Link`.", {"type": "integer", "minimum": 0, "maximum": 10**12}
                ),
            ],
            headers={"Link": {"schema": {"type": "string"}}},
        )
    },
    "/agreements/{name}": {
        "get": _operation(
            "getAgreement",
            "agreements",
            "One agreement: the deal, and what happened beside it.",
            (200, "The agreement.", "Agreement"),
            parameters=[_AGREEMENT, _query("version", "As this version has it.", _WHOLE)],
            errors=[404],
            headers=_TAG,
        )
    },
    "/agreements/{name}/history": {
        "get": _operation(
            "getHistory",
            "agreements",
            "Every event of an agreement, oldest first.",
            (200, "The events.", "Events"),
            parameters=[_AGREEMENT],
            errors=[404],
        )
    },
    "/agreements/{name}/flags": {
        "get": _operation(
            "getFlags",
            "agreements",
            "What the record of an agreement says of itself.",
            (200, "The flags raised.", "Flags"),
            parameters=[_AGREEMENT, _query("asOf", "As of this day.", _DAY)],
            errors=[404],
        )
    },
    "/agreements/{name}/events": {
        "post": _operation(
            "act",
            "agreements",
            "Bring an event about.",
            (201, "It has happened.", "Receipt"),
            parameters=[_AGREEMENT, _KEY, _MATCH],
            body=_object(
                ["event"],
                event={"enum": sorted(RULES)},
                details=_DETAILS,
                document={**_RECORD, "description": f"The changed deal. {_RECORD['description']}"},
                onVersion={**_WHOLE, "description": "The version that was read."},
            ),
            errors=_CHANGING,
            signed_in=True,
            headers=_LOCATION,
        )
    },
    "/proposals": {
        "post": _operation(
            "propose",
            "agreements",
            "Make a record public as a proposal.",
            (201, "It is public.", "Receipt"),
            parameters=[_KEY],
            body=_object(["document"], document=_RECORD, details=_DETAILS),
            errors=(403, 422),
            signed_in=True,
            headers=_LOCATION,
        )
    },
    "/flags": {
        "get": _operation(
            "listFlags",
            "agreements",
            "What all records say of themselves.",
            (200, "The flags raised.", "Flags"),
            parameters=[_query("asOf", "As of this day.", _DAY)],
        )
    },
    "/due": {
        "get": _operation(
            "listDue",
            "agreements",
            "What is due, overdue first.",
            (200, "What is due.", "Obligations"),
            parameters=[
                _query("organisation", "For this organisation (slug) alone.", _NAME),
                _query("within", "Within so many days.", {"type": "integer", "minimum": 0, "maximum": 36500}),
            ],
        )
    },
    "/drafts": {
        "get": _operation(
            "listDrafts",
            "drafts",
            "The drafts of one’s organisation.",
            (200, "The drafts.", "DraftLines"),
            signed_in=True,
        ),
        "post": _operation(
            "newDraft",
            "drafts",
            "Save a complete record as a draft.",
            (201, "It is saved.", "DraftReceipt"),
            parameters=[_KEY],
            body=_object(["document"], document=_RECORD),
            errors=(403, 422),
            signed_in=True,
            headers=_LOCATION,
        ),
    },
    "/drafts/{draft}": {
        "get": _operation(
            "getDraft",
            "drafts",
            "One draft.",
            (200, "The draft.", "Draft"),
            parameters=[_DRAFT],
            errors=[404],
            signed_in=True,
            headers=_TAG,
        ),
        "put": _operation(
            "saveDraft",
            "drafts",
            "Save a draft anew.",
            (200, "It is saved.", "DraftReceipt"),
            parameters=[_DRAFT, _KEY, _MATCH],
            body=_object(["document"], document=_RECORD, onRevision=_WHOLE),
            errors=_CHANGING,
            signed_in=True,
        ),
        "delete": _operation(
            "discardDraft",
            "drafts",
            "Delete a draft.",
            (204, "It is deleted.", None),
            parameters=[_DRAFT, _MATCH],
            errors=(403, 404, 412),
            signed_in=True,
        ),
    },
    "/drafts/{draft}/events": {
        "post": _operation(
            "publishDraft",
            "drafts",
            "Make a draft public, proposed or signed.",
            (201, "It is public.", "Receipt"),
            parameters=[_DRAFT, _KEY, _MATCH],
            body=_object(["event"], event={"enum": ["proposed", "signed"]}, details=_DETAILS, onRevision=_WHOLE),
            errors=_CHANGING,
            signed_in=True,
            headers=_LOCATION,
        )
    },
    "/whoami": {
        "get": _operation(
            "whoami",
            "account",
            "The account of the token, and what waits for its organisation.",
            (200, "The account.", "Account"),
            signed_in=True,
        )
    },
    "/check": {
        "post": _operation(
            "check",
            "writing",
            "Every problem of records that are to be submitted.",
            (200, "A list of problems for each record.", "Checked"),
            body=_object(
                ["documents"],
                documents={"type": "array", "items": {"type": "object"}, "minItems": 1, "maxItems": 1000},
                profiles={"type": "array", "items": {"enum": profile_names(AGREEMENT_VERSION)}},
            ),
        )
    },
    "/lookup": {
        "get": _operation(
            "lookup",
            "writing",
            "Organisations, datasets, powers or agreements by their names.",
            (200, "At most twenty, the likeliest first.", "Candidates"),
            parameters=[
                {**_query("kind", "What is looked for.", _schema("LookupKind")), "required": True},
                {**_query("q", "The name, or a part of it.", _NAME), "required": True},
            ],
        )
    },
}
