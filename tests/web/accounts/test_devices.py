"""Devices: what each is told at each moment, and that a code is answered once and yields one token."""

from datetime import timedelta

import pytest

from schemas.actor import Role
from schemas.errors import NotFound, Refused
from tests.web.accounts.book import Book
from web.accounts.devices import MOST_CODES, MOST_WAITING, Answer, count_code
from web.accounts.limits import count_attempt
from web.accounts.models import AttemptCount
from web.accounts.tokens import NewToken


@pytest.fixture
def team(book: Book) -> Book:
    book.add("team", Role.APPROVER, Role.EDITOR)
    return book


def test_a_device_gets_one_token_once_it_is_approved(team: Book) -> None:
    device = team.begin()
    assert team.poll(device.device_code) is Answer.PENDING
    team.decide("team", device.user_code.lower().replace("-", " "))
    team.clock.advance(seconds=5)
    got = team.poll(device.device_code)
    assert isinstance(got, NewToken)
    assert team.used(got.secret).actor == team.actor_of("team")
    assert (got.row.kind, got.row.name) == ("device", "desk 4")
    assert (got.row.expires_at - got.row.created_at).days == 90
    team.clock.advance(seconds=5)
    assert team.poll(device.device_code) is Answer.UNKNOWN


def test_a_device_gets_no_more_than_it_asked_for(team: Book) -> None:
    device = team.begin("editor", "administrator")
    team.decide("team", device.user_code)
    got = team.poll(device.device_code)
    assert isinstance(got, NewToken)
    assert got.row.scopes == ["editor", "read"]


def test_a_refused_device_is_told_so_and_cannot_be_approved_any_more(team: Book) -> None:
    device = team.begin()
    team.decide("team", device.user_code, approve=False)
    assert team.poll(device.device_code) is Answer.DENIED
    with pytest.raises(NotFound):
        team.decide("team", device.user_code)


def test_who_asks_too_soon_must_leave_more_time(team: Book) -> None:
    device = team.begin()
    assert team.poll(device.device_code) is Answer.PENDING
    team.clock.advance(seconds=3)
    assert team.poll(device.device_code) is Answer.SLOW_DOWN
    team.decide("team", device.user_code)
    team.clock.advance(seconds=5)
    assert team.poll(device.device_code) is Answer.SLOW_DOWN  # ten seconds it was
    team.clock.advance(seconds=15)
    assert isinstance(team.poll(device.device_code), NewToken)


def test_a_code_ends_after_fifteen_minutes(team: Book) -> None:
    device, approved = team.begin(), team.begin()
    team.decide("team", approved.user_code)
    team.clock.advance(minutes=15)
    with pytest.raises(NotFound):
        team.decide("team", device.user_code)
    assert team.poll(device.device_code) is Answer.EXPIRED
    assert team.poll(approved.device_code) is Answer.EXPIRED


def test_another_program_does_not_get_the_token(team: Book) -> None:
    device = team.begin()
    team.decide("team", device.user_code)
    assert team.poll(device.device_code, client="other") is Answer.UNKNOWN
    assert team.poll(device.user_code) is Answer.UNKNOWN
    assert isinstance(team.poll(device.device_code), NewToken)


def test_an_account_disabled_in_between_gives_nothing(team: Book) -> None:
    device = team.begin()
    team.decide("team", device.user_code)
    team.disable("team")
    assert team.poll(device.device_code) is Answer.DENIED


def test_nobody_fills_the_table(sqlite_book: Book) -> None:
    with sqlite_book.database.write() as session:
        session.connection().exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "INSERT INTO device_grant SELECT i, i, 'gazette', 'x', '[]', 'pending', NULL, 5, "
            "'2026-03-02 09:00:00', '2026-03-02 09:15:00', NULL FROM n",
            (MOST_WAITING,),
        )
    with pytest.raises(Refused, match="Too many"):
        sqlite_book.begin()
    sqlite_book.clock.advance(minutes=31)
    sqlite_book.begin()
    with sqlite_book.database.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM device_grant").scalar() == 1


def test_codes_are_counted_by_account(team: Book) -> None:
    def tries(name: str) -> bool:
        with team.database.write() as session:
            return count_code(session, name, team.clock())

    assert [tries("team") for _ in range(MOST_CODES + 1)] == [True] * MOST_CODES + [False]
    assert tries("other")
    team.clock.advance(minutes=14)
    assert not tries("team")
    team.clock.advance(minutes=1)
    assert tries("team")


def test_counts_that_are_over_are_not_kept(book: Book) -> None:
    for subject in ("a", "a", "b"):
        with book.database.write() as session:
            count_attempt(session, subject, book.clock(), timedelta(minutes=1))
        book.clock.advance(hours=2)
    with book.database.read() as session:
        assert [(row.subject, row.number) for row in session.query(AttemptCount)] == [("b", 1)]
