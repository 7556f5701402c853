"""Signed notes: a text, and under it the signatures of those who vouch for it (C2SP signed-note v1.0.0).

A note is its text, an empty line, and signature lines: an em dash, the key's name, and base64 of the key's id (4
bytes) and the signature. Ours are Ed25519 (RFC 8032) over the text. Keys are written as Go's `sumdb/note` does.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from register.log.encoding import from_base64, to_base64
from schemas.clock import Randomness

ED25519 = 0x01
"""The signature type of plain Ed25519 signatures."""

KEY_BYTES = 32
SIGNATURE_BYTES = 64
MAX_BYTES = 1_000_000
MAX_SIGNATURES = 100

_DASH = "— "
_SECRET = "PRIVATE+KEY+"  # noqa: S105 - the words that every key file begins with
_ID_BYTES = 4


class SignatureVerifier(Protocol):
    """A key whose signatures are looked for: known by its name and id together."""

    @property
    def name(self) -> str:
        """The key's name."""

    @property
    def key_id(self) -> bytes:
        """The key's id, 4 bytes."""

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether the key made this signature (without the id in front) of the text."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A line under a note: the key's name, its id (4 bytes), and the signature."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line with its newline."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note that was opened: its text, the signatures that verify, one a key, and those of keys we do not know."""

    text: str
    verified: tuple[Signature, ...]
    unknown: tuple[Signature, ...]

    def is_signed_by(self, verifier: SignatureVerifier) -> bool:
        """Whether one of the signatures that verify is this key's."""
        return any(_same_key(signature, verifier) for signature in self.verified)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public Ed25519 key (32 bytes) with its name, and the type of signature that it is for."""

    signature_type: ClassVar[int]

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.public_key) != KEY_BYTES:
            raise ValueError(f"an Ed25519 key has {KEY_BYTES} bytes, not {len(self.public_key)}")

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256 over name, newline, signature type and key."""
        return key_id(self.name, self.signature_type, self.public_key)

    @property
    def vkey(self) -> str:
        """The key as one line: `<name>+<8 hexadecimal digits>+<base64>`."""
        return vkey_text(self.name, self.signature_type, self.public_key)


@dataclass(frozen=True, slots=True)
class Verifier(PublicKey):
    """A log's public key with its name."""

    signature_type = ED25519

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether the key made this signature of the text."""
        return ed25519_verifies(self.public_key, text.encode(), signature)


@dataclass(frozen=True, slots=True)
class Signer:
    """A private Ed25519 key (32 bytes) with its name. What is printed of it never holds the key."""

    name: str
    private_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.private_key) != KEY_BYTES:
            raise ValueError(f"an Ed25519 key has {KEY_BYTES} bytes, not {len(self.private_key)}")

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, public_key_of(self.private_key))

    @property
    def skey(self) -> str:
        """The key as one line, to be kept secret: `PRIVATE+KEY+<name>+<8 hexadecimal digits>+<base64>`."""
        return skey_text(self.name, ED25519, self.private_key)

    def sign(self, text: str) -> Signature:
        """The signature of a text."""
        return Signature(self.name, self.verifier.key_id, ed25519_signature(self.private_key, text.encode()))


def new_key(name: str, randomness: Randomness) -> tuple[str, str]:
    """A new key: its secret line and its public line. Raises ValueError for a name that no key can have."""
    signer = Signer(name, randomness(KEY_BYTES))
    return signer.skey, signer.verifier.vkey


def read_skey(text: str) -> Signer:
    """The private key of a line that `new_key` made; white space around it is passed over. Raises ValueError."""
    name, kind, private_key = split_skey(text)
    if kind != ED25519:
        raise ValueError("the key is not a plain Ed25519 key")
    return Signer(name, private_key)


def read_vkey(text: str) -> Verifier:
    """The public key of a line `<name>+<id>+<base64>`; white space around it is passed over. Raises ValueError."""
    name, kind, public_key = split_vkey(text)
    if kind != ED25519:
        raise ValueError("the key is not a plain Ed25519 key")
    return Verifier(name, public_key)


def sign(text: str, *signers: Signer) -> str:
    """The note of a text that ends in a newline, with a signature of each signer. Raises ValueError."""
    return _written(text, [signer.sign(text) for signer in signers])


def add_signatures(note: str, added: Iterable[Signature]) -> str:
    """A note with further signatures under it; one of the same key and name takes the older one's place.

    None is checked. Raises ValueError where `note` is no note, or would grow beyond what a reader takes.
    """
    text, signatures = split_note(note)
    return _written(text, [*signatures, *added])


def open_note(note: str | bytes, verifiers: Iterable[SignatureVerifier]) -> Note:
    """Check a note: at least one of the keys signed it, and every signature of theirs is right.

    Signatures of other keys are passed over, as the standard wants it. Raises ValueError naming the fault, and
    nothing else, whatever the text is.
    """
    keys = _by_name_and_id(verifiers)
    text, signatures = split_note(note)
    verified: dict[tuple[str, bytes], Signature] = {}
    unknown: list[Signature] = []
    for signature in signatures:
        key = keys.get((signature.name, signature.key_id))
        if key is None:
            unknown.append(signature)
            continue
        if not key.verify(text, signature.signature):
            raise ValueError(f"the signature of {signature.name} is not one of this text: one of the two was altered")
        verified.setdefault((signature.name, signature.key_id), signature)
    if not verified:
        names = ", ".join(dict.fromkeys(signature.name for signature in unknown))
        raise ValueError(f"no key that is trusted here signed the note; signed by: {names}")
    return Note(text, tuple(verified.values()), tuple(dict.fromkeys(unknown)))


def split_note(note: str | bytes) -> tuple[str, tuple[Signature, ...]]:
    """The text of a note and its signatures, none of them checked. Raises ValueError where it is no note."""
    whole = _clean_text(note)
    text, gap, lines = whole.rpartition("\n\n")
    if not gap:
        raise ValueError("the note has no empty line between its text and its signatures")
    if not lines.endswith("\n"):
        raise ValueError("the note has no signature, or does not end in a newline")
    signature_lines = lines[:-1].split("\n")
    if len(signature_lines) > MAX_SIGNATURES:
        raise ValueError(f"the note has more than {MAX_SIGNATURES} signatures")
    return f"{text}\n", tuple(read_signature(line) for line in signature_lines)


def read_signature(line: str) -> Signature:
    """The signature of a line (without its newline). Raises ValueError."""
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise ValueError("a line under the note is no signature: “— name base64”")
    require_name(name)
    data = from_base64(encoded, f"the signature of {name}")
    if len(data) <= _ID_BYTES:
        raise ValueError(f"the signature of {name} is empty")
    return Signature(name, data[:_ID_BYTES], data[_ID_BYTES:])


def key_id(name: str, kind: int, public_key: bytes) -> bytes:
    """The id of a key: the first 4 bytes of SHA-256 over name, newline, signature type (one byte) and key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public_key).digest()[:_ID_BYTES]


