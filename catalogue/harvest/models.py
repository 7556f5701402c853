"""The tables of the harvest: where is harvested, every run of it, and what became of every record."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from schemas.database.base import Base


class HarvestSource(Base):
    """A site that is harvested. `query` narrows what is asked of it, in the site's own query language.

    `allow_private` says that the operator vouches for an address inside the own network.
    """

    __tablename__ = "harvest_source"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    type: Mapped[str]
    query: Mapped[str | None]
    allow_private: Mapped[bool]
    added_at: Mapped[datetime]

    @property
    def key(self) -> str:
        """The first half of the key of every record that comes from it."""
        return f"harvest:{self.name}"


class HarvestRun(Base):
    """One run. `state` is `running`, `complete` (the whole list was read) or `incomplete`, `message` says why not.

    `listed` counts the records that the site listed. A run that still says `running` was cut off.
    """

    __tablename__ = "harvest_run"

    id: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("harvest_source.id"), index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    state: Mapped[str]
    listed: Mapped[int | None]
    message: Mapped[str | None]


class HarvestOutcome(Base):
    """What became of one record in one run, in the order in which it was done. Rows are added, never changed."""

    __tablename__ = "harvest_outcome"

    run_id: Mapped[str] = mapped_column(ForeignKey("harvest_run.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str]
    place: Mapped[str]
    identifier: Mapped[str]
    title: Mapped[str]
    address: Mapped[str]
    problems: Mapped[list[Any]]
    notes: Mapped[list[Any]]
