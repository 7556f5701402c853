"""The few things that lists ask of the search index."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from flask import current_app

from catalogue.search.engine import FacetCount, SearchRequest, Sort
from catalogue.search.service import search
from web.ckan.index_mark import index_mark
from web.ckan.scope import DATASETS
from web.context import now, web_context

ALL = 1_000_000
"""More values than a facet has."""

Facets = Mapping[str, tuple[FacetCount, ...]]
_NAME = "ckan_counts"
_MOST_COUNTS = 32


@dataclass
class Counts:
    """What was counted over all datasets since the index last went on. One for all threads of an application."""

    _lock: Lock = field(default_factory=Lock)
    _of: object = None
    _known: dict[object, Facets] = field(default_factory=dict)

    def over_all(self, facets: tuple[str, ...], limit: int) -> Facets:
        """The commonest values of facets. Raises SearchUnavailable."""
        request = SearchRequest(tree=DATASETS, facets=facets, facet_limit=limit, limit=0, now=now())
        asked, of = (facets, limit), (index_mark(), request.day)
        with self._lock:
            if self._of != of or len(self._known) >= _MOST_COUNTS:
                self._of, self._known = of, {}
            known = self._known
        if asked not in known:
            known[asked] = web_context().engine().search(request).facets
        return known[asked]


def over_all(facets: tuple[str, ...], limit: int) -> Facets:
    """The commonest values of facets among all datasets, counted once each time the index has gone on.

    Raises SearchUnavailable.
    """
    counts: Counts = current_app.extensions.setdefault(_NAME, Counts())
    return counts.over_all(facets, limit)


def counts_of(facet: str) -> Mapping[str, int]:
    """How many datasets have each value of a facet, the commonest first. Raises SearchUnavailable."""
    return {found.value: found.count for found in over_all((facet,), ALL)[facet]}


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
