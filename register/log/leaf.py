"""Entries of the log: one small JSON object each, in its one byte form (RFC 8785), at most 1,024 bytes.

An entry holds codes and hashes; what an agreement says lies beside the log, in bodies that the entry names by hash.
A member that has nothing to say is absent, never null.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from register.log.encoding import from_base64
from register.log.note import SIGNATURE_BYTES, read_vkey
from schemas.canonical import Json
from schemas.dates import is_date

FORMAT = 1
MAX_BYTES = 1024
KEY_ROTATED = "key-rotated"
"""The event of an entry that names a new key of the log itself."""

CODELISTS_CHANGED = "codelists-changed"
"""The event of an entry that names the codelists as they stand from here on."""

_ONE_FORM = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
"""RFC 8785 for what an entry holds (names in ASCII, text, whole numbers), several times as fast as the general way."""

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_LARGEST_NUMBER = 2**53 - 1


@dataclass(frozen=True, slots=True)
class EventLeaf:
    """An event of an agreement.

    `seq` is its place in the log, from 0; `recorded_at` when it was appended; `registered_on` when the agreement's
    change first stood in a public register; `effective` the date it applies from, as exact as it is known;
    `actor_org` the organisation that acted, by its slug. Hashes are 64 lower-case hexadecimal digits:
    `body_sha256` of the deal of `version`, `details_sha256` of what else the event says, `prev_body_sha256` of the
    deal before. `schema` is the version of the contract that both are written in, `schema_sha256` its hash.
    `source_entry_sha256` is the digest of the entry of the source it was read from (`store.source_digest`).
    """

    seq: int
    recorded_at: datetime
    agreement: str
    event: str
    registered_on: datetime
    version: int | None = None
    effective: str | None = None
    actor_org: str | None = None
    body_sha256: str | None = None
    details_sha256: str | None = None
    prev_body_sha256: str | None = None
    schema: str | None = None
    schema_sha256: str | None = None
    source_entry_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class KeyLeaf:
    """A new key of the log: from here on it signs. `key` is its public line, `<name>+<id>+<base64>`.

    `signature` is what the key before it signed of the text `rotation_text(key)`: the base64 (key id and signature)
    of a note's signature line. It is absent where that key was lost.
    """

    seq: int
    recorded_at: datetime
    key: str
    signature: str | None = None


@dataclass(frozen=True, slots=True)
class CodelistsLeaf:
    """The codelists as they stand from here on: the SHA-256 of `codelists.json`, which names the hash of each."""

    seq: int
    recorded_at: datetime
    codelists_sha256: str


Leaf = EventLeaf | KeyLeaf | CodelistsLeaf


def rotation_text(key: str) -> str:
    """What the older key signs to vouch for a new one (its public line)."""
    return f"{KEY_ROTATED}\n{key}\n"


def leaf_bytes(leaf: Leaf) -> bytes:
    """The bytes of an entry, which the log hashes. Raises ValueError naming the member that cannot be so."""
    if isinstance(leaf, KeyLeaf):
        members: Json = {"event": KEY_ROTATED, "key": leaf.key}
        if leaf.signature is not None:
            members["signature"] = leaf.signature
    elif isinstance(leaf, CodelistsLeaf):
        members = {"event": CODELISTS_CHANGED, "codelists_sha256": leaf.codelists_sha256}
    else:
        members = {name: getattr(leaf, name) for name in _EVENT_MEMBERS if getattr(leaf, name) is not None}
        members["registered_on"] = _moment_text(leaf.registered_on, "registered_on")
    document = {"v": FORMAT, "seq": leaf.seq, "recorded_at": _moment_text(leaf.recorded_at, "recorded_at"), **members}
    _check(document)
    data = _ONE_FORM.encode(document).encode()
    if len(data) > MAX_BYTES:
        raise ValueError(f"the entry has {len(data)} bytes; the most is {MAX_BYTES}")
    return data


def read_leaf(data: bytes) -> Leaf:
    """The entry of these bytes. Raises ValueError naming the fault, and nothing else, for any but its one form."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"the entry has {len(data)} bytes; the most is {MAX_BYTES}")
    try:
        document = json.loads(data.decode())
    except (ValueError, RecursionError):
        raise ValueError("the entry is not JSON in UTF-8") from None
    if not isinstance(document, dict):
        raise ValueError("the entry is no JSON object")
    _check(document)
    moment = datetime.fromisoformat(document["recorded_at"])
    if document["event"] == KEY_ROTATED:
        leaf: Leaf = KeyLeaf(document["seq"], moment, document["key"], document.get("signature"))
    elif document["event"] == CODELISTS_CHANGED:
        leaf = CodelistsLeaf(document["seq"], moment, document["codelists_sha256"])
    else:
        registered_on = datetime.fromisoformat(document["registered_on"])
        rest = {name: member for name, member in document.items() if name in _EVENT_MEMBERS}
        leaf = EventLeaf(**{**rest, "seq": document["seq"], "recorded_at": moment, "registered_on": registered_on})
    if _ONE_FORM.encode(document).encode() != data:
        raise ValueError("the entry is not in its one form (RFC 8785)")
    return leaf


