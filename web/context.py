"""What a request works with: settings, a session to read with, the search engine, its words, time and chance."""

from collections.abc import Callable, Hashable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import cast

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.sansio.utils import get_current_url

from catalogue.organisations.names import OrganisationNames
from catalogue.search.engine import SearchEngine, SearchTimedOut, SearchUnavailable
from catalogue.search.suggest_vocabulary import Vocabulary, Wording
from register.powers.names import PowerNames
from schemas.clock import Clock, Ids, Randomness, random_ids, system_randomness
from schemas.database.engine import Database
from schemas.settings import Settings

EngineOpener = Callable[[], SearchEngine]
"""Opens the index for reading. Raises SearchUnavailable where there is none that can be used."""

REST = timedelta(seconds=20)
"""So long nobody waits for an engine that did not answer in time."""

_EXTENSION = "gazette"


@dataclass
class WebContext:
    """What the application was made with. The engine is opened when first asked for, once for all threads."""

    settings: Settings
    database: Database
    open_engine: EngineOpener
    clock: Clock
    ids: Ids = random_ids
    randomness: Randomness = system_randomness
    vocabulary: Vocabulary = field(init=False)
    _engine: SearchEngine | None = None
    _rests_until: datetime | None = None
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.vocabulary = Vocabulary(self.database, (OrganisationNames(), PowerNames()))

    def engine(self) -> SearchEngine:
        """The open engine. Raises SearchUnavailable; the next request tries again, or after a rest."""
        with self._lock:
            if self._rests_until is not None and self.clock() < self._rests_until:
                raise SearchUnavailable("The search index did not answer in time a moment ago.", "Try again soon.")
            if self._engine is None:
                self._engine = self.open_engine()
            return self._engine

    def forget_engine(self, error: SearchUnavailable) -> None:
        """Close an engine that stopped answering, so that the next request opens it anew.

        One that kept a reader waiting is left alone for a while: else every thread would wait for it, and no page be
        answered at all.
        """
        with self._lock:
            engine, self._engine = self._engine, None
            if isinstance(error, SearchTimedOut):
                self._rests_until = self.clock() + REST
        if engine is not None:
            engine.close()


def install(app: Flask, context: WebContext) -> None:
    """Hand the context to an application, and close each request's session at its end."""
    app.extensions[_EXTENSION] = context

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        stack: ExitStack | None = g.pop("reading", None)
        g.pop("session", None)
        if stack is not None:
            stack.close()


def web_context() -> WebContext:
    """The context of the application that serves this request."""
    return cast(WebContext, current_app.extensions[_EXTENSION])


def session() -> Session:
    """This request's session: one consistent view of the database, opened when first asked for."""
    if "session" not in g:
        stack = ExitStack()
        g.session = stack.enter_context(web_context().database.read())
        g.reading = stack
    return cast(Session, g.session)


def commit_mark() -> Hashable | None:
    """How the database stood before anything of this request was read (`CommitMark`); None where nobody looked."""
    if "commit_mark" not in g:
        g.commit_mark = None if "session" in g else web_context().database.commits.now()
    return cast("Hashable | None", g.commit_mark)


def wording() -> Wording:
    """What helps with the words of this request's search."""
    return Wording(session(), web_context().vocabulary)


def site_address() -> str:
    """The site's address without a slash at its end: what the operator set, else the one it was asked by."""
    return web_context().settings.public_url or _root(request.scheme, request.host, request.root_path)


@lru_cache(maxsize=256)
def _root(scheme: str, host: str, path: str) -> str:
    return get_current_url(scheme, host, path).rstrip("/")


def now() -> datetime:
    """The moment of this request: one for the whole page."""
    if "now" not in g:
        g.now = web_context().clock()
    return cast(datetime, g.now)


def today() -> date:
    """The day of this request, in UTC."""
    return now().date()
