"""Answers as JSON text: what was written before is put in as it is, and what is long goes out piece by piece."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from schemas.canonical import Json


@dataclass(frozen=True, slots=True)
class Prepared:
    """A value of JSON that is written already, in ASCII."""

    text: bytes

    @classmethod
    def of(cls, value: Json) -> "Prepared":
        """Write a value."""
        return cls(json.dumps(value).encode("ascii"))

    def value(self) -> Json:
        """The value that was written."""
        return cast(Json, json.loads(self.text))


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts that comes in batches, for which nobody knows how long it is."""

    batches: Iterator[Sequence[str]]

    def written(self) -> Iterator[bytes]:
        """The list, a batch at a time."""
        begin = "["
        for batch in self.batches:
            if batch:
                yield f"{begin}{json.dumps(batch)[1:-1]}".encode("ascii")
                begin = ", "
        yield b"[]" if begin == "[" else b"]"


def is_long(content: object) -> bool:
    """Whether an answer holds a list that nobody knows the length of."""
    return isinstance(content, dict) and isinstance(content.get("result"), Iterator | Texts)


def written(content: object) -> Iterator[bytes]:
    """The JSON of a value, in small pieces."""
    if isinstance(content, Prepared):
        yield content.text
    elif isinstance(content, Texts):
        yield from content.written()
    elif isinstance(content, dict) and any(isinstance(value, _NOT_PLAIN) for value in content.values()):
        begin = "{"
        for name, value in content.items():
            yield f"{begin}{json.dumps(name)}: ".encode("ascii")
            yield from written(value)
            begin = ", "
        yield b"}"
    elif isinstance(content, Iterator) or _is_prepared(content):
        yield from _listed(cast(Iterable[object], content))
    else:
        yield json.dumps(content).encode("ascii")


_NOT_PLAIN = (dict, list, Iterator, Prepared, Texts)


def _is_prepared(content: object) -> bool:
    return isinstance(content, list) and bool(content) and isinstance(content[0], Prepared)


def _listed(items: Iterable[object]) -> Iterator[bytes]:
    begin = b"["
    for item in items:
        yield begin
        yield item.text if isinstance(item, Prepared) else json.dumps(item).encode("ascii")
        begin = b", "
    yield b"[]" if begin == b"[" else b"]"
