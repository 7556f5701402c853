"""Files that people hand in to be checked: JSON, JSON Lines, YAML or a spreadsheet, each value with its place."""

from dataclasses import dataclass, replace
from typing import Any

from register.formats.workbook_reading import WorkbookRecord, read_workbook
from schemas.errors import InvalidInput
from schemas.problems import Problem
from schemas.record_file import FileRecord, read_record_file

_ZIP = b"PK\x03\x04"
_LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One record of a file: where it stands, what it says, and what could not be read of it."""

    place: str
    value: Any
    source: FileRecord | WorkbookRecord
    first_line: int = 1
    problems: tuple[Problem, ...] = ()

    def line_of(self, pointer: str) -> int | None:
        """The line of a value in the file, or of the nearest thing around it; None in a spreadsheet."""
        line = self.source.line_of(pointer) if isinstance(self.source, FileRecord) else None
        return line + self.first_line - 1 if line else None

    def cell_of(self, pointer: str) -> str | None:
        """The cell of a value in a spreadsheet (“Parties!B4”); None elsewhere."""
        return None if isinstance(self.source, FileRecord) else self.source.cell_of(pointer)


def read_handed_in(content: bytes, name: str) -> list[HandedIn]:
    """Every record of a file, told apart by what is in it and, for JSON Lines, by its name.

    Raises InvalidInput where the file cannot be read.
    """
    if content.startswith(_ZIP) or name.casefold().endswith(".xlsx"):
        return [HandedIn(one.place, one.value, one, problems=one.problems) for one in read_workbook(content, name)]
    if name.casefold().endswith(_LINES):
        return _lines(content, name)
    return [HandedIn(one.place, one.value, one) for one in read_record_file(content, name)]


def _lines(content: bytes, name: str) -> list[HandedIn]:
    """One record in each line that is not empty. A line that cannot be read is told, and the others are read."""
    records: list[HandedIn] = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        place = f"record {len(records) + 1}"
        try:
            if line.lstrip()[:1] != b"{":
                raise InvalidInput(f"{name} has no record in line {number}.", "Each line holds one JSON object.")
            found = [HandedIn(place, one.value, one, number) for one in read_record_file(line, name)]
        except InvalidInput as error:
            message = error.message.replace("in line 1,", f"in line {number},")
            problem = Problem("", message, error.advice)
            found = [HandedIn(place, None, FileRecord(place, None, {"": 1}), number, (problem,))]
        records += [replace(one, place=place) for one in found]
    if not records:
        raise InvalidInput(f"{name} is empty.", "Write at least one record into it.")
    return records


def unwrapped(value: Any) -> tuple[Any, str]:  # noqa: ANN401 - any JSON value
    """The agreement in a record, and the JSON Pointer of it: “gazette register show --format json” writes more."""
    if isinstance(value, dict) and isinstance(value.get("document"), dict) and "newestVersion" in value:
        return value["document"], "/document"
    return value, ""
