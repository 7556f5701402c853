"""Orders by what packages say beside the fields of the search: an extra, their organisation, how many resources.

The search cannot sort by these, so all that was found is put in order here, and the order kept for the next page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from flask import current_app

from catalogue.search.engine import SearchAnswer, SearchRequest, Sort
from catalogue.search.fields import IDENTIFIER
from catalogue.search.query_tree import FieldClause, Word, any_of
from web.ckan.errors import SearchError
from web.ckan.index_mark import index_mark
from web.ckan.lookups import Lookups
from web.ckan.remembered import Remembered
from web.context import web_context

MOST_SORTED = 20_000
"""More records than these are not sorted by what only the database knows."""

_BATCH = 1_000
_MOST_ORDERS = 16
_NAME = "ckan_orders"


@dataclass(frozen=True, slots=True)
class StatedOrder:
    """A member of packages to sort by, and whether the greatest comes first. Who does not state it comes last."""

    member: str
    descending: bool


def page_in_stated_order(request: SearchRequest, order: StatedOrder, lookups: Lookups) -> SearchAnswer | None:
    """The page of a request in an order of ours; what is equal stays in the order of the request.

    None where nothing that was found states the member, or too much was found. Raises SearchUnavailable.
    """
    try:
        values = lookups.values(order.member)
    except SearchError:  # more records state it than are looked up
        return None
    if not values:
        return None
    engine = web_context().engine()
    whole = engine.search(replace(request, offset=0, limit=0))
    if whole.total > MOST_SORTED:
        return None
    orders: Remembered[object, tuple[str, ...]] = current_app.extensions.setdefault(_NAME, Remembered(_MOST_ORDERS))
    mark, asked = index_mark(), (request.tree, request.sort, request.reverse, request.day, order)
    numbers = orders.known(asked, mark)
    if numbers is None:
        numbers = _sorted([*_found(request)], {n: value for value, some in values.items() for n in some}, order)
        orders.keep(asked, numbers, mark)
    page = numbers[request.offset : request.offset + request.limit]
    if not page:
        return whole
    tree = any_of([FieldClause(IDENTIFIER, Word(number)) for number in page])
    named = engine.search(replace(request, tree=tree, facets=(), offset=0, limit=len(page), sort=Sort.IDENTIFIER))
    hits = {hit.id: hit for hit in named.hits}
    return SearchAnswer(whole.total, tuple(hits[number] for number in page if number in hits), whole.facets)


def _found(request: SearchRequest) -> Iterator[str]:
    """The numbers of all records found, in the order of the request."""
    engine = web_context().engine()
    for begin in range(0, MOST_SORTED, _BATCH):
        hits = engine.search(replace(request, facets=(), offset=begin, limit=_BATCH)).hits
        yield from (hit.id for hit in hits)
        if len(hits) < _BATCH:
            return


def _sorted(found: Sequence[str], stated: dict[str, str], order: StatedOrder) -> tuple[str, ...]:
    counted = order.member.startswith("num_")

    def key(number: str) -> str | int:
        value = stated[_record(number)]
        return int(value) if counted else value.casefold()

    with_it = [number for number in found if _record(number) in stated]
    without = [number for number in found if _record(number) not in stated]
    return (*cast(list[str], sorted(with_it, key=key, reverse=order.descending)), *without)


def _record(number: str) -> str:
    """The number of the record that the index calls so."""
    return number.partition(":")[2]
