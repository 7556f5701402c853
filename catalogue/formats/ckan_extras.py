"""CKAN: what a package says beyond its own fields (“extras”), in the shapes that versions and portals give it."""

import json
from collections.abc import Collection, Iterator

from catalogue.formats.members import each
from schemas.canonical import Json
from schemas.problems import Problem, pointer_to

_LISTS = (
    *("applicable_legislation", "conforms_to", "contact", "contact_points", "documentation", "in_series"),
    *("is_referenced_by", "language", "mandate", "publisher", "spatial_coverage", "temporal_coverage", "temporals"),
)
"""Fields that extensions add as lists; some portals write them as text, as in extras."""


def with_extras(package: Json, passed_over: Collection[str]) -> tuple[Json, list[Problem]]:
    """The package with its extras beside its own fields, which go before them, and what was lost of them.

    Extras are a list of `key` and `value`, or one group of fields. Lists written as text are read. An extra that
    stands several times has all its values. Of those in `passed_over` nothing is told.
    """
    problems: list[Problem] = []
    named: Json = {}
    for number, key, value in _pairs(package.get("extras"), problems):
        item = written_out(value)
        if key not in named:
            named[key] = item
        elif item != named[key]:
            named[key] = [*each(named[key]), *each(item)]
            _warn(problems, (number,), f"The extra “{key}” stands several times; all its values were kept.")
    own = {name: value for name, value in package.items() if name != "extras" and value not in (None, "", [], {})}
    own |= {name: written_out(own[name]) for name in _LISTS if name in own}
    for name in sorted(own.keys() & named.keys() - set(passed_over)):
        if own[name] != named[name] and named[name] not in (None, "", [], {}):
            _warn(problems, (name,), f"The package has a field “{name}” of its own; the extra was left out.")
    return {**named, **own}, problems


def written_out(value: object) -> object:
    """A list or a group of fields that is written as text; any other value as it is."""
    if not isinstance(value, str) or value[:1] not in {"[", "{"}:
        return value
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return read if isinstance(read, list | dict) else value


def _pairs(extras: object, problems: list[Problem]) -> Iterator[tuple[int | str, str, object]]:
    extras = written_out(extras)
    if isinstance(extras, dict):
        yield from ((key, key, value) for key, value in extras.items() if key)
        return
    for number, pair in enumerate(each(extras)):
        key = pair.get("key") if isinstance(pair, dict) else None
        if not isinstance(pair, dict) or not isinstance(key, str) or not key:
            _warn(problems, (number,), "This extra has no key and value; it was left out.")
        elif pair.get("state") != "deleted":
            yield number, key, pair.get("value")


def groups(items: list[object]) -> list[tuple[int, Json]]:
    """The groups of fields in a list, with their places in it."""
    return [(number, item) for number, item in enumerate(items) if isinstance(item, dict)]


def _warn(problems: list[Problem], path: tuple[int | str, ...], message: str) -> None:
    problems.append(Problem(pointer_to(("extras", *path)), message, title="extras", severity="warning"))
