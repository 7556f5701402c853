"""`package_search`, and the lists that offer what begins with a few letters (CKAN 2.11, `ckan/logic/action/get.py`)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from catalogue.search.engine import SearchAnswer, SearchHit, SearchRequest, Sort
from catalogue.search.query import read_query
from catalogue.search.query_tree import EVERYTHING, Node, all_of, ranks
from schemas.canonical import Json
from web.ckan.asking_index import ALL, counts_of, over_all
from web.ckan.errors import SearchQueryError
from web.ckan.facet_counts import NAMES, counts_by, facets_of, items_of
from web.ckan.lookups import Lookups
from web.ckan.numbers import dashed
from web.ckan.packages import agreements_numbered
from web.ckan.paging import Ordering, found_page
from web.ckan.parameters import Parameters
from web.ckan.prepared import names_of, packages_numbered
from web.ckan.scope import DATASETS
from web.ckan.stated_order import StatedOrder, page_in_stated_order
from web.ckan.words import Read, read_filter, read_words
from web.ckan.written import Prepared
from web.context import now, web_context

DEFAULT_ROWS = 10
MOST_ROWS = 1_000
DEFAULT_SORT = "score desc, metadata_modified desc"
DEFAULT_FACET_LIMIT = 50

_KNOWN = frozenset(
    "q fq fq_list rows start sort facet facet.field facet.limit facet.mincount fl include_private include_drafts "
    "include_deleted use_default_schema extras qf wt bf boost tie defType mm df q.op context "
    "facet.prefix facet.sort site_id".split()
)
"""Parameters that CKAN takes. Those of its search engine are passed over: every engine here ranks alike."""

_SORTS: Mapping[str, tuple[Sort, bool]] = {
    "score": (Sort.RELEVANCE, True),
    "rank": (Sort.RELEVANCE, True),
    "metadata_modified": (Sort.RECORDED, True),
    "metadata_created": (Sort.CREATED, True),
    "title": (Sort.TITLE, False),
    "title_string": (Sort.TITLE, False),
    "name": (Sort.NAME, False),
    "id": (Sort.IDENTIFIER, False),
    "views_recent": (Sort.RELEVANCE, True),
}
"""CKAN's fields to sort by: our order, and whether that begins with the greatest."""

FILTERS = NAMES | {"name", "id", "title", "notes", "author", "maintainer", "url", "version"}
"""What the older search takes as parameters of their own."""

_FROM_THE_INDEX = {"id", "name", "title"}


def package_search(asked: Parameters, session: Session) -> Json:
    """Search for datasets. q, fq, fq_list, sort, rows, start, facet, facet.field, facet.limit, facet.mincount, fl."""
    unknown = sorted(name for name in asked.values if name not in _KNOWN and not name.startswith("ext_"))
    rows, start = min(asked.natural("rows", DEFAULT_ROWS), MOST_ROWS), asked.natural("start", 0)
    least, limit = asked.natural("facet.mincount", 1), asked.whole("facet.limit", DEFAULT_FACET_LIMIT)
    if unknown:
        raise SearchQueryError(f"Invalid search parameters: {unknown}")
    orders = read_orders(asked.text("sort"))
    facets = asked.listed("facet.field") if asked.flag("facet", default=True) else []
    lookups = Lookups(session)
    tree = _tree(asked, lookups)
    first, *then = orders if orders[0][0] is not Sort.RELEVANCE or ranks(tree) else (_LAST_CHANGED, *orders[1:])
    request = SearchRequest(
        tree=tree,
        facets=facets_of(facets),
        facet_limit=ALL if limit < 0 else limit,
        sort=first[0],
        reverse=first[1],
        offset=start,
        limit=rows,
        snippet_length=0,
        now=now(),
    )
    stated = stated_order(asked.text("sort"))
    answer = page_in_stated_order(request, stated, lookups) if stated else None
    if answer is None:
        answer = _answered(request, then)
    values = counts_by(facets, answer, request, lookups, least)
    names = names_of(session, values.get("organization", ()))
    return {
        "count": answer.total,
        "facets": values,
        "results": _results(session, answer.hits, asked.each("fl")),
        "sort": asked.text("sort").strip() or DEFAULT_SORT,
        "search_facets": {
            name: {"title": name, "items": items_of(name, counts, names)} for name, counts in values.items()
        },
    }


def _answered(request: SearchRequest, then: Sequence[Ordering]) -> SearchAnswer:
    """What is found; what is counted over all datasets is counted once."""
    if request.tree != DATASETS or not request.facets:
        return found_page(request, then)
    answer = found_page(replace(request, facets=()), then)
    return replace(answer, facets=over_all(request.facets, request.facet_limit))


def read_orders(text: str) -> list[Ordering]:
    """The orders that a text asks for, the first before the others: relevance where it asks for none.

    Fields that no dataset has order nothing, as in CKAN. Raises SearchQueryError for what is no order.
    """
    text = text.strip()
    if not text or text == "rank":
        return [_BEST]
    known = [order for part in text.split(",") if (order := _one_order(part)) is not None]
    # “score desc, metadata_modified desc” is our relevance: without words that is what was changed last.
    return known if known and known[0][0] is not Sort.RELEVANCE else [_BEST, *known[1:]]


