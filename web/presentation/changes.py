"""What changed from one text of a record to the next, field by field and in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from schemas.canonical import Json
from web.presentation.record import APART, entry_of, members_of, resolved

Kind = Literal["added", "removed", "changed", "reordered"]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that changed: its label, how, and what it said before and says now (each a list of lines)."""

    label: str
    kind: Kind
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def changes_between(before: Json, after: Json, schema: Json) -> list[Change]:
    """Every difference between two texts of one record, in the schema's order; empty where they say the same."""
    return list(_members(before, after, schema, schema, ""))


def _members(before: Json, after: Json, node: Json, schema: Json, path: str) -> Iterator[Change]:
    known = dict(members_of(node, schema))
    for name in [*known, *(name for name in {**before, **after} if name not in known)]:
        old, new = before.get(name), after.get(name)
        if old == new or name == "schemaVersion":
            continue
        member = known.get(name, {})
        label = f"{path}{member.get('title', name)}"
        if name in APART:  # a number of a contact that is kept apart: that it changed is all there is to say
            yield Change(label, "changed")
        else:
            yield from _value(label, old, new, member, schema)


def _value(label: str, old: Any, new: Any, node: Json, schema: Json) -> Iterator[Change]:  # noqa: ANN401
    if old is None:
        yield Change(label, "added", after=_lines(new, node, schema))
    elif new is None:
        yield Change(label, "removed", before=_lines(old, node, schema))
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _members(old, new, node, schema, f"{label}: ")
    elif isinstance(old, list) and isinstance(new, list):
        yield from _list(label, old, new, node, schema)
    else:
        yield Change(label, "changed", _lines(old, node, schema), _lines(new, node, schema))


def _list(label: str, old: list[Any], new: list[Any], node: Json, schema: Json) -> Iterator[Change]:
    items = resolved(node.get("items", {}), schema)
    gone = [item for item in old if item not in new]
    come = [item for item in new if item not in old]
    if len(old) == len(new) and all(isinstance(item, dict) for item in (*gone, *come)):
        pairs = [(number, *pair) for number, pair in enumerate(zip(old, new, strict=True), 1) if pair[0] != pair[1]]
        if len(pairs) == len(gone) == len(come):
            for number, was, now in pairs:
                yield from _members(was, now, items, schema, f"{items.get('title', label)} {number}: ")
            return
    if not gone and not come:
        yield Change(label, "reordered")
        return
    kind: Kind = "changed" if gone and come else "added" if come else "removed"
    yield Change(label, kind, _lines(gone, node, schema), _lines(come, node, schema))


def _lines(value: Any, node: Json, schema: Json) -> tuple[str, ...]:  # noqa: ANN401
    entry = entry_of("", value, node, schema)
    if isinstance(value, list):
        return tuple(child.line() for child in entry.children)
    return (entry.line(),)
