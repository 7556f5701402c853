"""The process beside the web workers, which keeps the index up to date."""

import multiprocessing
import os
import time
from contextlib import closing
from pathlib import Path

from catalogue.datasets.record import record_dataset
from catalogue.datasets.search_documents import DatasetDocuments
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import DATASET_VERSION
from schemas.clock import random_ids, system_clock
from schemas.database.engine import open_database
from schemas.database.upgrade import upgrade
from schemas.settings import read_settings
from web.server import keep_index

DEADLINE_SECONDS = 60
DATASET = {
    "schemaVersion": DATASET_VERSION,
    "kind": "dataset",
    "title": "Wells of the county",
    "provenance": {"source": "official"},
}


def test_it_goes_on_after_a_database_that_did_not_answer(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path / "data")
    TantivyPlace(settings.search_path).writer().close()
    keeper = multiprocessing.get_context("spawn").Process(
        target=keep_index, args=(settings, (DatasetDocuments(),), os.getpid(), 0.1), daemon=True
    )
    keeper.start()
    until = time.monotonic() + DEADLINE_SECONDS
    try:
        while not (settings.data / "gazette.db").exists():  # made by the first look, which finds no tables and fails
            assert time.monotonic() < until
            time.sleep(0.05)
        with closing(open_database(settings.database_url)) as database:
            upgrade(database)
            with database.write() as session:
                record_dataset(
                    session, LOCAL_REGISTRAR, DATASET, source="s", identifier="1", clock=system_clock, ids=random_ids
                )
        with closing(TantivyPlace(settings.search_path).reader()) as engine:
            while not list(engine.revisions()):
                assert keeper.is_alive()
                assert time.monotonic() < until
                time.sleep(0.1)
    finally:
        keeper.terminate()
        keeper.join()
