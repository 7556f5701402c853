"""Devices that ask to act for somebody: the device flow of OAuth 2.0 (RFC 8628), as far as it is not HTTP."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from schemas.clock import Clock, Ids, Randomness
from schemas.errors import NotFound, Refused
from web.accounts.codes import hashed, new_secret, new_user_code, plain_user_code
from web.accounts.limits import count_attempt
from web.accounts.models import Account, DeviceGrant
from web.accounts.read import enabled_account
from web.accounts.tokens import DEVICE_DAYS, NewToken, granted_scopes, issue_token, token_name

GRANT_LASTS = timedelta(minutes=15)
PAUSE_SECONDS = 5
_SLOWER_BY = 5
_TOLERANCE = timedelta(seconds=1)
"""A device that waits as told may still be heard a little early: the network is not always equally slow."""

MOST_WAITING = 1_000
"""How many devices may wait for an answer at once, so that nobody fills the table."""

MOST_CODES = 20
"""How many codes an account may type in 15 minutes: 34 bits are then as good as many (RFC 8628, 5.1)."""

_CODES_WITHIN = timedelta(minutes=15)


class Answer(StrEnum):
    """What a device is told that asks for its token and gets none: RFC 8628, 3.5, and RFC 6749, 5.2."""

    PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    DENIED = "access_denied"
    EXPIRED = "expired_token"
    UNKNOWN = "invalid_grant"


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device that just asked: its own secret, and the code for the person to type."""

    device_code: str
    user_code: str


def begin(
    session: Session, client: str, name: str, scopes: Iterable[str], *, clock: Clock, randomness: Randomness
) -> NewDevice:
    """Note that a device asks. Raises Refused where too many wait already."""
    now = clock()
    session.execute(delete(DeviceGrant).where(DeviceGrant.expires_at < now - GRANT_LASTS))
    waiting = session.scalar(select(func.count()).select_from(DeviceGrant).where(DeviceGrant.expires_at > now)) or 0
    if waiting >= MOST_WAITING:
        raise Refused("Too many devices wait to be approved just now.", "Try again in a few minutes.")
    new = NewDevice(new_secret(randomness), new_user_code(randomness))
    session.add(
        DeviceGrant(
            device_sha256=hashed(new.device_code),
            user_code_sha256=hashed(plain_user_code(new.user_code)),
            client=client,
            name=token_name(name) or client,
            scopes=sorted(scopes),
            state="pending",
            account_id=None,
            pause=PAUSE_SECONDS,
            created_at=now,
            expires_at=now + GRANT_LASTS,
            polled_at=None,
        )
    )
    session.flush()
    return new


def count_code(session: Session, account: str, now: datetime) -> bool:
    """Count that an account types a code; False where it typed too many. The edge commits it in any case."""
    return count_attempt(session, f"device code: {account}", now, _CODES_WITHIN) <= MOST_CODES


def waiting_device(session: Session, user_code: str, now: datetime) -> DeviceGrant:
    """The device that shows a code and waits for an answer. Raises NotFound."""
    found = session.scalar(
        select(DeviceGrant).where(
            DeviceGrant.user_code_sha256 == hashed(plain_user_code(user_code)),
            DeviceGrant.state == "pending",
            DeviceGrant.expires_at > now,
        )
    )
    if found is None:
        raise NotFound(
            "No device waits with that code.",
            "Check the code. It is good for 15 minutes; “gazette login” shows a new one.",
        )
    return found


def decide(session: Session, account: Account, user_code: str, now: datetime, *, approve: bool) -> DeviceGrant:
    """Approve the device that shows a code, or refuse it, as an account. Raises NotFound where it waits no more."""
    found = waiting_device(session, user_code, now)
    decided = session.execute(
        update(DeviceGrant)
        .where(DeviceGrant.device_sha256 == found.device_sha256, DeviceGrant.state == "pending")
        .values(
            state="approved" if approve else "denied",
            account_id=account.id,
            scopes=granted_scopes(account, frozenset(found.scopes)),
        )
        .returning(DeviceGrant.device_sha256)
    ).scalar_one_or_none()
    if decided is None:
        raise NotFound("Somebody has answered this device already.", "Run “gazette login” again for a new code.")
    session.refresh(found)
    return found


def poll(
    session: Session, client: str, device_code: str, *, clock: Clock, ids: Ids, randomness: Randomness
) -> NewToken | Answer:
    """What a device gets that asks whether it may: its token, once, or the word of the standard for why not.

    The edge commits it in any case: asking too soon makes the pause longer (RFC 8628, 3.5).
    """
    now = clock()
    grant = session.scalar(
        select(DeviceGrant).where(DeviceGrant.device_sha256 == hashed(device_code)).with_for_update()
    )
    if grant is None or grant.client != client or grant.state == "redeemed":
        return Answer.UNKNOWN
    if grant.expires_at <= now:
        return Answer.EXPIRED
    last, grant.polled_at = grant.polled_at, now
    if last is not None and now - last < timedelta(seconds=grant.pause) - _TOLERANCE:
        grant.pause += _SLOWER_BY
        return Answer.SLOW_DOWN
    if grant.state == "pending":
        return Answer.PENDING
    account = _account_of(session, grant)
    if account is None:
        return Answer.DENIED
    grant.state = "redeemed"
    return issue_token(
        session, account, "device", grant.name, grant.scopes, DEVICE_DAYS, clock=clock, ids=ids, randomness=randomness
    )


def _account_of(session: Session, grant: DeviceGrant) -> Account | None:
    if grant.state != "approved" or grant.account_id is None:
        return None
    try:
        return enabled_account(session, grant.account_id)
    except Refused:
        return None
