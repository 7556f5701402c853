"""`gazette organisations`: who publishes, sends and receives data."""

from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.exits import Exit
from catalogue.commands.indexing import index_now
from catalogue.commands.organisations_keeping import add_command, alias_command
from catalogue.commands.output import format_option, record_format_option, write_listing, write_record
from catalogue.commands.progress import in_small_batches, report_outcomes, run_outcomes
from catalogue.datasets.read import datasets_of
from catalogue.formats.organisations_csv import COLUMNS, read_organisations_csv
from catalogue.formats.organisations_rsf import read_organisations_rsf
from catalogue.organisations.importing import import_organisations
from catalogue.organisations.models import Organisation
from catalogue.organisations.record import find_organisation
from catalogue.organisations.telling import names_changed
from schemas.canonical import Json
from schemas.codelists import codelist, title_of
from schemas.outcomes import Action

_COLUMNS = (
    ("slug", "Short name"),
    ("name", "Name"),
    ("kindTitle", "Kind"),
    ("jurisdiction", "Country"),
    ("identifiers", "Numbers"),
    ("endedOn", "Ended"),
)


@click.group("organisations")
def organisations_commands() -> None:
    """Organisations: list, show, add and import them; give them other names.

    Example: gazette organisations list --kind department
    """


organisations_commands.add_command(add_command)
organisations_commands.add_command(alias_command)


@organisations_commands.command("list")
@click.option("--kind", type=click.Choice(list(codelist("organisation-kind"))), help="Only organisations of this kind.")
@click.option("--jurisdiction", metavar="CODE", help="Only those of this country or part of one: GB, GB-WLS, US.")
@format_option
@with_context
def list_command(context: CommandContext, kind: str | None, jurisdiction: str | None, output_format: str) -> None:
    """List the organisations of the catalogue, by name.

    Example: gazette organisations list --jurisdiction GB-WLS --format csv
    """
    query = select(Organisation).options(selectinload(Organisation.identifiers)).order_by(Organisation.name)
    if kind:
        query = query.where(Organisation.kind == kind)
    if jurisdiction:
        place = jurisdiction.upper()
        query = query.where(
            (Organisation.jurisdiction == place) | Organisation.jurisdiction.startswith(f"{place}-", autoescape=True)
        )
    with context.database.read() as session:
        rows = [_row(body) for body in session.scalars(query.order_by(Organisation.id))]
    write_listing(output_format, _COLUMNS, rows)


def _row(body: Organisation) -> Json:
    return {
        "slug": body.slug,
        "name": body.name,
        "kind": body.kind,
        "kindTitle": title_of("organisation-kind", body.kind) if body.kind else None,
        "jurisdiction": body.jurisdiction,
        "identifiers": [f"{number.scheme}:{number.value}" for number in body.identifiers],
        "website": body.website,
        "startedOn": body.started_on,
        "endedOn": body.ended_on,
        "address": f"/organisations/{body.slug}",
    }


@organisations_commands.command("show")
@click.argument("organisation", metavar="NAME")
@record_format_option
@with_context
def show_command(context: CommandContext, organisation: str, output_format: str) -> None:
    """Show one organisation, by its short name, id, a number (LIST:NUMBER) or its name.

    Example: gazette organisations show government-organisation:D4
    """
    with context.database.read() as session:
        shown = _shown(session, find_organisation(session, organisation))
    write_record(output_format, shown, "\n".join(_text(shown)))


def _shown(session: Session, body: Organisation) -> Json:
    names = [{"name": name.name, "language": name.language} for name in body.names if name.name != body.name]
    return {
        "id": body.id,
        **_row(body),
        "otherNames": names,
        "area": body.area,
        "parent": {"slug": body.parent.slug, "name": body.parent.name} if body.parent else None,
        "datasets": [{"title": held.title, "address": held.address} for held in datasets_of(session, body)],
    }


def _text(shown: Json) -> list[str]:
    parent = shown["parent"]
    stated = (
        ("Kind", shown["kindTitle"]),
        ("Country", shown["jurisdiction"]),
        ("Area", shown["area"]),
        ("Part of", f"{parent['name']} ({parent['slug']})" if parent else None),
        ("Also called", ", ".join(name["name"] for name in shown["otherNames"])),
        ("Numbers", ", ".join(shown["identifiers"])),
        ("Website", shown["website"]),
        ("Began", shown["startedOn"]),
        ("Ended", shown["endedOn"]),
        ("Address here", shown["address"]),
    )
    lines = [shown["name"], "=" * len(shown["name"]), ""]
    lines += [f"{label:<14}{value}" for label, value in stated if value]
    if shown["datasets"]:
        lines += ["", f"Datasets ({len(shown['datasets'])})"]
        lines += [f"- {held['title']}\n  {held['address']}" for held in shown["datasets"]]
    return lines


_CSV_HELP = "\b\nColumns of a CSV file, in any order:\n" + "\n".join(
    f"  {name:<14}{meaning}" for name, meaning in COLUMNS.items()
)


@organisations_commands.command("import", epilog=_CSV_HELP)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "source_format", type=click.Choice(["rsf", "csv"]), required=True, help="What the file is.")
@format_option
@with_context
def import_command(context: CommandContext, file: Path, source_format: str, output_format: str) -> None:
    """Take organisations in from a register (RSF) or a CSV file.

    A second import of the same file changes nothing. What a file does not state is left as it was. What cannot be
    taken is named, with what to do; the rest is taken.

    Example: gazette organisations import local-authority-eng.rsf --from rsf
    """
    data = file.read_bytes()
    if source_format == "rsf":
        reads, problems = read_organisations_rsf(data, file.name)
    else:
        reads, problems = read_organisations_csv(data, file.name), ()
    work = in_small_batches(
        context.database, lambda session: import_organisations(session, reads, context.clock, context.ids)
    )
    outcomes = run_outcomes(f"Importing {file.name}", len(reads), work)
    if any(outcome.action in {Action.ADDED, Action.CHANGED} for outcome in outcomes):
        with context.database.write() as session:
            names_changed(session, context.clock)
    index_now(context)
    code = report_outcomes(file, output_format, outcomes)
    for problem in problems:
        click.echo(f"Error: {file}: {problem}", err=True)
    raise SystemExit(Exit.INVALID if problems else code)
