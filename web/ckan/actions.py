"""Every action there is, by its name."""

import inspect
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from web.ckan.errors import NotFoundError
from web.ckan.groups import group_autocomplete, group_list, group_package_show, group_show
from web.ckan.nothing import (
    group_list_authz,
    organization_list_for_user,
    package_relationships_list,
    resource_view_list,
    vocabulary_show,
)
from web.ckan.organisations import organization_autocomplete, organization_list, organization_show
from web.ckan.package_search import format_autocomplete, package_autocomplete, package_search
from web.ckan.packages import current_package_list_with_resources, package_list, package_show, resource_show
from web.ckan.parameters import Parameters
from web.ckan.resource_search import resource_search
from web.ckan.site import license_list, site_read, status_show, user_list
from web.ckan.tags import tag_autocomplete, tag_list, tag_search, tag_show, vocabulary_list

Action = Callable[[Parameters, Session], object]

_READING: tuple[Action, ...] = (
    *(package_search, package_show, package_list, current_package_list_with_resources, package_autocomplete),
    *(resource_show, resource_search, format_autocomplete),
    *(organization_list, organization_show, organization_autocomplete),
    *(group_list, group_show, group_autocomplete, group_package_show),
    *(tag_list, tag_show, tag_search, tag_autocomplete, vocabulary_list),
    *(license_list, status_show, site_read, user_list),
    *(resource_view_list, package_relationships_list, organization_list_for_user, group_list_authz, vocabulary_show),
)


def help_show(asked: Parameters, _session: Session) -> str:
    """Return the help string for an action. name: the action's name."""
    action = ACTIONS.get(asked.required("name"))
    if action is None:
        raise NotFoundError
    return inspect.getdoc(action) or ""


def _called(action: Action) -> str:
    return str(getattr(action, "__name__", ""))


ACTIONS: Mapping[str, Action] = {_called(action): action for action in (*_READING, help_show)}

WRITING = frozenset(
    f"{thing}_{act}"
    for thing in "package resource organization group tag user vocabulary resource_view member".split()
    for act in ("create", "update", "patch", "delete", "purge")
)
"""Actions of CKAN that change something: nobody may use them here."""
