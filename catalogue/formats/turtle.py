"""Turtle (W3C Recommendation, 2014) for people: what has no address stands inside what holds it.

Written here and not by a library, because a page of a catalogue must be there at once: this is several times as fast
as handing every statement over, and blank nodes need no names.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache

from catalogue.formats.rdf import NAMESPACES, Iri, Literal, Resource, Value, expanded

_INDENT = "    "
_MOST_REMEMBERED = 20_000
_SMALL = 3
_quoted = json.JSONEncoder(ensure_ascii=False).encode
"""A text in quotation marks: JSON's escapes are Turtle's (section 6.4) too."""

_HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in NAMESPACES.items()).encode()


def turtle_parts(resources: Iterable[Resource]) -> Iterator[bytes]:
    """A document in parts: the prefixes, then each resource with all that is described in it."""
    yield _HEAD
    told: set[Resource] = set()
    for resource in resources:
        text = _described(resource, told)
        if text:
            yield text.encode()


def _described(resource: Resource, told: set[Resource]) -> str:
    """The statements about a resource, then those about the nodes with an address that are described in it.

    Small nodes, which come back with every dataset (languages, themes, bodies), are `told` once in a document, as long
    as they are few enough to be remembered.
    """
    waiting = [resource]
    parts: list[str] = []
    for described in waiting:
        if described is not resource and len(described.properties) <= _SMALL:
            if described in told:
                continue
            if len(told) < _MOST_REMEMBERED:
                told.add(described)
        body = _body(described, waiting, 1)
        if described.iri is None:
            parts.append(f"\n[ {body} ] .\n" if body else "")
        elif body:
            parts.append(f"\n<{described.iri}> {body} .\n")
    return "".join(parts)


def _body(resource: Resource, waiting: list[Resource], depth: int) -> str:
    """What stands behind a subject; nodes with an address join those that wait to be described."""
    values: dict[str, list[str]] = {}
    for name, value in resource.properties:
        if isinstance(value, Literal) and not value.language and not value.datatype:  # by far the most
            written = _quoted(value.value)
        elif isinstance(value, Iri):
            written = f"<{value.value}>"
        else:
            written = _value(value, waiting, depth)
        if name in values:
            values[name].append(written)
        else:
            values[name] = [written]
    said = [f"a {_types(resource.types)}"] if resource.types else []
    said += [f"{_name(name)} {', '.join(written)}" for name, written in values.items()]
    return f" ;\n{_INDENT * depth}".join(said)


def _value(value: Value, waiting: list[Resource], depth: int) -> str:
    if isinstance(value, Literal):
        text = _quoted(value.value)
        if value.language:
            return f"{text}@{value.language}"
        return f"{text}^^{_name(value.datatype)}" if value.datatype else text
    if isinstance(value, Iri):
        return f"<{value.value}>"
    if value.iri is not None:
        waiting.append(value)
        return f"<{value.iri}>"
    body = _body(value, waiting, depth + 1)
    return f"[ {body} ]" if body else "[]"


@cache
def _types(names: tuple[str, ...]) -> str:
    return ", ".join(_name(name) for name in names)


@cache
def _name(compact: str) -> str:
    """A compact name. Raises KeyError for a prefix that the document does not declare."""
    return compact if expanded(compact) else ""
