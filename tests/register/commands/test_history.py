import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cli import main
from schemas.database.engine import open_database
from schemas.settings import sqlite_url
from tests.services.commands import Invoke


@pytest.fixture(scope="module")
def template(made_folder: Path, trial_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the register of 2019 in it, which tests copy."""
    folder = tmp_path_factory.mktemp("template") / "data"
    shutil.copytree(made_folder, folder, symlinks=True)
    register = trial_data / "agreements" / "dea-register-2019" / "information-sharing-agreement-0001.rsf"
    assert Invoke(main, folder, CliRunner())("register", "import", register, "--from", "rsf").code == 0
    return folder


@pytest.fixture
def imported(invoke: Invoke, template: Path) -> Invoke:
    shutil.copytree(template, invoke.data, symlinks=True)
    return invoke


def change(data_folder: Path, *statements: str) -> None:
    database = open_database(sqlite_url(data_folder))
    with database.write() as session:
        for statement in statements:
            session.execute(text(statement))
    database.close()


def test_history_gives_the_times_of_the_source_and_ours(imported: Invoke) -> None:
    rows = json.loads(imported("register", "history", "dea-register:2", "--format", "json").stdout)
    assert [(row["event"], row["version"]) for row in rows] == [("signed", 1), ("amended", 2)]
    assert [row["registeredOn"][:19] for row in rows] == ["2019-02-25T13:33:17", "2019-04-05T12:01:47"]
    assert all(row["recordedAt"] > row["registeredOn"] for row in rows)
    assert imported("register", "history", "dg-99").code == 3


def test_a_whole_register_passes_the_comparison(imported: Invoke) -> None:
    ended = imported("register", "rebuild", "--check")
    assert (ended.code, ended.stdout) == (0, "")


def test_rebuild_mends_whatever_was_done_to_the_rows(imported: Invoke, data_folder: Path) -> None:
    before = imported("register", "list", "--format", "json").stdout
    change(
        data_folder,
        "UPDATE agreement SET title = 'Nothing to see', ends_on = NULL WHERE id = 'dg-2'",
        "DELETE FROM agreement_party WHERE agreement_id = 'dg-3'",
        "DELETE FROM agreement_number WHERE agreement_id = 'dg-4'",
        "DELETE FROM agreement_number WHERE agreement_id = 'dg-5'",
        "DELETE FROM agreement_party WHERE agreement_id = 'dg-5'",
        "DELETE FROM agreement WHERE id = 'dg-5'",
        "INSERT INTO agreement SELECT 'dg-77', 77, title, standing, version, document, content_sha256, last_event, "
        "effective_from, ends_on, next_review_on, registered_on, changed_at, proceedings FROM agreement "
        "WHERE id = 'dg-6'",
    )
    found = imported("register", "rebuild", "--check")
    assert found.code == 1
    assert [line.split()[0] for line in found.stdout.splitlines()] == ["dg-2", "dg-3", "dg-4", "dg-5", "dg-77"]
    ended = imported("register", "rebuild")
    assert ended.code == 0
    assert "5 of them differed" in ended.stdout
    assert imported("register", "rebuild", "--check").code == 0
    assert imported("register", "list", "--format", "json").stdout == before
    assert imported("doctor").code == 0


def test_a_record_is_shown_in_every_form(imported: Invoke) -> None:
    laid_out = imported("register", "show", "dg-2")
    assert laid_out.stdout == imported("register", "show", "dg-2", "--format", "table").stdout
    rows = dict(csv.reader(io.StringIO(imported("register", "show", "dg-2", "--format", "csv").stdout)))
    shown = json.loads(imported("register", "show", "dg-2", "--format", "json").stdout)
    assert rows["pointer"] == "value"
    assert rows["/document/title"] == shown["document"]["title"]
    assert rows["/history/1/event"] == "amended"
