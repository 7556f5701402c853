"""Rows are what the events say, datasets know their agreements, and the search hears of every change."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from catalogue.datasets.models import CataloguedResource, Reference
from catalogue.datasets.record import record_dataset
from catalogue.organisations.record import OrganisationDetails, record_organisation
from register.agreements.events import body_document, events_of
from register.agreements.life import fold
from register.agreements.models import Agreement, AgreementParty
from register.agreements.projection import project, values_of
from register.agreements.rebuild import differing_agreements
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from schemas.database.engine import Database
from schemas.database.outbox import waiting, waiting_count
from tests.register.making import Register, agreement

PARTIES = st.lists(
    st.sampled_from(
        [
            {"name": "Ministry of Rivers", "flowRole": ["discloser"]},
            {"name": "Bridges Office", "flowRole": ["recipient", "host"]},
            {"name": "Lakes Board"},
        ]
    ),
    min_size=1,
    max_size=3,
    unique_by=str,
)
DOCUMENTS = st.builds(
    lambda parties, numbers, members: agreement(
        parties=parties,
        externalIds=[{"scheme": "s", "id": number} for number in numbers] or None,
        provenance={"source": "imported"},  # which may contradict itself
        **members,
    ),
    PARTIES,
    st.lists(st.sampled_from(["1", "2", "3"]), max_size=2, unique=True),
    st.fixed_dictionaries(
        {},
        optional={
            "title": st.sampled_from(["One", "Two"]),
            "purpose": st.sampled_from(["Why", "Why not", "x\ny"]),
            "effectiveFrom": st.sampled_from(["2019", "2019-05", "2030-01-01"]),
            "endsOn": st.sampled_from(["2020", "2031-12-31"]),
            "areas": st.just([{"code": "E1"}, {"name": "Wales"}]),
        },
    ),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["sign", "amended", "corrected", "party-left", "suspended", "resumed", "withdrawn"]),
        st.integers(0, 3),
        DOCUMENTS,
    ),
    min_size=1,
    max_size=8,
)


def take(session: Any, register: Register, step: str, which: int, document: Json) -> None:
    """One step of a history, where the rules allow it."""
    found = session.scalars(select(Agreement).order_by(Agreement.serial)).all()
    own = None if step == "sign" or not found else found[which % len(found)]
    taken = {
        (number["scheme"], number["id"])
        for other in found
        if other is not own
        for number in other.document.get("externalIds", ())
    }
    free = [number for number in document.get("externalIds", ()) if (number["scheme"], number["id"]) not in taken]
    document = {name: value for name, value in {**document, "externalIds": free}.items() if value}
    if own is None:
        register.sign(session, document)
    elif step in {"amended", "corrected", "party-left"}:
        if own.standing != "withdrawn":
            register.revise(session, own, document, step)
    else:
        register.happen(session, own.id, step)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=STEPS)
def test_whatever_happens_rows_are_what_the_events_say(
    open_sqlite: Database, register: Register, history: list[tuple[str, int, Json]]
) -> None:
    """Each history starts from an empty register: it is written in one transaction and then undone."""
    with open_sqlite.writing() as session:
        for step, which, document in history:
            register.clock.advance(minutes=1)
            take(session, register, step, which, document)
            session.flush()
        assert differing_agreements(session) == []
        for row in session.scalars(select(Agreement)):
            record = fold(events_of(session, row.id), lambda sha256: body_document(session, sha256))
            assert {name: getattr(row, name) for name in values_of(record)} == values_of(record)
            assert [party.name for party in row.parties] == [party["name"] for party in row.document["parties"]]
            before = (row.document, row.standing, row.version, [party.sends for party in row.parties])
            again = project(session, row.id, register.clock, register.ids)
            assert (again.document, again.standing, again.version, [party.sends for party in again.parties]) == before
        session.rollback()


TAMPERINGS = [
    "UPDATE agreement SET title = 'Nothing to see here' WHERE id = 'dg-2'",
    "UPDATE agreement SET standing = 'withdrawn' WHERE id = 'dg-2'",
    "UPDATE agreement SET ends_on = '2099' WHERE id = 'dg-2'",
    "UPDATE agreement SET serial = 99 WHERE id = 'dg-2'",
    "UPDATE agreement SET version = 7, last_event = 7 WHERE id = 'dg-2'",
    "UPDATE agreement SET changed_at = '2020-01-01 00:00:00' WHERE id = 'dg-2'",
    "UPDATE agreement_party SET name = 'Somebody else' WHERE agreement_id = 'dg-2' AND position = 1",
    "UPDATE agreement_party SET receives = false WHERE agreement_id = 'dg-2' AND position = 1",
    "DELETE FROM agreement_party WHERE agreement_id = 'dg-2' AND position = 1",
    "DELETE FROM agreement_number WHERE agreement_id = 'dg-2'",
    "UPDATE agreement_number SET value = '8' WHERE agreement_id = 'dg-2'",
]


def two_agreements(database: Database, register: Register) -> None:
    with database.write() as session:
        register.sign(session, agreement(title="First"))
        number = {"scheme": "s", "id": "2"}
        register.sign(session, agreement(title="Second", effectiveFrom="2019", endsOn="2030", externalIds=[number]))


def test_a_row_that_was_tampered_with_is_found_and_made_right(open_database: Database, register: Register) -> None:
    two_agreements(open_database, register)
    for tampering in TAMPERINGS:
        with open_database.write() as session:
            session.execute(text(tampering))
        with open_database.write() as session:
            assert differing_agreements(session) == ["dg-2"], tampering
            project(session, "dg-2", register.clock, register.ids)
            session.flush()
            if "serial" in tampering:
                session.get_one(Agreement, "dg-2").serial = 2
            assert differing_agreements(session) == [], tampering


def test_rows_without_events_and_events_without_rows_are_found(open_sqlite: Database, register: Register) -> None:
    two_agreements(open_sqlite, register)
    with open_sqlite.write() as session:
        for table in ("agreement_party", "agreement_number"):
            session.execute(text(f"DELETE FROM {table} WHERE agreement_id = 'dg-2'"))
        session.execute(text("DELETE FROM agreement WHERE id = 'dg-2'"))
        columns = [column.name for column in Agreement.__table__.columns if column.name not in {"id", "serial"}]
        copied = ", ".join(columns)
        session.execute(text(f"INSERT INTO agreement (id, serial, {copied}) SELECT 'dg-9', 9, {copied} FROM agreement"))
    with open_sqlite.read() as session:
        assert differing_agreements(session) == ["dg-2", "dg-9"]


def dataset(session: Any, register: Register, slug: str) -> CataloguedResource:
    document = {
        "schemaVersion": DATASET_VERSION,
        "kind": "dataset",
        "title": slug.capitalize(),
        "provenance": {"source": "official"},
    }
    return record_dataset(
        session,
        LOCAL_REGISTRAR,
        document,
        source="test",
        identifier=slug,
        slug=slug,
        clock=register.clock,
        ids=register.ids,
    ).resource


def naming(*slugs: str) -> list[Json]:
    return [{"datasets": [{"catalogueId": slug} for slug in slugs]}]


def references(database: Database) -> set[tuple[str, str, str, str, str | None]]:
    with database.read() as session:
        query = select(CataloguedResource.slug, Reference).join(CataloguedResource.references)
        return {(slug, held.relation, held.address, held.title, held.state) for slug, held in session.execute(query)}


def test_a_dataset_knows_the_agreements_that_name_it(open_database: Database, register: Register) -> None:
    with open_database.write() as session:
        for slug in ("rivers", "bridges", "lakes"):
            dataset(session, register, slug)
        first = register.sign(session, agreement(title="One", flows=naming("rivers", "bridges") + naming("rivers")))
        register.sign(session, agreement(title="Two", flows=naming("rivers", "nowhere")))
    one, two = "/agreements/dg-1", "/agreements/dg-2"
    assert references(open_database) == {
        ("rivers", "shared-under", one, "One", "signed"),
        ("bridges", "shared-under", one, "One", "signed"),
        ("rivers", "shared-under", two, "Two", "signed"),
    }
    with open_database.write() as session:
        first = session.get_one(Agreement, "dg-1")
        register.revise(session, first, agreement(title="One more", flows=naming("bridges", "lakes")))
        register.happen(session, "dg-2", "withdrawn")
    assert references(open_database) == {
        ("bridges", "shared-under", one, "One more", "signed"),
        ("lakes", "shared-under", one, "One more", "signed"),
        ("rivers", "shared-under", two, "Two", "withdrawn"),
    }
    with open_database.write() as session:
        register.revise(session, session.get_one(Agreement, "dg-1"), agreement(title="One more"))
    assert references(open_database) == {("rivers", "shared-under", two, "Two", "withdrawn")}


def test_the_search_hears_of_a_change_in_its_own_transaction(open_database: Database, register: Register) -> None:
    with open_database.writing() as session:
        register.sign(session, agreement(title="Undone"))
        session.flush()
        assert waiting_count(session) == 1
        session.rollback()
    with open_database.write() as session:
        found = register.sign(session, agreement(title="Kept", purpose="Because"))
        register.happen(session, found.id, "reviewed")
    with open_database.read() as session:
        rows = waiting(session, 10)
        assert [(row.document_id, row.revision) for row in rows] == [("agreement:dg-1", 1), ("agreement:dg-1", 2)]
        document = rows[0].document
        assert document is not None
        assert (document["title"], document["summary"]) == ("Kept", "Because")
        assert document["states"] == [["dates-not-stated", "", ""]]
        assert document["address"] == "/agreements/dg-1"
        assert document["organisation_names"] == ["Ministry of Rivers", "Bridges Office"]


@pytest.mark.parametrize(
    ("party", "slug"),
    [
        ({"organisation": "rivers"}, "rivers"),
        ({"identifiers": [{"scheme": "s", "id": "7"}]}, "bridges"),
        ({"identifiers": [{"scheme": "s", "id": "0"}, {"scheme": "s", "id": "7"}]}, "bridges"),
        ({"organisation": "nobody", "identifiers": [{"scheme": "s", "id": "7"}]}, "bridges"),
        ({"organisation": "rivers", "identifiers": [{"scheme": "s", "id": "7"}]}, "rivers"),
        ({"organisation": "nobody"}, None),
        ({}, None),
    ],
)
def test_a_party_is_an_organisation_by_its_short_name_or_number_never_by_its_name(
    open_sqlite: Database, register: Register, party: Json, slug: str | None
) -> None:
    with open_sqlite.write() as session:
        for details in (
            OrganisationDetails(name="Ministry of Rivers", slug="rivers"),
            OrganisationDetails(name="Bridges Office", slug="bridges", identifiers=(("s", "7"),)),
        ):
            record_organisation(session, details, register.clock, register.ids)
        register.sign(session, agreement(parties=[{"name": "Bridges Office", **party}]))
    with open_sqlite.read() as session:
        row = session.scalars(select(AgreementParty)).one()
        assert (row.organisation.slug if row.organisation else None) == slug


def test_who_sends_and_receives_comes_from_roles_and_flows(open_sqlite: Database, register: Register) -> None:
    with open_sqlite.write() as session:
        register.sign(
            session,
            agreement(
                parties=[{"name": "A"}, {"name": "B", "flowRole": ["recipient"]}, {"name": "C", "flowRole": ["host"]}],
                flows=[{"from": "A", "to": "B"}, {"from": "B"}],
            ),
        )
    with open_sqlite.read() as session:
        parties = session.scalars(select(AgreementParty).order_by(AgreementParty.position))
        assert [(party.name, party.sends, party.receives) for party in parties] == [
            ("A", True, False),
            ("B", True, True),
            ("C", False, False),
        ]
