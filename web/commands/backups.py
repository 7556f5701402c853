"""`gazette db backup` and `gazette db restore`: everything an installation holds as one file, and back."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import delete
from sqlalchemy.exc import DatabaseError, OperationalError

from catalogue.commands.context import CommandContext, with_context
from catalogue.search.indexer import reindex
from register.backup import (
    KEY_LAST,
    WORK_FOLDER,
    Manifest,
    Opened,
    faults_of,
    keys_in,
    newer_than,
    opened_backup,
    signed_notes,
    state_of,
    write_backup,
)
from register.log.signing import last_signed_path, put_key_file, read_key_file
from register.log.verify import Key
from schemas.database.copying import copy_in, holds_rows
from schemas.database.engine import Database, may_be_there
from schemas.database.upgrade import current_revision
from schemas.errors import GazetteError, Refused
from web.accounts.models import AttemptCount, BrowserSession, DeviceGrant, SignInLink
from web.api.repeats import AnsweredRequest

_FAULTS_TOLD = 5
_TAKEN = frozenset({"register_head", "catalogued_resource", "organisation", "account", "power"})
"""Where one of these tables has a row, there is something to lose."""


@click.command("backup")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-key", is_flag=True, help="Put the key that signs the log in too. Whoever has it can sign.")
@with_context
def backup_command(context: CommandContext, file: Path, *, with_key: bool) -> None:
    """Write the whole database into one new file, as of one moment, while the service runs.

    The file says how far the log was, and holds the SHA-256 of its parts. Drafts and accounts are in it, so keep it
    closed. The key of the log is left out unless told. The search index is made anew after restoring.

    Example: gazette db backup /srv/backups/gazette-2026-03-01.zip
    """
    if not may_be_there(context.settings.database_url):
        raise Refused("There is no database here yet.", "Run “gazette init” first.")
    if not file.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {file.absolute().parent}", param_hint="FILE")
    key = context.settings.log_key_path
    if with_key:
        read_key_file(key)  # a key that is not one is told before the work
    manifest = write_backup(context.unchecked_database, file.absolute(), context.clock, key if with_key else None)
    click.echo(f"{file} holds {_contents(manifest)}.")
    if with_key:
        click.echo("Warning: it holds the key of the log. Whoever reads it can sign as this register.", err=True)
    elif key.exists():
        click.echo(f"The key of the log is not in it: keep a copy of {key} apart from the backups.", err=True)


@click.command("restore")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of what the database holds now.")
@click.option(
    "--older", is_flag=True, help="Even where its log is behind what was signed since, which readers will see."
)
@with_context
def restore_command(context: CommandContext, file: Path, *, replace: bool, older: bool) -> None:
    """Put a backup in place, after checking all of it: its hashes, the database, and that its log is what was signed.

    Into SQLite or PostgreSQL, whichever it came from. All of it or nothing: wherever it is interrupted, the old state
    stands. Everybody has to sign in anew; then the search index is built.

    Example: gazette db restore /srv/backups/gazette-2026-03-01.zip
    """
    target = context.unchecked_database
    _require_place(context, target, replace=replace)
    work = context.settings.data / WORK_FOLDER
    with opened_backup(file, work, context.clock) as opened:
        _require_sound(context, opened)
        _require_not_behind(context, opened, target, older=older)
        with opened.database.write() as session:
            for signed_in in (BrowserSession, SignInLink, DeviceGrant, AttemptCount, AnsweredRequest):
                session.execute(delete(signed_in))
        state = state_of(opened.database)
        opened.database.close()
        _place_key(context, opened)
        copy_in(opened.file, target)
        manifest = opened.manifest
    size = f"{state.size:,} entries in the log of {state.origin}" if state else "no register"
    click.echo(f"Restored: the state of {manifest.made_at}, {size}.")
    _index_anew(context)
    click.echo("Next: gazette doctor. Accounts and tokens revoked since then are valid again: revoke them.", err=True)


def _contents(manifest: Manifest) -> str:
    megabytes = sum(part["bytes"] for part in manifest.files.values()) / 1e6
    if manifest.log is None:
        return f"the database at {manifest.revision}, {megabytes:,.1f} MB"
    log = manifest.log
    return (
        f"{log.events:,} events, {log.size:,} entries of the log of {log.origin} "
        f"({log.signed:,} under a signed checkpoint), {megabytes:,.1f} MB"
    )


def _require_place(context: CommandContext, target: Database, *, replace: bool) -> None:
    if not may_be_there(context.settings.database_url):
        return
    try:
        taken = current_revision(target) is not None and holds_rows(target, _TAKEN)
    except OperationalError:  # it does not answer
        raise
    except DatabaseError:
        raise Refused(
            "The database that is here cannot be read.",
            f"Move {target.engine.url.database} and what is called like it out of the way, and try again.",
        ) from None
    if taken and not replace:
        raise Refused(
            "There are records here already.",
            "Give --replace to put the backup in their place; make a backup of them first. "
            "An installation that is to be restored needs no “gazette init”.",
        )


def _require_sound(context: CommandContext, opened: Opened) -> None:
    """The log in the backup is what was signed. Where the log's own key is here, it must have been signed with that."""
    given: list[Key] = []
    public = _public_key(context)
    if public is not None and public in keys_in(opened.database):
        given = [Key(public)]
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("Checking entries", total=None)
        faults = faults_of(opened, given, lambda entries: bar.update(task, completed=entries))
    for fault in faults[:_FAULTS_TOLD]:
        click.echo(f"ALTERED  {fault}", err=True)
    if faults:
        raise Refused(
            f"The log in the backup is not what was signed: {len(faults):,} faults. Nothing was restored.",
            "Take another backup, and find out who could write to this one.",
        )


