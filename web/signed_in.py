"""Who is signed in in this browser: cookies, and the hidden value that every form of theirs must send back.

Public pages never look here, so they set no cookie and stay the same for everybody.
"""

import hashlib
import hmac
from dataclasses import dataclass

from flask import Response, g, request

from schemas.actor import Actor
from schemas.errors import Refused
from web.accounts.codes import new_secret
from web.accounts.models import Account
from web.accounts.read import as_actor
from web.accounts.sessions import SESSION_LASTS, account_of_session
from web.context import now, session, site_address, web_context

FORM_FIELD = "form_token"
FORM_LASTS = 3600
LARGEST_FORM = 20_000


class NotSignedIn(Refused):
    """The page is for those who are signed in."""


class StrangeForm(Refused):
    """A form came that no page of ours was seen to hold: from another site, or from a page that is too old."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in. `secret` is what the cookie holds."""

    account: Account
    secret: str

    @property
    def actor(self) -> Actor:
        """The account as one who acts, with all its roles."""
        return as_actor(self.account)


def signed_in() -> SignedIn | None:
    """Who is signed in, or None."""
    if "signed_in" not in g:
        secret = request.cookies.get(session_cookie(), "")
        account = account_of_session(session(), secret, now()) if secret else None
        g.signed_in = SignedIn(account, secret) if account else None
    found: SignedIn | None = g.signed_in
    return found


def require_signed_in() -> SignedIn:
    """Who is signed in. Raises NotSignedIn."""
    found = signed_in()
    if found is None:
        raise NotSignedIn("You are not signed in.", "Use the sign-in address that your administrator gave you.")
    return found


def session_cookie() -> str:
    """The name of the cookie that holds the session."""
    return _cookie("session")


def set_session(response: Response, secret: str) -> None:
    """Sign this browser in."""
    _set(response, session_cookie(), secret, int(SESSION_LASTS.total_seconds()))


def clear_session(response: Response) -> None:
    """Sign this browser out."""
    response.delete_cookie(session_cookie(), path="/", secure=_secure(), httponly=True, samesite="Lax")


def form_token(secret: str) -> str:
    """What a form must send back, out of a secret that only the reader's own browser holds (OWASP, CSRF)."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def held_form_secret() -> str:
    """The secret that the browser of a reader who is not signed in yet sent, "" where there is none."""
    return request.cookies.get(_cookie("form"), "")


def new_form_secret() -> str:
    """A secret for a reader who has none yet."""
    return new_secret(web_context().randomness)


def set_form_secret(response: Response, secret: str) -> None:
    """Give the secret to the reader's browser."""
    _set(response, _cookie("form"), secret, FORM_LASTS)


def require_own_form(secret: str) -> None:
    """Raises StrangeForm where a form was not sent from a page that this browser was shown."""
    sent = request.form.get(FORM_FIELD, "")
    if not secret or not hmac.compare_digest(sent.encode(), form_token(secret).encode()):
        raise StrangeForm(
            "This form could not be taken.",
            "It was open for too long, or your browser does not keep cookies for this site. Go back, load the page "
            "again, and try once more.",
        )


def limit_form() -> None:
    """Read no more of a form than ours can hold; to be called before the first look into it."""
    request.max_content_length = LARGEST_FORM


def _cookie(name: str) -> str:
    # The prefix makes browsers refuse it from another host or without https (RFC 6265bis, 4.1.3.2).
    return f"__Host-gazette-{name}" if _secure() else f"gazette-{name}"


def _secure() -> bool:
    return site_address().startswith("https://")


def _set(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=_secure(), httponly=True, samesite="Lax")
