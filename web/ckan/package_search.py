"""`package_search`, and the lists that offer what begins with a few letters (CKAN 2.11, `ckan/logic/action/get.py`)."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.licences import licence_title
from catalogue.organisations.models import Organisation
from catalogue.search.engine import SearchAnswer, SearchHit, SearchRequest, Sort
from catalogue.search.fields import COUNTABLE
from catalogue.search.query import read_query
from catalogue.search.query_tree import EVERYTHING, Node, all_of, ranks
from schemas.canonical import Json
from schemas.codelists import codelist, title_of
from web.ckan.agreement_packages import AGREEMENT_TYPE
from web.ckan.asking_index import ALL, counts_of
from web.ckan.errors import SearchQueryError
from web.ckan.numbers import dashed
from web.ckan.packages import agreements_numbered, packages_numbered
from web.ckan.parameters import Parameters
from web.ckan.scope import DATASETS
from web.ckan.words import Read, read_filter, read_words
from web.context import now, web_context
from web.listings import organisation_names

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

_FACETS: Mapping[str, str] = {
    "organization": "organisation",
    "groups": "theme",
    "tags": "keyword",
    "res_format": "format",
    "license_id": "licence",
    "dataset_type": "kind",
    "type": "kind",
}
"""What CKAN counts by, as our facets. Others of ours can be named as they are."""

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

_TYPES = {"dataset-series": "dataset_series", "agreement": AGREEMENT_TYPE, "data-service": "dataset"}
_FROM_THE_INDEX = {"id", "name", "title"}


@dataclass(frozen=True, slots=True)
class Order:
    """In which order results are wanted."""

    sort: Sort
    reverse: bool


def package_search(asked: Parameters, session: Session) -> Json:
    """Search for datasets. q, fq, fq_list, sort, rows, start, facet, facet.field, facet.limit, facet.mincount, fl."""
    unknown = sorted(name for name in asked.values if name not in _KNOWN and not name.startswith("ext_"))
    rows, start = min(asked.natural("rows", DEFAULT_ROWS), MOST_ROWS), asked.natural("start", 0)
    least, limit = asked.natural("facet.mincount", 1), asked.whole("facet.limit", DEFAULT_FACET_LIMIT)
    if unknown:
        raise SearchQueryError(f"Invalid search parameters: {unknown}")
    order = read_order(asked.text("sort"))
    facets = asked.each("facet.field") if asked.flag("facet", default=True) else []
    counted = {name: _FACETS.get(name, name) for name in facets}
    tree = _tree(asked, session)
    request = SearchRequest(
        tree=tree,
        facets=tuple(dict.fromkeys(ours for ours in counted.values() if ours in COUNTABLE)),
        facet_limit=ALL if limit < 0 else limit,
        sort=order.sort if order.sort is not Sort.RELEVANCE or ranks(tree) else Sort.RECORDED,
        reverse=order.reverse,
        offset=start,
        limit=rows,
        snippet_length=0,
        now=now(),
    )
    answer = web_context().engine().search(request)
    values = {name: _counts(answer, ours, least) for name, ours in counted.items()}
    names = organisation_names(session, values.get("organization", ()))
    return {
        "count": answer.total,
        "facets": values,
        "results": _results(session, answer.hits, asked.each("fl")),
        "sort": asked.text("sort").strip() or DEFAULT_SORT,
        "search_facets": {
            name: {"title": name, "items": _items(name, counts, names)} for name, counts in values.items()
        },
    }


def read_order(text: str) -> Order:
    """The order that a text asks for; of several fields the first, ties going as they always do.

    Raises SearchQueryError for what is no order.
    """
    text = text.strip()
    if not text or text == "rank":
        return _DEFAULT_ORDER
    known = [order for part in text.split(",") if (order := _one_order(part)) is not None]
    # “score desc, metadata_modified desc” is our relevance: without words that is what was changed last.
    return known[0] if known and known[0].sort is not Sort.RELEVANCE else _DEFAULT_ORDER


_DEFAULT_ORDER = Order(Sort.RELEVANCE, reverse=False)


def _one_order(part: str) -> Order | None:
    """One field and its direction; None for a field that no dataset has, by which CKAN sorts nothing either."""
    words = part.split()
    if len(words) != 2 or words[1].lower() not in {"asc", "desc"}:
        raise SearchQueryError('Invalid "sort" parameter')
    if words[0] not in _SORTS:
        return None
    sort, greatest_first = _SORTS[words[0]]
    return Order(sort, reverse=(words[1].lower() == "desc") is not greatest_first)


def _tree(asked: Parameters, session: Session) -> Node:
    def slug_of(number: str) -> str | None:
        return session.scalar(select(Organisation.slug).where(Organisation.id == number))

    words = asked.text("q").strip()
    query = Read(EVERYTHING, agreements=False)
    if words not in {"", "*:*", "*", '""', "''"}:
        query = read_words(words, now(), slug_of)
    filters = [text for text in (asked.text("fq").strip(), *_lists(asked)) if text and text != "*:*"]
    read = [query, *(read_filter(text, now(), slug_of) for text in filters)]
    wanted = [] if any(part.agreements for part in read) else [DATASETS]
    return all_of([*(part.tree for part in read), *wanted])


def _lists(asked: Parameters) -> Iterable[str]:
    """Each filter of `fq_list`; commas and blanks inside one are its own."""
    value = asked.values.get("fq_list")
    if isinstance(value, str) and value.lstrip()[:1] == "[":
        with suppress(ValueError, RecursionError):
            value = json.loads(value)
    items = value if isinstance(value, list) else [value]
    return [item.strip() for item in items if isinstance(item, str) and item.strip()]


def _counts(answer: SearchAnswer, ours: str, least: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    for found in answer.facets.get(ours, ()):
        value = _TYPES.get(found.value, found.value) if ours == "kind" else found.value
        counts[value] = counts.get(value, 0) + found.count
    return {value: count for value, count in counts.items() if count >= least}


def _items(name: str, counts: Mapping[str, int], names: Mapping[str, str]) -> list[Json]:
    items = [
        {"name": value, "display_name": _display(name, value, names), "count": count} for value, count in counts.items()
    ]
    return sorted(items, key=lambda item: str(item["display_name"]), reverse=True)


def _display(name: str, value: str, names: Mapping[str, str]) -> str:
    if name == "organization":
        return names.get(value, value)
    if name == "groups":
        return title_of("theme", value) if value in codelist("theme") else value
    return licence_title(value) if name == "license_id" else value


def _results(session: Session, hits: Sequence[SearchHit], fields: Sequence[str]) -> list[Json]:
    if fields and set(fields) <= _FROM_THE_INDEX and not any(map(_is_deal, hits)):
        return [{name: _of_hit(hit)[name] for name in fields} for hit in hits]
    numbers = [hit.id.partition(":")[2] for hit in hits]
    found = packages_numbered(session, [number for number, hit in zip(numbers, hits, strict=True) if not _is_deal(hit)])
    found |= agreements_numbered(session, [number for number, hit in zip(numbers, hits, strict=True) if _is_deal(hit)])
    packages = [found[number] for number in numbers if number in found]
    if not fields:
        return packages
    return [{name: package[name] for name in fields if name in package} for package in packages]


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
    text = asked.required("q").strip().lower()
    return [name.lower() for name in counts_of("format") if text in name.lower()][: asked.natural("limit", 5)]
