"""The part of the search's benchmark that needs a database: suggestions, spelling, the outbox, and whole pages."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from flask.testing import FlaskClient

from catalogue.search.indexer import drain
from catalogue.search.service import enqueue_document, search
from catalogue.search.suggest import suggest
from catalogue.search.suggest_rows import write_suggestions
from catalogue.search.suggest_vocabulary import Vocabulary
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.database.engine import Database, open_database
from schemas.database.upgrade import upgrade
from schemas.settings import Settings, sqlite_url
from tests.benchmarks.search_corpus import NOW, Corpus, Queries
from web.app import create_app

_BATCH = 2_000
_TIMES = 40

Work = tuple[str, str | list[Callable[[], object]]]


def site_works(folder: Path, corpus: Corpus, queries: Queries) -> Iterator[Work]:
    """What is measured over the tantivy index in a folder: a name, and a figure or what to time."""
    database = open_database(sqlite_url(folder))
    upgrade(database)
    place = TantivyPlace(folder / "search")
    mark = folder / "suggestions.written"
    if not mark.exists():
        began = time.perf_counter()
        documents = corpus.documents()
        while batch := list(islice(documents, _BATCH)):
            with database.write() as session:
                write_suggestions(session, batch)
        yield "rows for suggestions written, s", f"{time.perf_counter() - began:.1f}"
        mark.touch()
    yield from _words(database, queries)
    yield "one update, through the outbox, until found", _updates(database, place, corpus)
    settings = Settings(folder, sqlite_url(folder), folder / "search")
    client = create_app(settings, database, place.reader, lambda: NOW).test_client(use_cookies=False)
    yield "page: 3 words", [partial(_page, client, text) for text in queries.three]
    yield "page: broad", [partial(_page, client, queries.broad)] * _TIMES
    yield "page: everything", [partial(_page, client, "")] * _TIMES
    yield "page: a misspelt word", [partial(_page, client, text) for text in queries.misspelt[:_TIMES]]
    database.close()


def _words(database: Database, queries: Queries) -> Iterator[Work]:
    vocabulary = Vocabulary(database, waits=True)
    with database.read() as session:
        began = time.perf_counter()
        known = vocabulary.known(session)
        if known is None:
            raise AssertionError
        known.spelling.neighbour("a")
        yield "words and spelling read, s", f"{time.perf_counter() - began:.1f}"
        yield "autocomplete", [partial(suggest, session, vocabulary, text) for text in queries.beginnings]
        yield "did you mean, the word alone", [partial(known.spelling.neighbour, text) for text in queries.misspelt]


def _updates(database: Database, place: TantivyPlace, corpus: Corpus) -> list[Callable[[], object]]:
    document = next(replace(corpus, size=1).documents())
    reader = place.reader()

    def update(revision: int) -> None:
        changed = replace(document, revision=revision, title=f"zqx{revision}")
        with database.write() as session:
            enqueue_document(session, changed, lambda: NOW)
        drain(database, place, lambda: NOW)
        if search(reader, f"zqx{revision}", clock=lambda: NOW, facets=()).answer.total != 1:
            raise AssertionError(revision)

    first = int(time.time() * 1000)  # later than any in an index that was kept
    return [partial(update, revision) for revision in range(first, first + _TIMES)]


def _page(client: FlaskClient, text: str) -> None:
    """A page, worked out anew each time: who sends a cookie gets no answer that was given before."""
    answer = client.get(f"/search?{urlencode({'q': text})}", headers={"Cookie": "a=b"}, buffered=True)
    if answer.status_code != 200:
        raise AssertionError(answer.status)
