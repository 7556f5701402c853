"""`gazette catalogue synonyms`: what the search looks for beside the words that readers type."""

from pathlib import Path

import click

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.output import format_option, write_listing
from catalogue.commands.progress import in_small_batches, report_outcomes, run_outcomes
from catalogue.formats.synonyms_csv import COLUMNS as CSV_COLUMNS
from catalogue.formats.synonyms_csv import read_synonyms_csv
from catalogue.search.suggest_models import Synonym
from catalogue.search.synonyms_record import (
    SynonymDetails,
    all_synonyms,
    checked,
    import_synonyms,
    record_synonym,
    remove_synonym,
)
from schemas.canonical import Json

_COLUMNS = (("typed", "Who types"), ("also", "Also searches for"), ("both_ways", "Both ways"), ("id", "Id"))


@click.group("synonyms")
def synonyms_commands() -> None:
    """Synonyms: words and names that are searched for beside those that readers type. A registrar sets them.

    Names of organisations, and acronyms that titles explain, are known without it.

    Example: gazette catalogue synonyms add bin "waste container"
    """


@synonyms_commands.command("list")
@format_option
@with_context
def list_command(context: CommandContext, output_format: str) -> None:
    """List the synonyms that registrars set. The CSV can be imported again.

    Example: gazette catalogue synonyms list --format csv
    """
    with context.database.read() as session:
        rows = [_row(row) for row in all_synonyms(session)]
    write_listing(output_format, _COLUMNS, rows)


def _row(row: Synonym) -> Json:
    return {
        "id": row.id,
        "typed": row.typed,
        "also": row.also,
        "both_ways": row.both_ways,
        "changedAt": row.changed_at.isoformat(),
    }


@synonyms_commands.command("add")
@click.argument("typed")
@click.argument("also")
@click.option("--one-way", is_flag=True, help="Who types ALSO does not search for TYPED.")
@with_context
def add_command(context: CommandContext, typed: str, also: str, *, one_way: bool) -> None:
    """Search for ALSO wherever a reader types TYPED, and the other way round. It counts from the next search on.

    Each is a word or a few; more than one word is looked for as a phrase. Adding a pair again, with or without
    --one-way, changes it.

    Example: gazette catalogue synonyms add bin "waste container"
    """
    details = SynonymDetails(typed, also, both_ways=not one_way)
    with context.database.write() as session:
        action, row = record_synonym(session, context.actor, details, context.clock)
        click.echo(f"{str(action).capitalize()}: {row.typed} {'↔' if row.both_ways else '→'} {row.also}")


@synonyms_commands.command("remove")
@click.argument("typed")
@click.argument("also")
@with_context
def remove_command(context: CommandContext, typed: str, also: str) -> None:
    """Search for ALSO no more where a reader types TYPED.

    Example: gazette catalogue synonyms remove bin "waste container"
    """
    details = checked(SynonymDetails(typed, also))
    with context.database.write() as session:
        remove_synonym(session, context.actor, details.id)
    click.echo(f"Removed: {details.typed} – {details.also}")


_CSV_HELP = "\b\nColumns of the CSV file, in any order:\n" + "\n".join(
    f"  {name:<11}{meaning}" for name, meaning in CSV_COLUMNS.items()
)


@synonyms_commands.command("import", epilog=_CSV_HELP)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@format_option
@with_context
def import_command(context: CommandContext, file: Path, output_format: str) -> None:
    """Take synonyms in from a CSV file. A second import of the same file changes nothing; none is removed.

    What cannot be taken is named, with what to do; the rest is taken.

    Example: gazette catalogue synonyms import synonyms.csv
    """
    reads = read_synonyms_csv(file.read_bytes(), file.name)
    work = in_small_batches(
        context.database, lambda session: import_synonyms(session, context.actor, reads, context.clock)
    )
    outcomes = run_outcomes(f"Importing {file.name}", len(reads), work)
    raise SystemExit(report_outcomes(file, output_format, outcomes))
