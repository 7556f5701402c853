"""Answers of the API: what everybody may read, and what is for who asked alone."""

import urllib.parse
from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, request

from schemas.canonical import Json
from web.api.problems import PreconditionFailed, problem_of

_CAN_BE_READ = "ETag, Link, Content-Location, Retry-After"


def public(content: Json) -> Response:
    """JSON that everybody may read, from any site, and keep as long as it is checked again."""
    return shared(jsonify(content))


def shared(response: Response) -> Response:
    """An answer that everybody may read, from any site, and keep as long as it is checked again."""
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _CAN_BE_READ
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def unchanged(tag: str) -> Response | None:
    """“Not modified” (RFC 9110, 15.4.5) where the reader's copy has this tag; None where an answer is to be made."""
    if "If-Match" in request.headers or not request.if_none_match.contains_weak(tag):
        return None  # what If-Match asks comes first, and is asked of the answer (RFC 9110, 13.2.2)
    response = shared(Response(status=304))
    response.set_etag(tag)
    return response


def with_next(response: Response, **changed: str | None) -> Response:
    """Lead to the next page (RFC 8288): the address that was asked for, these arguments changed or left out."""
    response.headers.add("Link", f'<{address_with(**changed)}>; rel="next"')
    return response


def address_with(**changed: str | None) -> str:
    """The address that was asked for, these arguments changed, or left out where they are None."""
    wanted = {**request.args.to_dict(), **changed}
    stated = {name: value for name, value in wanted.items() if value is not None}
    return f"{request.path}?{urllib.parse.urlencode(stated)}"


def open_to_readers(response: Response) -> Response:
    """Let pages of other sites ask about their copies, and read why they got none (Fetch standard, CORS).

    What everybody may read has an entity tag. What has one is not sent again to who has it, whoever may read it. What
    needs a token, and what changes something, stays closed to other sites.
    """
    if request.method == "OPTIONS":
        response.headers.pop("Content-Type", None)  # there is no content
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    elif request.method in {"GET", "HEAD"}:
        if response.status_code >= 400:
            response.headers["Access-Control-Allow-Origin"] = "*"
        elif response.status_code == 200:
            if not response.cache_control.no_store and "ETag" not in response.headers:
                response.add_etag()
            return _if_wanted(response)
    return response


def _if_wanted(response: Response) -> Response:
    """An answer, if its entity tag is what the reader's conditions ask for (RFC 9110, 13.2.2)."""
    tag, weak = response.get_etag()
    if tag is None:
        return response
    wanted = request.if_match
    if "If-Match" in request.headers and not (wanted.star_tag or (wanted.is_strong(tag) and not weak)):
        response.close()
        error = PreconditionFailed("What stands here is not what If-Match names.", "Read it without If-Match.")
        told = problem_of(error)
        told.headers["Access-Control-Allow-Origin"] = "*"
        return told
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
    return response


def open_errors(response: Response) -> Response:
    """Let pages of other sites read also why an address of the API is none: no part of it answers there."""
    if request.path.startswith("/api/v1/") and request.method in {"GET", "HEAD"} and response.status_code >= 400:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def private(content: Json, headers: Mapping[str, Any] | None = None) -> Response:
    """JSON for who asked alone."""
    response = jsonify(content)
    response.headers.update(dict(headers or {}))
    response.headers["Cache-Control"] = "no-store"
    return response
