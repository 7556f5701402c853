"""The life of an agreement, pure: the fold of its events, and its state on a day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.agreements.life import VERSION_EVENTS, fold, state_of, state_on, states_in_time
from schemas.canonical import Json
from schemas.codelists import codelist

DAY = date(2026, 3, 2)
BEFORE, TODAY, AFTER = "2026-03-01", "2026-03-02", "2026-03-03"
REVOKED: Json = {"code": "until-revoked"}


@pytest.mark.parametrize(
    ("standing", "effective_from", "ends_on", "end_condition", "state"),
    [
        # No end: never active, whatever the first day says.
        ("signed", None, None, None, "dates-not-stated"),
        ("signed", BEFORE, None, None, "dates-not-stated"),
        ("signed", "2019", None, None, "dates-not-stated"),
        ("signed", None, AFTER, None, "dates-not-stated"),
        ("signed", None, None, REVOKED, "dates-not-stated"),
        # Both ends known.
        ("signed", BEFORE, AFTER, None, "in-force"),
        ("signed", BEFORE, None, REVOKED, "in-force"),
        ("signed", TODAY, TODAY, None, "in-force"),
        ("signed", BEFORE, TODAY, None, "in-force"),
        ("signed", AFTER, None, None, "signed"),
        ("signed", AFTER, "2027", None, "signed"),
        # Past its end.
        ("signed", "2019", BEFORE, None, "ended"),
        ("signed", None, BEFORE, None, "ended"),
        ("signed", "2019", BEFORE, REVOKED, "ended"),
        ("suspended", "2019", BEFORE, None, "ended"),
        # A date may mean any of its days: it has ended when the last one is over, begun when the first one is there.
        ("signed", "2026", "2026", None, "in-force"),
        ("signed", "2026-03", "2026-03", None, "in-force"),
        ("signed", "2019", "2026-02", None, "ended"),
        ("signed", "2026-04", "2026", None, "signed"),
        # A moment lies on its day in UTC.
        ("signed", BEFORE, "2026-03-02T00:30:00+01:00", None, "ended"),
        # What events decided stays decided.
        ("suspended", BEFORE, AFTER, None, "suspended"),
        ("suspended", None, None, None, "suspended"),
        ("ended", BEFORE, AFTER, None, "ended"),
        ("withdrawn", BEFORE, AFTER, None, "withdrawn"),
        ("proposed", BEFORE, AFTER, None, "proposed"),
        ("rejected", BEFORE, BEFORE, None, "rejected"),
    ],
)
def test_the_state_on_a_day(
    standing: str, effective_from: str | None, ends_on: str | None, end_condition: Json | None, state: str
) -> None:
    assert state_on(standing, effective_from, ends_on, end_condition, DAY) == state
    stated = {"effectiveFrom": effective_from, "endsOn": ends_on, "endCondition": end_condition}
    assert state_of({name: value for name, value in stated.items() if value}, standing, DAY) == state


OPTIONAL_DATES = st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(date.isoformat)
STANDINGS = st.sampled_from(["signed", "suspended", "ended", "withdrawn", "proposed", "rejected"])


@given(
    STANDINGS,
    OPTIONAL_DATES,
    OPTIONAL_DATES,
    st.none() | st.just({"code": "purpose-complete"}),
    st.dates(date(2019, 1, 1), date(2031, 12, 31)),
)
def test_every_state_is_a_code_and_none_is_active_without_an_end(
    standing: str, effective_from: str | None, ends_on: str | None, end_condition: Json | None, day: date
) -> None:
    state = state_on(standing, effective_from, ends_on, end_condition, day)
    assert state in codelist("agreement-state")
    if state == "in-force":
        assert effective_from is not None
        assert ends_on is not None or end_condition is not None
        assert effective_from <= day.isoformat()
        assert ends_on is None or day.isoformat() <= ends_on
    tomorrow = state_on(standing, effective_from, ends_on, end_condition, day + timedelta(days=1))
    assert not (state == "ended" and tomorrow != "ended")


@given(
    STANDINGS,
    OPTIONAL_DATES | st.just("2024") | st.just("2024-02"),
    OPTIONAL_DATES | st.just("2024") | st.just("9999"),
    st.none() | st.just({"code": "purpose-complete"}),
    st.sampled_from([None, {"movedDates": {"endsOn": "2025-06"}}]),
)
def test_the_states_in_time_are_those_of_every_day(
    standing: str, effective_from: str | None, ends_on: str | None, end_condition: Json | None, moved: Json | None
) -> None:
    stated = {"effectiveFrom": effective_from, "endsOn": ends_on, "endCondition": end_condition}
    document = {name: value for name, value in stated.items() if value}
    told = states_in_time(document, standing, moved)
    assert len({state for state, _, _ in told}) == len(told)
    turns = [date.fromisoformat(day) for _, first, last in told for day in (first, last) if day]
    for day in (date.min, date(2024, 2, 29), date.max, *turns, *(day + timedelta(days=1) for day in turns)):
        held = [state for state, first, last in told if first <= day.isoformat() <= (last or "9999-12-31")]
        assert held == [state_of(document, standing, day, moved)]


@dataclass
class Event:
    number: int
    event: str
    version: int | None = None
    body_sha256: str | None = None
    details_sha256: str | None = None
    actor_organisation: str | None = None
    recorded_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    registered_on: datetime = datetime(2026, 1, 1, tzinfo=UTC)


def happened(*names: str) -> list[Event]:
    """Events in order; those that make a version have the next one and a body named for it."""
    events: list[Event] = []
    version = 0
    for number, name in enumerate(names, start=1):
        moment = datetime(2026, 1, number, tzinfo=UTC)
        if name in VERSION_EVENTS:
            version += 1
            events.append(Event(number, name, version, f"body {version}", recorded_at=moment, registered_on=moment))
        else:
            events.append(Event(number, name, recorded_at=moment, registered_on=moment))
    return events


@pytest.mark.parametrize(
    ("names", "standing", "version"),
    [
        (["signed"], "signed", 1),
        (["signed", "amended", "corrected"], "signed", 3),
        (["signed", "suspended"], "suspended", 1),
        (["signed", "suspended", "amended"], "suspended", 2),
        (["signed", "suspended", "resumed"], "signed", 1),
        (["signed", "reviewed", "incident-recorded", "renewed", "confirmed", "disputed"], "signed", 1),
        (["signed", "party-acceded", "party-left"], "signed", 3),
        (["signed", "terminated", "disposal-confirmed"], "ended", 1),
        (["signed", "terminated", "corrected"], "ended", 2),
        (["signed", "withdrawn"], "withdrawn", 1),
    ],
)
def test_what_events_leave(names: list[str], standing: str, version: int) -> None:
    record = fold(happened(*names), lambda sha256: {"body": sha256})
    assert (record.standing, record.version) == (standing, version)
    assert record.document == {"body": f"body {version}"}
    assert record.last_event == len(names)
    assert record.registered_on == datetime(2026, 1, 1, tzinfo=UTC)
    assert record.changed_at == datetime(2026, 1, len(names), tzinfo=UTC)
    assert all(name in codelist("agreement-event") for name in names)


@pytest.mark.parametrize("names", [[], ["suspended"], ["reviewed", "signed"]])
def test_no_record_without_a_first_version(names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"without events|before any version"):
        fold(happened(*names), lambda sha256: {"body": sha256})
