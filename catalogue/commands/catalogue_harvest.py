"""`gazette catalogue harvest`: datasets from other sites, again and again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain

import click
from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.exits import Exit, exit_code
from catalogue.commands.indexing import index_now
from catalogue.commands.output import format_option, write_listing
from catalogue.commands.progress import OUTCOME_COLUMNS, in_small_batches, report_outcomes, run_outcomes
from catalogue.harvest.ckan import Page, ckan_pages
from catalogue.harvest.fetch import guarded_session
from catalogue.harvest.models import HarvestRun, HarvestSource
from catalogue.harvest.run import Batches, Job, Tally, Work, harvest
from catalogue.harvest.runs import Journal, begin_run, finish_run, newest_run, outcomes_of
from catalogue.harvest.sources import TYPES, add_source, all_sources, source_named
from schemas.canonical import Json
from schemas.errors import GazetteError, NotFound
from schemas.outcomes import Action, Outcome

_SOURCE_COLUMNS = (
    ("name", "Name"),
    ("type", "Type"),
    ("url", "Address"),
    ("filter", "Filter"),
    ("lastRun", "Last run"),
    ("lastState", "How it ended"),
)


@click.group("harvest")
def harvest_commands() -> None:
    """Harvest datasets from other sites: add a site, run the harvest, read its report.

    Example: gazette catalogue harvest run humanitarian-data --dry-run
    """


@harvest_commands.command("add")
@click.argument("name")
@click.argument("url")
@click.option("--type", "kind", type=click.Choice(TYPES), required=True, help="What the site is.")
@click.option("--filter", "query", metavar="QUERY", help="Only what this query finds, in the site's own language (fq).")
@click.option(
    "--allow-private", is_flag=True, help="The site is in your own network: allow loopback and private addresses."
)
@with_context
def add_command(
    context: CommandContext, name: str, url: str, kind: str, query: str | None, *, allow_private: bool
) -> None:
    """Add a site to harvest from. NAME is what you call it, URL the address of its home page.

    Example: gazette catalogue harvest add humanitarian-data https://data.humdata.org --type ckan
    """
    with context.database.write() as session:
        source = add_source(
            session,
            name,
            url,
            kind,
            query=query,
            allow_private=allow_private,
            clock=context.clock,
            ids=context.ids,
        )
        click.echo(source.name)
    click.echo(f"Next: gazette catalogue harvest run {name} --dry-run", err=True)


@harvest_commands.command("list")
@format_option
@with_context
def list_command(context: CommandContext, output_format: str) -> None:
    """List the sites that are harvested, and how their last runs ended.

    Example: gazette catalogue harvest list --format json
    """
    with context.database.read() as session:
        rows = [_source_row(source, newest_run(session, source)) for source in all_sources(session)]
    write_listing(output_format, _SOURCE_COLUMNS, rows)


def _source_row(source: HarvestSource, run: HarvestRun | None) -> Json:
    return {
        "name": source.name,
        "type": source.type,
        "url": source.url,
        "filter": source.query,
        "allowPrivate": source.allow_private,
        "lastRun": _moment(run.started_at) if run else None,
        "lastState": run.state if run else None,
        "lastMessage": run.message if run else None,
        "lastListed": run.listed if run else None,
    }


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@harvest_commands.command("run")
@click.argument("name", required=False)
@click.option("--all", "everything", is_flag=True, help="Run every source.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and change nothing.")
@format_option
@with_context
def run_command(
    context: CommandContext, name: str | None, output_format: str, *, everything: bool, dry_run: bool
) -> None:
    """Harvest a site: add what is new, change what changed, withdraw (never delete) what has left it.

    Something is withdrawn only when the whole list was read without an error, and never when the list is empty.

    Example: gazette catalogue harvest run humanitarian-data --dry-run
    """
    if bool(name) == everything:
        raise click.UsageError("Give either the NAME of a source or --all.")
    with context.database.read() as session:
        sources = [source_named(session, name)] if name else list(all_sources(session))
    codes = [_run_one(context, source, output_format, dry_run=dry_run) for source in sources]
    raise SystemExit(max(codes, default=Exit.DONE))


def _run_one(context: CommandContext, source: HarvestSource, output_format: str, *, dry_run: bool) -> Exit:
    """Run one source to its end, whatever that is, and give the exit code of it."""
    tally, outcomes = Tally(), list[Outcome]()
    run_id = None if dry_run else _begin(context, source)
    batches = _taken_back(context) if run_id is None else _kept(context, Journal.of(run_id))
    job = Job(source.key, source.url, context.actor, context.clock, context.ids)
    trouble: GazetteError | None = None
    with guarded_session(allow_private=source.allow_private) as web:
        try:
            pages, total = _counted(ckan_pages(source.url, web, source.query))
            run_outcomes(f"Harvesting {source.name}", total, _noted(harvest(pages, job, batches, tally), outcomes))
        except GazetteError as error:
            trouble = error
    if run_id is not None:
        _finish(context, run_id, tally, trouble)
        index_now(context)
    code = report_outcomes(source.name, output_format, outcomes)
    if dry_run:
        click.echo(f"{source.name}: this was a dry run; nothing was changed.", err=True)
    if trouble is not None:
        click.echo(f"Error: {source.name}: {trouble} Nothing was withdrawn.", err=True)
        return exit_code(trouble)
    if tally.halted:
        advice = "Nothing was withdrawn. Look at the site, and run the harvest again."
        click.echo(f"Warning: {source.name}: {tally.halted} {advice}", err=True)
        return max(code, Exit.REFUSED)
    return code


def _counted(pages: Iterator[Page]) -> tuple[Iterator[Page], int]:
    """The pages, and how many records the first of them says there are."""
    first = next(pages, None)
    return (chain([first], pages), first.count) if first else (iter(()), 0)


def _noted(outcomes: Iterator[Outcome], held: list[Outcome]) -> Iterator[Outcome]:
    """The outcomes, kept as they come, so that those before an error are reported too."""
    for outcome in outcomes:
        held.append(outcome)
        yield outcome


def _begin(context: CommandContext, source: HarvestSource) -> str:
    with context.database.write() as session:
        return begin_run(session, source, context.clock, context.ids)


def _finish(context: CommandContext, run_id: str, tally: Tally, trouble: GazetteError | None) -> None:
    with context.database.write() as session:
        finish_run(
            session,
            run_id,
            complete=trouble is None,
            listed=tally.listed,
            message=str(trouble) if trouble else tally.halted,
            clock=context.clock,
        )


def _kept(context: CommandContext, journal: Journal) -> Batches:
    """Carries work out in small batches, each outcome written down in the transaction of its change."""

    def carry_out(work: Work) -> Iterator[Outcome]:
        def journalled(session: Session) -> Iterator[Outcome]:
            for outcome in work(session):
                journal.write(session, outcome)
                yield outcome

        return in_small_batches(context.database, journalled)

    return carry_out


def _taken_back(context: CommandContext) -> Batches:
    """Carries work out to see what it does, and takes each step back before the next.

    So an organisation is new again at every step, which is told once, and what would be added has no address yet.
    """
    told: set[str] = set()

    def carry_out(work: Work) -> Iterator[Outcome]:
        with context.database.writing() as session:
            for outcome in work(session):
                session.rollback()
                notes = tuple(note for note in outcome.notes if note not in told or note.startswith("Cleaned"))
                told.update(notes)
                address = "" if outcome.action is Action.ADDED else outcome.address
                yield replace(outcome, notes=notes, address=address)

    return carry_out


@harvest_commands.command("report")
@click.argument("name")
@format_option
@with_context
def report_command(context: CommandContext, name: str, output_format: str) -> None:
    """Show what the last run of a source did with every record.

    Example: gazette catalogue harvest report humanitarian-data --format csv
    """
    with context.database.read() as session:
        source = source_named(session, name)
        run = newest_run(session, source)
        if run is None:
            raise NotFound(f"“{name}” was never harvested.", f"Run “gazette catalogue harvest run {name}”.")
        outcomes = outcomes_of(session, run)
        rows = [
            {
                "action": outcome.action,
                "place": outcome.place,
                "identifier": outcome.identifier,
                "title": outcome.title,
                "address": outcome.address,
                "problems": outcome.problems,
                "notes": outcome.notes,
            }
            for outcome in outcomes
        ]
    write_listing(output_format, OUTCOME_COLUMNS, rows)
    counts = {action: sum(row["action"] == action for row in rows) for action in Action}
    told = ", ".join(f"{number:,} {action}" for action, number in counts.items() if number) or "nothing done"
    click.echo(f"Run of {_moment(run.started_at)}, {run.state}: {told}.", err=True)
    if run.message:
        click.echo(f"Note: {run.message}", err=True)
