"""Values of a record as lines of text: codes by their titles, groups of fields by the titles of their fields. Pure."""

from collections.abc import Iterator
from typing import Any

from register.differences import resolved
from schemas.canonical import Json
from schemas.codelists import title_of

HELD_APART = "contactRecord"
"""The number of a contact that is kept apart from the record; it tells a reader nothing."""


def in_words(value: Any, node: Json, schema: Json) -> list[str]:  # noqa: ANN401 - any JSON value
    """What a value says, line by line. `node` is the value's schema, `schema` the whole one. Nothing is left out but
    the numbers of contacts that are kept apart.
    """
    if isinstance(value, list):
        items = resolved(node.get("items", {}), schema)
        return ["; ".join(in_words(item, items, schema)) for item in value]
    if isinstance(value, dict):
        return list(_members(value, node, schema))
    return [_scalar(value, node)]


def _members(value: Json, node: Json, schema: Json) -> Iterator[str]:
    if value.keys() == {"scheme", "id"}:
        yield f"{title_of('external-id-scheme', str(value['scheme']))}: {value['id']}"
        return
    properties = node.get("properties", {})
    for name in [*(name for name in properties if name in value), *(name for name in value if name not in properties)]:
        if name == HELD_APART:
            continue
        member = resolved(properties.get(name, {}), schema)
        yield f"{member.get('title', name)}: {'; '.join(in_words(value[name], member, schema))}"


def _scalar(value: Any, node: Json) -> str:  # noqa: ANN401
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int):
        return f"{value:,}"
    codes = node.get("x-codelist") or node.get("x-open-codelist")
    return title_of(codes, str(value)) if codes else str(value)
