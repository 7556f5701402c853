"""A search as every edge asks it: the words, the filters and the order, as one value; a page of it, or all of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from catalogue.search.cursor import Cursor
from catalogue.search.engine import SearchEngine, SearchHit, Sort
from catalogue.search.narrowing import changed_since, covering
from catalogue.search.query import read_query
from catalogue.search.relaxed import relaxed
from catalogue.search.service import Found, search
from catalogue.search.suggest_vocabulary import Wording
from schemas.clock import Clock

BATCH = 500
"""So many results are read at once where all are wanted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `filters` are as for `search`; the dates are ISO 8601 at any precision, empty for none."""

    text: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    covers_from: str = ""
    covers_to: str = ""
    changed_since: str = ""
    sort: Sort = Sort.RELEVANCE
    relaxed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the answer is wanted: so many behind `offset` or behind a cursor, and what is counted beside."""

    limit: int = 20
    offset: int = 0
    after: Cursor | None = None
    facets: tuple[str, ...] = ()
    facet_limit: int = 20
    snippet_length: int = 0


def found_by(engine: SearchEngine, wanted: Wanted, part: Part, clock: Clock, wording: Wording | None = None) -> Found:
    """One part of what a search finds; `wording` helps with its words.

    Raises as `search` does, and InvalidInput for a cursor of another order.
    """
    return search(
        engine,
        wanted.text,
        wanted.filters,
        clock=clock,
        within=(*covering(wanted.covers_from, wanted.covers_to), *changed_since(wanted.changed_since)),
        facets=part.facets,
        facet_limit=part.facet_limit,
        sort=wanted.sort,
        offset=part.offset,
        limit=part.limit,
        snippet_length=part.snippet_length,
        relaxed=wanted.relaxed,
        after=part.after,
        wording=wording,
    )


def all_hits(engine: SearchEngine, found: Found) -> Iterator[SearchHit]:
    """The hits of a part and all that follow it, to the last record, read as they are asked for.

    What the query means, and at what moment, was settled when the first part was found.
    """
    answer = found.answer
    while True:
        yield from answer.hits
        if answer.next is None:
            return
        request = replace(found.request, facets=(), offset=0, limit=BATCH, after=answer.next)
        answer = engine.search(request)


def is_strict(text: str, now: datetime) -> bool:
    """Whether a query demands more (quotes, AND, +) than its looser reading does."""
    return relaxed(read_query(text, now).tree) is not None
