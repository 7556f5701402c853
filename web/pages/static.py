"""The style sheets and pictures of the pages, at addresses that change with their content."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

blueprint = Blueprint("static_files", __name__)

FOLDER = Path(__file__).parents[1] / "static"
A_YEAR = 31_536_000


@blueprint.get("/static/<path:name>")
def file(name: str) -> Response:
    """One file. The address that names its present version is good for ever; any other is asked about every time."""
    response = send_from_directory(FOLDER, name)
    if request.full_path == addresses().get(name):
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def addresses() -> Mapping[str, str]:
    """The address of every file by its name below the folder, its version in it."""
    files = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    return {path.relative_to(FOLDER).as_posix(): _address(path) for path in files}


def _address(path: Path) -> str:
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"/static/{path.relative_to(FOLDER).as_posix()}?v={version}"
