"""What CKAN has and no record here: views of resources, relations between packages, followers, members, tasks."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from catalogue.search.engine import Sort
from schemas.canonical import Json
from web.ckan.asking_index import found_numbers
from web.ckan.errors import NotFoundError
from web.ckan.groups import known_group
from web.ckan.numbers import dashed
from web.ckan.organisations import organisation_called
from web.ckan.packages import MOST_DATASETS, datasets_of, package_show, resource_show
from web.ckan.parameters import Parameters


def resource_view_list(asked: Parameters, session: Session) -> list[Json]:
    """Return the views of a resource: there are none. id: the id of the resource."""
    resource_show(asked, session)
    return []


def resource_view_show(asked: Parameters, _session: Session) -> Json:
    """Return a view of a resource: there are none. id: its id."""
    asked.required("id")
    raise NotFoundError


def package_relationships_list(asked: Parameters, session: Session) -> list[Json]:
    """Return the relationships of a dataset (package): there are none. id: its id or name."""
    package_show(asked, session)
    return []


def organization_list_for_user(_asked: Parameters, _session: Session) -> list[Json]:
    """Return the organizations that the user may edit: nobody has an account here."""
    return []


def group_list_authz(_asked: Parameters, _session: Session) -> list[Json]:
    """Return the groups that the user may edit: nobody has an account here."""
    return []


def vocabulary_show(asked: Parameters, _session: Session) -> Json:
    """Return a vocabulary: there are none. id: its id or name."""
    asked.required("id")
    raise NotFoundError


def task_status_show(_asked: Parameters, _session: Session) -> Json:
    """Return a task's status: there are no tasks. id, or entity_id, task_type and key."""
    raise NotFoundError


def term_translation_show(asked: Parameters, _session: Session) -> list[Json]:
    """Return the translations of terms: there are none. terms: the terms; lang_codes."""
    asked.required("terms")
    return []


def dataset_follower_count(asked: Parameters, session: Session) -> int:
    """Return the number of followers of a dataset, which is none. id: its id or name."""
    package_show(asked, session)
    return 0


def organization_follower_count(asked: Parameters, session: Session) -> int:
    """Return the number of followers of an organization, which is none. id: its id or name."""
    organisation_called(session, asked.required("id"))
    return 0


def group_follower_count(asked: Parameters, _session: Session) -> int:
    """Return the number of followers of a group, which is none. id: its id or name."""
    known_group(asked.required("id"))
    return 0


def member_list(asked: Parameters, session: Session) -> list[tuple[str, str, str]]:
    """Return the members of a group or organization: up to 1,000 of its datasets. id; object_type, capacity."""
    numbers = _members(asked.required("id"), session)
    if asked.text("object_type", "package") != "package" or asked.text("capacity", "public") != "public":
        return []
    return [(dashed(number), "package", "public") for number in numbers]


def _members(name: str, session: Session) -> Sequence[str]:
    try:
        return found_numbers({"theme": (known_group(name),)}, Sort.RECORDED, MOST_DATASETS)
    except NotFoundError:
        return datasets_of(session, organisation_called(session, name).id, MOST_DATASETS)
