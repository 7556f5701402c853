"""The other datasets that a dataset names: the series it is in, what a data service serves."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from sqlalchemy.orm import Session

from catalogue.datasets.exporting import dataset_records_at
from catalogue.formats.exported import DatasetRecord

_AT_ONCE = 500
_REMEMBERED = 1_000


def named_by(session: Session, records: Sequence[DatasetRecord], site: str) -> list[DatasetRecord]:
    """The datasets that these name, each once, as far as they are here and not withdrawn."""
    addresses = {address for record in records for address in record.others.values()}
    slugs = sorted(address.rpartition("/")[2] for address in addresses)
    found: list[DatasetRecord] = []
    for begin in range(0, len(slugs), _AT_ONCE):
        found += dataset_records_at(session, site, slugs[begin : begin + _AT_ONCE])
    return found


def named_at(session: Session, site: str) -> Callable[[str], DatasetRecord | None]:
    """Finds a dataset by its whole address here; those asked for last are remembered, since many name the same one."""

    @lru_cache(_REMEMBERED)
    def find(address: str) -> DatasetRecord | None:
        found = dataset_records_at(session, site, [address.rpartition("/")[2]])
        return found[0] if found else None

    return find
