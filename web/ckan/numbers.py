"""Numbers and moments as CKAN writes them."""

from datetime import UTC, datetime


def dashed(number: str) -> str:
    """A number of ours, 32 hexadecimal digits, with its hyphens (RFC 9562)."""
    return f"{number[:8]}-{number[8:12]}-{number[12:16]}-{number[16:20]}-{number[20:]}"


def plain_number(text: str) -> str:
    """A number as the database has it, from either way of writing it; other text as it is."""
    return text.replace("-", "").lower() if len(text) == 36 else text


def naive(moment: datetime) -> str:
    """A moment in UTC, to the microsecond, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
