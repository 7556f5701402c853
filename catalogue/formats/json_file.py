"""JSON files as they arrive: decoded, parsed and kept within what JSON can say everywhere."""

import gzip
import io
import json
import math
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from schemas.errors import InvalidInput

DEEPEST = 64
"""A record nested deeper than this is no description of a dataset."""

MOST_UNPACKED = 1_000_000_000
"""A packed file that unfolds into more bytes is refused: a few bytes can stand for any number of them."""

_LARGEST = 2**53 - 1
_PACKED = b"\x1f\x8b"  # RFC 1952


def unpacked(data: bytes, name: str) -> bytes:
    """The bytes of a file, unpacked where it is packed with gzip, as `ckanapi dump` packs. Raises InvalidInput."""
    if not data.startswith(_PACKED):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            found = file.read(MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error):
        raise InvalidInput(f"{name} is packed with gzip and damaged.", "Fetch the file again.") from None
    if len(found) > MOST_UNPACKED:
        raise InvalidInput(f"{name} holds more than {MOST_UNPACKED:,} bytes.", "Unpack it, and give it in parts.")
    return found


def decoded(data: bytes, name: str) -> str:
    """The text of a file, packed with gzip or not: UTF-8, or UTF-16 or UTF-32 where its first bytes say so.

    A byte order mark is left out. Half characters (surrogates) pass, to be cleaned and told record by record. Raises
    InvalidInput with the line.
    """
    data = unpacked(data, name)
    encoding = json.detect_encoding(data[:4])
    try:
        return data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError as error:
        line, expected = data.count(b"\n", 0, error.start) + 1, encoding.removesuffix("-sig").upper()
        raise InvalidInput(
            f"{name} is not {expected} text: line {line} has the byte 0x{data[error.start]:02X}.",
            "Save the file as UTF-8 and try again.",
        ) from None


def parse_json(text: str, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value of a text. Numbers that not every reader of JSON can hold (RFC 8259, section 6) become text.

    Of a member that stands twice in one object nothing is passed over: its values become a list.

    Raises InvalidInput with line, column and what to do where the text is no JSON.
    """
    if not text.strip():
        raise InvalidInput(f"{name} is empty.", "Fetch or export the file again.")
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidInput(f"{name} is not JSON: {where}: {error.msg}.", _advice(text)) from None
    except RecursionError:
        raise InvalidInput(f"{name} is nested too deeply to be read.", "Check how the file was exported.") from None


def parse_json_lines(text: str) -> Iterator[tuple[int, Any]]:
    """Every JSON value of a file that has one on each line, with its line; for a line that is no JSON, the error."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, parse_json(line, "The line")
            except InvalidInput as error:
                yield number, error


def is_too_deep(value: object) -> bool:
    """Whether a value is nested deeper than any description of a dataset."""
    level: list[object] = [value]
    for _ in range(DEEPEST + 1):
        level = [item for holder in level for item in _inside(holder)]
        if not level:
            return False
    return True


def kind_of(value: object) -> str:
    """What kind of JSON value this is, in plain English."""
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "a group of fields"


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _advice(text: str) -> str:
    if text.lstrip().startswith("<"):
        return "This is a web page or XML. Download the JSON file itself."
    return "Correct it there, or fetch the whole file again: it may have been cut off."


def _whole(text: str) -> int | str:
    if len(text) > len(str(_LARGEST)) + 1:
        return text
    number = int(text)
    return number if abs(number) <= _LARGEST else text


def _decimal(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    return value if len(value) == len(pairs) else _with_all_values(pairs)


def _with_all_values(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose members stand in it more than once; one that only repeats itself stays what it is."""
    found: dict[str, dict[str, Any]] = {}
    for name, item in pairs:
        found.setdefault(name, {}).setdefault(json.dumps(item, sort_keys=True), item)
    several = {name: list(values.values()) for name, values in found.items()}
    return {name: values[0] if len(values) == 1 else _joined(values) for name, values in several.items()}


def _joined(values: list[Any]) -> list[Any]:
    return [item for value in values for item in (value if isinstance(value, list) else [value])]


# strict=False: raw control characters inside texts are cleaned and told, not a reason to refuse the file.
_DECODER = json.JSONDecoder(
    strict=False, parse_int=_whole, parse_float=_decimal, parse_constant=str, object_pairs_hook=_object
)
