"""Powers in the database: what was said before stays, and only those who keep the list may change it."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from catalogue.organisations.record import OrganisationDetails, record_organisation
from register.powers.facts import MayUse, Standing
from register.powers.models import Power, PowerRevision
from register.powers.read import find_power, powers_table, revisions_of, search_powers
from register.powers.record import PowerSource, check_power, record_power, retire_power
from schemas.actor import LOCAL_REGISTRAR, Actor, Role
from schemas.canonical import Json
from schemas.database.engine import Database
from schemas.errors import InvalidInput, NotFound, Refused
from schemas.outcomes import Action
from tests.fakes import CountingIds, FakeClock

WATER: Json = {
    "id": "water-act-1990-s5",
    "title": "Finding leaks",
    "instrument": "Water Act 1990",
    "provision": "s.5",
    "jurisdiction": "GB",
    "identifiers": [{"scheme": "list", "id": "5"}],
    "inForce": [{"from": "1991-01-01"}],
    "bodies": [{"name": "Ministry of Rivers"}, {"name": "A water undertaker", "class": True}],
}


class Keeper:
    """The services with the test's clock, for one session at a time."""

    def __init__(self, clock: FakeClock, ids: CountingIds) -> None:
        self.clock, self.ids = clock, ids

    def put(self, session: object, document: Json, actor: Actor = LOCAL_REGISTRAR) -> tuple[Action, Power]:
        return record_power(session, actor, document, PowerSource(), clock=self.clock, ids=self.ids)  # type: ignore[arg-type]


@pytest.fixture
def keeper(clock: FakeClock, ids: CountingIds) -> Keeper:
    return Keeper(clock, ids)


def test_a_change_keeps_what_was_said_before(database: Database, keeper: Keeper) -> None:
    with database.write() as session:
        assert keeper.put(session, WATER)[0] is Action.ADDED
    keeper.clock.advance(days=1)
    with database.write() as session:
        assert keeper.put(session, WATER)[0] is Action.UNCHANGED
        changed = {**WATER, "title": "Finding and mending leaks", "bodies": [{"name": "Ministry of Rivers"}]}
        assert keeper.put(session, changed)[0] is Action.CHANGED
    with database.read() as session:
        power = find_power(session, "list:5")
        assert power.title == "Finding and mending leaks"
        assert [(one.event, one.document["title"]) for one in revisions_of(session, power)] == [
            ("added", "Finding leaks"),
            ("changed", "Finding and mending leaks"),
        ]
        rows = {row.name: row.unlisted_on for row in power.bodies}
        assert rows == {"Ministry of Rivers": None, "A water undertaker": keeper.clock()}
        assert [one.id for one in search_powers(session, "mending WATER")] == [power.id]
        assert search_powers(session, "fire") == []


def test_a_power_that_ended_keeps_its_record(database: Database, keeper: Keeper) -> None:
    with database.write() as session:
        _, power = keeper.put(session, WATER)
        retire_power(session, LOCAL_REGISTRAR, power, date(2020, 3, 31), "The Lakes Act", clock=keeper.clock)
    with database.read() as session:
        powers = powers_table(session)
        asked = {"power": "water-act-1990-s5"}
        assert powers.standing(asked, date(2020, 3, 31)).standing is Standing.IN_FORCE
        assert powers.standing(asked, date(2020, 4, 1)).standing is Standing.NO_LONGER
        last = revisions_of(session, find_power(session, "water-act-1990-s5"))[-1]
        assert (last.event, last.reason) == ("retired", "The Lakes Act")
    with database.write() as session:
        again = find_power(session, "water-act-1990-s5")
        with pytest.raises(Refused, match="already"):
            retire_power(session, LOCAL_REGISTRAR, again, date(2021, 3, 31), "Again", clock=keeper.clock)


