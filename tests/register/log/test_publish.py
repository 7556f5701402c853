"""The published folder: whole at every moment, brought up step by step, and never mixed with another log's."""

from pathlib import Path
from typing import Any

import pytest

from register.agreements.events import locked_head
from register.agreements.models import Agreement
from register.lifecycle.acting import Tools
from register.log import publish as publishing
from register.log.checkpoint import read_checkpoint
from register.log.checkpoints import add_first_key, checkpoint_now
from register.log.note import split_note
from register.log.publish import publish, published_folders, remember_folder
from register.log.redaction import Redaction, redact
from register.log.signing import make_key_file
from register.log.tiles import entries_path, nodes_of_tiles, read_entry_bundle, tile_path
from register.log.tree import root_of
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from schemas.errors import NotFound, Refused
from schemas.merkle import leaf_hash, root_hash
from tests.register.making import Register, agreement

ORIGIN = "register.example/log"


@pytest.fixture
def log(open_sqlite: Database, register: Register, tmp_path: Path) -> Database:
    with open_sqlite.write() as session:
        locked_head(session).origin = ORIGIN
        signer = make_key_file(tmp_path / "log-key", ORIGIN, register.randomness)
        add_first_key(session, signer.verifier.vkey, register.clock)
        register.sign(session, agreement(purpose="To mend bridges"))
    return open_sqlite


def grow(database: Database, register: Register, count: int, key_file: Path) -> None:
    with database.write() as session:
        for _ in range(count):
            register.happen(session, "dg-1", "suspended")
    checkpoint_now(database, key_file, register.clock)


def brought_up(database: Database, folder: Path) -> int:
    with database.read() as session:
        return publish(session, folder).files


def require_whole(folder: Path) -> int:
    """Everything that the folder's checkpoint stands for is there and fits; gives its size."""
    checkpoint = read_checkpoint(split_note((folder / "checkpoint").read_bytes())[0])
    size = checkpoint.size
    nodes = nodes_of_tiles(size, lambda level, n, width: (folder / tile_path(level, n, width)).read_bytes())
    assert root_of(size, nodes) == checkpoint.root
    entries = []
    for first in range(0, size, 256):
        path = folder / entries_path(first // 256, min(256, size - first))
        entries += read_entry_bundle(path.read_bytes())
    assert root_hash([leaf_hash(entry) for entry in entries]) == checkpoint.root
    return size


def test_it_is_brought_up_step_by_step(log: Database, register: Register, tmp_path: Path) -> None:
    folder = tmp_path / "www"
    with log.read() as session, pytest.raises(NotFound):
        publish(session, folder)
    assert not folder.exists()
    for more in (3, 0, 250, 2, 260):
        grow(log, register, more, tmp_path / "log-key")
        files = brought_up(log, folder)
        assert files <= 6 or more == 3
        require_whole(folder)
        assert brought_up(log, folder) == 0
    partial = {str(path.relative_to(folder)) for path in folder.rglob("*.p")}
    assert partial == {"tile/0/002.p", "tile/1/000.p", "tile/entries/002.p"}


def test_it_is_whole_wherever_the_writing_dies(
    log: Database, register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = tmp_path / "www", publishing._write
    grow(log, register, 254, tmp_path / "log-key")
    brought_up(log, folder)
    before = require_whole(folder)
    grow(log, register, 10, tmp_path / "log-key")
    for fuse in range(7):
        left = fuse

        def dying(path: Path, data: bytes, draft: Path) -> int:
            nonlocal left
            left -= 1
            if left < 0:
                draft.write_bytes(data[:10])  # what a dead process leaves
                raise OSError("no space left")
            return real(path, data, draft)

        monkeypatch.setattr(publishing, "_write", dying)
        with pytest.raises(OSError, match="no space"):
            brought_up(log, folder)
        assert require_whole(folder) == before
    monkeypatch.setattr(publishing, "_write", real)
    brought_up(log, folder)
    assert require_whole(folder) == before + 10
    assert list((folder / ".drafts").iterdir()) == []


def test_a_body_that_lost_a_value_since_is_written_anew(log: Database, register: Register, tmp_path: Path) -> None:
    folder = tmp_path / "www"
    grow(log, register, 1, tmp_path / "log-key")
    brought_up(log, folder)
    assert b"mend bridges" in b"".join(path.read_bytes() for path in (folder / "bodies").iterdir())
    with log.write() as session:
        tools = Tools(register.clock, register.ids, register.randomness)
        wanted = Redaction("/purpose", "Names a person")
        redact(session, LOCAL_REGISTRAR, session.get_one(Agreement, "dg-1"), wanted, tools)
    checkpoint_now(log, tmp_path / "log-key", register.clock)
    brought_up(log, folder)
    assert b"mend bridges" not in b"".join(path.read_bytes() for path in (folder / "bodies").iterdir())


def other_files(folder: Path, _old: bytes) -> None:
    (folder / "checkpoint").unlink()
    (folder / "holiday.jpg").write_bytes(b"")


def no_checkpoint(folder: Path, _old: bytes) -> None:
    (folder / "checkpoint").write_text("hello", encoding="utf-8")


def another_root(folder: Path, old: bytes) -> None:
    lines = old.decode().split("\n")
    lines[2] = "A" * 43 + "="
    (folder / "checkpoint").write_text("\n".join(lines), encoding="utf-8")


def another_origin(folder: Path, old: bytes) -> None:
    (folder / "checkpoint").write_bytes(old.replace(ORIGIN.encode(), b"other.example/log"))


@pytest.mark.parametrize("change", [other_files, no_checkpoint, another_root, another_origin])
def test_another_folder_s_files_are_left_alone(log: Database, register: Register, tmp_path: Path, change: Any) -> None:
    folder = tmp_path / "www"
    grow(log, register, 1, tmp_path / "log-key")
    brought_up(log, folder)
    change(folder, (folder / "checkpoint").read_bytes())
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    grow(log, register, 1, tmp_path / "log-key")
    with pytest.raises(Refused, match=r"holds|no checkpoint"):
        brought_up(log, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_folders_are_remembered_once(tmp_path: Path) -> None:
    assert published_folders(tmp_path) == []
    for name in ("a", "b", "a"):
        remember_folder(tmp_path, tmp_path / name)
    assert published_folders(tmp_path) == [tmp_path / "a", tmp_path / "b"]
