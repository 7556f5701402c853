"""Reading a body some of whose values were blanked, pure: what is gone, and a document that can still be read.

A value that the schema does not ask for is simply absent. A text without which its group makes no sense (a title, the
name of a party) reads “[blanked]”. Any other value that its group needs takes the group with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from register.agreements.body import Value, document_of
from schemas.canonical import Json

BLANKED = "[blanked]"
"""What stands in the place of a text that was blanked and cannot be left out."""

_NAMES_OF_THINGS = frozenset({"id", "scheme"})
"""Texts that tell one thing from another: a stand-in would make two things one."""

Sealed = Sequence[Sequence[Any]]
"""A body as it is kept: [pointer, salt, value] for each value, [pointer, None, None, digest] for a blanked one."""


def values_in(sealed: Sealed) -> list[Value]:
    """The values that are there."""
    return [Value(item[0], item[1], item[2]) for item in sealed if item[1] is not None]


def blanked_in(sealed: Sealed) -> list[str]:
    """The pointers of the values that were blanked."""
    return [item[0] for item in sealed if item[1] is None]


def blanked_item(value: Value) -> list[Any]:
    """What is kept of a value that is blanked: its place and its digest."""
    return [value.pointer, None, None, value.digest().hex()]


def is_below(pointer: str, group: str) -> bool:
    """Whether a pointer is that of a group or of something in it."""
    return pointer == group or pointer.startswith(f"{group}/")


def readable(sealed: Sealed, schema: Json) -> Json:
    """The document of a body, fit to be read wherever a whole one is. `schema` is the one it was written in."""
    values, gone = values_in(sealed), blanked_in(sealed)
    for pointer in gone:
        stand_in = stand_in_for(pointer, schema)
        if stand_in.dropped is not None:
            values = [value for value in values if not is_below(value.pointer, stand_in.dropped)]
        elif stand_in.text is not None and not any(is_below(value.pointer, pointer) for value in values):
            values.append(Value(pointer, "", stand_in.text))
    order = {item[0]: place for place, item in enumerate(sealed)}
    return document_of(sorted(values, key=lambda value: order[value.pointer]))


@dataclass(frozen=True, slots=True)
class StandIn:
    """What becomes of a value's place: left out (neither), a text in its place, or the group `dropped` goes too.

    A group that is the whole document has the pointer "".
    """

    text: str | None = None
    dropped: str | None = None


def stand_in_for(pointer: str, schema: Json) -> StandIn:
    """What a reader finds where a value was blanked."""
    path = pointer.split("/")[1:]
    for depth in range(len(path), 0, -1):
        name = path[depth - 1]
        parents = list(_schemas_at(schema, schema, path[: depth - 1]))
        if not any(name in _needed(schema, parent) for parent in parents):
            return StandIn() if depth == len(path) else StandIn(dropped="/" + "/".join(path[:depth]))
        if (
            depth == len(path)
            and name not in _NAMES_OF_THINGS
            and all(_is_plain_text(node) for node in _schemas_at(schema, schema, path))
        ):
            return StandIn(text=BLANKED)
    return StandIn(dropped="")


def _schemas_at(root: Json, node: Any, path: Sequence[str]) -> Iterator[Json]:  # noqa: ANN401 - any JSON value
    """The schemas that say something of the value at a path below `node`."""
    for found in _resolved(root, node):
        if not path:
            yield found
            continue
        name, rest = path[0], path[1:]
        members = found.get("properties", {})
        if name in members:
            yield from _schemas_at(root, members[name], rest)
        elif name.isascii() and name.isdecimal() and "items" in found:
            yield from _schemas_at(root, found["items"], rest)


def _resolved(root: Json, node: Any) -> Iterator[Json]:  # noqa: ANN401
    """A schema, those it refers to within its file, and those it is made up of."""
    if not isinstance(node, dict):
        return
    yield node
    reference = node.get("$ref", "")
    if reference.startswith("#/"):
        target: Any = root
        for part in reference[2:].split("/"):
            target = target[part]
        yield from _resolved(root, target)
    for word in ("allOf", "anyOf", "oneOf"):
        for one in node.get(word, ()):
            yield from _resolved(root, one)
    for word in ("then", "else"):
        yield from _resolved(root, node.get(word))


def _needed(root: Json, node: Json) -> set[str]:
    return {name for found in _resolved(root, node) for name in found.get("required", ())}


def _is_plain_text(node: Json) -> bool:
    narrow = {"enum", "const", "format", "x-codelist", "x-open-codelist"} & node.keys()
    return not narrow and node.get("pattern", "\\S") == "\\S" and node.get("type", "string") == "string"
