"""What a command works with: settings, the open database, the index, clock and chance, and who acts."""

import os
import shlex
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property, update_wrapper
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import click
from sqlalchemy.orm import Session

from catalogue.commands.exits import told_plainly
from catalogue.search.engine import SearchPlace
from catalogue.search.places import search_place
from catalogue.search.sources import DocumentSource
from schemas.actor import LOCAL_REGISTRAR, Actor
from schemas.clock import Clock, Ids, Randomness, random_ids, system_clock, system_randomness
from schemas.database.engine import Database, may_be_there, open_database
from schemas.database.upgrade import require_current
from schemas.errors import Refused
from schemas.settings import Settings, read_settings

P = ParamSpec("P")
T = TypeVar("T")


class Above(Protocol):
    """What the packages above lend to commands below them, handed in by the composition root."""

    def actor_named(self, session: Session, account: str) -> Actor:
        """The account as one who acts. Raises NotFound, Refused."""
        ...

    def confirming(self, session: Session) -> frozenset[str]:
        """The organisations (slugs) that have an account which can confirm."""
        ...

    def forget_answers(self, session: Session) -> None:
        """Throw away the answers to requests that are kept for repeats: they may hold what is to be gone."""
        ...

    def remote(self, server: str, token_file: Path | None) -> object:
        """What answers for the register of a server. Raises Refused, InvalidInput."""
        ...

    def remote_catalogue(self, server: str, token_file: Path | None) -> object:
        """What answers for the catalogue of a server. Raises Refused, InvalidInput."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command works, and as whom: a server with a token, or the data folder as an account."""

    server: str | None = None
    token_file: Path | None = None
    account: str | None = None

    def over(self, other: "Place") -> "Place":
        """This, with what it leaves open taken from another."""
        return Place(self.server or other.server, self.token_file or other.token_file, self.account or other.account)


@dataclass
class CommandContext:
    """One run of the program. The database is opened, and must be up to date, when first asked for.

    `sources` are all that belongs into the search index, `above` what higher packages lend; both are handed in by the
    composition root. `place` is what the options before the command say.
    """

    data: Path | None = None
    sources: Sequence[DocumentSource] = ()
    above: Above | None = None
    place: Place = Place()
    clock: Clock = system_clock
    ids: Ids = random_ids
    randomness: Randomness = system_randomness
    actor: Actor = LOCAL_REGISTRAR
    fixed_settings: Settings | None = None
    closing: ExitStack = field(default_factory=ExitStack)

    def typed(self, command: str, *, as_oneself: bool = True) -> str:
        """A command of ours as it must be typed to work where this one did: with the options that stood before it.

        `as_oneself` is false for what another account is to type.
        """
        options = []
        if self.data is not None:
            options.append(f"--data {shlex.quote(str(self.data))}")
        if self.place.server:
            options.append(f"--server {shlex.quote(self.place.server)}")
        if self.place.token_file and as_oneself:
            options.append(f"--token-file {shlex.quote(str(self.place.token_file))}")
        if self.place.account and as_oneself:
            options.append(f"--as {shlex.quote(self.place.account)}")
        program, _, rest = command.partition(" ")
        return " ".join(word for word in (program, *options, rest) if word)

    @cached_property
    def settings(self) -> Settings:
        """The settings handed in, else those of the environment with `--data` before them."""
        return self.fixed_settings or read_settings(os.environ, self.data)

    @cached_property
    def database(self) -> Database:
        """The database of the data folder. Raises Refused where it was not made or is not up to date."""
        self._require_made()
        database = self.unchecked_database
        require_current(database)
        return database

    @cached_property
    def index(self) -> SearchPlace:
        """Where the search index is. Raises Refused where there is no database for it, or its engine is not there."""
        self._require_made()
        require_current(self.unchecked_database)
        return search_place(self.settings)

    def _require_made(self) -> None:
        """Raises Refused where there is no file to open: a folder that is only read from is not made."""
        if not may_be_there(self.settings.database_url):
            raise Refused("There is no database here yet.", f"Run “{self.typed('gazette init')}” first.")

    @cached_property
    def unchecked_database(self) -> Database:
        """The database as it is, for the commands that make it or look into its state."""
        database = open_database(self.settings.database_url)
        self.closing.callback(database.close)
        return database


def _act_as(context: CommandContext) -> None:
    """Take the options before the command for one that works on the data folder alone."""
    if context.place.server or context.place.token_file:
        raise click.UsageError(
            "This command works on the data folder alone, never on a server. Leave out --server and --token-file."
        )
    if context.place.account and context.above:
        with context.database.read() as session:
            context.actor = context.above.actor_named(session, context.place.account)


def with_context(command: Callable[Concatenate[CommandContext, P], T]) -> Callable[P, T]:
    """Hand a command its context, and tell errors of ours plainly."""

    @click.pass_context
    def run(context: click.Context, /, *args: Any, **kwargs: Any) -> T:  # noqa: ANN401 - passed through
        run_context = context.ensure_object(CommandContext)
        with told_plainly(), run_context.closing:
            _act_as(run_context)
            return command(run_context, *args, **kwargs)

    return update_wrapper(run, command)  # type: ignore[return-value, arg-type, unused-ignore]