def _check(document: Json) -> None:
    """Raise ValueError where a member is missing, unknown, or not what it must be."""
    kinds, wanted = _EVENT_KINDS, _EVENT_NEEDS
    if document.get("event") == KEY_ROTATED:
        kinds, wanted = _KEY_KINDS, frozenset(_KEY_KINDS) - {"signature"}
    elif document.get("event") == CODELISTS_CHANGED:
        kinds, wanted = _CODELISTS_KINDS, frozenset(_CODELISTS_KINDS)
    if missing := sorted(wanted - document.keys()):
        raise ValueError(f"the entry has no {missing[0]}")
    for name, member in document.items():
        if name not in kinds:
            raise ValueError("the entry has a member that this version of the format does not know")
        if not kinds[name](member):
            raise ValueError(f"the entry's {name} is not what it must be")
    if ("schema" in document) != ("schema_sha256" in document):
        raise ValueError("the entry names the schema's version or its hash, and not both")
    if "schema" not in document and ("body_sha256" in document or "details_sha256" in document):
        raise ValueError("the entry has a body and does not say in which schema it is written")


def _moment_text(moment: datetime, name: str) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"the entry's {name} has no time zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _is_moment(member: object) -> bool:
    if not isinstance(member, str) or not _MOMENT.fullmatch(member):
        return False
    try:
        datetime.fromisoformat(member)
    except ValueError:
        return False
    return True


def _is_key(member: object) -> bool:
    try:
        return isinstance(member, str) and member == member.strip() and bool(read_vkey(member))
    except ValueError:
        return False


def _is_signature(member: object) -> bool:
    """A key's id (4 bytes) and an Ed25519 signature, in base64."""
    try:
        return isinstance(member, str) and len(from_base64(member, "the signature")) == 4 + SIGNATURE_BYTES
    except ValueError:
        return False


def _number(first: int) -> Callable[[object], bool]:
    return lambda member: type(member) is int and first <= member <= _LARGEST_NUMBER


def _text(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda member: isinstance(member, str) and compiled.fullmatch(member) is not None


def _is_exact_date(member: object) -> bool:
    return isinstance(member, str) and member == member.strip() and is_date(member)


_Kinds = Mapping[str, Callable[[Any], bool]]
_IS_HASH = _text("[0-9a-f]{64}")
_IS_SLUG = _text("[a-z0-9][a-z0-9-]*")
_COMMON: _Kinds = {
    "v": lambda member: member == FORMAT and type(member) is int,
    "seq": _number(0),
    "recorded_at": _is_moment,
}
_KEY_KINDS: _Kinds = {**_COMMON, "event": _IS_SLUG, "key": _is_key, "signature": _is_signature}
_CODELISTS_KINDS: _Kinds = {**_COMMON, "event": _IS_SLUG, "codelists_sha256": _IS_HASH}
_EVENT_KINDS: _Kinds = {
    **_COMMON,
    "agreement": _text("[a-z][a-z0-9]{0,15}-[1-9][0-9]{0,11}"),
    "event": _IS_SLUG,
    "registered_on": _is_moment,
    "version": _number(1),
    "effective": _is_exact_date,
    "actor_org": _IS_SLUG,
    "body_sha256": _IS_HASH,
    "details_sha256": _IS_HASH,
    "prev_body_sha256": _IS_HASH,
    "schema": _text(r"[0-9]+\.[0-9]+\.[0-9]+"),
    "schema_sha256": _IS_HASH,
    "source_entry_sha256": _IS_HASH,
}
_EVENT_MEMBERS = tuple(name for name in _EVENT_KINDS if name not in {"v", "seq", "recorded_at"})
_EVENT_NEEDS = frozenset({"v", "seq", "recorded_at", "agreement", "event", "registered_on"})
