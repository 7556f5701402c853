"""A spreadsheet for officials to fill in: agreements in the order they think of them, with drop-downs."""

from collections.abc import Iterator, Sequence

from register.formats.workbook_drawing import Drawing
from register.formats.workbook_layout import LISTS, README, SECTIONS, Sheet, sheets_of
from register.formats.workbook_wanted import wanted_by
from schemas.bundle import AGREEMENT_VERSION
from schemas.profiles import profile_title


def write_template(profiles: Sequence[str] = ()) -> bytes:
    """An empty spreadsheet (XLSX) with the fields that the profiles ask for; with every field where none is named.

    Raises NotFound for a profile that is not there.
    """
    sheets = sheets_of(wanted_by(profiles))
    drawing = Drawing()
    drawing.add_text(README, _told(sheets, profiles))
    drawing.add_lists(sheets)
    for sheet in sheets:
        drawing.add_sheet(sheet, ())
    return drawing.content()


def _told(sheets: Sequence[Sheet], profiles: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The lines of the first sheet, each with whether it is a heading."""
    titles = [profile_title(name, AGREEMENT_VERSION) for name in dict.fromkeys(profiles)]
    yield "Data-sharing agreements: a form to fill in", True
    yield from _plain(
        "Fill this spreadsheet in to put one or more data-sharing agreements into the public register.",
        f"It asks for what these want to know: {'; '.join(titles)}."
        if titles
        else "It has every field of the register.",
    )
    yield "How to fill it in", True
    yield from _plain(
        f"1. Begin on the sheet “{SECTIONS[0].title}”: one row for each agreement. Write from row 4 on.",
        "2. Go through the other sheets from left to right. What does not apply stays empty; a sheet may stay empty.",
        "3. With more than one agreement, give each a short name in the column “Which agreement”, for example A and B, "
        "and write it on every sheet. With one agreement, leave that column empty.",
        "4. Columns with a star (*) on dark blue must be filled in for every row. The grey line says what to write.",
        f"5. Click a cell to see whether it has a drop-down. What the choices mean is on the sheet “{LISTS}”.",
        "6. Several choices go into the columns side by side: the first, then (2), then (3). More than three: write "
        "the rest into the last, with semicolons between them.",
        "7. Write dates as 2024-03-31. Where only the month or the year is known, write 2024-03 or 2024.",
        "8. A column such as “Party no.” numbers the rows of an agreement: 1, 2, 3. Other sheets refer to that number.",
    )
    yield "Please mind", True
    yield from _plain(
        "Never write the name of a person, nor a person’s own e-mail address: the register cannot be erased. Write the "
        "role or the office.",
        "Columns may be moved or hidden, and columns you do not need may be deleted. Keep the headings as they are.",
        "Everything here is published. What must not be published stays out; say so on the sheet “Withheld”, if there "
        "is one.",
    )
    yield "When you are done", True
    yield from _plain(
        "See what is still missing: gazette register check FILE.xlsx"
        + "".join(f" --profile {name}" for name in dict.fromkeys(profiles or ["complete"])),
        "Each problem is told with its cell, and what to write there.",
    )
    yield "The sheets", True
    yield from _plain(*(f"{sheet.title}: {sheet.help}" for sheet in sheets))
    yield from _plain("", f"Version {AGREEMENT_VERSION} of the agreement schema.")


def _plain(*lines: str) -> Iterator[tuple[str, bool]]:
    return ((line, False) for line in lines)
