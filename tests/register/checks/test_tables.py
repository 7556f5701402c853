"""What the catalogue and the register know of the things that records name: read at once, and only what is named."""

from typing import Any

import pytest
from sqlalchemy import event

from catalogue.datasets.record import record_dataset
from catalogue.organisations.record import OrganisationDetails, record_organisation
from register.checks.links import broken_links
from register.checks.tables import DatasetKnown, OrganisationKnown, Tables, names_what_is_elsewhere, tables_for
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import DATASET_VERSION
from schemas.database.engine import Database
from tests.register.making import Register, agreement


@pytest.fixture
def filled(open_database: Database, register: Register) -> Database:
    bodies = [
        OrganisationDetails("Ministry of Rivers", aliases=(("Rivers", None),), kind="department"),
        OrganisationDetails("Bridges Office", slug="bridges", aliases=(("Office of Bridges", None),)),
        OrganisationDetails("Office of Bridges", jurisdiction="FR", slug="ponts", ended_on="2019"),
    ]
    document = {
        "schemaVersion": DATASET_VERSION,
        "kind": "dataset",
        "title": "Boats",
        "provenance": {"source": "official"},
    }
    with open_database.write() as session:
        for details in bodies:
            record_organisation(session, details, register.clock, register.ids)
        record_dataset(
            session,
            LOCAL_REGISTRAR,
            document,
            source="test",
            identifier="https://rivers.example/boats",
            slug="boats",
            clock=register.clock,
            ids=register.ids,
        )
        register.sign(session, agreement(externalIds=[{"scheme": "dua", "id": "1"}]))
    return open_database


def named(**members: Any) -> Any:
    return agreement(
        parties=[
            {"name": "RIVERS", "organisation": "ministry-of-rivers"},
            {"name": "Office of Bridges", "organisation": "ponts", "otherRecipients": [{"organisation": "nobody"}]},
        ],
        flows=[{"datasets": [{"catalogueId": "boats"}, {"catalogueId": "https://rivers.example/boats"}]}],
        relatedAgreements=[{"relation": "renews", "agreement": "dg-1"}, {"relation": "renews", "agreement": "dg-2"}],
        externalIds=[{"scheme": "dua", "id": "1"}, {"scheme": "mou", "id": "1"}],
        **members,
    )


def test_what_is_named_is_found_and_what_is_not_there_is_not(filled: Database) -> None:
    with filled.read() as session:
        tables = tables_for(session, [named(), "no record", {}])
    boats = DatasetKnown("boats", "Boats")
    rivers = OrganisationKnown("ministry-of-rivers", "Ministry of Rivers", "department")
    assert tables == Tables(
        datasets={"boats": boats, "https://rivers.example/boats": boats, **_by_id(tables, boats)},
        organisations={
            "ministry-of-rivers": rivers,
            "ponts": OrganisationKnown("ponts", "Office of Bridges", None, "2019"),
        },
        bodies={"rivers": rivers},  # two bodies bear the other name
        agreements=frozenset({"dg-1"}),
        numbers={("dua", "1"): "dg-1"},
        powers=None,
    )
    pointers = [problem.pointer for problem in broken_links(named(), tables)]
    assert pointers == [
        "/flows/0/datasets/1/catalogueId",
        "/parties/1/otherRecipients/0/organisation",
        "/relatedAgreements/1/agreement",
        "/externalIds/0",
    ]


def _by_id(tables: Tables, known: DatasetKnown) -> dict[str, DatasetKnown]:
    return {name: found for name, found in tables.datasets.items() if found == known and len(name) == 32}


def test_a_thousand_records_take_as_many_queries_as_one(filled: Database) -> None:
    queries: list[str] = []
    event.listen(filled.engine, "before_cursor_execute", lambda _c, _x, statement, *_: queries.append(statement))

    def count(documents: list[Any]) -> int:
        queries.clear()
        with filled.read() as session:
            tables_for(session, documents)
        return sum(statement.lstrip().upper().startswith("SELECT") for statement in queries)

    power = {"legalPowers": [{"instrument": "Rivers Act"}]}
    one = count([named(**power)])
    many = count([named(**power, id=f"dg-{number}") for number in range(1, 1_001)])
    assert one == many
    assert one <= 12
    assert count([{}, None, 3]) == 0


def test_names_that_no_database_could_hold_are_not_asked_for(filled: Database) -> None:
    hostile = agreement(
        parties=[{"name": "\ud800", "organisation": "\0"}], flows=[{"datasets": [{"catalogueId": "a\0b\udfff"}]}]
    )
    with filled.read() as session:
        assert tables_for(session, [hostile]) == Tables()
        many = agreement(flows=[{"datasets": [{"catalogueId": f"boats-{number}"} for number in range(3_000)]}])
        assert tables_for(session, [many]).datasets == {}


def test_a_record_that_names_nothing_elsewhere_says_so() -> None:
    assert not names_what_is_elsewhere(agreement())
    assert not names_what_is_elsewhere("no record")
    naming: list[dict[str, Any]] = [
        {"legalPowers": [{}]},
        {"flows": [{"datasets": [{"catalogueId": "boats"}]}]},
        {"parentAgreement": {"agreement": "dg-1"}},
        {"parties": [{"organisation": "rivers"}]},
    ]
    for members in naming:
        assert names_what_is_elsewhere(agreement(**members)), members
