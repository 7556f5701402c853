"""`gazette register flags` and `due`: what the records say of themselves, and what waits for whom."""

import click

from catalogue.commands.context import CommandContext
from catalogue.commands.output import format_option, write_listing
from register.api import RegisterApi
from register.commands.connection import with_register

_FLAGS = (
    ("agreement", "Agreement"),
    ("version", "Version"),
    ("flag", "Flag"),
    ("value", "Value"),
    ("sentence", "What it says"),
)
_DUE = (
    ("due", "By"),
    ("agreement", "Agreement"),
    ("who", "Who"),
    ("sentence", "What"),
    ("command", "Next command"),
)


@click.command("flags")
@click.argument("name", metavar="[ID]", required=False)
@click.option(
    "--as-of",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="As the source’s register stood on this day (YYYY-MM-DD) instead of today.",
)
@format_option
@with_register
def flags_command(
    _context: CommandContext, api: RegisterApi, name: str | None, as_of: object, output_format: str
) -> None:
    """List what the record says of itself: registered late, no recipient, extended after its end and so on.

    Flags are computed from the events when asked for; a row for each flag raised.

    Example: gazette register flags --format csv
    """
    write_listing(output_format, _FLAGS, api.flags(name, str(as_of)[:10] if as_of else None))


@click.command("due")
@click.option(
    "--within",
    type=click.IntRange(min=0, max=36_500),
    metavar="DAYS",
    help="Only what is due within so many days, what is overdue and what has no day included.",
)
@click.option("--organisation", metavar="NAME", help="For this organisation (short name) instead of your own.")
@click.option("--all", "everybody", is_flag=True, help="For every organisation.")
@format_option
@with_register
def due_command(
    _context: CommandContext,
    api: RegisterApi,
    within: int | None,
    organisation: str | None,
    *,
    everybody: bool,
    output_format: str,
) -> None:
    """List what is due, overdue first: versions to confirm, disputes to answer, reviews, ends, data to destroy.

    For your own organisation; for all of them where you act for none.

    Example: gazette register due --within 90
    """
    if organisation is None and not everybody:
        own = api.whoami()["organisation"]
        organisation = own["slug"] if own else None
    write_listing(output_format, _DUE, api.due(organisation=organisation, within=within))
