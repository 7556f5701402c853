"""Tokens: what they open, for how long, and that noting their use is never in anybody's way."""

import time

import pytest
from sqlalchemy import text

from schemas.actor import LOCAL_REGISTRAR, Role
from schemas.database.engine import Database, open_database
from schemas.errors import InvalidInput, NotFound, Refused
from tests.web.accounts.book import Book
from web.accounts.models import AccessToken
from web.accounts.tokens import Unauthorised, forget_token, note_use, revoke_token


@pytest.fixture
def team(book: Book) -> Book:
    book.add("team", Role.APPROVER, Role.EDITOR)
    return book


def test_a_token_acts_in_the_roles_that_both_it_and_its_account_have(team: Book) -> None:
    assert team.used(team.token("team").secret).actor == team.actor_of("team")
    narrow = team.used(team.token("team", scopes=["editor"]).secret)
    assert narrow.actor.roles == {Role.EDITOR}
    assert narrow.scopes == {"editor", "read"}
    reading = team.used(team.token("team", scopes=["read"]).secret)
    assert reading.actor.roles == frozenset()
    assert reading.scopes == {"read"}
    assert reading.actor.organisation == narrow.actor.organisation == team.actor_of("team").organisation


def test_no_scope_gives_more_than_the_account_has(team: Book) -> None:
    with pytest.raises(Refused, match="administrator"):
        team.token("team", scopes=["administrator"])
    with pytest.raises(InvalidInput, match="scope “everything”"):
        team.token("team", scopes=["everything"])
    before = team.token("team").secret
    team.change("team", Role.APPROVER, Role.ADMINISTRATOR)
    assert team.used(before).actor.roles == {Role.APPROVER}


def test_the_token_itself_is_nowhere_in_the_database(team: Book) -> None:
    secret = team.token("team", name="nightly").secret
    with team.database.read() as session:
        stored = repr(session.execute(text("SELECT * FROM access_token")).all())
    assert "nightly" in stored
    assert secret not in stored
    assert secret.removeprefix("dgz_") not in stored


def test_it_ends_by_itself_and_by_being_revoked(team: Book) -> None:
    short, ended = team.token("team", days=1), team.token("team")
    with team.database.write() as session:
        revoke_token(session, LOCAL_REGISTRAR, ended.row.id, team.clock)
    with pytest.raises(Unauthorised, match="revoked"):
        team.used(ended.secret)
    team.clock.advance(days=1, seconds=-1)
    team.used(short.secret)
    team.clock.advance(seconds=1)
    with pytest.raises(Unauthorised, match="expired on 3 March 2026") as caught:
        team.used(short.secret)
    assert "gazette login" in caught.value.advice


@pytest.mark.parametrize("days", [0, -1, 366])
def test_no_token_lasts_longer_than_a_year(team: Book, days: int) -> None:
    with pytest.raises(InvalidInput, match=f"{days} days"):
        team.token("team", days=days)


def test_what_is_no_token_opens_nothing(team: Book) -> None:
    secret = team.token("team").secret
    for guess in (secret.upper(), secret[:-1], secret + "a", "", "dgz_" + "a" * 32, "dgz_" + "\ud800" * 32):
        with pytest.raises(Unauthorised, match="not one of this register"):
            team.used(guess)


def test_its_holder_may_revoke_it_and_another_account_does_not_learn_of_it(team: Book) -> None:
    team.add("other", Role.EDITOR)
    row = team.token("team").row
    with team.database.write() as session:
        with pytest.raises(NotFound):
            revoke_token(session, team.actor_of("other"), row.id, team.clock)
        assert revoke_token(session, team.actor_of("team"), row.id, team.clock).revoked_at is not None


def test_who_holds_a_token_in_hand_may_end_it(team: Book) -> None:
    secret = team.token("team").secret
    with team.database.write() as session:
        forget_token(session, secret, team.clock())
        forget_token(session, "nothing we know", team.clock())
    with pytest.raises(Unauthorised):
        team.used(secret)


def last_used(team: Book) -> object:
    with team.database.read() as session:
        return session.query(AccessToken.last_used_at).scalar()


def test_its_use_is_noted_once_a_minute(team: Book) -> None:
    secret = team.token("team").secret
    first = team.clock()
    for _ in range(3):
        note_use(team.database, team.used(secret), team.clock())
        assert last_used(team) == first
        team.clock.advance(seconds=29)
    note_use(team.database, team.used(secret), team.clock())
    assert last_used(team) == team.clock()


def test_a_busy_database_fails_no_request_and_holds_none_up(team: Book, database_url: str) -> None:
    secret = team.token("team").secret
    other = open_database(database_url)
    with other.write() as session:
        session.execute(text("UPDATE access_token SET name = 'held'"))
        began = time.monotonic()
        note_use(team.database, team.used(secret), team.clock())
        assert time.monotonic() - began < 5
    other.close()
    assert last_used(team) is None
    note_use(team.database, team.used(secret), team.clock())
    assert last_used(team) == team.clock()
    assert patience(team.database) in {None, 30_000}


def patience(database: Database) -> object:
    """How long a SQLite writer waits, as it stands on the connection that was used before."""
    if not database.is_sqlite:
        return None
    with database.read() as session:
        return session.execute(text("PRAGMA busy_timeout")).scalar()
