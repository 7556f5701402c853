"""The columns of a table, as sources describe them in the forms that are about, and as data.json and CKAN have them.

Read are the fields of a Table Schema (Frictionless), the columns of CSV on the Web (W3C), the fields of CKAN's
DataStore with their data dictionary, and the member `field` that Argentina's data.json adds to a distribution.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from catalogue.formats.members import with_stated
from schemas.canonical import Json

_SAME_NAME = ("title", "description", "type", "format")
_ELSEWHERE = {"unit": ("unit", "units"), "description": ("dc:description", "dcterms:description")}


class Columns(NamedTuple):
    """The columns that were found; `whole` says whether they hold all that the source says of them."""

    columns: list[Json]
    whole: bool


def columns_in(value: object) -> Columns | None:
    """The columns that a list of fields names, in its order; None where one of them has no name, or there is none."""
    fields = value if isinstance(value, list) else []
    read = [_column(field) for field in fields if isinstance(field, Mapping)]
    if not fields or len(read) < len(fields) or any("name" not in column for column, _ in read):
        return None
    return Columns([column for column, _ in read], all(whole for _, whole in read))


def columns_in_schema(value: object) -> Columns | None:
    """The columns that a description of a table names: an object with `fields` or `columns`, or such as JSON text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if not isinstance(value, Mapping):
        return None
    members = [name for name in ("fields", "columns") if name in value]
    found = columns_in(value[members[0]]) if len(members) == 1 else None
    return Columns(found.columns, found.whole and len(value) == 1) if found else None


def fields_of(columns: list[Json]) -> list[Json]:
    """Columns as Argentina's data.json writes them: the name stands in `title` where that is all there is to say."""
    return [
        with_stated(
            **({"name": column["name"], "title": column["title"]} if "title" in column else {"title": column["name"]}),
            type=column.get("type"),
            description=column.get("description"),
            format=column.get("format"),
            units=column.get("unit"),
            id=column.get("identifier"),
        )
        for column in columns
    ]


def table_schema_of(columns: list[Json]) -> Json:
    """Columns as a Table Schema has them; `unit` and `identifier` are members of our own there."""
    return {"fields": [dict(column) for column in columns]}


def _column(field: Mapping[str, object]) -> tuple[Json, bool]:
    """One column, and whether all that is said of it was read."""
    rest = {str(name): value for name, value in field.items() if not _is_empty(value)}
    dictionary = rest.pop("info", None)
    if isinstance(dictionary, Mapping):
        rest = _with_dictionary(rest, dictionary)
    elif dictionary is not None:
        rest["info"] = dictionary
    column: Json = {}
    if "name" in rest:
        column["name"] = _take(rest, "name")
        column["identifier"] = _take(rest, "identifier", "id")
    elif "title" in rest:
        column["name"] = _take(rest, "title")
        column["identifier"] = _take(rest, "identifier", "id")
    else:
        column["name"] = _take(rest, "id")
    _read_datatype(rest)
    for name in _SAME_NAME:
        column[name] = _take(rest, name, *_ELSEWHERE.get(name, ()))
    column["title"] = column["title"] or _take(rest, "titles")
    column["unit"] = _take(rest, *_ELSEWHERE["unit"])
    return with_stated(**column), not rest


def _with_dictionary(rest: Json, dictionary: Mapping[object, object]) -> Json:
    """A field of CKAN's DataStore: its name is its `id`, and the data dictionary has its label, notes and type."""
    said = {str(name): value for name, value in dictionary.items() if not _is_empty(value)}
    moved = {"label": "title", "notes": "description", "type_override": "type"}
    if "name" not in rest and "id" in rest:
        rest["name"] = rest.pop("id")
    for theirs, ours in moved.items():
        if theirs in said:
            rest[ours] = said.pop(theirs)
    return rest | ({"info": said} if said else {})


def _read_datatype(rest: Json) -> None:
    """CSV on the Web has a type as a word, or as a group of fields with its form."""
    datatype = rest.get("datatype")
    if isinstance(datatype, str) and "type" not in rest:
        rest["type"] = rest.pop("datatype")
    elif isinstance(datatype, dict) and isinstance(datatype.get("base"), str) and not rest.keys() & {"type", "format"}:
        taken = {"base": "type", "format": "format"}
        rest |= {ours: datatype[theirs] for theirs, ours in taken.items() if isinstance(datatype.get(theirs), str)}
        left = {name: value for name, value in datatype.items() if name not in taken}
        rest.pop("datatype")
        if left:
            rest["datatype"] = left


def _take(rest: Json, *names: str) -> str | None:
    """The first of these members that is a text; it is gone from `rest` then."""
    for name in names:
        value = rest.get(name)
        if isinstance(value, str) and value.strip():
            return str(rest.pop(name)).strip()
    return None


def _is_empty(value: object) -> bool:
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())
