"""`gazette init`, `gazette db upgrade` and `gazette settings`: making an installation and bringing it up to date."""

import os
import re

import click
from sqlalchemy import make_url

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.output import format_option, write_listing
from register.agreements.events import DEFAULT_PREFIX, locked_head, open_register
from register.agreements.models import RegisterHead
from register.log.checkpoints import Standing, add_first_key, catch_up_all, public_keys, standing_of
from register.log.signing import DEFAULT_ORIGIN, make_key_file, origin_for, read_key_file, require_origin
from schemas.database.upgrade import current_revision, head_revision, upgrade
from schemas.errors import InvalidInput, Refused
from schemas.settings import VARIABLES
from web.commands.backups import backup_command, restore_command

_PREFIX = re.compile(r"[a-z][a-z0-9]{0,15}")


def make_installation(context: CommandContext, prefix: str, origin: str | None = None) -> Standing:
    """Make or complete the data folder: database, register, its log with a key, and index. Safe to run again.

    Without `origin` a log that has no name yet is called after the public address.
    """
    database = context.unchecked_database
    upgrade(database)
    with database.write() as session:
        head = open_register(session, prefix, origin)
        if head.origin is None:
            head.origin = origin_for(context.settings.public_url)
        name = head.origin
    catch_up_all(database, context.clock)
    _make_key(context, name)
    context.index.writer().close()
    with database.read() as session:
        return standing_of(session)


def _make_key(context: CommandContext, origin: str) -> None:
    """The log's first key, where it has none: made here, or left here by a first attempt that did not end."""
    path = context.settings.log_key_path
    with context.database.write() as session:
        locked_head(session)
        if public_keys(session):
            return
        signer = read_key_file(path)[0] if path.exists() else make_key_file(path, origin, context.randomness)
        if signer.name != origin:
            raise Refused(f"The key in {path} is that of another log: {signer.name}.", "Move it away, or name it.")
        add_first_key(session, signer.verifier.vkey, context.clock)


def _checked_origin(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return require_origin(value)
    except InvalidInput as error:
        raise click.BadParameter(error.advice) from None


def _checked_prefix(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if not _PREFIX.fullmatch(value):
        raise click.BadParameter("write at most 16 small letters and digits, a letter first, for example uk")
    return value


@click.command("init")
@click.option(
    "--prefix",
    default=DEFAULT_PREFIX,
    show_default=True,
    callback=_checked_prefix,
    help="What the numbers of agreements begin with; fixed for ever.",
)
@click.option(
    "--origin",
    metavar="NAME",
    callback=_checked_origin,
    help="The name of the register’s log, an address of yours without https://; fixed for ever.",
)
@with_context
def init_command(context: CommandContext, prefix: str, origin: str | None) -> None:
    """Make a data folder: the database, an empty register, the key that signs its log, and an empty search index.

    Run again, it completes what is missing and changes nothing else.

    Example: gazette --data /srv/gazette init --prefix uk --origin data.example.gov.uk/register
    """
    log = make_installation(context, prefix, origin)
    key = context.settings.log_key_path
    click.echo(f"The data folder {context.settings.data} is ready. Agreements are numbered {prefix}-1, {prefix}-2 …")
    click.echo(f"The register’s log is called {log.origin}.")
    if key.exists():
        click.echo(f"Its key is {key}. Keep a copy of it apart from the database; whoever has it can sign the log.")
    else:
        click.echo("Its key is not on this machine, so nothing is signed here.")
    if log.origin == DEFAULT_ORIGIN and origin is None:
        click.echo("Warning: that name is for trials. A real register names its log: --origin, at the start.", err=True)
    click.echo("Next: gazette doctor, then gazette catalogue import or gazette register import.", err=True)


@click.group("db")
def database_commands() -> None:
    """The database: bring it up to date, back it up, put a backup in place.

    Example: gazette db upgrade
    """


@database_commands.command("upgrade")
@with_context
def upgrade_command(context: CommandContext) -> None:
    """Bring the database to the form that this version of the program works on.

    Example: gazette db upgrade
    """
    database = context.unchecked_database
    before = current_revision(database)
    upgrade(database)
    entered = catch_up_all(database, context.clock)
    if before == head_revision():
        click.echo(f"The database is up to date ({before}).")
    else:
        click.echo(f"The database was brought from {before or 'nothing'} to {head_revision()}.")
    if entered:
        click.echo(f"{entered:,} events from before the log got their entries in it.")
    with database.read() as session:
        keyless = session.get(RegisterHead, 1) is not None and not public_keys(session)
    if keyless:
        click.echo("Next: gazette init, which makes the key that signs the log.", err=True)


database_commands.add_command(backup_command)
database_commands.add_command(restore_command)


@click.command("settings")
@format_option
@with_context
def settings_command(context: CommandContext, output_format: str) -> None:
    """List every setting: its variable, its value now, and what it means.

    Example: gazette settings --format json
    """
    settings = context.settings
    values = {
        "GAZETTE_DATA": str(settings.data),
        "GAZETTE_DATABASE_URL": make_url(settings.database_url).render_as_string(hide_password=True),
        "GAZETTE_SERVICE_NAME": settings.service_name,
        "GAZETTE_PUBLISHER": settings.publisher,
        "GAZETTE_RECORDS_LICENCE": settings.records_licence,
        "GAZETTE_WORKERS": str(settings.workers),
        "GAZETTE_PUBLIC_URL": settings.site_address,
        "GAZETTE_LOG_KEY": str(settings.log_key_path),
        "GAZETTE_SEARCH_ENGINE": settings.search_engine,
        "GAZETTE_SEARCH_URL": settings.search_url_shown,
        "GAZETTE_SERVER": os.environ.get("GAZETTE_SERVER", ""),
        "GAZETTE_TOKEN": "(hidden)" if os.environ.get("GAZETTE_TOKEN") else "",
    }
    rows = [
        {"variable": name, "value": values[name], "set": name in os.environ, "meaning": meaning}
        for name, meaning in VARIABLES.items()
    ]
    columns = (("variable", "Variable"), ("value", "Value"), ("set", "Set"), ("meaning", "Meaning"))
    write_listing(output_format, columns, rows)
