"""The tables of organisations."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schemas.database.base import Base


class Organisation(Base):
    """A body that publishes, shares or receives data (DCAT: foaf:Agent).

    `kind` is a code of the list organisation-kind, `jurisdiction` an ISO 3166 code, `area` a code of the place it
    serves. What no source states is absent.
    """

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str | None]
    jurisdiction: Mapped[str | None]
    area: Mapped[str | None]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    website: Mapped[str | None]
    started_on: Mapped[str | None]
    ended_on: Mapped[str | None]
    source: Mapped[str | None]
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    parent: Mapped["Organisation | None"] = relationship(remote_side="Organisation.id")
    names: Mapped[list["OrganisationName"]] = relationship(
        back_populates="organisation", order_by="OrganisationName.name", cascade="all, delete-orphan"
    )
    identifiers: Mapped[list["OrganisationIdentifier"]] = relationship(
        back_populates="organisation", order_by="OrganisationIdentifier.scheme", cascade="all, delete-orphan"
    )


class OrganisationName(Base):
    """One name an organisation goes by: its own, an alias, a translation. `folded` is what names are compared by."""

    __tablename__ = "organisation_name"
    __table_args__ = (UniqueConstraint("organisation_id", "folded"), Index(None, "folded"))

    id: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]
    folded: Mapped[str]
    language: Mapped[str | None]

    organisation: Mapped[Organisation] = relationship(back_populates="names")


class OrganisationIdentifier(Base):
    """The number of an organisation in someone's list. No two organisations share one."""

    __tablename__ = "organisation_identifier"
    __table_args__ = (UniqueConstraint("scheme", "value"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    scheme: Mapped[str]
    value: Mapped[str]

    organisation: Mapped[Organisation] = relationship(back_populates="identifiers")
