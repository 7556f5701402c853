"""The tables of catalogued resources.

A resource's `document` (in the published dataset schema) is what it says; its columns and its distributions are
read out of the document, so that the database can sort and count. Every document that ever was is a revision.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.organisations.models import Organisation
from schemas.database.base import Base


class CataloguedResource(Base):
    """A dataset, dataset series or data service (DCAT 3: dcat:Resource) and its record (dcat:CatalogRecord).

    `source` and `identifier` together are its key: what a publisher or feed calls it. `state` is `active` or
    `withdrawn`. `issued` and `modified` speak of the data, as the publisher states them; `first_seen_at` and
    `metadata_modified_at` of our record, the latter moved by a change of content alone.
    """

    __tablename__ = "catalogued_resource"
    __table_args__ = (UniqueConstraint("source", "identifier"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    source: Mapped[str]
    identifier: Mapped[str]
    title: Mapped[str]
    publisher_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    access_rights: Mapped[str | None]
    issued: Mapped[str | None]
    modified: Mapped[str | None]
    state: Mapped[str]
    withdrawn_reason: Mapped[str | None]
    revision: Mapped[int]
    document: Mapped[dict[str, Any]]
    content_sha256: Mapped[str]
    first_seen_at: Mapped[datetime]
    metadata_modified_at: Mapped[datetime]

    publisher: Mapped[Organisation | None] = relationship()
    distributions: Mapped[list["Distribution"]] = relationship(
        order_by="Distribution.position", cascade="all, delete-orphan"
    )
    references: Mapped[list["Reference"]] = relationship(
        primaryjoin="foreign(Reference.slug) == CataloguedResource.slug", order_by="Reference.title", viewonly=True
    )

    @property
    def address(self) -> str:
        """Its address on this site."""
        return f"/datasets/{self.slug}"


class ResourceRevision(Base):
    """What a resource said from one moment on. Revisions are added, never changed."""

    __tablename__ = "resource_revision"

    resource_id: Mapped[str] = mapped_column(ForeignKey("catalogued_resource.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    change: Mapped[str]
    reason: Mapped[str | None]
    document: Mapped[dict[str, Any]]
    content_sha256: Mapped[str]
    recorded_at: Mapped[datetime]
    actor_organisation: Mapped[str | None]


class Distribution(Base):
    """One form in which a resource can be had (DCAT 3: dcat:Distribution).

    `number` is by what clients that know only numbers ask for it (see `distribution_numbers`).
    """

    __tablename__ = "distribution"

    resource_id: Mapped[str] = mapped_column(ForeignKey("catalogued_resource.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(index=True)
    title: Mapped[str | None]
    access_url: Mapped[str | None]
    download_url: Mapped[str | None]
    format: Mapped[str | None]
    media_type: Mapped[str | None]
    licence: Mapped[str | None]
    byte_size: Mapped[int | None] = mapped_column(BigInteger())


class Reference(Base):
    """Something outside the catalogue that refers to a resource: relation, address, title and state of it.

    The packages above write it; the catalogue shows it and knows no more. It names the resource by its slug, so that
    one that is catalogued later finds what was said of it before.
    """

    __tablename__ = "dataset_reference"
    __table_args__ = (UniqueConstraint("slug", "relation", "address"), Index(None, "address"))

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str]
    relation: Mapped[str]
    address: Mapped[str]
    title: Mapped[str]
    state: Mapped[str | None]
