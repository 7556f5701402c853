from collections.abc import Sequence

from catalogue.organisations.importing import OrganisationRead, import_organisations
from catalogue.organisations.record import OrganisationDetails, find_organisation
from schemas.cleaning import Cleaning
from schemas.database.engine import Database
from schemas.outcomes import Outcome
from schemas.problems import Problem
from tests.fakes import CountingIds, FakeClock


def read(number: int, name: str, key: str = "") -> OrganisationRead:
    return OrganisationRead(f"line {number}", key, OrganisationDetails(name))


def taken(database: Database, clock: FakeClock, ids: CountingIds, reads: Sequence[OrganisationRead]) -> list[Outcome]:
    with database.write() as session:
        return list(import_organisations(session, reads, clock, ids))


def test_organisations_are_taken_once(database: Database, clock: FakeClock, ids: CountingIds) -> None:
    reads = [read(1, "Office"), read(2, "Ministry")]
    first = taken(database, clock, ids, reads)
    assert [(outcome.action, outcome.address) for outcome in first] == [
        ("added", "/organisations/office"),
        ("added", "/organisations/ministry"),
    ]
    assert [outcome.action for outcome in taken(database, clock, ids, reads)] == ["unchanged", "unchanged"]


def test_bad_ones_are_refused_with_their_reasons_and_good_ones_kept(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    nameless = OrganisationRead("line 1", "", None, (Problem("/name", "No name."),))
    dated = OrganisationRead("line 2", "", OrganisationDetails("Late"), (Problem("/ended_on", "No date."),))
    orphan = OrganisationRead("line 3", "", OrganisationDetails("Orphan", parent="nobody"))
    warned = OrganisationRead(
        "line 4",
        "",
        OrganisationDetails("Good"),
        (Problem("", "Odd.", severity="warning"),),
        (Cleaning("/name", "tidied"),),
    )
    outcomes = taken(database, clock, ids, [nameless, dated, orphan, warned])
    assert [outcome.action for outcome in outcomes] == ["refused", "refused", "refused", "added"]
    assert "nobody" in outcomes[2].problems[0].message
    assert outcomes[3].notes == ("Cleaned: /name: tidied",)
    with database.read() as session:
        assert find_organisation(session, "Good").slug == "good"


def test_one_key_stands_for_one_organisation(sqlite_database: Database, clock: FakeClock, ids: CountingIds) -> None:
    reads = [read(1, "One", "k"), read(2, "Two", "k"), read(3, "Three", "t"), read(4, "Three", "t")]
    outcomes = taken(sqlite_database, clock, ids, reads)
    assert [outcome.action for outcome in outcomes] == ["refused", "refused", "added", "repeated"]
    assert "line 2" in outcomes[0].problems[0].message
