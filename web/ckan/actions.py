"""Every action there is, by its name."""

import inspect
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from web.ckan.accounts import REFUSED
from web.ckan.activities import (
    activity_show,
    group_activity_list,
    organization_activity_list,
    package_activity_list,
    recently_changed_packages_activity_list,
)
from web.ckan.errors import NotFoundError
from web.ckan.groups import group_autocomplete, group_list, group_package_show, group_show
from web.ckan.nothing import (
    dataset_follower_count,
    group_follower_count,
    group_list_authz,
    member_list,
    organization_follower_count,
    organization_list_for_user,
    package_relationships_list,
    resource_view_list,
    resource_view_show,
    task_status_show,
    term_translation_show,
    vocabulary_show,
)
from web.ckan.organisations import organization_autocomplete, organization_list, organization_show
from web.ckan.package_search import format_autocomplete, package_autocomplete, package_search
from web.ckan.packages import current_package_list_with_resources, package_list, package_show, resource_show
from web.ckan.parameters import Parameters
from web.ckan.resource_search import resource_search
from web.ckan.site import license_list, site_read, status_show
from web.ckan.tags import tag_autocomplete, tag_list, tag_search, tag_show, vocabulary_list

Action = Callable[[Parameters, Session], object]

_READING: tuple[Action, ...] = (
    *(package_search, package_show, package_list, current_package_list_with_resources, package_autocomplete),
    *(resource_show, resource_search, format_autocomplete),
    *(organization_list, organization_show, organization_autocomplete),
    *(group_list, group_show, group_autocomplete, group_package_show, member_list),
    *(tag_list, tag_show, tag_search, tag_autocomplete, vocabulary_list, vocabulary_show),
    *(license_list, status_show, site_read),
    *(package_activity_list, organization_activity_list, group_activity_list, activity_show),
    *(recently_changed_packages_activity_list, dataset_follower_count, organization_follower_count),
    *(group_follower_count, resource_view_list, resource_view_show, package_relationships_list),
    *(organization_list_for_user, group_list_authz, task_status_show, term_translation_show),
    *REFUSED,
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
    (
        *(
            f"{thing}_{act}"
            for thing in "package resource organization group tag user vocabulary resource_view member".split()
            for act in ("create", "update", "patch", "delete", "purge")
        ),
        *(f"{act}_{thing}" for thing in ("user", "dataset", "group") for act in ("follow", "unfollow")),
        *(f"{body}_member_{act}" for body in ("organization", "group") for act in ("create", "delete")),
        *(f"bulk_update_{act}" for act in ("private", "public", "delete")),
        *(f"package_relationship_{act}" for act in ("create", "update", "delete")),
        *(f"package_collaborator_{act}" for act in ("create", "delete")),
        *("package_revise", "package_resource_reorder", "package_owner_org_update", "dataset_purge"),
        *("package_create_default_resource_views", "resource_create_default_resource_views"),
        *("resource_view_reorder", "resource_view_clear", "term_translation_update", "term_translation_update_many"),
        *("task_status_update", "task_status_update_many", "task_status_delete", "config_option_update"),
        *("api_token_create", "api_token_revoke", "job_clear", "job_cancel", "user_invite"),
        *("activity_create", "dashboard_mark_activities_old", "send_email_notifications"),
    )
)
"""Actions of CKAN that change something: nobody may use them here."""
