"""Pages by their offset, as CKAN's clients ask for them: as fast at the end as at the beginning, in any order.

The search itself goes on behind a record at the same cost however deep it is. So where a page ended is remembered for
the client that asks for the next one, and what lies beyond the middle is read from the other end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from flask import current_app

from catalogue.search.analysis import fold
from catalogue.search.cursor import Cursor
from catalogue.search.engine import SearchAnswer, SearchHit, SearchRequest, Sort
from catalogue.search.query_tree import Node
from web.ckan.index_mark import index_mark
from web.ckan.remembered import Remembered
from web.context import web_context

DEEP = 500
"""From here on it is worth while to know where the page begins."""

_MOST_PLACES = 256
_MOST_ANSWERS = 64
_FEW = 20
"""Answers with no more records than these are remembered: clients ask for the first page over and over."""

_AROUND = (50, 500)
"""So many records beside a page are looked at for others that are equal in the first field."""

Ordering = tuple[Sort, bool]
"""An order, and whether it is turned round."""

_Place = tuple[Node, Sort, bool, int]


def found_page(request: SearchRequest, then: Sequence[Ordering] = ()) -> SearchAnswer:
    """The page of a request by its offset; records that are equal in its order go by those in `then`.

    Raises SearchUnavailable.
    """
    if not then or request.sort is Sort.RELEVANCE or not request.limit:
        return _page(request)
    for around in _AROUND:
        begin = max(0, request.offset - around)
        wide = replace(request, offset=begin, limit=request.offset - begin + request.limit + around)
        answer = _page(wide)
        if _is_whole(answer, request, begin):
            break
    hits = _in_order(answer.hits, request.sort, then)[request.offset - begin :][: request.limit]
    return SearchAnswer(answer.total, tuple(hits), answer.facets)


def _is_whole(answer: SearchAnswer, request: SearchRequest, begin: int) -> bool:
    """Whether nothing beyond the records read can be equal to one of the page."""
    hits, key = answer.hits, _KEYS[request.sort]
    first = request.offset - begin
    if first >= len(hits):
        return True
    last = min(first + request.limit, len(hits)) - 1
    before = begin == 0 or key(hits[0]) != key(hits[first])
    return before and (begin + len(hits) >= answer.total or key(hits[-1]) != key(hits[last]))


def _in_order(hits: Sequence[SearchHit], by: Sort, then: Sequence[Ordering]) -> list[SearchHit]:
    found: list[SearchHit] = []
    for _key, equal in groupby(hits, key=_KEYS[by]):
        group = list(equal)
        for sort, reverse in reversed(then if len(group) > 1 else ()):
            group.sort(key=_KEYS[sort], reverse=reverse is not (sort in _LAST_FIRST))
        found += group
    return found


_LAST_FIRST = {Sort.RECORDED, Sort.CREATED, Sort.NEWEST}
_KEYS: Mapping[Sort, Callable[[SearchHit], str]] = {
    Sort.RELEVANCE: lambda _hit: "",
    Sort.NEWEST: lambda hit: hit.document.modified or hit.document.issued or "",
    Sort.RECORDED: lambda hit: hit.document.recorded_at,
    Sort.CREATED: lambda hit: hit.document.first_recorded_at or hit.document.recorded_at,
    Sort.TITLE: lambda hit: fold(hit.title)[:200],
    Sort.NAME: lambda hit: hit.document.name,
    Sort.IDENTIFIER: lambda hit: hit.id,
}


def _page(request: SearchRequest) -> SearchAnswer:
    extensions = current_app.extensions
    answers: Remembered[object, SearchAnswer] = extensions.setdefault("ckan_answers", Remembered(_MOST_ANSWERS))
    mark = index_mark()
    asked = (*_place(request, request.offset), request.limit, request.facets, request.facet_limit, request.day)
    answer = answers.known(asked, mark) if request.limit <= _FEW else None
    if answer is None:
        answer = _read(request)
        if request.limit <= _FEW:
            answers.keep(asked, answer, mark)
    return answer


def _place(request: SearchRequest, offset: int) -> _Place:
    return request.tree, request.sort, request.reverse, offset


def _read(request: SearchRequest) -> SearchAnswer:
    engine = web_context().engine()
    if request.sort is Sort.RELEVANCE:
        return engine.search(request)
    places: Remembered[_Place, Cursor] = current_app.extensions.setdefault("ckan_places", Remembered(_MOST_PLACES))
    behind = places.known(_place(request, request.offset), index_mark()) if request.offset else None
    if behind is not None:
        answer = engine.search(replace(request, offset=0, after=behind))
    elif request.offset >= DEEP:
        answer = _from_the_end(request)
    else:
        answer = engine.search(request)
    if answer.next is not None:
        places.keep(_place(request, request.offset + len(answer.hits)), answer.next, index_mark())
    return answer


def _from_the_end(request: SearchRequest) -> SearchAnswer:
    """A page beyond the middle, read in the order turned round."""
    engine = web_context().engine()
    whole = engine.search(replace(request, offset=0, limit=0))
    rest = whole.total - request.offset
    if rest <= 0:
        return whole
    if rest > request.offset:
        return engine.search(request)
    limit = min(request.limit, rest)
    turned = replace(request, reverse=not request.reverse, offset=rest - limit, limit=limit, facets=())
    return SearchAnswer(whole.total, engine.search(turned).hits[::-1], whole.facets)
