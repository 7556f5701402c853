"""The yardstick of the search's benchmark: SQLite's own full-text search with the same records and queries."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from catalogue.search.document import SearchDocument
from catalogue.search.fields import FACETS

_TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE record (number INTEGER PRIMARY KEY, id TEXT UNIQUE, kind TEXT, address TEXT, modified TEXT);
CREATE INDEX record_modified ON record (modified);
CREATE VIRTUAL TABLE words USING fts5 (title, summary, rest, tokenize = 'porter unicode61', prefix = '2 3 4');
CREATE TABLE facet (record INTEGER, field TEXT, value TEXT, PRIMARY KEY (record, field, value)) WITHOUT ROWID;
"""
_LATER = "CREATE INDEX IF NOT EXISTS facet_value ON facet (field, value, record)"


class Fts5:
    """Records in FTS5 tables, facets in a table beside: 20 records with their snippets, and the counts asked for."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA synchronous = FULL")

    def build(self, documents: Iterable[SearchDocument]) -> None:
        """Fill an empty file."""
        self._connection.executescript(_TABLES)
        self._connection.execute("BEGIN")
        for number, document in enumerate(documents, 1):
            self._add(number, document)
        self._connection.execute("COMMIT")
        self._connection.execute(_LATER)
        self._connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._connection.execute("PRAGMA optimize")

    def update(self, document: SearchDocument) -> None:
        """Change one record and commit."""
        self._connection.execute("BEGIN")
        row = self._connection.execute("SELECT number FROM record WHERE id = ?", (document.id,)).fetchone()
        number = row[0] if row else self._connection.execute("SELECT max(number) + 1 FROM record").fetchone()[0]
        for table, key in (("words", "rowid"), ("facet", "record"), ("record", "number")):
            self._connection.execute(f"DELETE FROM {table} WHERE {key} = ?", (number,))
        self._add(number, document)
        self._connection.execute("COMMIT")

    def ask(
        self,
        text: str,
        filters: Mapping[str, Sequence[str]] | None = None,
        *,
        facets: Sequence[str] = (),
        newest: bool = False,
    ) -> int:
        """How many records have any of the words, or the phrase (all for none); page and counts are read too."""
        match = text if text.startswith('"') else " OR ".join(f'"{word}"' for word in text.split())
        total = self._find(match, filters or {})
        if not match or newest:
            page = "SELECT r.*, '' FROM matched JOIN record r USING (number) ORDER BY r.modified DESC LIMIT 20"
            self._connection.execute(page).fetchall()
        else:
            page = (
                "SELECT r.*, snippet(words, 1, '', '', '…', 40) FROM words JOIN record r ON r.number = words.rowid "
                f"WHERE words MATCH ? {'AND r.number IN matched' if filters else ''} "
                "ORDER BY bm25(words, 1.3, 1, 1) LIMIT 20"
            )
            self._connection.execute(page, (match,)).fetchall()
        if facets:
            named = ", ".join("?" * len(facets))
            self._connection.execute(
                "SELECT f.field, f.value, count(*) FROM matched CROSS JOIN facet f ON f.record = matched.number "
                f"WHERE f.field IN ({named}) GROUP BY f.field, f.value",
                facets,
            ).fetchall()
        return total

    def beginning(self, text: str) -> list[tuple[str, str]]:
        """Ten titles with a word that begins so."""
        found = self._connection.execute(
            "SELECT title, rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT 10", (f'title : "{text}" *',)
        )
        return found.fetchall()

    def _find(self, match: str, filters: Mapping[str, Sequence[str]]) -> int:
        """Put the numbers of the records that match into the table `matched`; gives how many they are."""
        self._connection.execute("CREATE TEMP TABLE IF NOT EXISTS matched (number INTEGER PRIMARY KEY)")
        self._connection.execute("DELETE FROM matched")
        clauses, values = [], []
        if match:
            clauses.append("number IN (SELECT rowid FROM words WHERE words MATCH ?)")
            values.append(match)
        for name, chosen in filters.items():
            named = ", ".join("?" * len(chosen))
            clauses.append(f"number IN (SELECT record FROM facet WHERE field = ? AND value IN ({named}))")
            values.extend((name, *chosen))
        where = f"WHERE {' AND '.join(clauses)}" if clauses else ""
        return self._connection.execute(f"INSERT INTO matched SELECT number FROM record {where}", values).rowcount

    def _add(self, number: int, document: SearchDocument) -> None:
        put = self._connection.execute
        put(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?)",
            (number, document.id, document.kind, document.address, document.modified),
        )
        title, _summary, *rest = document.findable()
        put(
            "INSERT INTO words (rowid, title, summary, rest) VALUES (?, ?, ?, ?)",
            (number, title, rest[0], "\n".join(rest[1:])),
        )
        rows = {(number, field.name, value) for field in FACETS for value in document.values(field)}
        self._connection.executemany("INSERT INTO facet VALUES (?, ?, ?)", sorted(rows))
