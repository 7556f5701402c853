"""The headings of a table: by a column's name or its title, with marks that people see taken off."""

import re
from collections.abc import Sequence

from register.formats.tables_layout import KEY, TableLayout, table_layouts

KEY_HEADING = "Which agreement"

_REPEATED = re.compile(r"(.*?)\s*\((\d{1,3})\)", re.DOTALL)


def position_heading(layout: TableLayout, position: str) -> str:
    """How people read the column that numbers a list: “Party no.”."""
    around = next(
        known for known in table_layouts().values()
        if known.positions and known.positions == layout.positions[: layout.positions.index(position) + 1]
        and layout.path[: len(known.path)] == known.path
    )  # fmt: skip
    return f"{around.item.get('title', around.title)} no."


def columns_of(layout: TableLayout, headings: Sequence[str]) -> list[str | None]:
    """The column that each heading names, None where there is none.

    A heading is the column's name, with or without the table's (`parties.name`), or its title; “(2)” at its end says
    that it is a further cell of the same list, and a star that it is required.
    """
    names = _names(layout)
    return [_column(heading, names) for heading in headings]


def _names(layout: TableLayout) -> dict[str, str]:
    names = {_folded(column.heading): column.name for column in layout.columns}
    names |= {_folded(position_heading(layout, position)): position for position in layout.positions}
    names |= {_folded(KEY_HEADING): KEY}
    for column in (*layout.keys, *(column.name for column in layout.columns)):
        names |= {_folded(column): column, _folded(f"{layout.name}.{column}"): column}
    return {"agreement": KEY} | names


def _column(heading: str, names: dict[str, str]) -> str | None:
    text = _folded(heading)
    if text in names:
        return names[text]
    repeated = _REPEATED.fullmatch(text)
    return names.get(repeated.group(1)) if repeated else None


def _folded(text: str) -> str:
    return " ".join(text.replace("*", " ").replace("’", "'").replace("–", "-").split()).casefold()
