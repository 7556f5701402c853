"""Every format that the whole catalogue is exported in, and an export made part by part: memory stays bounded.

A format whose head tells counts needs the datasets twice: once to count, once to write. Records are read anew for it
and never held, so whoever asks for an export hands in a function that begins to read them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from catalogue.formats.converted import Written
from catalogue.formats.counting import Counted
from catalogue.formats.data_json_catalogue import data_json_document
from catalogue.formats.data_json_writing import dataset_to_data_json
from catalogue.formats.dataset_csv import csv_line, csv_table
from catalogue.formats.dcat_ap_catalogue import dcat_document
from catalogue.formats.dcat_ap_writing import dataset_to_dcat, stub
from catalogue.formats.dcat_us3_writing import dataset_to_dcat_us3, dcat_us3_document
from catalogue.formats.export_counts import ExportCounts
from catalogue.formats.exported import CatalogueDetails, DatasetRecord
from catalogue.formats.own import own_line
from catalogue.formats.rdf import Resource
from catalogue.formats.rdf_writing import RdfForm
from catalogue.formats.uk_model_writing import dataset_to_uk_model, uk_model_document
from schemas.pieces import in_pieces

Records: TypeAlias = Callable[[], Iterable[DatasetRecord]]
"""Begins to read the datasets of an export, each time anew."""

Told: TypeAlias = Callable[[DatasetRecord, Written[Any]], None]
"""Is told what became of each dataset, once."""

Named: TypeAlias = Callable[[str], DatasetRecord | None]
"""Finds a dataset that another one names, by its whole address."""

Parts: TypeAlias = Iterator[str] | Iterator[bytes]

Document: TypeAlias = Callable[[CatalogueDetails, Iterable[DatasetRecord], Counted, Named], Parts]
"""A whole file: its head with the counts, the datasets, its tail."""

Writer: TypeAlias = Callable[[DatasetRecord], Written[Any]]
_OwnDocument: TypeAlias = Callable[[CatalogueDetails, Iterable[DatasetRecord], Counted], Iterator[str]]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format of an export. `write` is the pure writer of one dataset.

    Either `document` writes a whole file, whose head tells what the datasets come to; or the file is `lines` of what
    `write` makes, which nothing needs to be counted for.
    """

    name: str
    title: str
    write: Writer
    document: Document | None = None
    lines: Callable[[Iterable[str]], Iterator[str]] = iter


class _Stubs(Mapping[str, Resource]):
    """What must be said of the datasets that others name, by their addresses; each is looked up when asked for."""

    def __init__(self, named: Named) -> None:
        self._named = named

    def __getitem__(self, address: str) -> Resource:
        record = self._named(address) if address else None
        if record is None:
            raise KeyError(address)
        return stub(record)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _json(name: str, title: str, write: Writer, document: _OwnDocument) -> ExportFormat:
    def whole(details: CatalogueDetails, records: Iterable[DatasetRecord], counts: Counted, _: Named) -> Iterator[str]:
        return document(details, records, counts)

    return ExportFormat(name, title, write, whole)


def _rdf(name: str, form: RdfForm) -> ExportFormat:
    def document(
        details: CatalogueDetails, records: Iterable[DatasetRecord], counts: Counted, named: Named
    ) -> Iterator[bytes]:
        return dcat_document(details, records, counts, form, _Stubs(named))

    title = f"DCAT-AP 3.0.1 as {_RDF_NAMES[form]}"
    return ExportFormat(name, title, dataset_to_dcat, document)


_RDF_NAMES = {RdfForm.TURTLE: "Turtle", RdfForm.JSON_LD: "JSON-LD", RdfForm.RDF_XML: "RDF/XML"}

_ALL = (
    ExportFormat("jsonl", "JSON Lines, this catalogue’s own form", own_line),
    ExportFormat("csv", "a table, a row for each dataset", csv_line, lines=csv_table),
    _json("data-json", "DCAT-US 1.1 (data.json)", dataset_to_data_json, data_json_document),
    _json("dcat-us-3", "DCAT-US 3.0", dataset_to_dcat_us3, dcat_us3_document),
    _rdf("turtle", RdfForm.TURTLE),
    _rdf("json-ld", RdfForm.JSON_LD),
    _rdf("rdf-xml", RdfForm.RDF_XML),
    _json("uk-model", "UK Cross-Government Metadata Exchange Model", dataset_to_uk_model, uk_model_document),
)

EXPORT_FORMATS: Mapping[str, ExportFormat] = {one.name: one for one in _ALL}
"""The formats by the names that the command takes."""


def export(
    form: ExportFormat, details: CatalogueDetails, records: Records, told: Told, named: Named = lambda _: None
) -> Iterator[bytes]:
    """The catalogue in a format, part by part. `told` hears of every dataset before the last part is made.

    `named` finds datasets that others name: DCAT-AP wants a series described where a dataset says that it is in it.
    """
    if form.document is not None:
        counted = _counted(form, records(), told)
        parts: Parts = form.document(details, records(), counted, named)
    else:
        parts = form.lines(_lines(form, records(), told))
    return in_pieces(parts)


def _counted(form: ExportFormat, records: Iterable[DatasetRecord], told: Told) -> Counted:
    counts = ExportCounts()
    for record in records:
        written = form.write(record)
        told(record, written)
        counts = counts.and_one(written)
    return counts.in_head


def _lines(form: ExportFormat, records: Iterable[DatasetRecord], told: Told) -> Iterator[str]:
    for record in records:
        written = form.write(record)
        told(record, written)
        if written.node is not None:
            yield written.node
