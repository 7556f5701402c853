"""`gazette doctor`: whether everything an installation needs is there and agrees with itself."""

import importlib.metadata
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import web
from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.exits import Exit
from catalogue.commands.output import format_option, write_listing
from catalogue.search.indexer import drift
from catalogue.search.suggest_rows import suggestion_drift
from register.agreements.models import RegisterHead
from register.agreements.rebuild import differing_agreements
from schemas.database.outbox import waiting_count
from schemas.errors import GazetteError
from web.assets import missing_assets
from web.commands.doctor_log import examine_log
from web.commands.finding import Finding

DISTRIBUTION = "data-gazette"
TOP_LEVEL = ("catalogue", "cli", "register", "schemas", "web")
_COLUMNS = (("check", "Check"), ("result", "Result"), ("found", "Found"), ("advice", "What to do"))


@click.command("doctor")
@format_option
@with_context
def doctor_command(context: CommandContext, output_format: str) -> None:
    """Check the installation: program, data folder, database, register, its log, search index, page assets.

    Ends with code 1 where it found a fault; each fault says what to do. Of the log it reads the two ends and what lies
    beside the key; “gazette register verify” reads all of it.

    Example: gazette doctor
    """
    findings = list(examine(context))
    write_listing(output_format, _COLUMNS, [finding.as_row() for finding in findings])
    faults = sum(not finding.well for finding in findings)
    click.echo("Everything is well." if not faults else f"Faults found: {faults}.", err=True)
    raise SystemExit(Exit.REFUSED if faults else Exit.DONE)


def examine(context: CommandContext) -> Iterator[Finding]:
    """Every check, in the order in which one rests on another."""
    yield _program()
    yield _names()
    yield _assets()
    yield _folder(context.settings.data)
    database = _asking("Database", lambda: _database(context))
    yield database
    if database.well:
        yield _asking("Database’s own check", lambda: _integrity(context))
        yield _asking("Register", lambda: _register(context))
        yield _asking("Records and events", lambda: _projection(context))
        for check, ask in examine_log(context):
            yield _asking(check, ask)
        yield _asking("Search index", lambda: _index(context))
        yield _asking("Suggestions", lambda: _suggestions(context))


def _asking(check: str, ask: Callable[[], Finding]) -> Finding:
    try:
        return ask()
    except GazetteError as error:
        return Finding(check, well=False, found=error.message, advice=error.advice)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return Finding(check, well=False, found=reason, advice="Look whether the database runs and is ours.")


def _program() -> Finding:
    version = importlib.metadata.version(DISTRIBUTION)
    python = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("Program", well=True, found=f"Data Gazette {version} on Python {python}")


def _names() -> Finding:
    """Our packages have short names; another distribution with one of them would shadow it."""
    home = Path(web.__file__).parents[1]
    others = {
        name: [other for other in dists if other != DISTRIBUTION]
        for name, dists in importlib.metadata.packages_distributions().items()
        if name in TOP_LEVEL
    }
    shadowed = [f"{name} ({', '.join(dists)})" for name, dists in others.items() if dists]
    elsewhere = [name for name in TOP_LEVEL if _place(name) not in {home, home / name}]
    if shadowed or elsewhere:
        found = "Other distributions bring packages of the same name: " + ", ".join(shadowed or elsewhere)
        return Finding(
            "Package names", well=False, found=found, advice="Install Data Gazette in an environment of its own."
        )
    return Finding("Package names", well=True, found="No other distribution shadows a package of ours")


def _place(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _assets() -> Finding:
    missing = missing_assets()
    if missing:
        return Finding("Page assets", well=False, found=f"Missing: {', '.join(missing)}", advice="Run “make assets”.")
    return Finding("Page assets", well=True, found="Style sheet and script are there")


def _folder(folder: Path) -> Finding:
    if not folder.is_dir():
        return Finding("Data folder", well=False, found=f"{folder} is not there", advice="Run “gazette init”.")
    if not os.access(folder, os.W_OK):
        return Finding("Data folder", well=False, found=f"{folder} cannot be written", advice="Mend its owner or mode.")
    return Finding("Data folder", well=True, found=str(folder))


def _database(context: CommandContext) -> Finding:
    return Finding("Database", well=True, found=f"{context.database.engine.dialect.name}, up to date")


def _integrity(context: CommandContext) -> Finding:
    if not context.database.is_sqlite:
        return Finding("Database’s own check", well=True, found="PostgreSQL looks after itself")
    with context.database.read() as session:
        complaints = [row[0] for row in session.execute(text("PRAGMA quick_check(5)")) if row[0] != "ok"]
        orphans = session.execute(text("PRAGMA foreign_key_check")).fetchall()
        mode = session.execute(text("PRAGMA journal_mode")).scalar_one()
    if complaints or orphans:
        found = "; ".join(complaints) or f"{len(orphans)} rows refer to rows that are not there"
        return Finding("Database’s own check", well=False, found=found, advice="Restore the newest backup.")
    return Finding("Database’s own check", well=True, found=f"Whole; journal mode {mode}")


def _register(context: CommandContext) -> Finding:
    with context.database.read() as session:
        head = session.get(RegisterHead, 1)
    if head is None:
        return Finding("Register", well=False, found="There is no register yet", advice="Run “gazette init”.")
    found = f"{head.last_number:,} events, {head.next_serial - 1:,} agreements numbered {head.prefix}-…"
    return Finding("Register", well=True, found=found)


def _projection(context: CommandContext) -> Finding:
    with context.database.read() as session:
        differing = differing_agreements(session)
    if differing:
        found = f"{len(differing)} records differ from their events, first {differing[0]}"
        return Finding("Records and events", well=False, found=found, advice="Please report it; events are the record.")
    return Finding("Records and events", well=True, found="Every record is what its events say")


def _index(context: CommandContext) -> Finding:
    with context.database.read() as session:
        waiting = waiting_count(session)
        engine = context.index.reader()
        try:
            drifted = drift(session, engine, context.sources)
        finally:
            engine.close()
    if drifted:
        found = f"{len(drifted)} records differ from the database, first {drifted[0].id}: {drifted[0].kind.value}"
        return Finding("Search index", well=False, found=found, advice="Run “gazette catalogue reindex”.")
    behind = f"; {waiting:,} changes wait to be indexed" if waiting else ""
    found = f"{context.settings.search_engine}, agrees with the database{behind}"
    return Finding("Search index", well=True, found=found)


def _suggestions(context: CommandContext) -> Finding:
    with context.database.read() as session:
        found = suggestion_drift(session, context.sources)
    if found.stale or found.surplus:
        told = f"{found.stale:,} records are not suggested as they are, {found.surplus:,} suggestions are of no record"
        return Finding("Suggestions", well=False, found=told, advice="Run “gazette catalogue reindex”.")
    return Finding("Suggestions", well=True, found="Agree with the records")
