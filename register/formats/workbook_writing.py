"""Agreements as a spreadsheet (XLSX) that reads back equal, and that people can go on filling in."""

from collections.abc import Iterable, Sequence

from register.formats.tables import Row, tables_of
from register.formats.tables_cells import join_list, label_of, split_list
from register.formats.tables_layout import KEY, ROOT
from register.formats.workbook_drawing import Drawing, RowTexts
from register.formats.workbook_layout import SECTIONS, Heading, Sheet, sheets_of
from register.formats.workbook_text import MOST_CHARACTERS
from register.formats.workbook_wanted import wanted_by
from schemas.canonical import Json

_ROOM = MOST_CHARACTERS // 2
"""So much of a list goes into one cell; what is left goes into the next, which has the same heading."""


def write_workbook(documents: Iterable[Json]) -> bytes:
    """The documents as a spreadsheet that `read_workbook` reads back equal, with the sheets of the template.

    Codes stand there as people read them. Raises InvalidInput for what does not conform to the schema.
    """
    tables = tables_of(documents)
    sheets = sheets_of(wanted_by(()), exported=True)
    drawing = Drawing()
    drawing.add_lists(sheets)
    for sheet in sheets:
        drawing.add_sheet(sheet, list(_rows(sheet, tables[sheet.layout.name].rows)))
    return drawing.content()


def _rows(sheet: Sheet, rows: Sequence[Row]) -> Iterable[RowTexts]:
    is_further = sheet.layout.name == ROOT and sheet.title != SECTIONS[0].title
    for row in rows:
        texts = {heading.name: _cells(row, heading) for heading in sheet.headings}
        if not is_further or any(cells for name, cells in texts.items() if name != KEY):
            yield texts


def _cells(row: Row, heading: Heading) -> list[str]:
    cells = row.cells.get(heading.name, ())
    if not cells:
        return []
    column = heading.column
    if column is None or not (column.many or column.codelist):
        return [cells[0].text]
    if not column.many:
        return [label_of(cells[0].text, column)]
    return _parted([label_of(text, column) for text in split_list(cells[0].text)], heading.slots)


def _parted(texts: list[str], slots: int) -> list[str]:
    """The values of a list over its cells: one in each while there is room, the rest in the last ones."""
    first = [join_list([text]) for text in texts[: slots - 1]]
    parts: list[list[str]] = []
    size = 0
    for text in texts[slots - 1 :]:
        if not parts or size + len(text) > _ROOM:
            parts.append([])
            size = 0
        parts[-1].append(text)
        size += len(text) + 4 + text.count('"')
    return first + [join_list(part) for part in parts]
