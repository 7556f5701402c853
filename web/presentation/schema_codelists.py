"""Codelists for people and programs: their tables, their files as they are, and the fields that use them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from schemas.bundle import load_schema
from schemas.canonical import Json
from schemas.codelist_tables import codelist_rows
from schemas.codelists import codelist_names
from schemas.contract import load_event
from web.presentation.schema_fields import schema_fields
from web.presentation.schema_versions import (
    KINDS,
    codelist_address,
    field_address,
    part_address,
    parts_of,
    versions_of_schema,
)
from web.presentation.words import upper_first

_FOLDER = resources.files("schemas.codelists")
_COMMON = ("code", "title", "description", "sameAs")


@dataclass(frozen=True, slots=True)
class Use:
    """A field whose values are codes of a list: what it is called and where it is explained."""

    title: str
    path: str
    href: str


@dataclass(frozen=True, slots=True)
class Codelist:
    """One list. `own` are the columns beside the four that every list has; empty columns are left out."""

    name: str
    rows: tuple[Mapping[str, str], ...]
    columns: tuple[str, ...]
    uses: tuple[Use, ...]

    @property
    def title(self) -> str:
        """Its name as people read it."""
        return upper_first(self.name.replace("-", " ").replace("dpia", "DPIA"))

    @property
    def address(self) -> str:
        """The address of its page."""
        return codelist_address(self.name)

    @property
    def own(self) -> tuple[str, ...]:
        """The columns that this list alone has."""
        return tuple(column for column in self.columns if column not in (*_COMMON, "broader"))


def codelists() -> tuple[Codelist, ...]:
    """Every list, by name."""
    return tuple(show_codelist(name) for name in codelist_names())


@cache
def show_codelist(name: str) -> Codelist:
    """One list. Raises KeyError where there is none of that name."""
    rows = tuple(codelist_rows(name))
    filled = {column for row in rows for column in row}
    header = codelist_file(name).decode("utf-8").partition("\n")[0].strip().split(",")
    return Codelist(name, rows, tuple(column for column in header if column in filled), _uses().get(name, ()))


def codelist_file(name: str) -> bytes:
    """A list as it is published: CSV in UTF-8 with a line of headings. Raises KeyError where there is none."""
    if name not in codelist_names():
        raise KeyError(f"no codelist is called {name}")
    return _FOLDER.joinpath(f"{name}.csv").read_bytes()


def codelist_schema_file() -> bytes:
    """The schema that every list conforms to, read as a list of rows."""
    return _FOLDER.joinpath("schema.json").read_bytes()


@cache
def _uses() -> Mapping[str, tuple[Use, ...]]:
    """The fields of the newest schemas and of the events that use a list, by its name."""
    found: dict[str, tuple[Use, ...]] = {}
    for name, use in _all_uses():
        found[name] = (*found.get(name, ()), use)
    return found


def _all_uses() -> Iterator[tuple[str, Use]]:
    for kind, number in KINDS.items():
        version = next(version for version in versions_of_schema(kind) if version.version == number)
        schema = load_schema(kind, number)
        of = "" if kind == "agreement" else f"{schema['title']}: "
        for field in schema_fields(schema):
            if field.codelist:
                yield field.codelist, Use(of + field.title, field.path, field_address(version, field.path))
        for event in parts_of(version, "events"):
            yield from _uses_of_event(part_address(version, "events", event), load_event(event, number))


def _uses_of_event(address: str, schema: Json) -> Iterator[tuple[str, Use]]:
    for field in schema_fields(schema):
        if field.codelist:
            yield field.codelist, Use(f"{schema['title']}: {field.title}", field.path, f"{address}#{field.path}")
