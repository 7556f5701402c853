"""Opening a spreadsheet that anybody may have sent: what is no XLSX file, or hostile, is refused with a sentence."""

import io
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from schemas.errors import InvalidInput

MOST_BYTES = 150_000_000
"""So much a spreadsheet may hold once it is unpacked."""

MOST_MEMBERS = 2_000
MOST_ROWS = 100_000
MOST_COLUMNS = 2_000

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr=["'](\d+)["']""")
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\sr=["']([A-Za-z]{1,9})(\d+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_SAVE_AGAIN = "Open it in Excel and save it as “Excel Workbook (.xlsx)”."

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # of XML: ElementTree's ParseError and, where it is installed, lxml's XMLSyntaxError are kinds of it
    InvalidFileException,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What the readers of zip, XML and spreadsheets raise where a file is not what they expect."""


@dataclass(frozen=True, slots=True)
class OpenWorkbook:
    """A spreadsheet that was opened: with the values its formulas had, and, where there are any, with the formulas.

    `rows` and `columns` are the most that any of its sheets has.
    """

    values: Workbook
    formulas: Workbook | None
    rows: int
    columns: int


@dataclass(slots=True)
class _Seen:
    rows: int = 1
    columns: int = 1
    formulas: bool = False


def open_workbook(content: bytes, name: str) -> OpenWorkbook:
    """Open an XLSX file for reading. Raises InvalidInput where it is none, encrypted, broken, hostile or too large."""
    _require_spreadsheet(content, name)
    try:
        seen = _looked_through(content, name)
        values = _loaded(content, data_only=True)
        formulas = _loaded(content, data_only=False) if seen.formulas else None
    except InvalidInput:
        raise
    except BROKEN:
        raise broken(name) from None
    return OpenWorkbook(values, formulas, seen.rows, seen.columns)


def broken(name: str) -> InvalidInput:
    """The error of a file that cannot be read though it looks like a spreadsheet."""
    return InvalidInput(f"{name} is damaged, or no Excel workbook.", _SAVE_AGAIN)


def _loaded(content: bytes, *, data_only: bool) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that are not needed here
        return load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)


def _require_spreadsheet(content: bytes, name: str) -> None:
    if content.startswith(_OLD_OFFICE):
        if _ENCRYPTED in content:
            raise InvalidInput(f"{name} is protected by a password.", "Save it without a password and try again.")
        raise InvalidInput(f"{name} is in an old format of Office (.xls).", _SAVE_AGAIN)
    if not content.startswith(b"PK"):
        raise InvalidInput(f"{name} is no Excel workbook (.xlsx).", _SAVE_AGAIN)


def _looked_through(content: bytes, name: str) -> _Seen:
    """Look at every part before anything is made of it."""
    seen = _Seen()
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        members = zipped.infolist()
        names = {member.filename for member in members}
        _require_kind(zipped, names, name)
        if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_BYTES:
            raise InvalidInput(
                f"{name} unpacks to more than {MOST_BYTES // 1_000_000} MB, or to too many parts.",
                "Take out pictures, empty rows and other sheets, or give the agreements in several files.",
            )
        for member in members:
            if member.filename.casefold().endswith((".xml", ".rels", ".vml")):
                data = zipped.read(member).replace(b"\0", b"")  # UTF-16 looks like ASCII without its noughts
                if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
                    raise InvalidInput(f"{name} holds an XML declaration that no Excel workbook has.", _SAVE_AGAIN)
                if "worksheets/" in member.filename:
                    _measure(data, seen, name)
    return seen


def _require_kind(zipped: zipfile.ZipFile, names: set[str], name: str) -> None:
    if "mimetype" in names and b"opendocument" in zipped.read("mimetype")[:200]:
        raise InvalidInput(f"{name} is an OpenDocument spreadsheet (.ods).", "Save it as “Excel 2007-365 (.xlsx)”.")
    if "xl/workbook.bin" in names:
        raise InvalidInput(f"{name} is in Excel’s binary format (.xlsb).", _SAVE_AGAIN)
    if "[Content_Types].xml" not in names:
        raise InvalidInput(f"{name} is no Excel workbook (.xlsx).", _SAVE_AGAIN)


def _measure(data: bytes, seen: _Seen, name: str) -> None:
    for match in _ROW.finditer(data):
        seen.rows = max(seen.rows, int(match.group(1)[:12]))
    for match in _CELL.finditer(data):
        letters = match.group(1).upper()
        number = 0
        for letter in letters:
            number = number * 26 + letter - ord("A") + 1
        seen.columns = max(seen.columns, number)
        seen.rows = max(seen.rows, int(match.group(2)[:12]))
    if seen.rows > MOST_ROWS or seen.columns > MOST_COLUMNS:
        raise InvalidInput(
            f"{name} has a sheet with {seen.rows:,} rows and {seen.columns:,} columns; at most {MOST_ROWS:,} and "
            f"{MOST_COLUMNS:,} are read.",
            "Delete the empty rows below the last one that is filled in, and save it again.",
        )
    seen.formulas = seen.formulas or _FORMULA.search(data) is not None
