"""Numbers, sizes, lists and texts as people read them."""

import re
from collections.abc import Iterable, Sequence

from schemas.canonical import Json
from schemas.codelists import title_of

_SPACES = re.compile(r"\s+")
_BARE_ADDRESS = re.compile(r"https?://(?:www\.)?(?P<rest>.+)")


def show_number(number: int) -> str:
    """A whole number with its thousands apart: “1,234”."""
    return f"{number:,}"


def count_of(number: int, one: str, many: str = "") -> str:
    """A number with its noun: “1 dataset”, “1,234 datasets”, “no datasets”."""
    if number == 0:
        return f"no {many or one + 's'}"
    return f"{show_number(number)} {one if number == 1 else many or one + 's'}"


def show_size(size: int) -> str:
    """A size in bytes as people read it: “12 KB”, “3.4 MB” (thousands, as on a box: 1 KB is 1,000 bytes)."""
    if size < 1000:
        return count_of(size, "byte") if size else "0 bytes"
    value = float(size)
    for unit in ("KB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            break
    return f"{value:.1f} {unit}".replace(".0 ", " ") if value < 10 else f"{value:,.0f} {unit}"


def show_list(items: Sequence[str], joiner: str = "and") -> str:
    """A list in a sentence: “a”, “a and b”, “a, b and c”."""
    if len(items) < 2:
        return items[0] if items else ""
    return f"{', '.join(items[:-1])} {joiner} {items[-1]}"


def show_some(items: Sequence[str], most: int = 3) -> str:
    """A list in a line, cut short: “a, b, c and 4 more”."""
    if len(items) <= most + 1:
        return show_list(items)
    return f"{', '.join(items[:most])} and {show_number(len(items) - most)} more"


def shorten(text: str, length: int) -> str:
    """The beginning of a text on one line, cut between words, with an ellipsis where something is left out."""
    line = _SPACES.sub(" ", text).strip()
    if len(line) <= length:
        return line
    cut = line[: length + 1].rpartition(" ")[0] or line[:length]
    return f"{cut.rstrip(' ,;:.–-')} …"


def sentence(text: str) -> str:
    """A text with a full stop at its end, if it has no end of its own."""
    text = text.strip()
    return text if not text or text[-1] in ".!?:;…)”" else f"{text}."


def lower_first(text: str) -> str:
    """A text to stand inside a sentence; one that begins with an abbreviation is left as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """A text to begin a sentence."""
    return text[:1].upper() + text[1:]


def coded(group: Json, codes: str) -> str:
    """What a group of fields says by a code of a list and in words: “Title: words”, or the one of them there is."""
    title = title_of(codes, group["code"]) if "code" in group else ""
    return ": ".join(part for part in (title, group.get("text", "")) if part)


def show_address(address: str, length: int = 70) -> str:
    """A web address without what tells a reader nothing, cut where it is very long."""
    match = _BARE_ADDRESS.fullmatch(address.strip())
    bare = match["rest"].rstrip("/") if match else address
    return bare if len(bare) <= length else f"{bare[: length - 1]}…"


def is_link(text: str) -> bool:
    """Whether a text may stand as the address of a link: only web addresses may, never `javascript:` and its like."""
    return re.match(r"https?://[^\s/]", text, re.IGNORECASE) is not None


def unique(items: Iterable[str]) -> list[str]:
    """The items, each once, in their order; empty ones left out."""
    return list(dict.fromkeys(item for item in items if item))
