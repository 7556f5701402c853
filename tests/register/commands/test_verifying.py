"""`gazette register verify`, as an operator and as a citizen type it."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cli import main
from register.log.own_log import verify_own_log
from schemas.database.engine import Database, open_database
from schemas.settings import sqlite_url
from tests.register.making import agreement
from tests.services.commands import ROOT, Gazette, Invoke, Outcome

ORIGIN = "rivers.example/register"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What was seen before is kept in the test's own folder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an agreement of two versions, a value of it blanked, under a signed checkpoint."""
    folder = tmp_path_factory.mktemp("template")
    invoke = Invoke(main, folder / "data", CliRunner())
    assert invoke("init", "--origin", ORIGIN).code == 0
    for purpose in ("To mend bridges", "To paint bridges"):
        record = agreement(purpose=purpose, externalIds=[{"scheme": "x", "id": "1"}])
        (folder / "record.json").write_text(json.dumps(record), encoding="utf-8")
        assert invoke("register", "import", folder / "record.json", "--from", "json").code == 0
    redacted = invoke("register", "redact", "dg-1", "/purpose", "--version", "1", "--reason", "Names a person")
    assert redacted.code == 0, redacted.stderr
    assert invoke("register", "checkpoint").code == 0
    return folder / "data"


@pytest.fixture
def filled(invoke: Invoke, template: Path) -> Invoke:
    """The commands on a folder of this test's own that holds the same."""
    shutil.copytree(template, invoke.data, dirs_exist_ok=True)
    return invoke


def key(invoke: Invoke, tmp_path: Path) -> Path:
    invoke("register", "checkpoint", "--publish", tmp_path / "www")
    return tmp_path / "www" / "key"


def last(outcome: Outcome) -> str:
    return outcome.stdout.splitlines()[-1]


GOOD = "3 events, 1 agreements, 0 altered, 1 values blanked as declared"


def test_the_data_folder_s_own_log_is_checked_without_an_argument(filled: Invoke) -> None:
    done = filled("register", "verify")
    assert (done.code, last(done)) == (0, GOOD)
    assert f"{ORIGIN}, checkpoint of 4 entries" in done.stdout


def test_a_folder_and_a_bundle_are_checked_with_the_key_from_elsewhere(filled: Invoke, tmp_path: Path) -> None:
    own = key(filled, tmp_path)
    assert filled("register", "export", "--format", "bundle", "--output", tmp_path / "bundle.zip").code == 0
    for place in (tmp_path / "www", tmp_path / "bundle.zip"):
        done = filled("register", "verify", place, "--key", own)
        assert (done.code, last(done)) == (0, GOOD), done.stdout
        assert "not who made it" not in done.stderr
        assert "not who made it" in filled("register", "verify", place).stderr


def test_a_fault_is_told_on_stdout_and_is_code_1(filled: Invoke, tmp_path: Path) -> None:
    key(filled, tmp_path)
    tile = tmp_path / "www" / "tile" / "0" / "000.p" / "4"
    tile.write_bytes(bytes(128))
    done = filled("register", "verify", tmp_path / "www")
    assert done.code == 1
    assert "ALTERED  tile/0/000.p/4: not the tile of these entries, from number 0 on" in done.stdout
    assert "1 altered" in last(done)


def test_an_older_checkpoint_is_compared(filled: Invoke, tmp_path: Path) -> None:
    older = tmp_path / "checkpoint"
    older.write_text(filled("register", "checkpoint").stdout, encoding="utf-8")
    assert filled("register", "verify", "--since", older).code == 0
    older.write_text(older.read_text(encoding="utf-8").replace("\n4\n", "\n3\n"), encoding="utf-8")
    done = filled("register", "verify", "--since", older)
    assert done.code == 1
    assert "older checkpoint" in done.stdout


def test_a_database_put_back_to_an_older_state_is_found_on_the_next_visit(
    filled: Invoke, tmp_path: Path, data_folder: Path
) -> None:
    kept = {path: path.read_bytes() for path in data_folder.glob("gazette.db*")}
    filled("register", "redact", "dg-1", "/title", "--version", "1", "--reason", "Names a person")
    filled("register", "checkpoint")
    assert filled("register", "verify").code == 0
    for path in data_folder.glob("gazette.db*"):
        path.unlink()
    for path, data in kept.items():
        path.write_bytes(data)
    done = filled("register", "verify")
    assert done.code == 1
    assert "older checkpoint: its 5 entries are not the first of the 4 here" in done.stdout


