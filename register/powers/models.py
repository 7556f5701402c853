"""The tables of legal powers.

What a power says of itself is kept as revisions, each whole and never changed (triggers of the database refuse it);
`power` and `power_number` are read out of the newest. Bodies that may use it are rows with two pairs of times: from
when until when they may, and from when until when the list said so. Such a row is closed, never taken away.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.organisations.models import Organisation
from schemas.database.base import Base, JsonColumn


class Power(Base):
    """A legal power as it now stands. `id` is its short name, in its address and in records (`legalPowers[].power`).

    `document` is the newest revision in the form that `register.powers.document` checks. `bodies_complete` is true
    only where the list of bodies is known to hold all that may use the power.
    """

    __tablename__ = "power"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    instrument: Mapped[str | None]
    provision: Mapped[str | None]
    url: Mapped[str | None]
    jurisdiction: Mapped[str | None]
    scheme: Mapped[str | None]
    code: Mapped[str | None]
    bodies_complete: Mapped[bool]
    document: Mapped[dict[str, Any]]
    revision: Mapped[int]
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    bodies: Mapped[list["PowerBody"]] = relationship(order_by="PowerBody.is_class, PowerBody.name, PowerBody.listed_on")

    @property
    def address(self) -> str:
        """Its address on this site."""
        return f"/powers/{self.id}"


class PowerNumber(Base):
    """What another list calls a power. No two powers share a number."""

    __tablename__ = "power_number"
    __table_args__ = (Index(None, "power_id"),)

    scheme: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    power_id: Mapped[str] = mapped_column(ForeignKey("power.id"))


class PowerRevision(Base):
    """What was recorded of a power at one moment: `event` is added, changed or retired.

    `registered_on` is the moment the source gives (for a record of our own: when it was recorded), `source_entry` the
    entry of the source it was read from, so that a second import knows it again.
    """

    __tablename__ = "power_revision"

    power_id: Mapped[str] = mapped_column(ForeignKey("power.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event: Mapped[str]
    document: Mapped[dict[str, Any]]
    reason: Mapped[str | None]
    source_entry: Mapped[str | None]
    registered_on: Mapped[datetime]
    recorded_at: Mapped[datetime]


class PowerBody(Base):
    """A body, or a class of bodies, that may use a power.

    `from_on` and `until_on` are the days the list states; `listed_on` and `unlisted_on` the moments between which the
    list said so. `members` tells which organisations a class holds for certain (`register.powers.classes`); `scheme`
    and `code` are its number in the list it comes from.
    """

    __tablename__ = "power_body"
    __table_args__ = (Index(None, "scheme", "code"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    power_id: Mapped[str] = mapped_column(ForeignKey("power.id"), index=True)
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    is_class: Mapped[bool]
    members: Mapped[dict[str, Any] | None] = mapped_column(JsonColumn)
    note: Mapped[str | None]
    scheme: Mapped[str | None]
    code: Mapped[str | None]
    source: Mapped[str | None]
    from_on: Mapped[str | None]
    until_on: Mapped[str | None]
    listed_on: Mapped[datetime]
    unlisted_on: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()
