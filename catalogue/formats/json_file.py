"""JSON files as they arrive: decoded, parsed and kept within what JSON can say everywhere."""

import json
import math
from collections.abc import Iterator
from typing import Any

from schemas.errors import InvalidInput

DEEPEST = 64
"""A record nested deeper than this is no description of a dataset."""

_LARGEST = 2**53 - 1
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decoded(data: bytes, name: str) -> str:
    """The text of a file: UTF-8, or UTF-16 where a byte order mark says so; the mark itself is left out.

    Half characters (surrogates) pass, to be cleaned and told record by record. Raises InvalidInput with the line.
    """
    mark, encoding = next(((mark, found) for mark, found in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    data = data.removeprefix(mark)
    try:
        return data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInput(
            f"{name} is not UTF-8 text: line {line} has the byte 0x{data[error.start]:02X}.",
            "Save the file as UTF-8 and try again.",
        ) from None


def parse_json(text: str, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value of a text. Numbers that not every reader of JSON can hold (RFC 8259, section 6) become text.

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


# strict=False: raw control characters inside texts are cleaned and told, not a reason to refuse the file.
_DECODER = json.JSONDecoder(strict=False, parse_int=_whole, parse_float=_decimal, parse_constant=str)
