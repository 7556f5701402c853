"""Which tables hold an agreement, and which columns each has: read off the published schema, never listed by hand.

The table `agreements` has a row for each agreement. Every list of groups of fields (`parties`, `flows.datasets`) is a
table of its own, each row with the agreement's key and the numbers of what it stands in; a group of fields inside a
row has dotted columns (`retention.sharedData.duration`); a list of plain values is one cell.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.problems import pointer_to

ROOT = "agreements"
"""The table with a row for each agreement."""

KEY = "agreement#"
"""The column that says in every table which agreement a row belongs to. No field’s name has a # in it."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of values.

    `path` leads to the value inside the row's group of fields; `name` is the same with dots, `pointer` as a JSON
    Pointer. `schema` is that of the value, or of each item where the cell holds a list (`many`); `words` is the schema
    with the field's own title and description. `heading` is what people read, and names no other column of its table.
    `needed` says that the schema requires it where the group of fields around it is there, `required` that it does so
    in every row.
    """

    name: str
    path: Path
    pointer: str
    schema: Json
    words: Json
    many: bool
    heading: str
    required: bool
    needed: bool

    @property
    def codelist(self) -> str | None:
        """The codelist the values are taken from; for an open list too, whose values may also be others."""
        name = self.schema.get("x-codelist") or self.schema.get("x-open-codelist")
        return str(name) if name else None


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One table: what it is called, the list it holds, and its columns.

    `path` leads from the agreement to the list, `within` from a row of the table around it (`parent`); both are
    empty for the agreements themselves. `positions` are the columns that number the lists on the way, its own last.
    """

    name: str
    title: str
    help: str
    path: Path
    within: Path
    parent: str | None
    positions: tuple[str, ...]
    item: Json
    columns: tuple[Column, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that say where a row belongs."""
        return (KEY, *self.positions)

    def column(self, name: str) -> Column | None:
        """The column of a name."""
        return next((column for column in self.columns if column.name == name), None)


@cache
def table_layouts() -> dict[str, TableLayout]:
    """Every table by its name, each before those that lie inside it."""
    root = load_schema("agreement", AGREEMENT_VERSION)
    found = {layout.name: layout for layout in _tables(root, (), (), None, ())}
    titles = Counter(layout.title for layout in found.values())
    return {
        name: replace(layout, title=f"{found[layout.parent].title} - {layout.title}")
        if titles[layout.title] > 1 and layout.parent
        else layout
        for name, layout in found.items()
    }


def children_of(name: str) -> list[TableLayout]:
    """The tables that lie directly inside a table."""
    return [layout for layout in table_layouts().values() if layout.parent == name]


def _tables(
    schema: Json, path: Path, within: Path, parent: str | None, positions: tuple[str, ...]
) -> Iterator[TableLayout]:
    item = resolved(schema if not path else schema["items"])
    name = ".".join(path) or ROOT
    title = str(schema["title"]) if path else "Agreements"
    told = str(schema["description"])
    columns = _with_headings([*_columns(item, (), (), required=True)])
    yield TableLayout(name, title, told, path, within, parent, positions, item, columns)
    for inside, schema_inside in _lists(item, ()):
        yield from _tables(
            schema_inside, (*path, *inside), inside, name, (*positions, f"{inside[-1]}#")
        )  # fmt: skip


def _columns(group: Json, path: Path, titles: Path, *, required: bool) -> Iterator[Column]:
    wanted = set(group.get("required", ()))
    for name, member in group["properties"].items():
        words = resolved(member)
        here, told = (*path, name), (*titles, str(words.get("title", name)))
        must = required and name in wanted
        if words.get("type") == "object":
            yield from _columns(words, here, told, required=must)
            continue
        many = words.get("type") == "array"
        value = resolved(words["items"]) if many else words
        if value.get("type") != "object":
            yield Column(
                ".".join(here), here, pointer_to(here), value, words, many, " – ".join(told), must, name in wanted
            )


def _lists(group: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    """The lists of groups of fields that lie directly in a group, with the way to each."""
    for name, member in group["properties"].items():
        words = resolved(member)
        if words.get("type") == "object":
            yield from _lists(words, (*path, name))
        elif words.get("type") == "array" and resolved(words["items"]).get("type") == "object":
            yield (*path, name), words


def _with_headings(columns: list[Column]) -> tuple[Column, ...]:
    headings = Counter(column.heading.casefold() for column in columns)
    return tuple(
        replace(column, heading=f"{column.heading} [{column.name}]")
        if headings[column.heading.casefold()] > 1
        else column
        for column in columns
    )


def resolved(member: Json) -> Json:
    """A member of the schema with what it refers to, its own words before those of the shared definition."""
    reference = member.get("$ref")
    if not isinstance(reference, str):
        return member
    definitions = load_schema("agreement", AGREEMENT_VERSION)["$defs"]
    own = {name: value for name, value in member.items() if name != "$ref"}
    definition = reference.removeprefix("#/$defs/")
    return {"x-definition": definition, **resolved(definitions[definition]), **own}
