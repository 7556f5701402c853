"""`gazette catalogue search` and `gazette catalogue reindex`."""

from collections import defaultdict

import click

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.indexing import index_now
from catalogue.commands.output import format_option, write_listing
from catalogue.commands.progress import progress_bar
from catalogue.search.engine import IndexBusy, SearchHit, Sort
from catalogue.search.fields import COUNTABLE, field_named
from catalogue.search.indexer import reindex
from catalogue.search.service import search
from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.errors import Refused

_COLUMNS = (
    ("kindTitle", "Kind"),
    ("title", "Title"),
    ("organisationNames", "Organisation"),
    ("accessTitle", "Access"),
    ("address", "Address"),
)
_KIND_TITLES = {"agreement": "Agreement"}


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
@click.option("--limit", type=click.IntRange(min=1, max=1000), default=20, show_default=True, help="At most so many.")
@click.option("--offset", type=click.IntRange(min=0), default=0, show_default=True, help="Leave out the first so many.")
@click.option(
    "--sort",
    type=click.Choice([order.value for order in Sort]),
    default=Sort.RELEVANCE.value,
    show_default=True,
    help="The order.",
)
@click.option("--relaxed", is_flag=True, help="Any of the words will do, whatever quotes, AND and “+” ask for.")
@format_option
@with_context
def search_command(
    context: CommandContext,
    words: tuple[str, ...],
    filters: dict[str, list[str]],
    limit: int,
    offset: int,
    sort: str,
    output_format: str,
    *,
    relaxed: bool,
) -> None:
    """Search datasets and agreements. Without a query everything is found.

    Bare words are alternatives, records with more of them come first; “+word”, “"a phrase"” and “field:value” must
    match, “-word” must not. How the query was understood is told on stderr, and where it found nothing whether
    “--relaxed” would. A query that begins with “-” goes behind “--”.

    Example: gazette catalogue search fraud --filter kind=dataset --filter access=open
    """
    found = search(
        context.index.reader(),
        " ".join(words),
        filters,
        clock=context.clock,
        facets=(),
        sort=Sort(sort),
        offset=offset,
        limit=limit,
        snippet_length=0,
        relaxed=relaxed,
    )
    for note in found.query.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"Understood as: {found.query.understood}", err=True)
    total, shown = found.answer.total, len(found.answer.hits)
    part = f", of which {shown:,} are shown" if shown < total else ""
    click.echo(f"{total:,} record{'' if total == 1 else 's'} found{part}.", err=True)
    if found.looser:
        click.echo(f"With --relaxed: {found.looser.total:,}. {found.looser.understood}", err=True)
    write_listing(output_format, _COLUMNS, [_row(hit) for hit in found.answer.hits])


def _row(hit: SearchHit) -> Json:
    document = hit.document
    return {
        "id": hit.id,
        "kind": hit.kind,
        "kindTitle": _KIND_TITLES.get(hit.kind) or title_of("resource-kind", hit.kind),
        "title": hit.title,
        "organisations": list(document.organisations),
        "organisationNames": list(document.organisation_names),
        "access": document.access,
        "accessTitle": title_of("access-rights", document.access) if document.access else "",
        "address": document.address,
    }


@click.command("reindex")
@with_context
def reindex_command(context: CommandContext) -> None:
    """Build the search index anew from the database. Searches go on with the old one until the new one is ready.

    Example: gazette catalogue reindex
    """
    with context.database.read() as session:
        total = sum(1 for source in context.sources for _ in source.revisions(session))
    done = 0
    try:
        with progress_bar("Indexing", total) as advance:
            for stage in reindex(context.database, context.index, context.sources):
                for _ in range(stage.done - done):
                    advance()
                done = stage.done
    except IndexBusy:
        raise Refused(
            "Another process writes to the search index at this moment.", "Wait until it is done, then run it again."
        ) from None
    index_now(context)
    click.echo(f"{done:,} record{'' if done == 1 else 's'} indexed.")
