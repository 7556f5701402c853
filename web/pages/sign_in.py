"""Signing in with the address that an administrator handed over, and signing out.

Reading the address spends nothing, because programs that look through mail read it too; only the button does. The
secret stands in the address no longer than that: the form sends it in its body.
"""

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from schemas.errors import NotFound, Refused
from web.accounts.links import account_of_link, spend_link
from web.accounts.sessions import end_session, open_session
from web.context import now, session, web_context
from web.signed_in import (
    NotSignedIn,
    StrangeForm,
    clear_session,
    form_token,
    held_form_secret,
    limit_form,
    new_form_secret,
    require_own_form,
    require_signed_in,
    session_cookie,
    set_form_secret,
    set_session,
)

blueprint = Blueprint("sign_in", __name__)


def private(pages: Blueprint) -> None:
    """Make pages private: nobody keeps a copy, forms are small, and refusals are told as pages."""
    pages.before_request(limit_form)
    pages.after_request(_keep_no_copy)
    pages.register_error_handler(Refused, told)
    pages.register_error_handler(NotFound, told)


def told(error: Refused | NotFound) -> ResponseReturnValue:
    """A refusal as a page."""
    if isinstance(error, NotSignedIn):
        return render_template("sign_in.html", account=None), 403
    status = 400 if isinstance(error, StrangeForm) else 404 if isinstance(error, NotFound) else 403
    return render_template("account_refused.html", error=error), status


def _keep_no_copy(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


private(blueprint)


@blueprint.get("/sign-in")
def how() -> ResponseReturnValue:
    """How to sign in."""
    return render_template("sign_in.html", account=None)


@blueprint.get("/sign-in/<secret>")
def offered(secret: str) -> ResponseReturnValue:
    """Whom this address signs in, and the button that does it."""
    try:
        account = account_of_link(session(), secret, now())
    except Refused as error:
        response = make_response(render_template("account_refused.html", error=error), 410)
    else:
        form_secret = held_form_secret() or new_form_secret()
        page = render_template("sign_in.html", account=account, code=secret, form_token=form_token(form_secret))
        response = make_response(page)
        set_form_secret(response, form_secret)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Spend the address and open a session, always a new one: an older one of this browser ends."""
    require_own_form(held_form_secret())
    context = web_context()
    with context.database.write() as writing:
        account = spend_link(writing, request.form.get("code", ""), now())
        if before := request.cookies.get(session_cookie()):
            end_session(writing, before, now())
        secret = open_session(writing, account, now(), context.randomness)
    response = make_response(redirect("/account", 303))
    set_session(response, secret)
    return response


@blueprint.post("/sign-out")
def leave() -> ResponseReturnValue:
    """End the session of this browser."""
    mine = require_signed_in()
    require_own_form(mine.secret)
    with web_context().database.write() as writing:
        end_session(writing, mine.secret, now())
    response = make_response(render_template("sign_in.html", account=None, signed_out=True))
    clear_session(response)
    return response
