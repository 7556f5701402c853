import json
from pathlib import Path

from sqlalchemy import text

from schemas.database.engine import open_database
from schemas.settings import VARIABLES, sqlite_url
from tests.services.commands import Invoke

DATASET = """
schemaVersion: "0.1.0"
kind: dataset
identifier: wells-1
title: Wells of the county
description: Where the county's wells are and who keeps them.
provenance: {source: official}
"""


def test_without_init_every_command_says_what_to_do(invoke: Invoke) -> None:
    for arguments in (["register", "list"], ["catalogue", "search", "fraud"], ["organisations", "list"]):
        ended = invoke(*arguments)
        assert ended.code == 1
        assert "gazette init" in ended.stderr
        assert ended.stdout == ""


def test_init_makes_everything_and_may_be_run_again(invoke: Invoke, data_folder: Path) -> None:
    first, second = invoke("init", "--prefix", "uk"), invoke("init", "--prefix", "uk")
    assert (first.code, second.code) == (0, 0)
    assert "uk-1" in first.stdout
    assert (data_folder / "gazette.db").exists()
    assert invoke("doctor").code == 0


def test_the_prefix_is_fixed_for_ever(invoke: Invoke) -> None:
    invoke("init", "--prefix", "uk")
    ended = invoke("init", "--prefix", "fr")
    assert ended.code == 1
    assert "uk-1" in ended.stderr


def test_a_prefix_that_cannot_be_one_is_a_usage_error(invoke: Invoke) -> None:
    for prefix in ("", "UK", "1a", "a-b", "x" * 17, "né"):
        assert invoke("init", "--prefix", prefix).code == 2


def test_db_upgrade_tells_what_it_did(invoke: Invoke) -> None:
    assert "from nothing to" in invoke("db", "upgrade").stdout
    assert "up to date" in invoke("db", "upgrade").stdout


def test_settings_list_every_variable_and_hide_the_password(invoke: Invoke) -> None:
    url = "postgresql://clerk:sesame@localhost/gazette"
    ended = invoke("settings", "--format", "json", environ={"GAZETTE_DATABASE_URL": url})
    rows = {row["variable"]: row for row in json.loads(ended.stdout)}
    assert rows.keys() == VARIABLES.keys()
    assert "sesame" not in ended.stdout
    assert rows["GAZETTE_DATABASE_URL"]["set"] is True
    assert rows["GAZETTE_WORKERS"]["value"] == "2"


def test_a_setting_that_cannot_be_read_is_named(invoke: Invoke) -> None:
    ended = invoke("settings", environ={"GAZETTE_WORKERS": "many"})
    assert ended.code == 4
    assert "GAZETTE_WORKERS" in ended.stderr
    other = invoke("doctor", environ={"GAZETTE_DATABASE_URL": "mysql://host/name"})
    assert "mysql" in other.stdout + other.stderr


def checks(invoke: Invoke) -> dict[str, dict[str, str]]:
    return {row["check"]: row for row in json.loads(invoke("doctor", "--format", "json").stdout)}


def test_doctor_before_init_finds_the_fault_and_names_the_command(invoke: Invoke) -> None:
    ended = invoke("doctor")
    assert ended.code == 1
    assert "gazette init" in ended.stdout


def test_doctor_finds_drift_and_reindex_mends_it(ready: Invoke, data_folder: Path, tmp_path: Path) -> None:
    record = tmp_path / "wells.yaml"
    record.write_text(DATASET, encoding="utf-8")
    assert ready("catalogue", "add", record).code == 0
    assert checks(ready)["Search index"]["result"] == "well"
    database = open_database(sqlite_url(data_folder))
    with database.write() as session:
        session.execute(text("UPDATE catalogued_resource SET revision = 7"))
    database.close()
    fault = checks(ready)["Search index"]
    assert fault["result"] == "fault"
    assert "reindex" in fault["advice"]
    assert ready("catalogue", "reindex").code == 0
    assert checks(ready)["Search index"]["result"] == "well"


def test_doctor_finds_an_index_that_is_gone(ready: Invoke, data_folder: Path) -> None:
    for path in sorted((data_folder / "search").rglob("*"), reverse=True):
        path.unlink() if path.is_file() or path.is_symlink() else path.rmdir()
    fault = checks(ready)["Search index"]
    assert fault["result"] == "fault"
    assert fault["advice"]


def test_doctor_finds_a_row_that_is_not_what_its_events_say(ready: Invoke, data_folder: Path, trial_data: Path) -> None:
    register = trial_data / "agreements" / "dea-register-2019" / "information-sharing-agreement-0001.rsf"
    assert ready("register", "import", register, "--from", "rsf").code == 0
    assert checks(ready)["Records and events"]["result"] == "well"
    database = open_database(sqlite_url(data_folder))
    with database.write() as session:
        session.execute(text("UPDATE agreement SET title = 'Nothing to see here' WHERE id = 'dg-1'"))
    database.close()
    fault = checks(ready)["Records and events"]
    assert fault["result"] == "fault"
    assert "dg-1" in fault["found"]


def test_doctor_finds_rows_that_refer_to_nothing(ready: Invoke, data_folder: Path, tmp_path: Path) -> None:
    record = tmp_path / "wells.yaml"
    record.write_text(DATASET, encoding="utf-8")
    ready("catalogue", "add", record)
    database = open_database(sqlite_url(data_folder))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("DELETE FROM catalogued_resource")
    database.close()
    assert checks(ready)["Database’s own check"]["result"] == "fault"


def test_a_database_of_a_newer_program_is_refused_plainly(ready: Invoke, data_folder: Path) -> None:
    database = open_database(sqlite_url(data_folder))
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    ended = ready("register", "list")
    assert ended.code == 1
    assert "newer version" in ended.stderr


def test_a_data_folder_that_is_a_file_is_a_usage_error(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("", encoding="utf-8")
    assert invoke("--data", path, "doctor").code == 2
