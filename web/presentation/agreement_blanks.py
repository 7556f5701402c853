"""A record with a mark wherever a text was blanked, so that no page says of it that the source is silent."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from register.agreements.blanking import BLANKED
from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.contract import load_event
from web.presentation.record import members_of, resolved, title_at

_ADDRESSES = frozenset({"email", "web-address"})
"""Formats of texts that lead somewhere: a mark would lead nowhere."""


_OF_AN_EVENT = re.compile(r"/events/([0-9]+)(/.*)")


def place_blanked(pointer: str, events: Mapping[int, str]) -> str:
    """What people call the place of a value that was blanked, in the deal or in what an event says.

    `events` gives the codes of the agreement's events by their numbers.
    """
    of_event = _OF_AN_EVENT.fullmatch(pointer)
    if not of_event or int(of_event[1]) not in events:
        return title_at(pointer, load_schema("agreement", AGREEMENT_VERSION))
    event = events[int(of_event[1])]
    return f"{title_of('agreement-event', event)}, {title_at(of_event[2], load_event(event, AGREEMENT_VERSION))}"


def with_blanks(document: Json, pointers: Iterable[str], schema: Json) -> Json:
    """The document with marks at the places that JSON Pointers name, wherever a text could stand there.

    A list that lost a whole member closes its gap, so a pointer may name a place that is there no more: it leaves none.
    """
    wanted = list(pointers)
    if not wanted:
        return document
    marked: Json = _copied(document)
    for pointer in wanted:
        _mark(marked, [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]], schema, schema)
    return marked


def _copied(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, dict):
        return {name: _copied(member) for name, member in node.items()}
    return [_copied(member) for member in node] if isinstance(node, list) else node


def _mark(node: Any, path: list[str], place: Json, schema: Json) -> None:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        if len(path) > 1 and path[0].isdecimal() and int(path[0]) < len(node):
            _mark(node[int(path[0])], path[1:], resolved(place.get("items", {}), schema), schema)
        return
    if not isinstance(node, dict) or not path:
        return
    member = dict(members_of(place, schema)).get(path[0], {})
    if len(path) == 1:
        if member.get("type") == "string" and member.get("format") not in _ADDRESSES:
            node.setdefault(path[0], BLANKED)
        return
    group = node.get(path[0], {} if _can_hold_it_alone(member, path[1]) else None)
    _mark(group, path[1:], member, schema)
    if group:
        node[path[0]] = group


def _can_hold_it_alone(group: Json, name: str) -> bool:
    """Whether a group of fields makes sense with one member only."""
    return group.get("type") == "object" and set(group.get("required", ())) <= {name}
