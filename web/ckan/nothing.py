"""What CKAN has and no record here: views of resources, relations between packages, the groups of a reader."""

from sqlalchemy.orm import Session

from schemas.canonical import Json
from web.ckan.errors import NotFoundError
from web.ckan.packages import package_show, resource_show
from web.ckan.parameters import Parameters


def resource_view_list(asked: Parameters, session: Session) -> list[Json]:
    """Return the views of a resource: there are none. id: the id of the resource."""
    resource_show(asked, session)
    return []


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
