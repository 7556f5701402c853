"""Words that say something: a title that tells, a summary that people can read, and no blanks left to fill."""

import re
import unicodedata
from collections.abc import Iterator

from register.checks.acronyms import meaning_among, unexplained_acronyms
from register.checks.fields import Text, datasets_in, groups, party_names, text, texts_of, title_at
from register.checks.readability import HARDEST, LONGEST_SENTENCE, longest_sentence, reading_of, words_of
from schemas.canonical import Json
from schemas.problems import Problem, Severity

TITLE_RULE = "register rule: a title that tells"
SUMMARY_RULE = "register rule: a summary that people can read"
BLANK_RULE = "register rule: nothing left to fill in"
WHY_RULE = "register rule: no more data than is needed"

_FEWEST_WORDS = 8
_LONGEST_SHOWN = 240
_LONGEST_BLANK = 60
_PROSE = frozenset({"shortText", "text", "longText", "partyName"})
_SAY_WHAT = (
    "Write who sends what to whom, and why: “Council tax debtors’ earnings, from the tax authority to councils, to "
    "recover debt”. A code belongs under “externalIds”."
)

_EMPTY_WORDS = frozenset(
    "a an the of for and or to on in with between by from at as is no number ref reference agreement agreements "
    "protocol dua dsa isa mou data information sharing share shares exchange usage use memorandum understanding "
    "schedule annex project programme program pilot trial phase stage operation initiative scheme workstream exercise "
    "version draft final copy new part case process level form document doc docx pdf xlsx one two three".split()
)
_CODE_WORDS = frozenset("project programme program pilot trial phase stage operation initiative workstream".split())
_TITLE_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")

_BLANKS = frozenset(
    "tbc|tbd|tba|tbs|na|n a|not applicable|to be confirmed|to be decided|to be determined|to be agreed|to be advised|"
    "to be completed|to be added|to be announced|to be supplied|to be defined|to be provided|to follow|todo|to do|"
    "pending|unknown|not known|placeholder|text|text here|enter text|insert text|insert text here|your text here|"
    "fill in|please complete|please fill in|asdf|qwerty|test|testing|foo|bar|blank|empty|null|undefined".split("|")
)
_X_ONLY = re.compile(r"x+(?: x+)*")
_BLANK_INSIDE = re.compile(
    r"\b(?:TBC|TBD|TBA|TODO|FIXME)\b|\bto be (?:confirmed|determined|decided|completed|inserted)\b|\bx{3,}\b|"
    r"\blorem ipsum\b|[\[<{(]+\s*(?:insert|enter|add|name of|your|date|xx+|…|\.{3})[^\]>})]{0,60}[\]>})]+|_{4,}",
    re.IGNORECASE,
)


def titles_that_tell_nothing(document: Json) -> list[Problem]:
    """A title that is only a code name or a number, or a single word."""
    title = text(document.get("title"))
    words = _TITLE_WORD.findall(title)
    if not title or not _is_written_with_blanks(title):
        return []
    telling = [word for word in words if not _is_code(word, title) and word.casefold() not in _EMPTY_WORDS]
    coded = len(telling) < len(words) and any(_is_coded(word) for word in words)
    if not telling or (len(telling) == 1 and coded):
        message = f"“{title}” is only a code name: nobody outside can tell what is shared."
        return [_problem("/title", message, _SAY_WHAT, TITLE_RULE)]
    if len(telling) == 1 and len(telling[0]) < 15:
        message = f"“{title}” says little of what is shared."
        return [_problem("/title", message, _SAY_WHAT, TITLE_RULE, "warning")]
    return []


def summaries_hard_to_read(document: Json) -> list[Problem]:
    """A summary that repeats the title, says next to nothing, is hard to read, or speaks in acronyms."""
    summary = text(document.get("summary"))
    if not summary:
        return []
    if _folded(summary) == _folded(text(document.get("title"))):
        advice = "Say in plain words who shares what with whom, and why."
        return [_problem("/summary", "The summary only repeats the title.", advice, SUMMARY_RULE)]
    return [*_too_short(summary), *_too_hard(summary, party_names(document)), *_acronyms(summary, document)]


