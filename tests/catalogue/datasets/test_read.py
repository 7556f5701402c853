import pytest

from catalogue.datasets.read import dataset_count, datasets_of, find_dataset, revision_numbered
from catalogue.datasets.record import withdraw_dataset
from catalogue.organisations.record import OrganisationDetails, record_organisation
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from schemas.errors import NotFound
from tests.catalogue.datasets.documents import dataset, recorded
from tests.fakes import CountingIds, FakeClock


def test_a_dataset_is_found_by_slug_id_address_and_identifier(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    held = recorded(sqlite_database, clock, ids, dataset()).resource
    with sqlite_database.read() as session:
        for name in (held.slug, held.id, held.address, f"dataset:{held.id}", "b-1"):
            assert find_dataset(session, name).id == held.id
        with pytest.raises(NotFound, match="“nothing”"):
            find_dataset(session, "nothing")


def test_revisions_have_numbers(sqlite_database: Database, clock: FakeClock, ids: CountingIds) -> None:
    recorded(sqlite_database, clock, ids, dataset())
    recorded(sqlite_database, clock, ids, dataset(title="Changed"))
    with sqlite_database.read() as session:
        held = find_dataset(session, "b-1")
        assert revision_numbered(session, held, 1).document["title"] == "Bridge inspections"
        with pytest.raises(NotFound, match="no revision 3") as missing:
            revision_numbered(session, held, 3)
        assert "1 to 2" in missing.value.advice


def test_an_organisations_datasets_are_those_it_publishes_now(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    with database.write() as session:
        _, office = record_organisation(session, OrganisationDetails("Office"), clock, ids)
    published = {"publisher": {"name": "Office", "organisation": "office"}}
    for identifier, title in (("1", "Zebra crossings"), ("2", "Arches"), ("3", "Gone")):
        recorded(database, clock, ids, dataset(title=title, **published), identifier)
    recorded(database, clock, ids, dataset(title="Another's"), "4")
    with database.write() as session:
        withdraw_dataset(session, LOCAL_REGISTRAR, find_dataset(session, "gone"), "Gone.", clock)
    with database.read() as session:
        assert [held.title for held in datasets_of(session, office)] == ["Arches", "Zebra crossings"]
        assert dataset_count(session) == 3
