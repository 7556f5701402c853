"""The tables of the register.

Events and bodies are the record: they are added and never changed (triggers of the database refuse it). All other
tables are read out of them by `projection` and can be made anew at any time.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.organisations.models import Organisation
from schemas.database.base import Base, JsonColumn


class RegisterHead(Base):
    """The one row that every append locks: the id prefix, the next serial, and the last event's number and time.

    `origin` is the log's name, fixed once; `log_size` its number of entries, `logged_event` the last event that has
    one, `codelists_sha256` the codelists that its newest entry about them names.
    """

    __tablename__ = "register_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str]
    next_serial: Mapped[int]
    last_number: Mapped[int]
    last_recorded_at: Mapped[datetime | None]
    origin: Mapped[str | None]
    log_size: Mapped[int] = mapped_column(default=0, server_default="0")
    logged_event: Mapped[int] = mapped_column(default=0, server_default="0")
    codelists_sha256: Mapped[str | None]


class AgreementBody(Base):
    """A sealed body by its hash: a list of [pointer, salt, value]; a blanked one is [pointer, None, None, digest]."""

    __tablename__ = "agreement_body"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    schema_version: Mapped[str]
    sealed: Mapped[list[Any]]


class AgreementEvent(Base):
    """One event in the life of an agreement (codes: agreement-event). `number` counts all events without a gap.

    `recorded_at` is our clock at appending, never earlier than the event before; `registered_on` the moment it first
    stood in a public register (for an import: the source's entry time); `effective` the day it applies from.
    `source_entry` names the entry of the source it was read from, so that a second import knows it again.
    `body_sha256` is the deal of the version it makes or proposes, `details_sha256` what else the event says.
    """

    __tablename__ = "agreement_event"
    __table_args__ = (
        UniqueConstraint("agreement_id", "source_entry"),
        UniqueConstraint("agreement_id", "version"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agreement_id: Mapped[str]
    event: Mapped[str]
    version: Mapped[int | None]
    recorded_at: Mapped[datetime]
    registered_on: Mapped[datetime]
    effective: Mapped[str | None]
    actor_organisation: Mapped[str | None]
    body_sha256: Mapped[str | None] = mapped_column(ForeignKey("agreement_body.sha256"))
    details_sha256: Mapped[str | None] = mapped_column(ForeignKey("agreement_body.sha256"))
    previous_body_sha256: Mapped[str | None]
    schema_version: Mapped[str | None]
    source_entry: Mapped[str | None]


class Agreement(Base):
    """An agreement as it now stands: a projection of its events.

    `standing` is what events alone decide (`signed`, `suspended`, `withdrawn`…); what the clock decides is computed
    when read, from `effective_from` and `ends_on`. `document` is the deal of the newest version; `proceedings` what
    events beside it said (reviews, confirmations, incidents…), by the names that `register.agreements.life` gives.
    """

    __tablename__ = "agreement"

    id: Mapped[str] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str]
    standing: Mapped[str]
    version: Mapped[int]
    document: Mapped[dict[str, Any]]
    proceedings: Mapped[dict[str, Any] | None] = mapped_column(JsonColumn)
    content_sha256: Mapped[str]
    last_event: Mapped[int]
    effective_from: Mapped[str | None]
    ends_on: Mapped[str | None]
    next_review_on: Mapped[str | None]
    registered_on: Mapped[datetime]
    changed_at: Mapped[datetime]

    parties: Mapped[list["AgreementParty"]] = relationship(
        order_by="AgreementParty.position", cascade="all, delete-orphan"
    )

    @property
    def address(self) -> str:
        """Its address on this site."""
        return f"/agreements/{self.id}"


class AgreementParty(Base):
    """A party of an agreement's present version, with the organisation it was found to be."""

    __tablename__ = "agreement_party"

    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    sends: Mapped[bool]
    receives: Mapped[bool]

    organisation: Mapped[Organisation | None] = relationship()


class AgreementNumber(Base):
    """What another list calls an agreement. No two agreements share a number."""

    __tablename__ = "agreement_number"
    __table_args__ = (Index(None, "agreement_id"),)

    scheme: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"))


class AgreementDraft(Base):
    """An agreement that an organisation's officials are writing: private, in no log, and it may be deleted.

    `revision` counts how often it was saved; `saved_by` is the account that saved it last.
    """

    __tablename__ = "agreement_draft"

    id: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str]
    document: Mapped[dict[str, Any]]
    revision: Mapped[int]
    saved_by: Mapped[str]
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
