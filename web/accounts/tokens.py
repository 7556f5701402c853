"""Access tokens: shown once, stored hashed, scoped, expiring, revocable."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, joinedload

from schemas.actor import Actor, Role
from schemas.cleaning import clean_text
from schemas.clock import Clock, Ids, Randomness
from schemas.database.engine import BUSY_TIMEOUT_MS, Database
from schemas.errors import InvalidInput, NotFound, Refused
from web.accounts.codes import hashed, is_token, new_token
from web.accounts.models import AccessToken, Account
from web.accounts.read import as_actor, enabled_account
from web.accounts.record import require_administrator
from web.presentation.dates import show_date

READ = "read"
"""The scope to read what the account may read. Every token has it."""

SCOPES = (READ, *(role.value for role in Role))
"""Every scope there is: to read, and the role names."""

DEVICE_DAYS = 90
MACHINE_DAYS = 365
LONGEST_NAME = 100
USE_NOTED_EVERY = timedelta(minutes=1)
_BUSY_MS = 100


class Unauthorised(Refused):
    """A token opens nothing: it is not known, has expired, was revoked, or its account is disabled."""


@dataclass(frozen=True, slots=True)
class TokenActor:
    """Who acts by a token: `actor` has the account's roles as far as the token's scopes name them."""

    actor: Actor
    token_id: str
    scopes: frozenset[str]
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made. `secret` is the token itself, which nobody can be shown again."""

    secret: str
    row: AccessToken


def make_machine_token(
    session: Session,
    actor: Actor,
    account: str,
    *,
    name: str = "",
    scopes: Iterable[str] = (),
    days: int = DEVICE_DAYS,
    clock: Clock,
    ids: Ids,
    randomness: Randomness,
) -> NewToken:
    """Make a token for a program of an account; without `scopes`, for all roles that the account has now.

    Raises Refused where the actor may not, the account is disabled or lacks the role a scope names; NotFound;
    InvalidInput for a scope there is not, or a time that is too long.
    """
    require_administrator(actor)
    if not 1 <= days <= MACHINE_DAYS:
        raise InvalidInput(f"A token cannot last {days} days.", f"Give 1 to {MACHINE_DAYS} days.")
    holder = enabled_account(session, account)
    wanted = granted_scopes(holder, checked_scopes(scopes))
    lacking = sorted(set(scopes) - set(wanted))
    if lacking:
        raise Refused(
            f"The account “{account}” does not have the role {' and '.join(lacking)}.",
            f"It has: {', '.join(holder.roles)}.",
        )
    return issue_token(
        session, holder, "machine", name or "machine", wanted, days, clock=clock, ids=ids, randomness=randomness
    )


def issue_token(
    session: Session,
    account: Account,
    kind: str,
    name: str,
    scopes: Iterable[str],
    days: int,
    *,
    clock: Clock,
    ids: Ids,
    randomness: Randomness,
) -> NewToken:
    """Make a token of an account, whoever was let to ask for it."""
    now = clock()
    secret = new_token(randomness)
    row = AccessToken(
        id=ids(),
        sha256=hashed(secret),
        account_id=account.id,
        kind=kind,
        name=token_name(name) or kind,
        scopes=sorted(scopes),
        created_at=now,
        expires_at=now + timedelta(days=days),
        revoked_at=None,
        last_used_at=None,
    )
    session.add(row)
    session.flush()
    return NewToken(secret, row)


def token_name(text: str) -> str:
    """What a device or program calls itself, fit to be shown: one clean line."""
    return " ".join(clean_text(text)[0].split())[:LONGEST_NAME]


def checked_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """Scopes that all exist. Raises InvalidInput naming those that do not."""
    asked = frozenset(scopes)
    unknown = sorted(asked - set(SCOPES))
    if unknown:
        raise InvalidInput(f"There is no scope “{unknown[0][:100]}”.", f"The scopes are: {', '.join(SCOPES)}.")
    return asked


def granted_scopes(account: Account, asked: frozenset[str]) -> list[str]:
    """What a token may: what was asked for (nothing: everything) as far as the account has it now, and to read."""
    return [READ, *(role for role in sorted(account.roles) if not asked or role in asked)]


def actor_of_token(session: Session, token: str, now: datetime) -> TokenActor:
    """Who acts by a token.

    Raises Unauthorised (a Refused; HTTP 401) where the token opens nothing. The edge calls `note_use` afterwards.
    """
    row = None
    if is_token(token):
        query = select(AccessToken).where(AccessToken.sha256 == hashed(token)).options(joinedload(AccessToken.account))
        row = session.scalar(query)
    if row is None:
        raise _unauthorised("This access token is not one of this register.")
    if row.revoked_at is not None or row.account.disabled_at is not None:
        raise _unauthorised("This access token was revoked.")
    if row.expires_at <= now:
        raise _unauthorised(f"This access token expired on {show_date(row.expires_at)}.")
    scopes = frozenset(row.scopes)
    return TokenActor(as_actor(row.account, scopes), row.id, scopes, row.expires_at, row.last_used_at)


def _unauthorised(message: str) -> Unauthorised:
    return Unauthorised(message, "Sign in again with “gazette login”, or ask an administrator for a new token.")


def revoke_token(session: Session, actor: Actor, token_id: str, clock: Clock) -> AccessToken:
    """End one token, by its id: the holder's own, or as an administrator anybody's. Raises NotFound, Refused."""
    row = session.get(AccessToken, clean_text(token_id)[0])
    if row is None or (row.account_id != actor.account and Role.ADMINISTRATOR not in actor.roles):
        raise NotFound(f"There is no token “{token_id[:100]}”.", "See “gazette accounts list --tokens”.")
    row.revoked_at = row.revoked_at or clock()
    session.flush()
    return row


def forget_token(session: Session, token: str, now: datetime) -> None:
    """End the token that somebody holds in hand (RFC 7009). One that is not known is as good as ended."""
    session.execute(
        update(AccessToken)
        .where(AccessToken.sha256 == hashed(token), AccessToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def note_use(database: Database, used: TokenActor, now: datetime) -> None:
    """Record that a token was used just now: at most once a minute, and not at all where the database is busy."""
    if used.last_used_at is not None and now - used.last_used_at < USE_NOTED_EVERY:
        return
    statement = update(AccessToken).where(AccessToken.id == used.token_id).values(last_used_at=now)
    try:
        with _impatient(database) as connection, connection.begin():
            if not database.is_sqlite:
                connection.execute(text(f"SET LOCAL lock_timeout = '{_BUSY_MS}ms'"))
            connection.execute(statement)
    except DBAPIError:
        return  # another time will do: nobody's request fails for it


@contextmanager
def _impatient(database: Database) -> Iterator[Connection]:
    """A connection to write with that gives up at once, where SQLite's other writers are at work."""
    with database.engine.connect() as plain:
        connection = plain.execution_options(gazette_writes=True)
        driver = connection.connection.driver_connection if database.is_sqlite else None
        if driver is None:
            yield connection
            return
        driver.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        try:
            yield connection
        finally:
            driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
