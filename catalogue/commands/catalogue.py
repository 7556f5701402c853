"""The group `gazette catalogue`."""

import click

from catalogue.commands.catalogue_export import export_command
from catalogue.commands.catalogue_harvest import harvest_commands
from catalogue.commands.catalogue_import import import_command
from catalogue.commands.catalogue_keeping import add_command, revise_command, withdraw_command
from catalogue.commands.catalogue_search import search_command
from catalogue.commands.catalogue_show import show_command
from catalogue.commands.catalogue_synonyms import synonyms_commands
from catalogue.commands.reindexing import reindex_command


@click.group("catalogue")
def catalogue_commands() -> None:
    """The catalogue of datasets: search, show, add, revise, withdraw, import, export, harvest.

    Example: gazette catalogue search "school exclusions"
    """


for command in (
    search_command,
    show_command,
    add_command,
    revise_command,
    withdraw_command,
    import_command,
    export_command,
    harvest_commands,
    reindex_command,
    synonyms_commands,
):
    catalogue_commands.add_command(command)
