"""Croissant 1.1 (MLCommons): a dataset whose tables can be loaded by programs, because their columns are known.

Croissant is schema.org with files that can be fetched and checked (`cr:FileObject`) and tables with columns
(`cr:RecordSet`). A file needs its own address, its format and its SHA-256 or MD5; a dataset that the publisher keeps
updating ("live") needs no checksum, which would be wrong tomorrow. Nothing is made up: without such a file with known
columns there is no Croissant. Of what the specification asks for beyond that, and the official validator lets pass
with a warning (licence, creator, date of publishing), is written what the record states, and the rest is told.
"""

from collections.abc import Mapping
from typing import NamedTuple

from catalogue.formats.checksums import checksum_of
from catalogue.formats.converted import Losses, Written
from catalogue.formats.exported import CatalogueDetails, DatasetRecord
from catalogue.formats.media_types import format_name
from catalogue.formats.members import with_stated
from catalogue.formats.schema_org_writing import described, download
from schemas.canonical import Json

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
MEDIA_TYPE = f'application/ld+json; profile="{CONFORMS_TO}"'

_CR = ("annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "excludes", "extract",
       "field", "fileProperty", "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath",
       "key", "md5", "parentField", "path", "readLines", "recordSet", "references", "regex", "repeated", "replace",
       "samplingRate", "sdVersion", "separator", "source", "subField", "transform", "unArchive", "value")  # fmt: skip
CONTEXT: Json = {
    "@language": "und",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{name: f"cr:{name}" for name in _CR},
}
"""The context of the specification (appendix 1). In what language the publisher wrote is not known ("und", BCP 47)."""

_TABLES = {
    "CSV": "text/csv",
    "TSV": "text/tab-separated-values",
    "Parquet": "application/x-parquet",
}
"""Forms of tables that loaders read by the names of columns, and what Croissant calls them."""

_NOT_LIVE = ("never", "irregular", "as-needed")
_ASKED_FOR = {"licence": "licence", "creator": "creator", "issued": "day of publishing"}
_TYPES = {
    "sc:Boolean": ("boolean", "bool"),
    "sc:Date": ("date",),
    "sc:DateTime": ("datetime", "timestamp", "timestamptz", "timestamp without time zone", "timestamp with time zone"),
    "sc:Float": ("number", "float", "double", "decimal", "numeric", "real", "double precision", "float4", "float8"),
    "sc:Integer": ("integer", "int", "long", "short", "bigint", "smallint", "int2", "int4", "int8"),
    "sc:Text": ("string", "text", "varchar", "character varying", "char"),
    "sc:Time": ("time",),
    "sc:URL": ("url", "uri", "anyuri"),
}
_TYPE_OF = {word: kind for kind, words in _TYPES.items() for word in words}


class _Table(NamedTuple):
    """A distribution that is a table with known columns, and a file in Croissant's sense."""

    number: int
    form: Json
    file: Json


def dataset_to_croissant(record: DatasetRecord, details: CatalogueDetails) -> Written[Json]:
    """A dataset as Croissant 1.1; `node` is None where no file of it has known columns and what a file needs."""
    losses = Losses("Croissant")
    document = record.document
    node = described(record, details, losses)
    live = document.get("accrualPeriodicity", "never") not in _NOT_LIVE
    tables = _tables(document, live, losses)
    for name, word in _ASKED_FOR.items():
        if name not in document:
            losses.lost(name, f"Croissant asks for the {word}, which the record does not state.")
    if document["kind"] != "dataset":
        losses.refused("Croissant describes datasets; this is none.")
    elif not tables:
        losses.refused("No file of it has known columns, an address, a format that loaders read, and a checksum.")
    node |= {"@context": CONTEXT, "@type": "sc:Dataset", "conformsTo": CONFORMS_TO}
    node |= with_stated(
        isLiveDataset=True if live else None,
        distribution=[table.file for table in tables],
        recordSet=[_record_set(table, losses) for table in tables],
    )
    return losses.written(node)


def _tables(document: Json, live: bool, losses: Losses) -> list[_Table]:
    found = []
    for number, form in enumerate(document.get("distribution", ())):
        pointer = f"/distribution/{number}"
        why = _why_not(form, live)
        if why:
            losses.left_out(pointer, why)
        else:
            found.append(_Table(number, form, _file(number, form, live, losses)))
    return found


def _why_not(form: Json, live: bool) -> str:
    """Why a form of the dataset is no table that Croissant can load; empty where it is one."""
    if "column" not in form:
        return "Its columns are not known, so it is no table that Croissant could describe."
    if "downloadURL" not in form:
        return "Croissant needs the address of the file itself."
    if _encoding(form) is None:
        return f"Croissant’s loaders read tables as {', '.join(_TABLES)}; this is none, or its format is not stated."
    if not live and checksum_of(form) is None:
        return "Croissant needs the SHA-256 or MD5 of a file that is not updated; the record states none."
    return ""


def _encoding(form: Json) -> str | None:
    """What Croissant calls the format of a table; None for a packed file, which is no table until it is unpacked."""
    names = [format_name(form.get("mediaType")), format_name(form.get("format"))]
    if "ZIP" in names or "GZIP" in names or form["downloadURL"].casefold().endswith((".zip", ".gz")):
        return None
    return next((_TABLES[name] for name in names if name in _TABLES), None)


def _file(number: int, form: Json, live: bool, losses: Losses) -> Json:
    checksum = checksum_of(form)
    if checksum and live:
        message = "The file is updated, and Croissant advises against a checksum that is wrong tomorrow."
        losses.at(f"/distribution/{number}/checksum", message)
    return {
        "@type": "cr:FileObject",
        "@id": f"file-{number + 1}",
        **download(form, f"/distribution/{number}", losses),
        "encodingFormat": _encoding(form),
        **({checksum.algorithm: checksum.value} if checksum and not live else {}),
    }


def _record_set(table: _Table, losses: Losses) -> Json:
    name = f"table-{table.number + 1}"
    fields = [_field(name, table, position, losses) for position in range(len(table.form["column"]))]
    return {"@type": "cr:RecordSet", "@id": name, **with_stated(name=table.form.get("title")), "field": fields}


def _field(record_set: str, table: _Table, position: int, losses: Losses) -> Json:
    column: Mapping[str, str] = table.form["column"][position]
    pointer = f"/distribution/{table.number}/column/{position}"
    kind = _data_type(column.get("type", ""))
    if kind is None:
        message = f"Croissant has no type “{column['type']}”" if "type" in column else "The type is not stated"
        losses.at(f"{pointer}/type", f"{message}; its values are read as the text that they are in the file.")
    for name in ("format", "unit"):
        if name in column:
            losses.at(f"{pointer}/{name}", f"Croissant has no place for “{name}” of a column; it was left out.")
    return {
        "@type": "cr:Field",
        "@id": f"{record_set}/column-{position + 1}",
        "name": column["name"],
        **with_stated(
            alternateName=column.get("title"),
            description=column.get("description"),
            identifier=column.get("identifier"),
        ),
        "dataType": kind or "sc:Text",
        "source": {"fileObject": {"@id": table.file["@id"]}, "extract": {"column": column["name"]}},
    }


def _data_type(word: str) -> str | None:
    """The type that a source's word means: those of SQL, Table Schema and XML Schema."""
    return _TYPE_OF.get(word.rpartition("#")[2].removeprefix("xsd:").strip().casefold())
