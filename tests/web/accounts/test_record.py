"""Accounts: who may make them, what one must say, and what ends with one."""

from dataclasses import replace

import pytest

from schemas.actor import Actor, Role
from schemas.errors import InvalidInput, NotFound, Refused
from tests.web.accounts.book import Book
from web.accounts.links import account_of_link
from web.accounts.read import approver_organisations
from web.accounts.tokens import Unauthorised


def test_an_account_acts_for_its_organisation_in_all_its_roles(book: Book) -> None:
    book.add("rivers-team", Role.APPROVER, Role.EDITOR, Role.MODERATOR)
    actor = book.actor_of("rivers-team")
    assert actor.account == "rivers-team"
    assert actor.roles == {Role.APPROVER, Role.EDITOR, Role.MODERATOR}
    with book.database.read() as session:
        assert approver_organisations(session) == {"ministry-of-rivers"}
    assert actor.organisation is not None
    assert len(actor.organisation) == 32


def test_an_account_of_the_register_needs_no_organisation(sqlite_book: Book) -> None:
    sqlite_book.add("clerk", Role.REGISTRAR, Role.ADMINISTRATOR, organisation=None)
    assert sqlite_book.actor_of("clerk") == Actor("clerk", None, frozenset({Role.REGISTRAR, Role.ADMINISTRATOR}))


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER])
def test_who_acts_for_an_organisation_must_have_one(sqlite_book: Book, role: Role) -> None:
    with pytest.raises(InvalidInput, match=role) as caught:
        sqlite_book.add("nobody", role, organisation=None)
    assert "--organisation" in caught.value.advice


@pytest.mark.parametrize("named", ["ministry-of-river", "Minstry of Rivers", "rivers"])
def test_an_organisation_that_is_not_there_is_told_with_the_nearest(sqlite_book: Book, named: str) -> None:
    with pytest.raises(NotFound, match=named) as caught:
        sqlite_book.add("someone", Role.EDITOR, organisation=named)
    assert "“ministry-of-rivers” (Ministry of Rivers)" in caught.value.advice
    assert "bridges" not in caught.value.advice


def test_one_that_resembles_nothing_gets_the_list(sqlite_book: Book) -> None:
    with pytest.raises(NotFound) as caught:
        sqlite_book.add("someone", Role.EDITOR, organisation="zzz")
    assert "gazette organisations list" in caught.value.advice


@pytest.mark.parametrize("name", ["", "A", "1a", "a b", "a--b", "-a", "a@b.example", "é", "a" * 32, "local", "anybody"])
def test_names_that_cannot_be(sqlite_book: Book, name: str) -> None:
    with pytest.raises(InvalidInput):
        sqlite_book.add(name, Role.MODERATOR)


def test_a_name_is_given_once_and_an_account_needs_a_role(sqlite_book: Book) -> None:
    sqlite_book.add("clerk", Role.MODERATOR)
    with pytest.raises(Refused, match="clerk"):
        sqlite_book.add("clerk", Role.MODERATOR)
    with pytest.raises(InvalidInput, match="role"):
        sqlite_book.add("other")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_may(sqlite_book: Book, role: Role) -> None:
    sqlite_book.add("target", Role.EDITOR)
    other = replace(sqlite_book, actor=Actor("other", None, frozenset({role})))
    for act in (
        lambda: other.add("new", Role.EDITOR),
        lambda: other.change("target", Role.ADMINISTRATOR),
        lambda: other.disable("target"),
        lambda: other.link("target"),
        lambda: other.token("target"),
    ):
        with pytest.raises(Refused, match="administrator"):
            act()


def test_an_account_that_is_not_there_is_told_with_the_nearest(sqlite_book: Book) -> None:
    sqlite_book.add("rivers-approver", Role.APPROVER)
    with pytest.raises(NotFound) as caught:
        sqlite_book.actor_of("river-approver")
    assert "rivers-approver" in caught.value.advice
    with pytest.raises(NotFound) as caught:
        sqlite_book.actor_of("zzz")
    assert "gazette accounts list" in caught.value.advice


def test_with_the_account_everything_that_opens_it_ends(book: Book) -> None:
    book.add("team", Role.APPROVER)
    link, session, token = book.link("team"), book.session_for("team"), book.token("team").secret
    device = book.begin()
    book.decide("team", device.user_code)
    assert (book.holder_of(session), book.used(token).actor.account) == ("team", "team")
    book.disable("team")
    assert book.holder_of(session) is None
    with pytest.raises(Unauthorised):
        book.used(token)
    for act in (lambda: book.spend(link), lambda: book.actor_of("team"), lambda: book.token("team")):
        with pytest.raises(Refused):
            act()
    assert book.poll(device.device_code) == "access_denied"
    with book.database.read() as reading:
        assert approver_organisations(reading) == frozenset()

    book.change("team", Role.EDITOR)
    assert book.actor_of("team").roles == {Role.EDITOR}
    assert book.holder_of(session) is None
    with pytest.raises(Unauthorised):
        book.used(token)


def test_another_role_changes_what_a_token_may_and_another_organisation_ends_it(book: Book) -> None:
    book.add("team", Role.APPROVER, Role.EDITOR)
    token, session = book.token("team").secret, book.session_for("team")
    book.change("team", Role.EDITOR)
    assert book.used(token).actor.roles == {Role.EDITOR}
    assert book.holder_of(session) == "team"
    book.change("team", Role.EDITOR, organisation="office-of-bridges")
    assert book.holder_of(session) is None
    with pytest.raises(Unauthorised):
        book.used(token)


def test_a_link_works_once_and_for_fifteen_minutes(book: Book) -> None:
    book.add("team", Role.EDITOR)
    first, second = book.link("team"), book.link("team")
    with book.database.read() as session:
        assert account_of_link(session, first, book.clock()).id == "team"  # looking at it spends nothing
    assert book.spend(first) == "team"
    with pytest.raises(Refused, match="does not work any more"):
        book.spend(first)
    book.clock.advance(minutes=15)
    with pytest.raises(Refused):
        book.spend(second)
    for guess in ("", "x", second[:-1], second.swapcase()):
        with pytest.raises(Refused):
            book.spend(guess)


def test_a_session_lasts_twelve_hours_however_much_it_is_used(book: Book) -> None:
    book.add("team", Role.EDITOR)
    secret = book.session_for("team")
    book.clock.advance(hours=11.9)
    assert book.holder_of(secret) == "team"
    book.clock.advance(hours=0.1)
    assert book.holder_of(secret) is None
    assert book.holder_of("") is None