def test_an_organisation_that_is_catalogued_later_is_found_in_the_list(database: Database, keeper: Keeper) -> None:
    with database.write() as session:
        keeper.put(session, {**WATER, "bodies": [{"name": "Ministry of Rivers"}], "bodiesComplete": True})
        for name in ("Tolls Office", "Ministry of Rivers"):
            if name == "Ministry of Rivers":
                asked = powers_table(session).may_use(
                    {"power": "water-act-1990-s5"}, {"name": "Tolls", "organisation": "tolls-office"}, date(2024, 1, 1)
                )
                assert asked.answer is MayUse.NOT_KNOWN
            record_organisation(session, OrganisationDetails(name=name), keeper.clock, keeper.ids)
        powers = powers_table(session)
        answers = {
            slug: powers.may_use({"power": "water-act-1990-s5"}, {"name": "X", "organisation": slug}, date(2024, 1, 1))
            for slug in ("tolls-office", "ministry-of-rivers")
        }
    assert {slug: one.answer for slug, one in answers.items()} == {
        "tolls-office": MayUse.NO,
        "ministry-of-rivers": MayUse.YES,
    }


@pytest.mark.parametrize("roles", [frozenset(), frozenset({Role.APPROVER, Role.EDITOR, Role.MODERATOR})])
def test_only_those_who_keep_the_list_change_it(
    sqlite_database: Database, keeper: Keeper, roles: frozenset[Role]
) -> None:
    with sqlite_database.write() as session:
        with pytest.raises(Refused, match="registrar"):
            keeper.put(session, WATER, Actor("somebody", "an-organisation", roles))
        assert session.query(Power).count() == 0
        keeper.put(session, WATER, Actor("head", None, frozenset({Role.ADMINISTRATOR})))


@pytest.mark.parametrize(
    ("members", "where"),
    [
        ({"title": None}, "/title"),
        ({"id": "Water Act"}, "/id"),
        ({"jurisdiction": "England"}, "/jurisdiction"),
        ({"inForce": [{"from": "2020-05-01", "until": "2020-04-30"}]}, "/inForce/0/until"),
        ({"notCommenced": True}, "/notCommenced"),
        ({"bodies": [{"organisation": "ministry-of-rivers"}]}, "/bodies/0/name"),
        ({"colour": "blue"}, "/colour"),
    ],
)
def test_a_wrong_record_is_told_where(members: Json, where: str) -> None:
    document = {name: value for name, value in {**WATER, **members}.items() if value is not None}
    assert {problem.pointer for problem in check_power(document)} == {where}


def test_a_number_belongs_to_one_power(sqlite_database: Database, keeper: Keeper) -> None:
    with sqlite_database.write() as session:
        keeper.put(session, WATER)
        with pytest.raises(Refused, match="water-act-1990-s5"):
            keeper.put(session, {**WATER, "id": "another"})
        with pytest.raises(InvalidInput, match="no organisation “nobody”"):
            keeper.put(session, {**WATER, "bodies": [{"name": "Nobody", "organisation": "nobody"}]})
        with pytest.raises(NotFound):
            find_power(session, "list:6")


REVISION = "('water-act-1990-s5', {number}, 'changed', '{{}}', '2026-01-01', '2026-01-01')"
COLUMNS = "(power_id, revision, event, document, registered_on, recorded_at)"


def test_what_was_said_cannot_be_changed(database: Database, keeper: Keeper) -> None:
    with database.write() as session:
        keeper.put(session, WATER)
    tries = [
        "UPDATE power_revision SET event = 'retired'",
        "DELETE FROM power_revision",
        f"INSERT INTO power_revision {COLUMNS} VALUES {REVISION.format(number=1)}",
    ]
    replaced = f"INSERT OR REPLACE INTO power_revision {COLUMNS} VALUES {REVISION.format(number=1)}"
    by_rowid = f"INSERT OR REPLACE INTO power_revision (rowid, {COLUMNS[1:]} VALUES (1, {REVISION.format(number=7)[1:]}"
    tries += [replaced, by_rowid] if database.is_sqlite else ["TRUNCATE power_revision"]
    for statement in tries:
        with pytest.raises(DBAPIError), database.write() as session:
            session.execute(text(statement))
    with database.read() as session:
        assert [(one.revision, one.event) for one in session.query(PowerRevision)] == [(1, "added")]
