"""The fields of a schema as a table that people can read: each with its place, its words, its kind and its grade."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from schemas.bundle import load_schema
from schemas.canonical import Json
from web.presentation.record import members_of, resolved
from web.presentation.words import show_list, show_number

Need = Literal["always", "inside", "unless-none", "one-of", ""]
"""What the schema itself asks: always; inside a group that is there; unless the group says “none”; one of several."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `path` is its place, dotted and without the numbers of list items, and its anchor on the page.

    `open_list` tells that other names than the codes of its codelist are let in.
    """

    path: str
    title: str
    description: str
    kind: str
    limits: str
    need: Need
    write: str = ""
    codelist: str = ""
    open_list: bool = False
    examples: tuple[str, ...] = ()

    @property
    def depth(self) -> int:
        """How many groups it stands in."""
        return self.path.count(".")


@dataclass(frozen=True, slots=True)
class Block:
    """Fields that belong together, under a heading."""

    anchor: str
    title: str
    fields: tuple[Field, ...]


_BLOCKS = {
    "agreement": {
        "id": ("identity", "What it is"),
        "parties": ("parties", "Who takes part"),
        "summary": ("purpose", "Purpose, benefit and effect"),
        "legalPowers": ("law", "Law and checks"),
        "flows": ("data", "Data and how it goes"),
        "security": ("safeguards", "Safeguards and rights"),
        "signedOn": ("time", "Time and review"),
        "cost": ("rest", "Documents, gaps and origin"),
    },
    "dataset": {
        "schemaVersion": ("identity", "What it is"),
        "publisher": ("holder", "Who holds it"),
        "keyword": ("subject", "What it is about"),
        "accessRights": ("access", "Who may have it"),
        "issued": ("coverage", "Time and place"),
        "distribution": ("files", "Where to get it, and how it was made"),
    },
}
"""Where a block begins, by schema: the first of its fields, the anchor and the heading."""


def blocks_of(schema: Json) -> tuple[Block, ...]:
    """The fields of a published schema in its order, under headings."""
    beginnings = _BLOCKS.get(schema["$id"].split(":")[2], {})
    blocks: list[tuple[str, str, list[Field]]] = []
    for field in schema_fields(schema):
        if not blocks or field.path in beginnings:
            blocks.append((*beginnings.get(field.path, ("fields", "Fields")), []))
        blocks[-1][2].append(field)
    return tuple(Block(f"section-{anchor}", title, tuple(fields)) for anchor, title, fields in blocks)


def schema_fields(schema: Json) -> tuple[Field, ...]:
    """Every field of a schema with those inside it, in the schema's order."""
    return tuple(_inside(schema, schema, "", always=True))


@cache
def field_titles(kind: str, version: str) -> dict[str, str]:
    """The titles of all fields of a published schema by their paths."""
    return {field.path: field.title for field in schema_fields(load_schema(kind, version))}


def _inside(node: Json, root: Json, path: str, *, always: bool) -> Iterator[Field]:
    for name, member in members_of(node, root):
        place = f"{path}.{name}" if path else name
        need = _need(name, node, always)
        yield _field(place, member, root, need)
        yield from _inside(_without_lists(member, root), root, place, always=need == "always")


def _without_lists(node: Json, root: Json) -> Json:
    """The group that a list holds, or a list of lists of it; what is no list is itself."""
    while node.get("type") == "array":
        node = resolved(node.get("items", {}), root)
    return node


def _need(name: str, node: Json, always: bool) -> Need:
    if name in node.get("required", ()):
        return "always" if always else "inside"
    if name in node.get("else", {}).get("required", ()):
        return "unless-none"
    if any(name in choice.get("required", ()) for choice in node.get("anyOf", ())):
        return "one-of"
    return ""


def _field(path: str, node: Json, root: Json, need: Need) -> Field:
    inner = _without_lists(node, root)
    return Field(
        path=path,
        title=str(node.get("title", path.rpartition(".")[2])),
        description=str(node.get("description", "")),
        kind=_kind(node, root),
        limits=show_list([*_limits(node), *(_limits(inner) if inner is not node else ())]),
        need=need,
        write=_how_to_write(node, root),
        codelist=str(inner.get("x-codelist") or inner.get("x-open-codelist") or ""),
        open_list="x-open-codelist" in inner,
        examples=tuple(_example(example) for example in node.get("examples", ())),
    )


def _how_to_write(node: Json, root: Json) -> str:
    """The field's own sentence; not the one that every text has."""
    said = str(node.get("x-error", {}).get("en", ""))
    return "" if said == root.get("$defs", {}).get("text", {}).get("x-error", {}).get("en") else said


_FORMATS = {
    "partial-date": "a date",
    "web-address": "a web address",
    "email": "an e-mail address",
    "duration": "a length of time (ISO 8601)",
}
_KINDS = {"string": "text", "integer": "a whole number", "boolean": "true or false", "object": "a group of fields"}
_MANY = {
    "a date": "dates",
    "a web address": "web addresses",
    "an e-mail address": "e-mail addresses",
    "text": "texts",
    "a group of fields": "groups of fields",
    "a code": "codes",
}


def _kind(node: Json, root: Json) -> str:
    if node.get("type") == "array":
        one = _kind(resolved(node.get("items", {}), root), root)
        return f"a list of {_MANY.get(one, one)}"
    if "const" in node:
        return f"always {_example(node['const'])}"
    if "x-codelist" in node or "x-open-codelist" in node:
        return "a code"
    return _FORMATS.get(node.get("format", ""), "") or _KINDS.get(node.get("type", ""), "any value")


def _limits(node: Json) -> list[str]:
    """What the schema allows, in words; patterns are told by the field's own sentence on how to write it."""
    said = []
    if "maxLength" in node and "format" not in node:
        said.append(f"at most {show_number(node['maxLength'])} characters")
    if "maxItems" in node:
        said.append(f"at most {show_number(node['maxItems'])} items")
    if node.get("uniqueItems"):
        said.append("each once")
    if "minimum" in node and "maximum" in node:
        said.append(f"from {show_number(node['minimum'])} to {show_number(node['maximum'])}")
    choices = [name for choice in node.get("anyOf", ()) for name in choice.get("required", ())]
    if choices:
        said.append(f"with at least one of {show_list(choices, 'or')}")
    elif node.get("minProperties") == 1:
        said.append("with at least one of them filled in")
    return said


def _example(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
