"""Searching among the resources themselves, field by field (CKAN 2.11, `resource_search`)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalogue.datasets.models import CataloguedResource, Distribution
from catalogue.search.engine import SearchRequest, Sort
from catalogue.search.query import read_query
from catalogue.search.query_tree import all_of
from schemas.canonical import Json
from web.ckan.errors import SearchError, ValidationError
from web.ckan.numbers import plain_number
from web.ckan.parameters import LONGEST_NUMBER, Parameters
from web.ckan.prepared import packages_numbered
from web.ckan.scope import DATASETS
from web.context import now, web_context

MOST = 1_000
MOST_QUERIES = 50
MOST_READ = 5_000
"""Of so many datasets, at the most, resources are read for what the database has no column for."""

_TEXTS = {
    "name": (Distribution.title,),
    "title": (Distribution.title,),
    "url": (Distribution.access_url, Distribution.download_url),
    "format": (Distribution.format, Distribution.media_type),
    "mimetype": (Distribution.media_type,),
    "id": (Distribution.number,),
}
_NUMBERS = {"size": Distribution.byte_size, "position": Distribution.position}
_MOMENTS = {
    "created": CataloguedResource.first_seen_at,
    "metadata_modified": CataloguedResource.metadata_modified_at,
}
_EMPTY = frozenset("hash resource_type url_type mimetype_inner last_modified cache_url cache_last_updated".split())
"""CKAN's fields of a resource that say nothing here, or next to nothing."""

_ORDERS = {"name": Distribution.title, "id": Distribution.number, "format": Distribution.format}
_DESCRIPTION = "description"
_MOST_WORDS = 10
_BATCH = 500

Place = Row[str, int]
"""The number of a dataset, and the place of a resource in it."""


def resource_search(asked: Parameters, session: Session) -> Json:
    """Search for resources. query: field:term, once or several times, all of which must match; limit, offset."""
    pairs = list(_pairs(asked))
    described = [term for field, term in pairs if field == _DESCRIPTION and term]
    matching = (
        select(Distribution.resource_id, Distribution.position)
        .join(CataloguedResource, Distribution.resource_id == CataloguedResource.id)
        .where(CataloguedResource.state == "active", *(_clause(field, term) for field, term in pairs))
    )
    if described:
        matching = matching.where(Distribution.resource_id.in_(_told_of(described)))
    order = _ORDERS.get(asked.text("order_by"))
    ordered = matching.order_by(
        *([order] if order is not None else []), Distribution.resource_id, Distribution.position
    )
    begin, most = asked.natural("offset", 0), min(asked.natural("limit", MOST), MOST)
    if described:
        return _of_descriptions(session, ordered, described, begin, most)
    count = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    rows = session.execute(ordered.offset(begin).limit(most)).all()
    return {"count": count, "results": list(_resources(session, rows))}


def _pairs(asked: Parameters) -> Iterator[tuple[str, str]]:
    """The fields and the terms asked for. Raises ValidationError."""
    value = asked.values.get("query")
    if isinstance(value, dict):
        value = [f"{field}:{term}" for field, term in value.items()]
    queries = Parameters({"query": value}).whole_texts("query")
    if not queries:
        raise ValidationError({"query": ["Missing value"]})
    if len(queries) > MOST_QUERIES:
        raise SearchError(f"More than {MOST_QUERIES} fields were asked for at once.")
    for query in queries:
        field, colon, term = query.partition(":")
        if not colon:
            raise ValidationError({"query": ["Must be <field>:<value> pair(s)"]})
        yield field.strip(), term.strip()


def _clause(field: str, term: str) -> ColumnElement[bool]:
    """What the database can be asked. A term that is empty is in everything. Raises SearchError."""
    if field in _TEXTS:
        return or_(*(column.icontains(term, autoescape=True) for column in _TEXTS[field])) if term else true()
    if field in _NUMBERS:
        is_number = term.isascii() and term.isdecimal() and len(term) <= LONGEST_NUMBER
        return _NUMBERS[field] == int(term) if is_number else false()
    if field in _MOMENTS:
        return _at(_MOMENTS[field], term)
    if field == "package_id":
        return Distribution.resource_id == plain_number(term)
    if field == "state":
        return true() if term.casefold() in "active" else false()
    if field in _EMPTY:
        return false()
    if field == _DESCRIPTION:  # no column has it
        return true()
    raise SearchError(f'Field "{field[:60]}" not recognised in Resource search.')


def _at(column: InstrumentedAttribute[datetime], term: str) -> ColumnElement[bool]:
    """A moment as packages have it, or the second, minute or day that it begins with."""
    try:
        begin = datetime.fromisoformat(term).replace(tzinfo=UTC)
        lasts = timedelta(days=1) if len(term) <= len("2026-01-01") else timedelta(minutes=1)
        if term.count(":") > 1:
            lasts = timedelta(microseconds=1) if "." in term else timedelta(seconds=1)
        return (column >= begin) & (column < begin + lasts)
    except (ValueError, OverflowError):
        return false()


def _told_of(terms: Iterable[str]) -> list[str]:
    """The numbers of the datasets in which every word of some terms begins a word. Raises SearchError for too many."""
    words = " ".join(f"{word}*" for word in re.findall(r"\w+", " ".join(terms))[:_MOST_WORDS])
    if not words:
        return []
    tree = all_of([read_query(f"text:({words})", now(), words_must_match=True).tree, DATASETS])
    engine = web_context().engine()
    request = SearchRequest(tree=tree, sort=Sort.IDENTIFIER, limit=MOST, snippet_length=0, now=now())
    numbers: list[str] = []
    while True:
        answer = engine.search(request)
        if answer.total > MOST_READ:
            raise SearchError(f"More than {MOST_READ:,} datasets have these words; ask for fewer.")
        numbers += [hit.id.partition(":")[2] for hit in answer.hits]
        if answer.next is None:
            return numbers
        request = replace(request, after=answer.next)


def _of_descriptions(session: Session, ordered: Select[str, int], terms: Sequence[str], begin: int, most: int) -> Json:
    """The resources whose descriptions have all terms."""
    rows = session.execute(ordered).all()
    wanted = [term.casefold() for term in terms]
    found = [
        resource
        for resource in _resources(session, rows)
        if all(term in str(resource["description"]).casefold() for term in wanted)
    ]
    return {"count": len(found), "results": found[begin : begin + most]}


def _resources(session: Session, rows: Sequence[Place]) -> Iterable[Json]:
    for begin in range(0, len(rows), _BATCH):
        part = rows[begin : begin + _BATCH]
        packages = packages_numbered(session, {number for number, _position in part})
        resources = {number: package.value()["resources"] for number, package in packages.items()}
        yield from (resources[number][position] for number, position in part if number in resources)
