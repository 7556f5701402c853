"""The tables of accounts: the accounts, and everything that opens one, each stored only as its SHA-256.

Nothing of the register points here, so an account can be changed and its rows deleted.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.organisations.models import Organisation
from schemas.database.base import Base


class Account(Base):
    """Someone who may act. `id` is the short name an administrator chose; it need not name a person.

    `roles` are codes of `schemas.actor.Role`. A disabled account opens nothing.
    """

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str | None]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    roles: Mapped[list[Any]]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()


class SignInLink(Base):
    """An address that signs in once. `used_at` says when it was spent, or ended unused."""

    __tablename__ = "account_link"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class BrowserSession(Base):
    """A browser that is signed in, by the hash of what its cookie holds."""

    __tablename__ = "account_session"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class AccessToken(Base):
    """A token by which a program acts. `kind` is `device` (a person's `gazette login`) or `machine`.

    `scopes` are role names and `read`: what the account may do and the token may not, the token's holder may not.
    """

    __tablename__ = "access_token"

    id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class DeviceGrant(Base):
    """A device that asks to act for somebody (RFC 8628). `state` is `pending`, `approved`, `denied` or `redeemed`.

    `pause` is how many seconds the device must leave between two questions.
    """

    __tablename__ = "device_grant"

    device_sha256: Mapped[str] = mapped_column(primary_key=True)
    user_code_sha256: Mapped[str] = mapped_column(unique=True)
    client: Mapped[str]
    name: Mapped[str]
    scopes: Mapped[list[Any]]
    state: Mapped[str]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    pause: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    polled_at: Mapped[datetime | None]


class AttemptCount(Base):
    """How often something was tried since a moment: `subject` says what, and by whom (a hash, where an address)."""

    __tablename__ = "attempt_count"

    subject: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    number: Mapped[int]
