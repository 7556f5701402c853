"""The two plain encodings of the log's texts: base64 (RFC 4648, section 4) and decimal numbers.

Both are read strictly: a value has one form only, so that no byte of a text can change unnoticed.
"""

import base64
import binascii
import re

HASH_BYTES = 32
LARGEST = 2**63 - 1
"""The largest number that readers in other languages hold: sizes, places and times stay below it."""

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


def to_base64(data: bytes) -> str:
    """Bytes as base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, what: str) -> bytes:
    """The bytes of a base64 text; `what` names it in the message. Raises ValueError for any but its one form."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{what} is not base64") from None
    if to_base64(data) != text:
        raise ValueError(f"{what} is not base64 in its one form")
    return data


def hash_from_base64(text: str, what: str) -> bytes:
    """The 32 bytes of a SHA-256 hash in base64. Raises ValueError."""
    digest = from_base64(text, what)
    if len(digest) != HASH_BYTES:
        raise ValueError(f"{what} has {len(digest)} bytes; a SHA-256 hash has {HASH_BYTES}")
    return digest


def read_number(text: str, what: str) -> int:
    """A decimal number from 0 to 2^63 - 1 without leading zeroes. Raises ValueError."""
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST:
        raise ValueError(f"{what} is not a decimal number from 0 to 2^63 - 1 without leading zeroes")
    return int(text)
