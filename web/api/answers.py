"""Answers of the API: what everybody may read, and what is for who asked alone."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, request

from schemas.canonical import Json


def public(content: Json) -> Response:
    """JSON that everybody may read, from any site, and keep as long as it is checked again."""
    response = jsonify(content)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def open_to_readers(response: Response) -> Response:
    """Let pages of other sites ask about their copies, and read why they got none (Fetch standard, CORS).

    What needs a token, and what changes something, stays closed to them.
    """
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    elif request.method in {"GET", "HEAD"} and response.status_code >= 400:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def private(content: Json, headers: Mapping[str, Any] | None = None) -> Response:
    """JSON for who asked alone."""
    response = jsonify(content)
    response.headers.update(dict(headers or {}))
    response.headers["Cache-Control"] = "no-store"
    return response
