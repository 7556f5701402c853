"""Contacts apart from what cannot change, and which addresses are plainly a role's."""

import time

import pytest

from catalogue.contacts import Contact, contact_numbered, hold_contact, is_role_address
from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock


@pytest.mark.parametrize(
    "name",
    [
        *("data.protection", "dataprotection", "DPO", "foi", "foia", "foi.requests", "freedomofinformation"),
        *("informationgovernance", "infogov", "info_management", "rightofaccess.requests", "no-reply", "noreply"),
        *("council.tax", "press-office", "datacontroller", "nfiqueries", "enquiries2", "nhs.foi", "rivers-enquiries"),
        *("open", "opendata", "support+rivers", "the.support.team", "webmaster", "sar"),
    ],
)
def test_a_role_s_mailbox(name: str) -> None:
    assert is_role_address(f"{name}@rivers.example")


@pytest.mark.parametrize(
    "name",
    [
        *("jane.smith", "j.smith", "smith", "js", "sarah", "sarah.jones", "ismail.khan", "a.webster", "webb"),
        *("john.pressman", "lawrence.page", "officer.dibble", "datalewis", "tom.office", "mark.press", "infantino"),
        *("teamer", "maildonado", "igu", "x", "1", "info" * 40, "opendata" * 12 + "x"),
    ],
)
def test_whatever_may_be_a_person_counts_as_one(name: str) -> None:
    assert not is_role_address(f"{name}@rivers.example")


@pytest.mark.parametrize(
    "text", ["", "data.protection", "foi@", "@rivers.example", "foi@x.uk; dpo@x.uk", "Foi <foi@x.uk>"]
)
def test_what_is_no_single_address_is_no_role_s(text: str) -> None:
    assert not is_role_address(text)


def test_no_name_takes_long_to_judge() -> None:
    started = time.perf_counter()
    for word in ("opendata", "sars", "info", "governance", "datadatabase", "govgovernance", "foifoia"):
        is_role_address(f"{(word * 16)[:60]}zzzz@rivers.example")
    assert time.perf_counter() - started < 0.5


DETAILS = {"name": "Jane Smith", "email": "jane.smith@rivers.example"}


def test_the_same_details_from_one_source_are_one_contact(
    database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    with database.write() as session:
        first = hold_contact(session, DETAILS, "rivers", clock, ids)
        assert hold_contact(session, dict(reversed(DETAILS.items())), "rivers", clock, ids) == first
        assert hold_contact(session, {**DETAILS, "telephone": ""}, "rivers", clock, ids) == first
        assert hold_contact(session, DETAILS, "bridges", clock, ids) != first
        assert hold_contact(session, {**DETAILS, "telephone": "1"}, "rivers", clock, ids) != first
    with database.read() as session:
        held = contact_numbered(session, first)
        assert held is not None
        assert (held.name, held.email, held.telephone, held.added_at) == (*DETAILS.values(), None, clock())


def test_nothing_stated_is_no_contact(database: Database, clock: FakeClock, ids: CountingIds) -> None:
    with database.write() as session:
        assert hold_contact(session, {}, "rivers", clock, ids) is None
        assert hold_contact(session, {"name": "", "shoe size": "44"}, "rivers", clock, ids) is None
        assert session.query(Contact).count() == 0


def test_an_erased_contact_is_not_given(database: Database, clock: FakeClock, ids: CountingIds) -> None:
    with database.write() as session:
        number = hold_contact(session, DETAILS, "rivers", clock, ids)
        held = contact_numbered(session, number)
        assert held is not None
        held.erased_at = clock()
    with database.read() as session:
        assert contact_numbered(session, number) is None
        assert contact_numbered(session, None) is None
        assert contact_numbered(session, "nobody") is None
