"""Synonyms in the description of the API."""

from collections.abc import Mapping
from typing import Any

from catalogue.search.synonyms_record import LONGEST
from schemas.canonical import Json
from web.api.openapi_links import SYNONYM
from web.api.synonyms import MOST_REVISIONS

_WORDS: Json = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "[^\\s\\x00-\\x1f\\x7f-\\x9f]"}
_NAME: Json = {
    "name": "synonym",
    "in": "path",
    "required": True,
    "description": "Both sides in lower case without accents, their words joined by hyphens, with `~` between.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 2 * LONGEST + 1},
    "example": "bin~waste-container",
}
_TAG: Json = {"ETag": {"schema": {"type": "string"}}}
_WHOLE: Json = {"type": "integer", "minimum": 1, "maximum": MOST_REVISIONS}
_READ: Json = {"name": "onRevision", "in": "query", "description": "The revision that was read.", "schema": _WHOLE}
_KEY: Json = {"$ref": "#/components/parameters/Idempotency-Key"}
_PROBLEMS = {
    304: "NotModified",
    400: "BadRequest",
    401: "Unauthorised",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    412: "PreconditionFailed",
    413: "TooLarge",
    414: "LongAddress",
    415: "NotJson",
    503: "Unavailable",
}


def _answer(description: str, shape: str = "", headers: Json | None = None, links: Json | None = None) -> Json:
    answer: Json = {"description": description, **({"links": links} if links else {})}
    if shape:
        answer["content"] = {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}}
    return {**answer, "headers": headers} if headers else answer


def _failing(*statuses: int) -> Json:
    return {str(code): {"$ref": f"#/components/responses/{_PROBLEMS[code]}"} for code in statuses}


SYNONYM_PATHS: Mapping[str, Mapping[str, Any]] = {
    "/synonyms": {
        "get": {
            "operationId": "listSynonyms",
            "tags": ["search"],
            "summary": "What registrars want searched for beside words that are typed.",
            "parameters": [],
            "responses": {"200": _answer("The synonyms.", "Synonyms", _TAG), **_failing(304, 400, 412, 414, 503)},
            "security": [],
        }
    },
    "/synonyms/{synonym}": {
        "get": {
            "operationId": "getSynonym",
            "tags": ["search"],
            "summary": "One synonym.",
            "parameters": [_NAME],
            "responses": {"200": _answer("The synonym.", "Synonym", _TAG), **_failing(304, 400, 404, 412, 414, 503)},
            "security": [],
        },
        "put": {
            "operationId": "putSynonym",
            "tags": ["search"],
            "summary": "Set a synonym. A registrar may.",
            "parameters": [_NAME, _KEY],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["typed", "also"],
                            "properties": {
                                "typed": {**_WORDS, "description": "What readers type."},
                                "also": {**_WORDS, "description": "What is searched for beside it."},
                                "bothWays": {"type": "boolean", "default": True},
                                "onRevision": {**_WHOLE, "description": "The revision that was read."},
                            },
                        }
                    }
                },
            },
            "responses": {
                "200": _answer("It stands so now.", "Synonym", links=SYNONYM),
                "201": _answer(
                    "It is new.",
                    "Synonym",
                    {"Location": {"schema": {"type": "string"}, "description": "Its address."}},
                    SYNONYM,
                ),
                **_failing(400, 401, 403, 404, 409, 412, 413, 414, 415, 503),
            },
            "security": [{"token": []}],
        },
        "delete": {
            "operationId": "removeSynonym",
            "tags": ["search"],
            "summary": "Take a synonym away. A registrar may.",
            "parameters": [_NAME, _READ],
            "responses": {"204": _answer("It is gone."), **_failing(400, 401, 403, 404, 409, 412, 414, 503)},
            "security": [{"token": []}],
        },
    },
}