def require_name(name: str) -> None:
    """Raise ValueError where no key can have this name: empty, or with a space, a plus or a control character."""
    unfit = not name or "+" in name or any(letter.isspace() or letter < " " for letter in name)
    if unfit or any("\ud800" <= letter <= "\udfff" for letter in name):
        raise ValueError("a key's name is not empty and has no space, plus sign or control character in it")


def vkey_text(name: str, kind: int, public_key: bytes) -> str:
    """A public key as one line: `<name>+<8 hexadecimal digits>+<base64>`."""
    return f"{name}+{key_id(name, kind, public_key).hex()}+{to_base64(bytes([kind]) + public_key)}"


def skey_text(name: str, kind: int, private_key: bytes) -> str:
    """A private key as one line: the id in it is the public key's."""
    identity = key_id(name, kind, public_key_of(private_key))
    return f"{_SECRET}{name}+{identity.hex()}+{to_base64(bytes([kind]) + private_key)}"


def split_vkey(text: str) -> tuple[str, int, bytes]:
    """The name, signature type and public key (32 bytes) of a line. Raises ValueError where its id is not theirs."""
    return _split_key(text.strip(), secret=False)


def split_skey(text: str) -> tuple[str, int, bytes]:
    """The name, signature type and private key (32 bytes) of a line. Raises ValueError, which never holds the key."""
    text = text.strip()
    if not text.startswith(_SECRET):
        raise ValueError("that is not a private key")
    return _split_key(text.removeprefix(_SECRET), secret=True)


def public_key_of(private_key: bytes) -> bytes:
    """The public half of an Ed25519 key, 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def ed25519_signature(private_key: bytes, message: bytes) -> bytes:
    """The signature of a message, 64 bytes (RFC 8032)."""
    return Ed25519PrivateKey.from_private_bytes(private_key).sign(message)


def ed25519_verifies(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature of a message is this key's."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _split_key(text: str, *, secret: bool) -> tuple[str, int, bytes]:
    parts = text.split("+", 2)  # the base64 at the end may have plus signs of its own
    if len(parts) < 3:
        raise ValueError("a key is written “name+id+base64”")
    name, identity, encoded = parts
    require_name(name)
    data = from_base64(encoded, f"the key of {name}")
    if len(data) != 1 + KEY_BYTES:
        raise ValueError(f"the key of {name} has not the {KEY_BYTES} bytes of an Ed25519 key")
    kind, key = data[0], data[1:]
    if key_id(name, kind, public_key_of(key) if secret else key).hex() != identity:
        raise ValueError(f"the id in the key of {name} is not that of its name and key: one of the three was altered")
    return name, kind, key


def _written(text: str, signatures: Iterable[Signature]) -> str:
    if not text.endswith("\n"):
        raise ValueError("the text of a note ends in a newline")
    lines = {(one.name, one.key_id): one.line for one in signatures}
    note = f"{text}\n{''.join(lines.values())}"
    split_note(note)
    return note


def _clean_text(note: str | bytes) -> str:
    """The note as text: UTF-8, not above the limit, and no control character but newlines."""
    try:
        data = note if isinstance(note, bytes) else note.encode()
        text = data.decode()
    except UnicodeError:
        raise ValueError("the note is not UTF-8 text") from None
    if len(data) > MAX_BYTES:
        raise ValueError(f"the note is longer than {MAX_BYTES:,} bytes")
    if any(byte < 0x20 and byte != 0x0A for byte in data):
        raise ValueError("the note has a control character in it")
    return text


def _by_name_and_id(verifiers: Iterable[SignatureVerifier]) -> dict[tuple[str, bytes], SignatureVerifier]:
    keys: dict[tuple[str, bytes], SignatureVerifier] = {}
    for verifier in verifiers:
        if keys.setdefault((verifier.name, verifier.key_id), verifier) != verifier:
            raise ValueError(f"two different keys have the name {verifier.name} and the same id")
    return keys


def _same_key(signature: Signature, verifier: SignatureVerifier) -> bool:
    return (signature.name, signature.key_id) == (verifier.name, verifier.key_id)
