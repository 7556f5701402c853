"""What the parts of the description of the API are made of: parameters, answers, operations."""

from collections.abc import Mapping, Sequence

from schemas.canonical import Json

JSON_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"

LONGEST_ADDRESS = 65_534
"""Bytes of an address. The web server itself answers 414 to what is longer, without a text."""

MOMENT: Json = {"format": "date-time", "minLength": len("2026-03-02T09:00:00Z")}
"""A moment; its length tells it from a day also to who passes over formats."""

YEAR_OR_MONTH = "([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])(-(0[1-9]|1[0-2]))?"
"""A year, or a month of one, that the calendar has."""


def shape_named(name: str) -> Json:
    """A reference to a shape by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def problem_answer(description: str, headers: Json | None = None, shape: str = "Problem") -> Json:
    """An answer with problem details (RFC 9457)."""
    content = {PROBLEM_TYPE: {"schema": shape_named(shape)}}
    return {"description": description, "content": content, **({"headers": headers} if headers else {})}


RESPONSES: Json = {
    "BadRequest": problem_answer("The request cannot be read; `detail` says where."),
    "Unauthorised": problem_answer(
        "There is no token, or it opens nothing.", {"WWW-Authenticate": {"schema": {"type": "string"}}}
    ),
    "Forbidden": problem_answer("The account may not; `advice` says who may."),
    "NotFound": problem_answer("There is no such record."),
    "Gone": problem_answer("It was withdrawn; its last record is in `record`.", shape="Withdrawn"),
    "Conflict": problem_answer(
        "The record is not in the state for it, has changed since it was read, or cannot stand: it contradicts itself "
        "or what the register knows (`problems` lists where); or the key has been used otherwise."
    ),
    "PreconditionFailed": problem_answer("What stands there is not what the header `If-Match` names."),
    "TooLarge": problem_answer("What was sent is too long."),
    "NotJson": problem_answer("What was sent is not called JSON."),
    "Invalid": problem_answer(
        "The record is not of its published shape; `problems` lists each mistake with its place and what to write "
        "instead."
    ),
    "NotModified": {"description": "The copy with the `ETag` in `If-None-Match` is as good."},
    "LongAddress": {
        "description": f"The address is longer than {LONGEST_ADDRESS:,} bytes. The web server says so, without a text.",
    },
    "Unavailable": problem_answer("The register cannot answer just now; try again."),
}

PARAMETERS: Json = {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Made up by the sender for this request; a repeat with it is answered and not done again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    },
}

STATUS: Mapping[int, str] = {
    304: "NotModified",
    400: "BadRequest",
    401: "Unauthorised",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    410: "Gone",
    412: "PreconditionFailed",
    413: "TooLarge",
    414: "LongAddress",
    415: "NotJson",
    422: "Invalid",
    503: "Unavailable",
}


def path_parameter(name: str, description: str, example: str) -> Json:
    """A text in the address."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        "example": example,
    }


def query_parameter(name: str, description: str, schema: Json) -> Json:
    """An argument of the query."""
    return {"name": name, "in": "query", "description": description, "schema": schema}


def operation(
    identifier: str,
    tag: str,
    summary: str,
    answer: tuple[int, str, str | None],
    *,
    example: Json | None = None,
    parameters: Sequence[Json] = (),
    body: Json | None = None,
    sends: str = "",
    errors: Sequence[int] = (),
    signed_in: bool = False,
    headers: Json | None = None,
    links: Json | None = None,
) -> Json:
    """One operation. `answer` is its status, what it means and the shape; `errors` are the further statuses.

    `sends` names the example (in components/examples) of what is sent.
    """
    status, description, shape = answer
    done: Json = {"description": description}
    if shape:
        done["content"] = {JSON_TYPE: {"schema": shape_named(shape), **({"example": example} if example else {})}}
    if headers:
        done["headers"] = headers
    if links:
        done["links"] = links
    failing = sorted({400, 414, 503, *errors, *((401,) if signed_in else ()), *((413, 415) if body else ())})
    described: Json = {
        "operationId": identifier,
        "tags": [tag],
        "summary": summary,
        "parameters": list(parameters),
        "responses": {
            str(status): done,
            **{str(code): {"$ref": f"#/components/responses/{STATUS[code]}"} for code in failing},
        },
        "security": [{"token": []}] if signed_in else [],
    }
    if body:
        examples: Json = {"examples": {sends: {"$ref": f"#/components/examples/{sends}"}}} if sends else {}
        described["requestBody"] = {"required": True, "content": {JSON_TYPE: {"schema": body, **examples}}}
    return described


def closed_object(required: Sequence[str], **properties: Json) -> Json:
    """A JSON object with these members and no others."""
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


def read_operation(
    identifier: str,
    tag: str,
    summary: str,
    shape: str,
    *,
    parameters: Sequence[Json] = (),
    errors: Sequence[int] = (),
    paged: bool = False,
    example: Json | None = None,
) -> Json:
    """An operation that only reads what everybody may read: with an entity tag and, in pages, a `Link` to the next."""
    return operation(
        identifier,
        tag,
        summary,
        (200, "A page; the `Link` header leads to the next." if paged else "It is there.", shape),
        parameters=parameters,
        errors=(304, 412, *errors),
        headers={**TAG, **(LINK if paged else {})},
        example=example,
    )


TAG: Json = {"ETag": {"schema": {"type": "string"}, "description": "Send it back as `If-None-Match`."}}
LINK: Json = {"Link": {"schema": {"type": "string"}, "description": "RFC 8288; rel=next."}}
BLANKS = "\\s\\x00-\\x1f\\x7f-\\x9f"
"""What has nothing to see in it, in the one way that all regular expressions understand alike."""

SIGN = f"[^{BLANKS}]"
"""The pattern of a text with something to see in it."""

NAME: Json = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": SIGN}


def limit_parameter(most: int, usual: int) -> Json:
    """How many a page has."""
    return query_parameter("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": most, "default": usual})
