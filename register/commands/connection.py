"""Where the commands of the register work: the data folder as an account, or a server with a token."""

import os
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import click

from catalogue.commands.context import CommandContext, Place
from catalogue.commands.exits import told_plainly
from catalogue.commands.indexing import index_now
from register.api import RegisterApi
from register.lifecycle.acting import Tools
from register.local import LocalRegister
from schemas.errors import Refused

P = ParamSpec("P")
T = TypeVar("T")

_OPTIONS = (
    click.option("--server", metavar="URL", help="Work on this server (or GAZETTE_SERVER), signed in there."),
    click.option(
        "--token-file",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A file with the token for the server (or GAZETTE_TOKEN, or “gazette login”).",
    ),
    click.option("--as", "account", metavar="ACCOUNT", help="Act as this account, on the data folder."),
)


def with_place(command: Callable[Concatenate[CommandContext, P], T]) -> Callable[P, T]:
    """Hand a command its context, with the place that its options name; tell errors of ours plainly."""

    @click.pass_context
    def run(
        context: click.Context,
        /,
        *args: Any,  # noqa: ANN401 - passed through
        server: str | None,
        token_file: Path | None,
        account: str | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> T:
        run_context = context.ensure_object(CommandContext)
        with told_plainly(), run_context.closing:
            run_context.place = Place(server, token_file, account).over(run_context.place)
            return command(run_context, *args, **kwargs)

    wrapped: Callable[P, T] = update_wrapper(run, command)  # type: ignore[assignment]
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def with_register(command: Callable[Concatenate[CommandContext, RegisterApi, P], T]) -> Callable[P, T]:
    """Hand a command its context and the register it works on, here or on a server; tell errors of ours plainly."""

    def run(context: CommandContext, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return command(context, open_register_api(context, context.place), *args, **kwargs)

    return with_place(update_wrapper(run, command))


def server_of(place: Place) -> str | None:
    """The server that a place names, or GAZETTE_SERVER where it names no account of the data folder."""
    return place.server or (None if place.account else os.environ.get("GAZETTE_SERVER") or None)


def open_register_api(context: CommandContext, place: Place) -> RegisterApi:
    """The register of a place. Raises Refused where both a server and an account of the data folder are named."""
    server = server_of(place)
    if server and place.account:
        raise Refused(
            "--as names an account of the data folder; on a server you are who you signed in as.",
            "Leave out --as, or leave out --server.",
        )
    if server:
        if context.above is None:
            raise Refused("This program cannot reach servers.", "Work on the data folder.")
        return cast(RegisterApi, context.above.remote(server, place.token_file))
    actor = context.actor
    if place.account and context.above:
        with context.database.read() as session:
            actor = context.above.actor_named(session, place.account)
    return LocalRegister(
        context.database,
        actor,
        Tools(context.clock, context.ids, context.randomness),
        written=lambda: index_now(context),
        confirming=context.above.confirming if context.above else lambda _session: frozenset(),
    )
