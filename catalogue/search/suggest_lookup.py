"""The questions that suggestions ask of the database, each written once and never made anew for what was typed.

They are text, in the part of SQL that SQLite and PostgreSQL share, because building and compiling expressions would
take longer than answering them.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from catalogue.search.suggest_names import LAST
from catalogue.search.suggest_rows import TAG

MOST_TYPED = 8
"""So many words of what was typed are looked for."""

COMPLETIONS = 8
"""So many words that the last one may become are looked for."""

_OF_EACH = 16
_LOOKED_THROUGH = 500
_BEGINNING_SO = 30
_WRITTEN_SINCE = 60


class Title(NamedTuple):
    """A title found: where its record is, and how it ranks (the lowest first)."""

    kind: str
    title: str
    note: str
    address: str
    rank: int
    folded: str
    document_id: str


_COLUMNS = "r.kind, r.title, r.note, r.address, r.rank, r.folded, r.document_id"
_FUNCTIONS = {"sqlite": "instr", "postgresql": "strpos"}
_ORDER = "ORDER BY r.rank, r.document_id LIMIT :most"
_BEST = "SELECT number FROM suggested_word WHERE word = :word{} ORDER BY rank LIMIT :each"
_SOURCES = {
    "having": _BEST.format(""),
    "completed": " UNION ".join(
        f"SELECT number FROM ({_BEST.format(number)}) AS w{number}"  # noqa: S608 - the words are bound
        for number in range(COMPLETIONS)
    ),
    "beginning": "SELECT number FROM suggested_record WHERE folded >= :whole AND folded < :whole_end "
    "ORDER BY folded LIMIT :each",
    "written": "SELECT number FROM suggested_word WHERE word >= :last AND word < :last_end "
    "ORDER BY word, rank LIMIT :each",
}


def _fits(function: str, count: int) -> str:
    """That a title has so many parts of what was typed."""
    return " AND ".join(f"{function}(' ' || r.folded || ' ', :part{number}) > 0" for number in range(count))


_QUESTIONS = {
    (name, dialect, count): text(
        f"SELECT {_COLUMNS} FROM ({source}) AS w JOIN suggested_record AS r ON r.number = w.number "  # noqa: S608 - the same
        f"WHERE {_fits(function, count)} {_ORDER}"
    )
    for name, source in _SOURCES.items()
    for dialect, function in _FUNCTIONS.items()
    for count in range(1, MOST_TYPED + 1)
}
_TAGGED = text("SELECT 1 FROM suggested_term WHERE kind = :kind AND key = :key LIMIT 1")


class Lookup:
    """Titles that have all of some words, the last of which may be unfinished."""

    def __init__(self, session: Session, words: Sequence[str], most: int) -> None:
        *complete, last = words
        parts = [*(f" {word} " for word in complete), f" {last}"]
        self._connection = session.connection()
        self._last = last
        self._each = _OF_EACH if not complete else _LOOKED_THROUGH // COMPLETIONS
        self._whole = " ".join(words)
        self._count = len(parts)
        self._given: dict[str, Any] = {"most": most, **{f"part{number}": part for number, part in enumerate(parts)}}

    def having(self, word: str) -> list[Title]:
        """Among the best that have a word."""
        return self._asked("having", {"word": word, "each": _LOOKED_THROUGH})

    def completed(self, words: Sequence[str]) -> list[Title]:
        """Among the best of each of some words."""
        slots = {f"word{number}": "" for number in range(COMPLETIONS)}
        slots |= {f"word{number}": word for number, word in enumerate(words)}
        return self._asked("completed", {**slots, "each": self._each})

    def beginning(self) -> list[Title]:
        """Among those that begin with all that was typed."""
        return self._asked("beginning", {"whole": self._whole, "whole_end": self._whole + LAST, "each": _BEGINNING_SO})

    def written(self) -> list[Title]:
        """Among those that have a word which begins so, whether it is a known one or not."""
        return self._asked("written", {"last": self._last, "last_end": self._last + LAST, "each": _WRITTEN_SINCE})

    def _asked(self, name: str, given: dict[str, Any]) -> list[Title]:
        question = _QUESTIONS[name, self._connection.dialect.name, self._count]
        return [Title(*row) for row in self._connection.execute(question, self._given | given)]


def is_tag(session: Session, key: str) -> bool:
    """Whether a record has a tag at this moment."""
    return session.connection().execute(_TAGGED, {"kind": TAG, "key": key}).first() is not None
