"""The secrets that open an account: how they are made, and the hash that is all that is stored of them.

Each is drawn from at least 128 unpredictable bits, so a plain SHA-256 of it can be stored and looked up: nobody
finds it by trying. Only the code that a person types is short; it lives for minutes and the attempts are counted.
"""

import base64
import hashlib
import re

from schemas.clock import Randomness

TOKEN_PREFIX = "dgz_"  # noqa: S105 - the part that everybody may know
"""What every access token begins with, so that programs that look for leaked secrets find ours."""

USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""What people type: no vowels, so that no words arise, and nothing that looks like a digit (RFC 8628, 6.1)."""

USER_CODE_LENGTH = 8
_TOKEN = re.compile(rf"{TOKEN_PREFIX}[a-z2-7]{{32}}")
_NOT_A_LETTER = re.compile(r"[^A-Z]")


def new_token(randomness: Randomness) -> str:
    """A new access token: 160 unpredictable bits behind the prefix."""
    return TOKEN_PREFIX + base64.b32encode(randomness(20)).decode("ascii").lower()


def is_token(text: str) -> bool:
    """Whether a text has the form of an access token of ours."""
    return _TOKEN.fullmatch(text) is not None


def new_secret(randomness: Randomness) -> str:
    """A new secret for an address, a cookie or a device: 256 unpredictable bits, in letters that an address takes."""
    return base64.urlsafe_b64encode(randomness(32)).decode("ascii").rstrip("=")


def new_user_code(randomness: Randomness) -> str:
    """A new code for a person to type, as it is shown: `BCDF-GHJK`."""
    letters: list[str] = []
    most = 256 - 256 % len(USER_CODE_LETTERS)  # a byte above would make the first letters likelier
    while len(letters) < USER_CODE_LENGTH:
        letters.extend(USER_CODE_LETTERS[byte % len(USER_CODE_LETTERS)] for byte in randomness(16) if byte < most)
    code = "".join(letters[:USER_CODE_LENGTH])
    return f"{code[:4]}-{code[4:]}"


def plain_user_code(typed: str) -> str:
    """What somebody typed, without case, hyphens and blanks, as it is hashed."""
    return _NOT_A_LETTER.sub("", typed.upper())[: USER_CODE_LENGTH + 1]


def hashed(secret: str) -> str:
    """The SHA-256 of a secret, in hexadecimal: all that is stored of it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
