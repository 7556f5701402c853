"""Text in the cells of a spreadsheet, as Office Open XML holds it.

What XML cannot hold, and the sign x where it would look like the beginning of such an escape, stands there as _xHHHH_
(ECMA-376 part 1, 22.9.2.19, ST_Xstring).
"""

import re

from schemas.errors import InvalidInput

MOST_CHARACTERS = 32_767
"""So much text a cell of Excel holds."""

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|x(?=[0-9A-Fa-f]{4}[_x])")
_ESCAPE = re.compile("_x(00[01][0-9A-Fa-f]|0078|[Ff]{3}[EFef])_")


def escaped(text: str) -> str:
    """A text as a cell holds it. Raises InvalidInput where no cell can hold so much."""
    held = _UNFIT.sub(lambda match: f"_x{ord(match.group()):04X}_", text)
    if len(held) > MOST_CHARACTERS:
        raise InvalidInput(
            f"A text of {len(text):,} characters is longer than a cell of a spreadsheet can be ({text[:40]}…).",
            "Export as CSV or JSON, which have no such limit.",
        )
    return held


def unescaped(text: str) -> str:
    """The text that a cell means."""
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text
