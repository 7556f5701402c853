"""What one search asks of the server, page by page, and what its counts mean (part of the adapter)."""

import json
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.search.adapter import facet_counts, resume_key
from catalogue.search.cursor import Cursor
from catalogue.search.engine import FacetCount, SearchRequest, Sort
from catalogue.search.fields import COUNTABLE, STATE
from catalogue.search.opensearch_layout import WINDOW, Body
from catalogue.search.opensearch_query import RECORDS, compiled, kept, ranked, states_on
from catalogue.search.query_tree import wanted

MOST_VALUES = 1_000
"""A facet of more values is counted in several requests."""

Answer = dict[str, Any]
Search = Callable[..., Answer]


class Asking:
    """The parts of what is asked for one request."""

    def __init__(self, request: SearchRequest) -> None:
        self.request = request
        self._filters = {name: kept(name, values, request.day) for name, values in request.filters.items() if values}
        # What no facet has to be counted without narrows the query; the rest narrows the hits and each facet.
        self._own = {name for name in self._filters if name in request.facets}
        always = [query for name, query in self._filters.items() if name not in self._own]
        if request.order is Sort.RELEVANCE:
            self.query: Body = {"bool": {"must": [ranked(request.tree)], "filter": [RECORDS, *always]}}
        else:
            self.query = {"bool": {"filter": [compiled(request.tree), RECORDS, *always]}}
        # The same words always ask the same copy of the index, so that pages fit together.
        self.preference = f"words-{zlib.crc32(json.dumps([node.text for node in wanted(request.tree)]).encode())}"

    @property
    def shown(self) -> Body:
        """The query for the hits alone, under all filters."""
        return self._under(self._own)

    def body(self) -> Body:
        """All that is asked at once: hits under all filters, their number, and the counts of facets."""
        body: Body = {"query": self.query, "track_total_hits": True, "sort": self.sort, "_source": ["stored"]}
        if self._own:
            body["post_filter"] = {"bool": {"filter": [self._filters[name] for name in sorted(self._own)]}}
        if self.request.facets:
            body["aggs"] = {name: self._aggregation(name) for name in dict.fromkeys(self.request.facets)}
        return body

    @property
    def sort(self) -> list[Body]:
        """The order of the hits; ties go by identifier."""
        order = self.request.order
        if order is Sort.RELEVANCE:
            return [{"_score": "desc"}, {"id": "asc"}]
        return [{f"by_{order.value}": "desc" if self.request.backwards else "asc"}]

    def counts(self, counted: Answer, search: Search) -> Mapping[str, tuple[FacetCount, ...]]:
        """The counts of the facets asked for, each under every filter but its own."""
        found = {}
        for name in self.request.facets:
            told = counted[name]
            values: dict[str, int] = Counter()
            if COUNTABLE[name] is STATE:
                for bucket in told["values"]["buckets"]:
                    values[str(bucket["key"]).rpartition("=")[0]] += int(bucket["doc_count"])
            elif self.request.facet_limit > MOST_VALUES:
                values = self._every_value(name, search)
            else:
                buckets = [*told["values"]["buckets"], *told.get("chosen", {"buckets": []})["buckets"]]
                values = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}
            found[name] = facet_counts(values, self.request.filters.get(name, ()), self.request.facet_limit)
        return found

    def _under(self, names: set[str]) -> Body:
        return {"bool": {"must": [self.query], "filter": [self._filters[name] for name in sorted(names)]}}

    def _aggregation(self, name: str) -> Body:
        """The counts of one facet: its most frequent values, ties by value, and the chosen ones."""
        request = self.request
        inner: Body
        if COUNTABLE[name] is STATE:
            inner = {"values": {"terms": {"field": "s_state", "size": MOST_VALUES, "include": states_on(request.day)}}}
        else:
            terms: Body = {"field": f"f_{COUNTABLE[name].name}", "size": min(max(1, request.facet_limit), MOST_VALUES)}
            inner = {"values": {"terms": {**terms, "order": [{"_count": "desc"}, {"_key": "asc"}]}}}
            chosen = list(dict.fromkeys(request.filters.get(name, ())))
            if chosen:
                inner["chosen"] = {"terms": {**terms, "size": len(chosen), "include": chosen}}
        others = [self._filters[other] for other in sorted(self._own - {name})]
        return {"filter": {"bool": {"filter": others}}, "aggs": inner}

    def _every_value(self, name: str, search: Search) -> dict[str, int]:
        source = {"value": {"terms": {"field": f"f_{COUNTABLE[name].name}"}}}
        composite: Body = {"size": WINDOW, "sources": [source]}
        values: dict[str, int] = {}
        while True:
            body = {"query": self._under(self._own - {name}), "size": 1, "_source": False}
            told = search({**body, "aggs": {"all": {"composite": composite}}}, self.preference)["aggregations"]["all"]
            values |= {str(bucket["key"]["value"]): int(bucket["doc_count"]) for bucket in told["buckets"]}
            if len(told["buckets"]) < WINDOW:
                return values
            composite = {**composite, "after": told["after_key"]}


