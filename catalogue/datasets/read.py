"""Reading datasets back: one by its address, its revisions, and all of them in order."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from catalogue.datasets.models import CataloguedResource, ResourceRevision
from catalogue.organisations.models import Organisation
from schemas.errors import NotFound


def find_dataset(session: Session, text: str) -> CataloguedResource:
    """The dataset that a short name, an id or an identifier means. Raises NotFound."""
    text = text.removeprefix("/datasets/").removeprefix("dataset:")
    resource = session.scalar(
        select(CataloguedResource).where((CataloguedResource.slug == text) | (CataloguedResource.id == text))
    )
    if resource is None:
        found = session.scalars(select(CataloguedResource).where(CataloguedResource.identifier == text).limit(2)).all()
        resource = found[0] if len(found) == 1 else None
    if resource is None:
        raise NotFound(
            f"There is no dataset “{text}”.", "Search for it with “gazette catalogue search”, or on the search page."
        )
    return resource


def revisions(session: Session, resource: CataloguedResource) -> Sequence[ResourceRevision]:
    """Every revision of a dataset, newest first."""
    return session.scalars(
        select(ResourceRevision)
        .where(ResourceRevision.resource_id == resource.id)
        .order_by(ResourceRevision.revision.desc())
    ).all()


def revision_numbered(session: Session, resource: CataloguedResource, number: int) -> ResourceRevision:
    """One revision of a dataset. Raises NotFound."""
    revision = session.get(ResourceRevision, (resource.id, number))
    if revision is None:
        raise NotFound(
            f"“{resource.title}” has no revision {number}.", f"Its revisions go from 1 to {resource.revision}."
        )
    return revision


def datasets_of(session: Session, organisation: Organisation) -> Sequence[CataloguedResource]:
    """The datasets that an organisation publishes, by title."""
    return session.scalars(
        select(CataloguedResource)
        .where(CataloguedResource.publisher_id == organisation.id, CataloguedResource.state == "active")
        .options(selectinload(CataloguedResource.references))
        .order_by(CataloguedResource.title, CataloguedResource.id)
    ).all()


def dataset_count(session: Session) -> int:
    """How many datasets the catalogue holds that are not withdrawn."""
    return (
        session.scalar(select(func.count()).select_from(CataloguedResource).where(CataloguedResource.state == "active"))
        or 0
    )
