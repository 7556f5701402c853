"""The other datasets that a dataset names: the series it is in, what a data service serves."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.datasets.exporting import records_of
from catalogue.datasets.models import CataloguedResource
from catalogue.formats.exported import DatasetRecord

_AT_ONCE = 500
_REMEMBERED = 1_000


def named_by(session: Session, records: Sequence[DatasetRecord], site: str) -> list[DatasetRecord]:
    """The datasets that these name, each once, as far as they are here and not withdrawn."""
    addresses = {address for record in records for address in record.others.values()}
    slugs = sorted(address.rpartition("/")[2] for address in addresses)
    found: list[DatasetRecord] = []
    for begin in range(0, len(slugs), _AT_ONCE):
        found += _at(session, slugs[begin : begin + _AT_ONCE], site)
    return found


def named_at(session: Session, site: str) -> Callable[[str], DatasetRecord | None]:
    """Finds a dataset by its whole address here; those asked for last are remembered, since many name the same one."""

    @lru_cache(_REMEMBERED)
    def find(address: str) -> DatasetRecord | None:
        found = _at(session, [address.rpartition("/")[2]], site)
        return found[0] if found else None

    return find


def _at(session: Session, slugs: Sequence[str], site: str) -> list[DatasetRecord]:
    query = (
        select(CataloguedResource)
        .where(CataloguedResource.slug.in_(slugs), CataloguedResource.state == "active")
        .options(joinedload(CataloguedResource.publisher), selectinload(CataloguedResource.references))
        .order_by(CataloguedResource.id)
    )
    return records_of(session, session.scalars(query).all(), site)
