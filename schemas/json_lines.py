"""The lines of a JSON text: where each value stands, and whether a group of fields names one twice."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.errors import InvalidInput
from schemas.problems import pointer_to

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|\n|[^\s"{}\[\],:]+')


@dataclass(slots=True)
class _Holder:
    """An object or array that is open: its pointer, and the name or position of the value to come."""

    pointer: str
    is_object: bool
    awaits_name: bool
    position: int = 0
    name: str = ""
    names: set[str] = field(default_factory=set)

    def here(self) -> str:
        return self.pointer + pointer_to((self.name if self.is_object else self.position,))


def lines_of_json(text: str) -> Iterator[tuple[str, int]]:
    """The JSON Pointer (RFC 6901) of every value with the line (from 1) it begins in, a member's that of its name.

    `text` is valid JSON. Raises InvalidInput where an object has a name twice (RFC 8259, section 4, lets each
    reader choose one of the two silently).
    """
    holders: list[_Holder] = []
    line = 1
    for match in _TOKEN.finditer(text):
        piece = match.group()
        holder = holders[-1] if holders else None
        if piece == "\n":
            line += 1
        elif piece in {"}", "]"}:
            holders.pop()
        elif piece == ",":
            if holder:
                holder.position += 1
                holder.awaits_name = holder.is_object
        elif piece == ":":
            continue
        elif holder and holder.awaits_name:
            yield _named(holder, piece, line), line
        else:
            pointer = holder.here() if holder else ""
            if holder is None or not holder.is_object:
                yield pointer, line
            if piece in {"{", "["}:
                holders.append(_Holder(pointer, piece == "{", piece == "{"))


def _named(holder: _Holder, piece: str, line: int) -> str:
    """Take the name of the member to come."""
    holder.name = json.loads(piece)
    holder.awaits_name = False
    if holder.name in holder.names:
        raise InvalidInput(
            f"The field “{holder.name}” stands twice in one group of fields, the second time in line {line}.",
            "Keep one of the two.",
        )
    holder.names.add(holder.name)
    return holder.here()