def blanks_left(document: Json) -> Iterator[Problem]:
    """Texts that say “TBC”, “N/A”, “xxx” and the like where something should stand."""
    summary = document.get("summary")
    own = [Text("/summary", summary, title_at("/summary"), "")] if isinstance(summary, str) else []
    for field in (*own, *texts_of(document, _PROSE)):
        if _is_a_number_elsewhere(field.pointer):
            continue
        if field.value.strip() and len(field.value) <= _LONGEST_BLANK and _only_holds_a_place(field.value):
            yield Problem(
                field.pointer,
                f"“{_shown(field.value)}” only holds the place of something.",
                "Write what belongs there, or leave the field out until it is known.",
                field.title,
                "error",
                BLANK_RULE,
            )
        elif found := _BLANK_INSIDE.search(field.value):
            yield Problem(
                field.pointer,
                f"“{_shown(found.group())}” looks like something left to fill in.",
                "Write what belongs there.",
                field.title,
                "warning",
                BLANK_RULE,
            )


def data_not_needed(document: Json) -> Iterator[Problem]:
    """Items that the purpose can be met without, with no word why they are shared."""
    for place, dataset in datasets_in(document):
        for where, item in groups(dataset, "dataItems", place):
            if item.get("necessary") is False and not text(item.get("why")):
                yield _problem(
                    f"{where}/why",
                    f"“{_shown(text(item.get('name')))}” is not needed, and nothing says why it is sent.",
                    "Say under “why” what it is for, or share it no longer.",
                    WHY_RULE,
                    "warning",
                )


def _only_holds_a_place(words: str) -> bool:
    folded = _folded(words)
    return not folded or folded in _BLANKS or _X_ONLY.fullmatch(folded) is not None


def _too_short(summary: str) -> Iterator[Problem]:
    if len(words_of(summary)) < _FEWEST_WORDS and _is_written_with_blanks(summary):
        yield _problem(
            "/summary",
            f"{len(words_of(summary))} words cannot say who shares what with whom, and why.",
            "Write two or three short sentences.",
            SUMMARY_RULE,
            "warning",
        )


def _too_hard(summary: str, names: list[str]) -> Iterator[Problem]:
    reading = reading_of(summary, names)
    if reading is not None and reading.score > HARDEST:
        yield _problem(
            "/summary",
            f"This is hard to read: it scores {reading.score} (LIX), about as hard as {reading.like}; "
            f"{HARDEST}, a newspaper, is the most that is wanted.",
            f"Shorten this sentence first, or make it two, with shorter words ({_counted(reading.hardest_words)}): "
            f"“{_shown(reading.hardest, _LONGEST_SHOWN)}”",
            SUMMARY_RULE,
            "warning",
        )
        return
    sentence, words = longest_sentence(summary)
    if words > LONGEST_SENTENCE:
        yield _problem(
            "/summary",
            f"One sentence has {_counted(words)}; people lose the thread after {LONGEST_SENTENCE}.",
            f"Make two of it: “{_shown(sentence, _LONGEST_SHOWN)}”",
            SUMMARY_RULE,
            "warning",
        )


def _acronyms(summary: str, document: Json) -> Iterator[Problem]:
    found = unexplained_acronyms(summary)
    if not found:
        return
    meant = [(word, meaning) for word in found if (meaning := meaning_among(word, party_names(document)))]
    example = f": “{meant[0][1]} ({meant[0][0]})”" if meant else ""
    yield _problem(
        "/summary",
        f"Not everybody knows what {_joined(found)} {'means' if len(found) == 1 else 'mean'}.",
        f"Write it out where it comes first, with the letters in brackets after it{example}.",
        SUMMARY_RULE,
        "warning",
    )


def _is_code(word: str, title: str) -> bool:
    """Whether a word of a title is a number, a letter, or an acronym among words that are not in capitals."""
    if any(character.isdigit() for character in word):
        return True
    return len(word) == 1 or (word.isupper() and len(word) <= 6 and not title.isupper())


def _is_coded(word: str) -> bool:
    return word.casefold() in _CODE_WORDS or any(character.isdigit() for character in word)


def _is_written_with_blanks(title: str) -> bool:
    """Whether words can be counted: not so in Chinese, Japanese, Thai and others."""
    return not any(
        unicodedata.name(character, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR"))
        for character in title
        if ord(character) > 0x0E00
    )


def _is_a_number_elsewhere(pointer: str) -> bool:
    return pointer.endswith(("/id", "/code", "/scheme"))


def _folded(words: str) -> str:
    """Words alone, in small letters: what two ways to write one thing have in common."""
    return " ".join(re.findall(r"[^\W_]+", words.casefold().replace(".", "")))


def _shown(words: str, most: int = 80) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _counted(words: int) -> str:
    return f"{words} word{'' if words == 1 else 's'}"


def _problem(pointer: str, message: str, advice: str, rule: str, severity: Severity = "error") -> Problem:
    return Problem(pointer, message, advice, title_at(pointer), severity, rule)
