"""Counting facets outside Whoosh (part of the adapter): by numpy where it is there, in plain Python where not.

A document holds one code for all its values of a field together, so that counting goes once over the documents
however many values each has.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

try:
    import numpy as np  # type: ignore[import-not-found, unused-ignore]
except ImportError:  # it only makes counting faster
    np = None  # type: ignore[assignment, unused-ignore]

HAS_NUMPY = np is not None

NUMPY_FROM = 2_000
"""For fewer documents handing them to numpy costs more than it saves."""


class Values:
    """The sets of values that documents have in one field, each with a code. Code 0 is: no value."""

    def __init__(self) -> None:
        self._sets: list[tuple[str, ...]] = [()]
        self._codes: dict[tuple[str, ...], int] = {(): 0}
        self._holding: dict[str, list[int]] = defaultdict(list)

    @property
    def sets(self) -> Sequence[tuple[str, ...]]:
        """The sets by their codes."""
        return self._sets

    def code(self, of: Sequence[str]) -> int:
        """The code of a set of values, a new one where it was never seen."""
        if not of:
            return 0
        values = tuple(of)
        found = self._codes.get(values)
        if found is None:
            found = self._codes[values] = len(self._sets)
            self._sets.append(values)
            for value in values:
                self._holding[value].append(found)
        return found

    def codes_with(self, wanted: Collection[str]) -> frozenset[int]:
        """The codes of all sets that hold one of these values."""
        return frozenset(code for value in wanted for code in self._holding.get(value, ()))

    def between(self, low: int | None, high: int | None) -> frozenset[int]:
        """The codes of all sets that hold a number from low to high."""
        inside = [
            value
            for value in self._holding
            if (low is None or low <= int(value)) and (high is None or int(value) <= high)
        ]
        return self.codes_with(inside)

    def spread(self, counted: dict[int, int]) -> dict[str, int]:
        """How often each value occurs, from how often each set does."""
        counts: dict[str, int] = defaultdict(int)
        for code, count in counted.items():
            for value in self._sets[code]:
                counts[value] += count
        return counts


def count_codes(codes: "array[int]", documents: Collection[int], *, with_numpy: bool | None = None) -> dict[int, int]:
    """How many of the documents have each code. `with_numpy` is chosen by what is there and worth it."""
    if with_numpy is None:
        with_numpy = HAS_NUMPY and len(documents) >= NUMPY_FROM
    if not with_numpy:
        return Counter(map(codes.__getitem__, documents))
    chosen: Any = np.fromiter(documents, dtype=np.int64, count=len(documents))
    counts: Sequence[int] = np.bincount(np.frombuffer(codes, dtype=np.uint32)[chosen]).tolist()
    return {code: count for code, count in enumerate(counts) if count}
