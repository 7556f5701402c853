"""A place in the results behind which the next page begins, as text that stands in an address.

It names the last record shown and what it was sorted by: records that come, go or change elsewhere move nothing. By
title and by date, every record that stays as it is is therefore met exactly once, whatever happens to others between
two pages. By relevance, records are ranked anew for every page, because a change of the index changes how much each
word weighs: the next page then follows the place where the last record stands now or, where that was changed or is
gone, the place where it stood. Of records whose order has changed some may then be met twice or not at all; while the
index stays as it is, none is.
"""

import base64
import binascii
import hashlib
import json
import math
import zlib
from dataclasses import dataclass

from schemas.errors import InvalidInput

MOST_CHARACTERS = 2_000
"""No cursor that we wrote is longer as text."""

_ORDERS = frozenset({"newest", "recorded", "created", "title", "name", "identifier"})
_MOST_BYTES = 10_000
_CHECKED = 4


@dataclass(frozen=True, slots=True)
class Cursor:
    """Behind the record `id` in the order `sort` (the value of a Sort, after a hyphen where it is turned round).

    `key` is what that record was sorted by: its sort key, or its score as text. `revision` is that of the record, and
    `position` how many records came before the next page.
    """

    sort: str
    key: str
    id: str
    position: int
    revision: int = 0

    @property
    def score(self) -> float:
        """The score of a place in the order of relevance."""
        return float(self.key)

    def text(self) -> str:
        """The cursor as letters, digits, - and _."""
        values = [self.sort, self.key, self.id, self.position, self.revision]
        packed = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        pressed = _pressed(packed.encode())
        return base64.urlsafe_b64encode(_check(pressed) + pressed).rstrip(b"=").decode()

    @classmethod
    def from_text(cls, text: str) -> "Cursor":
        """The cursor that `text` wrote. Raises InvalidInput for anything else."""
        if len(text) > MOST_CHARACTERS:
            raise _unreadable()
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            check, pressed = raw[:_CHECKED], raw[_CHECKED:]
            if check != _check(pressed):
                raise _unreadable()
            opened = zlib.decompressobj(-zlib.MAX_WBITS)
            values = json.loads(opened.decompress(pressed, _MOST_BYTES))
            sort, key, identifier, position, revision = values
        except (ValueError, TypeError, binascii.Error, zlib.error) as error:
            raise _unreadable() from error
        right = all(isinstance(value, str) for value in (sort, key, identifier))
        right = right and type(position) is type(revision) is int
        cursor = cls(sort, key, identifier, position, revision) if right else None
        if cursor is None or position < 0 or not _sorts(cursor):
            raise _unreadable()
        return cursor


def _sorts(cursor: Cursor) -> bool:
    """Whether its key is one that its order has."""
    if cursor.sort != "relevance":
        return cursor.sort.removeprefix("-") in _ORDERS
    try:
        return math.isfinite(cursor.score)
    except ValueError:
        return False


def _pressed(packed: bytes) -> bytes:
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return squeezer.compress(packed) + squeezer.flush()


def _check(pressed: bytes) -> bytes:
    return hashlib.sha256(pressed).digest()[:_CHECKED]


def _unreadable() -> InvalidInput:
    return InvalidInput(
        "This address of a later page of results is cut off or was changed.",
        "Begin again at the first page and follow its links.",
    )
