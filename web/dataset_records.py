"""Datasets of this request as the writers of formats are told of them."""

from typing import NamedTuple

from flask import g
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from catalogue.datasets.exporting import records_of
from catalogue.datasets.models import CataloguedResource, Reference
from catalogue.formats.croissant_writing import dataset_to_croissant
from catalogue.formats.exported import CatalogueDetails, DatasetRecord
from catalogue.formats.schema_org_writing import dataset_to_schema_org
from schemas.canonical import Json
from schemas.cleaning import clean_text
from web.context import session, site_address, web_context

_AT = (
    select(CataloguedResource, select(Reference.id).where(Reference.slug == CataloguedResource.slug).exists())
    .where(CataloguedResource.slug == bindparam("slug"))
    .options(joinedload(CataloguedResource.publisher))
)
"""A dataset with its publisher, and whether anything refers to it: most are referred to by nothing.

It is made once because making a statement takes longer than asking it.
"""


class ForPrograms(NamedTuple):
    """What the page of a dataset has for programs: schema.org, and the address of its Croissant where it has one."""

    schema_org: Json | None
    croissant: str | None


def site_details() -> CatalogueDetails:
    """This catalogue, without the moment of its last change, which one dataset does not tell."""
    settings = web_context().settings
    return CatalogueDetails(site_address(), settings.service_name, settings.publisher, settings.records_licence)


def dataset_at(slug: str) -> CataloguedResource | None:
    """The dataset with this short name in its address, withdrawn or not, with its publisher; None for no dataset."""
    row = session().execute(_AT, {"slug": clean_text(slug)[0]}).one_or_none()
    if row is None:
        return None
    resource, referred_to = row
    if not referred_to:  # else they are read when they are asked for
        set_committed_value(resource, "references", [])
    return resource


def record_of(resource: CataloguedResource) -> DatasetRecord:
    """A dataset with everything that belongs to it, read once for a request."""
    held: dict[str, DatasetRecord] = g.setdefault("dataset_records", {})
    if resource.id not in held:
        held[resource.id] = records_of(session(), [resource], site_address())[0]
    return held[resource.id]


def for_programs(resource: CataloguedResource) -> ForPrograms:
    """What the page of a dataset has for programs."""
    record, details = record_of(resource), site_details()
    tables = any("column" in form for form in resource.document.get("distribution", ()))
    offered = tables and dataset_to_croissant(record, details).node is not None
    return ForPrograms(
        dataset_to_schema_org(record, details).node, f"{resource.address}/croissant.json" if offered else None
    )
