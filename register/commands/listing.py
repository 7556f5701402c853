"""`gazette register list` and `gazette register show`."""

from pathlib import Path

import click

from catalogue.commands.context import CommandContext
from catalogue.commands.output import format_option, record_format_option, write_listing, write_record
from register.api import RegisterApi
from register.commands.agreement_text import agreement_text, draft_text
from register.commands.connection import with_register
from register.commands.files import yaml_text
from register.lifecycle.drafts import is_draft_id
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.upgrades import upgrade

_COLUMNS = (
    ("id", "Number"),
    ("state", "State"),
    ("title", "Title"),
    ("parties", "Parties"),
    ("effectiveFrom", "From"),
    ("endsOn", "Until"),
)


@click.command("list")
@click.option(
    "--state", type=click.Choice(list(codelist("agreement-state"))), help="Only agreements in this state today."
)
@click.option("--organisation", metavar="NAME", help="Only agreements with a party of this short name.")
@format_option
@with_register
def list_command(
    _context: CommandContext, api: RegisterApi, state: str | None, organisation: str | None, output_format: str
) -> None:
    """List the agreements of the register.

    Example: gazette register list --state ended --format csv
    """
    write_listing(output_format, _COLUMNS, api.agreements(state=state, organisation=organisation))


@click.command("show")
@click.argument("name", metavar="ID")
@click.option("--version", "number", type=click.IntRange(min=1), help="This version instead of the newest.")
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the deal into this new file (YAML), to change it and then amend or correct the record with it.",
)
@record_format_option
@with_register
def show_command(
    context: CommandContext, api: RegisterApi, name: str, number: int | None, file: Path | None, output_format: str
) -> None:
    """Show one agreement, by its number or by SCHEME:NUMBER of another list; or a draft of your organisation.

    Example: gazette register show dg-3 --version 1
    """
    if is_draft_id(name):
        shown = api.draft(name)
        text = draft_text(shown)
    else:
        shown = api.agreement(name, number)
        text = agreement_text(shown)
    if file is None:
        write_record(output_format, shown, text)
    else:
        _write_file(context, file, shown)


def _write_file(context: CommandContext, file: Path, shown: Json) -> None:
    if file.exists():
        raise click.UsageError(f"{file} is there already. Name another file, or move it away.")
    held = shown["id"] if "revision" in shown else f"{shown['id']}, version {shown['version']}"
    file.write_text(yaml_text(upgrade(shown["document"]), held), encoding="utf-8")
    click.echo(f"Wrote {held} to {file}. Change it there; then one of:")
    commands = [f"submit {file} --draft {shown['id']}"]
    if "revision" not in shown:
        commands = [
            f'{command} {shown["id"]} {file} --from-version {shown["version"]} --reason "{why}"'
            for command, why in (("amend", "WHY THE DEAL CHANGES"), ("correct", "WHAT WAS WRONG"))
        ]
    for command in commands:
        click.echo(f"  {context.typed(f'gazette register {command}')}")
