import pytest

from catalogue.datasets.read import find_dataset
from catalogue.datasets.record import withdraw_dataset
from catalogue.datasets.search_documents import DatasetDocuments, dataset_search_document, years_covered
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
    ("periods", "years"),
    [
        ([{"start": "2019-05", "end": "2021"}], (2019, 2020, 2021)),
        ([{"start": "2019"}], (2019,)),
        ([{"end": "2019-12-31"}, {"start": "2021", "end": "2021"}], (2019, 2021)),
        ([{"start": "0900", "end": "2020"}], (900, 2020)),
        ([{"text": "now and then"}], ()),
        ([], ()),
    ],
)
def test_the_years_covered_are_those_stated(periods: list[dict[str, str]], years: tuple[int, ...]) -> None:
    assert years_covered(periods) == years


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
