"""Places in a record: a path of member names and positions, what stands there, and what would stand there."""

from collections.abc import Iterator
from typing import Any

from schemas.canonical import Json

Path = tuple[str | int, ...]
"""Member names and positions, from the record down: ("parties", 0, "name")."""


def path_of(pointer: str) -> Path:
    """The path that a JSON Pointer (RFC 6901) names; a part of digits alone is a position."""
    parts = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def pattern_of(path: Path) -> str:
    """The kind of place a path is: every position written as *, parts joined by slashes."""
    return "/".join("*" if isinstance(part, int) else part for part in path)


def value_at(document: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """What stands at a place; None where nothing does (a record holds no null)."""
    for part in path:
        if isinstance(part, int):
            document = document[part] if isinstance(document, list) and part < len(document) else None
        else:
            document = document.get(part) if isinstance(document, dict) else None
    return document


def is_free(document: Any, path: Path) -> bool:  # noqa: ANN401
    """Whether something can be put at a place without anything of another shape in the way."""
    for part in path:
        if document is None:
            return True
        if isinstance(part, int):
            if not isinstance(document, list) or part > len(document):
                return False
            document = document[part] if part < len(document) else None
        elif isinstance(document, dict):
            document = document.get(part)
        else:
            return False
    return True


def with_value(document: Any, path: Path, value: Any) -> Any:  # noqa: ANN401
    """A copy with a value at a place, what is around it made where it is lacking; None takes the place out."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        listed = list(document or ())
        inner = with_value(listed[first] if first < len(listed) else None, rest, value)
        return [*listed[:first], *([] if inner is None else [inner]), *listed[first + 1 :]]
    members = dict(document or {})
    inner = with_value(members.get(first), rest, value)
    if inner is None:
        members.pop(first, None)
    else:
        members[first] = inner
    return members


def without_nulls(value: Any) -> Any:  # noqa: ANN401
    """A copy in which what is null is absent: a field whose name was written and whose value was not."""
    if isinstance(value, dict):
        return {name: without_nulls(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [without_nulls(member) for member in value if member is not None]
    return value


def leaves_of(value: Any, path: Path = ()) -> Iterator[Path]:  # noqa: ANN401
    """The place of every value that is neither a group nor a list, in the order of the record."""
    if isinstance(value, dict | list):
        members: Any = value.items() if isinstance(value, dict) else enumerate(value)
        for part, member in members:
            yield from leaves_of(member, (*path, part))
    else:
        yield path


def record_of(document: Json) -> Json:
    """A record without its nulls."""
    cleared: Json = without_nulls(document)
    return cleared
