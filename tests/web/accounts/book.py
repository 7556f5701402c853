"""Accounts of made-up bodies, each act in a transaction of its own."""

from dataclasses import dataclass
from typing import Any

from catalogue.organisations.record import OrganisationDetails, record_organisation
from schemas.actor import LOCAL_REGISTRAR, Actor, Role
from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from web.accounts.devices import Answer, NewDevice, begin, decide, poll
from web.accounts.links import make_link, spend_link
from web.accounts.read import actor_of_account, enabled_account
from web.accounts.record import add_account, change_account, disable_account
from web.accounts.sessions import account_of_session, open_session
from web.accounts.tokens import NewToken, TokenActor, actor_of_token, make_machine_token

BODIES = (
    OrganisationDetails(name="Ministry of Rivers", slug="ministry-of-rivers"),
    OrganisationDetails(name="Office of Bridges", slug="office-of-bridges"),
)


@dataclass
class Book:
    """The services of accounts with the test's clock and chance; `actor` does what only an administrator may."""

    database: Database
    clock: FakeClock
    ids: CountingIds
    randomness: SeededRandomness
    actor: Actor = LOCAL_REGISTRAR

    def bodies(self) -> None:
        with self.database.write() as session:
            for details in BODIES:
                record_organisation(session, details, self.clock, self.ids)

    def add(self, name: str, *roles: Role, organisation: str | None = "ministry-of-rivers", **more: Any) -> None:
        with self.database.write() as session:
            add_account(session, self.actor, name, roles, organisation=organisation, clock=self.clock, **more)

    def change(self, name: str, *roles: Role, organisation: str | None = "ministry-of-rivers") -> None:
        with self.database.write() as session:
            change_account(session, self.actor, name, roles, organisation=organisation, clock=self.clock)

    def disable(self, name: str) -> None:
        with self.database.write() as session:
            disable_account(session, self.actor, name, self.clock)

    def actor_of(self, name: str) -> Actor:
        with self.database.read() as session:
            return actor_of_account(session, name)

    def link(self, name: str) -> str:
        """The secret of a new sign-in address."""
        with self.database.write() as session:
            made = make_link(session, self.actor, name, clock=self.clock, randomness=self.randomness)
        return made.path.removeprefix("/sign-in/")

    def spend(self, secret: str) -> str:
        with self.database.write() as session:
            return spend_link(session, secret, self.clock()).id

    def session_for(self, name: str) -> str:
        with self.database.write() as session:
            return open_session(session, enabled_account(session, name), self.clock(), self.randomness)

    def holder_of(self, secret: str) -> str | None:
        with self.database.read() as session:
            account = account_of_session(session, secret, self.clock())
        return account.id if account else None

    def token(self, account: str, **more: Any) -> NewToken:
        with self.database.write() as session:
            return make_machine_token(
                session, self.actor, account, clock=self.clock, ids=self.ids, randomness=self.randomness, **more
            )

    def used(self, token: str) -> TokenActor:
        with self.database.read() as session:
            return actor_of_token(session, token, self.clock())

    def begin(self, *scopes: str) -> NewDevice:
        with self.database.write() as session:
            return begin(session, "gazette", "desk 4", scopes, clock=self.clock, randomness=self.randomness)

    def decide(self, name: str, user_code: str, *, approve: bool = True) -> None:
        with self.database.write() as session:
            decide(session, enabled_account(session, name), user_code, self.clock(), approve=approve)

    def poll(self, device_code: str, client: str = "gazette") -> NewToken | Answer:
        with self.database.write() as session:
            return poll(session, client, device_code, clock=self.clock, ids=self.ids, randomness=self.randomness)
