"""`gazette serve` and `gazette demo`."""

import os
import shutil
import signal
import socket
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.progress import run_outcomes
from catalogue.search.indexer import drain
from register.agreements.events import DEFAULT_PREFIX
from schemas.errors import Refused
from schemas.outcomes import count_actions
from web.commands.making import make_installation
from web.samples import load_samples, sample_total
from web.server import Served, serve

_HOST = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
_PORT = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port.")


@click.command("serve")
@_HOST
@_PORT
@with_context
def serve_command(context: CommandContext, host: str, port: int) -> None:
    """Serve the site until Ctrl+C, and keep its search index up to date.

    Example: gazette --data /srv/gazette serve --port 8080
    """
    _require_free(host, port)
    context.database.close()  # opens it once, so that a database that is not ready is told now
    served = Served(context.settings, context.sources, host, port)
    site = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
    serve(served, lambda: click.echo(f"Serving {context.settings.data} on {site} (Ctrl+C stops it)."))


@click.command("demo")
@_PORT
@with_context
def demo_command(context: CommandContext, port: int) -> None:
    """Serve the sample records from a throw-away data folder.

    Every page says that these are samples. The folder is deleted when the demo ends.

    Example: gazette demo --port 8001
    """
    _require_free("127.0.0.1", port)
    signal.signal(signal.SIGTERM, _leave)  # so that the folder is deleted whenever the demo is told to end
    folder = Path(tempfile.mkdtemp(prefix="gazette-demo-"))
    try:
        settings = replace(context.settings.in_folder(folder), samples=True)
        demo = CommandContext(sources=context.sources, fixed_settings=settings)
        with demo.closing:
            make_installation(demo, DEFAULT_PREFIX)
            outcomes = run_outcomes("Loading the sample records", sample_total(), load_samples(demo))
            drain(demo.database, demo.index, demo.clock)
        counted = ", ".join(f"{number} {action}" for action, number in count_actions(outcomes).items())
        click.echo(f"Sample records: {counted}.", err=True)
        serve(Served(settings, context.sources, "127.0.0.1", port), lambda: _welcome(folder, port))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"Nothing can be served on {host}:{port}: {error.strerror}.", "Choose another with --port."
            ) from None


def _welcome(folder: Path, port: int) -> None:
    program = "gazette" if shutil.which("gazette") else os.path.relpath(sys.argv[0])
    site = f"http://127.0.0.1:{port}"
    click.echo(
        f"""
Data Gazette is served on {site}/

What to look at:
  {site}/search?q=fraud            agreements and datasets about fraud, with facets
  {site}/agreements                who shares data with whom
  {site}/datasets                  what government holds, open, restricted and closed
  {site}/organisations             who holds, sends and receives

The data folder is {folder} and goes away when the demo ends.
To try your own files on it, in another terminal:
  {program} --data {folder} catalogue import FILE --from data-json
  {program} --data {folder} register import FILE --from rsf
Ctrl+C ends the demo."""
    )
