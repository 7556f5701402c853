"""Which things of one list are which of another: by what they are, not by where they stand. Pure."""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.canonical import Json
from schemas.codelists import title_of

_ALIKE = 0.4
"""From this likeness on, two things without a name in common are taken for one that changed."""

_COMPARED = 2_500
"""At most so many pairs are held against each other; of longer lists only what has a name is matched."""

_Names = tuple[tuple[str, ...], ...]

_IDENTITY: dict[str, _Names] = {
    "externalIds": (("scheme", "id"), ("scheme",)),
    "identifiers": (("scheme", "id"), ("scheme",)),
    "relatedAgreements": (("agreement",), ("externalId",), ("name",)),
    "areas": (("code",), ("name",)),
    "parties": (("organisation",), ("identifiers",), ("name",)),
    "otherRecipients": (("organisation",), ("name",)),
    "incompatibleUses": (("code",),),
    "expectedBenefits": (("text",), ("who", "code")),
    "algorithmRecords": (("externalId",), ("url",), ("title",)),
    "legalPowers": (("power",), ("identifier",), ("instrument", "provision"), ("title",), ("instrument",)),
    "lawfulBasis": (("party", "code"), ("code",), ("party",)),
    "specialCategoryCondition": (("party", "code"), ("code",), ("party",)),
    "internationalTransfers": (("country", "recipient"), ("country",)),
    "flows": (("id",), ("from", "to")),
    "datasets": (("catalogueId",), ("title",), ("description",)),
    "dataItems": (("name",),),
    "dataSubjects": (("group",), ("description",)),
    "derivedFrom": (("agreement", "flow"), ("flow",)),
    "privacyNotices": (("party",), ("url",)),
    "documents": (("sha256",), ("url",), ("type", "title"), ("type",)),
    "withheld": (("field",),),
}
"""By which members the things of each list are known again, the surest first."""

_TOLD_APART: dict[str, _Names] = {"expectedBenefits": (), "datasets": (("catalogueId",), ("title",))}
"""By which members alone two things are told apart for certain, where a text is among those that they are known by:
another text may be the same thing, reworded.
"""

_CALLED: dict[str, _Names] = {
    "parties": (("name",),),
    "flows": (("from", "to"), ("id",)),
    "datasets": (("title",), ("catalogueId",), ("description",)),
    "legalPowers": (("title",), ("instrument", "provision"), ("instrument",), ("power",)),
    "otherRecipients": (("name",),),
    "areas": (("name",), ("code",)),
    "algorithmRecords": (("title",), ("url",)),
    "documents": (("title",), ("type",), ("url",)),
    "lawfulBasis": (("code", "party"), ("code",)),
    "specialCategoryCondition": (("code", "party"), ("code",)),
    "expectedBenefits": (("who", "code"), ("who",), ("code",)),
}
"""By which members people call them, where it is not by those that they are known again by."""

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Matching:
    """Two lists held against each other, by positions in them: pairs, what is gone, what has come.

    `moved` are those of the new list that changed their order among the pairs.
    """

    pairs: tuple[tuple[int, int], ...]
    gone: tuple[int, ...]
    come: tuple[int, ...]
    moved: frozenset[int]


def match(old: Sequence[Any], new: Sequence[Any], name: str) -> Matching:
    """What became of each thing of a list; `name` is the list's name in the agreement schema."""
    pairs: dict[int, int] = {}
    _pair_equal(pairs, [_key(item) for item in old], [_key(item) for item in new])
    for members in _IDENTITY.get(name, ()):
        _pair_equal(pairs, [_named(item, members) for item in old], [_named(item, members) for item in new])
    _pair_alike(pairs, old, new, _TOLD_APART.get(name, _IDENTITY.get(name, ())))
    taken = set(pairs.values())
    ordered = tuple(sorted(pairs.items()))
    return Matching(
        ordered,
        tuple(i for i in range(len(old)) if i not in pairs),
        tuple(j for j in range(len(new)) if j not in taken),
        frozenset(j for _, j in ordered) - _in_order([j for _, j in ordered]),
    )


