"""`gazette catalogue reindex`."""

from contextlib import closing

import click

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.indexing import index_now
from catalogue.commands.progress import progress_bar
from catalogue.search.engine import IndexBusy
from catalogue.search.indexer import reindex
from catalogue.search.suggest_rows import refill
from schemas.errors import Refused


@click.command("reindex")
@click.option("--fresh", is_flag=True, help="Begin anew, whatever an earlier run that was cut short has left.")
@with_context
def reindex_command(context: CommandContext, *, fresh: bool) -> None:
    """Build the search index anew from the database. Searches go on with the old one until the new one is ready.

    A run that was cut short is gone on with, unless names or this program have changed since. What is suggested to who
    types is compared with the records too.

    Example: gazette catalogue reindex
    """
    try:
        with closing(reindex(context.database, context.index, context.sources, fresh=fresh)) as stages:
            stage = next(stages)
            if stage.kept:
                click.echo(f"Going on from {stage.kept:,} of {stage.total:,}.", err=True)
            with progress_bar("Indexing", stage.total) as advance:
                done = 0
                while not stage.finished:
                    advance(stage.done - done)
                    done = stage.done
                    stage = next(stages)
    except IndexBusy:
        raise Refused(
            "Another process writes to the search index at this moment.", "Wait until it is done, then run it again."
        ) from None
    index_now(context)
    with progress_bar("Suggestions", stage.done) as advance:
        for count in refill(context.database, context.sources):
            advance(count)
    click.echo(f"{stage.done:,} record{'' if stage.done == 1 else 's'} indexed.")
