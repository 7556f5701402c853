"""The body of a version: the deal, sealed so that one value can be blanked and the rest still verifies.

Every value has a salt of its own; the body's hash is SHA-256 over the sorted digests of [pointer, salt, value]. A
blanked value leaves its digest behind, which without the salt tells nothing of the value.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.canonical import Json, canonical_bytes
from schemas.clock import Randomness
from schemas.errors import InvalidInput
from schemas.problems import pointer_to

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a body: its JSON Pointer (RFC 6901), its salt (32 hexadecimal digits), and itself."""

    pointer: str
    salt: str
    value: str | int | bool

    def digest(self) -> bytes:
        """SHA-256 over the canonical form of [pointer, salt, value]."""
        return hashlib.sha256(canonical_bytes([self.pointer, self.salt, self.value])).digest()


@dataclass(frozen=True, slots=True)
class Body:
    """A sealed body: its hash (64 hexadecimal digits) and its values in the order of the document."""

    sha256: str
    values: tuple[Value, ...]


def seal(document: Json, randomness: Randomness) -> Body:
    """Seal a document with fresh salts.

    Raises InvalidInput for a value that a body does not hold: null, a fraction, an empty group or list, an integer
    beyond 2^53 or text that is not clean.
    """
    values = tuple(
        Value(pointer_to(path), randomness(SALT_BYTES).hex(), value) for path, value in _values(document, ())
    )
    try:
        return Body(body_hash(value.digest() for value in values), values)
    except ValueError as error:
        raise InvalidInput(f"The record has no canonical form (RFC 8785): {error}.", "Clean it first.") from None


def body_hash(digests: Iterable[bytes]) -> str:
    """The hash of a body from the digests of its values, in any order."""
    return hashlib.sha256(b"".join(sorted(digests))).hexdigest()


def document_of(values: Sequence[Value]) -> Json:
    """The document that was sealed."""
    root: Json = {}
    for value in values:
        _put(root, [_unescaped(part) for part in value.pointer.split("/")[1:]], value.value)
    return {name: _with_lists(member) for name, member in root.items()}


def _values(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:  # noqa: ANN401
    if isinstance(node, dict) and (node or not path):
        for name, member in node.items():
            yield from _values(member, (*path, name))
    elif isinstance(node, list) and node:
        for position, member in enumerate(node):
            yield from _values(member, (*path, position))
    elif isinstance(node, str | bool | int):
        yield path, node
    elif isinstance(node, float) and node.is_integer():  # 2.0 is the same JSON number as 2
        yield path, int(node)
    else:
        raise InvalidInput(
            f"A record cannot hold what stands at {pointer_to(path)}: nothing (null), a fraction, or an empty list.",
            "Leave it out, or write a fraction as text.",
        )


def _put(node: Json, path: list[str], value: object) -> None:
    for part in path[:-1]:
        node = node.setdefault(part, {})
    node[path[-1]] = value


def _with_lists(node: Any) -> Any:  # noqa: ANN401
    """Members named by numbers are a list's: the agreement schema has no field with a number for a name.

    They stand in the order of their numbers, whatever order the values came in; one that is not there leaves no gap.
    """
    if not isinstance(node, dict):
        return node
    members = {name: _with_lists(member) for name, member in node.items()}
    if all(name.isascii() and name.isdecimal() for name in members):
        return [members[name] for name in sorted(members, key=int)]
    return members


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
