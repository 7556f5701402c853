"""Who acts: the account, the organisation it acts for, and what it may do."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account may do: the first two for an organisation, the others for the whole register."""

    EDITOR = "editor"
    APPROVER = "approver"
    REGISTRAR = "registrar"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """One acting account. `organisation` is an organisation's id, absent for the register's own staff."""

    account: str
    organisation: str | None = None
    roles: frozenset[Role] = frozenset()


LOCAL_REGISTRAR = Actor(account="local", roles=frozenset({Role.REGISTRAR, Role.ADMINISTRATOR}))
"""Whoever can run a command on the data folder itself: the operating system has let them in."""
