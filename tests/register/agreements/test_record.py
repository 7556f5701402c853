"""Signing and revising: who may, what is refused, and the numbers an agreement bears."""

from typing import Any

import pytest

from register.agreements.models import Agreement, AgreementNumber
from register.agreements.read import version_numbered, versions_of
from register.agreements.record import (
    Source,
    agreement_numbered,
    entries_taken,
    find_agreement,
    has_same_content,
    revise_agreement,
    sign_agreement,
)
from register.checks.record import check_agreement
from schemas.actor import Actor, Role
from schemas.canonical import Json
from schemas.database.engine import Database
from schemas.errors import InvalidInput, NotFound, Refused
from tests.register.making import Register, agreement, numbers_and_times


def dars(number: str) -> Json:
    return {"scheme": "dars", "id": number}


def test_an_agreement_gets_the_next_number_whatever_it_says_of_itself(
    open_database: Database, register: Register
) -> None:
    with open_database.write() as session:
        signed = [register.sign(session, agreement(id=given, title=f"T {given}")) for given in ("dg-77", None, "dg-1")]
        assert [found.id for found in signed] == ["dg-1", "dg-2", "dg-3"]
        assert [found.document["id"] for found in signed] == ["dg-1", "dg-2", "dg-3"]
        revised = register.revise(session, signed[0], agreement(id="dg-3", title="Another"))
        assert (revised.id, revised.document["id"], revised.version) == ("dg-1", "dg-1", 2)


def test_only_the_registrar_may(open_sqlite: Database, register: Register) -> None:
    tools: dict[str, Any] = {"clock": register.clock, "ids": register.ids, "randomness": register.randomness}
    with open_sqlite.write() as session:
        found = register.sign(session, agreement())
        for roles in (frozenset[Role](), frozenset({Role.EDITOR, Role.APPROVER, Role.MODERATOR})):
            somebody = Actor("somebody", roles=roles)
            with pytest.raises(Refused, match="registrar"):
                sign_agreement(session, somebody, agreement(title="x"), Source(), **tools)
            with pytest.raises(Refused, match="registrar"):
                revise_agreement(session, somebody, found, "amended", agreement(title="x"), Source(), **tools)


def test_a_number_elsewhere_belongs_to_one_agreement(open_database: Database, register: Register) -> None:
    mou = {"scheme": "mou", "id": "2"}
    with open_database.write() as session:
        first = register.sign(session, agreement(externalIds=[dars("1"), dars("2")]))
        with pytest.raises(Refused, match="dars:2 belongs to agreement dg-1"):
            register.sign(session, agreement(title="Another", externalIds=[dars("3"), dars("2")]))
        second = register.sign(session, agreement(title="Another", externalIds=[dars("3"), mou]))
        assert second.id == "dg-2"
        with pytest.raises(Refused, match="dars:1"):
            register.revise(session, second, agreement(title="Another", externalIds=[dars("1")]))
        register.revise(session, first, agreement(externalIds=[dars("2"), dars("2")]))
        register.revise(session, second, agreement(title="Another", externalIds=[dars("1")]))
    with open_database.read() as session:
        found = {(row.scheme, row.value): row.agreement_id for row in session.query(AgreementNumber)}
        assert found == {("dars", "2"): "dg-1", ("dars", "1"): "dg-2"}
        holder = agreement_numbered(session, "dars", "1")
        assert holder is not None
        assert holder.id == "dg-2"
        assert agreement_numbered(session, "dars", "3") is None


def test_an_agreement_is_found_by_each_of_its_names(open_sqlite: Database, register: Register) -> None:
    with open_sqlite.write() as session:
        register.sign(session, agreement(externalIds=[{"scheme": "dars", "id": "NIC:1"}]))
        for name in ("dg-1", "/agreements/dg-1", "dars:NIC:1"):
            assert find_agreement(session, name).id == "dg-1"
        for name in ("dg-2", "dars:NIC", "", ":", "DG-1"):
            with pytest.raises(NotFound):
                find_agreement(session, name)


