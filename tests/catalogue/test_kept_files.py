"""Files that are made once and served often: never another than was stated, never one with what was blanked."""

import hashlib
import threading
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from catalogue import kept_files as keeping
from catalogue.kept_files import BeingMade, KeptFile, Recipe, Sink, State, forget_kept_files, found_file, kept_file
from schemas.database.engine import Database


class Source:
    """What a file is made of, and how often it was made."""

    def __init__(self) -> None:
        self.content = b"levels of rivers"
        self.changes = "1"
        self.erasures = "0"
        self.made = 0

    def recipe(self, name: str = "levels.txt") -> Recipe:
        return Recipe(name, lambda _: State(self.changes, self.erasures), self._write)

    def _write(self, _session: Session, sink: Sink) -> int:
        self.made += 1
        sink.write(self.content)
        return 7


def read(kept: KeptFile) -> bytes:
    with kept.file as file:
        content = file.read()
    assert (len(content), hashlib.sha256(content).hexdigest()) == (kept.size, kept.sha256)
    return content


def files(data: Path) -> list[Path]:
    return [path for path in data.rglob("*") if path.is_file()]


def test_it_is_made_once_for_a_state_and_the_one_before_is_taken_away(
    sqlite_database: Database, tmp_path: Path
) -> None:
    source = Source()
    assert found_file(sqlite_database, tmp_path / "data", source.recipe()) is None
    first = kept_file(sqlite_database, tmp_path / "data", source.recipe())
    assert (read(first), first.count, source.made) == (b"levels of rivers", 7, 1)
    again = kept_file(sqlite_database, tmp_path / "data", source.recipe())
    assert (read(again), again.sha256, again.made_at, source.made) == (
        b"levels of rivers",
        first.sha256,
        first.made_at,
        1,
    )
    source.changes, source.content = "2", b"other levels"
    assert found_file(sqlite_database, tmp_path / "data", source.recipe()) is None
    assert read(kept_file(sqlite_database, tmp_path / "data", source.recipe())) == b"other levels"
    assert len(files(tmp_path / "data")) == 1
    assert (tmp_path / "data" / keeping.FOLDER).stat().st_mode & 0o077 == 0


def test_one_that_took_long_is_served_on_but_never_past_what_was_blanked(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_QUICK_SECONDS", 0.0)
    monkeypatch.setattr(keeping, "_REST", 1e9)
    source = Source()
    read(kept_file(sqlite_database, tmp_path, source.recipe()))
    source.changes, source.content = "2", b"without the name"
    assert read(kept_file(sqlite_database, tmp_path, source.recipe())) == b"levels of rivers"
    source.erasures = "1"
    assert read(kept_file(sqlite_database, tmp_path, source.recipe())) == b"without the name"


def test_blanking_takes_all_away_also_what_was_begun(sqlite_database: Database, tmp_path: Path) -> None:
    source = Source()
    for name in ("a.txt", "b.txt"):
        read(kept_file(sqlite_database, tmp_path, source.recipe(name)))
    (tmp_path / keeping.FOLDER / "a.txt" / "draft").write_bytes(b"of one whose making died")
    assert len(files(tmp_path / keeping.FOLDER)) == 3
    forget_kept_files(tmp_path)
    assert files(tmp_path / keeping.FOLDER) == []
    forget_kept_files(tmp_path / "nowhere")


def test_blanking_waits_for_one_that_is_being_made_and_takes_it_away(sqlite_database: Database, tmp_path: Path) -> None:
    source, begun, go_on = Source(), threading.Event(), threading.Event()

    def slowly(_session: Session, sink: Sink) -> int:
        begun.set()
        assert go_on.wait(10)
        sink.write(b"read before the blanking")
        return 1

    recipe = Recipe("slow.txt", source.recipe().state, slowly)
    making = threading.Thread(target=lambda: read(kept_file(sqlite_database, tmp_path, recipe)))
    making.start()
    assert begun.wait(10)
    forgetting = threading.Thread(target=forget_kept_files, args=(tmp_path,))
    forgetting.start()
    forgetting.join(0.05)
    assert forgetting.is_alive()
    go_on.set()
    making.join(10)
    forgetting.join(10)
    assert files(tmp_path / keeping.FOLDER) == []


def test_while_one_is_made_others_get_the_older_or_are_told_to_come_again(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "WAIT_SECONDS", 0.0)
    source = Source()
    read(kept_file(sqlite_database, tmp_path, source.recipe()))
    source.changes = "2"
    with keeping._lock(tmp_path / keeping.FOLDER, wait=True):
        assert read(kept_file(sqlite_database, tmp_path, source.recipe())) == b"levels of rivers"
        source.erasures = "1"
        with pytest.raises(BeingMade):
            kept_file(sqlite_database, tmp_path, source.recipe())
        with pytest.raises(BeingMade):
            kept_file(sqlite_database, tmp_path, source.recipe("another.txt"))


def test_one_whose_making_fails_leaves_nothing_that_is_served(sqlite_database: Database, tmp_path: Path) -> None:
    source = Source()

    def failing(_session: Session, sink: Sink) -> int:
        sink.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        kept_file(sqlite_database, tmp_path, Recipe("levels.txt", source.recipe().state, failing))
    assert found_file(sqlite_database, tmp_path, source.recipe()) is None
    assert read(kept_file(sqlite_database, tmp_path, source.recipe())) == b"levels of rivers"
    assert len(files(tmp_path / keeping.FOLDER)) == 1
