import pytest

from catalogue.datasets.read import find_dataset
from catalogue.datasets.record import withdraw_dataset
from catalogue.datasets.search_documents import DatasetDocuments, covered, dataset_search_document
from catalogue.organisations.record import OrganisationDetails, record_organisation
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from tests.catalogue.datasets.documents import dataset, recorded
from tests.fakes import CountingIds, FakeClock


def test_the_search_hears_everything_a_dataset_can_be_found_by(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    with sqlite_database.write() as session:
        details = OrganisationDetails("Office of Bridges", aliases=(("Swyddfa Pontydd", "cy"),))
        record_organisation(session, details, clock, ids)
    document = dataset(
        description="What inspectors found.",
        publisher={"name": "Office of Bridges", "organisation": "office-of-bridges", "partOf": ["Ministry"]},
        keyword=["roads"],
        theme=["transport"],
        sourceTheme=["Structures"],
        accessRights="restricted",
        licence="https://creativecommons.org/licenses/by/4.0/",
        temporal=[{"start": "2019", "end": "2021"}],
        spatial=[{"name": "Wales"}],
        legalBasis=["Bridges Act"],
        distribution=[{"format": "CSV", "title": "Findings"}, {"format": "CSV"}],
    )
    recorded(sqlite_database, clock, ids, document)
    with sqlite_database.read() as session:
        found = dataset_search_document(find_dataset(session, "b-1"))
    assert (found.kind, found.title, found.summary) == ("dataset", "Bridge inspections", "What inspectors found.")
    assert (found.organisations, found.organisation_names) == (("office-of-bridges",), ("Office of Bridges",))
    assert (found.access, found.licence, found.years) == ("restricted", "cc-by-4", (2019, 2020, 2021))
    assert (found.formats, found.places, found.themes) == (("CSV",), ("Wales",), ("transport",))
    assert found.organisation_aliases == ("Swyddfa Pontydd",)
    for words in ("Ministry", "Structures", "Bridges Act", "Findings", "roads", "Transport"):
        assert words in found.text


@pytest.mark.parametrize(
    ("stated", "title", "told"),
    [
        ([{"start": "2019-05", "end": "2021"}], "Bridges 1999", [("2019-05-01", "2021-12-31")]),
        ([{"start": "2019"}, {"end": "2020-02"}], "", [("2019-01-01", ""), ("", "2020-02-29")]),
        ([{"start": "2021", "end": "2019"}], "Bridges 1999", [("1999-01-01", "1999-12-31")]),
        ([{"text": "financial year 2019-20"}], "Bridges", [("2019-04-01", "2020-03-31")]),
        ([{"text": "now and then"}], "Bridges in March 2021", [("2021-03-01", "2021-03-31")]),
        ([], "Bridges", []),
    ],
)
def test_the_time_covered_is_what_is_stated_else_what_the_title_says(
    stated: list[dict[str, str]], title: str, told: list[tuple[str, str]]
) -> None:
    assert [tuple(one) for one in covered(stated, title, 2024)] == told


def test_a_title_tells_time_and_place_where_nothing_else_does(
    sqlite_database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    told = dataset(title="Bridges in Wales, 2018 to 2019")
    stated = {**told, "temporal": [{"start": "2001", "end": "2002"}], "spatial": [{"code": "E12000007"}]}
    recorded(sqlite_database, clock, ids, told, "1")
    recorded(sqlite_database, clock, ids, stated, "2")
    with sqlite_database.read() as session:
        first, second = (dataset_search_document(find_dataset(session, number)) for number in "12")
    assert (first.covers, first.years, first.places) == ((("2018-01-01", "2019-12-31"),), (2018, 2019), ("Wales",))
    assert (second.years, second.places, second.place_codes) == ((2001, 2002), ("London",), ("E12000007",))
    assert first.state_on(clock().date()) == "active"


def test_the_index_holds_what_is_active(database: Database, clock: FakeClock, ids: CountingIds) -> None:
    for number in range(3):
        recorded(database, clock, ids, dataset(title=f"Dataset {number}"), str(number))
    with database.write() as session:
        withdraw_dataset(session, LOCAL_REGISTRAR, find_dataset(session, "1"), "Gone.", clock)
    source = DatasetDocuments()
    with database.read() as session:
        documents = list(source.documents(session, None))
        assert {document.title for document in documents} == {"Dataset 0", "Dataset 2"}
        assert sorted(source.revisions(session)) == sorted((document.id, 1) for document in documents)
        chosen = list(source.documents(session, [documents[0].id, "agreement:x-1", "dataset:unknown"]))
        assert chosen == [documents[0]]
