"""The tree of a query: our own frozen values, which an engine compiles and a page can explain.

Text in the tree is as the reader wrote it; analysing it is the engine's affair, through `analysis`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.search.fields import Field
from catalogue.search.periods import Period


@dataclass(frozen=True, slots=True)
class Everything:
    """Every record."""


@dataclass(frozen=True, slots=True)
class Word:
    """Records with this word. Where it is cut into several (`2019-20`), they stand together in this order."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Records with these words next to one another, in this order."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Records with a word that begins so, compared without stemming."""

    text: str


@dataclass(frozen=True, slots=True)
class FieldClause:
    """Records whose field has this word, phrase or beginning; a code field is compared as a whole value.

    What the clock decides (the state) is asked of the day `on`; without one, of the beginning of time.
    """

    field: Field
    of: Word | Phrase | Prefix
    on: date = date.min


@dataclass(frozen=True, slots=True)
class Range:
    """Records whose number or date lies in [low, high], both included; None is open.

    Numbers are themselves; dates are microseconds as `moments` counts them. `written` is the range in words.
    """

    field: Field
    low: int | None
    high: int | None
    written: str


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Records one of whose periods has a day in common with this one. `written` is the period in words."""

    field: Field
    period: Period
    written: str


@dataclass(frozen=True, slots=True)
class Present:
    """Records that have any value in the field."""

    field: Field


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Records that match at least one; more matches rank higher."""

    of: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Records that match every one."""

    of: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Every record that does not match."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Required:
    """The same records; marks what a reader demanded with `+`, which is never relaxed unasked."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Records that match what was typed or something that means the same (`also`).

    The score is the best of them, not their sum; what was not typed itself is worth `weight` of its score.
    """

    typed: "Node"
    also: tuple["Node", ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """Records that match `of`; those that also match `by` rank higher."""

    of: "Node"
    by: "Node"


Node = (
    Everything
    | Word
    | Phrase
    | Prefix
    | FieldClause
    | Range
    | Overlaps
    | Present
    | AnyOf
    | AllOf
    | Not
    | Required
    | Alternatives
    | Ranked
)

EVERYTHING = Everything()


def all_of(nodes: Sequence[Node]) -> Node:
    """All of these, without needless levels; everything where there are none."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.of if isinstance(node, AllOf) else (node,))
    asked = [node for node in dict.fromkeys(flat) if node != EVERYTHING]
    if not asked:
        return EVERYTHING
    return asked[0] if len(asked) == 1 else AllOf(tuple(asked))


def any_of(nodes: Sequence[Node]) -> Node:
    """Any of these, without needless levels. There must be at least one."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.of if isinstance(node, AnyOf) else (node,))
    asked = list(dict.fromkeys(flat))
    return asked[0] if len(asked) == 1 else AnyOf(tuple(asked))


def wanted(node: Node) -> Iterator[Word | Phrase | Prefix]:
    """The words, phrases and beginnings that a record is looked for by in its text: what a snippet marks."""
    match node:
        case Word() | Phrase() | Prefix():
            yield node
        case FieldClause(field, of) if field.name in {"title", "text"}:
            yield of
        case AnyOf(children) | AllOf(children):
            for child in children:
                yield from wanted(child)
        case Required(child):
            yield from wanted(child)
        case Alternatives(typed, also):
            for child in (typed, *also):
                yield from wanted(child)
        case Ranked(of, by):
            yield from wanted(of)
            yield from wanted(by)


def ranks(node: Node) -> bool:
    """Whether records that match can match better or worse, so that ranking them means something."""
    return any(not isinstance(found, Prefix) for found in wanted(node))


def words_beside(node: Node) -> Node | None:
    """The words that only rank, where nothing else in the tree does: records without any of them are all alike.

    None where records without them can match better or worse too.
    """
    parts = node.of if isinstance(node, AllOf) else (node,)
    ranked = [part for part in parts if isinstance(part, Ranked)]
    firm = [part.of if isinstance(part, Ranked) else part for part in parts]
    if len(ranked) != 1 or any(True for part in firm for _ in wanted(part)):
        return None
    by = ranked[0].by
    words = by.of if isinstance(by, AnyOf) else (by,)
    return by if all(isinstance(word, Word | Phrase | Prefix | Alternatives) for word in words) else None
