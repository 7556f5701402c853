"""Where a command works, for those that also work on a server: the options, and what they name."""

import os
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from catalogue.commands.context import CommandContext, Place
from catalogue.commands.exits import told_plainly
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


def server_of(place: Place) -> str | None:
    """The server that a place names, or GAZETTE_SERVER where it names no account of the data folder.

    Raises Refused where both a server and an account of the data folder are named.
    """
    server = place.server or (None if place.account else os.environ.get("GAZETTE_SERVER") or None)
    if server and place.account:
        raise Refused(
            "--as names an account of the data folder; on a server you are who you signed in as.",
            "Leave out --as, or leave out --server.",
        )
    return server
