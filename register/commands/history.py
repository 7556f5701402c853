"""`gazette register history` and `gazette register rebuild`: the events, and the rows that are read out of them."""

from collections.abc import Iterator
from functools import partial

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.exits import Exit
from catalogue.commands.indexing import index_now
from catalogue.commands.output import format_option, write_listing
from catalogue.commands.progress import in_small_batches, run_outcomes
from register.agreements.events import locked_head
from register.agreements.models import Agreement, AgreementEvent
from register.agreements.projection import project, remove_row
from register.agreements.rebuild import differing_agreements
from register.api import RegisterApi
from register.commands.connection import with_register
from schemas.canonical import Json
from schemas.outcomes import Action, Outcome

_COLUMNS = (
    ("number", "Event"),
    ("title", "What happened"),
    ("version", "Version"),
    ("by", "By"),
    ("said", "What it says"),
    ("registeredOn", "In a public register since"),
    ("recordedAt", "Recorded here"),
    ("effective", "Applies from"),
    ("bodySha256", "Body (SHA-256)"),
)


@click.command("history")
@click.argument("name", metavar="ID")
@format_option
@with_register
def history_command(_context: CommandContext, api: RegisterApi, name: str, output_format: str) -> None:
    """List every event of an agreement, oldest first.

    What was imported stands with two times: when its source registered it, and when it was recorded here.

    Example: gazette register history dg-2
    """
    rows = [{**row, "said": _said(row["details"] or {})} for row in api.history(name)]
    write_listing(output_format, _COLUMNS, rows)


def _said(details: Json) -> str:
    """What an event says, short enough for a table; JSON and CSV have all of it."""
    return "; ".join(str(value) for value in details.values() if isinstance(value, str | int))


@click.command("rebuild")
@click.option("--check", is_flag=True, help="Only compare, and end with code 1 where a record differs from its events.")
@with_context
def rebuild_command(context: CommandContext, *, check: bool) -> None:
    """Make every record anew from its events, or compare the two.

    Events and bodies are what the register is; records are read out of them and can be made again at any time.

    Example: gazette register rebuild --check
    """
    with context.database.read() as session:
        differing = differing_agreements(session)
    if check:
        for number in differing:
            click.echo(f"{number} is not what its events say.")
        click.echo("Run “gazette register rebuild”." if differing else "Every record is what its events say.", err=True)
        raise SystemExit(Exit.REFUSED if differing else Exit.DONE)
    work = in_small_batches(context.database, partial(_rebuild, context))
    done = run_outcomes("Making the records anew", None, work)
    index_now(context)
    mended = f"; {len(differing):,} of them differed before" if differing else ""
    click.echo(f"{len(done):,} records were made anew from their events{mended}.")


def _rebuild(context: CommandContext, session: Session) -> Iterator[Outcome]:
    with_events = session.scalars(select(AgreementEvent.agreement_id).distinct()).all()
    with_rows = session.scalars(select(Agreement.id)).all()
    for number in sorted({*with_events, *with_rows}):
        locked_head(session)
        if number in with_events:
            agreement = project(session, number, context.clock, context.ids)
            yield Outcome(Action.CHANGED, "events", number, agreement.title, agreement.address)
        else:
            remove_row(session, number, context.clock, context.ids)
            yield Outcome(Action.WITHDRAWN, "rows", number)
