"""Serving the site: granian with a few workers, and beside them one process that keeps the index up to date.

Web workers only ever read the index. The process beside them takes what waits in the outbox into it, whoever wrote
it: the pages, a command, or a command that was killed before it could. Where it can read the key of the register's
log, it signs what was added to that too.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from flask import Flask
from sqlalchemy.exc import DatabaseError, OperationalError

from catalogue.search.engine import IndexBusy, SearchPlace, SearchUnavailable
from catalogue.search.indexer import drain, reconcile
from catalogue.search.places import search_place
from catalogue.search.sources import DocumentSource
from register.log.checkpoints import checkpoint_now, standing_of
from schemas.clock import Clock, system_clock
from schemas.database.engine import Database, open_database
from schemas.errors import GazetteError, Refused
from schemas.settings import Settings
from web.app import create_app
from web.assets import missing_assets
from web.http_server import serve_http

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
    return create_app(settings, open_database(settings.database_url), search_place(settings).reader, clock)


def serve(served: Served, ready: Callable[[], None]) -> None:
    """Serve until told to stop. `ready` is called once the address answers.

    Raises Refused, naming what to do, where the assets of the pages or the search engine are missing.
    """
    missing = missing_assets()
    if missing:
        raise Refused(f"The assets of the pages are missing: {', '.join(missing)}.", "Run “make assets”.")
    search_place(served.settings)  # an engine that is not there is told now, not by every process
    indexer = multiprocessing.get_context("spawn").Process(
        target=keep_index, args=(served.settings, served.sources, os.getpid()), name="indexer", daemon=True
    )
    with _interrupts_ignored():
        indexer.start()
    try:
        load = partial(application, served.settings)
        serve_http(load, served.host, served.port, served.settings.workers, ready)
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
    """Keep the index, and the checkpoint where the key can be read, up to date until the parent process is gone.

    `pause` seconds after a failure, try again.
    """
    database = open_database(settings.database_url)
    place = search_place(settings)
    compared = False
    told = ""
    try:
        while os.getppid() == parent:
            try:
                compared = compared or _compare(database, place, sources)
                drain(database, place, system_clock)
            except (SearchUnavailable, OperationalError) as error:  # both may pass: a full disk, a restart
                print(f"The search index cannot be kept up to date: {error}", file=sys.stderr)  # noqa: T201
                time.sleep(pause)
            fault = keep_checkpoint(settings, database)
            if fault and fault != told:  # it is tried every time, and told once
                print(f"The register’s log cannot be signed: {fault}", file=sys.stderr)  # noqa: T201
            told = fault
            time.sleep(POLL_SECONDS)
    finally:
        database.close()


def keep_checkpoint(settings: Settings, database: Database) -> str:
    """Sign what was added to the log since the last checkpoint; gives what hinders it, nothing where nothing does.

    A machine without the key serves the checkpoints that another signs.
    """
    if not settings.log_key_path.exists():
        return ""
    try:
        with database.read() as session:
            standing = standing_of(session)
        if standing.checkpoint is None or standing.waiting:
            checkpoint_now(database, settings.log_key_path, system_clock)
    except (GazetteError, OSError, DatabaseError) as error:
        return str(error).splitlines()[0]
    return ""


def _compare(database: Database, place: SearchPlace, sources: Sequence[DocumentSource]) -> bool:
    """Put the index right where it lost commits; False while another process writes to it."""
    try:
        reconcile(database, place, sources)
    except IndexBusy:
        return False
    return True
