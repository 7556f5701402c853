"""A whole record, field by field, under the titles that its published schema gives them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from schemas.canonical import Json
from schemas.checking import is_email
from schemas.codelists import title_of
from web.presentation.dates import show_date, show_duration
from web.presentation.words import is_link, show_number

APART = frozenset({"schemaVersion", "contactPoint", "contactRecord"})
"""Members that tell a reader nothing: the schema's version, and numbers of contacts, which are shown elsewhere."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A field with its label and either a text (a link where `href` stands) or the fields inside it."""

    label: str
    text: str = ""
    href: str = ""
    children: tuple["Entry", ...] = ()

    def line(self) -> str:
        """Everything it says, on one line."""
        if not self.children:
            return self.text
        inner = "; ".join(f"{child.label}: {child.line()}" if child.label else child.line() for child in self.children)
        return inner.strip()


def entries_of(document: Json, schema: Json) -> tuple[Entry, ...]:
    """Every field of a record in the schema's order."""
    return tuple(fields_of(document, schema).values())


def fields_of(document: Json, schema: Json) -> dict[str, Entry]:
    """The same by the names of the fields."""
    return {
        name: entry_of(str(node.get("title", name)), document[name], node, schema)
        for name, node in members_of(schema, schema)
        if name in document and name not in APART
    }


def titles_of(schema: Json) -> dict[str, str]:
    """The titles of a record's fields by their names."""
    return {name: str(node.get("title", name)) for name, node in members_of(schema, schema)}


def title_at(pointer: str, schema: Json) -> str:
    """What people call the place that a JSON Pointer names: “Parties, 2, Contact”; where it names none, itself."""
    node, titles = schema, []
    for part in [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]:
        if part.isdecimal() and "items" in node:
            node = resolved(node["items"], schema)
            titles.append(str(int(part) + 1))
        elif member := dict(members_of(node, schema)).get(part):
            node = member
            titles.append(str(node.get("title", part)))
        else:
            return pointer
    return ", ".join(titles)


def members_of(node: Json, schema: Json) -> Iterator[tuple[str, Json]]:
    """The members that a schema of an object names, with the schema of each."""
    for name, member in node.get("properties", {}).items():
        yield name, resolved(member, schema)


def resolved(node: Json, schema: Json) -> Json:
    """A schema with its reference into `$defs` followed; what stands beside the reference goes first."""
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return node
    target: Json = schema["$defs"][reference.removeprefix("#/$defs/")]
    return {**target, **node}


def entry_of(label: str, value: Any, node: Json, schema: Json) -> Entry:  # noqa: ANN401 - any JSON value
    """One value under its label."""
    if isinstance(value, dict):
        if value.keys() == {"scheme", "id"}:
            return Entry(label, external_number(value))
        if mark := _mark(value, node, schema):
            return Entry(label, mark)
        return Entry(label, children=_members(value, node, schema))
    if isinstance(value, list):
        items = resolved(node.get("items", {}), schema)
        entries = tuple(_item(number, item, items, schema) for number, item in enumerate(value, 1))
        return Entry(label, children=_without_needless_levels(entries))
    text = show_scalar(value, node)
    return Entry(label, text, href=_address(value, node) if isinstance(value, str) else "")


def _mark(value: Json, node: Json, schema: Json) -> str:
    """The title of a mark that stands alone and can only be set, such as that there is nothing to name: “None”."""
    if len(value) != 1:
        return ""
    (name,) = value
    member = dict(members_of(node, schema)).get(name, {})
    return str(member["title"]) if member.get("const") is True and "title" in member else ""


def _address(text: str, node: Json) -> str:
    """Where a text leads: to a page, or to a mailbox where its field holds one."""
    if is_link(text):
        return text
    return f"mailto:{quote(text, safe='@')}" if node.get("format") == "email" and is_email(text) else ""


def external_number(number: Json) -> str:
    """What another list calls a thing, with the list's name as people know it."""
    return f"{title_of('external-id-scheme', number['scheme'])}: {number['id']}"


def show_scalar(value: Any, node: Json) -> str:  # noqa: ANN401 - any JSON value
    """A single value in words: a code by its title, a date and a length of time spelt out."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int):
        return show_number(value)
    text = str(value)
    if codes := node.get("x-codelist") or node.get("x-open-codelist"):
        return title_of(codes, text)
    if node.get("format") == "partial-date":
        return show_date(text)
    return show_duration(text) if node.get("format") == "duration" else text


def _members(value: Json, node: Json, schema: Json) -> tuple[Entry, ...]:
    known = dict(members_of(node, schema))
    ordered = [*(name for name in known if name in value), *(name for name in value if name not in known)]
    return tuple(
        entry_of(str(known.get(name, {}).get("title", name)), value[name], known.get(name, {}), schema)
        for name in ordered
        if name not in APART
    )


def _item(number: int, item: Any, node: Json, schema: Json) -> Entry:  # noqa: ANN401 - any JSON value
    if isinstance(item, dict) and item.keys() != {"scheme", "id"} and not _mark(item, node, schema):
        return Entry(f"{node.get('title', 'Entry')} {number}", children=_members(item, node, schema))
    return entry_of("", item, node, schema)


def _without_needless_levels(items: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """A list of things of which each says one thing alone reads as a list of what they say."""
    lone = [item.children[0] for item in items if len(item.children) == 1 and not item.children[0].children]
    if len(lone) == len(items) and len({child.label for child in lone}) == 1:
        return tuple(replace(child, label="") for child in lone)
    return items
