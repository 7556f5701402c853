"""`gazette register verify`: is a copy of a register, a site, or the data folder's own log what was signed?"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.exits import Exit
from register.log.copies import FileCopy, fetched_bundle, guarded_fetch, is_zip_address, site_copy
from register.log.cosignature import CosignatureVerifier, read_witness_key
from register.log.last_seen import LastSeen
from register.log.own_log import verify_own_log
from register.log.verification import Verification, verify_copy
from register.log.verify import Key
from schemas.errors import InvalidInput

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("place", metavar="[PATH|URL]", required=False)
@click.option("--key", "key_file", metavar="FILE", type=_FILE, help="The register’s public key, from elsewhere.")
@click.option("--since", metavar="FILE", type=_FILE, help="A checkpoint of it that was kept from an earlier day.")
@click.option(
    "--witness-key",
    "witness_files",
    metavar="FILE",
    type=_FILE,
    multiple=True,
    help="The public key of a witness that must have cosigned; repeatable.",
)
@click.option(
    "--timestamp-certificate",
    "certificate_files",
    metavar="FILE",
    type=_FILE,
    multiple=True,
    help="A certificate (PEM) that vouches for its timestamps; repeatable.",
)
@click.option("--quick", is_flag=True, help="Do not compare every record with its schema, which takes the longest.")
@with_context
def verify_command(
    context: CommandContext,
    place: str | None,
    key_file: Path | None,
    since: Path | None,
    witness_files: tuple[Path, ...],
    certificate_files: tuple[Path, ...],
    *,
    quick: bool,
) -> None:
    """Check that nothing in a register was altered, moved, added or dropped.

    Checks a folder, a bundle (a zip, or the address of one) or a site; without one, the log of the data folder, row by
    row. Names every fault, and ends with code 1 where there is one. The last checkpoint of each register is
    remembered: a history that was rewritten is found on the next visit.

    Example: gazette register verify https://data.example.gov.uk --key rivers.key
    """
    given = _keys(key_file) if key_file else []
    older = [since.read_bytes()] if since else []
    witnesses = [witness for path in witness_files for witness in _witnesses(path)]
    seen = LastSeen(os.environ)
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("Entries", total=None)

        def progress(entries: int) -> None:
            bar.update(task, completed=entries)

        how: Any = {"given": given, "since": older, "seen": seen, "witnesses": witnesses}
        how |= {"progress": progress, "quick": quick, "certificates": [path.read_bytes() for path in certificate_files]}
        if place is None:
            with context.database.read() as session:
                done = verify_own_log(session, key_file=context.settings.log_key_path, **how)
        else:
            with _opened(place) as opened:
                done = verify_copy(opened, **how)
    _tell(done)


def _tell(done: Verification) -> None:
    for fault in done.faults:
        click.echo(f"ALTERED  {fault}")
    for remark in done.remarks:
        click.echo(remark, err=True)
    if done.origin is not None:
        click.echo(f"{done.origin}, checkpoint of {done.size:,} entries")
    click.echo(done.sentence)
    raise SystemExit(Exit.REFUSED if done.faults else Exit.DONE)


@contextmanager
def _opened(place: str) -> Iterator[Callable[[], FileCopy]]:
    if is_zip_address(place):
        with fetched_bundle(place) as path:
            yield lambda: FileCopy(str(path))
    elif "://" in place:
        site = site_copy(place, guarded_fetch(place))
        yield lambda: site
    elif Path(place).exists():
        yield lambda: FileCopy(place)
    else:
        raise click.UsageError(f"There is no file or folder “{place}”.")


def _witnesses(path: Path) -> list[CosignatureVerifier]:
    try:
        return [read_witness_key(line) for line in path.read_text(encoding="utf-8").split() or [""]]
    except ValueError as error:
        raise InvalidInput(
            f"{path} holds no public key of a witness: {error}.", "It is a line such as name+1a2b3c4d+BAbC…."
        ) from None


def _keys(path: Path) -> list[Key]:
    try:
        keys = [Key(line) for line in path.read_text(encoding="utf-8").split()]
    except ValueError as error:
        raise InvalidInput(
            f"{path} holds no public key: {error}.", "It is a line such as name+1a2b3c4d+AbC…."
        ) from None
    if not keys:
        raise InvalidInput(f"{path} is empty.", "It holds the public key, a line such as name+1a2b3c4d+AbC….")
    return keys
