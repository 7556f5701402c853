"""Pages for what goes wrong: what happened, in plain English, and a way on. Never a trace of the program."""

from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from catalogue.search.engine import SearchUnavailable
from schemas.errors import InvalidInput, NotFound
from web.context import web_context


@dataclass(frozen=True, slots=True)
class Explanation:
    """What to say of a status: a heading and paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


_EXPLAINED = {
    400: Explanation("We could not read that address", ("Part of the address is not what it should be.",)),
    404: Explanation(
        "Page not found",
        (
            "If you typed the address, check that it is right. If you pasted it, check that you copied all of it.",
            "If the record was renamed, you can find it by its title or by the organisation that publishes it.",
        ),
    ),
    405: Explanation("This page can only be read", ("Nothing can be sent to this address.",)),
    410: Explanation("This record was withdrawn", ("It is no longer published.",)),
    500: Explanation(
        "Sorry, something went wrong here",
        ("The fault is ours, not yours. Please try again in a few minutes.",),
    ),
    503: Explanation("Sorry, this page cannot be shown just now", ("Please try again in a few minutes.",)),
}
_SEARCH_DOWN = Explanation(
    "Sorry, search is not working just now",
    (
        "Please try again in a few minutes.",
        "Everything else works: you can read the lists of datasets, agreements and organisations, and every record.",
    ),
)


def register(app: Flask) -> None:
    """Answer every error of an application with a page."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(InvalidInput, _invalid)
    app.register_error_handler(SearchUnavailable, _search_down)
    app.register_error_handler(OperationalError, _database_down)


def _http_error(error: HTTPException) -> Response:
    """Also for a defect of ours: Flask logs it and hands us an InternalServerError."""
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = _page(error.code, _EXPLAINED.get(error.code, _EXPLAINED[500 if error.code >= 500 else 400]))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _not_found(_error: NotFound) -> Response:
    return _page(404, _EXPLAINED[404])


def _invalid(_error: InvalidInput) -> Response:
    return _page(400, _EXPLAINED[400])


def _search_down(_error: SearchUnavailable) -> Response:
    web_context().forget_engine()
    return _page(503, _SEARCH_DOWN)


def _database_down(error: OperationalError) -> Response:
    """A database that is locked or away is a passing fault; what it said is for the log alone."""
    current_app.logger.error("The database did not answer.", exc_info=error)
    return _page(503, _EXPLAINED[503])


def _page(status: int, explanation: Explanation) -> Response:
    words = request.path.rstrip("/").rpartition("/")[2].replace("-", " ") if status == 404 else ""
    body = render_template("error.html", status=status, explanation=explanation, words=words[:100])
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response
