"""`gazette login`, `logout` and `whoami`: acting on a server as oneself."""

import os
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from functools import update_wrapper
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from catalogue.commands.context import CommandContext, Place
from catalogue.commands.exits import told_plainly
from catalogue.commands.output import record_format_option, write_record
from register.commands.connection import open_register_api
from schemas.actor import LOCAL_REGISTRAR
from schemas.canonical import Json
from schemas.errors import GazetteError, Refused, Unreachable
from web.client.credentials import TOKEN_VARIABLE, Credentials
from web.client.device_flow import Pairing, begin_pairing, wait_for_token
from web.client.http import HttpClient, checked_server

P = ParamSpec("P")
T = TypeVar("T")

MOST_SHOWN = 5
"""How many of the things that wait `whoami` tells; `gazette register due` tells all."""

_server_option = click.option("--server", metavar="URL", help="The server, as an address (or GAZETTE_SERVER).")


def _with_place(command: Callable[Concatenate[CommandContext, Place, P], T]) -> Callable[P, T]:
    """Hand a command its context and where it is to work; tell errors of ours plainly."""

    @click.pass_context
    def run(
        context: click.Context,
        /,
        *args: Any,  # noqa: ANN401 - passed through
        server: str | None,
        token_file: Path | None = None,
        account: str | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> T:
        run_context = context.ensure_object(CommandContext)
        with told_plainly(), run_context.closing:
            place = run_context.place = Place(server, token_file, account).over(run_context.place)
            if place.server is None and place.account is None:
                place = Place(os.environ.get("GAZETTE_SERVER") or None, place.token_file)
            return command(run_context, place, *args, **kwargs)

    return update_wrapper(run, command)  # type: ignore[return-value, arg-type, unused-ignore]


def _named_server(place: Place) -> str:
    if place.server is None:
        raise Refused("No server is named.", "Name it with --server, or set GAZETTE_SERVER.")
    return checked_server(place.server)


@click.command("login")
@_server_option
@click.option("--name", metavar="TEXT", help="What to call this device in your account (default: its own name).")
@_with_place
def login_command(_context: CommandContext, place: Place, name: str | None) -> None:
    """Sign this device in on a server: it prints a code, you approve it in your browser.

    The token is kept in the keyring of this system, or else in a file that only you can read. It is never shown.

    Example: gazette login --server https://register.example
    """
    server = _named_server(place)
    credentials = Credentials(os.environ)
    before = credentials.token(server)
    client = HttpClient(server, None)
    pairing = begin_pairing(client, name or platform.node())
    _show(pairing)
    token = wait_for_token(client, pairing, time.sleep)
    where = credentials.keep(server, token)
    if before is not None:
        with suppress(GazetteError):  # the new token counts; the old one ends by itself in any case
            client.post_form("/oauth/revoke", {"token": before})
    click.echo(f"This device is signed in on {server}.")
    click.echo(f"The token is kept in {where}. To see who you are: gazette whoami --server {server}", err=True)
    if os.environ.get(TOKEN_VARIABLE):
        click.echo(f"{TOKEN_VARIABLE} is set and goes before it: unset it to act as yourself.", err=True)


def _show(pairing: Pairing) -> None:
    click.echo(f"Open {pairing.page}")
    click.echo(f"and type the code {pairing.user_code}")
    minutes = max(1, pairing.lasts // 60)
    click.echo(f"Waiting for you to approve this device there, for {minutes} minutes (Ctrl+C gives up) …", err=True)


@click.command("logout")
@_server_option
@_with_place
def logout_command(_context: CommandContext, place: Place) -> None:
    """Sign this device out of a server: its token is revoked there and forgotten here.

    Example: gazette logout --server https://register.example
    """
    server = _named_server(place)
    credentials = Credentials(os.environ)
    token = credentials.token(server)
    if token is None:
        click.echo(f"This device was not signed in on {server}.")
        return
    try:
        reply = HttpClient(server, None).post_form("/oauth/revoke", {"token": token})
        told = reply.status == 200
    except Unreachable:
        told = False
    credentials.forget(server)
    if not told:
        raise Unreachable(
            f"The token is forgotten here, but {server} could not be told to end it.",
            "Revoke this device in your account there, or ask an administrator to.",
        )
    click.echo(f"This device is signed out of {server}.")


@click.command("whoami")
@_server_option
@click.option(
    "--token-file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the token for the server (or GAZETTE_TOKEN, or “gazette login”).",
)
@click.option("--as", "account", metavar="ACCOUNT", help="The account to tell of, on the data folder.")
@record_format_option
@_with_place
def whoami_command(context: CommandContext, place: Place, output_format: str) -> None:
    """Show who you are on a server or, with --as, on the data folder, and what waits for your organisation.

    Example: gazette whoami --server https://register.example
    """
    shown = dict(open_register_api(context, place).whoami())
    shown["server"] = checked_server(place.server) if place.server else None
    write_record(output_format, shown, "\n".join([*_who(shown, context), *_waiting(shown, context)]))


def _who(shown: Json, context: CommandContext) -> list[str]:
    body = shown.get("organisation")
    local = shown["account"] == LOCAL_REGISTRAR.account
    stated = (
        ("Account", "none: whoever can write to the data folder" if local else shown["account"]),
        ("Organisation", f"{body['name']} ({body['slug']})" if body else "none: you act for the register itself"),
        ("Roles", ", ".join(shown["roles"]) or "none"),
        ("Server", shown["server"]) if shown["server"] else ("Data folder", str(context.settings.data)),
    )
    return [f"{name:<14}{value}" for name, value in stated]


def _waiting(shown: Json, context: CommandContext) -> list[str]:
    waiting = shown.get("waiting") or []
    if not waiting:
        return ["", "Nothing waits for you."] if shown.get("organisation") else []
    lines = ["", "Waits for your organisation:"]
    for one in waiting[:MOST_SHOWN]:
        lines.append(f"  {one['agreement']}: {one['sentence']}")
        if one.get("command"):
            lines.append(f"    {context.typed(one['command'])}")
    if len(waiting) > MOST_SHOWN:
        lines.append(f"  … and {len(waiting) - MOST_SHOWN} more: {context.typed('gazette register due')}")
    return lines
