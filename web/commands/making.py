"""`gazette init`, `gazette db upgrade` and `gazette settings`: making an installation and bringing it up to date."""

import os
import re

import click
from sqlalchemy import make_url

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.output import format_option, write_listing
from register.agreements.events import DEFAULT_PREFIX, open_register
from schemas.database.upgrade import current_revision, head_revision, upgrade
from schemas.settings import VARIABLES

_PREFIX = re.compile(r"[a-z][a-z0-9]{0,15}")


def make_installation(context: CommandContext, prefix: str) -> None:
    """Make or complete the data folder: database, register and index. Safe to run again."""
    upgrade(context.unchecked_database)
    with context.database.write() as session:
        open_register(session, prefix)
    context.index.writer().close()


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
@with_context
def init_command(context: CommandContext, prefix: str) -> None:
    """Make a data folder: the database, an empty register and an empty search index.

    Run again, it completes what is missing and changes nothing else.

    Example: gazette --data /srv/gazette init --prefix uk
    """
    make_installation(context, prefix)
    click.echo(f"The data folder {context.settings.data} is ready. Agreements are numbered {prefix}-1, {prefix}-2 …")
    click.echo("Next: gazette doctor, then gazette catalogue import or gazette register import.", err=True)


@click.group("db")
def database_commands() -> None:
    """The database.

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
    if before == head_revision():
        click.echo(f"The database is up to date ({before}).")
    else:
        click.echo(f"The database was brought from {before or 'nothing'} to {head_revision()}.")


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
        "GAZETTE_RECORDS_LICENCE": settings.records_licence,
        "GAZETTE_WORKERS": str(settings.workers),
        "GAZETTE_PUBLIC_URL": settings.site_address,
        "GAZETTE_SERVER": os.environ.get("GAZETTE_SERVER", ""),
        "GAZETTE_TOKEN": "(hidden)" if os.environ.get("GAZETTE_TOKEN") else "",
    }
    rows = [
        {"variable": name, "value": values[name], "set": name in os.environ, "meaning": meaning}
        for name, meaning in VARIABLES.items()
    ]
    columns = (("variable", "Variable"), ("value", "Value"), ("set", "Set"), ("meaning", "Meaning"))
    write_listing(output_format, columns, rows)
