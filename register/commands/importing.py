"""`gazette register import`: agreements from another register's file."""

from collections.abc import Sequence
from pathlib import Path

import click

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.indexing import index_now
from catalogue.commands.output import format_option
from catalogue.commands.progress import in_small_batches, report_outcomes, run_outcomes
from catalogue.formats.organisations_rsf import lists_organisations, organisations_in
from catalogue.formats.rsf import RsfRegister, entries_by_key, read_rsf
from register.checks.reading import HandedIn, read_handed_in
from register.formats.csv_tables import read_csv_tables
from register.formats.json_records import deal_in_json
from register.formats.rsf import POWERS_REGISTER
from register.formats.tables_reading import TableRecord
from register.formats.workbook_reading import read_workbook
from register.importing import (
    CodeTables,
    Importer,
    import_documents,
    import_rsf,
    import_tables,
)
from register.importing_tables import document_identifier
from schemas.errors import InvalidInput
from schemas.outcomes import Outcome
from schemas.problems import Problem
from schemas.reading import Read


@click.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--from",
    "source_format",
    type=click.Choice(["rsf", "json", "csv", "xlsx"]),
    required=True,
    help="What the file is. CSV is a folder of tables, or a zip of them.",
)
@click.option(
    "--organisations",
    "tables",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A register (RSF) that says what codes mean; may be repeated. Default: the other RSF files in the folder.",
)
@format_option
@with_context
def import_command(
    context: CommandContext, file: Path, source_format: str, tables: tuple[Path, ...], output_format: str
) -> None:
    """Take agreements in from a file: a register in RSF with its whole history, or records of ours.

    Records of ours are JSON, JSON Lines or YAML, a spreadsheet (XLSX) such as “gazette register new --xlsx” makes, or
    a folder or zip of CSV tables. Each agreement is taken whole or not at all. A second import of the same file changes
    nothing. What cannot be taken is named, with its line or cell and what to do; the rest is taken.

    Example: gazette register import information-sharing-agreement-0001.rsf --from rsf
    """
    if file.is_dir() and source_format != "csv":
        raise click.BadParameter(f"“{file}” is a folder; only --from csv takes one.", param_hint="FILE")
    importer = Importer(context.actor, context.clock, context.ids, context.randomness)
    if source_format == "rsf":
        outcomes = _from_rsf(context, importer, file, tables)
    elif source_format == "json":
        outcomes = _from_json(context, importer, file)
    else:
        records = read_csv_tables(file) if source_format == "csv" else read_workbook(file.read_bytes(), file.name)
        outcomes = _from_tables(context, importer, file, records)
    index_now(context)
    raise SystemExit(report_outcomes(file, output_format, outcomes))


def _from_rsf(context: CommandContext, importer: Importer, file: Path, tables: tuple[Path, ...]) -> list[Outcome]:
    register = read_rsf(file.read_bytes(), file.name)
    codes = read_code_tables(tables or tuple(sorted(set(file.parent.glob("*.rsf")) - {file})))
    keys = sum(1 for _ in entries_by_key(register)) + len(register.problems)
    work = in_small_batches(context.database, lambda session: import_rsf(session, importer, register, codes))
    return run_outcomes(f"Importing {file.name}", keys, work)


def _from_json(context: CommandContext, importer: Importer, file: Path) -> list[Outcome]:
    reads = [agreement_read(record) for record in read_handed_in(file.read_bytes(), file.name)]
    work = in_small_batches(context.database, lambda session: import_documents(session, importer, reads))
    return run_outcomes(f"Importing {file.name}", len(reads), work)


def _from_tables(
    context: CommandContext, importer: Importer, file: Path, records: Sequence[TableRecord]
) -> list[Outcome]:
    work = in_small_batches(context.database, lambda session: import_tables(session, importer, records))
    return run_outcomes(f"Importing {file.name}", len(records), work)


def agreement_read(record: HandedIn) -> Read:
    """One record of a JSON, JSON Lines or YAML file, known again by its first number elsewhere, else by its title.

    A published record, as “gazette register export” writes it, is read for the deal in it.
    """
    line = record.line_of("")
    place = f"{record.place}, line {line}" if line else record.place
    if record.problems:
        return Read(place, "", None, problems=record.problems)
    deal, problems = deal_in_json(record.value)
    if not isinstance(deal, dict):
        problem = Problem("", "This is not a group of fields.", "Give each agreement as a JSON object.")
        return Read(place, "", None, problems=(problem,))
    return Read(place, document_identifier(deal), deal, problems=problems, cleanings=record.source.cleanings)


def read_code_tables(files: tuple[Path, ...]) -> CodeTables:
    """What the registers in some files say of codes; each file is named on stderr."""
    organisations, names = {}, {}
    for file in files:
        try:
            register = read_rsf(file.read_bytes(), file.name)
        except InvalidInput as error:
            click.echo(f"Warning: codes are not read from {file.name}: {error}", err=True)
            continue
        for problem in register.problems:
            click.echo(f"Warning: {file.name}: {problem}", err=True)
        if register.name == POWERS_REGISTER:
            names.update(_names(register))
            _tell_read(file, register)
            continue
        if not lists_organisations(register.name):
            click.echo(f"Note: {file.name} is no list of organisations; its codes are not used.", err=True)
            continue
        organisations.update(organisations_in(register))
        _tell_read(file, register)
    return CodeTables(organisations, names)


def _tell_read(file: Path, register: RsfRegister) -> None:
    click.echo(f"Codes are read from {file.name}: {len(register.latest()):,} of {register.name}.", err=True)


def _names(register: RsfRegister) -> dict[str, str]:
    latest = register.latest()
    return {f"{register.name}:{key}": str((entry.item or {}).get("name", key)) for key, entry in latest.items()}
