"""What the search says of agreements is what their pages say, on any day, from an index that nobody touched since."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from catalogue.search.engine import SearchEngine, Upsert
from catalogue.search.service import search
from catalogue.search.tantivy_engine import TantivyPlace
from register.agreements.models import Agreement
from register.agreements.read import all_agreements, state_now
from register.agreements.search_documents import AgreementDocuments, agreement_search_document
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.database.engine import Database
from schemas.dates import first_day, last_day
from tests.register.making import Register, agreement
from tests.samples import sample_agreements

PERIODS: list[Json] = [
    {},
    {"effectiveFrom": "2024-01-15", "endsOn": "2026-06-30"},
    {"effectiveFrom": "2025", "endsOn": "2025"},
    {"effectiveFrom": "2026-02", "endCondition": {"code": "purpose-complete"}},
    {"effectiveFrom": "2020"},
    {"endsOn": "2025-12-31"},
]
EVENTS = ["suspended", "terminated", "withdrawn", None]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchEngine]:
    with closing(TantivyPlace(tmp_path / "search").writer()) as opened:
        yield opened


def days(agreements: list[Agreement]) -> list[date]:
    """Long ago, long from now, and the days before and after which a state of the agreements can change."""
    begins = {first_day(one.effective_from) for one in agreements if one.effective_from}
    ends = {last_day(one.ends_on) for one in agreements if one.ends_on}
    turns = {*begins, *(day + timedelta(days=1) for day in ends)}
    return sorted({date(1900, 1, 1), date(2100, 1, 1), *turns, *(day - timedelta(days=1) for day in turns)})


def test_the_state_that_is_found_is_that_of_the_page_on_every_day(
    open_sqlite: Database, register: Register, index: SearchEngine
) -> None:
    with open_sqlite.write() as session:
        for sample in sample_agreements():
            register.sign(session, sample.document)
        for dates in PERIODS:
            for event in EVENTS:
                signed = register.sign(session, agreement(**dates))
                if event:
                    register.happen(session, signed.id, event)
    with open_sqlite.read() as session:
        agreements = list(all_agreements(session))
        index.apply([Upsert(document) for document in AgreementDocuments().documents(session, None)], 1)
        seen = set()
        for day in days(agreements):
            now = datetime.combine(day, time(23, 59, 59), UTC)
            states = {f"agreement:{one.id}": state_now(one, day) for one in agreements}
            seen |= set(states.values())
            found = search(index, "", clock=lambda now=now: now, facets=["state"], limit=len(states))  # type: ignore[misc]
            assert {hit.id: hit.document.state_on(day) for hit in found.answer.hits} == states
            counted = {facet.value: facet.count for facet in found.answer.facets["state"] if facet.count}
            assert counted == Counter(states.values())
        for state in sorted(seen):
            filtered = search(index, f"state:{state}", {"state": [state]}, clock=lambda: now, facets=[], limit=500)
            wanted = {identifier for identifier, mine in states.items() if mine == state}
            assert {hit.id for hit in filtered.answer.hits} == wanted
    assert seen == {"signed", "in-force", "suspended", "ended", "withdrawn", "dates-not-stated"}
    assert seen < set(codelist("agreement-state"))


def test_powers_and_places_are_found_by_what_they_are_called(
    open_sqlite: Database, register: Register, index: SearchEngine
) -> None:
    powers = [
        {"power": "rivers-act-1", "instrument": "Rivers Act 1999", "provision": "section 1"},
        {"title": "Bridge gateway"},
    ]
    areas = [{"code": "W92000004"}, {"name": "Riverland", "code": "R1"}]
    with open_sqlite.write() as session:
        found = register.sign(session, agreement(legalPowers=powers, areas=areas, effectiveFrom="2020-02"))
        document = agreement_search_document(session.get_one(Agreement, found.id))
    assert document.powers == ("rivers-act-1", "Bridge gateway")
    assert document.places == ("Wales", "Riverland")
    assert (document.covers, document.years) == ((("2020-02-01", ""),), (2020,))
    index.apply([Upsert(document)], 1)
    for query in (
        *("power:rivers-act-1", 'power:"Rivers Act 1999"', 'power:"rivers act 1999 section 1"', "power:bridge*"),
        *("place:wales", "place:W92000004", "place:R1", "covers:2031", "-covers:2019", "covers:[2020-02-01 TO *]"),
    ):
        assert search(index, query, clock=register.clock).answer.total == 1, query
    for query in ("power:1999", "place:R2", "covers:[* TO 2020-01-31]", "-covers:2031"):
        assert search(index, query, clock=register.clock).answer.total == 0, query
