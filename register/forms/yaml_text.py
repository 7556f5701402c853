"""Editing a record in YAML as a careful person would: the lines of one value change, and nothing else.

A file that is read and written anew loses the way its writer folded lines, laid out lists and spaced comments. Here
the parser only tells where each value stands in the text.
"""

import json
import re
import textwrap
from collections.abc import Callable, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from register.forms.places import Path, with_value

Order = Callable[[Path], Sequence[str]]
"""The names of the members of the group at a place, in the order to write them in."""

_WIDTH = 100
_INDENT = 2
# What YAML 1.1 readers, and some people, would not take for text: no, 012, 2024-03, 1.0, 12:30.
_NOT_PLAINLY_TEXT = re.compile(
    r"[-+.\d][-+.,:_\dA-Fa-fXxOoTZtz ]*|~|null|y|n|yes|no|on|off|true|false|=|<<", re.IGNORECASE
)
_COMMENT = re.compile(r"(?:^|\s)(#.*)$")


def with_yaml_value(text: str, path: Path, value: Any, order: Order) -> str:  # noqa: ANN401 - any JSON value
    """A record's text with a value at a place; None takes what stands there out."""
    root = _parser().compose(text)
    if not isinstance(root, MappingNode):
        return text.rstrip("\n") + ("\n" if text.strip() else "") + written(with_value({}, path, value))
    return _Edit(text, root, order).put(path, value)


def written(value: Any) -> str:  # noqa: ANN401
    """A group or a list as lines of YAML."""
    target = StringIO()
    _parser().dump(_styled(value), target)
    return target.getvalue()


def _parser() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.width = _WIDTH
    yaml.indent(mapping=_INDENT, sequence=2 * _INDENT, offset=_INDENT)
    yaml.composer.warn_double_anchors = False
    return yaml


