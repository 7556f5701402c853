"""cli.py imports the groups of commands and puts them together; it decides nothing and computes nothing."""

import ast
import sys

import pytest

from tests.source import PACKAGES, ROOT

ALLOWED = {"click", *PACKAGES} | sys.stdlib_module_names


@pytest.fixture(scope="module")
def tree() -> ast.Module:
    return ast.parse((ROOT / "cli.py").read_text(encoding="utf-8"))


def test_it_imports_only_click_and_our_own(tree: ast.Module) -> None:
    imported = {node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in tree.body if isinstance(node, ast.Import) for name in node.names}
    assert any(name.endswith("commands") or ".commands." in name for name in imported)
    assert {name for name in imported if name.split(".")[0] not in ALLOWED} == set()


def test_it_only_imports_and_composes(tree: ast.Module) -> None:
    other = [f"line {node.lineno}: {ast.unparse(node)}" for node in tree.body if not _composes(node)]
    assert other == []


def _composes(node: ast.stmt) -> bool:
    """An import, a plain call or assignment, the root command, a loop that only calls, or the start of the program."""
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.FunctionDef(body=body):
            return all(_plain(inner) for inner in body)
        case ast.For(iter=ast.Tuple(elts=elements) | ast.List(elts=elements), body=body, orelse=[]):
            return all(isinstance(element, ast.Name) for element in elements) and all(_plain(inner) for inner in body)
        case ast.If(body=body, orelse=[]):
            return ast.unparse(node.test) == "__name__ == '__main__'" and all(_plain(inner) for inner in body)
        case _:
            return _plain(node)


def _plain(node: ast.stmt) -> bool:
    """An expression or assignment made of names, literals and calls alone."""
    if not isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    made_of = (
        ast.Name, ast.Attribute, ast.Call, ast.Constant, ast.keyword, ast.Tuple, ast.List, ast.Dict, ast.expr_context,
    )  # fmt: skip
    return all(isinstance(part, made_of) for part in ast.walk(node.value))
