"""From a licence `DATA_SHARE_AGREEMENT` to the agreement: through what is recorded, and out again in the model."""

import json

from catalogue.datasets.exporting import dataset_records
from catalogue.datasets.importing import import_datasets
from catalogue.datasets.references import ReferenceDetails, replace_references
from catalogue.formats.uk_model_feed import read_uk_model
from catalogue.formats.uk_model_writing import dataset_to_uk_model
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from tests.catalogue.formats.uk_samples import FULL, LEVELS, TABLE
from tests.fakes import CountingIds, FakeClock
from tests.real_records import SITE


def test_the_licence_leads_to_the_agreements_that_refer_to_the_dataset(sqlite_database: Database) -> None:
    clock, ids = FakeClock(), CountingIds()
    closed = {**FULL, "accessRights": "INTERNAL", "licence": "DATA_SHARE_AGREEMENT"}
    alone = {**LEVELS, "identifier": "https://rivers.example/floods", "title": "Floods"}
    feed = read_uk_model(json.dumps([closed, TABLE, alone]).encode(), "rivers.json")
    with sqlite_database.write() as session:
        outcomes = list(import_datasets(session, LOCAL_REGISTRAR, feed, clock, ids))
        slug = outcomes[0].address.rpartition("/")[2]
        agreement = ReferenceDetails(slug, "shared-under", "Sharing of river levels", "active")
        replace_references(session, "/agreements/DSA-1", [agreement], ids)
    with sqlite_database.read() as session:
        results = {record.slug: dataset_to_uk_model(record) for record in dataset_records(session, SITE)}
    written = results.pop(slug)
    assert written.problems == ()
    related = [*closed["relatedResource"], f"{SITE}/agreements/DSA-1"]
    assert written.node == {"records": [{**closed, "relatedResource": related}, TABLE]}
    (other,) = results.values()
    assert other.node == {"records": [alone]}
