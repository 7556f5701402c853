"""The search in the description of the API."""

from collections.abc import Mapping
from typing import Any

from catalogue.search.cursor import MOST_CHARACTERS
from catalogue.search.engine import Sort
from catalogue.search.fields import COUNTABLE
from schemas.canonical import Json
from web.api.openapi_parts import YEAR_OR_MONTH
from web.api.search import (
    FACET_LIMIT,
    FURTHEST,
    LONGEST_PAGE,
    MOST_FACET_VALUES,
    PAGE,
)
from web.presentation.search import LONGEST_QUERY, LONGEST_VALUE, MOST_VALUES


def _query(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _several(name: str, description: str, item: Json) -> Json:
    return _query(name, description, {"type": "array", "items": item, "minItems": 1, "maxItems": MOST_VALUES})


def _number(name: str, description: str, least: int, most: int, default: int) -> Json:
    return _query(name, description, {"type": "integer", "minimum": least, "maximum": most, "default": default})


_VALUE: Json = {
    "type": "string",
    "minLength": 1,
    "maxLength": LONGEST_VALUE,
    "pattern": "[^\\s\\x00-\\x1f\\x7f-\\x9f]",
}
_CURSOR: Json = {"type": "string", "pattern": f"^[A-Za-z0-9_-]{{1,{MOST_CHARACTERS}}}$"}
_DATE: Json = {"type": "string", "anyOf": [{"pattern": f"^{YEAR_OR_MONTH}$"}, {"format": "date"}]}
_PROBLEMS = {
    "304": "NotModified",
    "400": "BadRequest",
    "404": "NotFound",
    "412": "PreconditionFailed",
    "414": "LongAddress",
    "503": "Unavailable",
}

_PARAMETERS: list[Json] = [
    _query("q", "The query, as on the search page.", {"type": "string", "maxLength": LONGEST_QUERY}),
    *(_several(name, f"Only records with one of these: {field.label}.", _VALUE) for name, field in COUNTABLE.items()),
    _query("covers_from", "Only data that cover this date or later: a year, a month or a day.", _DATE),
    _query("covers_to", "Only data that cover this date or earlier.", _DATE),
    _query("changed_since", "Only what was added or changed here since.", _DATE),
    _query("sort", "The order.", {"enum": [sort.value for sort in Sort], "default": Sort.RELEVANCE.value}),
    _query("relaxed", "1 makes every word an alternative, whatever quotes, AND and + ask for.", {"enum": ["0", "1"]}),
    _number("limit", "How many.", 1, LONGEST_PAGE, PAGE),
    _number("offset", "Leave out the first so many; not beside `cursor`.", 0, FURTHEST, 0),
    _query("cursor", "Behind which; taken from `Link`.", _CURSOR),
    _several("facet", "What to count; everything on a first page, nothing behind a cursor.", {"enum": [*COUNTABLE]}),
    _number("facet_limit", "How many values of each.", 1, MOST_FACET_VALUES, FACET_LIMIT),
]

SEARCH_PATHS: Mapping[str, Mapping[str, Any]] = {
    "/search": {
        "get": {
            "operationId": "search",
            "tags": ["search"],
            "summary": "Datasets and agreements that a query finds, a page at a time, to the last.",
            "parameters": _PARAMETERS,
            "responses": {
                "200": {
                    "description": "A page; the `Link` header leads to the next.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SearchPage"}}},
                    "headers": {"Link": {"schema": {"type": "string"}}, "ETag": {"schema": {"type": "string"}}},
                },
                **{code: {"$ref": f"#/components/responses/{name}"} for code, name in _PROBLEMS.items()},
            },
            "security": [],
        }
    }
}
"""No text in `q` is an error; another parameter that makes no sense is."""
