"""Codelists: CSV files with the columns code, title, description, sameAs, and how they are read."""

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Code:
    """One code: how it is written, how people read it, what it means, and the same thing elsewhere (an IRI)."""

    code: str
    title: str
    description: str = ""
    same_as: str = ""


@cache
def codelist(name: str) -> dict[str, Code]:
    """The codes of one list, in the list's order. Raises KeyError where there is no such list."""
    source = resources.files(__name__).joinpath(f"{name}.csv")
    if not source.is_file():
        raise KeyError(f"no codelist is called {name}")
    rows = csv.DictReader(io.StringIO(source.read_text(encoding="utf-8")))
    codes = (Code(row["code"], row["title"], row["description"], row["sameAs"]) for row in rows)
    return {code.code: code for code in codes}


def codelist_names() -> list[str]:
    """The names of all lists."""
    files = resources.files(__name__).iterdir()
    return sorted(file.name.removesuffix(".csv") for file in files if file.name.endswith(".csv"))


def title_of(name: str, code: str) -> str:
    """How people read a code; the code itself where the list does not hold it."""
    entry = codelist(name).get(code)
    return entry.title if entry else code
