"""One file, one subject: no drawer for the rest, and nothing that grew too long to read."""

import ast
from pathlib import Path

import pytest

from tests.source import ROOT, functions, modules

DRAWERS = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MIGRATIONS = ROOT / "schemas" / "database" / "migrations"


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*modules(), *sorted((ROOT / "tests").rglob("*.py"))], ids=_name)
def test_a_file_has_a_subject_and_an_end(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    classes = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    names = {path.stem.lower(), path.parent.name.lower(), *(name.lower() for name in classes)}
    drawers = {name for name in names if any(name == drawer or name.endswith(f"_{drawer}") for drawer in DRAWERS)}
    assert drawers == set()
    assert [name for name in classes if name.endswith(("Manager", "Helper", "Helpers", "Utils", "Util"))] == []
    assert text.count("\n") <= LONGEST_FILE


@pytest.mark.parametrize("path", [path for path in modules() if not path.is_relative_to(MIGRATIONS)], ids=_name)
def test_a_function_fits_on_a_page(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = {
        function.name: length
        for function in functions(tree)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}
