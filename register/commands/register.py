"""The group `gazette register`."""

import click

from register.commands.checking import check_command
from register.commands.flags import flags_command
from register.commands.history import history_command, rebuild_command
from register.commands.importing import import_command
from register.commands.listing import list_command, show_command


@click.group("register")
def register_commands() -> None:
    """The register of data-sharing agreements: list, show, check, import, flags, history and rebuild.

    Example: gazette register list
    """


register_commands.add_command(list_command)
register_commands.add_command(show_command)
register_commands.add_command(check_command)
register_commands.add_command(import_command)
register_commands.add_command(flags_command)
register_commands.add_command(history_command)
register_commands.add_command(rebuild_command)
