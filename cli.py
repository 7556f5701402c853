"""The command `gazette`: composes the groups, nothing else."""

from pathlib import Path

import click

from catalogue.commands.catalogue import catalogue_commands
from catalogue.commands.context import CommandContext, Place
from catalogue.commands.exits import Program
from catalogue.commands.organisations import organisations_commands
from catalogue.datasets.search_documents import DatasetDocuments
from register.agreements.search_documents import AgreementDocuments
from register.commands.powers import powers_commands
from register.commands.register import register_commands
from web.commands.accounts import accounts_commands
from web.commands.doctor import doctor_command
from web.commands.lending import WebAbove
from web.commands.making import database_commands, init_command, settings_command
from web.commands.serving import demo_command, serve_command
from web.commands.signing_in import login_command, logout_command, whoami_command


@click.group("gazette", cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="data-gazette", prog_name="gazette")
@click.option("--data", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="The data folder.")
@click.option("--server", metavar="URL", help="Work on this server (or GAZETTE_SERVER) instead of the data folder.")
@click.option(
    "--token-file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the token for the server (or GAZETTE_TOKEN, or “gazette login”).",
)
@click.option("--as", "account", metavar="ACCOUNT", help="Act as this account, on the data folder.")
@click.pass_context
def main(
    context: click.Context, data: Path | None, server: str | None, token_file: Path | None, account: str | None
) -> None:
    """Data Gazette: which datasets government holds, and whom it shares them with.

    Example: gazette demo
    """
    context.obj = CommandContext(
        data=data,
        sources=(DatasetDocuments(), AgreementDocuments()),
        above=WebAbove(),
        place=Place(server, token_file, account),
    )


for command in (
    init_command,
    doctor_command,
    settings_command,
    database_commands,
    serve_command,
    demo_command,
    organisations_commands,
    accounts_commands,
    login_command,
    logout_command,
    whoami_command,
    powers_commands,
    catalogue_commands,
    register_commands,
):
    main.add_command(command)


if __name__ == "__main__":
    main()
