"""`gazette register checkpoint`, `proof` and `redact`: signing the log, proving from it, and blanking values in it."""

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.output import format_option, write_listing
from catalogue.kept_files import forget_kept_files
from catalogue.search.engine import IndexBusy
from catalogue.search.indexer import drain, reindex
from register.agreements.events import locked_head
from register.agreements.record import find_agreement
from register.backup import WORK_FOLDER
from register.lifecycle.acting import Tools
from register.log.checkpoints import (
    add_cosignatures,
    catch_up_all,
    checkpoint_now,
    latest_note,
    proof_of_version,
    rotate_key,
    standing_of,
)
from register.log.cosignature import CosignatureVerifier, read_witness_key
from register.log.erasing import erase_freed
from register.log.kept_bundle import forget_bundles
from register.log.publish import blanked_bodies, publish, publish_bodies, published_folders, remember_folder
from register.log.redaction import AlreadyBlanked, Blanked, Redacted, Redaction, redact
from register.log.signing import keep_only_newest
from register.log.timestamp import require_timestamps
from register.log.timestamps import add_timestamp, ask_timestamp, has_timestamp
from register.log.witnesses import ask_witness
from schemas.database.outbox import waiting_count
from schemas.errors import GazetteError, InvalidInput, Unreachable

INDEX_SECONDS = 60.0
_PAUSE_SECONDS = 0.2
_COLUMNS = (("version", "Version"), ("pointer", "Place"), ("bodySha256", "Body (SHA-256)"))


@click.command("checkpoint")
@click.option(
    "--publish",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the log into this folder too, as static files.",
)
@click.option("--witness", "witnesses", metavar="URL", multiple=True, help="Ask this witness to cosign; repeatable.")
@click.option(
    "--witness-key",
    "witness_keys",
    metavar="KEY",
    multiple=True,
    help="The public key of a witness, or a file with it; repeatable.",
)
@click.option(
    "--timestamp", "authorities", metavar="URL", multiple=True, help="Ask this timestamp authority; repeatable."
)
@click.option(
    "--timestamp-certificate",
    "certificates",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A certificate that vouches for the authority (PEM); repeatable.",
)
@click.option("--rotate-key", "rotate", is_flag=True, help="Give the log a new key; the older ones go on signing too.")
@click.option("--forget-old-keys", "forget", is_flag=True, help="Take all keys but the newest out of the key file.")
@with_context
def checkpoint_command(
    context: CommandContext,
    folder: Path | None,
    witnesses: tuple[str, ...],
    witness_keys: tuple[str, ...],
    authorities: tuple[str, ...],
    certificates: tuple[Path, ...],
    *,
    rotate: bool,
    forget: bool,
) -> None:
    """Sign what was added to the log, and print the checkpoint.

    On a machine without the key, the last checkpoint is taken as it is. A timestamp (RFC 3161) shows that the log
    was as it is at a moment; it is published with the log.

    Example: gazette register checkpoint --publish /srv/www/register/log
    """
    if witnesses and not witness_keys:
        raise click.UsageError("A witness is known by its key: give --witness-key too.")
    if authorities:
        require_timestamps()  # told before anything is done
    keys = [_witness_key(text) for text in witness_keys]
    roots = [path.read_bytes() for path in certificates]
    catch_up_all(context.database, context.clock)
    if rotate:
        vkey = rotate_key(context.database, context.settings.log_key_path, context.clock, context.randomness)
        click.echo(f"The log has a new key: {vkey}", err=True)
    if forget:
        gone = keep_only_newest(context.settings.log_key_path)
        click.echo(f"Older keys taken out of the key file: {gone}. They sign no more.", err=True)
    note = _signed(context)
    failed = [error for url in witnesses if (error := _cosigned(context, url, keys))]
    failed += [error for url in authorities if (error := _stamped(context, url, roots))]
    if folder is not None:
        with context.database.read() as session:
            done = publish(session, folder)
        remember_folder(context.settings.data, folder)
        click.echo(f"{folder} holds {done.size:,} entries; {done.files:,} files were written.", err=True)
    with context.database.read() as session:
        standing = standing_of(session)
    click.echo(note(), nl=False)
    if standing.waiting:
        many = "1 entry is" if standing.waiting == 1 else f"{standing.waiting:,} entries are"
        click.echo(f"{many} not under a signed checkpoint yet.", err=True)
    if failed:
        raise failed[0]


def _signed(context: CommandContext) -> Callable[[], str]:
    """Sign where the key can be read; gives what reads the newest checkpoint with its cosignatures."""
    path = context.settings.log_key_path
    if path.exists():
        checkpoint_now(context.database, path, context.clock)
    else:
        click.echo(f"The key is not on this machine ({path}): nothing is signed here.", err=True)

    def note() -> str:
        with context.database.read() as session:
            return latest_note(session)

    return note


def _witness_key(text: str) -> CosignatureVerifier:
    path = Path(text)
    try:
        line = path.read_text(encoding="utf-8") if len(text) < 1_000 and path.is_file() else text
        return read_witness_key(line)
    except (ValueError, OSError) as error:
        raise InvalidInput(
            f"The key of a witness cannot be read: {error}.", "It is one line: name+id+base64."
        ) from None


def _cosigned(context: CommandContext, url: str, keys: list[CosignatureVerifier]) -> GazetteError | None:
    """Ask one witness; one that does not cosign is told, and the others are asked all the same."""
    try:
        with context.database.read() as session:
            checkpoint = standing_of(session).checkpoint
            if checkpoint is None:
                return None
            signatures = ask_witness(session, url, checkpoint, keys)
        with context.database.write() as session:
            add_cosignatures(session, checkpoint.size, signatures, context.clock)
    except GazetteError as error:
        click.echo(f"Warning: {error}", err=True)
        return error
    click.echo(f"Cosigned by {', '.join(signature.name for signature in signatures)}.", err=True)
    return None


