"""Which fields a law or body asks for: read off its profile, so that a spreadsheet need show no others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from register.formats.tables_layout import Column, Path, TableLayout
from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.profiles import load_profile

GIVEN = frozenset({("id",), ("schemaVersion",)})
"""Fields that the register fills in by itself."""


MOST_SHOWN_WHOLE = 9
"""A list with at most so many columns is shown whole: half of such a row says too little."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The fields that some profiles ask for, for each profile its paths with whether it always asks for them.

    Everything is wanted where no profile is named. `marked` are the profiles whose fields are marked as required.
    """

    profiles: tuple[dict[Path, bool], ...]
    marked: tuple[dict[Path, bool], ...]

    def wants(self, layout: TableLayout, column: Column) -> bool:
        """Whether a column is needed."""
        return not self.profiles or any(_wants(paths, layout, column) for paths in self.profiles)

    def wants_table(self, layout: TableLayout) -> bool:
        """Whether a table is needed: it, something in it, or the whole that it is part of."""
        return not self.profiles or any(_wants_table(paths, layout) for paths in self.profiles)

    def requires(self, layout: TableLayout, column: Column) -> bool:
        """Whether a column must be filled in: the schema or a profile always asks for it."""
        path = (*layout.path, *column.path)
        return (column.required and path not in GIVEN) or any(paths.get(path, False) for paths in self.marked)


def wanted_by(profiles: Sequence[str]) -> Wanted:
    """The fields that the core schema requires and that the profiles ask for.

    Where no profile is named, everything, marked as `complete` has it: that is what a submission must satisfy.
    Raises NotFound for a profile that is not there.
    """
    shown = tuple(_paths_of(name) for name in dict.fromkeys(profiles))
    return Wanted(shown, shown or (_paths_of("complete"),))


def _paths_of(name: str) -> dict[Path, bool]:
    """Every field that a profile, or the core schema, names, with whether it always asks for it."""
    profile = load_profile(name, AGREEMENT_VERSION)
    required = load_schema("agreement", AGREEMENT_VERSION)["required"]
    paths: dict[Path, bool] = {(member,): True for member in required if (member,) not in GIVEN}
    for rule in profile["allOf"]:
        for path, sure in _asked(rule, profile, (), sure=True):
            paths[path] = paths.get(path, False) or sure
    return paths


def _wants(paths: dict[Path, bool], layout: TableLayout, column: Column) -> bool:
    path = (*layout.path, *column.path)
    if path in paths or _whole_around(paths, path):
        return True
    if column.needed and path not in GIVEN and any(wanted[: len(path) - 1] == path[:-1] for wanted in paths):
        return True
    # Of a list that is needed: all of it where it is short, or where no column of it is named by itself.
    return (
        bool(layout.path)
        and _wants_table(paths, layout)
        and (len(layout.columns) <= MOST_SHOWN_WHOLE or not _names_columns(paths, layout))
    )


def _wants_table(paths: dict[Path, bool], layout: TableLayout) -> bool:
    within = any(path[: len(layout.path)] == layout.path for path in paths)
    return not layout.path or within or _whole_around(paths, layout.path)


def _whole_around(paths: dict[Path, bool], path: Path) -> bool:
    """Whether something around a field is asked for as a whole: nothing inside that is named apart."""
    around = (path[:size] for size in range(1, len(path)))
    return any(
        whole in paths and not any(len(inner) > len(whole) and inner[: len(whole)] == whole for inner in paths)
        for whole in around
    )


def _names_columns(paths: dict[Path, bool], layout: TableLayout) -> bool:
    """Whether a column of a list is named by itself, beyond what the schema requires anyway."""
    return any((*layout.path, *column.path) in paths and not column.required for column in layout.columns)


def _asked(rule: Any, profile: Json, path: Path, *, sure: bool) -> Iterator[tuple[Path, bool]]:  # noqa: ANN401
    """Every field a rule names, and whether it asks for it in every case."""
    if not isinstance(rule, dict):
        return
    if "$ref" in rule:
        yield from _asked(profile["$defs"][rule["$ref"].removeprefix("#/$defs/")], profile, path, sure=sure)
    for name in rule.get("required", ()):
        yield (*path, name), sure
    for name, inner in rule.get("properties", {}).items():
        yield (*path, name), False
        yield from _asked(inner, profile, (*path, name), sure=sure)
    for word in ("items", "contains"):
        yield from _asked(rule.get(word), profile, path, sure=sure)
    for inner in rule.get("allOf", ()):
        yield from _asked(inner, profile, path, sure=sure)
    maybe = (rule.get(word) for word in ("if", "then", "else", "not"))
    for inner in (*rule.get("anyOf", ()), *rule.get("oneOf", ()), *maybe):
        yield from _asked(inner, profile, path, sure=False)
