"""Listings: as a table for people, as JSON or CSV for programs. Data goes to stdout, messages to stderr."""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.canonical import Json
from schemas.problems import pointer_to

F = TypeVar("F", bound=Callable[..., Any])

format_option: Callable[[F], F] = click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="How to write the listing: a table for people, JSON (an array) or CSV for programs.",
)


record_format_option: Callable[[F], F] = click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="How to write the record: laid out for people, JSON, or CSV with a row for each value.",
)


def write_listing(output_format: str, columns: Sequence[tuple[str, str]], rows: Iterable[Json]) -> None:
    """Write rows as a listing. `columns` are (name, heading); JSON holds all members, table and CSV the columns."""
    if output_format == "json":
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2))
    elif output_format == "csv":
        click.echo(_as_csv(columns, rows), nl=False)
    else:
        _write_table(columns, list(rows))


def write_record(output_format: str, record: Json, text: str) -> None:
    """Write one record: as JSON, as CSV with a row for each value (its JSON Pointer, RFC 6901), or as its text."""
    if output_format == "json":
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
    elif output_format == "csv":
        rows = [{"pointer": pointer_to(path), "value": value} for path, value in _values(record, ())]
        write_listing("csv", [("pointer", "Where"), ("value", "Value")], rows)
    else:
        click.echo(text)


def _values(node: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], object]]:
    if isinstance(node, dict):
        for name, member in node.items():
            yield from _values(member, (*path, name))
    elif isinstance(node, list | tuple):
        for position, member in enumerate(node):
            yield from _values(member, (*path, position))
    else:
        yield path, node


def _as_csv(columns: Sequence[tuple[str, str]], rows: Iterable[Json]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([name for name, _ in columns])
    for row in rows:
        writer.writerow([_safe_cell(_plain(row.get(name))) for name, _ in columns])
    return text.getvalue()


def _safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(item, str | int) for item in value):
        return ", ".join(str(item) for item in value)
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _write_table(columns: Sequence[tuple[str, str]], rows: Sequence[Json]) -> None:
    if not rows:
        click.echo("Nothing found.", err=True)
        return
    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else 200, highlight=False, soft_wrap=not terminal)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for _, heading in columns:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_plain(row.get(name))) for name, _ in columns))
    console.print(table)
