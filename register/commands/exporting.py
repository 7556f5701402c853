"""`gazette register export`: the whole register in other forms, and the lists that laws ask for."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

import click
from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext, with_context
from register.agreements.models import RegisterHead
from register.exporting import export_agreements, export_versions, standings
from register.formats.article30 import write_article30
from register.formats.csv_tables import write_csv_tables
from register.formats.exported import Exported
from register.formats.json_records import write_json, write_json_lines
from register.formats.rsf_writing import write_rsf
from register.formats.section71 import write_section71
from register.formats.workbook_writing import write_workbook
from register.log.bundle import write_bundle
from register.log.stored_copy import StoredCopy
from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.errors import Refused
from schemas.upgrades import upgrade

_TEXTS: dict[str, Callable[[Iterable[Exported]], Iterator[str]]] = {
    "json": write_json,
    "jsonl": write_json_lines,
    "section-71": write_section71,
}
_BINARY: dict[str, Callable[[Iterable[Json]], bytes]] = {"csv": write_csv_tables, "xlsx": write_workbook}
_FORMATS = ("json", "jsonl", "csv", "xlsx", "rsf", "section-71", "article-30", "bundle")


@click.command("export")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(_FORMATS),
    default="json",
    show_default=True,
    help="json, jsonl: published records; csv: a zip of tables; xlsx: a workbook; rsf: every version as a GOV.UK "
    "register; section-71: the list of Ireland’s Data Sharing and Governance Act 2019; article-30: GDPR records of "
    "processing, a row for each controller and processor; bundle: a zip of the register’s log that anyone can check.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write, instead of stdout.")
@click.option("--organisation", metavar="NAME", help="Only agreements with a party of this short name.")
@with_context
def export_command(context: CommandContext, output_format: str, output: Path | None, organisation: str | None) -> None:
    """Write every public agreement, withdrawn ones included, in one of several forms.

    JSON and RSF can be read back with “gazette register import”. Drafts are private and never written. A bundle holds
    what is under the newest signed checkpoint, and the program that checks it.

    Example: gazette register export --format rsf --output register.rsf
    """
    if output_format in {*_BINARY, "bundle"} and output is None and sys.stdout.isatty():
        raise click.UsageError(f"A {output_format} file is not for a terminal: give --output FILE, or send it on.")
    if output_format == "bundle" and organisation is not None:
        raise click.UsageError("A bundle is the whole register, or it could not be checked: leave --organisation out.")
    with context.database.read() as session:

        def write(stream: IO[bytes]) -> None:
            if output_format == "bundle":
                write_bundle(StoredCopy(session), stream)
            else:
                stream.writelines(_pieces(context, session, output_format, organisation))

        if output is None:
            write(sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            _write_file(output, write)


def _write_file(output: Path, write: Callable[[IO[bytes]], None]) -> None:
    """The file is whole or not there: what is begun bears another name until it is done."""
    begun = output.with_name(f"{output.name}.part")
    try:
        with begun.open("wb") as stream:
            write(stream)
        begun.replace(output)
    finally:
        begun.unlink(missing_ok=True)


def _pieces(context: CommandContext, session: Session, output_format: str, organisation: str | None) -> Iterator[bytes]:
    exported = _counted(export_agreements(session, context.clock().date(), organisation))
    if output_format in _BINARY:
        yield _BINARY[output_format](upgrade(one.document) for one in exported)
    elif output_format == "rsf":
        yield from (line.encode() for line in _rsf(context, session, organisation))
    elif output_format == "article-30":
        yield from (line.encode() for line in write_article30(exported, organisation))
    else:
        yield from (text.encode() for text in _TEXTS[output_format](exported))


def _counted(exported: Iterator[Exported]) -> Iterator[Exported]:
    count = withdrawn = 0
    for one in exported:
        count += 1
        withdrawn += one.standing == "withdrawn"
        yield one
    note = f", {withdrawn:,} of them withdrawn" if withdrawn else ""
    click.echo(f"{count:,} agreement{'' if count == 1 else 's'}{note}.", err=True)


def _rsf(context: CommandContext, session: Session, organisation: str | None) -> Iterator[str]:
    head = session.get(RegisterHead, 1)
    if head is None:
        raise Refused("There is no register here yet.", "Run “gazette init” first.")
    return write_rsf(
        "Data-sharing agreements",
        head.prefix,
        list(load_schema("agreement", AGREEMENT_VERSION)["properties"]),
        context.clock(),
        standings(session, organisation),
        export_versions(session, organisation),
    )
