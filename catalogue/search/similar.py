"""Datasets like another one: found by its rarest words, through the port alone, and so on every engine."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalogue.search.analysis import exact, is_function_word, lines, stem
from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchEngine, SearchRequest
from catalogue.search.fields import KIND
from catalogue.search.query_tree import FieldClause, Not, Word, all_of, any_of

MOST = 5
"""So many similar datasets are named."""

_NO_AGREEMENT = Not(FieldClause(KIND, Word("agreement")))
_MOST_COUNTED = 10
_RAREST = 6
_LOOKED_AT = 20
_LOOKED_THROUGH = 500
_OF_A_SERIES = 2
"""Of datasets that differ in their dates alone, so many at most."""

_DATED = re.compile(
    r"\b(?:\d+(?:st|nd|rd|th)?|q[1-4]|jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*"
    r"|quarter|monthly|annual|final|provisional|revised|from|to|for|of|in|the|and)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A dataset and what it has in common with another: words as the other writes them, organisations, themes."""

    document: SearchDocument
    words: tuple[str, ...]
    organisations: tuple[str, ...]
    themes: tuple[str, ...]


def similar_datasets(engine: SearchEngine, like: SearchDocument) -> list[Likeness]:
    """The datasets most like one, the likest first, itself left out; at most `MOST`.

    Of `like`, id, title, keywords, organisation names and themes are used. Raises SearchUnavailable.
    """
    rarest = _rarest(engine, _telling_words(like))
    if not rarest:
        return []
    request = SearchRequest(
        tree=all_of([any_of([Word(word) for word in rarest.values()]), _NO_AGREEMENT]),
        limit=_LOOKED_AT,
        snippet_length=0,
    )
    hits = engine.search(request).hits
    found = [_likeness(hit.document, like, rarest) for hit in hits if hit.id != like.id]
    least = min(2, len(rarest))
    found = [one for one in found if len(one.words) >= least or (one.words and one.organisations)]
    found.sort(key=lambda one: -(2 * len(one.words) + bool(one.themes) + bool(one.organisations)))
    return list(_spread(found))


def _telling_words(like: SearchDocument) -> dict[str, str]:
    """The words of a title and its keywords that can tell what it is about, by their stems, in their order."""
    words: dict[str, str] = {}
    for text in (like.title, *like.keywords):
        for part in exact(text).parts:
            if len(part) > 2 and not part.isdecimal() and not is_function_word(part) and not _DATED.fullmatch(part):
                words.setdefault(stem(part), part)
    return words


def _rarest(engine: SearchEngine, words: dict[str, str]) -> dict[str, str]:
    """The words that fewest records have, but for those that no other record has."""
    counted = []
    for stemmed, word in list(words.items())[:_MOST_COUNTED]:
        total = engine.search(SearchRequest(tree=Word(word), limit=0, snippet_length=0)).total
        if total > 1:
            counted.append((total, stemmed, word))
    return {stemmed: word for _, stemmed, word in sorted(counted)[:_RAREST]}


def _likeness(document: SearchDocument, like: SearchDocument, rarest: dict[str, str]) -> Likeness:
    texts = (document.title, document.summary[:_LOOKED_THROUGH], *document.keywords)
    there = set(lines(" ; ".join(texts))[1].split())
    return Likeness(
        document,
        tuple(word for stemmed, word in rarest.items() if stemmed in there),
        _shared(document.organisation_names, like.organisation_names),
        _shared(document.themes, like.themes),
    )


def _shared(one: Sequence[str], other: Iterable[str]) -> tuple[str, ...]:
    held = set(other)
    return tuple(item for item in one if item in held)


def _spread(found: Iterable[Likeness]) -> Iterator[Likeness]:
    """The first few, no more than two of one series."""
    of_series: dict[str, int] = {}
    given = 0
    for one in found:
        series = _series(one.document)
        of_series[series] = of_series.get(series, 0) + 1
        if of_series[series] <= _OF_A_SERIES and given < MOST:
            given += 1
            yield one


def _series(document: SearchDocument) -> str:
    """What the titles of a series have in common: all but dates, numbers and small words."""
    bare = " ".join(re.sub(r"\W+", " ", _DATED.sub(" ", document.title.casefold())).split())
    return bare or document.id
