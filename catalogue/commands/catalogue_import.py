"""`gazette catalogue import` and `gazette catalogue add`: datasets from files."""

from collections.abc import Callable, Mapping
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.exits import Exit
from catalogue.commands.indexing import index_now
from catalogue.commands.output import format_option
from catalogue.commands.progress import in_small_batches, report_outcomes, run_outcomes
from catalogue.contacts import contact_numbered
from catalogue.datasets.importing import Feed, import_dataset, import_datasets
from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.record import check_dataset
from catalogue.formats.ckan_feed import read_ckan
from catalogue.formats.data_json_feed import read_data_json
from catalogue.formats.dcat_feed import read_dcat
from catalogue.formats.uk_model_feed import read_uk_model
from catalogue.slugs import slug_of
from schemas.canonical import Json
from schemas.errors import InvalidInput, Refused
from schemas.outcomes import Action
from schemas.problems import errors_in
from schemas.reading import Read
from schemas.record_file import FileRecord, read_record_file

_READERS: Mapping[str, Callable[[bytes, str, str], Feed]] = {
    "ckan": read_ckan,
    "data-json": read_data_json,
    "dcat": read_dcat,
    "uk-model": read_uk_model,
}
_OWN = "own"
"""The source of datasets that are added one by one."""

_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.command("import")
@_file
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


@click.command("add")
@_file
@with_context
def add_command(context: CommandContext, file: Path) -> None:
    """Add one dataset from a YAML or JSON file in this catalogue's own form.

    “gazette catalogue show ID --format json” shows the form on a dataset that is here (its member “document”). Every
    problem is told, with its line. A dataset that is here already is not added again.

    Example: gazette catalogue add dataset.yaml
    """
    records = read_record_file(file.read_bytes(), file.name)
    if len(records) > 1:
        raise InvalidInput(f"{file} holds {len(records)} records.", "Give one dataset in each file.")
    document = _checked(file, records[0])
    if document is None:
        raise SystemExit(Exit.INVALID)
    read = Read(records[0].place, document.get("identifier") or slug_of(document["title"]), document)
    with context.database.write() as session:
        _require_new(session, read)
        outcome = import_dataset(session, context.actor, read, _OWN, context.clock, context.ids)
    index_now(context)
    for problem in outcome.problems:
        click.echo(f"{problem.severity.capitalize()}: {file}: {problem}", err=True)
    if outcome.action is Action.REFUSED:
        raise SystemExit(Exit.INVALID)
    for note in outcome.notes:
        click.echo(f"Note: {file}: {note}", err=True)
    click.echo(f"Added “{outcome.title}”.", err=True)
    click.echo(outcome.address)


def _require_new(session: Session, read: Read) -> None:
    """Refuse a dataset that is here already, and one whose contact is written out instead of pointed to."""
    held = session.scalar(select(CataloguedResource).where(CataloguedResource.identifier == read.identifier).limit(1))
    if held is not None:
        raise Refused(
            f"“{held.title}” ({read.identifier}) is in the catalogue already, at {held.address}.",
            "Nothing was added. Give a new dataset an identifier of its own.",
        )
    contact = (read.document or {}).get("contactPoint")
    if contact is not None and contact_numbered(session, contact) is None:
        raise InvalidInput(
            f"There is no contact with the number “{contact}”.",
            "Leave contactPoint out: a record that cannot be changed must not name a person.",
        )


def _checked(file: Path, record: FileRecord) -> Json | None:
    """The record if it conforms; None after telling every problem it has, in the order of its lines."""
    for note in record.cleanings:
        click.echo(f"Note: {file}: cleaned: {note}", err=True)
    if not isinstance(record.value, dict):
        raise InvalidInput(f"{file} holds no dataset.", "A dataset is a group of fields, each with name and value.")
    found = [(record.line_of(problem.pointer), problem) for problem in check_dataset(record.value)]
    for line, problem in sorted(found, key=lambda item: item[0] or 0):
        where = f"{file}, line {line}" if line else str(file)
        click.echo(f"{problem.severity.capitalize()}: {where}: {problem}", err=True)
    return None if errors_in(problem for _, problem in found) else record.value
