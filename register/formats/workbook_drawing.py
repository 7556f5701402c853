"""Drawing a spreadsheet of agreements: headings, help, drop-downs, lists."""

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from register.formats.tables_cells import label_of
from register.formats.tables_layout import KEY, ROOT
from register.formats.workbook_layout import LISTS, SECTIONS, Heading, Sheet, sheet_titles
from register.formats.workbook_text import escaped
from schemas.codelists import codelist

HEADINGS, HELP, NAMES, FIRST = 1, 2, 3, 4
"""The rows of a sheet: what people read, what to write, the columns’ names (hidden), and the first row of data."""

ROOM = 1_000
"""So many rows beyond those filled in have drop-downs."""

_TEXT, _NUMBER, _HEAD, _HEAD_REQUIRED, _HINT, _PLAIN = (
    "Text cell",
    "Number cell",
    "Head",
    "Head required",
    "Hint",
    "Plain",
)
_WIDE, _TALL = 62, 300

RowTexts = Mapping[str, Sequence[str]]
"""What a row holds: for each column its cells, more than one where the column is there several times."""


class Drawing:
    """A spreadsheet that is being drawn. The same content gives the same spreadsheet: no clock is asked."""

    def __init__(self) -> None:
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        for style in _styles():
            self.workbook.add_named_style(style)
        self._lists: dict[str, str] = {}
        self._columns: dict[tuple[str, str], str] = {}

    def add_lists(self, sheets: Iterable[Sheet]) -> None:
        """Add the sheet with the codelists that some sheets choose from: what people read, the code, what it means."""
        sheet = self.workbook.create_sheet(LISTS)
        self._write(sheet, 1, 1, "What the drop-downs offer. Nothing is read from this sheet.", _HINT)
        columns = {
            heading.column.codelist: heading.column
            for drawn in sheets
            for heading in drawn.headings
            if heading.column and heading.column.codelist
        }
        for place, (name, column) in enumerate(sorted(columns.items(), key=lambda item: str(item[0]))):
            left = 1 + 3 * place
            codes = list(codelist(str(name)).values())
            for offset, (head, width) in enumerate(((str(name), 44), ("code", 24), ("what it means", _WIDE))):
                self._write(sheet, 2, left + offset, head, _HEAD)
                sheet.column_dimensions[get_column_letter(left + offset)].width = width
            for row, code in enumerate(codes, 3):
                for offset, text in enumerate((label_of(code.code, column), code.code, code.description)):
                    self._write(sheet, row, left + offset, text, _TEXT)
            letter = get_column_letter(left)
            self._lists[str(name)] = f"{LISTS}!${letter}$3:${letter}${len(codes) + 2}"
        sheet.freeze_panes = "A3"

    def add_sheet(self, drawn: Sheet, rows: Sequence[RowTexts]) -> None:
        """Add one sheet of agreements, or of what belongs to them, with its rows."""
        sheet = self.workbook.create_sheet(drawn.title)
        places = list(_slots(drawn, rows))
        for column, (heading, slot) in enumerate(places, 1):
            self._add_heading(sheet, drawn, heading, column, slot)
        last = FIRST + len(rows) + ROOM - 1
        for column, (heading, _) in enumerate(places, 1):
            letter = get_column_letter(column)
            self._columns.setdefault((drawn.title, heading.name), f"'{drawn.title}'!${letter}${FIRST}:${letter}${last}")
            self._add_choice(sheet, heading, f"{letter}{FIRST}:{letter}{last}")
        for number, row in enumerate(rows, FIRST):
            for column, (heading, slot) in enumerate(places, 1):
                texts = row.get(heading.name, ())
                if slot < len(texts) and texts[slot]:
                    self._write_value(sheet, number, column, texts[slot], heading)
        sheet.row_dimensions[HELP].height = _help_height(places)
        sheet.row_dimensions[NAMES].hidden = True
        sheet.freeze_panes = f"B{FIRST}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = f"{HEADINGS}:{HEADINGS}"
        if drawn.layout.name == ROOT:
            sheet.sheet_properties.tabColor = "1D70B8"

    def add_text(self, title: str, lines: Iterable[tuple[str, bool]]) -> None:
        """Add a sheet of plain lines, each with whether it is a heading."""
        sheet = self.workbook.create_sheet(title)
        sheet.column_dimensions["A"].width = 110
        sheet.sheet_view.showGridLines = False
        for number, (line, is_head) in enumerate(lines, 1):
            self._write(sheet, number, 1, line, _HEAD if is_head else _PLAIN)

    def content(self) -> bytes:
        """The spreadsheet as the bytes of an XLSX file, the lists last."""
        if LISTS in self.workbook.sheetnames:
            lists = self.workbook[LISTS]
            self.workbook.move_sheet(lists, len(self.workbook.sheetnames))
        self.workbook.active = 0
        self.workbook.properties.creator = "Data Gazette"
        self.workbook.properties.created = datetime(1980, 1, 1)  # noqa: DTZ001 - Office knows no zones
        written = io.BytesIO()
        self.workbook.save(written)
        return written.getvalue()

    def _add_heading(self, sheet: Worksheet, drawn: Sheet, heading: Heading, column: int, slot: int) -> None:
        text = heading.text if slot == 0 else f"{heading.text} ({slot + 1})"
        required = heading.required and slot == 0
        self._write(sheet, HEADINGS, column, f"{text} *" if required else text, _HEAD_REQUIRED if required else _HEAD)
        self._write(sheet, HELP, column, heading.help if slot == 0 else "If there is another.", _HINT)
        self._write(sheet, NAMES, column, f"{drawn.layout.name}.{heading.name}", _HINT)
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = _width(heading)
        dimension.number_format = "0" if _is_number(heading) else "@"
        dimension.alignment = Alignment(wrap_text=True, vertical="top")

    def _add_choice(self, sheet: Worksheet, heading: Heading, cells: str) -> None:
        """A drop-down, where the field is chosen from something."""
        choice = self._choice(heading, own=sheet.title == SECTIONS[0].title)
        if choice is None:
            return
        formula, strict = choice
        validation = DataValidation(
            type="list",
            formula1=formula,
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="stop" if strict else "warning",
            errorTitle="Not in the list"[:32],
            error="Choose from the list." if strict else "This is not in the list. Keep it all the same?",
        )
        validation.add(cells)
        sheet.add_data_validation(validation)

    def _choice(self, heading: Heading, *, own: bool) -> tuple[str, bool] | None:
        """Where a field’s choices stand, and whether nothing else may be written."""
        column = heading.column
        if column is None:
            key = self._columns.get((SECTIONS[0].title, KEY))
            return (f"={key}", False) if heading.name == KEY and key and not own else None
        if column.schema.get("type") == "boolean" or column.schema.get("const") is True:
            return '"yes,no"', True
        if column.codelist:
            return f"={self._lists[column.codelist]}", not column.many and "x-codelist" in column.schema
        if column.schema.get("x-definition") == "partyName":
            names = self._columns.get((sheet_titles()["parties"], "name"))
            return (f"={names}", False) if names else None
        return None

    def _write_value(self, sheet: Worksheet, row: int, column: int, text: str, heading: Heading) -> None:
        if _is_number(heading) and text.isascii() and text.isdigit() and len(text) <= 15:
            cell = sheet.cell(row, column)
            cell.value = int(text)
            cell.style = _NUMBER
        else:
            self._write(sheet, row, column, text, _TEXT)

    def _write(self, sheet: Worksheet, row: int, column: int, text: str, style: str) -> None:
        """Write a text as text, whatever a spreadsheet would take it for."""
        cell = sheet.cell(row, column)
        cell.value = escaped(text)
        cell.data_type = "s"
        cell.style = style


