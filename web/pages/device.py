"""Approving a device: the person types the code that `gazette login` shows, looks at who asks, and answers."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from schemas.errors import NotFound
from web.accounts.codes import USER_CODE_LENGTH, plain_user_code
from web.accounts.devices import count_code, decide, waiting_device
from web.accounts.tokens import granted_scopes
from web.context import now, session, web_context
from web.pages.account import show_scopes
from web.pages.sign_in import private
from web.signed_in import SignedIn, form_token, require_own_form, require_signed_in

blueprint = Blueprint("device", __name__)
private(blueprint)


@blueprint.get("/device")
def asked() -> ResponseReturnValue:
    """Where the code is typed; the address may bring it along, but it is still for the person to send it."""
    mine = require_signed_in()
    return _form(mine, _as_shown(request.args.get("user_code", "")))


@blueprint.post("/device")
def shown() -> ResponseReturnValue:
    """Who asks, and for what: to approve or refuse."""
    mine = require_signed_in()
    require_own_form(mine.secret)
    code = _as_shown(request.form.get("user_code", ""))
    if not _may_try(mine):
        return _form(mine, code, "You have typed too many codes. Wait 15 minutes, then try again."), 429
    try:
        device = waiting_device(session(), code, now())
    except NotFound as error:
        return _form(mine, code, str(error) if code else "Type the code that the terminal shows."), 400
    return render_template(
        "device_answer.html",
        device=device,
        code=code,
        account=mine.account,
        may=show_scopes(granted_scopes(mine.account, frozenset(device.scopes))),
        form_token=form_token(mine.secret),
    )


@blueprint.post("/device/answer")
def answered() -> ResponseReturnValue:
    """Approve the device, or refuse it."""
    mine = require_signed_in()
    require_own_form(mine.secret)
    code = _as_shown(request.form.get("user_code", ""))
    answer = request.form.get("answer", "")
    if not _may_try(mine):
        return _form(mine, code, "You have typed too many codes. Wait 15 minutes, then try again."), 429
    if answer not in {"approve", "refuse"}:
        return _form(mine, code, "Choose whether to approve the device."), 400
    try:
        with web_context().database.write() as writing:
            device = decide(writing, mine.account, code, now(), approve=answer == "approve")
    except NotFound as error:
        return _form(mine, code, str(error)), 400
    return render_template("device_done.html", device=device, approved=answer == "approve", account=mine.account)


def _may_try(mine: SignedIn) -> bool:
    """Counted and kept before anything is looked up, so that no failure forgets it."""
    with web_context().database.write() as writing:
        return count_code(writing, mine.account.id, now())


def _as_shown(typed: str) -> str:
    plain = plain_user_code(typed)
    return f"{plain[:4]}-{plain[4:]}" if len(plain) >= USER_CODE_LENGTH else plain


def _form(mine: SignedIn, code: str, error: str = "") -> str:
    return render_template("device.html", code=code, error=error, form_token=form_token(mine.secret))
