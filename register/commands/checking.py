"""`gazette register check`: every problem of a record, in plain English, with the line it stands in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.exits import Exit
from catalogue.commands.output import format_option, write_listing
from register.agreements.record import check_agreement, check_any_version
from schemas.bundle import AGREEMENT_VERSION
from schemas.errors import InvalidInput
from schemas.problems import Problem, errors_in
from schemas.profiles import check_profiles, profile_names
from schemas.record_file import FileRecord, read_record_file
from schemas.upgrades import older_version, upgrade

_PROFILES = profile_names(AGREEMENT_VERSION)
_COLUMNS = (
    ("file", "File"),
    ("line", "Line"),
    ("severity", "Kind"),
    ("title", "Field"),
    ("pointer", "Where"),
    ("message", "What is wrong"),
    ("advice", "What to do"),
    ("clause", "Clause"),
)


@click.command("check")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="PROFILE",
    type=click.Choice(_PROFILES),
    help=f"Check against the rules of a law or body too; may be repeated. One of: {', '.join(_PROFILES)}.",
)
@format_option
@with_context
def check_command(
    _context: CommandContext, files: tuple[Path, ...], profiles: tuple[str, ...], output_format: str
) -> None:
    """Check agreements in JSON or YAML files against the published schema.

    Prints every problem with its line, what is wrong, and what to write instead. Nothing is stored. With --profile, it
    names each thing that a law or body asks for and the record lacks, with the clause.

    Example: gazette register check agreement.yaml --profile complete --profile uk-dea
    """
    rows: list[dict[str, Any]] = []
    records = 0
    for file in files:
        try:
            found = read_record_file(file.read_bytes(), file.name)
        except InvalidInput as error:
            rows.append(_row(file, None, Problem("", error.message, error.advice)))
            continue
        records += len(found)
        for record in found:
            found_rows = [_row(file, record, problem) for problem in problems_of(record, profiles)]
            rows.extend(sorted(found_rows, key=lambda row: (row["severity"] != "error", row["line"] or 0)))
    errors = sum(row["severity"] == "error" for row in rows)
    warnings = len(rows) - errors
    if output_format == "table":
        _print_for_people(rows)
    else:
        write_listing(output_format, _COLUMNS, rows)
    click.echo(
        f"{_counted(records, 'record')} checked: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}.",
        err=True,
    )
    raise SystemExit(Exit.INVALID if errors else Exit.DONE)


def problems_of(record: FileRecord, profiles: Sequence[str] = ()) -> list[Problem]:
    """Every problem of one record of a file, with what it lacks for the profiles; each thing once.

    A record in an older version of the schema is checked in that version, and told that it can be brought up; what
    the profiles ask is asked of it as it then is.
    """
    if not isinstance(record.value, dict):
        return [Problem("", "This is not a record.", "A record is a group of fields, each with a name and a value.")]
    problems = check_any_version(record.value)
    older = older_version(record.value)
    if older is None:
        return [*problems, *check_profiles(record.value, profiles, AGREEMENT_VERSION, problems)]
    notice = Problem(
        "/schemaVersion",
        f"This record is in version {older}; the newest is {AGREEMENT_VERSION}.",
        "It can be brought up without losing a word: importing it does so.",
        title="Version of this schema",
        severity="warning",
    )
    if errors_in(check_agreement(record.value, older)):
        return [*problems, notice]
    return [*problems, *check_profiles(upgrade(record.value), profiles, AGREEMENT_VERSION, problems), notice]


def _row(file: Path, record: FileRecord | None, problem: Problem) -> dict[str, Any]:
    line = record.line_of(problem.pointer) if record else None
    return {"file": str(file), "line": line, "place": record.place if record else "", **_members(problem)}


def _members(problem: Problem) -> dict[str, str]:
    names = ("severity", "title", "pointer", "message", "advice", "clause")
    return {name: str(getattr(problem, name)) for name in names}


def _print_for_people(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        line = f", line {row['line']}" if row["line"] else ""
        field = f"{row['title']} ({row['pointer']}): " if row["pointer"] else ""
        clause = f" [{row['clause']}]" if row["clause"] else ""
        click.echo(f"{row['file']}{line}: {row['severity']}: {field}{row['message']}{clause}")
        if row["advice"]:
            click.echo(f"    {row['advice']}")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
