"""The few things that lists ask of the search index."""

from collections.abc import Mapping

from catalogue.search.engine import SearchRequest, Sort
from catalogue.search.service import search
from web.ckan.scope import DATASETS
from web.context import web_context

ALL = 1_000_000
"""More values than a facet has."""


def counts_of(facet: str) -> Mapping[str, int]:
    """How many datasets have each value of a facet, the commonest first. Raises SearchUnavailable."""
    context = web_context()
    request = SearchRequest(tree=DATASETS, facets=(facet,), facet_limit=ALL, limit=0, now=context.clock())
    return {found.value: found.count for found in context.engine().search(request).facets[facet]}


def found_numbers(filters: Mapping[str, tuple[str, ...]], sort: Sort, most: int) -> list[str]:
    """The numbers of the datasets with these values, in order. Raises SearchUnavailable."""
    context = web_context()
    found = search(
        context.engine(),
        "",
        filters,
        clock=context.clock,
        within=(DATASETS,),
        facets=(),
        sort=sort,
        limit=most,
        snippet_length=0,
    )
    return [hit.id.partition(":")[2] for hit in found.answer.hits]
