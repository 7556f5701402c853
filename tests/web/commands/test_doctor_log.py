"""What `gazette doctor` finds of the log: each fault by its name, with what to do."""

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cli import main
from schemas.database.engine import open_database
from schemas.settings import sqlite_url
from tests.register.making import agreement
from tests.services.commands import Invoke

Folders = tuple[Path, Path]
CHECKS = ("Log", "Log’s key", "Log’s checkpoint", "Published log")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two entries, signed and published, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    invoke, record = Invoke(main, folder / "data", CliRunner()), folder / "record.json"
    record.write_text(json.dumps(agreement()), encoding="utf-8")
    for command in (
        ["init", "--origin", "rivers.example/register"],
        ["register", "import", record, "--from", "json"],
        ["register", "checkpoint", "--publish", folder / "www"],
    ):
        assert invoke(*command).code == 0
    return folder


@pytest.fixture
def signed(made: Path, invoke: Invoke, data_folder: Path, tmp_path: Path) -> Invoke:
    shutil.copytree(made / "data", data_folder, symlinks=True)
    shutil.copytree(made / "www", tmp_path / "www")
    (data_folder / "published-folders").write_text(f"{tmp_path / 'www'}\n", encoding="utf-8")
    return invoke


def alter(data: Path, *statements: str) -> None:
    """Change rows as somebody does who may write to the file: without the triggers."""
    with closing(open_database(sqlite_url(data))) as database, database.write() as session:
        triggers = session.execute(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")).scalars().all()
        for name in triggers:
            session.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            session.execute(text(statement))


def nothing(_data: Path, _www: Path) -> None:
    pass


def no_key(data: Path, _www: Path) -> None:
    (data / "log-key").unlink()


def open_key(data: Path, _www: Path) -> None:
    (data / "log-key").chmod(0o644)


def strange_key(data: Path, _www: Path) -> None:
    vkey = "rivers.example/register+0badcafe+AAAA"
    alter(data, f"UPDATE log_key SET vkey = '{vkey}'")


def head_ahead(data: Path, _www: Path) -> None:
    alter(data, "UPDATE register_head SET log_size = 3")


def entry_gone(data: Path, _www: Path) -> None:
    alter(data, "PRAGMA defer_foreign_keys = 1", "DELETE FROM log_entry WHERE seq = 1")


def event_altered(data: Path, _www: Path) -> None:
    alter(data, "UPDATE agreement_event SET actor_organisation = 'nobody' WHERE number = 1")


def entry_altered(data: Path, _www: Path) -> None:
    alter(data, "UPDATE log_entry SET entry = replace(entry, 'dg-1', 'dg-2') WHERE seq = 1")


def put_back(data: Path, _www: Path) -> None:
    last = data / "log-key.last"
    last.write_text(last.read_text(encoding="utf-8").replace("\n2\n", "\n5\n", 1), encoding="utf-8")


def unsigned_for_hours(data: Path, www: Path) -> None:
    alter(data, "DELETE FROM log_checkpoint")
    (data / "published-folders").unlink()
    (data / "log-key.last").unlink()
    entry = "replace(entry, substr(entry, instr(entry, 'recorded_at') + 14, 4), '2020')"
    alter(data, f"UPDATE log_entry SET entry = {entry}")


def checkpoint_altered(data: Path, _www: Path) -> None:
    alter(data, "UPDATE log_checkpoint SET note = replace(note, '2', '1')")


def folder_gone(_data: Path, www: Path) -> None:
    (www / "checkpoint").unlink()


def folder_of_another(_data: Path, www: Path) -> None:
    note = (www / "checkpoint").read_text(encoding="utf-8").split("\n")
    note[2] = "A" * 43 + "="
    (www / "checkpoint").write_text("\n".join(note), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "check", "found", "advice"),
    [
        (nothing, None, "", ""),
        (no_key, None, "", ""),
        (open_key, "Log’s key", "Others than its owner", "chmod 600"),
        (strange_key, "Log’s key", "not the key that the log names", "GAZETTE_LOG_KEY"),
        (head_ahead, "Log", "its head says 3", "gazette register verify"),
        (entry_gone, "Log", "The log has 1 entries", "gazette register verify"),
        (event_altered, "Log", "Entry 1 is not what event 1 says", "gazette register verify"),
        (entry_altered, "Log", "Entry 1 does not have its hash", "gazette register verify"),
        (put_back, "Log’s checkpoint", "The key signed 5 entries", "put the newer one back"),
        (unsigned_for_hours, "Log’s checkpoint", "2 entries wait, the oldest for", "gazette register checkpoint"),
        (checkpoint_altered, "Log’s checkpoint", "not well", "gazette register verify"),
        (folder_gone, "Published log", "has no checkpoint", "gazette register checkpoint --publish"),
        (folder_of_another, "Published log", "another history", "gazette register checkpoint --publish"),
    ],
)
def test_each_fault_is_named_with_what_to_do(
    signed: Invoke,
    data_folder: Path,
    tmp_path: Path,
    spoil: Callable[[Path, Path], None],
    check: str | None,
    found: str,
    advice: str,
) -> None:
    spoil(data_folder, tmp_path / "www")
    ended = signed("doctor", "--format", "json")
    rows = {row["check"]: row for row in json.loads(ended.stdout)}
    faults = {name for name in CHECKS if rows[name]["result"] == "fault"}
    assert ended.code == (1 if check else 0)
    if check is None:
        assert not faults
        return
    assert check in faults
    assert found in rows[check]["found"]
    assert advice in rows[check]["advice"]
