"""What a process remembers of the words there are: for suggestions, corrections and other words for those typed.

It is read from the database when first asked for, and anew when the index has gone on and a fair time has passed. It
only says where to look: what is shown is asked of the database or the index at that moment, so that what is gone shows
nowhere, however old the memory is.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.organisations.names import OrganisationNames
from catalogue.search.suggest_models import SuggestedRecord, SuggestedTerm, SuggestedWord, SynonymRevision
from catalogue.search.suggest_names import NamedSource
from catalogue.search.suggest_reading import LEARNT, Known, read_known, read_synonyms, read_thesaurus
from catalogue.search.suggest_rows import ACRONYM
from catalogue.search.suggest_spelling import Spelling
from catalogue.search.synonyms import Meaning, Thesaurus
from catalogue.search.synonyms_joined import AS_ONE_WORD, JoinedWords
from catalogue.search.synonyms_learnt import Learnt
from schemas.database.engine import Database
from schemas.database.outbox import IndexedUpTo

MANY = 20_000
"""With no more records than this all is read while its first reader waits."""

_SHARE = 50
"""Reading anew takes at most this part of the time."""

_QUICK = 0.05
"""What took no longer to read, in seconds, is read anew while its reader waits; what took longer, beside."""

_A_SECOND = 1.0
_OLDEST = 300.0

T = TypeVar("T")


class Remembered(Generic[T]):
    """One thing read from the database and kept."""

    def __init__(self, read: Callable[[Session], T], database: Database, timer: Callable[[], float]) -> None:
        self._read = read
        self._database = database
        self._timer = timer
        self._lock = threading.Lock()
        self._held: T | None = None
        self._read_of = -1
        self._read_at = self._cost = 0.0
        self._reading = False

    def lately(self) -> T | None:
        """What is held, however old."""
        return self._held

    def now(self, session: Session, indexed: int, *, wait: bool) -> T | None:
        """What is held, read anew where it is old; None while it is read for the first time, unless one is to wait.

        `indexed` is how far the index has come.
        """
        with self._lock:
            if not self._reading and (self._held is None or self._is_old(indexed)):
                if wait if self._held is None else self._cost <= _QUICK:
                    self._take(session, indexed)
                else:
                    self._reading = True
                    threading.Thread(target=self._take_beside, args=(indexed,), name="words", daemon=True).start()
            return self._held

    def _is_old(self, indexed: int) -> bool:
        age = self._timer() - self._read_at
        return age >= self._cost * _SHARE and (indexed != self._read_of or age >= _OLDEST)

    def _take(self, session: Session, indexed: int) -> None:
        started = self._timer()
        held = self._read(session)
        self._held, self._read_of, self._read_at = held, indexed, self._timer()
        self._cost = self._read_at - started

    def _take_beside(self, indexed: int) -> None:
        try:
            with self._database.read() as session:
                self._take(session, indexed)
        finally:
            self._reading = False


class Vocabulary:
    """What one process remembers. Its methods may be called by many threads.

    `waits`: whoever asks first waits until all is read, however much there is. `brief`, for a process that ends after
    one search: of a great many records only the other names of things are read, which is quick.
    """

    def __init__(
        self,
        database: Database,
        sources: Sequence[NamedSource] = (OrganisationNames(),),
        *,
        waits: bool = False,
        brief: bool = False,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.sources = {source.kind: source for source in sources}
        self._waits = waits
        self._brief = brief
        self._timer = timer
        self._known = Remembered(lambda session: _known(session, sources), database, timer)
        self._thesaurus = Remembered(lambda session: read_thesaurus(session, sources), database, timer)
        self._synonyms: tuple[int, Thesaurus] = (0, Thesaurus())
        self._asked_at = 0.0

    def known(self, session: Session) -> Known | None:
        """What is known; None only while a great many records are read for the first time, or of them when brief."""
        wait = self._waits or (session.scalar(select(func.max(SuggestedRecord.number))) or 0) <= MANY
        if self._brief and not wait:
            return None
        return self._known.now(session, _state(session)[0], wait=wait)

    def lately(self, session: Session) -> Known | None:
        """What is known, as it was at most a second ago: for who asks at every key."""
        held = self._known.lately()
        if held is None or self._timer() - self._asked_at >= _A_SECOND:
            self._asked_at = self._timer()
            return self.known(session)
        return held

    def thesauri(self, session: Session) -> tuple[Thesaurus, ...]:
        """What to search for beside words typed: the registrar's synonyms as they are now, then what was read."""
        indexed, revision = _state(session)
        synonyms = self._synonyms
        if synonyms[0] != revision:
            self._synonyms = synonyms = (revision, read_synonyms(session))
        learnt = self._thesaurus.now(session, indexed, wait=True)
        return (synonyms[1], learnt) if learnt else (synonyms[1],)


@dataclass(frozen=True, slots=True)
class Wording:
    """What helps with the words of one search: what is remembered, and the database as it is now."""

    session: Session
    vocabulary: Vocabulary

    def thesauri(self) -> tuple[Thesaurus, ...]:
        """What to search for beside words typed."""
        known = self.vocabulary.lately(self.session)
        joined = (JoinedWords(known.words.having),) if known else ()
        return (*self.vocabulary.thesauri(self.session), *joined)

    def stands(self, meaning: Meaning) -> bool:
        """Whether a meaning may be shown: of what titles taught, only what a record teaches at this moment."""
        if meaning.why == AS_ONE_WORD:
            there = select(SuggestedWord.number).where(SuggestedWord.word == meaning.also)
            return self.session.scalar(there.limit(1)) is not None
        if meaning.why != LEARNT:
            return True
        keys = [Learnt(meaning.typed, meaning.also).key, Learnt(meaning.also, meaning.typed).key]
        found = select(SuggestedTerm.number).where(SuggestedTerm.kind == ACRONYM, SuggestedTerm.key.in_(keys))
        return self.session.scalar(found.limit(1)) is not None

    def spelling(self) -> Spelling | None:
        """The neighbours of words; None while they are not known."""
        known = self.vocabulary.known(self.session)
        return known.spelling if known else None


def _known(session: Session, sources: Sequence[NamedSource]) -> Known:
    """What is known; of a great many records with the neighbours of words, which nobody is to wait for."""
    known = read_known(session, sources)
    if len(known.words.frequencies) > MANY:
        known.spelling  # noqa: B018
    return known


_STATE = select(
    select(IndexedUpTo.number).where(IndexedUpTo.id == 1).scalar_subquery(),
    select(SynonymRevision.number).where(SynonymRevision.id == 1).scalar_subquery(),
)


def _state(session: Session) -> tuple[int, int]:
    """How far the index has come, and how often synonyms were changed: one question."""
    found = session.connection().execute(_STATE).one()
    return found[0] or 0, found[1] or 0
