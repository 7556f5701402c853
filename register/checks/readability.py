"""How hard a text is to read: LIX, which needs only words, long words and sentences, in any European language.

LIX (läsbarhetsindex; C. H. Björnsson, “Läsbarhet”, Stockholm 1968) is the words per sentence plus the share, in per
cent, of words with more than six letters. J. Anderson (“Lix and Rix”, Journal of Reading 26(6), 1983, pages 490–496)
found it to hold for English as for other languages. It counts; it does not understand: a low score is no proof that
a text is clear.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

HARDEST = 50
"""Above this a summary is told to be too hard: newspapers lie between 40 and 50, official reports above."""

LONGEST_SENTENCE = 35
"""A sentence with more words is told, however easy the rest is."""

FEWEST_WORDS = 15
"""A score for fewer words says nothing."""

_LONG_WORD = 6
_BANDS = ((30, "a children’s book"), (40, "a novel"), (50, "a newspaper"), (60, "an official report"))
_HARDER = "a research paper or a statute"

_WORD = re.compile(r"[^\W_]+(?:[’'\-‐–.,][^\W_]+)*")
_END = re.compile(r"(?<=[.!?…])[”’\"')\]]*\s+(?=[“‘\"'(\[]?[^\W_a-zß-öø-ÿ])|\n\s*\n|\n(?=\s*[-•*])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:[^\W\d_]|ss|art|arts|cl|reg|regs|sch|para|paras|pt|no|nos|vol|st|mr|mrs|ms|dr|prof|"
    r"vs|etc|approx|incl|dept|ltd|co|inc|e\.g|i\.e|cf|viz))\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text reads: its LIX, what is about as hard, its words, and the sentence that makes it hardest."""

    score: int
    like: str
    words: int
    hardest: str
    hardest_words: int


def reading_of(text: str, names: Iterable[str] = ()) -> Reading | None:
    """How hard a text is to read; None for one too short to tell, or whose words are not parted by blanks.

    `names` (of the parties) count as one short word each: the writer did not choose them.
    """
    sentences = sentences_of(text)
    counted = [_words(sentence, names) for sentence in sentences]
    words = [word for sentence in counted for word in sentence]
    if len(words) < FEWEST_WORDS or any(len(word) > 80 for word in words):
        return None
    score = round(_lix(words, len(sentences)))
    hardest = max(range(len(sentences)), key=lambda position: _lix(counted[position], 1))
    like = next((words for limit, words in _BANDS if score <= limit), _HARDER)
    return Reading(score, like, len(words), sentences[hardest], len(counted[hardest]))


def longest_sentence(text: str) -> tuple[str, int]:
    """The longest sentence of a text and how many words it has."""
    counted = [(sentence, len(words_of(sentence))) for sentence in sentences_of(text)]
    return max(counted, key=lambda pair: pair[1], default=("", 0))


def sentences_of(text: str) -> list[str]:
    """The sentences of a text. A full stop after an abbreviation ends none; an item of a list is one."""
    sentences: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if _ABBREVIATED.search(text, max(start, end.start() - 12), end.start()):
            continue
        sentences.append(text[start : end.end()].strip())
        start = end.end()
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if words_of(sentence)]


def words_of(text: str) -> list[str]:
    """The words of a text, numbers among them."""
    return _WORD.findall(text)


def _words(sentence: str, names: Iterable[str]) -> list[str]:
    for name in sorted(names, key=len, reverse=True):
        if name:
            sentence = sentence.replace(name, "X")
    return words_of(sentence)


def _lix(words: list[str], sentences: int) -> float:
    long = sum(sum(map(str.isalpha, word)) > _LONG_WORD for word in words)
    return len(words) / max(sentences, 1) + 100 * long / max(len(words), 1)
