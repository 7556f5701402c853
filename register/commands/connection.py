"""Where the commands of the register work: the data folder as an account, or a server with a token."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypeVar, cast

from catalogue.commands.context import CommandContext, Place
from catalogue.commands.indexing import index_now
from catalogue.commands.place import server_of, with_place
from register.api import RegisterApi
from register.lifecycle.acting import Tools
from register.local import LocalRegister
from schemas.errors import Refused

P = ParamSpec("P")
T = TypeVar("T")


def with_register(command: Callable[Concatenate[CommandContext, RegisterApi, P], T]) -> Callable[P, T]:
    """Hand a command its context and the register it works on, here or on a server; tell errors of ours plainly."""

    def run(context: CommandContext, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return command(context, open_register_api(context, context.place), *args, **kwargs)

    return with_place(update_wrapper(run, command))


def open_register_api(context: CommandContext, place: Place) -> RegisterApi:
    """The register of a place. Raises Refused where both a server and an account of the data folder are named."""
    server = server_of(place)
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
