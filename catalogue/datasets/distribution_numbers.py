"""Numbers for distributions, which no source gives reliably and every client of a catalogue wants."""

from hashlib import sha1
from uuid import UUID

from schemas.canonical import Json


def distribution_numbers(resource_id: str, document: Json) -> list[str]:
    """For each distribution of a document, in their order, a number that only this one has (RFC 9562).

    It is the source's own where that is such a number, else one made from the resource and the address, so that other
    distributions may come, go and change places without moving it. It is marked as of version 4, the only one that
    some of CKAN's clients take for a number (hdx-python-api, `is_valid_uuid`).
    """
    forms = document.get("distribution", ())
    if not forms:
        return []
    own = UUID(resource_id).bytes
    numbers: list[str] = []
    seen: dict[str, int] = {}
    for form in forms:
        stated = _as_number(form.get("identifier", ""))
        if stated and stated not in numbers:
            numbers.append(stated)
            continue
        told = form.get("downloadURL") or form.get("accessURL") or form.get("title") or ""
        seen[told] = seen.get(told, 0) + 1
        numbers.append(_made(own, f"{told}\n{seen[told]}"))
    return numbers


def _made(space: bytes, name: str) -> str:
    """A number made of a name as RFC 9562 makes those of version 5 (5.5), but for the mark."""
    digest = bytearray(sha1(space + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x40
    digest[8] = digest[8] & 0x3F | 0x80
    digits = digest.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _as_number(text: str) -> str:
    try:
        return str(UUID(text)) if len(text) == 36 else ""
    except ValueError:
        return ""
