"""Answers as JSON text: what was written before is put in as it is, and what is long goes out piece by piece."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import cast

from schemas.canonical import Json
from schemas.clock import Randomness


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


def written(content: object, randomness: Randomness) -> Iterator[bytes]:
    """The JSON of a value, in pieces. Chance marks the places of what is written already: nobody can have sent it."""
    if isinstance(content, Texts):
        yield from content.written()
    elif isinstance(content, Iterator):
        yield from _listed(content)
    elif is_long(content):
        begin = "{"
        for name, value in cast(dict[str, object], content).items():
            yield f"{begin}{json.dumps(name)}: ".encode("ascii")
            yield from written(value, randomness)
            begin = ", "
        yield b"}"
    else:
        yield _whole(content, randomness(16).hex())


def _whole(content: object, place: str) -> bytes:
    """The JSON of a value that is all there: written in one go, and then what was written before is put in."""
    texts: list[bytes] = []

    def put_in(value: object) -> str:
        if not isinstance(value, Prepared):
            raise TypeError(value)
        texts.append(value.text)
        return place

    pieces = json.dumps(content, default=put_in).encode("ascii").split(f'"{place}"'.encode())
    return b"".join(chain.from_iterable(zip(pieces, [*texts, b""], strict=True)))


def _listed(items: Iterable[object]) -> Iterator[bytes]:
    begin = b"["
    for item in items:
        yield begin
        yield item.text if isinstance(item, Prepared) else json.dumps(item).encode("ascii")
        begin = b", "
    yield b"[]" if begin == b"[" else b"]"
