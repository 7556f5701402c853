"""Organisations: lists and one of them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from catalogue.datasets.models import CataloguedResource
from catalogue.organisations.models import Organisation, OrganisationName
from catalogue.organisations.record import fold_name
from schemas.canonical import Json
from web.ckan.errors import NotFoundError
from web.ckan.numbers import plain_number
from web.ckan.ordering import list_order
from web.ckan.organisation_words import listed
from web.ckan.packages import MOST_DATASETS, packages_of
from web.ckan.parameters import Parameters

MOST = 1_000
MOST_WITH_ALL_FIELDS = 25


def organization_list(asked: Parameters, session: Session) -> list[str] | list[Json]:
    """Return a list of the names of organizations. all_fields, sort, limit, offset, q, organizations."""
    if asked.text("type", "organization") != "organization":
        return []
    order, descending = list_order(asked)
    named = asked.each("organizations")
    lines = [body for body in _bodies(session, asked.text("q")) if not named or body.slug in named]
    counts = dataset_counts(session)
    keys = {
        "name": lambda body: body.slug,
        "title": lambda body: (fold_name(body.name), body.slug),
        "package_count": lambda body: (counts.get(body.id, 0), body.slug),
    }
    lines.sort(key=keys[order], reverse=descending)
    whole = asked.flag("all_fields")
    most = MOST_WITH_ALL_FIELDS if whole else MOST
    offset = asked.natural("offset", 0)
    limit = min(asked.natural("limit", most), most if "limit" not in asked else MOST)
    part = lines[offset : offset + limit]
    return [_with_extras(body, counts, asked) for body in part] if whole else [body.slug for body in part]


def _bodies(session: Session, words: str) -> Sequence[Organisation]:
    """All organisations or, where words are given, those that have them in a name."""
    query = select(Organisation)
    folded = fold_name(words)
    if words.strip():
        named = select(OrganisationName.organisation_id).where(
            OrganisationName.folded.contains(folded, autoescape=True)
        )
        query = query.where(or_(Organisation.id.in_(named), Organisation.slug.contains(folded, autoescape=True)))
    return list(session.scalars(query))


def _with_extras(body: Organisation, counts: dict[str, int], asked: Parameters) -> Json:
    line = listed(body, counts.get(body.id, 0))
    for wanted, member in (("include_extras", "extras"), ("include_tags", "tags"), ("include_groups", "groups")):
        if asked.flag(wanted):
            line[member] = []
    if asked.flag("include_users"):
        line["users"] = []
    return line


def dataset_counts(session: Session) -> dict[str, int]:
    """How many datasets each organisation publishes, by its number."""
    query = (
        select(CataloguedResource.publisher_id, func.count())
        .where(CataloguedResource.state == "active", CataloguedResource.publisher_id.is_not(None))
        .group_by(CataloguedResource.publisher_id)
    )
    return {str(number): count for number, count in session.execute(query)}


def organization_show(asked: Parameters, session: Session) -> Json:
    """Return the details of an organization. id: its id or name; include_datasets: with up to 1,000 of its datasets."""
    body = organisation_called(session, asked.required("id"))
    count = session.scalar(
        select(func.count())
        .select_from(CataloguedResource)
        .where(CataloguedResource.publisher_id == body.id, CataloguedResource.state == "active")
    )
    shown = {**listed(body, count or 0), "extras": [], "groups": [], "tags": []}
    if not asked.flag("include_dataset_count", default=True):
        shown.pop("package_count")
    if asked.flag("include_users", default=True):
        shown["users"] = []
    if asked.flag("include_datasets"):
        shown["packages"] = packages_of(session, body.id, MOST_DATASETS)
    return shown


def organisation_called(session: Session, name: str) -> Organisation:
    """The organisation with a short name or number. Raises NotFoundError."""
    called = or_(Organisation.slug == name, Organisation.id == plain_number(name))
    body = session.scalar(select(Organisation).where(called))
    if body is None:
        raise NotFoundError
    return body


def organization_autocomplete(asked: Parameters, session: Session) -> list[Json]:
    """Return organizations whose name or title has a text. q: the text; limit: how many, 20 at most by default."""
    bodies: Iterable[Organisation] = sorted(
        _bodies(session, asked.typed("q")), key=lambda body: (fold_name(body.name), body.slug)
    )
    limit = asked.natural("limit", 20)
    from_ids = [{"id": listed(body, 0)["id"], "name": body.slug, "title": body.name} for body in bodies]
    return from_ids[:limit]
