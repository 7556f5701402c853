"""Two texts word by word: what stayed, what was taken out, what was put in. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Fate = Literal["same", "deleted", "inserted"]

_WORD = re.compile(r"\s+\Z|\s*(?:\w+(?:[.'’-]\w+)*|[^\w\s])", re.UNICODE)
_ISLAND = 2
"""So few words that stayed, with more changed on both sides of them, only disturb the reader."""

_KINSHIP = 0.25
"""With less than this part of their words in common two texts are shown one after the other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words and what became of it. All but the inserted are the old text, all but the deleted the new."""

    fate: Fate
    text: str


def redline(before: str, after: str) -> tuple[Piece, ...]:
    """What became of the words of a text. Nothing is lost: spaces, line breaks and marks stand in the pieces."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new)
    steps: list[tuple[list[str], list[str], list[str]]] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        same = old[i1:i2] if tag == "equal" else []
        steps.append((same, old[i1:i2], new[j1:j2]))
    kept = sum(len(same) for same, _, _ in steps)
    if 2 * kept < _KINSHIP * (len(old) + len(new)):
        steps = [([], old, new)]
    return tuple(_pieces(_without_islands(steps)))


_Step = tuple[list[str], list[str], list[str]]
"""The words that stayed (none where there is a change), the old ones and the new ones."""


def _without_islands(steps: list[_Step]) -> list[_Step]:
    joined: list[_Step] = []
    for number, step in enumerate(steps):
        same, old, new = step
        is_between = bool(same) and 0 < number < len(steps) - 1
        stays = bool(same) and not (is_between and _is_island(same, joined[-1], steps[number + 1]))
        if stays or not joined or joined[-1][0]:
            joined.append((same if stays else [], old, new))
        else:
            _, old_before, new_before = joined.pop()
            joined.append(([], [*old_before, *old], [*new_before, *new]))
    return joined


def _is_island(same: list[str], left: _Step, right: _Step) -> bool:
    around = [len(left[1]) + len(left[2]), len(right[1]) + len(right[2])]
    return not left[0] and len(same) <= _ISLAND and min(around) > 2 * len(same)


def _pieces(steps: Iterable[_Step]) -> Iterator[Piece]:
    for same, old, new in steps:
        if same:
            yield Piece("same", "".join(same))
            continue
        if old:
            yield Piece("deleted", "".join(old))
        if new:
            yield Piece("inserted", "".join(new))
