"""A word that was blanked is nowhere any more: every byte of the data folder and of the published copy is looked at."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from register.agreements.models import Agreement
from register.log.erasing import erase_freed
from register.log.publish import published_folders
from register.log.store import read_body
from schemas.database.engine import Database, open_database
from schemas.errors import Unreachable
from schemas.settings import sqlite_url
from tests.register.making import agreement
from tests.services.commands import Invoke

MARKER = "Zanzibarquux"
TITLE = f"Paying back {MARKER} and others"


def files_with(folder: Path, word: str) -> list[str]:
    """The files in which a word stands: in UTF-8, in UTF-16, in any case, and as JSON escapes write it."""
    needles = {form.encode(encoding) for form in (word, word.lower()) for encoding in ("utf-8", "utf-16-le")}
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(folder)) for path in files if any(one in path.read_bytes() for one in needles))


@pytest.fixture
def published(data_folder: Path, ready: Invoke, tmp_path: Path) -> Path:
    """Two versions of an agreement with the word in its title, imported, indexed and published."""
    for number in range(2):
        record = agreement(title=TITLE, scale=f"{number} records", externalIds=[{"scheme": "x", "id": "1"}])
        path = tmp_path / f"record-{number}.json"
        path.write_text(json.dumps(record), encoding="utf-8")
        ended = ready("register", "import", path, "--from", "json")
        assert ended.code == 0, ended.stderr
    folder = tmp_path / "published"
    assert ready("register", "checkpoint", "--publish", folder).code == 0
    assert published_folders(data_folder) == [folder]
    return folder


@pytest.fixture
def database(data_folder: Path, published: Path) -> Iterator[Database]:
    with closing(open_database(sqlite_url(data_folder))) as opened:
        yield opened


def test_no_byte_of_it_is_left(invoke: Invoke, data_folder: Path, published: Path, tmp_path: Path) -> None:
    assert files_with(data_folder, MARKER)
    assert any(name.startswith("bodies/") for name in files_with(published, MARKER))
    assert any(name.startswith("search/") for name in files_with(data_folder, MARKER))
    ended = invoke(
        "register", "redact", "dg-1", "/title", "--reason", "Names a person", "--law", "An Act", "--format", "json"
    )
    assert ended.code == 0, ended.stderr
    assert [(row["version"], row["pointer"]) for row in json.loads(ended.stdout)] == [(1, "/title"), (2, "/title")]
    assert files_with(data_folder, MARKER) == []
    assert files_with(published, MARKER) == []
    assert "[blanked]" in invoke("register", "show", "dg-1").stdout
    assert invoke("register", "rebuild", "--check").code == 0
    assert invoke("doctor").code == 0
    found = invoke("catalogue", "search", MARKER, "--format", "json")
    assert json.loads(found.stdout) == [] or MARKER not in found.stdout
    assert "Names a person" in invoke("register", "history", "dg-1").stdout


def test_what_cannot_be_signed_is_erased_all_the_same(invoke: Invoke, data_folder: Path, published: Path) -> None:
    """A database that was put back to an older state is not signed, and the law does not wait for that."""
    last = data_folder / "log-key.last"
    last.write_text(last.read_text(encoding="utf-8").replace("\n3\n", "\n9\n", 1), encoding="utf-8")
    ended = invoke("register", "redact", "dg-1", "/title", "--reason", "Names a person", "--format", "json")
    assert ended.code == 1
    assert "It is erased here" in ended.stderr
    assert "9 entries that were signed before" in ended.stderr
    assert len(json.loads(ended.stdout)) == 2
    assert files_with(data_folder, MARKER) == files_with(published, MARKER) == []


def test_a_reader_of_the_old_pages_is_waited_for_and_told(
    invoke: Invoke, data_folder: Path, database: Database
) -> None:
    """While somebody reads, the write-ahead log cannot be emptied: it is said, and the second attempt does it."""
    with database.read() as reading:
        assert reading.get_one(Agreement, "dg-1").title == TITLE
        with closing(open_database(sqlite_url(data_folder))) as other:
            with other.write() as session:
                session.get_one(Agreement, "dg-1").title = "Another"
            with pytest.raises(Unreachable, match="reading"):
                erase_freed(other, wait=0.3)
    again = invoke("register", "redact", "dg-1", "/title", "--reason", "Names a person")
    assert again.code == 0, again.stderr
    assert files_with(data_folder, MARKER) == []
    twice = invoke("register", "redact", "dg-1", "/title", "--reason", "Names a person")
    assert twice.code == 0
    assert "erased once more" in twice.stderr


def test_the_published_copy_holds_what_the_database_holds(published: Path, database: Database) -> None:
    with database.read() as session:
        for path in (published / "bodies").iterdir():
            assert path.read_bytes() == read_body(session, path.name)
