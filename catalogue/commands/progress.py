"""Running through many records: a bar on a terminal, an outcome for each, commits in small batches."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.orm import Session

from catalogue.commands.exits import Exit
from catalogue.commands.output import write_listing
from schemas.database.engine import Database
from schemas.outcomes import Action, Outcome, count_actions

WRITE_LOCK_SECONDS = 0.1
"""After this long a batch is committed, so that nobody else waits for the write lock much longer."""

LET_IN_SECONDS = 0.005
"""So long the lock is left free between two batches: SQLite has no queue, who waits for it looks now and then."""


def in_small_batches(database: Database, work: Callable[[Session], Iterator[Outcome]]) -> Iterator[Outcome]:
    """Run a generator of outcomes, committing between its steps whenever the write lock was held long enough.

    An outcome is handed on only after its record is committed.
    """
    with database.writing() as session:
        held: list[Outcome] = []
        started = time.monotonic()
        for outcome in work(session):
            held.append(outcome)
            if time.monotonic() - started >= WRITE_LOCK_SECONDS:
                session.commit()
                yield from held
                held.clear()
                time.sleep(LET_IN_SECONDS)
                started = time.monotonic()
        session.commit()
        yield from held


@contextmanager
def progress_bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where that is a terminal; nothing on a pipe. Gives the function that moves it on."""
    if not sys.stderr.isatty():
        yield lambda _steps: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps: progress.advance(task, steps)


def run_outcomes(what: str, total: int | None, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Go through the outcomes with a bar, and keep them."""
    done: list[Outcome] = []
    with progress_bar(what, total) as advance:
        for outcome in outcomes:
            done.append(outcome)
            advance(1)
    return done


OUTCOME_COLUMNS = (
    ("action", "Done"),
    ("place", "Where"),
    ("identifier", "Identifier"),
    ("title", "Title"),
    ("address", "Address"),
)


def report_outcomes(file: Path | str, output_format: str, outcomes: list[Outcome]) -> Exit:
    """Write what was done with every record to stdout; problems and counts to stderr. Gives the exit code."""
    write_listing(output_format, OUTCOME_COLUMNS, [outcome.as_json() for outcome in outcomes])
    for outcome in outcomes:
        where = f"{file}, {outcome.place}" + (f" ({outcome.identifier})" if outcome.identifier else "")
        for problem in outcome.problems:
            click.echo(f"{problem.severity.capitalize()}: {where}: {problem}", err=True)
        for note in outcome.notes:
            click.echo(f"Note: {where}: {note}", err=True)
    counts = count_actions(outcomes)
    told = ", ".join(f"{number:,} {action}" for action, number in counts.items()) or "nothing"
    click.echo(f"{len(outcomes):,} record{'s' if len(outcomes) != 1 else ''}: {told}.", err=True)
    return Exit.INVALID if counts.get(Action.REFUSED) else Exit.DONE
