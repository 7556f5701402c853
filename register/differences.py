"""What differs between two texts of one record, field by field. Pure; it works for any of the published schemas.

Things in lists are known again by what they are (a party by its organisation, a flow by who sends to whom), so that
a party put in before others leaves the others as they were. The order of a set says nothing and is not compared.
Whoever compares records of two versions of a schema brings both up to the newest first (`schemas.upgrades`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from register.matching import called, match
from register.redline import Piece, redline
from schemas.canonical import Json
from schemas.problems import pointer_to

Kind = Literal["added", "removed", "changed", "moved"]

_ABSENT: Any = object()
_ANY_TEXT = r"\S"
_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, at the value that differs or at the whole group or list that is there in one text alone.

    `before_pointer` and `after_pointer` are JSON Pointers (RFC 6901) into the two texts: the first is None where
    something was added, the second where it was removed. `titles` are the titles on the way to it, those of things
    in lists their names. `before` and `after` are the values (None where there is none); `pieces` tells word by word
    what became of a text of which something stayed. `node` is the schema of the value. `moved` is for a thing that
    stands in another order among those that stayed; what else changed in it has differences of its own.
    """

    kind: Kind
    titles: tuple[str, ...]
    before_pointer: str | None
    after_pointer: str | None
    before: Any = None
    after: Any = None
    pieces: tuple[Piece, ...] = ()
    node: Json = field(default_factory=dict, compare=False, repr=False)

    @property
    def title(self) -> str:
        """The way to it in plain words: “Parties, Ministry of Rivers, Role in the flow of data”."""
        return ", ".join(self.titles)

    @property
    def pointer(self) -> str:
        """Where it stands in the newer text, or stood in the older one."""
        return self.after_pointer if self.after_pointer is not None else self.before_pointer or ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where two values stand: the paths to both, and the titles."""

    before: _Path = ()
    after: _Path = ()
    titles: tuple[str, ...] = ()

    def member(self, name: str, title: str) -> "_Place":
        return _Place((*self.before, name), (*self.after, name), (*self.titles, title))

    def item(self, before: int, after: int, title: str = "") -> "_Place":
        titles = (*self.titles, title) if title else self.titles
        return _Place((*self.before, before), (*self.after, after), titles)


def differences(before: Json, after: Json, schema: Json) -> list[Difference]:
    """Every difference between two texts of a record, in the order of its schema; empty where they say the same."""
    return list(_members(before, after, schema, schema, _Place()))


def resolved(node: Json, schema: Json) -> Json:
    """A schema with its reference into `$defs` followed; what stands beside the reference goes first."""
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return node
    return {**schema["$defs"][reference.removeprefix("#/$defs/")], **node}


def is_same(before: Any, after: Any) -> bool:  # noqa: ANN401 - any JSON values
    """Whether two JSON values are equal: true is not 1, and the order of members does not matter."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(is_same(before[name], after[name]) for name in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(is_same, before, after))
    return isinstance(before, bool) == isinstance(after, bool) and bool(before == after)


def _members(before: Json, after: Json, node: Json, schema: Json, place: _Place) -> Iterator[Difference]:
    properties = node.get("properties", {})
    unknown = [name for name in {**before, **after} if name not in properties]
    for name in [*properties, *unknown]:
        old, new = before.get(name, _ABSENT), after.get(name, _ABSENT)
        if old is _ABSENT and new is _ABSENT:
            continue
        member = resolved(properties.get(name, {}), schema)
        yield from _value(old, new, name, member, schema, place.member(name, str(member.get("title", name))))


def _value(old: Any, new: Any, name: str, node: Json, schema: Json, place: _Place) -> Iterator[Difference]:  # noqa: ANN401
    if old is _ABSENT:
        yield _added(new, node, place)
    elif new is _ABSENT:
        yield _removed(old, node, place)
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _members(old, new, node, schema, place)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _list(old, new, name, node, schema, place)
    elif not is_same(old, new):
        pointers = pointer_to(place.before), pointer_to(place.after)
        yield Difference("changed", place.titles, *pointers, old, new, _words(old, new, node), node)


def _words(old: Any, new: Any, node: Json) -> tuple[Piece, ...]:  # noqa: ANN401
    """What became of the words of a text, where any of them stayed."""
    pieces = redline(old, new) if _is_text(old, node) and _is_text(new, node) else ()
    return pieces if any(piece.fate == "same" for piece in pieces) else ()


def _is_text(value: Any, node: Json) -> bool:  # noqa: ANN401
    """Whether a value is a text for people, and no code, date, address or number."""
    coded = {"x-codelist", "x-open-codelist", "format"} & node.keys()
    return isinstance(value, str) and not coded and node.get("pattern", _ANY_TEXT) == _ANY_TEXT


def _added(value: Any, node: Json, place: _Place) -> Difference:  # noqa: ANN401
    return Difference("added", place.titles, None, pointer_to(place.after), after=value, node=node)


def _removed(value: Any, node: Json, place: _Place) -> Difference:  # noqa: ANN401
    return Difference("removed", place.titles, pointer_to(place.before), None, before=value, node=node)


def _list(old: list[Any], new: list[Any], name: str, node: Json, schema: Json, place: _Place) -> Iterator[Difference]:
    items = resolved(node.get("items", {}), schema)
    if node.get("uniqueItems") and _is_plain_set(old) and _is_plain_set(new):
        yield from _set(old, new, items, place)
        return
    found = match(old, new, name)
    for i in found.gone:
        yield _removed(old[i], items, place.item(i, 0, _item_title(old[i], name, items, i)))
    before_of = {j: i for i, j in found.pairs}
    for j, item in enumerate(new):
        i = before_of.get(j, 0)
        inner = place.item(i, j, _item_title(item, name, items, j))
        if j not in before_of:
            yield _added(item, items, inner)
            continue
        if j in found.moved:
            pointers = pointer_to(inner.before), pointer_to(inner.after)
            yield Difference("moved", inner.titles, *pointers, old[i], item, node=items)
        yield from _value(old[i], item, name, items, schema, inner)


def _item_title(item: Any, name: str, node: Json, position: int) -> str:  # noqa: ANN401
    return called(item, name, node, position + 1) if isinstance(item, dict) else ""


def _is_plain_set(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values) and len(set(values)) == len(values)


def _set(old: list[Any], new: list[Any], items: Json, place: _Place) -> Iterator[Difference]:
    for i, value in enumerate(old):
        if value not in new:
            yield _removed(value, items, place.item(i, 0))
    for j, value in enumerate(new):
        if value not in old:
            yield _added(value, items, place.item(0, j))
