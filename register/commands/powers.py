"""`gazette powers`: the law that lets data be shared, and who may use it."""

from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.output import format_option, record_format_option, write_listing, write_record
from catalogue.commands.progress import in_small_batches, report_outcomes, run_outcomes
from catalogue.formats.rsf import entries_by_key, read_rsf
from register.commands.powers_text import power_text
from register.formats.powers_csv import COLUMNS as CSV_COLUMNS
from register.formats.powers_csv import read_powers_csv
from register.powers.described import power_bodies, power_history, power_numbers
from register.powers.importing import PowersImporter, import_powers, import_powers_rsf
from register.powers.models import Power
from register.powers.read import find_power, powers_table, search_powers
from register.powers.record import retire_power
from register.powers.table import PowersTable
from register.powers.uses import agreements_by_power
from schemas.canonical import Json
from schemas.outcomes import Outcome
from schemas.problems import Problem
from schemas.reading import Read
from schemas.record_file import FileRecord, read_record_file

_COLUMNS = (
    ("id", "Short name"),
    ("title", "Power"),
    ("law", "Law"),
    ("jurisdiction", "Where"),
    ("standing", "In force"),
    ("agreements", "Agreements"),
)


@click.group("powers")
def powers_commands() -> None:
    """Legal powers: the law that lets data be shared, in force when, and who may use it.

    Example: gazette powers list
    """


@powers_commands.command("list")
@click.argument("text", metavar="[WORDS]", required=False, default="")
@format_option
@with_context
def list_command(context: CommandContext, text: str, output_format: str) -> None:
    """List the powers known here, or those with all of some words in their name, law, aims or number.

    Example: gazette powers list "fuel poverty" --format csv
    """
    today = context.clock().date()
    with context.database.read() as session:
        table = powers_table(session)
        uses = agreements_by_power(session, table)
        rows = [_row(power, table, len(uses[power.id]), today) for power in search_powers(session, text)]
    write_listing(output_format, _COLUMNS, rows)


def _row(power: Power, table: PowersTable, agreements: int, today: date) -> Json:
    law = ", ".join(part for part in (power.instrument, power.provision) if part)
    standing = table.standing({"power": power.id}, today)
    return {
        "id": power.id,
        "title": power.title,
        "law": law or None,
        "instrument": power.instrument,
        "provision": power.provision,
        "url": power.url,
        "jurisdiction": power.jurisdiction,
        "identifiers": power_numbers(power),
        "standing": str(standing.standing),
        "bodiesComplete": power.bodies_complete,
        "agreements": agreements,
        "address": power.address,
    }


@powers_commands.command("show")
@click.argument("power", metavar="ID")
@record_format_option
@with_context
def show_command(context: CommandContext, power: str, output_format: str) -> None:
    """Show one power, by its short name or LIST:NUMBER: the law, who may use it, who relies on it, what was before.

    Example: gazette powers show digital-economy-act-2017-s56
    """
    with context.database.read() as session:
        shown = _shown(session, find_power(session, power), context.clock().date())
    write_record(output_format, shown, power_text(shown))


def _shown(session: Session, power: Power, today: date) -> Json:
    table = powers_table(session)
    uses = agreements_by_power(session, table)[power.id]
    return {
        **_row(power, table, len(uses), today),
        "standingSentence": table.standing({"power": power.id}, today).sentence,
        "record": power.document,
        "bodies": power_bodies(power, table),
        "reliedOnBy": [{"id": one.id, "title": one.title, "address": one.address} for one in uses],
        "history": power_history(session, power, record="record"),
    }


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@powers_commands.command("add")
@click.argument("file", type=_FILE)
@format_option
@with_context
def add_command(context: CommandContext, file: Path, output_format: str) -> None:
    """Add powers from a JSON or YAML file, or record what is now to be said of them. What was said before is kept.

    The file is checked against the schema “power”. “bodies”, where they are given, are the whole list that this record
    states; write “bodiesComplete: true” only where no other body may use the power.

    Example: gazette powers add power.yaml
    """
    reads = [_read(record) for record in read_record_file(file.read_bytes(), file.name)]
    importer = PowersImporter(context.actor, context.clock, context.ids)
    work = in_small_batches(context.database, lambda session: import_powers(session, importer, reads))
    raise SystemExit(report_outcomes(file, output_format, run_outcomes(f"Adding {file.name}", len(reads), work)))


def _read(record: FileRecord) -> Read:
    line = record.line_of("")
    place = f"{record.place}, line {line}" if line else record.place
    if not isinstance(record.value, dict):
        problem = Problem("", "This is not a group of fields.", "Give each power as a group of fields.")
        return Read(place, "", None, problems=(problem,))
    return Read(place, str(record.value.get("id", "")), record.value, cleanings=record.cleanings)


@powers_commands.command("retire")
@click.argument("power", metavar="ID")
@click.option("--on", required=True, metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Its last day as law.")
@click.option("--reason", required=True, metavar="TEXT", help="By what it was repealed, replaced or stopped.")
@with_context
def retire_command(context: CommandContext, power: str, on: datetime, reason: str) -> None:
    """Record that a power is law no longer. Its page stays, and so do the agreements that relied on it.

    Example: gazette powers retire privacy-act-1993-part-9a --on 2020-11-30 --reason "Replaced by the Privacy Act 2020."
    """
    with context.database.write() as session:
        retired = retire_power(
            session, context.actor, find_power(session, power), on.date(), reason, clock=context.clock
        )
        click.echo(f"{retired.id} was law until {on.date()}. See “gazette powers show {retired.id}”.")


_CSV_HELP = "\b\nColumns of a CSV file, in any order; a row for each body:\n" + "\n".join(
    f"  {name:<16}{meaning}" for name, meaning in CSV_COLUMNS.items()
)


@powers_commands.command("import", epilog=_CSV_HELP)
@click.argument("file", type=_FILE)
@click.option(
    "--from",
    "source_format",
    type=click.Choice(["rsf", "csv"]),
    help="What the file is. Default: CSV where its name ends in .csv, else a register in RSF.",
)
@format_option
@with_context
def import_command(context: CommandContext, file: Path, source_format: str | None, output_format: str) -> None:
    """Take powers, or the bodies that may use them, in from a register (RSF) with its history, or from a CSV file.

    A second import of the same file changes nothing. What cannot be taken is named, with what to do; the rest is
    taken. Import the list of powers before the list of bodies.

    Example: gazette powers import information-sharing-agreement-powers-and-objectives-0001.rsf
    """
    source_format = source_format or ("csv" if file.suffix.casefold() == ".csv" else "rsf")
    outcomes = _from_csv(context, file) if source_format == "csv" else _from_rsf(context, file)
    raise SystemExit(report_outcomes(file, output_format, outcomes))


def _from_rsf(context: CommandContext, file: Path) -> list[Outcome]:
    register = read_rsf(file.read_bytes(), file.name)
    importer = PowersImporter(context.actor, context.clock, context.ids)
    keys = sum(1 for _ in entries_by_key(register)) + len(register.problems)
    work = in_small_batches(context.database, lambda session: import_powers_rsf(session, importer, register))
    return run_outcomes(f"Importing {file.name}", keys, work)


def _from_csv(context: CommandContext, file: Path) -> list[Outcome]:
    reads = read_powers_csv(file.read_bytes(), file.name)
    importer = PowersImporter(context.actor, context.clock, context.ids)
    work = in_small_batches(context.database, lambda session: import_powers(session, importer, reads))
    return run_outcomes(f"Importing {file.name}", len(reads), work)
