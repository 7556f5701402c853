"""The one byte form of a JSON value (RFC 8785, JSON Canonicalization Scheme) and its SHA-256."""

import hashlib
from typing import Any

import rfc8785

Json = dict[str, Any]
"""A JSON object."""


def canonical_bytes(value: object) -> bytes:
    """The RFC 8785 form of a JSON value, UTF-8.

    Raises ValueError where the value has no JSON form (NaN, a lone surrogate, an integer beyond 2^53).
    """
    return rfc8785.dumps(value)  # type: ignore[no-any-return, arg-type, unused-ignore]


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def fingerprint(value: object) -> str:
    """SHA-256 of the canonical form: equal for equal content, however it was written down."""
    return sha256_hex(canonical_bytes(value))
