"""Text is sent compressed to who takes it so: every answer of the site that gains by it, long streams included.

An answer that is for one reader alone (`no-store`) is sent as it is: whoever can make that reader ask for pages, and
sees how long they are, could else guess letter by letter what is secret in them (the attack called BREACH). So is an
answer with a part of a file, and what is compressed already.

A strong entity tag names one sequence of bytes (RFC 9110, 8.8.1), so the compressed answer has one of its own,
ending in `-gzip`; readers may send either back.
"""

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

from flask import Flask, Request, Response, g, request
from werkzeug.http import parse_accept_header
from werkzeug.wsgi import ClosingIterator

SHORTEST = 1000
"""Bytes: what is shorter fits into one packet anyway."""

_LEVEL = 1
"""What a page gains in bytes with level 6, about a tenth, takes more than twice as long."""
_GZIP = 16 + zlib.MAX_WBITS
_SUFFIX = "-gzip"
_TYPES = frozenset(
    (
        *("application/json", "application/xml", "application/javascript", "application/x-ndjson"),
        *("application/n-triples", "application/n-quads", "application/trig", "application/sql", "image/svg+xml"),
    )
)
_LONGEST_HEADER = 500
_PRECONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH")


def compress_answers(app: Flask) -> None:
    """Compress the answers of an application. To be called first: it then has the last word on every answer."""
    app.before_request(_read_own_tags)
    app.after_request(_compressed)


def _read_own_tags() -> None:
    """Take the tags of compressed answers for those of the plain ones, which is all that the site knows."""
    for name in _PRECONDITIONS:
        sent = request.environ.get(name)
        if sent and f'{_SUFFIX}"' in sent:
            request.environ[name] = sent.replace(f'{_SUFFIX}"', '"')
            g.sent_tags = sent


def _compressed(response: Response) -> Response:
    if response.status_code == 304:
        return _not_modified(response)
    if not _gains(response):
        return response
    response.vary.add("Accept-Encoding")
    if not wants_gzip(request):
        return response
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    _mark_tag(response)
    if response.is_streamed:
        _stream(response)
    else:
        response.set_data(gzipped(response.get_data()))
    return response


def _gains(response: Response) -> bool:
    """Whether this answer may be compressed, and is the shorter for it."""
    kind = response.mimetype or ""
    is_text = kind.startswith("text/") or kind.endswith(("+json", "+xml")) or kind in _TYPES
    if not is_text or response.status_code in {204, 206} or "Range" in request.headers:
        return False
    if "Content-Encoding" in response.headers or "Set-Cookie" in response.headers:
        return False
    told = response.headers.get("Cache-Control", "")
    if "no-store" in told or "no-transform" in told:
        return False
    length = response.calculate_content_length() if not response.is_streamed else response.content_length
    return length is None or length >= SHORTEST


def wants_gzip(asking: Request) -> bool:
    """Whether a reader takes gzip, and no less gladly than plain text (RFC 9110, 12.5.3)."""
    return _prefers_gzip(asking.headers.get("Accept-Encoding", "")[:_LONGEST_HEADER])


@lru_cache(maxsize=256)
def _prefers_gzip(accepted: str) -> bool:
    stated = {value.lower(): quality for value, quality in parse_accept_header(accepted)}
    gzip = stated.get("gzip", stated.get("x-gzip", stated.get("*", 0)))
    return gzip > 0 and gzip >= stated.get("identity", 0)


def _not_modified(response: Response) -> Response:
    """Confirm the tag that the reader sent."""
    tag, weak = response.get_etag()
    sent: str = g.get("sent_tags", "")
    if tag and not weak and f'"{tag}{_SUFFIX}"' in sent:
        response.set_etag(tag + _SUFFIX)
    if tag:
        response.vary.add("Accept-Encoding")
    return response


def _mark_tag(response: Response) -> None:
    tag, weak = response.get_etag()
    if tag and not weak:
        response.set_etag(tag + _SUFFIX)


def gzipped(data: bytes) -> bytes:
    """A whole answer, compressed as all answers are."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(data) + packer.flush()


def _stream(response: Response) -> None:
    parts: Iterable[bytes] = response.iter_encoded()
    response.direct_passthrough = False
    response.headers.pop("Content-Length", None)
    response.response = ClosingIterator(_packed(parts), getattr(response.response, "close", None))


def _packed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts as one gzip file, piece by piece; the first comes at once, so that the reader sees something come."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    first = True
    for part in parts:
        packed = packer.compress(part)
        if first and part:
            packed += packer.flush(zlib.Z_SYNC_FLUSH)
            first = False
        if packed:
            yield packed
    yield packer.flush()
