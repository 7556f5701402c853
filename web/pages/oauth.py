"""What a device asks of the site: OAuth 2.0 device flow (RFC 8628), revocation (RFC 7009), metadata (RFC 8414).

No cookie counts here, so no other site can make a browser act for its reader.
"""

import hashlib
from datetime import timedelta

from flask import Blueprint, Response, jsonify, request

from schemas.errors import InvalidInput, Refused
from web.accounts.devices import GRANT_LASTS, PAUSE_SECONDS, Answer, begin, poll
from web.accounts.limits import count_attempt
from web.accounts.tokens import SCOPES, checked_scopes, forget_token
from web.context import now, site_address, web_context
from web.signed_in import limit_form

blueprint = Blueprint("oauth", __name__)

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
CLIENTS = frozenset({"gazette"})
"""Programs that may ask. None of them has a secret: whoever has the program could read it (RFC 8252, 8.5)."""

MOST_DEVICES = 60
_DEVICES_WITHIN = timedelta(minutes=10)
"""How many devices one address may begin in that time; behind a proxy all share one, so it is not few."""

_LONGEST_VALUE = 1_000

blueprint.before_request(limit_form)


class _OAuthError(Exception):
    """An error as RFC 6749 tells it. `error` is a word of the standard."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


@blueprint.errorhandler(_OAuthError)
def _tell(error: _OAuthError) -> Response:
    response = jsonify({"error": error.error, "error_description": error.description})
    response.status_code = error.status
    if error.status == 429:
        response.headers["Retry-After"] = str(int(_DEVICES_WITHIN.total_seconds()))
    return response


@blueprint.after_request
def _keep_no_copy(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/.well-known/oauth-authorization-server")
def metadata() -> Response:
    """Where everything is (RFC 8414, section 2)."""
    site = site_address()
    return jsonify(
        {
            "issuer": site,
            "device_authorization_endpoint": f"{site}/oauth/device_authorization",
            "token_endpoint": f"{site}/oauth/token",
            "revocation_endpoint": f"{site}/oauth/revoke",
            "grant_types_supported": [GRANT_TYPE],
            "response_types_supported": [],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": list(SCOPES),
        }
    )


@blueprint.post("/oauth/device_authorization")
def device_authorization() -> Response:
    """A device asks to act for somebody (RFC 8628, section 3.1). `device_name` is what it calls itself."""
    client = _client()
    try:
        scopes = checked_scopes(_value("scope", "").split())
    except InvalidInput as error:
        raise _OAuthError("invalid_scope", str(error)) from None
    _require_not_too_many()
    context = web_context()
    try:
        with context.database.write() as writing:
            new = begin(
                writing,
                client,
                _value("device_name", ""),
                scopes,
                clock=context.clock,
                randomness=context.randomness,
            )
    except Refused as error:
        raise _OAuthError(Answer.SLOW_DOWN, str(error), 429) from None
    page = f"{site_address()}/device"
    return jsonify(
        {
            "device_code": new.device_code,
            "user_code": new.user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={new.user_code}",
            "expires_in": int(GRANT_LASTS.total_seconds()),
            "interval": PAUSE_SECONDS,
        }
    )


@blueprint.post("/oauth/token")
def token() -> Response:
    """A device asks whether it may (RFC 8628, section 3.4): its token, or a word for why not."""
    kind = _value("grant_type")
    if kind != GRANT_TYPE:
        raise _OAuthError("unsupported_grant_type", f"The only grant type here is {GRANT_TYPE}.")
    client = _client()
    code = _value("device_code")
    context = web_context()
    with context.database.write() as writing:
        answer = poll(writing, client, code, clock=context.clock, ids=context.ids, randomness=context.randomness)
    if isinstance(answer, Answer):
        raise _OAuthError(answer, _SENTENCES[answer])
    return jsonify(
        {
            "access_token": answer.secret,
            "token_type": "Bearer",
            "expires_in": int((answer.row.expires_at - answer.row.created_at).total_seconds()),
            "scope": " ".join(answer.row.scopes),
        }
    )


@blueprint.post("/oauth/revoke")
def revoke() -> Response:
    """End the token that is sent (RFC 7009). The answer is the same whether it was known or not."""
    ended = _value("token")
    with web_context().database.write() as writing:
        forget_token(writing, ended, now())
    return jsonify({})


_SENTENCES = {
    Answer.PENDING: "Nobody has approved this device yet.",
    Answer.SLOW_DOWN: "Asked too soon: leave five seconds more between two questions.",
    Answer.DENIED: "The request was refused.",
    Answer.EXPIRED: "The code has expired: ask for a new one.",
    Answer.UNKNOWN: "No device waits with this code.",
}


def _client() -> str:
    client = _value("client_id")
    if client not in CLIENTS:
        raise _OAuthError("invalid_client", f"The programs that may ask are: {', '.join(CLIENTS)}.", 401)
    return client


def _value(name: str, default: str | None = None) -> str:
    """One value of the form. None may be there twice (RFC 6749, section 3.2)."""
    found = request.form.getlist(name)
    if len(found) > 1 or (found and len(found[0]) > _LONGEST_VALUE):
        raise _OAuthError("invalid_request", f"“{name}” is there more than once, or too long.")
    if not found and default is None:
        raise _OAuthError("invalid_request", f"The form lacks “{name}”.")
    return found[0] if found else default or ""


def _require_not_too_many() -> None:
    asking = hashlib.sha256((request.remote_addr or "").encode()).hexdigest()
    with web_context().database.write() as writing:
        number = count_attempt(writing, f"devices of: {asking}", now(), _DEVICES_WITHIN)
    if number > MOST_DEVICES:
        raise _OAuthError(Answer.SLOW_DOWN, "Too many devices asked from there. Try again in ten minutes.", 429)
