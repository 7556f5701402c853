"""Answers of the API: what everybody may read, and what is for who asked alone."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from schemas.canonical import Json


def public(content: Json) -> Response:
    """JSON that everybody may read, from any site, and keep as long as it is checked again."""
    response = jsonify(content)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def private(content: Json, headers: Mapping[str, Any] | None = None) -> Response:
    """JSON for who asked alone."""
    response = jsonify(content)
    response.headers.update(dict(headers or {}))
    response.headers["Cache-Control"] = "no-store"
    return response
