"""How good an order is, and how sure the difference between two is."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

AT = 10
"""So many of the first records count."""

GOOD = 2
"""From this grade a record is what a reader looks for."""

_DRAWS = 5_000


def ndcg(order: Sequence[str], grades: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain of the first ten; what was not judged counts as not relevant."""
    best = _gain(sorted(grades.values(), reverse=True))
    return _gain([grades.get(key, 0) for key in order]) / best


def condensed(order: Sequence[str], grades: Mapping[str, int]) -> float:
    """The same over judged records alone: what was not judged is left out of the order."""
    return ndcg([key for key in order if key in grades], grades)


def reciprocal_rank(order: Sequence[str], grades: Mapping[str, int]) -> float:
    """One by the place of the first record that is good; 0 where none is there."""
    return next((1 / place for place, key in enumerate(order, 1) if grades.get(key, 0) >= GOOD), 0.0)


@dataclass(frozen=True, slots=True)
class Difference:
    """Query by query what one is better than another: the mean, its 95 % interval, and the chance of as much."""

    mean: float
    low: float
    high: float
    chance: float
    better: int
    worse: int

    def __str__(self) -> str:
        return (
            f"{self.mean:+.4f} [{self.low:+.4f}, {self.high:+.4f}], p = {self.chance:.3f}, "
            f"better in {self.better}, worse in {self.worse}"
        )


def difference(new: Sequence[float], old: Sequence[float]) -> Difference:
    """Paired: the interval by bootstrap over the queries, the chance by turning differences round at random."""
    apart = [ours - theirs for ours, theirs in zip(new, old, strict=True)]
    mean = sum(apart) / len(apart)
    dice = random.Random(1)
    means = sorted(sum(dice.choices(apart, k=len(apart))) / len(apart) for _ in range(_DRAWS))
    turned = sum(
        abs(sum(one if dice.random() < 0.5 else -one for one in apart)) >= abs(mean * len(apart)) - 1e-12
        for _ in range(_DRAWS)
    )
    return Difference(
        mean,
        means[int(_DRAWS * 0.025)],
        means[int(_DRAWS * 0.975)],
        turned / _DRAWS,
        sum(one > 1e-9 for one in apart),
        sum(one < -1e-9 for one in apart),
    )


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades[:AT], 1))
