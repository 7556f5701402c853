"""Bringing the search index up to date after a command has changed records."""

import click

from catalogue.commands.context import CommandContext
from catalogue.search.engine import SearchUnavailable
from catalogue.search.indexer import drain


def index_now(context: CommandContext) -> None:
    """Take what waits in the outbox into the index, silently. Where another process holds the index, it does that.

    An index that cannot be used takes nothing away from what was recorded: it is told, and the changes wait.
    """
    try:
        drain(context.database, context.index, context.clock)
    except SearchUnavailable as error:
        click.echo(f"Warning: the records are kept, but not yet found by search: {error}", err=True)
