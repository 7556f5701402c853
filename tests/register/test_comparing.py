from datetime import UTC, datetime

import pytest

from register.agreements.body import seal
from register.agreements.described import event_lines
from register.agreements.events import NewEvent, append, locked_head
from register.agreements.projection import project
from register.agreements.read import versions_of
from register.agreements.record import Source, find_agreement
from register.comparing import Comparison, compare_versions
from schemas.database.engine import Database
from schemas.errors import NotFound
from tests.register.making import Register, agreement

LONGER = agreement(endsOn="2026-12-31", purpose="To pay refunds.")
MENDED = agreement(endsOn="2026-12-31", purpose="To pay refunds that are owed.")


def _three_versions(database: Database, register: Register) -> str:
    """Signed, amended, and corrected by an organisation that says why."""
    with database.write() as session:
        source = Source("a@1", datetime(2025, 5, 6, tzinfo=UTC))
        made = register.sign(session, agreement(purpose="To pay refunds."), source)
        register.clock.advance(days=1)
        register.revise(session, made, LONGER)
        register.clock.advance(days=1)
        body = seal({"id": made.id, **MENDED}, register.randomness)
        reason = seal({"reason": "The purpose was cut short."}, register.randomness)
        event = NewEvent(made.id, "corrected", 3, body, reason, actor_organisation="ministry-of-rivers")
        append(session, locked_head(session), event, register.clock)
        project(session, made.id, register.clock, register.ids)
        return made.id


def _compare(database: Database, number: str, before: int, after: int) -> Comparison:
    with database.read() as session:
        found = find_agreement(session, number)
        texts = {version.number: version.document for version in versions_of(session, found)}
        return compare_versions(number, event_lines(session, found), lambda one: texts[one], before, after)


def test_each_step_says_whether_the_deal_changed_or_the_record_was_wrong(
    open_database: Database, register: Register
) -> None:
    found = _compare(open_database, _three_versions(open_database, register), 1, 3)
    assert [(step.version, step.kind, step.organisation, step.reason) for step in found.steps] == [
        (2, "amendment", "", ""),
        (3, "correction", "ministry-of-rivers", "The purpose was cut short."),
    ]
    assert [step.was_imported for step in found.steps] == [False, False]
    assert [(one.title, origin) for one, origin in zip(found.differences, found.origins, strict=True)] == [
        ("Purpose", (3,)),
        ("Ends on", (2,)),
    ]


def test_it_goes_back_in_time_too(open_sqlite: Database, register: Register) -> None:
    number = _three_versions(open_sqlite, register)
    forth, back = _compare(open_sqlite, number, 1, 2), _compare(open_sqlite, number, 2, 1)
    assert forth.steps == back.steps
    assert [(one.kind, one.after) for one in forth.differences] == [("added", "2026-12-31")]
    assert [(one.kind, one.before) for one in back.differences] == [("removed", "2026-12-31")]


def test_a_version_is_compared_with_itself(open_sqlite: Database, register: Register) -> None:
    found = _compare(open_sqlite, _three_versions(open_sqlite, register), 2, 2)
    assert (found.steps, found.differences) == ((), ())


@pytest.mark.parametrize(("before", "after"), [(0, 1), (1, 4), (9, 1)])
def test_a_version_that_is_not_there_is_named(
    open_sqlite: Database, register: Register, before: int, after: int
) -> None:
    number = _three_versions(open_sqlite, register)
    with pytest.raises(NotFound, match=f"no version {before if before != 1 else after}.*from 1 to 3"):
        _compare(open_sqlite, number, before, after)


def test_an_older_schema_is_brought_up_before_the_two_are_compared(open_sqlite: Database, register: Register) -> None:
    old = {**agreement(schemaVersion="0.1.0", retention={"sharedData": "P1Y"}), "id": "dg-1"}
    with open_sqlite.write() as session:
        head = locked_head(session)
        head.next_serial = 2
        append(session, head, NewEvent("dg-1", "signed", 1, seal(old, register.randomness)), register.clock)
        made = project(session, "dg-1", register.clock, register.ids)
        register.revise(session, made, agreement(retention={"sharedData": {"duration": "P2Y"}}))
    found = _compare(open_sqlite, "dg-1", 1, 2)
    assert [(one.title, one.before, one.after) for one in found.differences] == [
        ("How long it is kept, Shared data, How long", "P1Y", "P2Y")
    ]
