"""Serving the site: gunicorn with a few workers, and beside them one process that keeps the index up to date.

Web workers only ever read the index. The process beside them takes what waits in the outbox into it, whoever wrote
it: the pages, a command, or a command that was killed before it could.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy.exc import OperationalError

from catalogue.search.engine import IndexBusy, SearchPlace, SearchUnavailable
from catalogue.search.indexer import drain, reconcile
from catalogue.search.sources import DocumentSource
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.clock import Clock, system_clock
from schemas.database.engine import Database, open_database
from schemas.errors import Refused
from schemas.settings import Settings
from web.app import create_app
from web.assets import missing_assets
from web.gunicorn_server import run_gunicorn

POLL_SECONDS = 0.5
FAILURE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Served:
    """What is served where. `sources` is all that belongs into the index."""

    settings: Settings
    sources: Sequence[DocumentSource]
    host: str
    port: int


def application(settings: Settings, clock: Clock = system_clock) -> Flask:
    """The site over its own database and index, as each worker opens them after it was forked."""
    return create_app(settings, open_database(settings.database_url), TantivyPlace(settings.search_path).reader, clock)


def serve(served: Served, ready: Callable[[], None]) -> None:
    """Serve until told to stop. `ready` is called once the address answers.

    Raises Refused, naming the command to run, where the assets of the pages are missing.
    """
    missing = missing_assets()
    if missing:
        raise Refused(f"The assets of the pages are missing: {', '.join(missing)}.", "Run “make assets”.")
    indexer = multiprocessing.get_context("spawn").Process(
        target=keep_index, args=(served.settings, served.sources, os.getpid()), name="indexer", daemon=True
    )
    with _interrupts_ignored():
        indexer.start()
    try:
        run_gunicorn(lambda: application(served.settings), served.host, served.port, served.settings.workers, ready)
    finally:
        indexer.terminate()
        indexer.join(timeout=10)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """A process started in here never hears Ctrl+C, which a terminal sends to all: its parent ends it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def keep_index(
    settings: Settings, sources: Sequence[DocumentSource], parent: int, pause: float = FAILURE_SECONDS
) -> None:
    """Keep the index up to date until the parent process is gone; `pause` seconds after a failure, try again."""
    database = open_database(settings.database_url)
    place = TantivyPlace(settings.search_path)
    compared = False
    try:
        while os.getppid() == parent:
            try:
                compared = compared or _compare(database, place, sources)
                drain(database, place, system_clock)
            except (SearchUnavailable, OperationalError) as error:  # both may pass: a full disk, a restart
                print(f"The search index cannot be kept up to date: {error}", file=sys.stderr)  # noqa: T201
                time.sleep(pause)
            time.sleep(POLL_SECONDS)
    finally:
        database.close()


def _compare(database: Database, place: SearchPlace, sources: Sequence[DocumentSource]) -> bool:
    """Put the index right where it lost commits; False while another process writes to it."""
    try:
        reconcile(database, place, sources)
    except IndexBusy:
        return False
    return True
