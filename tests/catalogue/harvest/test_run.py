"""What a run does to the catalogue, whatever has happened at the source since the last one."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalogue.datasets.models import CataloguedResource, Distribution, ResourceRevision
from catalogue.datasets.read import revisions
from catalogue.harvest.ckan import Page
from catalogue.harvest.run import Job, Tally, Work, harvest
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from schemas.errors import Unreachable
from schemas.outcomes import Action, Outcome
from tests.fakes import CountingIds, FakeClock


def package(number: str, **members: object) -> dict[str, object]:
    return {"id": number, "name": number, "title": f"Dataset {number}", "state": "active", **members}


class Harvester:
    """Runs a harvest of given pages on one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock()
        self.job = Job("harvest:x", "https://ckan.example", LOCAL_REGISTRAR, self.clock, CountingIds())
        self.tally = Tally()

    def run(self, *pages: Page | Exception) -> dict[str, str]:
        """What was done with each record, by its number."""
        self.tally = Tally()
        self.clock.advance(days=1)
        outcomes = list(harvest(self._given(pages), self.job, self._in_one_go, self.tally))
        return {outcome.identifier: str(outcome.action) for outcome in outcomes}

    def list(self, *numbers: str, **members: object) -> dict[str, str]:
        records = [package(number, **members) for number in sorted(numbers)]
        return self.run(Page(len(records), 0, records)) if records else self.run()

    def _given(self, pages: tuple[Page | Exception, ...]) -> Iterator[Page]:
        for page in pages:
            if isinstance(page, Exception):
                raise page
            yield page

    def _in_one_go(self, work: Work) -> Iterator[Outcome]:
        with self.database.write() as session:
            yield from list(work(session))

    def active(self) -> set[str]:
        with self.database.read() as session:
            found = session.scalars(select(CataloguedResource.identifier).where(CataloguedResource.state == "active"))
            return set(found)


@pytest.fixture
def harvester(database: Database) -> Harvester:
    return Harvester(database)


def resource(session: Session, number: str) -> CataloguedResource:
    return session.scalars(select(CataloguedResource).where(CataloguedResource.identifier == number)).one()


def test_a_record_is_added_kept_changed_withdrawn_and_restored(harvester: Harvester) -> None:
    assert harvester.list("a", "b") == {"a": "added", "b": "added"}
    assert harvester.list("a", "b") == {"a": "unchanged", "b": "unchanged"}
    assert harvester.list("a", "b", notes="New.") == {"a": "changed", "b": "changed"}
    assert harvester.list("a", notes="New.") == {"a": "unchanged", "b": "withdrawn"}
    assert harvester.list("a", notes="New.") == {"a": "unchanged"}
    assert harvester.list("a", "b", notes="New.") == {"a": "unchanged", "b": "restored"}
    with harvester.database.read() as session:
        found = resource(session, "b")
        assert [revision.change for revision in revisions(session, found)] == [
            "restored",
            "withdrawn",
            "changed",
            "added",
        ]
        assert found.withdrawn_reason is None


def test_the_reason_of_a_withdrawal_names_source_and_day(harvester: Harvester) -> None:
    harvester.list("a", "b")
    harvester.list("a")
    with harvester.database.read() as session:
        found = resource(session, "b")
        assert found.state == "withdrawn"
        assert found.withdrawn_reason == "No longer listed by https://ckan.example on 2026-03-04."
        assert found.document["title"] == "Dataset b"


def test_a_portal_that_only_touches_its_record_changes_nothing(harvester: Harvester) -> None:
    harvester.list("a", metadata_modified="2026-01-01T00:00:00", tags=[{"name": "x"}, {"name": "y"}])
    with harvester.database.read() as session:
        before = resource(session, "a").metadata_modified_at
    touched = {"metadata_modified": "2026-02-02T00:00:00", "tags": [{"name": "y"}, {"name": "x"}]}
    assert harvester.list("a", **touched) == {"a": "unchanged"}
    with harvester.database.read() as session:
        assert resource(session, "a").metadata_modified_at == before


def test_what_became_private_or_deleted_is_withdrawn_and_told(harvester: Harvester) -> None:
    harvester.list("a", "b", "c")
    records = [package("a"), package("b", private=True), package("c", state="deleted")]
    harvester.run(Page(3, 0, records))
    assert harvester.active() == {"a"}


def test_a_record_that_is_refused_has_not_left_the_source(harvester: Harvester) -> None:
    harvester.list("a", "b")
    broken = package("b", title="", name="")
    assert harvester.run(Page(2, 0, [package("a"), broken])) == {"a": "unchanged", "b": "refused"}
    assert harvester.active() == {"a", "b"}


def test_a_list_that_breaks_off_withdraws_nothing_and_keeps_what_was_read(harvester: Harvester) -> None:
    harvester.list("a", "b")
    with pytest.raises(Unreachable):
        harvester.run(Page(3, 0, [package("a"), package("c")]), Unreachable("gone"))
    assert harvester.active() == {"a", "b", "c"}


def test_an_empty_list_withdraws_nothing_and_says_so(harvester: Harvester) -> None:
    harvester.list("a", "b")
    assert harvester.list() == {}
    assert harvester.active() == {"a", "b"}
    assert "lists nothing at all, although 2 of its records are here" in harvester.tally.halted


def test_an_empty_list_of_a_new_source_is_no_reason_to_worry(harvester: Harvester) -> None:
    assert harvester.list() == {}
    assert harvester.tally.halted == ""


@pytest.mark.parametrize(
    "pages",
    [
        [Page(2, 0, [package("a")])],  # one counted, and not listed
        [Page(3, 0, [package("a")]), Page(2, 1, [package("c")])],  # the count fell in the middle
        [Page(2, 0, [package("a"), package("a")])],  # one listed twice, so another was passed over
    ],
)
def test_a_list_that_moved_while_it_was_read_withdraws_nothing_and_says_so(
    harvester: Harvester, pages: list[Page]
) -> None:
    harvester.list("a", "b")
    harvester.run(*pages)
    assert "b" in harvester.active()
    assert "changed while it was read" in harvester.tally.halted


def test_records_of_other_sources_are_left_alone(harvester: Harvester) -> None:
    harvester.list("a")
    other = Harvester(harvester.database)
    other.job = Job("harvest:y", "https://other.example", LOCAL_REGISTRAR, other.clock, harvester.job.ids)
    assert other.list("b") == {"b": "added"}
    assert harvester.active() == {"a", "b"}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sets(st.sampled_from("abcd"), min_size=1), min_size=1, max_size=6))
def test_after_any_history_the_catalogue_has_what_the_source_listed_last(
    sqlite_database: Database, history: list[set[str]]
) -> None:
    with sqlite_database.write() as session:
        for table in (ResourceRevision, Distribution, CataloguedResource):
            session.execute(delete(table))
    harvester = Harvester(sqlite_database)
    for numbers in history:
        done = harvester.list(*numbers)
        assert harvester.active() == numbers
        assert set(done) >= numbers
    assert set(harvester.list(*history[-1]).values()) == {str(Action.UNCHANGED)}