def slots_of(heading: Heading, rows: Sequence[RowTexts]) -> int:
    """How many cells a field has side by side: its own, or more where a row holds more."""
    return max(heading.slots, *(len(row.get(heading.name, ())) for row in rows), 1)


def _slots(drawn: Sheet, rows: Sequence[RowTexts]) -> Iterable[tuple[Heading, int]]:
    return ((heading, slot) for heading in drawn.headings for slot in range(slots_of(heading, rows)))


def _is_number(heading: Heading) -> bool:
    if heading.column is None:
        return heading.name != KEY
    return bool(heading.column.schema.get("type") == "integer")


def _width(heading: Heading) -> int:
    column = heading.column
    if column is None:
        return 18 if heading.name == KEY else 12
    schema = column.schema
    if column.codelist:
        return 34
    if "format" in schema:
        return {"partial-date": 16, "duration": 14}.get(str(schema["format"]), 36)
    most = schema.get("maxLength", 0)
    if not most:
        return 14
    return _WIDE if most > 3_000 or column.many else 48 if most > 300 else 30


def _help_height(places: Iterable[tuple[Heading, int]]) -> int:
    lines = max((math.ceil(len(heading.help) / (_width(heading) - 1)) for heading, _ in places), default=1)
    return min(_TALL, 14 * lines + 6)


def _styles() -> Iterable[NamedStyle]:
    wrap = Alignment(wrap_text=True, vertical="top")
    white = Font(bold=True, color="FFFFFF")
    yield NamedStyle(_TEXT, alignment=wrap, number_format="@")
    yield NamedStyle(_NUMBER, alignment=Alignment(vertical="top"), number_format="0")
    yield NamedStyle(_HEAD, font=white, fill=PatternFill("solid", fgColor="505A5F"), alignment=wrap)
    yield NamedStyle(_HEAD_REQUIRED, font=white, fill=PatternFill("solid", fgColor="003078"), alignment=wrap)
    yield NamedStyle(_HINT, font=Font(italic=True, color="505A5F", size=9), alignment=wrap)
    yield NamedStyle(_PLAIN, alignment=wrap)
