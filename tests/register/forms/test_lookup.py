"""Looking up by name in the database: organisations, datasets, powers, agreements."""

import pytest

from catalogue.datasets.record import record_dataset
from catalogue.organisations.record import OrganisationDetails, record_organisation
from register.forms.lookup import MOST_FOUND, DatabaseLookup
from register.powers.record import PowerSource, record_power
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import DATASET_VERSION
from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock
from tests.register.making import Register, agreement


@pytest.fixture
def lookup(open_database: Database, register: Register, clock: FakeClock, ids: CountingIds) -> DatabaseLookup:
    bodies = [
        OrganisationDetails(
            "Ministry of Rivers", aliases=(("Rivers & Canals", None),), identifiers=(("org-id", "XX-1"),)
        ),
        OrganisationDetails("Rivers Board", kind="agency", jurisdiction="GB"),
        *(OrganisationDetails(f"Council {number}") for number in range(20)),
    ]
    with open_database.write() as session:
        for body in bodies:
            record_organisation(session, body, clock, ids)
        for title in ("Flood claims of farms", "Bridges"):
            document = {
                "schemaVersion": DATASET_VERSION,
                "kind": "dataset",
                "title": title,
                "provenance": {"source": "official"},
            }
            record_dataset(session, LOCAL_REGISTRAR, document, source="test", identifier=title, clock=clock, ids=ids)
        power = {
            "id": "rivers-act-2009-s2",
            "title": "Disclosure for flood defence",
            "instrument": "Rivers Act 2009",
            "provision": "s.2",
            "identifiers": [{"scheme": "test-powers", "id": "7"}],
        }
        record_power(session, LOCAL_REGISTRAR, power, PowerSource(), clock=clock, ids=ids)
        register.sign(session, agreement(title="Finding people who are owed a refund"))
    return DatabaseLookup(open_database)


def test_what_bears_the_name_is_found_the_nearest_first(lookup: DatabaseLookup) -> None:
    found = lookup.search("organisation", "rivers")
    assert [(one.code, one.note) for one in found] == [
        ("rivers-board", "Agency or regulator, GB"),
        ("ministry-of-rivers", ""),
    ]
    assert lookup.search("organisation", "RIVERS and canals")[0].fills == {
        "name": "Ministry of Rivers",
        "organisation": "ministry-of-rivers",
        "identifiers": [{"scheme": "org-id", "id": "XX-1"}],
    }
    assert lookup.search("organisation", "rivers-board")[0].title == "Rivers Board"
    assert len(lookup.search("organisation", "council")) == MOST_FOUND
    assert lookup.search("organisation", "100%") == []
    assert list(lookup.search("organisation", "?!")) == []


def test_datasets_powers_and_agreements_are_found_by_their_words(lookup: DatabaseLookup) -> None:
    (dataset,) = lookup.search("dataset", "farms flood")
    assert dataset.fills == {"title": "Flood claims of farms", "catalogueId": "flood-claims-of-farms"}
    (power,) = lookup.search("power", "rivers act")
    assert power.fills["identifier"] == {"scheme": "test-powers", "id": "7"}
    assert (power.fills["power"], power.fills["provision"]) == ("rivers-act-2009-s2", "s.2")
    (found,) = lookup.search("agreement", "refund")
    assert found.fills == {"name": "Finding people who are owed a refund", "agreement": found.code}
    assert lookup.search("agreement", found.code) == [found]
