"""Searching among the resources themselves, field by field."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from catalogue.datasets.models import CataloguedResource, Distribution
from schemas.canonical import Json
from web.ckan.errors import SearchError, ValidationError
from web.ckan.parameters import Parameters
from web.ckan.prepared import packages_numbered

MOST = 1_000
_COLUMNS = {
    "name": (Distribution.title,),
    "title": (Distribution.title,),
    "url": (Distribution.access_url, Distribution.download_url),
    "format": (Distribution.format, Distribution.media_type),
    "mimetype": (Distribution.media_type,),
    "id": (Distribution.number,),
}
_ORDERS = {"name": Distribution.title, "id": Distribution.number, "format": Distribution.format}


def resource_search(asked: Parameters, session: Session) -> Json:
    """Search for resources. query: field:term, once or several times, all of which must match; limit, offset."""
    matching = (
        select(Distribution.resource_id, Distribution.position)
        .join(CataloguedResource, Distribution.resource_id == CataloguedResource.id)
        .where(CataloguedResource.state == "active", *_clauses(asked))
    )
    count = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    order = _ORDERS.get(asked.text("order_by"))
    columns = [order] if order is not None else []
    rows = session.execute(
        matching.order_by(*columns, Distribution.resource_id, Distribution.position)
        .offset(asked.natural("offset", 0))
        .limit(min(asked.natural("limit", MOST), MOST))
    ).all()
    packages = packages_numbered(session, {number for number, _position in rows})
    resources = {number: package.value()["resources"] for number, package in packages.items()}
    results = [resources[number][position] for number, position in rows if number in resources]
    return {"count": count, "results": results}


def _clauses(asked: Parameters) -> Iterator[ColumnElement[bool]]:
    queries = _queries(asked.values.get("query"))
    if not queries:
        raise ValidationError({"query": ["Missing value"]})
    for query in queries:
        field, colon, term = query.partition(":")
        if not colon:
            raise ValidationError({"query": ["Must be <field>:<value> pair(s)"]})
        columns = _COLUMNS.get(field.strip())
        if columns is None:
            raise SearchError(f'Field "{field.strip()[:60]}" not recognised in Resource search.')
        yield or_(*(column.icontains(term.strip(), autoescape=True) for column in columns))


def _queries(value: object) -> list[str]:
    if isinstance(value, dict):
        return [f"{field}:{term}" for field, term in value.items()]
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str) and item.strip()]
