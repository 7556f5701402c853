"""A form in YAML: every field a commented line to uncomment and fill in, under a note of what it is.

Notes begin with ##. Taking “# ” away from the beginning of a line that begins so makes a field of it.
"""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from register.forms.fields import Field, Form
from register.forms.places import Path

_WIDTH = 100
_TITLED = 40
"""Lists with more codes than this are written without their titles."""


@dataclass
class FormText:
    """Writes the fields of a form.

    `members` gives the names in a group in order, `shown` says which places to write, `marks` what to say of who wants
    one, and `plain` which fields stand there uncommented, with what value.
    """

    form: Form
    members: Callable[[Path], Sequence[str]]
    shown: Callable[[Path], bool] = lambda _path: True
    marks: Callable[[Path], Sequence[str]] = lambda _path: ()
    plain: Callable[[Path], str | None] = lambda _path: None
    listed: set[str] = field(default_factory=set)

    def group(self, path: Path, indent: int = 0, *, item: bool = False) -> Iterator[str]:
        """The fields of a group; those of an item of a list begin with its dash."""
        for name in self.members(path):
            inner = self.form.field((*path, name))
            if inner is None or not self.shown((*path, name)):
                continue
            yield from self._field((*path, name), inner, indent, dash=item)
            item = False

    def _field(self, path: Path, inner: Field, indent: int, *, dash: bool) -> Iterator[str]:
        yield from (f"##{' ' * (indent + 1)}{line}" for line in self._notes(path, inner, _WIDTH - indent))
        lead = " " * indent
        start = f"{lead[:-2]}- " if dash else lead
        value = self.plain(path)
        if value is not None:
            yield f"{start}{inner.name}: {value}".rstrip()
            yield from [""] if indent == 0 else []
            return
        mark = "" if self._is_plain_group(path, inner) else "# "
        match inner.kind:
            case "group":
                yield f"{mark}{start}{inner.name}:"
                yield from self.group(path, indent + 2)
            case "list":
                yield f"{mark}{start}{inner.name}:"
                items = self.form.field((*path, 0))
                if items and items.kind == "group":
                    yield from self.group((*path, 0), indent + 4, item=True)
                else:
                    yield f"{mark}{lead}  -"
            case "codes" | "words":
                yield f"{mark}{start}{inner.name}: []"
            case "constant":
                yield f"{mark}{start}{inner.name}: {'true' if inner.schema['const'] is True else inner.schema['const']}"
            case _:
                yield f"{mark}{start}{inner.name}:"
        if indent == 0:
            yield ""

    def _is_plain_group(self, path: Path, inner: Field) -> bool:
        """Whether something inside stands there uncommented: then its name must."""
        return inner.kind == "group" and any(self.plain((*path, name)) is not None for name in self.members(path))

    def _notes(self, path: Path, inner: Field, width: int) -> Iterator[str]:
        yield from textwrap.wrap(f"{inner.title}. {inner.description}".strip(), width)
        for mark in self.marks(path):
            yield from textwrap.wrap(mark, width, initial_indent="  ", subsequent_indent="    ")
        if inner.examples:
            yield from textwrap.wrap(f"For example: {inner.examples[0]}", width, initial_indent="  ")
        if inner.kind in {"codes", "words"}:
            yield "  Write them between the brackets, with commas between."
        if inner.kind == "boolean":
            yield "  true or false."
        if inner.kind == "constant" and isinstance(path[-2], int):
            yield f"  To say so, write one item and nothing else in it: - {inner.name}: true"
        codes = inner.codes or inner.open_codes
        if codes:
            yield from self._codes(inner, codes, width)

    def _codes(self, inner: Field, codes: str, width: int) -> Iterator[str]:
        kind = "Codes" if inner.codes else "Known codes, among others"
        if codes in self.listed:
            yield f"  {kind}: the list “{codes}”, as above."
            return
        self.listed.add(codes)
        yield f"  {kind} (the list “{codes}”):"
        options = inner.options or inner.open_options
        if len(options) > _TITLED:
            words = ", ".join(option.code for option in options)
            yield from textwrap.wrap(
                words, width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
            )
            return
        for option in options:
            yield from textwrap.wrap(
                f"{option.code}: {option.title}" + (f" – {option.description}" if option.description else ""),
                width,
                initial_indent="    ",
                subsequent_indent="      ",
                break_on_hyphens=False,
            )
