"""What happened to datasets, as CKAN's activity streams tell it (CKAN 2.11, `ckanext/activity`): the newest first."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import Session

from catalogue.datasets.models import CataloguedResource, ResourceRevision
from catalogue.search.engine import Sort
from schemas.canonical import Json
from schemas.database.change_feed import DATASET, ChangeRow
from web.ckan.asking_index import found_numbers
from web.ckan.errors import NotFoundError, ValidationError
from web.ckan.groups import known_group
from web.ckan.numbers import dashed, naive, plain_number
from web.ckan.organisations import organisation_called
from web.ckan.packages import MOST_DATASETS
from web.ckan.parameters import Parameters

DEFAULT, MOST = 31, 100
"""So many are told where nobody says how many, and so many at the most."""

_TYPES = {
    "added": "new package",
    "changed": "changed package",
    "restored": "changed package",
    "withdrawn": "deleted package",
}
_OTHERS = "changed package"

Told = Row[int, datetime, str, str, str, str]


def package_activity_list(asked: Parameters, session: Session) -> list[Json]:
    """Return a dataset's (package's) activities. id: its id or name; offset, limit, before, after, activity_types."""
    name = asked.required("id")
    resource, number = CataloguedResource, plain_number(name)
    found = session.scalar(select(resource.id).where((resource.slug == name) | (resource.id == number)))
    if found is None:
        raise NotFoundError
    return _activities(asked, session, ChangeRow.record_id == found)


def organization_activity_list(asked: Parameters, session: Session) -> list[Json]:
    """Return the activities of an organization's datasets. id: its id or name; offset, limit, before, after."""
    body = organisation_called(session, asked.required("id"))
    return _activities(asked, session, CataloguedResource.publisher_id == body.id)


def group_activity_list(asked: Parameters, session: Session) -> list[Json]:
    """Return the activities of a group's datasets, of the 1,000 recorded last. id: its id or name; offset, limit."""
    code = known_group(asked.required("id"))
    numbers = found_numbers({"theme": (code,)}, Sort.RECORDED, MOST_DATASETS)
    return _activities(asked, session, ChangeRow.record_id.in_(numbers))


def recently_changed_packages_activity_list(asked: Parameters, session: Session) -> list[Json]:
    """Return the activities of all datasets, those that were added, changed or withdrawn last first. offset, limit."""
    return _activities(asked, session)


def activity_show(asked: Parameters, session: Session) -> Json:
    """Return one activity. id: its id."""
    text = asked.required("id")
    try:
        number = UUID(text).int
    except ValueError:
        raise NotFoundError from None
    if number >= 1 << 62:
        raise NotFoundError
    found = session.execute(_told(ChangeRow.number == number)).first()
    if found is None:
        raise NotFoundError
    return _activity(found)


def _told(*where: ColumnElement[bool]) -> Select[int, datetime, str, str, str, str]:
    resource, revision = CataloguedResource, ResourceRevision
    return (
        select(ChangeRow.number, ChangeRow.recorded_at, resource.id, revision.change, resource.slug, resource.title)
        .join(resource, resource.id == ChangeRow.record_id)
        .join(revision, and_(revision.resource_id == ChangeRow.record_id, revision.revision == ChangeRow.step))
        .where(ChangeRow.kind == DATASET, *where)
    )


def _activities(asked: Parameters, session: Session, *where: ColumnElement[bool]) -> list[Json]:
    wanted, unwanted = asked.whole_texts("activity_types"), asked.whole_texts("exclude_activity_types")
    if wanted and unwanted:
        raise ValidationError({"activity_types": ["Cannot be used together with `exclude_activity_types"]})
    clauses = list(where)
    if wanted:
        clauses.append(ResourceRevision.change.in_(_changes(wanted)))
    if unwanted:
        clauses.append(ResourceRevision.change.not_in(_changes(unwanted)))
    for name in ("before", "after"):
        moment = _moment(asked, name)
        if moment is not None:
            recorded = ChangeRow.recorded_at
            clauses.append(recorded < moment if name == "before" else recorded > moment)
    query = _told(*clauses).order_by(ChangeRow.number.desc())
    query = query.offset(asked.natural("offset", 0)).limit(min(asked.natural("limit", DEFAULT), MOST))
    return [_activity(told) for told in session.execute(query)]


def _changes(types: Iterable[str]) -> list[str]:
    wanted = set(types)
    return [change for change, kind in _TYPES.items() if kind in wanted]


def _moment(asked: Parameters, name: str) -> datetime | None:
    """A moment in seconds since 1970, or as CKAN writes it. Raises ValidationError."""
    text = asked.text(name).strip()
    if not text:
        return None
    try:
        try:
            return datetime.fromtimestamp(float(text), UTC)
        except ValueError:
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise ValidationError({name: ["Date format incorrect"]}) from None


def _activity(told: Told) -> Json:
    """One change of a dataset. Who made it is not told: no accounts are shown."""
    number, recorded_at, resource, change, slug, title = told
    identifier = dashed(resource)
    return {
        "id": str(UUID(int=number)),
        "timestamp": naive(recorded_at),
        "user_id": None,
        "object_id": identifier,
        "revision_id": None,
        "activity_type": _TYPES.get(change, _OTHERS),
        "data": {"package": {"id": identifier, "name": slug, "title": title}, "actor": None},
    }
