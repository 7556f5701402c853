"""What changed from one text of a record to the next, field by field and in words, as pages show it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from register.differences import Difference, differences
from register.redline import Piece
from schemas.canonical import Json
from web.presentation.record import APART, entry_of

Kind = Literal["added", "removed", "changed", "reordered"]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one field: the titles on the way to it, how it changed, what it said before and says now.

    `before` and `after` are lists of lines; `pieces` tells word by word what became of a text; `versions` are the
    numbers of the versions that touched it, where there are several to choose from.
    """

    titles: tuple[str, ...]
    kind: Kind
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    versions: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """The way to the field in plain words."""
        return ", ".join(self.titles)


def changes_between(before: Json, after: Json, schema: Json) -> list[Change]:
    """Every difference between two texts of one record, in the schema's order; empty where they say the same."""
    found = differences(before, after, schema)
    return show_changes([(difference, ()) for difference in found], schema)


def show_changes(found: Iterable[tuple[Difference, Sequence[int]]], schema: Json) -> list[Change]:
    """Differences as pages show them, each with the versions that brought it: those of one field together."""
    told = [pair for pair in found if pair[0].pointer != "/schemaVersion"]
    return [
        change
        for titles, group in groupby(told, key=lambda pair: _titles_shown(pair[0]))
        for change in _changes(titles, list(group), schema)
    ]


def _titles_shown(difference: Difference) -> tuple[str, ...]:
    """A thing that stands in another place is told under the title of its list."""
    is_thing = difference.kind == "moved" and isinstance(difference.after, dict)
    return difference.titles[:-1] if is_thing else difference.titles


def _changes(
    titles: tuple[str, ...], group: Sequence[tuple[Difference, Sequence[int]]], schema: Json
) -> Iterator[Change]:
    versions = tuple(sorted({number for _, numbers in group for number in numbers}))
    found = [difference for difference, _ in group if difference.kind != "moved"]
    if len(found) < len(group):
        yield Change(titles, "reordered", versions=versions)
    if any(difference.pointer.rpartition("/")[2] in APART for difference in found):
        # The number of a contact that is kept apart: that it changed is all there is to say.
        yield Change(titles, "changed", versions=versions)
        return
    for one in found:
        if one.pieces:
            before, after = _lines(one.before, one.node, schema), _lines(one.after, one.node, schema)
            yield Change(titles, "changed", before, after, one.pieces, versions)
    plain = [difference for difference in found if not difference.pieces]
    gone = [line for one in plain if one.before_pointer is not None for line in _lines(one.before, one.node, schema)]
    come = [line for one in plain if one.after_pointer is not None for line in _lines(one.after, one.node, schema)]
    if plain:
        kind: Kind = "changed" if gone and come else "added" if come else "removed"
        yield Change(titles, kind, tuple(gone), tuple(come), versions=versions)


def _lines(value: Any, node: Json, schema: Json) -> tuple[str, ...]:  # noqa: ANN401 - any JSON value
    """What a value says: a line for each thing in a list, and for each field of a group."""
    entry = entry_of("", value, node, schema)
    if not isinstance(value, dict | list) or not entry.children:
        return (entry.line(),)
    return tuple(f"{child.label}: {child.line()}" if child.label else child.line() for child in entry.children)
