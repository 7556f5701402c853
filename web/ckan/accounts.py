"""CKAN's actions about accounts, settings and the work behind the pages: refused, for nobody has an account here.

CKAN refuses most of them to who is not signed in, with the same error; clients that ask for them are ready for it.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from web.ckan.errors import NotAuthorizedError
from web.ckan.parameters import Parameters

_REASONS = {
    "Users are not listed": "user_list user_show user_autocomplete user_activity_list get_site_user",
    "Collaborators are not listed": "package_collaborator_list package_collaborator_list_for_user",
    "You must be logged in to access your dashboard.": "dashboard_activity_list dashboard_new_activities_count",
    "Followers are not listed": (
        "user_follower_count user_follower_list dataset_follower_list group_follower_list organization_follower_list"
    ),
    "You must be logged in to follow anything": (
        "am_following_user am_following_dataset am_following_group followee_list followee_count "
        "user_followee_list dataset_followee_list group_followee_list organization_followee_list "
        "user_followee_count dataset_followee_count group_followee_count organization_followee_count"
    ),
    "Settings are not shown": "config_option_show config_option_list",
    "Jobs are not shown": "job_list job_show",
    "Tokens are not listed": "api_token_list",
}
"""Why these actions are refused (CKAN 2.11, `ckan/logic/auth/get.py`)."""


def _refusing(name: str, reason: str) -> Callable[[Parameters, Session], object]:
    def action(_asked: Parameters, _session: Session) -> object:
        raise NotAuthorizedError(reason)

    action.__name__ = name
    action.__doc__ = f"Nobody may ask for this here. {reason.removesuffix('.')}."
    return action


REFUSED = tuple(_refusing(name, reason) for reason, names in _REASONS.items() for name in names.split())
"""One action for each name."""
