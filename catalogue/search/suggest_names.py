"""Things with names, of which there are thousands and not millions: organisations, powers, tags. Kept in memory."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from catalogue.search.analysis import exact

MOST_LOOKED_AT = 4_000
MOST_REMEMBERED = 5_000
LAST = "\U0010ffff"
"""Sorts behind every word: where the words with a beginning end."""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with a name: what it is, its key there, its title and other names, and how many records have it.

    `words` are the folded words by which it is found, where they are known without reading its names.
    """

    kind: str
    key: str
    title: str
    address: str = ""
    others: tuple[str, ...] = ()
    uses: int = 0
    note: str = ""
    words: tuple[str, ...] = ()

    def folded(self) -> tuple[str, ...]:
        """The folded words by which it is found."""
        if self.words:
            return self.words
        return tuple(dict.fromkeys(part for name in (self.title, *self.others) for part in exact(name).parts))


class NamedSource(Protocol):
    """Where things of one kind come from: handed in, so that the search never learns what lies behind."""

    kind: str

    def names(self, session: Session) -> Iterator[Named]:
        """All of them; `uses` is filled in by who asks."""
        ...

    def standing(self, session: Session, keys: Collection[str]) -> Mapping[str, str]:
        """The titles that these have at this moment, by key; what is gone is not there."""
        ...


class Names:
    """Named things by the beginnings of their words."""

    def __init__(self, things: Iterable[Named]) -> None:
        self._things = sorted(things, key=lambda thing: (-thing.uses, len(thing.title), thing.title, thing.key))
        self._words = [thing.folded() for thing in self._things]
        marks = sorted({(word, place) for place, words in enumerate(self._words) for word in words})
        self._starts = [word for word, _ in marks]
        self._places = array("I", (place for _, place in marks))
        self._told: dict[tuple[str, ...], Mapping[str, Sequence[Named]]] = {}

    def beginning(self, typed: tuple[str, ...], limit: int) -> Mapping[str, Sequence[Named]]:
        """For each kind the first things that have, for each typed word, a word that begins so; most used first."""
        told = self._told.get(typed)
        if told is None:
            told = self._looked_up(typed, limit)
            if len(self._told) >= MOST_REMEMBERED:
                self._told.clear()
            self._told[typed] = told
        return told

    def _looked_up(self, typed: tuple[str, ...], limit: int) -> Mapping[str, Sequence[Named]]:
        ranges = [(bisect_left(self._starts, word), bisect_left(self._starts, word + LAST)) for word in typed]
        low, high = min(ranges, key=lambda ends: ends[1] - ends[0])
        found: dict[str, list[Named]] = {}
        for place in sorted(set(self._places[low:high]))[:MOST_LOOKED_AT]:
            thing = self._things[place]
            kept = found.setdefault(thing.kind, [])
            if len(kept) < limit and _has_all(self._words[place], typed):
                kept.append(thing)
        return found


def _has_all(words: Sequence[str], typed: Sequence[str]) -> bool:
    """Whether each typed word begins one of the words; a single letter with another word behind it is a word itself."""
    *before, last = typed
    return all(
        any(word.startswith(beginning) for word in words) if len(beginning) > 1 else beginning in words
        for beginning in before
    ) and any(word.startswith(last) for word in words)