def _styled(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {name: _styled(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_styled(member) for member in value]
    if isinstance(value, str):
        if "\n" in value and value == value.strip() and not re.search(r"[^\S\n]\n|\t|\r", value):
            return LiteralScalarString(value)
        return DoubleQuotedScalarString(value) if _NOT_PLAINLY_TEXT.fullmatch(value) else value
    return value


def _on_one_line(value: Any) -> str:  # noqa: ANN401
    """A value to stand behind its name: as YAML writes it, or as JSON where that would take several lines."""
    if isinstance(value, str) and "\n" not in value and len(value) < _WIDTH:
        return written({"x": value}).removeprefix("x: ").rstrip("\n")
    return json.dumps(value, ensure_ascii=False)


class _Edit:
    def __init__(self, text: str, root: MappingNode, order: Order) -> None:
        self.text = text
        self.root = root
        self.order = order

    def put(self, path: Path, value: Any) -> str:  # noqa: ANN401
        """The text with the value put in, changed, or taken out."""
        node: Node = self.root
        above: list[tuple[Node, Path]] = []
        for depth, part in enumerate(path):
            if _is_in_brackets(node):
                return self._in_brackets(node, path[depth:], value)
            above.append((node, path[:depth]))
            inner = _child(node, part)
            if inner is None:
                return self.text if value is None else self._add(node, path[:depth], path[depth:], value)
            if _is_empty(inner) and depth + 1 < len(path) and value is not None:
                return self._fill(node, inner, path[depth + 1 :], value)
            node = inner
        if value is None:
            return self._remove(above, path)
        if isinstance(node, MappingNode | SequenceNode) and not _is_in_brackets(node):
            return with_yaml_value(self._remove(above, path), path, value, self.order)
        return self._replace(node, value)

    def _in_brackets(self, node: Node, path: Path, value: Any) -> str:  # noqa: ANN401
        """What is written in brackets is written in brackets anew; comments in it go above."""
        start, end = node.start_mark.index, node.end_mark.index
        plain = YAML(typ="safe", pure=True)
        plain.constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda maker, one: maker.construct_scalar(one))
        anew = json.dumps(with_value(plain.load(self.text[start:end]), path, value), ensure_ascii=False)
        notes = [match[1] for line in self.text[start:end].splitlines() if (match := _COMMENT.search(line))]
        line = self.text.rfind("\n", 0, start) + 1
        indent = re.match(r" *", self.text[line:])
        above = "".join(f"{indent[0] if indent else ''}{note}\n" for note in notes)
        return self.text[:line] + above + self.text[line:start] + anew + self.text[end:]

    def _replace(self, node: Node, value: Any) -> str:  # noqa: ANN401
        start, end = node.start_mark.index, _content_end(node)
        if _is_empty(node) and isinstance(node, ScalarNode) and not node.value:
            return f"{self.text[:start]} {_on_one_line(value)}{self.text[start:]}"
        end = len(self.text[:end].rstrip())
        return self.text[:start] + _on_one_line(value) + self.text[end:]

    def _fill(self, holder: Node, node: Node, path: Path, value: Any) -> str:  # noqa: ANN401
        """Write into a group or list whose name stands there alone, or with empty brackets."""
        end = node.end_mark.index
        before = self.text[: node.start_mark.index].rstrip(" ")
        text = before + self.text[end:]
        shift = " " * (holder.start_mark.column + _INDENT)
        lines = textwrap.indent(written(with_value(None if path else {}, path, value)), shift)
        if isinstance(path[0], int):
            lines = textwrap.indent(textwrap.dedent(lines), shift)
        return _after_line(text, len(before), lines)

    def _add(self, holder: Node, place: Path, path: Path, value: Any) -> str:  # noqa: ANN401
        column = " " * holder.start_mark.column
        lines = textwrap.indent(textwrap.dedent(written(with_value(None, path, value))), column)
        if isinstance(holder, SequenceNode):
            return _after_line(self.text, _content_end(holder.value[-1]), lines)
        if not isinstance(holder, MappingNode):
            raise TypeError("nothing can be added inside a text")
        names = list(self.order(place))
        rank = {name: number for number, name in enumerate(names)}
        mine = rank.get(str(path[0]), len(names))
        pairs = [(rank.get(str(key.value), -1), key, inner) for key, inner in holder.value]
        earlier = [(key, inner) for number, key, inner in pairs if number <= mine]
        if not earlier and not place:
            start = self.text.rfind("\n", 0, pairs[0][1].start_mark.index) + 1
            return self.text[:start] + lines + self.text[start:]
        key, inner = (earlier or [pairs[0][1:]])[-1]
        return _after_line(self.text, max(key.end_mark.index, _content_end(inner)), lines)

    def _remove(self, above: list[tuple[Node, Path]], path: Path) -> str:
        """Take out the lines of a value, and what holds nothing else with it."""
        while len(above) > 1 and len(above[-1][0].value) == 1:
            above.pop()
        holder, place = above[-1]
        part = path[len(place)]
        if isinstance(part, int):
            node = holder.value[part]
            start = self.text.rfind("\n", 0, node.start_mark.index) + 1
            return self._without_lines(start, _content_end(node))
        key, node = next((key, node) for key, node in holder.value if key.value == part)
        start = key.start_mark.index
        line = self.text.rfind("\n", 0, start) + 1
        if self.text[line:start].strip():  # the first member of an item: the dash stays for the next
            following = holder.value[1][0].start_mark.index
            return self.text[:start] + self.text[following:]
        return self._without_lines(line, max(key.end_mark.index, _content_end(node)))

    def _without_lines(self, start: int, end: int) -> str:
        stop = self.text.find("\n", len(self.text[:end].rstrip()))
        return self.text[:start] + (self.text[stop + 1 :] if stop >= 0 else "")


def _child(node: Node, part: str | int) -> Node | None:
    if isinstance(part, int):
        found = node.value[part] if isinstance(node, SequenceNode) and part < len(node.value) else None
    else:
        pairs = node.value if isinstance(node, MappingNode) else ()
        found = next((inner for key, inner in pairs if key.value == part), None)
    return found if isinstance(found, Node) else None


def _is_in_brackets(node: Node) -> bool:
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)


def _is_empty(node: Node) -> bool:
    if isinstance(node, ScalarNode):
        return node.style is None and node.value in {"", "~", "null"}
    return not node.value


def _content_end(node: Node) -> int:
    """Where the text of a value ends, before comments and blank lines that follow."""
    if isinstance(node, MappingNode | SequenceNode) and not _is_in_brackets(node) and node.value:
        last = node.value[-1]
        if isinstance(last, tuple):
            return max(int(last[0].end_mark.index), _content_end(last[1]))
        return _content_end(last)
    return int(node.end_mark.index)


def _after_line(text: str, position: int, lines: str) -> str:
    """The text with lines put behind the one that a position is in."""
    position = len(text[:position].rstrip())
    end = text.find("\n", position)
    if end < 0:
        return f"{text}\n{lines}"
    return text[: end + 1] + lines + text[end + 1 :]
