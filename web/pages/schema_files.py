"""How files of the published schemas are answered: their types, how long a copy is good, and who may fetch them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, request

from schemas.canonical import sha256_hex
from web.presentation.schema_negotiation import preferred

SCHEMA = "application/schema+json"
JSON = "application/json"
HTML = "text/html"
PROBLEM = "application/problem+json"
CSV = "text/csv"
_PARAMETERS = {CSV: "; charset=utf-8; header=present"}
A_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Form:
    """A form for programs that a page has too: the types it may be asked for by, its own address, its content."""

    types: tuple[str, ...]
    address: str
    content: Callable[[], bytes]


def as_json(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """A JSON value as the files of the schemas are written: its members in their order, two blanks deep."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def file_answer(content: bytes, media_type: str, *, fixed: bool) -> Response:
    """One file. `fixed`: it never changes, so a copy is good for a year; any other is asked about every time."""
    response = make_response(content)
    response.content_type = media_type + _PARAMETERS.get(media_type, "")
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if fixed else "no-cache"
    response.set_etag(sha256_hex(content)[:32])
    response.make_conditional(request)
    return response


def page_or(page: Callable[[], str], *forms: Form) -> Response:
    """The page, or a form of it: what the client likes best. A client that does not care gets the page."""
    by_type = {media_type: form for form in forms for media_type in form.types}
    wanted = wanted_type(HTML, *by_type)
    if wanted == HTML:
        response = make_response(page())
    else:
        response = file_answer(by_type[wanted].content(), wanted, fixed=False)
        response.headers["Content-Location"] = by_type[wanted].address
    response.vary.add("Accept")
    return response


def wanted_type(*offers: str) -> str:
    """Which of these types the client likes best; the first where it does not care."""
    return preferred(request.headers.get("Accept", ""), offers)


def open_to_all(response: Response) -> Response:
    """Let programs of other sites read what is no page, and ask about their copies of it (Fetch standard, CORS)."""
    if response.mimetype != HTML or request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Content-Location"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    return response
