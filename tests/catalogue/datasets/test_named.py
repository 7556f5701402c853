"""The datasets that others name are found, and an export to RDF says of them what its readers want to know."""

import rdflib

from catalogue.datasets.exporting import catalogue_details, dataset_records
from catalogue.datasets.named import named_at, named_by
from catalogue.datasets.record import withdraw_dataset
from catalogue.formats.exporting import EXPORT_FORMATS, export
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from schemas.settings import read_settings
from tests.catalogue.datasets.documents import dataset, recorded
from tests.fakes import CountingIds, FakeClock

SITE = "https://data.example"
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")


def _filled(database: Database, clock: FakeClock, ids: CountingIds) -> None:
    """A series, two datasets in it, and one in a series that is not here."""
    recorded(database, clock, ids, dataset(title="All bridges", kind="dataset-series"), "all", "all-bridges")
    for number in range(2):
        recorded(database, clock, ids, dataset(inSeries=["all"]), f"b-{number}", f"bridges-{number}")
    recorded(database, clock, ids, dataset(inSeries=["elsewhere"]), "lonely", "lonely")


def test_what_is_named_is_found_once(database: Database, clock: FakeClock, ids: CountingIds) -> None:
    _filled(database, clock, ids)
    with database.read() as session:
        records = list(dataset_records(session, SITE))
        assert [one.slug for one in named_by(session, records, SITE)] == ["all-bridges"]
        found = named_at(session, SITE)(f"{SITE}/datasets/all-bridges")
        assert found is not None
        assert found.document["title"] == "All bridges"
        assert named_at(session, SITE)(f"{SITE}/datasets/nothing") is None


def test_rdf_describes_the_series_that_a_dataset_is_in(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    _filled(sqlite_database, clock, ids)
    settings = read_settings({})
    with sqlite_database.read() as session:
        details = catalogue_details(session, settings, SITE)
        parts = export(
            EXPORT_FORMATS["turtle"],
            details,
            lambda: dataset_records(session, SITE),
            lambda _record, _written: None,
            named_at(session, SITE),
        )
        graph = rdflib.Graph().parse(data=b"".join(parts), format="turtle")
    series = rdflib.URIRef(f"{SITE}/datasets/all-bridges")
    assert {str(node) for node in graph.subjects(DCAT.inSeries, series)} == {
        f"{SITE}/datasets/bridges-0",
        f"{SITE}/datasets/bridges-1",
    }
    assert len(set(graph.objects(None, DCAT.dataset))) == 4


def test_a_series_that_is_withdrawn_is_not_described(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    series = recorded(sqlite_database, clock, ids, dataset(title="All", kind="dataset-series"), "all", "all").resource
    recorded(sqlite_database, clock, ids, dataset(inSeries=["all"]), "one", "one")
    with sqlite_database.write() as session:
        withdraw_dataset(session, LOCAL_REGISTRAR, session.merge(series), "Split up", clock)
    with sqlite_database.read() as session:
        assert named_by(session, list(dataset_records(session, SITE)), SITE) == []
        assert named_at(session, SITE)(f"{SITE}/datasets/all") is None
