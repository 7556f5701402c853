"""Suggestions for the search box, which a script of the pages asks for while somebody types."""

from flask import Blueprint, Response, jsonify, request

from catalogue.search.suggest import LONGEST, Suggestion, suggest
from schemas.canonical import Json
from web.context import session, web_context
from web.presentation.kinds import kind_title

blueprint = Blueprint("suggest", __name__)

MAX_AGE = 10
"""Seconds for which a browser may show the same again. What was withdrawn stays no longer."""

_TITLES = {"organisation": "Organisation", "power": "Legal power", "tag": "Tag"}


@blueprint.get("/suggest")
def suggestions() -> Response:
    """What a reader may be looking for who typed `q` so far, as JSON: kind, title and address of each."""
    typed = request.args.get("q", "")[:LONGEST]
    found = suggest(session(), web_context().vocabulary, typed)
    response = jsonify({"q": typed, "suggestions": [_shown(one) for one in found]})
    response.headers["Cache-Control"] = f"private, max-age={MAX_AGE}"
    return response


def _shown(one: Suggestion) -> Json:
    return {
        "kind": one.kind,
        "kindTitle": _TITLES.get(one.kind) or kind_title(one.kind),
        "title": one.title,
        "note": one.note,
        "address": one.address,
    }
