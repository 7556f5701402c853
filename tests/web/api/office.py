"""A register with officials who have accounts, its application, and a server that answers for it."""

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from catalogue.search.engine import SearchEngine, SearchUnavailable
from register.local import LocalRegister
from schemas.actor import LOCAL_REGISTRAR, Role
from schemas.settings import Settings
from tests.register.lifecycle.world import LEAD, MATCHER, RECEIVER, STRANGER, World
from web.accounts.read import actor_of_account, approver_organisations
from web.accounts.record import add_account
from web.accounts.tokens import make_machine_token
from web.app import create_app
from web.client.http import HttpClient
from web.client.register import RemoteRegister
from web.context import EngineOpener

ACCOUNTS = {"lead": LEAD, "receiver": RECEIVER, "matcher": MATCHER, "stranger": STRANGER}


@dataclass
class Office:
    """A world whose officials have accounts and tokens. `opener` opens its index; there is none at first."""

    world: World
    tokens: dict[str, str]
    opener: EngineOpener = field(default_factory=lambda: no_index)

    def app(self) -> Flask:
        database = self.world.database
        settings = Settings(Path(), str(database.engine.url), Path("search"))
        app = create_app(
            settings, database, self.opener, self.world.clock, ids=self.world.ids, randomness=self.world.randomness
        )
        app.testing = True
        return app

    def local(self, account: str) -> LocalRegister:
        with self.world.database.read() as session:
            actor = actor_of_account(session, account)
        return LocalRegister(self.world.database, actor, self.world.tools, confirming=approver_organisations)

    def remote(self, address: str, account: str) -> RemoteRegister:
        return RemoteRegister(HttpClient(address, self.tokens[account]), self.world.ids)

    def headers(self, account: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[account]}"}


def no_index() -> SearchEngine:
    raise SearchUnavailable("There is no index.", "Make one.")


def staffed(world: World) -> Office:
    """Give each organisation of a world an account of an editor and approver, and the register one of a registrar."""
    tokens: dict[str, str] = {}
    with world.database.write() as session:
        for account, slug in ACCOUNTS.items():
            add_account(
                session,
                LOCAL_REGISTRAR,
                account,
                organisation=slug,
                roles=[Role.EDITOR, Role.APPROVER],
                clock=world.clock,
            )
        add_account(session, LOCAL_REGISTRAR, "registrar", [Role.REGISTRAR], clock=world.clock)
        for account in [*ACCOUNTS, "registrar"]:
            made = make_machine_token(
                session, LOCAL_REGISTRAR, account, clock=world.clock, ids=world.ids, randomness=world.randomness
            )
            tokens[account] = made.secret
    return Office(world, tokens)
