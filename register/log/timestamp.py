"""Timestamps (RFC 3161): asking for one over some bytes, and checking one. It sends nothing itself.

It needs rfc3161-client, which the extra “timestamp” brings. Without that, OpenSSL checks the same files
(`openssl ts -verify`).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

from schemas.errors import InvalidInput, Refused

try:
    import rfc3161_client as rfc3161
except ImportError:  # timestamps are an extra
    rfc3161 = None  # type: ignore[assignment, unused-ignore]

HAS_TIMESTAMPS = rfc3161 is not None
QUERY_TYPE = "application/timestamp-query"
REPLY_TYPE = "application/timestamp-reply"

_SHA256 = "2.16.840.1.101.3.4.2.1"
_GRANTED = 0
_CERTIFICATES = 0xA0


@dataclass(frozen=True, slots=True)
class Query:
    """A question for a timestamp: its bytes (DER), and what the answer must repeat."""

    body: bytes
    nonce: int


def require_timestamps() -> None:
    """Raises Refused where the library is not there."""
    if not HAS_TIMESTAMPS:
        raise Refused(
            "Timestamps need the library rfc3161-client, which is not installed.",
            "Install it with: pip install 'data-gazette[timestamp]'.",
        )


def timestamp_query(data: bytes) -> Query:
    """What asks for a timestamp over the SHA-256 of some bytes. Raises Refused without the library."""
    require_timestamps()
    builder = rfc3161.TimestampRequestBuilder(data, rfc3161.HashAlgorithm.SHA256)
    asked = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    if asked.nonce is None:
        raise AssertionError("a question without a nonce could be given an old answer")
    return Query(asked.as_bytes(), asked.nonce)


def read_answer(answer: bytes, query: Query, data: bytes) -> datetime:
    """The time that an answer to `query` names. Its signature is for `check_timestamp`.

    Raises ValueError where it is not an answer to this question, Refused without the library.
    """
    stamp = _read(answer, data)
    if stamp.tst_info.nonce != query.nonce:
        raise ValueError("it answers another question: the nonce is not ours")
    return _moment(stamp)


def check_timestamp(token: bytes, data: bytes, roots: Sequence[bytes]) -> datetime:
    """The time at which some bytes existed, as a timestamp (DER) over their SHA-256 shows to who trusts `roots`.

    `roots` are certificates in PEM, each text one or several. Raises ValueError naming the fault, InvalidInput for
    roots that are no certificates, Refused without the library.
    """
    stamp = _read(token, data)
    verifier = rfc3161.VerifierBuilder(roots=_certificates(roots)).build()
    try:
        verifier.verify(stamp, hashlib.sha256(data).digest())
    except (rfc3161.VerificationError, ValueError) as error:
        raise ValueError(f"its signature is not one that these certificates vouch for ({error})") from None
    return _moment(stamp)


def _read(answer: bytes, data: bytes) -> Any:  # noqa: ANN401 - rfc3161-client's own
    require_timestamps()
    try:
        stamp = rfc3161.decode_timestamp_response(_in_order(answer))
        status = stamp.status
        imprint = stamp.tst_info.message_imprint if status == _GRANTED else None
    except ValueError as error:
        raise ValueError(f"it is no timestamp: {error}") from None
    if imprint is None:
        said = ", ".join(stamp.status_string) or "it does not say why"
        raise ValueError(f"the authority refused (status {status}): {said}")
    if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != hashlib.sha256(data).digest():
        raise ValueError("it is a timestamp of something else")
    return stamp


def _in_order(answer: bytes) -> bytes:
    """The same answer with its certificates in the order that DER demands: OpenSSL's own authorities do not keep it.

    No signature covers the order (RFC 5652, section 5.1), and none of the lengths changes.
    """
    place = (0, len(answer))
    try:
        for member in (0, 1, 1, 0):  # TimeStampResp, its token, the content of that, SignedData
            place = _members(answer, *place)[member][1:]
        members = _members(answer, *place)
        begin, end = next(member[1:] for member in members if member[0] == _CERTIFICATES)
        certificates = [answer[first:last] for first, last in _spans(answer, begin, end)]
    except (IndexError, StopIteration):
        return answer  # there are none, or it is no timestamp: whoever reads it tells
    return answer[:begin] + b"".join(sorted(certificates)) + answer[end:]


def _members(data: bytes, begin: int, end: int) -> list[tuple[int, int, int]]:
    """The tag, and where the content begins and ends, of each element between two places. Raises IndexError."""
    found = []
    for first, last in _spans(data, begin, end):
        size = data[first + 1]
        found.append((data[first], first + 2 + (size & 0x7F if size & 0x80 else 0), last))
    return found


def _spans(data: bytes, begin: int, end: int) -> list[tuple[int, int]]:
    """Where each element between two places begins and ends. Raises IndexError where one does not end in time."""
    found = []
    while begin < end:
        size, content = data[begin + 1], begin + 2
        if size & 0x80:
            size, content = int.from_bytes(data[content : content + (size & 0x7F)], "big"), content + (size & 0x7F)
        if content + size > end:
            raise IndexError("an element is longer than what it stands in")
        found.append((begin, content + size))
        begin = content + size
    return found


def _moment(stamp: Any) -> datetime:  # noqa: ANN401
    moment = stamp.tst_info.gen_time
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("it names no time in UTC")
    return moment


def _certificates(roots: Sequence[bytes]) -> list[x509.Certificate]:
    try:
        found = [one for text in roots for one in x509.load_pem_x509_certificates(text)]
    except ValueError:
        found = []
    if not found:
        raise InvalidInput("There is no certificate in PEM there.", "It begins with -----BEGIN CERTIFICATE-----.")
    return found
