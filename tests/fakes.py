"""Stand-ins for time, identifiers and randomness, so that a test chooses them."""

import random
from datetime import UTC, datetime, timedelta
from itertools import count

FIRST_MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When every test begins, unless it says otherwise: a Monday morning."""


class FakeClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: datetime = FIRST_MOMENT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Move on by so much, and give the new moment."""
        self.now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.now

    def set(self, moment: datetime) -> datetime:
        """Jump to an aware moment, forwards or back."""
        if moment.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {moment!r}")
        self.now = moment.astimezone(UTC)
        return self.now


class CountingIds:
    """Identifiers in order: 000…001, 000…002, each 32 hexadecimal digits as the real ones are."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> str:
        return f"{next(self._numbers):032x}"


class SeededRandomness:
    """The same unpredictable-looking bytes in every run."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def __call__(self, amount: int) -> bytes:
        return self._random.randbytes(amount)