def stated_order(text: str) -> StatedOrder | None:
    """The order that comes first, where that is by what only the database knows."""
    words = text.partition(",")[0].split()
    if len(words) != 2 or words[0] in _SORTS:
        return None
    return StatedOrder(words[0].removeprefix("extras_"), words[1].lower() == "desc")


_BEST: Ordering = (Sort.RELEVANCE, False)
_LAST_CHANGED: Ordering = (Sort.RECORDED, False)


def _one_order(part: str) -> Ordering | None:
    """One field and its direction; None for a field that no dataset has, by which CKAN sorts nothing either."""
    words = part.split()
    if len(words) != 2 or words[1].lower() not in {"asc", "desc"}:
        raise SearchQueryError('Invalid "sort" parameter')
    if words[0] not in _SORTS:
        return None
    sort, greatest_first = _SORTS[words[0]]
    return sort, (words[1].lower() == "desc") is not greatest_first


def _tree(asked: Parameters, lookups: Lookups) -> Node:
    words = asked.text("q").strip()
    query = Read(EVERYTHING, agreements=False)
    if words not in {"", "*:*", "*", '""', "''"}:
        query = read_words(words, now(), lookups)
    filters = [text for text in (*_filters(asked), *asked.whole_texts("fq_list")) if text != "*:*"]
    read = [query, *(read_filter(text, now(), lookups) for text in filters)]
    wanted = [] if any(part.agreements for part in read) else [DATASETS]
    return all_of([*(part.tree for part in read), *wanted])


def _filters(asked: Parameters) -> Iterable[str]:
    """Each filter of an `fq` that is repeated."""
    value = asked.values.get("fq")
    items = value if isinstance(value, list) else [value]
    return [text for item in items if (text := Parameters({"fq": item}).text("fq").strip())]


def _results(session: Session, hits: Sequence[SearchHit], fields: Sequence[str]) -> list[Json] | list[Prepared]:
    if fields and set(fields) <= _FROM_THE_INDEX and not any(map(_is_deal, hits)):
        return [{name: _of_hit(hit)[name] for name in fields} for hit in hits]
    fields = () if "*" in fields else fields
    numbers = [hit.id.partition(":")[2] for hit in hits]
    found = packages_numbered(session, [number for number, hit in zip(numbers, hits, strict=True) if not _is_deal(hit)])
    found |= agreements_numbered(session, [number for number, hit in zip(numbers, hits, strict=True) if _is_deal(hit)])
    packages = [found[number] for number in numbers if number in found]
    if not fields:
        return packages
    return [_only(package.value(), fields) for package in packages]


def _only(package: Json, fields: Sequence[str]) -> Json:
    """Some fields of a package as CKAN's search stores them. `extras_colour` is given as `colour`, as by CKAN."""
    stored = stored_form(package)
    return {name.removeprefix("extras_"): stored[name] for name in fields if stored.get(name) not in (None, [])}


def stored_form(package: Json) -> Json:
    """A package as CKAN's search stores it: names where it has groups of fields, each extra a field."""
    extras = {f"extras_{extra['key']}": extra["value"] for extra in package.get("extras", ())}
    stored = {**package, **extras, "dataset_type": package.get("type"), "capacity": "public"}
    for name in ("groups", "tags"):
        stored[name] = [one["name"] for one in package.get(name, ())]
    stored["organization"] = (package.get("organization") or {}).get("name")
    for name in ("format", "url", "name", "description"):
        stored[f"res_{name}"] = [one.get(name) or "" for one in package.get("resources", ())]
    return stored


def _is_deal(hit: SearchHit) -> bool:
    return hit.kind == "agreement"


def _of_hit(hit: SearchHit) -> Json:
    return {"id": dashed(hit.id.partition(":")[2]), "name": hit.document.name, "title": hit.title}


def package_autocomplete(asked: Parameters, _session: Session) -> list[Json]:
    """Return datasets whose name or title has words that begin with a text. q: the text; limit: how many."""
    text = asked.text("q").strip() or asked.text("incomplete").strip()
    limit = min(asked.natural("limit", 10), MOST_ROWS)
    request = SearchRequest(
        tree=all_of([_beginning(text), DATASETS]), limit=limit, snippet_length=0, sort=Sort.TITLE, now=now()
    )
    hits = web_context().engine().search(request).hits if text else ()
    return [_matched(text, hit) for hit in hits]


def _beginning(text: str) -> Node:
    words = " ".join(f"{word}*" for word in re.findall(r"\w+", text)[:10])
    return read_query(f"title:({words})", now(), words_must_match=True).tree if words else EVERYTHING


def _matched(text: str, hit: SearchHit) -> Json:
    name = hit.document.name
    by_name = text.lower() in name
    return {
        "name": name,
        "title": hit.title,
        "match_field": "name" if by_name else "title",
        "match_displayed": name if by_name else f"{hit.title} ({name})",
    }


def format_autocomplete(asked: Parameters, _session: Session) -> list[str]:
    """Return formats of resources that have a text. q: the text; limit: how many, 5 at most by default."""
    text = asked.typed("q").lower()
    return [name.lower() for name in counts_of("format") if text in name.lower()][: asked.natural("limit", 5)]
