"""Other words for what was typed: synonyms, acronyms and other names, put beside bare words in the tree of a query.

It is done to the tree before an engine sees it, so that every engine searches for the same. It adds and never takes
away: a phrase in quotes, a `+word`, a field and what is excluded stay as they are.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from math import sqrt

from catalogue.search.analysis import FUNCTION_WORDS, exact, stem
from catalogue.search.query_tree import AllOf, Alternatives, AnyOf, Node, Not, Phrase, Ranked, Word

ALTERNATIVE_WEIGHT = 0.8
"""What another word is worth. One of more words than were typed, whose score adds up to more, is worth less."""

MOST_MEANINGS = 5
"""So many are searched for at most beside one word or name."""

MOST_ADDED = 24
"""So many are added at most to one query."""

LONGEST_NAME = 12
"""Words of the longest name that is recognised in a query."""

WITHOUT_STOPS = "written without full stops"

_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_]){1,9}\.?")
_SHORT = 4


@dataclass(frozen=True, slots=True)
class AlsoSearched:
    """What was searched for beside what was typed, and why: “ons”, “Office for National Statistics”, “learnt…”."""

    typed: str
    instead: str
    why: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """For who types `typed`, `also` is searched for. With `capitals` only for who types it in capital letters."""

    typed: str
    also: str
    why: str
    capitals: bool = False


class Thesaurus:
    """Meanings by what is typed. Of those of one word or name the first few count, in the order given."""

    def __init__(self, meanings: Iterable[Meaning] = ()) -> None:
        self._exact: dict[tuple[str, ...], list[Meaning]] = {}
        self._stemmed: dict[tuple[str, ...], list[Meaning]] = {}
        self._longest: dict[str, int] = {}
        for meaning in meanings:
            words = words_of(meaning.typed)
            if not words or len(words) > LONGEST_NAME or not exact(meaning.also).parts:
                continue
            self._exact.setdefault(words, []).append(meaning)
            stems = _stems(words)
            if not _is_acronym(meaning.typed):
                self._stemmed.setdefault(stems, []).append(meaning)
            for first in {words[0], stems[0]}:
                self._longest[first] = max(self._longest.get(first, 0), len(words))

    def longest(self, word: str) -> int:
        """How many words the longest name has that begins with this word; 0 where none does."""
        return max(self._longest.get(word, 0), self._longest.get(_stems((word,))[0], 0))

    def meanings(self, words: tuple[str, ...], written: str) -> list[Meaning]:
        """What some folded words mean beside themselves, where that can find more than they do."""
        found = [*self._exact.get(words, ()), *self._stemmed.get(_stems(words), ())]
        typed = {stem(word) for word in words}
        kept: dict[tuple[str, ...], Meaning] = {}
        for meaning in found:
            stems = {stem(word) for word in words_of(meaning.also)}
            if (not meaning.capitals or written.isupper()) and not (stems >= typed or stems <= typed):
                kept.setdefault(exact(meaning.also).parts, meaning)
        return list(kept.values())

    def __len__(self) -> int:
        """How many words and names have a meaning."""
        return len(self._exact)


def widened(
    tree: Node, thesauri: Sequence[Thesaurus], stands: Callable[[Meaning], bool] = lambda _meaning: True
) -> tuple[Node, tuple[AlsoSearched, ...]]:
    """The tree with other words beside those that were typed, and what they are; the same tree where there are none.

    Earlier thesauri come first. `stands` is asked of each meaning before it is used.
    """
    asked = [thesaurus for thesaurus in thesauri if len(thesaurus)]
    if not asked:
        return tree, ()
    widening = _Widening(asked, stands)
    return widening.of(tree), tuple(widening.also)


def words_of(text: str) -> tuple[str, ...]:
    """The folded words by which a name is recognised: without words of grammar, unless there are no others."""
    parts = exact(text).parts
    return tuple(part for part in parts if part not in FUNCTION_WORDS) or parts


class _Widening:
    """Goes through a tree once."""

    def __init__(self, thesauri: Sequence[Thesaurus], stands: Callable[[Meaning], bool]) -> None:
        self.thesauri = thesauri
        self.stands = stands
        self.also: list[AlsoSearched] = []

    def of(self, node: Node) -> Node:
        match node:
            case Word():
                return self._meant((node,)) or node
            case AnyOf(children):
                return AnyOf(tuple(self._beside(children)))
            case AllOf(children):
                return AllOf(tuple(child if isinstance(child, Not) else self.of(child) for child in children))
            case Ranked(of, by):
                return Ranked(self.of(of), self.of(by))
        return node

    def _beside(self, children: Sequence[Node]) -> list[Node]:
        """Words that stand side by side: the longest name that they make at each place, else each by itself."""
        made: list[Node] = []
        place = 0
        while place < len(children):
            if len(self.also) >= MOST_ADDED:
                return [*made, *children[place:]]
            longest = self._longest_at(children, place)
            for end in range(min(place + longest, len(children)), place + 1, -1):
                together = tuple(child for child in children[place:end] if isinstance(child, Word))
                if len(together) == end - place and (named := self._meant(together)):
                    made.append(named)
                    place = end
                    break
            else:
                made.append(self.of(children[place]))
                place += 1
        return made

    def _longest_at(self, children: Sequence[Node], place: int) -> int:
        first = children[place]
        words = words_of(first.text) if isinstance(first, Word) else ()
        return max(thesaurus.longest(words[0]) for thesaurus in self.thesauri) if words else 0

    def _meant(self, typed: tuple[Word, ...]) -> Node | None:
        """The words with what they mean; None where they mean no more than themselves."""
        written = " ".join(word.text for word in typed)
        found: dict[tuple[str, ...], Meaning] = {}
        if plain := _without_stops(written):
            found[exact(plain).parts] = Meaning(written, plain, WITHOUT_STOPS)
        words = words_of(plain or written)
        if len(self.also) >= MOST_ADDED or all(word in FUNCTION_WORDS for word in words):
            return None
        for thesaurus in self.thesauri:
            for meaning in thesaurus.meanings(words, plain or written):
                found.setdefault(exact(meaning.also).parts, meaning)
        room = min(MOST_MEANINGS, MOST_ADDED - len(self.also))
        meanings = list(islice(filter(self.stands, found.values()), room))
        if not meanings:
            return None
        self.also += [AlsoSearched(written, meaning.also, meaning.why) for meaning in meanings]
        weighing: dict[float, list[Node]] = {}
        for meaning in meanings:
            longer = max(1.0, len(words_of(meaning.also)) / len(words))
            weighing.setdefault(ALTERNATIVE_WEIGHT / sqrt(longer), []).append(_node(meaning.also))
        made: Node = typed[0] if len(typed) == 1 else AnyOf(typed)
        for weight, others in weighing.items():
            made = Alternatives(made, tuple(others), weight)
        return made


def _without_stops(written: str) -> str:
    """Initials (“O.N.S.”) as one word; empty for anything else."""
    return written.replace(".", "") if _INITIALS.fullmatch(written) else ""


def _node(text: str) -> Word | Phrase:
    return Word(text) if len(exact(text).parts) == 1 else Phrase(text)


def _stems(words: tuple[str, ...]) -> tuple[str, ...]:
    """Short words are compared as they are: the stem of “ons” is “on”."""
    return tuple(stem(word) if len(word) >= _SHORT else word for word in words)


def _is_acronym(written: str) -> bool:
    return len(written) > 1 and " " not in written and written.isupper()