@pytest.mark.parametrize("content", ["", "no key", "rivers.example/register+00000000+AAAA"])
def test_a_file_that_holds_no_key_is_told(filled: Invoke, tmp_path: Path, content: str) -> None:
    (tmp_path / "key").write_text(content, encoding="utf-8")
    done = filled("register", "verify", "--key", tmp_path / "key")
    assert done.code == 4
    assert "public key" in done.stderr


def test_a_bundle_is_written_to_stdout_too_and_never_for_one_organisation(filled: Invoke, tmp_path: Path) -> None:
    args = ("register", "export", "--format", "bundle")
    assert filled(*args, "--output", tmp_path / "bundle.zip").code == 0
    result = filled.runner.invoke(filled.command, args, env={"GAZETTE_DATA": str(filled.data)})
    assert result.stdout_bytes == (tmp_path / "bundle.zip").read_bytes()
    assert filled(*args, "--organisation", "rivers").code == 2


def test_a_bundle_needs_a_checkpoint(invoke: Invoke, tmp_path: Path) -> None:
    invoke("init")
    done = invoke("register", "export", "--format", "bundle", "--output", tmp_path / "bundle.zip")
    assert done.code == 3
    assert list(tmp_path.glob("bundle*")) == []


def test_misuse(filled: Invoke, tmp_path: Path) -> None:
    assert filled("register", "verify", tmp_path / "nowhere").code == 2
    assert filled("register", "verify", "--key", tmp_path / "nowhere").code == 2
    assert filled("register", "verify", "http://register.example").code == 4


@contextmanager
def unlocked(data: Path) -> Iterator[sqlite3.Connection]:
    """The database file as whoever can write to it holds it: no trigger stops him."""
    with closing(sqlite3.connect(data / "gazette.db")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        yield connection
        connection.commit()


def test_what_is_altered_in_the_database_is_named_and_is_code_1(filled: Invoke, data_folder: Path) -> None:
    for change, told in (
        ("UPDATE agreement_event SET event = 'corrected' WHERE number = 2", "event 2 (dg-1, corrected): its event"),
        ("UPDATE log_checkpoint SET signed_at = 7", "checkpoint of 4 entries: its signed_at cannot be read"),
        ("UPDATE log_entry SET entry = x'ff' WHERE seq = 2", "entry 2: "),
    ):
        with unlocked(data_folder) as connection:
            assert connection.execute(change).rowcount == 1
        done = filled("register", "verify", "--quick")
        assert done.code == 1
        assert f"ALTERED  {told}" in done.stdout, done.stdout


def test_what_is_not_signed_yet_is_told(filled: Invoke, data_folder: Path) -> None:
    database: Database = open_database(sqlite_url(data_folder))
    with closing(database):
        with database.write() as session:
            size = session.execute(text("SELECT log_size FROM register_head")).scalar_one()
        environ = {"GAZETTE_LOG_KEY": str(data_folder / "nothing")}
        (data_folder / "bundles").mkdir()
        (data_folder / "bundles" / "3-abc.zip").write_bytes(b"what the site kept")
        filled("register", "redact", "dg-1", "/title", "--version", "1", "--reason", "A person", environ=environ)
        assert list((data_folder / "bundles").iterdir()) == []
        with database.read() as session:
            done = verify_own_log(session)
    assert done.size == size
    assert "1 entries are not under a signed checkpoint yet." in done.remarks


def test_one_changed_byte_in_the_installed_contract_is_named(filled: Invoke, tmp_path: Path) -> None:
    """The program as installed, with a letter of its own schema and one of a codelist changed afterwards."""
    installed = tmp_path / "installed"
    for package in ("schemas", "catalogue", "register", "web"):
        shutil.copytree(ROOT / package, installed / package, ignore=shutil.ignore_patterns("node_modules", "vendor"))
    shutil.copy(ROOT / "cli.py", installed)
    gazette = Gazette(filled.data, tmp_path)
    assert gazette("register", "verify", environ={"PYTHONPATH": str(installed)}).code == 0
    for file in ("schemas/codelists/flow-role.csv", "schemas/agreement/1.0.0/agreement.json"):
        whole = (installed / file).read_bytes()
        (installed / file).write_bytes(whole.replace(b"discloser", b"Discloser", 1))
        assert (installed / file).read_bytes() != whole
    done = gazette("register", "verify", environ={"PYTHONPATH": str(installed)})
    assert done.code == 1, done
    for named in ("codelists.json", "schemas/agreement/1.0.0.json"):
        assert re.search(f"^ALTERED .*{re.escape(named)}", done.stdout, re.MULTILINE), done.stdout