def _stamped(context: CommandContext, url: str, roots: Sequence[bytes]) -> GazetteError | None:
    """Ask an authority for a timestamp of the newest checkpoint, where it gave none yet; gives why there is none."""
    with context.database.read() as session:
        checkpoint = standing_of(session).checkpoint
        if checkpoint is None:
            return None
        known = has_timestamp(session, checkpoint.size, url)
    if known:
        click.echo(f"{url} has timestamped this checkpoint already.", err=True)
        return None
    try:
        stamp = ask_timestamp(url, checkpoint.note, roots)
    except GazetteError as error:
        click.echo(f"Warning: {error}", err=True)
        return error
    with context.database.write() as session:
        locked_head(session)
        add_timestamp(session, checkpoint.size, stamp, url, context.clock)
    click.echo(f"Timestamped by {url}: {stamp.moment:%Y-%m-%d %H:%M:%S} UTC.", err=True)
    if not roots:
        click.echo("Its signature was not checked: --timestamp-certificate names whom you trust.", err=True)
    return None


@click.command("proof")
@click.argument("name", metavar="ID")
@click.option("--version", type=click.IntRange(min=1), metavar="N", help="Which version; the newest by default.")
@with_context
def proof_command(context: CommandContext, name: str, version: int | None) -> None:
    """Print the proof that a version stands in the log, under its newest checkpoint (a .tlog-proof file).

    Whoever has the log’s public key can check it without us.

    Example: gazette register proof dg-3 --version 1 > dg-3-v1.tlog-proof
    """
    with context.database.read() as session:
        agreement = find_agreement(session, name)
        click.echo(proof_of_version(session, agreement.id, version or agreement.version), nl=False)


@click.command("redact")
@click.argument("name", metavar="ID")
@click.argument("pointer", metavar="POINTER")
@click.option("--reason", metavar="TEXT", required=True, help="Why, without repeating what is blanked.")
@click.option("--law", metavar="TEXT", help="The law that requires it, for example “UK GDPR Article 17”.")
@click.option(
    "--version", type=click.IntRange(min=1), metavar="N", help="Only this version; else every one with the value."
)
@format_option
@with_context
def redact_command(
    context: CommandContext,
    name: str,
    pointer: str,
    reason: str,
    law: str | None,
    version: int | None,
    output_format: str,
) -> None:
    """Blank a value for good, as the law requires, and say so in the log. For the registrar.

    POINTER names the value, like /parties/0/contact, or /events/7/reason for what an event says. It is taken out of
    every version that holds it, the search index, the database’s free pages and published folders; backups and
    copies elsewhere are yours to deal with. What is left still verifies.

    Example: gazette register redact dg-3 /purpose --reason "Names a person"
    """
    tools = Tools(context.clock, context.ids, context.randomness)
    done: Redacted | None = None
    try:
        with context.database.write() as session:
            agreement = find_agreement(session, name)
            done = redact(session, context.actor, agreement, Redaction(pointer, reason, law, version), tools)
            if context.above:
                context.above.forget_answers(session)
    except AlreadyBlanked as error:
        click.echo(f"{error.message} What may be left of it in files is erased once more.", err=True)
    held_up = _erase(context)
    blanked = done.blanked if done else ()
    write_listing(output_format, _COLUMNS, [_line(one) for one in blanked])
    for place in done.left if done else ():
        click.echo(f"Look: {place}.", err=True)
    click.echo("Backups, exports and copies that others hold still have it.", err=True)
    if held_up:
        click.echo("It is erased here. What it was told with could not be signed or published:", err=True)
        raise held_up[0]


def _line(one: Blanked) -> dict[str, object]:
    return {"version": one.version, "pointer": one.pointer, "bodySha256": one.body_sha256}


def _erase(context: CommandContext) -> list[GazetteError]:
    """Take what is gone from the bodies out of the index, the published folders and the database’s files.

    Gives why the log could not be signed or published: that holds up no erasing.
    """
    _index_anew(context)
    held_up: list[GazetteError] = []
    if context.settings.log_key_path.exists():
        try:
            checkpoint_now(context.database, context.settings.log_key_path, context.clock)
        except GazetteError as error:
            held_up.append(error)
    for folder in published_folders(context.settings.data):
        if folder.is_dir():
            with context.database.read() as session:
                publish_bodies(session, folder, blanked_bodies(session))
                try:
                    publish(session, folder)
                except GazetteError as error:
                    held_up.append(error)
        else:
            click.echo(f"Look: {folder} was published into once, and is not there now.", err=True)
    forget_bundles(context.settings.data)
    forget_kept_files(context.settings.data)
    shutil.rmtree(context.settings.data / WORK_FOLDER, ignore_errors=True)  # of a restoring that was killed
    erase_freed(context.database)
    return held_up


def _index_anew(context: CommandContext) -> None:
    """Build the index anew, since the old one keeps what is deleted from it until its parts are merged."""
    until = time.monotonic() + INDEX_SECONDS
    while True:
        try:
            for _ in reindex(context.database, context.index, context.sources, fresh=True):
                pass
            break
        except IndexBusy:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE_SECONDS)
    while True:
        drain(context.database, context.index, context.clock)
        with context.database.read() as session:
            if not waiting_count(session):
                return
        if time.monotonic() > until:
            raise Unreachable("The search index does not take what waits for it.", "Give the same command again.")
        time.sleep(_PAUSE_SECONDS)
