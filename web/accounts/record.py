"""Making, changing and disabling accounts. Only an administrator may."""

import difflib
import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalogue.organisations.models import Organisation
from catalogue.organisations.record import find_organisation, fold_name
from schemas.actor import Actor, Role
from schemas.cleaning import clean_text
from schemas.clock import Clock
from schemas.errors import InvalidInput, NotFound, Refused
from web.accounts.models import AccessToken, Account, BrowserSession, DeviceGrant, SignInLink
from web.accounts.read import find_account

FOR_AN_ORGANISATION = frozenset({Role.EDITOR, Role.APPROVER})
"""The roles that an account has for its organisation; the others are for the whole register."""

LONGEST_LABEL = 100
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")
_LONGEST_NAME = 31  # shorter than a token's id, so that `revoke` knows which of the two it was given
_RESERVED = frozenset({"anybody", "local"})  # who acts without an account


def require_administrator(actor: Actor) -> None:
    """Raises Refused for anybody else."""
    if Role.ADMINISTRATOR not in actor.roles:
        raise Refused("Only an administrator can look after accounts.", "Ask an administrator of the register.")


def add_account(
    session: Session,
    actor: Actor,
    name: str,
    roles: Iterable[Role],
    *,
    organisation: str | None = None,
    label: str | None = None,
    clock: Clock,
) -> Account:
    """Make an account. `organisation` is whatever names one: its short name, id, number or name.

    Raises Refused where the actor may not or the name is taken, InvalidInput for a name or roles that cannot be,
    NotFound with near names where there is no such organisation.
    """
    require_administrator(actor)
    _require_name(name)
    if session.get(Account, name) is not None:
        raise Refused(
            f"There is an account “{name}” already.", "Choose another name, or change that account with --change."
        )
    account = Account(id=name, created_at=clock(), disabled_at=None)
    _describe(session, account, frozenset(roles), organisation, label)
    session.add(account)
    session.flush()
    return account


def change_account(
    session: Session,
    actor: Actor,
    name: str,
    roles: Iterable[Role],
    *,
    organisation: str | None = None,
    label: str | None = None,
    clock: Clock,
) -> Account:
    """Give an account other roles, organisation or label, and enable it again; what is not said here it loses.

    Where the organisation is another one, its tokens, sessions and links end: they were handed out for the one
    before. Raises as `add_account` does, and NotFound where there is no such account.
    """
    require_administrator(actor)
    account = find_account(session, name)
    before = account.organisation_id
    _describe(session, account, frozenset(roles), organisation, label)
    account.disabled_at = None
    if account.organisation_id != before:
        _end_everything(session, account, clock())
    session.flush()
    return account


def disable_account(session: Session, actor: Actor, name: str, clock: Clock) -> Account:
    """Disable an account: its tokens, sessions and links end at once. Raises Refused, NotFound."""
    require_administrator(actor)
    account = find_account(session, name)
    now = clock()
    account.disabled_at = account.disabled_at or now
    _end_everything(session, account, now)
    session.flush()
    return account


def _describe(
    session: Session, account: Account, roles: frozenset[Role], organisation: str | None, label: str | None
) -> None:
    if not roles:
        raise InvalidInput("An account needs a role.", f"Give --role one of: {', '.join(Role)}.")
    body = _organisation(session, organisation) if organisation else None
    lacking = sorted(roles & FOR_AN_ORGANISATION)
    if lacking and body is None:
        raise InvalidInput(
            f"An account with the role {' and '.join(lacking)} acts for an organisation, and none is named.",
            "Name it with --organisation; “gazette organisations list” has the short names.",
        )
    account.organisation_id = body.id if body else None
    account.roles = sorted(role.value for role in roles)
    account.label = " ".join(clean_text(label or "")[0].split())[:LONGEST_LABEL] or None


def _organisation(session: Session, text: str) -> Organisation:
    try:
        return find_organisation(session, text)
    except NotFound as error:
        near = _near_organisations(session, text)
        if not near:
            raise
        meant = " or ".join(f"“{slug}” ({name})" for slug, name in near)
        raise NotFound(error.message, f"Did you mean {meant}?") from None


def _near_organisations(session: Session, text: str, most: int = 3) -> list[tuple[str, str]]:
    """The organisations whose short name or name is most like a text, or has all its words in it."""
    folded = fold_name(text)[:100]
    spelt: dict[str, tuple[str, str]] = {}
    for slug, name in session.execute(select(Organisation.slug, Organisation.name).order_by(Organisation.slug)):
        spelt.setdefault(fold_name(slug), (slug, name))
        spelt.setdefault(fold_name(name), (slug, name))
    close = difflib.get_close_matches(folded, spelt, n=most, cutoff=0.6)
    wanted = set(folded.split())
    close += [one for one in spelt if wanted and wanted <= set(one.split())]
    return list(dict.fromkeys(spelt[one] for one in close))[:most]


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME or name in _RESERVED:
        raise InvalidInput(
            f"“{name}” cannot be the name of an account.",
            f"Use small letters, digits, hyphens and full stops, a letter first, at most {_LONGEST_NAME} of them; it "
            "need not be a person's name: rivers-data-team.",
        )


def _end_everything(session: Session, account: Account, now: datetime) -> None:
    """End whatever opens an account."""
    mine = account.id
    session.execute(
        update(AccessToken)
        .where(AccessToken.account_id == mine, AccessToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    session.execute(
        update(BrowserSession)
        .where(BrowserSession.account_id == mine, BrowserSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    session.execute(
        update(SignInLink).where(SignInLink.account_id == mine, SignInLink.used_at.is_(None)).values(used_at=now)
    )
    session.execute(
        update(DeviceGrant)
        .where(DeviceGrant.account_id == mine, DeviceGrant.state == "approved")
        .values(state="denied")
    )
