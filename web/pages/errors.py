"""Pages for what goes wrong: what happened, in plain English, and a way on. Never a trace of the program."""

from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from catalogue.search.engine import SearchUnavailable
from schemas.errors import GazetteError, InvalidInput, NotFound
from web.api.problems import database_problem, http_problem, is_for_programs, problem_of
from web.context import web_context
from web.search_answers import answer_format


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
_SEARCH_AGAIN = 30
"""Seconds after which to ask again: a rebuilt index is there as soon as it is swapped in."""
_SEARCH_DOWN = Explanation(
    "Sorry, search is not working just now",
    (
        "Please try again in a few minutes.",
        "Everything else works: you can read the lists of datasets, agreements and organisations, and every record.",
    ),
)


def register(app: Flask) -> None:
    """Answer every error of an application: with a page, or for programs with problem details."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(GazetteError, _ours)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(InvalidInput, _invalid)
    app.register_error_handler(SearchUnavailable, _search_down)
    app.register_error_handler(OperationalError, _database_down)


def _http_error(error: HTTPException) -> Response:
    """Also for a defect of ours: Flask logs it and hands us an InternalServerError."""
    if is_for_programs():
        return http_problem(error)
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = _page(error.code, _EXPLAINED.get(error.code, _EXPLAINED[500 if error.code >= 500 else 400]))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _ours(error: GazetteError) -> Response:
    """An error that no page foresees: a program is told it, a reader is told that the fault is ours."""
    if is_for_programs():
        return problem_of(error)
    current_app.logger.error("An error that no page foresees.", exc_info=error)
    return _page(500, _EXPLAINED[500])


def _not_found(error: NotFound) -> Response:
    return problem_of(error) if is_for_programs() else _page(404, _EXPLAINED[404])


def _invalid(error: InvalidInput) -> Response:
    if is_for_programs():
        return problem_of(error)
    return _plain(error, 400) if answer_format() else _page(400, _EXPLAINED[400])


def _search_down(error: SearchUnavailable) -> Response:
    """What is wrong with the index is for whoever runs the site: the log has it, readers are told to come again."""
    web_context().forget_engine(error)
    current_app.logger.warning("The search index does not answer: %s", error)
    told = SearchUnavailable("Search is not working just now.", "Please try again in a few minutes.")
    if is_for_programs():
        response = problem_of(told)
    else:
        response = _plain(told, 503) if answer_format() else _page(503, _SEARCH_DOWN)
    response.headers["Retry-After"] = str(_SEARCH_AGAIN)
    return response


def _plain(error: GazetteError, status: int) -> Response:
    """An error for a reader of a file: problem details where the file is JSON, else a line of text."""
    if answer_format() == "json":
        return problem_of(error)
    response = Response(f"{error}\n", status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


def _database_down(error: OperationalError) -> Response:
    """A database that is locked or away is a passing fault; what it said is for the log alone."""
    if is_for_programs():
        return database_problem(error)
    current_app.logger.error("The database did not answer.", exc_info=error)
    return _page(503, _EXPLAINED[503])


def _page(status: int, explanation: Explanation) -> Response:
    words = request.path.rstrip("/").rpartition("/")[2].replace("-", " ") if status == 404 else ""
    body = render_template("error.html", status=status, explanation=explanation, words=words[:100])
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response
