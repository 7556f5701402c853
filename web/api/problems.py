"""Errors as `application/problem+json` (RFC 9457): what is wrong and what to do next, in the words of the commands."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Response, current_app, jsonify, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, UnsupportedMediaType

from schemas.canonical import Json
from schemas.errors import Conflict, GazetteError, InvalidInput, InvalidRecord, NotFound, Refused, Unreachable
from web.accounts.tokens import Unauthorised

PREFIX = "/api/"
"""Below this address, errors are JSON."""


class CannotStand(InvalidRecord):
    """A record of the right shape breaks rules that no shape can tell (RFC 9110, 15.5.10)."""


_STATUS: tuple[tuple[type[GazetteError], int], ...] = (
    (Unauthorised, 401),
    (Conflict, 409),
    (Refused, 403),
    (NotFound, 404),
    (CannotStand, 409),
    (InvalidRecord, 422),
    (InvalidInput, 400),
    (Unreachable, 503),
)


class PackedBody(UnsupportedMediaType):
    """What was sent is compressed (Content-Encoding), which nothing here reads (RFC 9110, 15.5.16)."""


class PreconditionFailed(Conflict):
    """What the sender had before them (If-Match) is not what stands there now (RFC 9110, 13.1.1)."""


def is_for_programs() -> bool:
    """Whether this request is to be answered with JSON, errors included."""
    path = request.path
    return path.startswith(PREFIX) or (path.endswith(".json") and path.startswith(_RECORDS))


_RECORDS = ("/datasets/", "/agreements/")
"""Below these addresses, what ends in “.json” is the API's own document."""


def problem_of(error: GazetteError) -> Response:
    """An error of ours as its status and its problem details; `problems` lists each thing wrong in a record."""
    status = 412 if isinstance(error, PreconditionFailed) else _status_of(error)
    members: dict[str, object] = {"detail": error.message}
    if error.advice:
        members["advice"] = error.advice
    if isinstance(error, InvalidRecord):
        members["problems"] = [problem.as_json() for problem in error.problems[:MOST_PROBLEMS]]
        if len(error.problems) > MOST_PROBLEMS:
            members["detail"] = f"{error.message} The first {MOST_PROBLEMS:,} are listed."
    headers = {"WWW-Authenticate": _challenge()} if status == 401 else {}
    return _problem(status, members, headers)


def _challenge() -> str:
    """Who sent no token is told that one is wanted, and not that it is wrong (RFC 6750, 3.1)."""
    sent = request.headers.get("Authorization", "").lower().startswith("bearer ")
    return 'Bearer realm="register"' + (', error="invalid_token"' if sent else "")


def gone(detail: str, advice: str, record: Json) -> Response:
    """What was withdrawn: why, and its last record, as the member `record`."""
    return _problem(410, {"detail": detail, "advice": advice, "record": record}, {})


def http_problem(error: HTTPException) -> Response:
    """An error of the framework as problem details; it says nothing of the program's inside."""
    status = error.code if error.code is not None and error.code >= 400 else 500
    kept = {"allow", "retry-after"}
    headers = {name: value for name, value in error.get_headers() if name.lower() in kept}
    detail, advice = _TOLD.get(status, (HTTPStatus(status).description, ""))
    if status == 405 and "Allow" in headers:
        advice = f"It takes {headers['Allow']}."
    elif isinstance(error, PackedBody):
        detail, advice, headers["Accept-Encoding"] = *_PACKED, "identity"
    elif status == 415:
        headers["Accept"] = JSON
    return _problem(status, {"detail": detail, **({"advice": advice} if advice else {})}, headers)


def database_problem(error: OperationalError) -> Response:
    """A database that is locked or away: a passing fault; what it said is for the log alone."""
    current_app.logger.error("The database did not answer.", exc_info=error)
    return _problem(
        503,
        {"detail": "The register cannot answer just now.", "advice": "Try again in a few seconds."},
        {"Retry-After": "5"},
    )


JSON = "application/json"

MOST_PROBLEMS = 1_000
"""So many problems of a record are listed: nobody reads more at once."""

LONGEST_BODY = 2_000_000
"""Bytes of what is sent. The longest agreement known has 40,000."""

_TOLD = {
    404: ("There is nothing at this address.", "All addresses are in /api/v1/openapi.json; /developers explains them."),
    405: ("This address does not take that method.", ""),
    413: ("What was sent is too long.", f"Send at most {LONGEST_BODY:,} bytes; many records in parts."),
    415: ("What was sent is not called JSON.", f"Send JSON, with “Content-Type: {JSON}”."),
    500: ("The fault is ours, not yours. Nothing half-done was kept.", "Try again; a write with an Idempotency-Key."),
}
"""What is wrong, and what to do next, by status."""

_PACKED = ("What was sent is compressed.", "Send it as it is, without “Content-Encoding”.")

_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""The names of RFC 9110 where older versions of Python have older ones."""


def _status_of(error: GazetteError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def _problem(status: int, members: Mapping[str, object], headers: Mapping[str, str]) -> Response:
    title = _TITLES.get(status, HTTPStatus(status).phrase)
    response = jsonify({"type": "about:blank", "title": title, "status": status, **members})
    response.status_code = status
    response.mimetype = "application/problem+json"
    response.headers.update(dict(headers))
    response.headers["Cache-Control"] = "no-store"
    return response
