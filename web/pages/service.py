"""What machines ask of the service: is it alive, is it ready."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from catalogue.search.engine import SearchEngine, SearchRequest, SearchUnavailable
from web.context import session, web_context

blueprint = Blueprint("service", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether the process lives."""
    return _plain("ok\n")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether pages can be served: the database and the index answer."""
    checks = {"database": _database_answers(), "search": _index_answers()}
    return jsonify({"ready": all(checks.values()), **checks}), 200 if all(checks.values()) else 503


def _plain(content: str) -> Response:
    response = Response(content, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


def _database_answers() -> bool:
    try:
        session().execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _index_answers() -> bool:
    try:
        engine: SearchEngine = web_context().engine()
        engine.search(SearchRequest(limit=1, snippet_length=0))
    except SearchUnavailable as error:
        web_context().forget_engine(error)
        return False
    return True
