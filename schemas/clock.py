"""Time and identifiers, passed in so that a test can choose them."""

import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present moment as an aware datetime in UTC."""

Ids = Callable[[], str]
"""Gives a new opaque identifier: 32 lower-case hexadecimal digits."""

Randomness = Callable[[int], bytes]
"""Gives so many unpredictable bytes."""


def system_clock() -> datetime:
    """The machine's own clock, in UTC, to the microsecond."""
    return datetime.now(UTC)


def random_ids() -> str:
    """A random identifier (RFC 9562 version 4, without hyphens)."""
    return uuid.uuid4().hex


def system_randomness(count: int) -> bytes:
    """`count` bytes from the operating system's generator."""
    return secrets.token_bytes(count)
