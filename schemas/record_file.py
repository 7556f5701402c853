"""Records that people write: JSON or YAML files, each value with the line it stands in."""

import io
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.scalarbool import ScalarBoolean

from schemas.cleaning import MOST_LEVELS, Cleaning, clean_document, too_deep
from schemas.errors import InvalidInput
from schemas.json_lines import lines_of_json
from schemas.problems import pointer_to

MOST_VALUES = 100_000
"""A YAML file with more values than this is refused: a few lines of YAML can stand for billions."""


class _DatesStayText(RoundTripConstructor):
    """Builds 2019-03-31 as the text it is, so that a wrong date can be shown as it was written."""


def _as_text(constructor: RoundTripConstructor, node: ScalarNode) -> object:
    return constructor.construct_scalar(node)


_DatesStayText.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One record of a file: where it stands, its clean value, and the line (from 1) of each JSON Pointer in it."""

    place: str
    value: Any
    lines: dict[str, int] = field(default_factory=dict)
    cleanings: tuple[Cleaning, ...] = ()

    def line_of(self, pointer: str) -> int | None:
        """The line of a value, or of the nearest thing around it."""
        while pointer not in self.lines and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer)


@dataclass(frozen=True, slots=True)
class _Document:
    """One document of a file as plain JSON values, and the line of each JSON Pointer in it."""

    value: Any
    lines: dict[str, int]


def read_record_file(data: bytes, name: str) -> list[FileRecord]:
    """Every record of a JSON or YAML file: one, a list of them, or several YAML documents.

    Raises InvalidInput with line and column where the file cannot be read.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"{name} is not UTF-8 text (line {line:,}).", "Save it as UTF-8 and try again.") from None
    documents = [_read_json(text, name)] if _looks_like_json(text) else _read_yaml(text, name)
    records = list(_records(documents, name))
    if not records:
        raise InvalidInput(f"{name} is empty.", "Write at least one record into it.")
    return records


def _looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in {"{", "["}


def _read_json(text: str, name: str) -> _Document:
    try:
        value = json.loads(text, parse_constant=_no_number)
        return _Document(value, dict(lines_of_json(text)))
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"{name} is not JSON: {error.msg.lower()} in line {error.lineno}, column {error.colno}.",
            "Correct it there; an editor that knows JSON shows the place.",
        ) from None
    except InvalidInput as error:
        raise InvalidInput(f"{name}: {error.message}", error.advice) from None
    except RecursionError:
        raise too_deep(name) from None
    except ValueError:  # more digits than Python turns into a number
        raise InvalidInput(f"{name} holds a number too long to read.", "Write long numbers as text.") from None


def _no_number(constant: str) -> NoReturn:
    raise InvalidInput(f"{constant} is no number that JSON knows.", "Leave the value out, or write a number.")


def _read_yaml(text: str, name: str) -> list[_Document]:
    budget = _Budget()
    try:
        documents = [document for document in _yaml().load_all(io.StringIO(text)) if document is not None]
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = (error.problem or error.context or "it cannot be read").splitlines()[0]
        raise InvalidInput(f"{name} is not YAML: {problem}{where}.", "Correct it there.") from None
    except RecursionError:
        raise too_deep(name) from None
    except YAMLError as error:
        reason = (str(error).splitlines() or ["it cannot be read"])[0]
        raise InvalidInput(f"{name} is not YAML: {reason}.", "Correct it and try again.") from None
    except ValueError:  # more digits than Python turns into a number, or not what the value's tag calls it
        raise InvalidInput(f"{name} holds a number that cannot be read.", "Put long numbers in quotes.") from None
    return [_plain_document(document, name, budget) for document in documents]


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Constructor = _DatesStayText
    yaml.composer.warn_double_anchors = False  # an anchor may be used again (YAML 1.2, section 7.1)
    return yaml


def _records(documents: list[_Document], name: str) -> Iterator[FileRecord]:
    number = 0
    for document in documents:
        for value, lines in _parts(document):
            number += 1
            alone = len(documents) == 1 and not isinstance(document.value, list)
            place = "the record" if alone else f"record {number}"
            try:
                clean, cleanings = clean_document(value)
            except InvalidInput as error:
                raise InvalidInput(f"{name}, {place}: {error.message}", error.advice) from None
            yield FileRecord(place, clean, lines, tuple(cleanings))


def _parts(document: _Document) -> Iterator[tuple[Any, dict[str, int]]]:
    """The records of a document, each with its own lines."""
    if not isinstance(document.value, list):
        yield document.value, document.lines
        return
    lines: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for pointer, line in document.lines.items():
        position, slash, rest = pointer.removeprefix("/").partition("/")
        lines[position][slash + rest] = line
    for number, value in enumerate(document.value):
        yield value, lines[str(number)]


@dataclass(slots=True)
class _Budget:
    left: int = MOST_VALUES

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise InvalidInput(
                f"The file stands for more than {MOST_VALUES:,} values.",
                "Give the records in several files, without aliases that repeat each other.",
            )


def _plain_document(node: Any, name: str, budget: _Budget) -> _Document:  # noqa: ANN401
    lines = {"": 1}
    try:
        return _Document(_plain(node, (), lines, budget), lines)
    except InvalidInput as error:
        raise InvalidInput(f"{name}: {error.message}", error.advice) from None


def _plain(node: Any, path: tuple[str | int, ...], lines: dict[str, int], budget: _Budget) -> Any:  # noqa: ANN401
    budget.spend()
    if len(path) > MOST_LEVELS + 1:
        raise too_deep()
    if isinstance(node, dict):
        return _plain_members(node, path, lines, budget)
    if isinstance(node, list):
        _note_line(node, path, lines)
        for position in range(len(node)):
            lines[pointer_to((*path, position))] = _line_of_item(node, position)
        return [_plain(value, (*path, position), lines, budget) for position, value in enumerate(node)]
    if isinstance(node, bool | ScalarBoolean):  # the latter is a true or false with an anchor
        return bool(node)
    if node is None:
        return None
    return next((kind(node) for kind in (int, float, str) if isinstance(node, kind)), str(node))


def _plain_members(
    node: dict[Any, Any], path: tuple[str | int, ...], lines: dict[str, int], budget: _Budget
) -> dict[str, Any]:
    _note_line(node, path, lines)
    members: dict[str, Any] = {}
    for key, value in node.items():
        name = str(key)
        line = _line_of_key(node, key)
        if name in members:
            raise InvalidInput(f"The field “{name}” stands there twice (line {line}).", "Keep one of the two.")
        lines[pointer_to((*path, name))] = line
        members[name] = _plain(value, (*path, name), lines, budget)
    return members


def _note_line(node: Any, path: tuple[str | int, ...], lines: dict[str, int]) -> None:  # noqa: ANN401
    """Keep the line a whole document begins in; what is inside has the line of its name or its dash."""
    if not path and isinstance(node, CommentedMap | CommentedSeq):
        lines[""] = int(node.lc.line) + 1


def _line_of_key(node: dict[Any, Any], key: object) -> int:
    known = isinstance(node, CommentedMap) and key in (node.lc.data or {})
    return int(node.lc.key(key)[0]) + 1 if isinstance(node, CommentedMap) and known else 1


def _line_of_item(node: list[Any], position: int) -> int:
    if not isinstance(node, CommentedSeq):
        return 1
    data = node.lc.data or {}
    return int(data[position][0]) + 1 if position in data else int(node.lc.line) + 1
