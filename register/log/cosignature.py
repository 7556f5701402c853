"""Cosignatures: a witness's word that it saw the log grow without a change (C2SP tlog-cosignature, Ed25519 form).

The signature covers the time it was given and the text of the checkpoint; the time stands in front of it, in eight
bytes. The form for ML-DSA-44 keys is not read: its lines pass as those of unknown keys.
"""

from dataclasses import dataclass, field

from register.log.encoding import LARGEST
from register.log.note import (
    KEY_BYTES,
    PublicKey,
    Signature,
    ed25519_signature,
    ed25519_verifies,
    public_key_of,
    require_name,
    skey_text,
    split_skey,
    split_vkey,
)
from schemas.clock import Randomness

COSIGNATURE = 0x04
"""The signature type of timestamped Ed25519 cosignatures."""

_TIME_BYTES = 8


@dataclass(frozen=True, slots=True)
class CosignatureVerifier(PublicKey):
    """A witness's public key with its name."""

    signature_type = COSIGNATURE

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether the witness gave this cosignature of the checkpoint's text."""
        seconds = int.from_bytes(signature[:_TIME_BYTES], "big")
        if seconds > LARGEST:
            return False
        return ed25519_verifies(self.public_key, cosigned_message(text, seconds), signature[_TIME_BYTES:])


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness's private key (32 bytes) with its name. What is printed of it never holds the key."""

    name: str
    private_key: bytes = field(repr=False)

    @property
    def verifier(self) -> CosignatureVerifier:
        """The public half."""
        return CosignatureVerifier(self.name, public_key_of(self.private_key))

    @property
    def skey(self) -> str:
        """The key as one line, to be kept secret."""
        return skey_text(self.name, COSIGNATURE, self.private_key)

    def cosign(self, text: str, seconds: int) -> Signature:
        """The cosignature of a checkpoint's text at a time, in seconds since 1970 (UTC). Raises ValueError."""
        if not 0 <= seconds <= LARGEST:
            raise ValueError(f"{seconds} is no time of a cosignature")
        signature = ed25519_signature(self.private_key, cosigned_message(text, seconds))
        return Signature(self.name, self.verifier.key_id, seconds.to_bytes(_TIME_BYTES, "big") + signature)


def new_cosigner(name: str, randomness: Randomness) -> Cosigner:
    """A new witness's key. Raises ValueError for a name that no key can have."""
    require_name(name)
    return Cosigner(name, randomness(KEY_BYTES))


def read_witness_key(text: str) -> CosignatureVerifier:
    """The public key of a witness from a line `<name>+<id>+<base64>`. Raises ValueError."""
    name, kind, public_key = split_vkey(text)
    if kind != COSIGNATURE:
        raise ValueError(f"the key of {name} is not one for cosignatures (Ed25519, type 4)")
    return CosignatureVerifier(name, public_key)


def read_witness_secret(text: str) -> Cosigner:
    """The private key of a witness from its line. Raises ValueError, which never holds the key."""
    name, kind, private_key = split_skey(text)
    if kind != COSIGNATURE:
        raise ValueError(f"the key of {name} is not one for cosignatures (Ed25519, type 4)")
    return Cosigner(name, private_key)


def time_of(cosignature: Signature) -> int:
    """When a cosignature that verified was given, in seconds since 1970 (UTC)."""
    return int.from_bytes(cosignature.signature[:_TIME_BYTES], "big")


def cosigned_message(text: str, seconds: int) -> bytes:
    """What a witness signs: two lines of its own, then the text of the checkpoint."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
