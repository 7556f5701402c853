"""Where CKAN's clients come in: addresses, bodies and envelopes of the Action API (CKAN 2.11, `ckan/views/api.py`)."""

import json
import re
from collections.abc import Callable, Iterator

from flask import Blueprint, Response, current_app, request, stream_with_context
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from catalogue.search.engine import SearchUnavailable
from schemas.cleaning import clean_text
from schemas.pieces import in_pieces
from web.ckan.actions import ACTIONS, WRITING
from web.ckan.errors import BadRequest, CkanError, NotAuthorizedError, SearchConnectionError
from web.ckan.parameters import Parameters
from web.ckan.prepared import written_ahead
from web.ckan.written import is_long, written
from web.context import commit_mark, session, site_address, web_context
from web.repeated import expect

blueprint = Blueprint("ckan", __name__, url_prefix="/api")

LONGEST_BODY = 1_000_000
_JSON = "application/json;charset=utf-8"
_SCRIPT = "application/javascript;charset=utf-8"
_CALLBACK = re.compile(r"[A-Za-z_$][\w$.\[\]]{0,99}")
_LONGEST_NAME = 100

ACCEPTED = ["GET", "POST"]
"""The methods by which actions are asked for."""


@blueprint.get("")
@blueprint.get("/<int(min=1, max=3):number>")
def version(number: int = 3) -> Response:
    """Which API this is."""
    return _answer({"version": number})


@blueprint.route("/action", methods=ACCEPTED)
@blueprint.route("/3/action", methods=ACCEPTED)
@blueprint.route("/action/<path:name>", methods=ACCEPTED)
@blueprint.route("/3/action/<path:name>", methods=ACCEPTED)
def action(name: str = "") -> Response:
    """One action: its result in CKAN's envelope, or its error."""
    name = clean_text(name)[0].rstrip("/")
    try:
        answer = _answer(_envelope(name, result=_result(name)))
        _expect_others(name)
        return answer
    except BadRequest as error:
        return _answer(error.message, error.status)
    except SearchUnavailable as error:
        unavailable = _unavailable(error)
        return _answer(_envelope(name, error=unavailable), unavailable.status)
    except CkanError as error:
        return _answer(_envelope(name, error=error), error.status)


def plainly(work: Callable[[], object]) -> Response:
    """What a work gives, without an envelope; of an error its message."""
    try:
        return _answer(work())
    except BadRequest as error:
        return _answer(error.message, error.status)
    except SearchUnavailable as error:
        return _answer(_unavailable(error).message, 503)
    except CkanError as error:
        return _answer(error.message, error.status)


def asked() -> Parameters:
    """The parameters of this request. Raises BadRequest."""
    return Parameters(_sent())


def _unavailable(error: SearchUnavailable) -> SearchConnectionError:
    web_context().forget_engine(error)
    current_app.logger.error("The search index cannot be used: %s", error.message)
    return SearchConnectionError("Search is not working just now. Please try again in a few minutes.")


@blueprint.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    """A request that could not be taken (too large a form, say), or a fault of ours: never a page."""
    return _answer(
        f"Bad request: {error.name}" if (error.code or 500) < 500 else "Internal Server Error", error.code or 500
    )


@blueprint.after_request
def from_any_site(response: Response) -> Response:
    """Every page of every site may read this (Fetch standard, CORS), JSONP included."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "POST, GET, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, X-CKAN-API-Key"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
    return response


def _result(name: str) -> object:
    if name in WRITING:
        raise NotAuthorizedError(f"This catalogue is read here and changed elsewhere; {name} is not for anybody")
    chosen = ACTIONS.get(name)
    if chosen is None:
        raise BadRequest(f"Action name not known: {name[:_LONGEST_NAME]}")
    commit_mark()  # before the session reads anything
    return chosen(asked(), session())


def _sent() -> dict[str, object]:
    """The parameters of the request. A body is read on POST alone: some clients name a type and send none."""
    if request.method != "POST":
        return {name: value for name, value in _merged(request.args).items() if name != "callback"}
    if request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form = _merged(request.form)
        only = next(iter(form.items())) if len(form) == 1 else None
        # `curl -d '{"id": "…"}'` sends JSON as the name of an empty form field.
        return _object(only[0]) if only and only[1] in {"", "1"} and only[0].lstrip()[:1] in "{[" else form
    try:
        request.max_content_length = LONGEST_BODY + 1  # what comes in pieces is cut off there, without a word
        body = request.get_data(cache=False)
        if len(body) > LONGEST_BODY:
            raise RequestEntityTooLarge
    except RequestEntityTooLarge:
        raise BadRequest("JSON Error: The request is longer than anything that is asked here.") from None
    return _object(body.decode("utf-8", "replace")) if body.strip() else _merged(request.args)


def _merged(pairs: "MultiDict[str, str]") -> dict[str, object]:
    """Each name once; what came several times is a list."""
    return {name: values[0] if len(values) == 1 else values for name, values in pairs.lists()}


def _object(text: str) -> dict[str, object]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest(
            "JSON Error: Error decoding JSON data. JSON data extracted from the request could not be read."
        ) from None
    if not isinstance(read, dict):
        raise BadRequest(f"JSON Error: Request data JSON decoded to {str(read)[:100]} but it needs to be a dictionary.")
    return read


def _envelope(name: str, *, result: object = None, error: CkanError | None = None) -> dict[str, object]:
    address = f"{site_address()}/api/3/action/help_show?name={name[:_LONGEST_NAME]}"
    if error is not None:
        return {"help": address, "error": error.as_json(), "success": False}
    return {"help": address, "success": True, "result": result}


def _expect_others(action: str) -> None:
    """What was written ahead is likely to be asked for in the same way."""
    name, ahead = written_ahead()
    if ahead and "callback" not in request.args:
        texts = {one: b"".join(_written(_envelope(action, result=package))) for one, package in ahead.items()}
        expect(name, texts)


def _written(content: object) -> Iterator[bytes]:
    return written(content, web_context().randomness)


def _answer(content: object, status: int = 200) -> Response:
    """The answer as JSON or, where a page asked by script, as a call of its function (JSONP)."""
    callback = request.args.get("callback", "") if request.method == "GET" else ""
    if callback and _CALLBACK.fullmatch(callback):
        # The comment keeps the first bytes of the answer from being the caller's own choice. All of it is ASCII.
        text = b"".join(_written(content)).decode("ascii").replace("<", "\\u003c")
        return Response(f"/**/{callback}({text});", status, content_type=_SCRIPT)
    if is_long(content):
        return Response(stream_with_context(in_pieces(_written(content))), status, content_type=_JSON)
    return Response(b"".join(_written(content)), status, content_type=_JSON)
