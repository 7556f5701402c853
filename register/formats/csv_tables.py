"""Agreements as CSV tables in a folder or a zip, and back.

Text is UTF-8 with a mark at its beginning, so that Excel knows it. A text that a spreadsheet would take for a formula
has an apostrophe before it, which is taken off again when it is read.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath

from register.formats.tables import Cell, Row, Table, tables_of
from register.formats.tables_headings import columns_of
from register.formats.tables_layout import ROOT, TableLayout, table_layouts
from register.formats.tables_reading import TableRecord, documents_of, with_warnings
from schemas.canonical import Json
from schemas.errors import InvalidInput
from schemas.problems import Problem

MOST_MEMBERS = 500
MOST_BYTES = 200_000_000
"""So many files, and so much text in them together, a zip or folder may hold."""

MOST_ROWS = 1_000_000

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_ANY_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip: the same documents give the same bytes."""


def write_csv_tables(documents: Iterable[Json]) -> bytes:
    """The documents as a zip of CSV tables that `read_csv_tables` reads back equal; a table without rows is left out.

    Raises InvalidInput for what does not conform to the schema.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, table in tables_of(documents).items():
            if table.rows or name == ROOT:
                member = zipfile.ZipInfo(f"{name}.csv", _ANY_TIME)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = 0o644 << 16
                zipped.writestr(member, _as_csv(table).encode("utf-8-sig"))
    return archive.getvalue()


def _as_csv(table: Table) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in table.rows:
        cells = (row.cells.get(column, ()) for column in table.columns)
        writer.writerow([_guarded(cell[0].text) if cell else "" for cell in cells])
    return text.getvalue()


def _guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if _ESCAPED.match(text) else text


def read_csv_tables(source: Path | bytes, name: str = "") -> list[TableRecord]:
    """The agreements in a folder of CSV tables, or in a zip of them (a file, or its bytes called `name`).

    Excel's ways are understood: semicolons or tabs in place of commas, and the Windows alphabet in place of UTF-8,
    which is told. Raises InvalidInput where there is no such table, or too much, or what is no zip.
    """
    if isinstance(source, bytes):
        files = _unzipped(source, name or "the file")
    elif source.is_dir():
        files = _in_folder(source)
    else:
        files = _unzipped(source.read_bytes(), name or source.name)
    warnings: list[Problem] = []
    tables: dict[str, Table] = {}
    layouts = {layout.name.casefold(): layout for layout in table_layouts().values()}
    for file, content in sorted(files.items()):
        layout = layouts.get(PurePosixPath(file).stem.casefold()) if file.casefold().endswith(".csv") else None
        if layout is None:
            warnings.append(_not_read(file))
        elif layout.name in tables:
            raise InvalidInput(
                f"The table “{layout.name}” is there twice: “{tables[layout.name].name}” and “{file}”.", "Keep one."
            )
        else:
            tables[layout.name] = _table(file, content, layout, warnings)
    if ROOT not in tables:
        raise InvalidInput(
            f"{name or (source.name if isinstance(source, Path) else 'It')} holds no table “{ROOT}.csv”.",
            "Give a folder or zip as “gazette register export --format csv” writes it.",
        )
    if not tables[ROOT].rows:
        raise InvalidInput(f"“{tables[ROOT].name}” has no rows.", "Write a row for each agreement.")
    return with_warnings(documents_of(tables), warnings)


def _not_read(file: str) -> Problem:
    return Problem(
        "",
        f"The file “{file}” is none of the tables, and was not read.",
        f"The tables are: {', '.join(f'{name}.csv' for name in table_layouts())}.",
        severity="warning",
    )


def _in_folder(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    size = 0
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or not path.is_file():
            continue
        size += path.stat().st_size
        _require_small(len(files) + 1, size, folder.name)
        files[path.name] = path.read_bytes()
    return files


def _unzipped(content: bytes, name: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            members = [member for member in zipped.infolist() if not member.is_dir() and not _hidden(member.filename)]
            _require_small(len(members), sum(member.file_size for member in members), name)
            return _members(zipped, members, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(
            f"{name} is no zip file that can be read{': it is encrypted' if 'encrypted' in str(error) else ''}.",
            "Give a folder of CSV files, or a zip of them without a password.",
        ) from None


def _members(zipped: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], name: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise InvalidInput(
                f"{name} holds a file that would lie outside it (“{member.filename[:80]}”).",
                "Nothing was read. Zip the folder again.",
            )
        if path.name.casefold() in (known.casefold() for known in files):
            raise InvalidInput(f"{name} holds two files called “{path.name}”.", "Zip one folder of tables alone.")
        with zipped.open(member) as opened:
            data = opened.read(left + 1)  # what a zip says of its own sizes need not be true
        left -= len(data)
        if left < 0:
            raise _too_large(name)
        files[path.name] = data
    return files


def _hidden(filename: str) -> bool:
    """What systems put beside the files of people: macOS’s `__MACOSX` and `.DS_Store`, Excel’s `~$` locks."""
    path = PurePosixPath(filename.replace("\\", "/"))
    return "__MACOSX" in path.parts or path.name.startswith((".", "~$"))


def _require_small(members: int, size: int, name: str) -> None:
    if members > MOST_MEMBERS or size > MOST_BYTES:
        raise _too_large(name)


def _too_large(name: str) -> InvalidInput:
    return InvalidInput(
        f"{name} holds more than {MOST_MEMBERS} files, or more than {MOST_BYTES // 1_000_000} MB of text.",
        "Give the tables alone, and many agreements in several parts.",
    )


def _table(file: str, content: bytes, layout: TableLayout, warnings: list[Problem]) -> Table:
    text = _decoded(file, content, warnings)
    lines = _lines(file, text)
    if not lines:
        return Table(layout, (), name=file)
    headings = [heading.strip() for heading in lines[0][1]]
    columns = columns_of(layout, headings)
    where = _where(file, headings)
    rows = [
        _row(f"{file}, row {number}", cells, columns, headings, where, number)
        for number, cells in lines[1:]
        if any(cell.strip() for cell in cells)
    ]
    unknown = [heading for heading, column in zip(headings, columns, strict=True) if heading and column is None]
    warnings += [_unknown_column(file, heading) for heading in unknown]
    names = tuple(dict.fromkeys(column for column in columns if column))
    number = lines[-1][0] + 1
    return Table(layout, names, rows, file, _row(f"{file}, row {number}", [], columns, headings, where, number))


def _unknown_column(file: str, heading: str) -> Problem:
    return Problem(
        "",
        f"{file}, row 1: There is no column “{heading[:80]}” in this table.",
        "Nothing in it is taken: correct the heading, or delete the column.",
        severity="warning",
    )


def _where(file: str, headings: Sequence[str]) -> Callable[[int, int], str]:
    def where(number: int, position: int) -> str:
        heading = headings[position] if position < len(headings) else ""
        return f"{file}, row {number}, column {heading or position + 1}"

    return where


def _row(
    place: str,
    cells: Sequence[str],
    columns: Sequence[str | None],
    headings: Sequence[str],
    where: Callable[[int, int], str],
    number: int,
) -> Row:
    known: dict[str, tuple[Cell, ...]] = {}
    strays: list[tuple[str, Cell]] = []
    for position in range(max(len(cells), len(columns))):
        cell = Cell(_unguarded(cells[position]) if position < len(cells) else "", where(number, position))
        column = columns[position] if position < len(columns) else None
        if column:
            known[column] = (*known.get(column, ()), cell)
        elif cell.filled:
            strays.append((headings[position] if position < len(headings) else "", cell))
    return Row(place, known, tuple(strays))


def _decoded(file: str, content: bytes, warnings: list[Problem]) -> str:
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # Excel's “Unicode text”
    try:
        return content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    warnings.append(
        Problem(
            "",
            f"{file} is not UTF-8 text; it was read as the Windows alphabet (cp1252), as Excel writes it.",
            "Look at accented letters, or save it as “CSV UTF-8”.",
            severity="warning",
        )
    )
    return text


def _lines(file: str, text: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV text, each with its number as a spreadsheet counts them."""
    first = text.lstrip("\r\n").partition("\n")[0]
    if match := re.match(r"sep=(.)\r?$", first):  # how Excel is told what parts the cells
        delimiter, text = match.group(1), text.lstrip("\r\n").partition("\n")[2]
        started = 2
    else:
        unquoted = re.sub(r'"[^"]*"', "", first)
        delimiter, started = max(",;\t", key=lambda sign: (unquoted.count(sign), sign == ",")), 1
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        lines = [(number, cells) for number, cells in enumerate(reader, started)]
    except csv.Error as error:
        raise InvalidInput(
            f"{file} is not CSV: {error}.", "Each cell with a line end or a separator in it stands in quotation marks."
        ) from None
    if len(lines) > MOST_ROWS:
        raise InvalidInput(f"{file} has more than {MOST_ROWS:,} rows.", "Give the agreements in several parts.")
    while lines and not any(cell.strip() for cell in lines[-1][1]):
        lines.pop()
    return lines
