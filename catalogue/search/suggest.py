"""Suggestions while a reader types: datasets, agreements, organisations, powers and tags, each told for what it is.

The last word may be unfinished, and matches the beginning of any word of a title. What is remembered only says where
to look; every title and name that is shown is read from the database at that moment.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from catalogue.search.analysis import FUNCTION_WORDS, exact
from catalogue.search.fields import field_named
from catalogue.search.suggest_lookup import COMPLETIONS, MOST_TYPED, Lookup, Title, is_tag
from catalogue.search.suggest_names import Named
from catalogue.search.suggest_reading import Known
from catalogue.search.suggest_rows import TAG
from catalogue.search.suggest_vocabulary import Vocabulary
from schemas.cleaning import clean_text

LONGEST = 100
"""Of what was typed so many characters are read."""

MOST = 10
MOST_OF_A_KIND = 3
_SHORTEST = 2
_EXCLUDED = re.compile(r"\s*(?:-|NOT\b)")
_IN_A_FIELD = re.compile(r"(?:^|[\s(+-])([^\W\d][\w-]{0,99}):(?=\S)")
_KINDS = ("organisation", "power", TAG)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: what it is (`dataset`, `agreement`, `organisation`, `power`, `tag`…), its title and address."""

    kind: str
    title: str
    address: str
    note: str = ""


def suggest(session: Session, vocabulary: Vocabulary, typed: str, limit: int = MOST) -> tuple[Suggestion, ...]:
    """What a reader may be looking for who typed this so far; nothing for a single letter.

    Nothing either where one field is asked for, or where something is excluded before anything else. Quotes, brackets
    and other signs are passed over: titles have them too.

    Names come first (at most three of a kind), then titles by use. Never raises for what was typed.
    """
    text = clean_text(typed[:LONGEST])[0]
    if _EXCLUDED.match(text) or any(field_named(match[1]) for match in _IN_A_FIELD.finditer(text)):
        return ()
    words = exact(text).parts[:MOST_TYPED]
    if not words or (len("".join(words)) < _SHORTEST and words[0].isascii()):
        return ()
    known = vocabulary.lately(session)
    named = list(_named(session, vocabulary, known, words)) if known else []
    titles = _titles(session, known, words, limit)
    # Names must not push all titles out, nor the other way round.
    room = max(limit - len(titles), limit // 2)
    return (*named[:room], *titles)[:limit]


def _named(session: Session, vocabulary: Vocabulary, known: Known, words: Sequence[str]) -> Iterator[Suggestion]:
    found = known.names.beginning(tuple(words), MOST_OF_A_KIND)
    for kind in _KINDS:
        things = found.get(kind, ())
        titles = _standing(session, vocabulary, kind, things) if things else {}
        for thing in things:
            if thing.key in titles:
                note = thing.note if titles[thing.key] == thing.title else ""
                yield Suggestion(kind, titles[thing.key], thing.address or tag_address(thing.title), note)


def tag_address(tag: str) -> str:
    """The address of the records with a tag."""
    query = f'keyword:"{tag.replace(chr(34), " ")}"'
    return f"/search?{urlencode({'q': query})}"


def _standing(session: Session, vocabulary: Vocabulary, kind: str, things: Sequence[Named]) -> Mapping[str, str]:
    """The titles that things have at this moment; what is gone is not among them."""
    if kind == TAG:
        return {thing.key: thing.title for thing in things if is_tag(session, thing.key)}
    return vocabulary.sources[kind].standing(session, [thing.key for thing in things])


def _titles(session: Session, known: Known | None, words: Sequence[str], limit: int) -> list[Suggestion]:
    """The best titles that have all the words, the last perhaps unfinished; each title once."""
    whole = " ".join(words)
    found = sorted(
        set(_found(Lookup(session, words, limit * 3), known, words)),
        key=lambda title: (not title.folded.startswith(whole), title.rank, title.document_id),
    )
    once = {(title.kind, title.folded): title for title in reversed(found)}
    best = [title for title in found if once[title.kind, title.folded] is title]
    return [Suggestion(title.kind, title.title, title.address, title.note) for title in best[:limit]]


def _found(lookup: Lookup, known: Known | None, words: Sequence[str]) -> Iterator[Title]:
    """Titles that begin with all that was typed, then those of the rarest word, or of the likeliest last words."""
    *complete, last = words
    yield from lookup.beginning()
    completions = known.words.beginning(last, COMPLETIONS) if known else ()
    telling = [word for word in complete if word not in FUNCTION_WORDS] or complete
    rarest = min(telling, key=known.words.having) if known and telling else next(iter(telling), None)
    of_completions = sum(known.words.having(word) for word in completions) if known else 0
    if rarest is not None and not (known and completions and of_completions < known.words.having(rarest)):
        yield from lookup.having(rarest)
    elif completions:
        yield from lookup.completed(completions)
    if len(completions) < COMPLETIONS and rarest is None:
        yield from lookup.written()  # words that were written since, or while nothing is known yet
