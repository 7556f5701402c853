"""The published contract of agreements, version by version: its schema, its profiles, its events and its codelists.

A version that is published never changes. `agreement/published.csv` holds the hash of each; a later change of one is
a new version. Codelists stand beside the versions: they may gain codes, and never lose one.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from schemas.bundle import load_schema
from schemas.canonical import Json, fingerprint
from schemas.checking import check, compiled, problems_of
from schemas.codelist_tables import codelist_rows
from schemas.errors import NotFound
from schemas.problems import Problem

_LIFE_LISTS = ("agreement-event", "agreement-state", "flags")
"""Lists that no field names, and that a reader of the register needs all the same."""


@dataclass(frozen=True, slots=True)
class Published:
    """A published version: the day, and `contract_sha256` of it (64 hexadecimal digits)."""

    version: str
    day: str
    sha256: str


def check_agreement_document(document: Json, version: str, *, draft: bool = False) -> list[Problem]:
    """Every problem of a record with the core schema.

    A draft has no number yet: the register gives it when the agreement becomes public. So `id` may be absent from a
    draft, and from nothing else.
    """
    problems = check(document, "agreement", version)
    if draft and isinstance(document, dict) and "id" not in document:
        return [problem for problem in problems if problem.pointer != "/id"]
    return problems


def check_event(body: Json, event: str, version: str) -> list[Problem]:
    """Every problem of the small body of an event (a code of agreement-event). Raises NotFound for another event."""
    return problems_of(body, _event_validator(event, version))


def event_names(version: str) -> list[str]:
    """The events that have a schema."""
    return _names(version, "events")


def load_event(event: str, version: str) -> Json:
    """The schema of an event's body. Raises NotFound."""
    return load_part(version, "events", event)


def load_part(version: str, kind: str, name: str) -> Json:
    """One of the `profiles`, `events` or `examples` of a version. Raises NotFound."""
    if name not in _names(version, kind):
        raise NotFound(
            f"There is no “{name}” among the {kind} of version {version}.",
            f"There are: {', '.join(_names(version, kind))}." if _names(version, kind) else "It has none.",
        )
    part: Json = json.loads(_folder(version, kind).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return part


def part_names(version: str, kind: str) -> list[str]:
    """The names of the `profiles`, `events` or `examples` of a version."""
    return _names(version, kind)


def bundle(version: str) -> Json:
    """The whole contract as one JSON document: schema, profiles, events, and the codelists as they stand today."""
    contract = _contract(version)
    names = sorted({*_LIFE_LISTS, *_lists_named(contract)})
    return {**contract, "codelists": {name: codelist_rows(name) for name in names}}


def contract_sha256(version: str) -> str:
    """SHA-256 of a version's bundle without its codelists, in canonical form (RFC 8785): the same for ever."""
    return fingerprint(_contract(version))


def bundle_sha256(version: str) -> str:
    """SHA-256 of the whole bundle in canonical form: it changes when a codelist gains a code."""
    return fingerprint(bundle(version))


@cache
def published_versions() -> tuple[Published, ...]:
    """The published versions, oldest first."""
    text = resources.files("schemas").joinpath("agreement", "published.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text))
    return tuple(Published(row["version"], row["published"], row["sha256"]) for row in rows)


def _contract(version: str) -> Json:
    return {
        "version": version,
        "schema": load_schema("agreement", version),
        "profiles": {name: load_part(version, "profiles", name) for name in _names(version, "profiles")},
        "events": {name: load_part(version, "events", name) for name in _names(version, "events")},
    }


def _lists_named(node: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(node, dict):
        yield from (node[word] for word in ("x-codelist", "x-open-codelist") if isinstance(node.get(word), str))
    members = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for member in members:
        yield from _lists_named(member)


@cache
def _event_validator(event: str, version: str) -> Any:  # noqa: ANN401 - jsonschema types validators loosely
    return compiled(load_event(event, version))


def _folder(version: str, kind: str) -> Traversable:
    return resources.files("schemas").joinpath("agreement", version, kind)


@cache
def _names(version: str, kind: str) -> list[str]:
    folder = _folder(version, kind)
    files = folder.iterdir() if folder.is_dir() else ()
    return sorted(file.name.removesuffix(".json") for file in files if file.name.endswith(".json"))