def test_what_breaks_the_schema_is_refused_with_every_problem(open_sqlite: Database, register: Register) -> None:
    broken = agreement(title=None, endsOn="31/02/2019", flows=[{"from": "Nobody", "to": "Bridges Office"}])
    with open_sqlite.write() as session:
        with pytest.raises(InvalidInput) as caught:
            register.sign(session, broken)
        for words in ("“title” is missing", "31/02/2019", "“Nobody” is none of the parties"):
            assert words in str(caught.value)
        assert numbers_and_times(session) == []
        assert register.sign(session, agreement()).id == "dg-1"


@pytest.mark.parametrize("event", ["signed", "suspended", "withdrawn", "reviewed", "nonsense", ""])
def test_an_event_that_makes_no_new_version_is_refused(open_sqlite: Database, register: Register, event: str) -> None:
    with open_sqlite.write() as session:
        found = register.sign(session, agreement())
        with pytest.raises(Refused, match="makes no new version"):
            register.revise(session, found, agreement(title="x"), event)


def test_what_is_withdrawn_is_fixed(open_sqlite: Database, register: Register) -> None:
    with open_sqlite.write() as session:
        found = register.sign(session, agreement())
        register.happen(session, found.id, "withdrawn")
        with pytest.raises(Refused, match="withdrawn"):
            register.revise(session, found, agreement(title="x"))


def test_versions_can_be_read_back_one_by_one(open_database: Database, register: Register) -> None:
    with open_database.write() as session:
        found = register.sign(session, agreement(purpose="First"), Source("entry 1"))
        register.happen(session, found.id, "reviewed")
        register.revise(session, found, agreement(purpose="Second"), "corrected", Source("entry 2"))
    with open_database.read() as session:
        found = session.get_one(Agreement, "dg-1")
        versions = versions_of(session, found)
        assert [(version.number, version.event, version.document["purpose"]) for version in versions] == [
            (1, "signed", "First"),
            (2, "corrected", "Second"),
        ]
        assert version_numbered(session, found, 2).document == found.document
        assert entries_taken(session, found) == {"entry 1", "entry 2"}
        with pytest.raises(NotFound) as caught:
            version_numbered(session, found, 3)
        assert "from 1 to 2" in caught.value.advice


def test_the_same_content_is_known_whatever_its_number_and_order(open_sqlite: Database, register: Register) -> None:
    with open_sqlite.write() as session:
        found = register.sign(session, agreement(purpose="First"))
        assert has_same_content(found, agreement(purpose="First"))
        assert has_same_content(found, dict(reversed(agreement(purpose="First", id="dg-9").items())))
        assert not has_same_content(found, agreement(purpose="first"))


@pytest.mark.parametrize(
    ("members", "pointer", "words"),
    [
        ({"flows": [{"from": "Ministry of rivers", "to": "Bridges Office"}]}, "/flows/0/from", "none of the parties"),
        ({"flows": [{"note": "x"}, {"to": "Nobody"}]}, "/flows/1/to", "none of the parties"),
        ({"parties": [{"name": "A"}, {"name": "B"}, {"name": "A"}]}, "/parties/2/name", "Another party is called “A”"),
        ({"parties": [{"name": "A", "contact": "jane.smith@a.example"}]}, "/parties/0/contact", "a person’s address"),
        ({"rightsHandling": {"contact": ["dpo@a.example", "js@a.example"]}}, "/rightsHandling/contact/1", "“js@a.ex"),
    ],
)
def test_what_the_schema_cannot_say_is_checked_too(members: Json, pointer: str, words: str) -> None:
    (problem,) = check_agreement(agreement(**members))
    assert problem.pointer == pointer
    assert words in problem.message
    assert problem.advice
    assert problem.title


@pytest.mark.parametrize("value", [None, 5, "x", [5], [[]], [{"name": []}], {"a": 1}, [{"contact": 5}]])
@pytest.mark.parametrize("member", ["parties", "flows", "rightsHandling"])
def test_any_shape_is_told_and_none_crashes(member: str, value: Any) -> None:
    assert all(problem.message for problem in check_agreement({**agreement(), member: value}))