def called(item: Any, name: str, node: Json, number: int) -> str:  # noqa: ANN401 - any JSON value
    """What people call one thing of a list: its name, else its kind and its number. `node` is the thing's schema."""
    properties = node.get("properties", {})
    for members in (*_CALLED.get(name, ()), *_IDENTITY.get(name, ())):
        if isinstance(item, dict) and all(isinstance(item.get(member), str) for member in members):
            words = [_word(item[member], properties.get(member, {})) for member in members]
            return _short((" to " if members == ("from", "to") else ", ").join(words))
    return f"{node.get('title', 'Entry')} {number}"


def _word(text: str, node: Json) -> str:
    codes = node.get("x-codelist") or node.get("x-open-codelist")
    return title_of(codes, text) if codes else text


def _short(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _LONGEST_NAME:
        return line
    return f"{line[:_LONGEST_NAME].rpartition(' ')[0] or line[:_LONGEST_NAME]} …"


def _key(value: Any) -> Hashable:  # noqa: ANN401
    return json.dumps(value, sort_keys=True)


def _named(item: Any, members: tuple[str, ...]) -> Hashable:  # noqa: ANN401
    if not isinstance(item, dict) or not all(member in item for member in members):
        return None
    return tuple(_key(item[member]) for member in members)


def _pair_equal(pairs: dict[int, int], old: Sequence[Hashable], new: Sequence[Hashable]) -> None:
    """Pair those not yet paired whose keys are equal, in their order; None is no key."""
    taken = set(pairs.values())
    waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for j, key in enumerate(new):
        if key is not None and j not in taken:
            waiting[key].append(j)
    for i, key in enumerate(old):
        if i not in pairs and waiting.get(key):
            pairs[i] = waiting[key].popleft()


def _pair_alike(pairs: dict[int, int], old: Sequence[Any], new: Sequence[Any], apart: _Names) -> None:
    """Pair what is left by likeness, the most alike first; two with different names are different things."""
    taken = set(pairs.values())
    gone = [i for i in range(len(old)) if i not in pairs]
    come = [j for j in range(len(new)) if j not in taken]
    if len(gone) * len(come) > _COMPARED:
        return
    leaves = {("old", i): _leaves(old[i]) for i in gone} | {("new", j): _leaves(new[j]) for j in come}
    scored = [
        (_likeness(leaves["old", i], leaves["new", j]), -abs(i - j), i, j)
        for i in gone
        for j in come
        if not _named_apart(old[i], new[j], apart)
    ]
    for likeness, _, i, j in sorted(scored, reverse=True):
        if likeness >= _ALIKE and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)


def _named_apart(old: Any, new: Any, apart: _Names) -> bool:  # noqa: ANN401
    named = [(_named(old, members), _named(new, members)) for members in apart]
    return any(None not in pair and pair[0] != pair[1] for pair in named)


def _leaves(value: Any) -> dict[tuple[str, ...], Counter[str]]:  # noqa: ANN401
    """The words of each value inside a thing, by the names on the way to it; places in lists do not count."""
    found: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for path, leaf in _walk(value, ()):
        found[path].update(leaf.split() if isinstance(leaf, str) else [str(leaf)])
    return found


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _walk(member, (*path, name))
    elif isinstance(value, list):
        for member in value:
            yield from _walk(member, path)
    else:
        yield path, value


def _likeness(old: dict[tuple[str, ...], Counter[str]], new: dict[tuple[str, ...], Counter[str]]) -> float:
    """From 0 to 1: how much of the words of two things stands in the same fields of both."""
    paths = old.keys() | new.keys()
    if not paths:
        return 1.0
    common = 0.0
    for path in old.keys() & new.keys():
        total = old[path].total() + new[path].total()
        common += 2 * (old[path] & new[path]).total() / total if total else 1.0
    return common / len(paths)


def _in_order(positions: Sequence[int]) -> set[int]:
    """A longest run of positions that rise: those that kept their order."""
    best: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for position in positions:
        low = _first_not_below(ends, position)
        before[position] = ends[low - 1] if low else None
        ends[low : low + 1] = [position]
    last = ends[-1] if ends else None
    while last is not None:
        best.append(last)
        last = before[last]
    return set(best)


def _first_not_below(ends: Sequence[int], position: int) -> int:
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if ends[middle] < position else (low, middle)
    return low
