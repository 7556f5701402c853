"""Every file of the whole catalogue or register that is offered, and how it is written."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from typing import IO, cast

from sqlalchemy.orm import Session

from catalogue.datasets.exporting import catalogue_details, dataset_records
from catalogue.formats.exporting import EXPORT_FORMATS, export
from catalogue.formats.loss_report import Tally
from catalogue.kept_files import Sink
from register.exporting import export_agreements
from register.formats.agreement_csv import agreement_table
from register.formats.exported import Exported
from register.formats.json_records import write_json_lines
from web.kept_answers import GZIP, Made, Offer, written_to

_LEVEL = 6


def _catalogue(format_name: str) -> Callable[[Session, Made, Sink], int]:
    """Writes the catalogue in a format; gives how many datasets are in it."""

    def write(session: Session, made: Made, sink: Sink) -> int:
        tally = Tally(format_name)
        details = catalogue_details(session, made.settings, made.site)
        form = EXPORT_FORMATS[format_name]
        written_to(sink, export(form, details, lambda: dataset_records(session, made.site), tally.told))
        return tally.counts.written

    return write


def _agreements(lines: Callable[[Iterable[Exported], Made], Iterator[str]]) -> Callable[[Session, Made, Sink], int]:
    """Writes every public agreement; gives how many there are."""

    def write(session: Session, made: Made, sink: Sink) -> int:
        count = 0

        def counted() -> Iterator[Exported]:
            nonlocal count
            for one in export_agreements(session, made.day):
                count += 1
                yield one

        written_to(sink, (line.encode() for line in lines(counted(), made)))
        return count

    return write


def _packed(write: Callable[[Session, Made, Sink], int]) -> Callable[[Session, Made, Sink], int]:
    """The same, compressed; the same records give the same bytes, since no time and no name stands in it."""

    def packing(session: Session, made: Made, sink: Sink) -> int:
        out = cast(IO[bytes], sink)  # GzipFile only writes to it
        with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=out, mtime=0) as packer:
            return write(session, made, packer)

    return packing


DUMPS = (
    Offer("datasets.csv", "Every dataset, a row each, for a spreadsheet", "text/csv", _catalogue("csv")),
    Offer(
        "agreements.csv",
        "Every public agreement, a row each, for a spreadsheet",
        "text/csv",
        _agreements(lambda exported, made: agreement_table(exported, made.site)),
        by_day=True,
    ),
    Offer(
        "datasets.jsonl.gz",
        "Every dataset with all that its record says, as JSON Lines, compressed",
        GZIP,
        _packed(_catalogue("jsonl")),
    ),
    Offer(
        "agreements.jsonl.gz",
        "Every public agreement with its history, as JSON Lines, compressed",
        GZIP,
        _packed(_agreements(lambda exported, _: write_json_lines(exported))),
        by_day=True,
    ),
)
"""The dumps, in the order of their page."""

CATALOGUE_FILES = {
    f"/{name}": Offer(name, f"{title}, in one file", "application/json", _catalogue(format_name))
    for name, title, format_name in (
        ("data.json", "DCAT-US 1.1 (data.json)", "data-json"),
        ("dcat-us-3.json", "DCAT-US 3.0", "dcat-us-3"),
        ("uk-model.json", "UK Cross-Government Metadata Exchange Model", "uk-model"),
    )
}
"""The whole catalogue in formats that are read as one file, by the address of each."""
