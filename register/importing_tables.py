"""Agreements from tables, checked before they are taken in: each problem with its cell, each thing told once."""

from dataclasses import replace

from register.checks.record import check_any_version
from register.formats.tables_reading import TableRecord
from schemas.canonical import Json
from schemas.problems import Problem
from schemas.reading import Read

Checked = tuple[Read, list[Problem]]
"""One record, and every problem of it."""


def checked_table(record: TableRecord) -> Checked:
    """An agreement from tables, and every problem of it with its cell.

    What cannot be read in a cell is told once: the check does not tell it again.
    """
    if not isinstance(record.value, dict):
        return Read(record.place, "", None), list(record.problems)
    told = {problem.pointer for problem in record.problems if problem.pointer}
    found = [problem for problem in check_any_version(record.value) if not _is_told(problem.pointer, told)]
    placed = [_at_its_cell(problem, record) for problem in (*record.problems, *found)]
    return Read(record.place, document_identifier(record.value), record.value, cleanings=record.cleanings), placed


def document_identifier(document: Json) -> str:
    """What an agreement of ours is known again by: its first number elsewhere, else its title."""
    numbers = document.get("externalIds")
    first = numbers[0] if isinstance(numbers, list) and numbers and isinstance(numbers[0], dict) else {}
    return f"{first.get('scheme', 'title')}:{first.get('id', document.get('title', ''))}"


def _is_told(pointer: str, told: set[str]) -> bool:
    return any(pointer == known or pointer.startswith(f"{known}/") for known in told)


def _at_its_cell(problem: Problem, record: TableRecord) -> Problem:
    cell = record.cell_of(problem.pointer) if problem.pointer else None
    return replace(problem, message=f"{cell}: {problem.message}") if cell else problem
