"""`gazette catalogue search`."""

import json
from collections import defaultdict
from collections.abc import Iterator
from textwrap import indent
from typing import cast

import click

from catalogue.api import CatalogueApi
from catalogue.commands.context import CommandContext
from catalogue.commands.output import format_option, write_listing
from catalogue.commands.place import server_of, with_place
from catalogue.local import LocalCatalogue
from catalogue.search.asking import Wanted
from catalogue.search.engine import Sort
from catalogue.search.fields import COUNTABLE, field_named
from catalogue.search.rows import csv_lines
from schemas.canonical import Json
from schemas.dates import first_day, is_date, last_day
from schemas.errors import Refused

_COLUMNS = (
    ("kindTitle", "Kind"),
    ("title", "Title"),
    ("organisationNames", "Organisation"),
    ("accessTitle", "Access"),
    ("address", "Address"),
)
_DAY = len("2026-03-02")


def _filters(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> dict[str, list[str]]:
    chosen: dict[str, list[str]] = defaultdict(list)
    for text in values:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise click.BadParameter(f"“{text}” is not FIELD=VALUE, for example access=open")
        field = field_named(name)
        if field is None or field.name not in COUNTABLE:
            fields = ", ".join(COUNTABLE)
            raise click.BadParameter(f"“{name}” is not something to filter by. Choose from {fields}.")
        chosen[field.name].append(value)
    return chosen


def _date(_context: click.Context, _option: click.Parameter, text: str | None) -> str:
    return _iso(text) if text else ""


def _covers(_context: click.Context, _option: click.Parameter, text: str | None) -> tuple[str, str]:
    """The ends of the time covered: one date is all of itself, two are parted by a slash, “..” is open."""
    if not text:
        return "", ""
    first, slash, last = text.partition("/")
    ends = [_iso(end) if end not in {"", ".."} else "" for end in ((first, last) if slash else (first, first))]
    if not any(ends):
        raise click.BadParameter(f"“{text}” names no date. Write for example 2019, or 2019-04/2020-03.")
    if ends[0] and ends[1] and first_day(ends[0]) > last_day(ends[1]):
        raise click.BadParameter(f"“{text}” ends before it begins.")
    return ends[0], ends[1]


def _iso(text: str) -> str:
    if len(text) > _DAY or not is_date(text):
        raise click.BadParameter(f"“{text}” is no date. Write a year, a month or a day, for example 2019-04-05.")
    return text


@click.command("search")
@click.argument("words", metavar="QUERY...", nargs=-1)
@click.option(
    "--filter",
    "filters",
    metavar="FIELD=VALUE",
    multiple=True,
    callback=_filters,
    help=f"Only records with this value; may be repeated. Fields: {', '.join(COUNTABLE)}.",
)
@click.option(
    "--covers",
    metavar="DATE[/DATE]",
    callback=_covers,
    help="Only data that cover this time, as 2019, 2019-04/2020-03 or 2019/.. for an open end.",
)
@click.option("--changed-since", metavar="DATE", callback=_date, help="Only what was added or changed here since.")
@click.option("--limit", type=click.IntRange(min=1, max=1000), default=20, show_default=True, help="At most so many.")
@click.option(
    "--offset", type=click.IntRange(0, 10_000), default=0, show_default=True, help="Leave out the first so many."
)
@click.option("--all", "everything", is_flag=True, help="Every result, to the last, whatever --limit says.")
@click.option(
    "--sort",
    type=click.Choice([order.value for order in Sort]),
    default=Sort.RELEVANCE.value,
    show_default=True,
    help="The order.",
)
@click.option("--relaxed", is_flag=True, help="Any of the words will do, whatever quotes, AND and “+” ask for.")
@format_option
@with_place
def search_command(
    context: CommandContext,
    words: tuple[str, ...],
    filters: dict[str, list[str]],
    covers: tuple[str, str],
    changed_since: str,
    limit: int,
    offset: int,
    sort: str,
    output_format: str,
    *,
    everything: bool,
    relaxed: bool,
) -> None:
    """Search datasets and agreements. Without a query everything is found.

    Bare words are alternatives, the best matches come first; “+word”, “"a phrase"” and “field:value” must
    match, “-word” must not. How the query was understood is told on stderr, and where it found nothing whether
    “--relaxed” would. A query that begins with “-” goes behind “--”.

    Example: gazette catalogue search fraud --filter kind=dataset --filter access=open
    """
    wanted = Wanted(" ".join(words), filters, *covers, changed_since, Sort(sort), relaxed)
    if everything and offset:
        raise click.UsageError("--all gives every result; leave out --offset.")
    found = _catalogue(context).search(wanted, limit=None if everything else limit, offset=offset)
    _tell(found.told, found.told["total"] if everything else limit, offset)
    _write(output_format, found.rows)


def _catalogue(context: CommandContext) -> CatalogueApi:
    """The catalogue of the place that the options name."""
    place = context.place
    server = server_of(place)
    if server:
        if context.above is None:
            raise Refused("This program cannot reach servers.", "Work on the data folder.")
        return cast(CatalogueApi, context.above.remote_catalogue(server, place.token_file))
    settings = context.settings
    engine = context.index.reader()
    context.closing.callback(engine.close)
    return LocalCatalogue(context.database, engine, context.clock, settings.site_address, settings.records_licence)


def _tell(told: Json, limit: int, offset: int) -> None:
    """What a reader needs to know of a search beside its results."""
    for note in told["notes"]:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"Understood as: {told['understood']}", err=True)
    for other in told["also"]:
        click.echo(f"Also searched for: {other['instead']} ({other['why']})", err=True)
    total = told["total"]
    shown = max(0, min(limit, total - offset))
    part = f", of which {shown:,} are shown" if shown < total else ""
    click.echo(f"{total:,} record{'' if total == 1 else 's'} found{part}.", err=True)
    if told["meant"]:
        click.echo(f"Did you mean: {told['meant']}", err=True)
    if told["looser"]:
        click.echo(f"With --relaxed: {told['looser']['total']:,}. {told['looser']['understood']}", err=True)


def _write(output_format: str, rows: Iterator[Json]) -> None:
    """The results; CSV and JSON as they come, however many there are."""
    if output_format == "csv":
        for line in csv_lines(rows):
            click.echo(line, nl=False)
    elif output_format == "json":
        between = "["
        for row in rows:
            click.echo(f"{between}\n{indent(json.dumps(row, ensure_ascii=False, indent=2), '  ')}", nl=False)
            between = ","
        click.echo("[]" if between == "[" else "\n]")
    else:
        write_listing("table", _COLUMNS, rows)
