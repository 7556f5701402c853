"""Browser sessions: opened by a sign-in address, 12 hours long, known here only by a hash."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from schemas.clock import Randomness
from web.accounts.codes import hashed, new_secret
from web.accounts.models import Account, BrowserSession

SESSION_LASTS = timedelta(hours=12)
_KEPT = timedelta(days=30)


def open_session(session: Session, account: Account, now: datetime, randomness: Randomness) -> str:
    """Sign an account in; the answer is what the cookie is to hold. What was kept of old sessions is deleted."""
    session.execute(delete(BrowserSession).where(BrowserSession.expires_at < now - _KEPT))
    secret = new_secret(randomness)
    session.add(
        BrowserSession(
            sha256=hashed(secret),
            account_id=account.id,
            opened_at=now,
            expires_at=now + SESSION_LASTS,
            ended_at=None,
        )
    )
    session.flush()
    return secret


def account_of_session(session: Session, secret: str, now: datetime) -> Account | None:
    """Who is signed in by what a cookie holds; None where nobody is."""
    found = session.scalar(
        select(BrowserSession)
        .where(BrowserSession.sha256 == hashed(secret))
        .options(joinedload(BrowserSession.account).joinedload(Account.organisation))
    )
    if found is None or found.ended_at is not None or found.expires_at <= now:
        return None
    return None if found.account.disabled_at is not None else found.account


def end_session(session: Session, secret: str, now: datetime) -> None:
    """Sign out. A session that is not known has ended already."""
    session.execute(
        update(BrowserSession)
        .where(BrowserSession.sha256 == hashed(secret), BrowserSession.ended_at.is_(None))
        .values(ended_at=now)
    )
