"""Reading an agreement whatever shape it has, and what the schema calls each of its fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json

_UNDER = "#/$defs/"
ANY_KIND: frozenset[str] = frozenset({"*"})
"""Every text, whatever its field is."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a record: its JSON Pointer, what it says, and the title and kind its field has in the schema.

    `kind` is the shared definition the schema gives the field (`text`, `partyName`, `date`…), "" where it has none.
    """

    pointer: str
    value: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of the schema: title, kind, the fields inside it, and the field of each item of a list."""

    title: str
    kind: str
    members: dict[str, "_Field"] = field(default_factory=dict)
    items: "_Field | None" = None


def group(value: object) -> Json:
    """A group of fields; an empty one where the value is none."""
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Any]:
    """A list; an empty one where the value is none."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """A text without blanks at its ends; an empty one where the value is none."""
    return value.strip() if isinstance(value, str) else ""


def groups(document: object, name: str, place: str = "") -> Iterator[tuple[str, Json]]:
    """Each group of fields in a list of the record, with its JSON Pointer."""
    for position, item in enumerate(listed(group(document).get(name))):
        if isinstance(item, dict):
            yield f"{place}/{name}/{position}", item


def datasets_in(document: Json) -> Iterator[tuple[str, Json]]:
    """Each dataset of each flow, with its JSON Pointer."""
    for place, flow in groups(document, "flows"):
        yield from groups(flow, "datasets", place)


def party_names(document: Json) -> list[str]:
    """The names of the parties, in the order of the record."""
    return [name for _, party in groups(document, "parties") if (name := text(party.get("name")))]


def is_officials_own(document: Json) -> bool:
    """Whether an official of a party writes this record, as nearly all do; others come from elsewhere, as they are."""
    return group(document.get("provenance")).get("source") not in ("imported", "transcribed", "foi")


def title_at(pointer: str) -> str:
    """What the schema calls the field at a JSON Pointer; the nearest thing around it that has a title."""
    node, title = _schema(), ""
    for part in pointer.split("/")[1:]:
        inside = node.members.get(part) or (node.items if part.isdecimal() else None)
        if inside is None:
            break
        node, title = inside, inside.title or title
    return title


def texts_of(document: Json, kinds: frozenset[str] = ANY_KIND) -> Iterator[Text]:
    """Every text of a record that stands where the schema has a field for one, of these kinds."""
    if (schema := _fields_of(kinds)) is not None:
        yield from _texts(document, schema, "", "")


def _texts(value: object, node: _Field, pointer: str, title: str) -> Iterator[Text]:
    if isinstance(value, str):
        yield Text(pointer, value, node.title or title, node.kind)
    elif isinstance(value, dict):
        for name, member in value.items():
            if inside := node.members.get(name):
                yield from _texts(member, inside, f"{pointer}/{name}", inside.title or title)
    elif isinstance(value, list) and node.items is not None:
        for position, item in enumerate(value):
            yield from _texts(item, node.items, f"{pointer}/{position}", node.items.title or node.title or title)


@cache
def _schema() -> _Field:
    root = load_schema("agreement", AGREEMENT_VERSION)
    return _field(root, root)


@cache
def _fields_of(kinds: frozenset[str]) -> _Field | None:
    """The schema with nothing but the fields of some kinds and what they lie in, so that a walk is short."""
    return _schema() if kinds == ANY_KIND else _narrowed(_schema(), kinds)


def _narrowed(node: _Field, kinds: frozenset[str]) -> _Field | None:
    members = {name: kept for name, member in node.members.items() if (kept := _narrowed(member, kinds))}
    items = _narrowed(node.items, kinds) if node.items else None
    is_leaf = not node.members and node.items is None
    return replace(node, members=members, items=items) if members or items or (is_leaf and node.kind in kinds) else None


def _field(node: Json, root: Json) -> _Field:
    reference = str(node.get("$ref", "")).removeprefix(_UNDER)
    if reference:
        node = {**root["$defs"][reference], **node}
    return _Field(
        str(node.get("title", "")),
        reference,
        {name: _field(member, root) for name, member in node.get("properties", {}).items()},
        _field(node["items"], root) if "items" in node else None,
    )
