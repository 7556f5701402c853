"""Reading what there is to remember of the words of all records: frequencies, names, and what stands for what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.search.suggest_models import SuggestedTerm, SuggestedWord
from catalogue.search.suggest_names import Named, NamedSource, Names
from catalogue.search.suggest_rows import ACRONYM, ORGANISATION, POWER, TAG
from catalogue.search.suggest_spelling import Spelling
from catalogue.search.suggest_words import Words
from catalogue.search.synonyms import Meaning, Thesaurus, words_of
from catalogue.search.synonyms_learnt import DOMINATES, dominant
from catalogue.search.synonyms_record import all_synonyms

LEARNT = "learnt from titles"
OTHER_NAME = "another name of the same organisation"
SET_HERE = "a synonym set by the registrar"

MOST_WORDS = 200_000
MOST_TAGS = 30_000
MOST_NAMES_OF_ONE = 6
COMMON = 50
"""A word that so many more titles have than explain it as an acronym is a plain word unless typed in capitals."""

_BATCH = 500


@dataclass(frozen=True)
class Known:
    """The words and names of all records, as they were read at one moment."""

    words: Words
    names: Names

    @cached_property
    def spelling(self) -> Spelling:
        """The neighbours of words; made when first asked for."""
        return Spelling(self.words.frequencies)


def read_known(session: Session, sources: Iterable[NamedSource]) -> Known:
    """Read the words and names of all records."""
    by_word = session.execute(select(SuggestedWord.word, func.count()).group_by(SuggestedWord.word))
    words = Words({word: count for word, count in by_word}, MOST_WORDS)  # noqa: C416 - a Row is no plain pair
    things = [*_named(session, sources), *_tags(session)]
    for thing in things:
        words.also(thing.folded(), max(1, thing.uses))
    return Known(words, Names(things))


def read_thesaurus(session: Session, sources: Iterable[NamedSource]) -> Thesaurus:
    """Read the names of organisations and the acronyms that titles explain."""
    return Thesaurus((*_names(_named(session, sources)), *_lessons(session)))


def read_synonyms(session: Session) -> Thesaurus:
    """Read what registrars set."""
    return Thesaurus(_set_here(session))


def _named(session: Session, sources: Iterable[NamedSource]) -> list[Named]:
    uses = _uses(session)
    return [replace(one, uses=uses.get((one.kind, one.key), 0)) for source in sources for one in source.names(session)]


def _uses(session: Session) -> Mapping[tuple[str, str], int]:
    query = select(SuggestedTerm.kind, SuggestedTerm.key, func.count()).where(
        SuggestedTerm.kind.in_([ORGANISATION, POWER])
    )
    rows = session.execute(query.group_by(SuggestedTerm.kind, SuggestedTerm.key))
    return {(kind, key): count for kind, key, count in rows}


def _tags(session: Session) -> Iterator[Named]:
    query = select(SuggestedTerm.key, func.min(SuggestedTerm.text), func.count().label("having"))
    query = query.where(SuggestedTerm.kind == TAG).group_by(SuggestedTerm.key)
    for key, text, having in session.execute(query.order_by(func.count().desc(), SuggestedTerm.key).limit(MOST_TAGS)):
        yield Named(TAG, key, text, uses=having, words=tuple(dict.fromkeys(key.split("-"))))


def _set_here(session: Session) -> Iterator[Meaning]:
    for row in all_synonyms(session):
        yield Meaning(row.typed, row.also, SET_HERE)
        if row.both_ways:
            yield Meaning(row.also, row.typed, SET_HERE)


def _lessons(session: Session) -> Iterator[Meaning]:
    """The acronyms that titles explain, both ways."""
    query = select(SuggestedTerm.key, func.min(SuggestedTerm.text), func.count()).where(SuggestedTerm.kind == ACRONYM)
    met = {key: (text, count) for key, text, count in session.execute(query.group_by(SuggestedTerm.key))}
    rows = [(key.partition("\t")[0], text.partition("\t")[2], count) for key, (text, count) in met.items()]
    written = {key.partition("\t")[0]: text.partition("\t")[0] for key, (text, _) in sorted(met.items())}
    taught: dict[str, int] = {}
    for acronym, _, count in rows:
        taught[acronym] = taught.get(acronym, 0) + count
    frequencies = _frequencies(session, sorted(taught))
    for acronym, meaning in dominant(rows).items():
        plain = frequencies.get(acronym, 0) >= COMMON * taught[acronym]
        yield Meaning(written[acronym], meaning, LEARNT, capitals=plain)
        yield Meaning(meaning, written[acronym], LEARNT)


def _frequencies(session: Session, words: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(words), _BATCH):
        query = select(SuggestedWord.word, func.count()).where(SuggestedWord.word.in_(words[start : start + _BATCH]))
        found |= {word: count for word, count in session.execute(query.group_by(SuggestedWord.word))}  # noqa: C416
    return found


def _names(named: Sequence[Named]) -> Iterator[Meaning]:
    """Each name of an organisation for each other. A name of several counts for the one that dominates by use."""
    bearers: dict[tuple[str, ...], dict[str, int]] = {}
    bodies = [thing for thing in named if thing.kind == ORGANISATION and thing.others]
    for body in bodies:
        for name in (body.title, *body.others):
            bearers.setdefault(words_of(name), {})[body.key] = body.uses + 1
    for body in sorted(bodies, key=lambda body: (-body.uses, body.key)):
        names = (body.title, *body.others)[:MOST_NAMES_OF_ONE]
        for typed in names:
            sharing = bearers[words_of(typed)]
            if sharing[body.key] >= DOMINATES * (sum(sharing.values()) - sharing[body.key]):
                yield from (Meaning(typed, also, OTHER_NAME) for also in names if also != typed)
