"""`gazette catalogue add`, `revise` and `withdraw`: single datasets, by hand."""

from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.exits import Exit
from catalogue.commands.indexing import index_now
from catalogue.datasets.keeping import OWN, add_dataset, revise_dataset, withdraw_by_hand
from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.read import find_dataset
from catalogue.datasets.record import check_dataset
from catalogue.harvest.models import HarvestSource
from catalogue.slugs import slug_of
from schemas.canonical import Json
from schemas.errors import InvalidInput
from schemas.outcomes import Action, Outcome
from schemas.problems import errors_in
from schemas.reading import Read
from schemas.record_file import FileRecord, read_record_file

_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.command("add")
@_file
@click.option("--restore", is_flag=True, help="Bring back the withdrawn dataset that has the file’s identifier.")
@with_context
def add_command(context: CommandContext, file: Path, *, restore: bool) -> None:
    """Add one dataset from a YAML or JSON file in this catalogue's own form.

    “gazette catalogue show ID --format json” shows the form on a dataset that is here (its member “document”). Every
    problem is told, with its line. A dataset that is here already is not added again: “gazette catalogue revise”
    changes it.

    Example: gazette catalogue add dataset.yaml
    """
    given = _read(file)
    with context.database.write() as session:
        outcome = add_dataset(session, context.actor, given.read, context.clock, context.ids, restore=restore)
    index_now(context)
    _tell_problems(file, outcome)
    done = "Restored" if outcome.action is Action.RESTORED else "Added"
    click.echo(f"{done} “{outcome.title}”.", err=True)
    click.echo(outcome.address)


@click.command("revise")
@click.argument("dataset_id", metavar="ID")
@_file
@click.option(
    "--from-revision",
    type=click.IntRange(min=1),
    metavar="N",
    help="The revision that the file was made from: refused where the dataset has gone on since.",
)
@with_context
def revise_command(context: CommandContext, dataset_id: str, file: Path, from_revision: int | None) -> None:
    """Give a dataset a new revision: FILE holds the whole record as it is to be, in the form that “add” takes.

    ID is its short name, id, identifier or address. What “gazette catalogue show ID --format json” wrote is taken as
    it is too, and then refused where the dataset has gone on since. Every problem is told, with its line; the same
    content changes nothing. For a registrar, or an approver of the body that publishes it.

    Example: gazette catalogue revise bridge-inspections dataset.yaml
    """
    with context.database.read() as session:
        find_dataset(session, dataset_id)  # the wrong dataset is told before the problems of the file
    given = _read(file)
    with context.database.write() as session:
        resource = find_dataset(session, dataset_id)
        outcome = revise_dataset(
            session,
            context.actor,
            resource,
            given.read,
            context.clock,
            context.ids,
            from_revision=from_revision or given.revision,
        )
        revision = resource.revision
        comes_back = _comes_back(session, resource)
    index_now(context)
    _tell_problems(file, outcome)
    if outcome.action is Action.UNCHANGED:
        click.echo(f"“{outcome.title}” says this already: nothing was changed.", err=True)
    else:
        click.echo(f"“{outcome.title}” is now at revision {revision}.", err=True)
        if comes_back:
            click.echo(f"Note: {comes_back}, it says again what it says there.", err=True)
    click.echo(outcome.address)


@click.command("withdraw")
@click.argument("dataset_id", metavar="ID")
@click.option("--reason", metavar="TEXT", required=True, help="Why; everyone can read it, so it must name no person.")
@with_context
def withdraw_command(context: CommandContext, dataset_id: str, reason: str) -> None:
    """Withdraw a dataset: search and exports have it no more; its address answers with its last record.

    ID is its short name, id, identifier or address. For a registrar, or an approver of the body that publishes it.

    Example: gazette catalogue withdraw bridge-inspections --reason "Wrong"
    """
    with context.database.write() as session:
        resource = find_dataset(session, dataset_id)
        withdraw_by_hand(session, context.actor, resource, reason, context.clock)
        title, address = resource.title, resource.address
        comes_back = _comes_back(session, resource)
        referring = [f"{reference.title} ({reference.address})" for reference in resource.references]
    index_now(context)
    click.echo(f"Withdrew “{title}”. Its address goes on to answer, with its last record and the reason.", err=True)
    if comes_back:
        click.echo(f"Note: {comes_back}, it comes back.", err=True)
    for one in referring:
        click.echo(f"Note: it is still named by {one}.", err=True)
    click.echo(address)


def _comes_back(session: Session, resource: CataloguedResource) -> str:
    """When a dataset that came from elsewhere becomes again what it is there; "" for one that was added here."""
    if resource.source == OWN:
        return ""
    sites = session.scalars(select(HarvestSource)).all()
    site = next((site for site in sites if site.key == resource.source), None)
    if site is None:
        return f"It came from the source “{resource.source}”: when a file of it in which it stands is imported"
    return f"It was harvested from {site.url}: when “gazette catalogue harvest run {site.name}” finds it there"


@dataclass(frozen=True, slots=True)
class _Given:
    """The record of a file that conforms, and the revision it says it was made from."""

    read: Read
    revision: int | None


def _read(file: Path) -> _Given:
    """The one record of a file. Ends the command after telling every problem it has. Raises InvalidInput."""
    records = read_record_file(file.read_bytes(), file.name)
    if len(records) > 1:
        raise InvalidInput(f"{file} holds {len(records)} records.", "Give one dataset in each file.")
    record = records[0]
    for note in record.cleanings:
        click.echo(f"Note: {file}: cleaned: {note}", err=True)
    if not isinstance(record.value, dict):
        raise InvalidInput(f"{file} holds no dataset.", "A dataset is a group of fields, each with name and value.")
    document, revision, inside = record.value, None, ""
    if isinstance(document.get("document"), dict) and isinstance(document.get("revision"), int):
        document, revision, inside = document["document"], document["revision"], "/document"  # as `show` writes it
    if not _conforms(file, record, document, inside):
        raise SystemExit(Exit.INVALID)
    return _Given(Read(record.place, document.get("identifier") or slug_of(document["title"]), document), revision)


def _conforms(file: Path, record: FileRecord, document: Json, inside: str) -> bool:
    """Whether a record conforms, after telling every problem it has, in the order of its lines."""
    found = [(record.line_of(inside + problem.pointer), problem) for problem in check_dataset(document)]
    for line, problem in sorted(found, key=lambda item: item[0] or 0):
        where = f"{file}, line {line}" if line else str(file)
        click.echo(f"{problem.severity.capitalize()}: {where}: {problem}", err=True)
    return not errors_in(problem for _, problem in found)


def _tell_problems(file: Path, outcome: Outcome) -> None:
    """Tell what is to be said of the record. Ends the command where it was refused."""
    for problem in outcome.problems:
        click.echo(f"{problem.severity.capitalize()}: {file}: {problem}", err=True)
    if outcome.action is Action.REFUSED:
        raise SystemExit(Exit.INVALID)
    for note in outcome.notes:
        click.echo(f"Note: {file}: {note}", err=True)
