"""The account of whoever is signed in: who they are here, and what acts for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from schemas.actor import Role
from web.accounts.models import AccessToken
from web.accounts.read import tokens_of
from web.accounts.tokens import READ, revoke_token
from web.context import now, session, web_context
from web.pages.sign_in import private
from web.signed_in import form_token, require_own_form, require_signed_in

blueprint = Blueprint("account", __name__)
private(blueprint)

ROLE_MEANINGS = {
    Role.EDITOR: "writes drafts for the organisation",
    Role.APPROVER: "signs, confirms, disputes and amends for the organisation",
    Role.REGISTRAR: "runs the register: imports, consultations, redactions",
    Role.MODERATOR: "looks through what the public sends",
    Role.ADMINISTRATOR: "looks after accounts",
}
"""What each role lets its holder do, in plain English."""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token as its holder reads of it. `state` is "" while it is in force."""

    id: str
    name: str
    kind: str
    may: str
    made: datetime
    used: datetime | None
    ends: datetime
    state: str


@blueprint.get("/account")
def account() -> ResponseReturnValue:
    """Who you are here, and your devices and programs."""
    mine = require_signed_in()
    lines = [token_line(row, now()) for row in tokens_of(session(), mine.account.id)]
    return render_template(
        "account.html",
        account=mine.account,
        roles=[(role.value, ROLE_MEANINGS[role]) for role in Role if role in mine.actor.roles],
        tokens=[line for line in lines if not line.state],
        ended=[line for line in lines if line.state],
        form_token=form_token(mine.secret),
    )


@blueprint.post("/account/tokens/<token_id>/revoke")
def revoke(token_id: str) -> ResponseReturnValue:
    """End one of your tokens."""
    mine = require_signed_in()
    require_own_form(mine.secret)
    with web_context().database.write() as writing:
        revoke_token(writing, mine.actor, token_id, web_context().clock)
    return redirect("/account", 303)


def show_scopes(scopes: Iterable[str]) -> str:
    """What a token may, in plain English: the roles it acts in."""
    return ", ".join(sorted(set(scopes) - {READ})) or "nobody: it can only read"


def token_line(row: AccessToken, moment: datetime) -> TokenLine:
    """A token as it stands at a moment."""
    state = "revoked" if row.revoked_at else "expired" if row.expires_at <= moment else ""
    return TokenLine(
        id=row.id,
        name=row.name,
        kind="Device" if row.kind == "device" else "Program",
        may=show_scopes(row.scopes),
        made=row.created_at,
        used=row.last_used_at,
        ends=row.expires_at,
        state=state,
    )
