"""Small copies of a register for the tests, written by hand from the standards' words.

Nothing here uses the modules that the tests are about: a mistake common to writer and reader would pass unseen.
"""

import base64
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "rivers.example/register/log"
SCHEMA = "1.0.0"
CONTRACT = {
    "version": SCHEMA,
    "schema": {"type": "object", "required": ["id", "title"], "properties": {"title": {"type": "string"}}},
    "profiles": {},
    "events": {"reviewed": {"type": "object", "required": ["outcome"]}},
}
CODELISTS = {"method": b"code,title\nfile,A file\n", "theme": b"code,title\nHEAL,Health\n"}


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass
class SigningKey:
    """An Ed25519 key of a log, made of words."""

    words: str = "the log"
    name: str = ORIGIN

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(self.words.encode()).digest())

    @property
    def blob(self) -> bytes:
        return b"\x01" + self.private.public_key().public_bytes_raw()

    @property
    def number(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self.blob).digest()[:4]

    @property
    def line(self) -> str:
        return f"{self.name}+{self.number.hex()}+{b64(self.blob)}"

    def signature(self, text: str) -> str:
        return b64(self.number + self.private.sign(text.encode()))


def mth(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(hashes[:k]) + mth(hashes[k:])).digest()


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def tile_path(number: int) -> str:
    digits = f"{number:09d}".lstrip("0").zfill(3)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def flattened(document: Any, pointer: str = "") -> dict[str, Any]:
    if isinstance(document, dict):
        inner = [(f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}", value) for name, value in document.items()]
    elif isinstance(document, list):
        inner = [(f"{pointer}/{place}", value) for place, value in enumerate(document)]
    else:
        return {pointer: document}
    return {at: value for path, member in inner for at, value in flattened(member, path).items()}


@dataclass
class MadeLog:
    """A register's log as it grows: entries, and the bodies they name. Tests change what they like, then `files`."""

    keys: list[SigningKey] = field(default_factory=lambda: [SigningKey()])
    entries: list[dict[str, Any]] = field(default_factory=list)
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    contract: dict[str, Any] = field(default_factory=lambda: CONTRACT)
    minute: int = 0

    def body(self, document: dict[str, Any], schema: str = SCHEMA) -> str:
        """Seal a document; the salts follow from how many bodies there are."""
        values = []
        for pointer, value in sorted(flattened(document).items()):
            salt = hashlib.sha256(f"{len(self.bodies)} {pointer}".encode()).hexdigest()[:32]
            values.append([pointer, salt, value])
        digests = sorted(hashlib.sha256(canonical(value)).digest() for value in values)
        name = sha256(b"".join(digests))
        self.bodies[name] = {"sha256": name, "schema": schema, "values": values}
        return name

    def enter(self, event: str, **members: Any) -> dict[str, Any]:
        """Append an entry; members that are None stay absent."""
        self.minute += 1
        moment = f"2026-03-{2 + self.minute // 1440:02d}T{self.minute // 60 % 24:02d}:{self.minute % 60:02d}:00.000000Z"
        entry = {"v": 1, "seq": len(self.entries), "recorded_at": moment, "event": event, **members}
        self.entries.append({name: member for name, member in entry.items() if member is not None})
        return self.entries[-1]

    def event(
        self,
        agreement: str,
        event: str,
        document: dict[str, Any] | None = None,
        details: dict[str, Any] | None = None,
        *,
        makes_version: bool = True,
    ) -> dict[str, Any]:
        """Append an event of an agreement, with its deal and what else it says."""
        before = [entry for entry in self.entries if entry.get("agreement") == agreement and "version" in entry]
        body = details_body = None
        if document is not None:
            body = self.body({"id": agreement, "schemaVersion": SCHEMA, **document})
        if details is not None:
            details_body = self.body(details)
        return self.enter(
            event,
            agreement=agreement,
            version=len(before) + 1 if body and makes_version else None,
            actor_org="ministry-of-rivers",
            registered_on="2026-03-02T09:00:00.000000Z",
            body_sha256=body,
            details_sha256=details_body,
            prev_body_sha256=before[-1]["body_sha256"] if body and before else None,
            schema=SCHEMA if body or details_body else None,
            schema_sha256=sha256(canonical(self.contract)) if body or details_body else None,
        )

    def blank(self, sha: str, pointer: str) -> None:
        """Take a value out of a body, its digest left behind."""
        for value in self.bodies[sha]["values"]:
            if value[0] == pointer:
                value[1:] = [None, None, sha256(canonical(value))]

    def rotate(self, words: str, *, vouched: bool = True) -> SigningKey:
        """Give the log a new key, vouched for by the one before."""
        new, old = SigningKey(words), self.keys[0]
        signature = old.signature(f"key-rotated\n{new.line}\n") if vouched else None
        self.enter("key-rotated", key=new.line, signature=signature)
        self.keys.insert(0, new)
        return new

    def name_codelists(self) -> None:
        self.enter("codelists-changed", codelists_sha256=sha256(codelists_json()))

    def encoded(self) -> list[bytes]:
        return [canonical(entry) for entry in self.entries]

    def checkpoint(self, size: int | None = None, *signers: SigningKey) -> bytes:
        """The signed checkpoint of the first entries."""
        hashes = [leaf(entry) for entry in self.encoded()][:size]
        return self.signed(f"{ORIGIN}\n{len(hashes)}\n{b64(mth(hashes))}\n", *signers)

    def signed(self, text: str, *signers: SigningKey) -> bytes:
        lines = "".join(f"— {key.name} {key.signature(text)}\n" for key in signers or self.keys[:1])
        return f"{text}\n{lines}".encode()

    def files(self) -> dict[str, bytes]:
        """The copy, file by file."""
        files = {
            "checkpoint": self.checkpoint(),
            "key": "".join(f"{key.line}\n" for key in self.keys).encode(),
            f"schemas/agreement/{SCHEMA}.json": canonical(self.contract),
            "codelists.json": codelists_json(),
            **{f"codelists/{name}.csv": data for name, data in CODELISTS.items()},
            **{f"bodies/{name}": canonical(body) for name, body in self.bodies.items()},
        }
        return files | tiles_of(self.encoded())


def codelists_json() -> bytes:
    return canonical({name: sha256(data) for name, data in CODELISTS.items()})


def tiles_of(entries: list[bytes]) -> dict[str, bytes]:
    """Every tile and bundle of a log of these entries (C2SP tlog-tiles)."""
    files = {}
    for first in range(0, len(entries), 256):
        part = entries[first : first + 256]
        width = f".p/{len(part)}" if len(part) < 256 else ""
        bundle = b"".join(len(entry).to_bytes(2, "big") + entry for entry in part)
        files[f"tile/entries/{tile_path(first // 256)}{width}"] = bundle
    level, row = 0, [leaf(entry) for entry in entries]
    while row:
        for first in range(0, len(row), 256):
            part = row[first : first + 256]
            width = f".p/{len(part)}" if len(part) < 256 else ""
            files[f"tile/{level}/{tile_path(first // 256)}{width}"] = b"".join(part)
        row = [mth(row[first : first + 256]) for first in range(0, len(row) - 255, 256)]
        level += 1
    return files


def small_log() -> MadeLog:
    """Two agreements and what befell them: versions, a review, a proposed change, two values blanked."""
    log = MadeLog()
    log.name_codelists()
    log.event(
        "dg-1", "signed", {"title": "Flood levels", "parties": [{"name": "Ministry of Rivers"}, {"name": "Ämter"}]}
    )
    log.event("dg-2", "proposed", {"title": "Bridge loads", "public": True, "count": 12})
    log.event("dg-1", "reviewed", details={"outcome": "carry on", "note": "Asked for by a person"})
    log.event("dg-2", "signed", {"title": "Bridge loads", "public": False, "count": 13})
    log.event("dg-1", "amendment-proposed", {"title": "Flood levels, daily"}, makes_version=False)
    log.event("dg-1", "amended", {"title": "Flood levels, daily", "a/b~c": 'slashes\u2028and "quotes"'})
    log.event("dg-2", "confirmed")
    log.blank(log.entries[1]["body_sha256"], "/parties/1/name")
    log.event("dg-1", "redacted", details={"version": 1, "pointer": "/parties/1/name", "reason": "a person"})
    log.blank(log.entries[3]["details_sha256"], "/note")
    log.event("dg-1", "redacted", details={"version": 1, "pointer": "/events/3/note", "reason": "names a person"})
    return log


def unpacked(files: dict[str, bytes], folder: Path) -> Path:
    """The files in a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def zipped(files: dict[str, bytes], path: Path) -> Path:
    """The files in a zip."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in files.items():
            bundle.writestr(name, data)
    path.write_bytes(held.getvalue())
    return path
