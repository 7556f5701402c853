"""Made-up keys: the same ones every time."""

import hashlib

from register.log.cosignature import Cosigner
from register.log.note import Signer

ORIGIN = "rivers.example/register/log"


def private_key(words: str) -> bytes:
    return hashlib.sha256(words.encode()).digest()


def signer(name: str = ORIGIN, words: str = "the log") -> Signer:
    return Signer(name, private_key(words))


def cosigner(name: str = "witness.example/bridges", words: str = "a witness") -> Cosigner:
    return Cosigner(name, private_key(words))