def _require_not_behind(context: CommandContext, opened: Opened, target: Database, *, older: bool) -> None:
    """Whoever saw a newer checkpoint would see the log cut off: that is done knowingly or not at all."""
    notes = signed_notes(_or_empty(context, target, opened), context.settings.log_key_path)
    ahead = newer_than(opened, notes)
    if not ahead:
        return
    newest = max(ahead, key=lambda one: one.size)
    state = state_of(opened.database)
    told = (
        f"A checkpoint of {newest.size:,} entries of {newest.origin} was signed here. The backup does not hold them: "
        f"its log has {state.size if state else 0:,} entries."
    )
    if not older:
        raise Refused(
            told,
            "Take a newer backup. If there is none, give --older too: events since then are lost, and those who check "
            "the register will see that its log was cut.",
        )
    kept = last_signed_path(context.settings.log_key_path)
    click.echo(f"Warning: {told} Tell those who check the register.", err=True)
    if kept.exists():
        click.echo(f"Nothing is signed until you delete {kept}, because that shows two histories.", err=True)


def _or_empty(context: CommandContext, target: Database, opened: Opened) -> Database:
    """The database that is here, or the backup's own where there is none that could tell of signed checkpoints."""
    there = may_be_there(context.settings.database_url) and current_revision(target) == current_revision(
        opened.database
    )
    return target if there else opened.database


def _public_key(context: CommandContext) -> str | None:
    path = context.settings.log_key_path
    return read_key_file(path)[0].verifier.vkey if path.exists() else None


def _place_key(context: CommandContext, opened: Opened) -> None:
    """Put the backup's key where there is none; a key that is here stays."""
    path, here = context.settings.log_key_path, _public_key(context)
    keys = keys_in(opened.database)
    if here is None and opened.key is not None:
        put_key_file(path, opened.key, opened.file.with_name(KEY_LAST))
        click.echo(f"The key of the log was put at {path}.", err=True)
    elif here is None:
        click.echo(f"Nothing is signed here until the key of the log is at {path}.", err=True)
    elif keys and here not in keys:
        click.echo(
            f"Warning: the key at {path} is not that of the restored log. Nothing is signed until it is: move it away, "
            "and put the log’s own key there.",
            err=True,
        )


def _index_anew(context: CommandContext) -> None:
    try:
        for _ in reindex(context.database, context.index, context.sources):
            pass
    except (GazetteError, OSError) as error:
        click.echo(f"The search index was not built: {error} Run “gazette catalogue reindex”.", err=True)
    else:
        click.echo("The search index was built.", err=True)
