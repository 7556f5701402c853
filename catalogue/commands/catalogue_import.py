"""`gazette catalogue import`: datasets from the files of others."""

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.indexing import index_now
from catalogue.commands.output import format_option
from catalogue.commands.progress import in_small_batches, report_outcomes, run_outcomes
from catalogue.datasets.importing import Feed, import_datasets
from catalogue.formats.ckan_feed import read_ckan
from catalogue.formats.data_json_feed import read_data_json
from catalogue.formats.dcat_feed import read_dcat
from catalogue.formats.uk_model_feed import read_uk_model

_READERS: Mapping[str, Callable[[bytes, str, str], Feed]] = {
    "ckan": read_ckan,
    "data-json": read_data_json,
    "dcat": read_dcat,
    "uk-model": read_uk_model,
}


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "source_format", type=click.Choice(list(_READERS)), required=True, help="What the file is.")
@click.option(
    "--source",
    metavar="NAME",
    default="",
    help="Whose feed it is: with a record's identifier the key by which the next import knows it again. "
    "Default: the feed's own address, else the body that publishes most of it.",
)
@format_option
@with_context
def import_command(context: CommandContext, file: Path, source_format: str, source: str, output_format: str) -> None:
    """Take datasets in from a file: a data.json feed (DCAT-US 1.1), packages of a CKAN site, DCAT in RDF, or records
    of the UK Cross-Government Metadata Exchange Model (YAML or JSON).

    A second import of the same file changes nothing. What cannot be taken is named, with what to do; the rest is
    taken.

    Example: gazette catalogue import data.json --from data-json
    """
    feed = _READERS[source_format](file.read_bytes(), file.name, source.strip())
    click.echo(f"The records of {file.name} are kept under the source “{feed.source}”.", err=True)
    work = in_small_batches(
        context.database,
        lambda session: import_datasets(session, context.actor, feed, context.clock, context.ids),
    )
    outcomes = run_outcomes(f"Importing {file.name}", len(feed.reads), work)
    index_now(context)
    raise SystemExit(report_outcomes(file, output_format, outcomes))
