"""Records in an older version of the dataset schema: taken as they are, and no change where only the version moved."""

from catalogue.datasets.record import check_dataset
from schemas.bundle import DATASET_VERSION, OLDER_DATASET_VERSIONS
from schemas.clock import Clock, Ids
from schemas.database.engine import Database
from schemas.outcomes import Action
from schemas.problems import errors_in
from tests.catalogue.datasets.documents import dataset, recorded


def test_the_same_in_a_newer_version_is_no_change(sqlite_database: Database, clock: Clock, ids: Ids) -> None:
    for older in OLDER_DATASET_VERSIONS:
        assert recorded(sqlite_database, clock, ids, dataset(schemaVersion=older), older).action is Action.ADDED
        newer = recorded(sqlite_database, clock, ids, dataset(schemaVersion=DATASET_VERSION), older)
        assert (newer.action, newer.resource.revision) == (Action.UNCHANGED, 1)
        more = dataset(schemaVersion=DATASET_VERSION, distribution=[{"column": [{"name": "level"}]}])
        assert recorded(sqlite_database, clock, ids, more, older).action is Action.CHANGED


def test_an_older_record_has_what_its_version_has() -> None:
    columns = [{"title": "All", "column": [{"name": "level"}]}]
    assert errors_in(check_dataset(dataset(schemaVersion=DATASET_VERSION, distribution=columns))) == []
    assert errors_in(check_dataset(dataset(schemaVersion="0.1.0", distribution=columns)))
    for stated in ("0.3.0", ["0.1.0"], None):
        assert errors_in(check_dataset(dataset(schemaVersion=stated)))
