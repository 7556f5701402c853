"""The fields of a published schema as a form has them: title, help, examples, kind, and what is inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from register.forms.places import Path
from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.codelists import Code, codelist
from schemas.contract import load_event

Kind = Literal["text", "code", "codes", "words", "boolean", "integer", "constant", "list", "group"]
"""What an answer is. `codes` and `words` are lists short enough for one answer; a `list` is asked item by item."""

_LONGEST_WORD = 254
"""Texts up to this length (codes of places, mailboxes) are given several at a time, with commas between."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `advice` says what to write; `shape` is the shared definition it uses ("date"), "" where none.

    `codes` names the codelist its values come from; in an `open_codes` list others are allowed too.
    """

    name: str
    kind: Kind
    title: str
    description: str
    advice: str
    examples: tuple[str, ...]
    shape: str
    codes: str
    open_codes: str
    required: tuple[str, ...]
    schema: Json

    @property
    def options(self) -> Sequence[Code]:
        """The codes that may be chosen, in the order of their list."""
        return tuple(codelist(self.codes).values()) if self.codes else ()

    @property
    def open_options(self) -> Sequence[Code]:
        """Codes that are known for it, where others are allowed too."""
        return tuple(codelist(self.open_codes).values()) if self.open_codes else ()

    @property
    def can_be_none(self) -> bool:
        """Whether the group can say of itself that there is nothing: `none: true`."""
        return bool(self.schema.get("properties", {}).get("none", {}).get("const"))


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A schema, read as a form."""

    root: Json

    def field(self, path: Path) -> Field | None:
        """The field at a place; None where the schema has none."""
        node, name = self.root, ""
        for part in path:
            inner = node.get("items") if isinstance(part, int) else node.get("properties", {}).get(part)
            if not isinstance(inner, dict):
                return None
            node, name = self._resolved(inner), name if isinstance(part, int) else part
        return self._field(node, name)

    def members(self, path: Path) -> list[str]:
        """The names of the members of a group, in the order of the schema."""
        found = self.field(path)
        return list(found.schema.get("properties", {})) if found else []

    def _resolved(self, node: Json) -> Json:
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        shape = reference.removeprefix("#/$defs/")
        return {"x-shape": shape, **self.root["$defs"][shape], **node}

    def _field(self, node: Json, name: str) -> Field:
        items = self._resolved(node.get("items", {}))
        return Field(
            name=name,
            kind=_kind(node, items),
            title=str(node.get("title", name)),
            description=str(node.get("description", "")),
            advice=str(node.get("x-error", {}).get("en", "")),
            examples=tuple(_shown(example) for example in [*node.get("examples", ()), *items.get("examples", ())]),
            shape=str(node.get("x-shape", items.get("x-shape", ""))),
            codes=str(node.get("x-codelist", items.get("x-codelist", ""))),
            open_codes=str(node.get("x-open-codelist", "")),
            required=tuple(node.get("required", ())),
            schema=node,
        )


@cache
def agreement_form() -> Form:
    """The form of an agreement, in the newest version of the schema."""
    return Form(load_schema("agreement", AGREEMENT_VERSION))


@cache
def event_form(event: str) -> Form:
    """The form of an event's small body. Raises NotFound for an event that has none."""
    return Form(load_event(event, AGREEMENT_VERSION))


def _kind(node: Json, items: Json) -> Kind:
    if "const" in node:
        return "constant"
    match node.get("type"):
        case "array" if items.get("type") == "string":
            if "x-codelist" in items:
                return "codes"
            return "words" if items.get("maxLength", _LONGEST_WORD + 1) <= _LONGEST_WORD else "list"
        case "array":
            return "list"
        case "object":
            return "group"
        case "boolean":
            return "boolean"
        case "integer":
            return "integer"
        case _:
            return "code" if "x-codelist" in node else "text"


def _shown(example: Any) -> str:  # noqa: ANN401 - any JSON value
    return ", ".join(str(part) for part in example) if isinstance(example, list) else str(example)
