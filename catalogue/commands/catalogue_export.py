"""`gazette catalogue export`: the whole catalogue in another form, and what that form cannot carry."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import click
from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.progress import progress_bar
from catalogue.datasets.exporting import catalogue_details, dataset_record_count, dataset_records
from catalogue.datasets.named import named_at
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.exporting import EXPORT_FORMATS, ExportFormat, export
from catalogue.formats.loss_report import Tally

_REPORTS = {".jsonl": False, ".csv": True}


@click.command("export")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(EXPORT_FORMATS)),
    required=True,
    help="The form to write: " + "; ".join(f"{one.name}: {one.title}" for one in EXPORT_FORMATS.values()) + ".",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write, instead of stdout.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file (.jsonl or .csv) that lists, dataset by dataset, what the form does not carry, and what is left out.",
)
@with_context
def export_command(context: CommandContext, format_name: str, output: Path | None, report: Path | None) -> None:
    """Write every dataset that is not withdrawn, in one of several forms.

    No form carries everything but jsonl. Nothing is made up for one: what it requires and a record does not state is
    left out, and a dataset that cannot be valid in it is left out whole. The report accounts for every dataset.

    Example: gazette catalogue export --format turtle --output catalogue.ttl --report losses.csv
    """
    if report is not None and report.suffix.lower() not in _REPORTS:
        raise click.BadParameter("its name must end in .jsonl or .csv.", param_hint="--report")
    if report is not None and output is not None and report.absolute() == output.absolute():
        raise click.UsageError("--output and --report name the same file.")
    form = EXPORT_FORMATS[format_name]
    tally = Tally(form.name)
    with context.database.read() as session, ExitStack() as files:
        if report is not None:
            stream = files.enter_context(_file(report))
            tally.write = lambda text: stream.write(text.encode())
            tally.as_csv = _REPORTS[report.suffix.lower()]
        out = files.enter_context(_file(output)) if output is not None else sys.stdout.buffer
        tally.begin()
        out.writelines(_parts(context, session, form, tally))
        tally.end()
        out.flush()
    told = f"see {report}." if report else "--report FILE tells which and why."
    lost = tally.counts.with_losses or tally.counts.left_out
    click.echo(f"{tally.counts.summary()}{f': {told}' if lost or report else '.'}", err=True)


def _parts(context: CommandContext, session: Session, form: ExportFormat, tally: Tally) -> Iterator[bytes]:
    site = context.settings.site_address
    total = dataset_record_count(session) * (2 if form.document else 1)
    with progress_bar(f"Exporting {form.name}", total) as advance:

        def records() -> Iterator[DatasetRecord]:
            return _advancing(dataset_records(session, site), advance)

        details = catalogue_details(session, context.settings, site)
        yield from export(form, details, records, tally.told, named_at(session, site))


def _advancing(records: Iterable[DatasetRecord], advance: Callable[[int], None]) -> Iterator[DatasetRecord]:
    for record in records:
        yield record
        advance(1)


@contextmanager
def _file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write. It is whole or not there: what is begun bears another name until it is done."""
    begun = path.with_name(f"{path.name}.part")
    try:
        with begun.open("wb") as stream:
            yield stream
        begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)
