"""Who may have data, in the words and addresses in which sources say it."""

from schemas.codelists import codelist

ACCESS_LEVELS = {"public": "open", "restricted public": "restricted", "non-public": "closed"}
"""DCAT-US 1.1's levels of access, and our codes for them."""


def access_code(text: str) -> str | None:
    """Our code for a level of access: a level of DCAT-US 1.1, or a word of the EU's list, alone or as an address."""
    said = text.strip()
    folded = (said.rstrip("/").rpartition("/")[2] if said.startswith("http") else said).casefold()
    by_word = {entry.same_as.rpartition("/")[2].casefold(): entry.code for entry in codelist("access-rights").values()}
    return ACCESS_LEVELS.get(folded) or by_word.get(folded.replace("-", "_"))
