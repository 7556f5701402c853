"""Who asks: the account of the bearer token (RFC 6750), or nobody in particular, who may read what is public."""

from typing import cast

from flask import g, request

from schemas.actor import Actor
from web.accounts.tokens import Unauthorised, actor_of_token, note_use
from web.context import now, session, web_context

ANYBODY = Actor(account="anybody")
"""A reader without a token."""

_SCHEME = "bearer "


def actor() -> Actor:
    """Who asks. Raises Unauthorised for a token that opens nothing."""
    if "api_actor" not in g:
        g.api_actor = _read_actor()
    return cast(Actor, g.api_actor)


def signed_in() -> Actor:
    """Who asks, where somebody must. Raises Unauthorised where there is no token."""
    found = actor()
    if found is ANYBODY:
        raise Unauthorised(
            "This needs an access token.", "Sign in with “gazette login”, or send “Authorization: Bearer …”."
        )
    return found


def check_token() -> None:
    """Before every request of the API: a token that opens nothing is told, also where none is needed."""
    if request.method != "OPTIONS":
        actor()


def _read_actor() -> Actor:
    header = request.headers.get("Authorization")
    if header is None:
        return ANYBODY
    if not header[: len(_SCHEME)].lower() == _SCHEME:
        raise Unauthorised("The Authorization header holds no bearer token.", "Send “Authorization: Bearer …”.")
    found = actor_of_token(session(), header[len(_SCHEME) :].strip(), now())
    note_use(web_context().database, found, now())
    return found.actor
