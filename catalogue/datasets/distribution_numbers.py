"""Numbers for distributions, which no source gives reliably and every client of a catalogue wants."""

from collections import Counter
from uuid import UUID, uuid5

from schemas.canonical import Json


def distribution_numbers(resource_id: str, document: Json) -> list[str]:
    """For each distribution of a document, in their order, a number that only this one has (RFC 9562).

    It is the source's own where that is such a number, else one made (version 5) from the resource and the address,
    so that other distributions may come, go and change places without moving it.
    """
    forms = document.get("distribution", ())
    if not forms:
        return []
    own = UUID(resource_id)
    numbers: list[str] = []
    seen: Counter[str] = Counter()
    for form in forms:
        stated = _as_number(form.get("identifier", ""))
        if stated and stated not in numbers:
            numbers.append(stated)
            continue
        told = form.get("downloadURL") or form.get("accessURL") or form.get("title") or ""
        seen[told] += 1
        numbers.append(str(uuid5(own, f"{told}\n{seen[told]}")))
    return numbers


def _as_number(text: str) -> str:
    try:
        return str(UUID(text)) if len(text) == 36 else ""
    except ValueError:
        return ""
