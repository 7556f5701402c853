"""Errors as `application/problem+json` (RFC 9457): what is wrong and what to do next, in the words of the commands."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Response, current_app, jsonify, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from schemas.canonical import Json
from schemas.errors import Conflict, GazetteError, InvalidInput, InvalidRecord, NotFound, Refused, Unreachable
from web.accounts.tokens import Unauthorised

PREFIX = "/api/"
"""Below this address, errors are JSON."""

_STATUS: tuple[tuple[type[GazetteError], int], ...] = (
    (Unauthorised, 401),
    (Conflict, 409),
    (Refused, 403),
    (NotFound, 404),
    (InvalidRecord, 422),
    (InvalidInput, 400),
    (Unreachable, 503),
)


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
        members["problems"] = [problem.as_json() for problem in error.problems]
    headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'} if status == 401 else {}
    return _problem(status, members, headers)


def gone(detail: str, advice: str, record: Json) -> Response:
    """What was withdrawn: why, and its last record, as the member `record`."""
    return _problem(410, {"detail": detail, "advice": advice, "record": record}, {})


def http_problem(error: HTTPException) -> Response:
    """An error of the framework as problem details; it says nothing of the program's inside."""
    status = error.code if error.code is not None and error.code >= 400 else 500
    kept = {"allow", "retry-after"}
    headers = {name: value for name, value in error.get_headers() if name.lower() in kept}
    return _problem(status, {"detail": _DETAILS.get(status, HTTPStatus(status).description)}, headers)


def database_problem(error: OperationalError) -> Response:
    """A database that is locked or away: a passing fault; what it said is for the log alone."""
    current_app.logger.error("The database did not answer.", exc_info=error)
    return _problem(
        503,
        {"detail": "The register cannot answer just now.", "advice": "Try again in a few seconds."},
        {"Retry-After": "5"},
    )


_DETAILS = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "What was sent is too long.",
    415: "Send JSON, with “Content-Type: application/json”.",
    500: "The fault is ours, not yours. Nothing half-done was kept.",
}


def _status_of(error: GazetteError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def _problem(status: int, members: Mapping[str, object], headers: Mapping[str, str]) -> Response:
    response = jsonify({"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **members})
    response.status_code = status
    response.mimetype = "application/problem+json"
    response.headers.update(dict(headers))
    response.headers["Cache-Control"] = "no-store"
    return response
