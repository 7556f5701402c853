"""Two words that titles write as one: who types “post code” or “post-code” finds the postcodes too."""

from collections.abc import Callable

from catalogue.search.analysis import exact
from catalogue.search.synonyms import Meaning, Thesaurus

AS_ONE_WORD = "written as one word"
_SHORTEST = 2
_NEVER_CORRECTED = 4
"""Shorter words are taken for the beginning of one unseen; longer ones may be slips of the pen."""


class JoinedWords(Thesaurus):
    """The words of titles by the two parts that somebody may write them in.

    `having` tells how many titles have a word.
    """

    def __init__(self, having: Callable[[str], int]) -> None:
        super().__init__()
        self._having = having

    def longest(self, word: str) -> int:
        """Two, where another word may belong to this one."""
        return 2 if _SHORTEST <= len(word) < _NEVER_CORRECTED or self._having(word) else 0

    def meanings(self, words: tuple[str, ...], written: str) -> list[Meaning]:
        """The one word that titles make of two; nothing for any other number of words."""
        parts = exact(written).parts if len(words) <= 2 else ()
        joined = "".join(parts)
        if len(parts) != 2 or not joined.isalpha() or min(map(len, parts)) < _SHORTEST or not self._having(joined):
            return []
        return [Meaning(written, joined, AS_ONE_WORD)]

    def __len__(self) -> int:
        """One, for there is always something to ask."""
        return 1
