"""`gazette register check`: every problem of a record, in plain English, with the place it stands in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy import make_url

from catalogue.commands.context import CommandContext
from catalogue.commands.exits import Exit
from catalogue.commands.output import format_option, write_listing
from catalogue.commands.place import server_of, with_place
from register.checks.reading import HandedIn, read_handed_in, unwrapped
from register.checks.record import check_records
from register.checks.tables import Tables, names_what_is_elsewhere, tables_for
from register.commands.checking_text import counted, next_steps, problems_as_text
from register.commands.connection import open_register_api
from schemas.bundle import AGREEMENT_VERSION
from schemas.errors import GazetteError, InvalidInput
from schemas.problems import Problem, errors_in
from schemas.profiles import profile_names

_AT_ONCE = 100
"""So many records are sent to a server at once."""

_PROFILES = profile_names(AGREEMENT_VERSION)
_COLUMNS = (
    ("file", "File"),
    ("place", "Record"),
    ("line", "Line"),
    ("cell", "Cell"),
    ("severity", "Kind"),
    ("title", "Field"),
    ("pointer", "Where"),
    ("message", "What is wrong"),
    ("advice", "What to do"),
    ("clause", "Clause"),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One record to check: its file, the record as read, the agreement in it, and where that lies in the record."""

    file: str
    record: HandedIn
    document: Any
    inside: str = ""


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
@with_place
def check_command(
    context: CommandContext, files: tuple[Path, ...], profiles: tuple[str, ...], output_format: str
) -> None:
    """Check agreements in JSON, JSON Lines, YAML or XLSX files.

    Prints every problem with its line or cell, what is wrong, and what to write instead: errors first, then warnings,
    which stop nobody. Nothing is stored. With --profile complete it asks for all that a submission needs; with another
    it names each thing that a law or body asks for and the record lacks, with the clause.

    Links to datasets, organisations, agreements and powers are looked up on the server, or in the data folder where
    there is one.

    Example: gazette register check agreement.yaml --profile complete --profile uk-dea
    """
    asked: list[_Asked] = []
    rows: list[dict[str, Any]] = []
    for file in files:
        try:
            asked += [_asked(file, record) for record in read_handed_in(file.read_bytes(), file.name)]
        except InvalidInput as error:
            rows.append(_row(str(file), Problem("", error.message, error.advice)))
    rows += _rows(context, asked, profiles)
    order = {str(file): position for position, file in enumerate(files)}
    rows.sort(key=lambda row: order[row["file"]])
    if output_format == "table":
        click.echo(problems_as_text(rows), nl=False)
    else:
        write_listing(output_format, _COLUMNS, rows)
    errors = sum(row["severity"] == "error" for row in rows)
    told = f"{counted(len(asked), 'record')} checked: {counted(errors, 'error')}"
    click.echo(f"{told}, {counted(len(rows) - errors, 'warning')}.", err=True)
    documents: dict[str, list[Any]] = {str(file): [] for file in files}
    for one in asked:
        documents[one.file].append(one.document)
    for step in next_steps(documents, {row["file"] for row in rows if row["severity"] == "error"}, profiles):
        click.echo(step.replace("gazette register", context.typed("gazette register")), err=True)
    raise SystemExit(Exit.INVALID if errors else Exit.DONE)


def _asked(file: Path, record: HandedIn) -> _Asked:
    document, inside = unwrapped(record.value)
    return _Asked(str(file), record, document, inside)


def _rows(context: CommandContext, asked: Sequence[_Asked], profiles: Sequence[str]) -> list[dict[str, Any]]:
    """A row for each problem of each record, its errors before its warnings, each in the order of the file."""
    readable = [one for one in asked if one.record.value is not None or not one.record.problems]
    documents = [one.document for one in readable]
    found = _found(context, documents, profiles)
    problems_of = dict(zip(map(id, readable), found, strict=True))
    rows = []
    for one in asked:
        unread = {problem.pointer for problem in errors_in(one.record.problems)} - {""}
        checked = [problem for problem in problems_of.get(id(one), ()) if problem.pointer not in unread]
        rows += sorted(
            [_row(one.file, problem, one) for problem in (*one.record.problems, *checked)],
            key=lambda row: (row["severity"] != "error", row["line"] or 0),
        )
    return rows


def _found(context: CommandContext, documents: Sequence[Any], profiles: Sequence[str]) -> list[list[Problem]]:
    """The problems of each record: as the server finds them where one is named, else as they are found here."""
    if server_of(context.place):
        api = open_register_api(context, context.place)
        told = [
            problems
            for start in range(0, len(documents), _AT_ONCE)
            for problems in api.check(documents[start : start + _AT_ONCE], profiles)
        ]
        return [[Problem(**{"pointer": "", **problem}) for problem in problems] for problems in told]
    return check_records(documents, _tables(context, documents), profiles=profiles, today=context.clock().date())


def _tables(context: CommandContext, documents: Sequence[object]) -> Tables | None:
    """What the register here knows of the things some records name; None, and a word of it, where there is none."""
    reason = "There is no database here yet."
    try:
        if _has_database(context):
            with context.database.read() as session:
                return tables_for(session, documents)
    except GazetteError as error:
        reason = error.message
    if any(map(names_what_is_elsewhere, documents)):
        click.echo(
            "Not looked up: the datasets, organisations, agreements and powers that are named, and whether the powers "
            f"were in force. {reason}",
            err=True,
        )
    return None


def _has_database(context: CommandContext) -> bool:
    """Whether there may be one to read; opening a SQLite file that is not there would make it."""
    address = context.settings.database_url
    return not address.startswith("sqlite") or Path(make_url(address).database or "").is_file()


def _row(file: str, problem: Problem, one: _Asked | None = None) -> dict[str, Any]:
    pointer = f"{one.inside}{problem.pointer}" if one else problem.pointer
    names = ("severity", "title", "pointer", "message", "advice", "clause")
    return {
        "file": file,
        "place": one.record.place if one else "",
        "line": one.record.line_of(pointer) if one else None,
        "cell": one.record.cell_of(problem.pointer) if one and problem.pointer else None,
        **{name: str(getattr(problem, name)) for name in names},
        "pointer": pointer,
    }
