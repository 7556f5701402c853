"""Checksums of files as sources write them, in the two algorithms that formats have names for."""

import re
from typing import NamedTuple

from schemas.canonical import Json

_DIGITS = {"sha256": 64, "md5": 32}


_ALGORITHM = re.compile(r".*checksumAlgorithm_?|https?://.*hashAlgorithms/", re.IGNORECASE)


def algorithm_name(text: str) -> str:
    """The algorithm of a checksum by its name, where it is written as SPDX has it, or as an address of DCAT-AP.de's."""
    name = _ALGORITHM.sub("", text)
    return name if name == text else name.replace("/", "")


class Checksum(NamedTuple):
    """`algorithm` is `sha256` or `md5`; `value` has that many hexadecimal digits, in small letters."""

    algorithm: str
    value: str


def checksum_of(distribution: Json) -> Checksum | None:
    """The checksum of a distribution; None where it states none, or none that is whole in one of the two.

    The algorithm may be a name (SHA-256) or an address that ends in it, as SPDX has.
    """
    stated = distribution.get("checksum", {})
    name = re.split(r"[/#_]", stated.get("algorithm", ""))[-1].replace("-", "").casefold()
    value = stated.get("value", "").strip().casefold()
    if re.fullmatch(r"[0-9a-f]+", value) is None or _DIGITS.get(name) != len(value):
        return None
    return Checksum(name, value)
