"""The published schemas, found by name and version inside the package."""

import json
from functools import cache
from importlib import resources

from schemas.canonical import Json
from schemas.errors import NotFound

AGREEMENT_VERSION = "1.0.0"
DATASET_VERSION = "0.2.0"
OLDER_DATASET_VERSIONS = ("0.1.0",)
"""Versions of the dataset schema in which records are still taken: what they say is the same in the newest."""


@cache
def load_schema(name: str, version: str) -> Json:
    """One schema (JSON Schema 2020-12), for example `agreement` in `0.1.0`. Raises NotFound."""
    source = resources.files("schemas").joinpath(name, version, f"{name}.json")
    if not source.is_file():
        raise NotFound(
            f"There is no schema “{name}” in version {version}.",
            f"There are: {', '.join(_versions(name)) or 'none of that name'}.",
        )
    schema: Json = json.loads(source.read_text(encoding="utf-8"))
    return schema


def _versions(name: str) -> list[str]:
    folder = resources.files("schemas").joinpath(name)
    if not folder.is_dir():
        return []
    return sorted(version.name for version in folder.iterdir() if version.joinpath(f"{name}.json").is_file())
