"""Reading accounts: who they are, and whom they let act."""

import difflib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalogue.organisations.models import Organisation
from schemas.actor import Actor, Role
from schemas.errors import NotFound, Refused
from web.accounts.models import AccessToken, Account
from web.presentation.dates import show_date


def find_account(session: Session, name: str) -> Account:
    """The account with a name, disabled or not. Raises NotFound, with the nearest names."""
    account = session.get(Account, name)
    if account is None:
        near = difflib.get_close_matches(name.lower()[:100], session.scalars(select(Account.id)), n=3, cutoff=0.6)
        meant = " or ".join(f"“{one}”" for one in near)
        advice = f"Did you mean {meant}?" if near else "See “gazette accounts list” for those there are."
        raise NotFound(f"There is no account “{name}”.", advice)
    return account


def enabled_account(session: Session, name: str) -> Account:
    """The account with a name. Raises NotFound as `find_account` does, Refused where it is disabled."""
    account = find_account(session, name)
    if account.disabled_at is not None:
        raise Refused(
            f"The account “{name}” was disabled on {show_date(account.disabled_at)}.",
            "Ask an administrator, who can enable it with “gazette accounts add --change”.",
        )
    return account


def actor_of_account(session: Session, name: str) -> Actor:
    """The account as one who acts, with all its roles.

    Raises NotFound, with the nearest names, and Refused where the account is disabled.
    """
    return as_actor(enabled_account(session, name))


def as_actor(account: Account, scopes: frozenset[str] | None = None) -> Actor:
    """The account as one who acts; with `scopes`, only in the roles that they name."""
    roles = frozenset(Role(role) for role in account.roles if scopes is None or role in scopes)
    return Actor(account=account.id, organisation=account.organisation_id, roles=roles)


def all_accounts(session: Session) -> Sequence[Account]:
    """Every account, by name."""
    return session.scalars(select(Account).options(joinedload(Account.organisation)).order_by(Account.id)).all()


def tokens_of(session: Session, account: str | None = None) -> Sequence[AccessToken]:
    """Every token, of one account or of all, the newest first."""
    query = select(AccessToken).order_by(AccessToken.created_at.desc(), AccessToken.id)
    return session.scalars(query.where(AccessToken.account_id == account) if account else query).all()


def approver_organisations(session: Session) -> frozenset[str]:
    """The short names of the organisations that can confirm here: those with an enabled account of an approver."""
    held = select(Organisation.slug, Account.roles).join(Account, Account.organisation_id == Organisation.id)
    rows = session.execute(held.where(Account.disabled_at.is_(None)))
    return frozenset(slug for slug, roles in rows if Role.APPROVER in roles)
