"""What a command works with: settings, the open database, the index, clock and chance, and who acts."""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property, update_wrapper
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from catalogue.commands.exits import told_plainly
from catalogue.search.engine import SearchPlace
from catalogue.search.sources import DocumentSource
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.actor import LOCAL_REGISTRAR, Actor
from schemas.clock import Clock, Ids, Randomness, random_ids, system_clock, system_randomness
from schemas.database.engine import Database, open_database
from schemas.database.upgrade import require_current
from schemas.settings import Settings, read_settings

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class CommandContext:
    """One run of the program. The database is opened, and must be up to date, when first asked for.

    `sources` are all that belongs into the search index, handed in by the composition root.
    """

    data: Path | None = None
    sources: Sequence[DocumentSource] = ()
    clock: Clock = system_clock
    ids: Ids = random_ids
    randomness: Randomness = system_randomness
    actor: Actor = LOCAL_REGISTRAR
    fixed_settings: Settings | None = None
    closing: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def settings(self) -> Settings:
        """The settings handed in, else those of the environment with `--data` before them."""
        return self.fixed_settings or read_settings(os.environ, self.data)

    @cached_property
    def database(self) -> Database:
        """The database of the data folder. Raises Refused where it was not made or is not up to date."""
        database = self.unchecked_database
        require_current(database)
        return database

    @cached_property
    def index(self) -> SearchPlace:
        """Where the search index is. Raises Refused where there is no database that it could be the index of."""
        require_current(self.unchecked_database)
        return TantivyPlace(self.settings.search_path)

    @cached_property
    def unchecked_database(self) -> Database:
        """The database as it is, for the commands that make it or look into its state."""
        database = open_database(self.settings.database_url)
        self.closing.callback(database.close)
        return database


def with_context(command: Callable[Concatenate[CommandContext, P], T]) -> Callable[P, T]:
    """Hand a command its context, and tell errors of ours plainly."""

    @click.pass_context
    def run(context: click.Context, /, *args: Any, **kwargs: Any) -> T:  # noqa: ANN401 - passed through
        run_context = context.ensure_object(CommandContext)
        with told_plainly(), run_context.closing:
            return command(run_context, *args, **kwargs)

    return update_wrapper(run, command)  # type: ignore[return-value, arg-type, unused-ignore]