@dataclass(frozen=True, slots=True)
class Page:
    """The hits of a page as the server gives them, whether more follow, how many came before, and what was counted."""

    total: int
    hits: Sequence[Answer] = ()
    more: bool = False
    before: int = 0
    counted: Answer = field(default_factory=dict)


class Paging:
    """One page of a search, however deep it lies."""

    def __init__(self, search: Search, asking: Asking, after: Cursor | None) -> None:
        self._search = search
        self._asking = asking
        self._after = after
        self._behind: list[Any] | None = None
        self._passed = asking.request.offset

    def page(self) -> Page:
        """The page that the request asks for."""
        request = self._asking.request
        body = self._asking.body()
        if self._after is not None:
            self._resume(self._after)
        asked = request.limit + 1  # one more tells whether there are more
        if request.limit < 1:
            return self._told(self._ask({**body, "size": 1, "_source": False}), [])
        if self._behind is not None and asked <= WINDOW:
            answer = self._ask({**body, "size": asked, "search_after": self._behind})
            return self._told(answer, answer["hits"]["hits"])
        if self._behind is None and self._passed + asked <= WINDOW:
            answer = self._ask({**body, "size": asked, "from": self._passed})
            return self._told(answer, answer["hits"]["hits"])
        answer = self._ask({**body, "size": 1, "_source": False})
        if self._behind is None and self._passed >= answer["hits"]["total"]["value"]:
            return self._told(answer, [])
        return self._told(answer, self._walked())

    def _walked(self) -> list[Answer]:
        """The hits of a page that one request cannot give: those before it are passed by."""
        behind = self._behind
        passed = 0 if behind is not None else self._passed
        end = passed + self._asking.request.limit + 1
        body: Body = {"query": self._asking.shown, "sort": self._asking.sort, "track_total_hits": False}
        found: list[Answer] = []
        position = 0
        while position < end:
            size = min(WINDOW, passed - position if position < passed else end - position)
            source: Body = {"_source": ["stored"] if position >= passed else False}
            asked = {**body, **source, "size": size, **({"search_after": behind} if behind is not None else {})}
            hits = self._ask(asked)["hits"]["hits"]
            found += hits if position >= passed else []
            position += len(hits)
            if len(hits) < size:
                break
            behind = hits[-1]["sort"]
        return found

    def _told(self, answer: Answer, hits: Sequence[Answer]) -> Page:
        limit = self._asking.request.limit
        total = int(answer["hits"]["total"]["value"])
        before = self._after.position if self._after and self._behind is not None else self._passed
        return Page(total, hits[:limit], len(hits) > limit, before, answer.get("aggregations", {}))

    def _resume(self, after: Cursor) -> None:
        """Begin behind a cursor's record: where it stands now or, where that says nothing any more, where it stood."""
        if self._asking.request.order is not Sort.RELEVANCE:
            self._behind = [resume_key(after)]
            return
        anchor = {"bool": {"must": [self._asking.shown], "filter": [{"term": {"id": after.id}}]}}
        hits = self._ask({"query": anchor, "size": 1, "_source": ["revision"]})["hits"]["hits"]
        if hits and hits[0]["_source"]["revision"] == after.revision:
            self._behind = [hits[0]["_score"], after.id]
        else:
            self._passed = max(0, after.position - 1)

    def _ask(self, body: Body) -> Answer:
        return self._search(body, self._asking.preference)
