"""Sign-in addresses: each signs in once, within 15 minutes, and is handed over by an administrator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from schemas.actor import Actor
from schemas.clock import Clock, Randomness
from schemas.errors import Refused
from web.accounts.codes import hashed, new_secret
from web.accounts.models import Account, SignInLink
from web.accounts.read import enabled_account
from web.accounts.record import require_administrator

LINK_LASTS = timedelta(minutes=15)
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewLink:
    """A sign-in address just made: `path` is to be put behind the site's address and is shown once."""

    path: str
    account: str
    expires_at: datetime


def make_link(session: Session, actor: Actor, account: str, *, clock: Clock, randomness: Randomness) -> NewLink:
    """Make a sign-in address for an account.

    Raises Refused where the actor may not or the account is disabled, NotFound with near names.
    """
    require_administrator(actor)
    holder = enabled_account(session, account)
    now = clock()
    session.execute(delete(SignInLink).where(SignInLink.expires_at < now - _KEPT))
    secret = new_secret(randomness)
    link = SignInLink(
        sha256=hashed(secret), account_id=holder.id, created_at=now, expires_at=now + LINK_LASTS, used_at=None
    )
    session.add(link)
    session.flush()
    return NewLink(f"/sign-in/{secret}", holder.id, link.expires_at)


def account_of_link(session: Session, secret: str, now: datetime) -> Account:
    """Whom a sign-in address would sign in. It stays unspent. Raises Refused where it signs nobody in."""
    found = session.get(SignInLink, hashed(secret))
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise _useless()
    return enabled_account(session, found.account_id)


def spend_link(session: Session, secret: str, now: datetime) -> Account:
    """Spend a sign-in address: whom it signs in. Of two that try at once, one is refused. Raises Refused."""
    spent = session.execute(
        update(SignInLink)
        .where(SignInLink.sha256 == hashed(secret), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.account_id)
    ).scalar_one_or_none()
    if spent is None:
        raise _useless()
    return enabled_account(session, spent)


def _useless() -> Refused:
    return Refused(
        "This sign-in address does not work any more.",
        "It signs in once, within 15 minutes. Ask your administrator for a new one.",
    )
