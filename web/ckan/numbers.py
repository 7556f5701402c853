"""Numbers and moments as CKAN writes them."""

from datetime import UTC, datetime
from uuid import UUID


def dashed(number: str) -> str:
    """A number of ours with its hyphens (RFC 9562)."""
    return str(UUID(number))


def plain_number(text: str) -> str:
    """A number as the database has it, from either way of writing it; other text as it is."""
    return text.replace("-", "").lower() if len(text) == 36 else text


def naive(moment: datetime) -> str:
    """A moment in UTC, to the microsecond, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
