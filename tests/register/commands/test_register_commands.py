"""`gazette register` as people and programs call it: data on stdout, messages on stderr, exit codes."""

import contextlib
import csv
import io
import json
import os
import pty
from pathlib import Path
from typing import Any

import pytest

from tests.register.making import agreement
from tests.register.rsf_files import NUMBERS, REGISTER, agreement_item, as_file, item_line, register_lines
from tests.services.commands import Gazette, Invoke

ORGANISATIONS = "government-organisation"
ITEMS = [
    agreement_item("1", controllers=[f"{ORGANISATIONS}:D1"], end_date="2019-12-31"),
    agreement_item("2", name="=1+1", purpose="Line one\nline two"),
    agreement_item("3", name="Röhren & “Brücken”", start_date="2099-01-01"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A made-up register beside a register of organisations."""
    folder = tmp_path / "registers"
    folder.mkdir()
    bodies = [{ORGANISATIONS: "D1", "name": "Ministry of Rivers"}]
    (folder / f"{ORGANISATIONS}.rsf").write_bytes(as_file(register_lines(bodies, name=ORGANISATIONS)))
    path = folder / f"{REGISTER}.rsf"
    path.write_bytes(as_file(register_lines(ITEMS)))
    return path


@pytest.fixture
def filled(ready: Invoke, file: Path) -> Invoke:
    assert ready("register", "import", file, "--from", "rsf").code == 0
    return ready


def rows_of(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)
    return found


def test_an_import_reports_every_record_and_what_it_read(ready: Invoke, file: Path) -> None:
    ended = ready("register", "import", file, "--from", "rsf", "--format", "json")
    assert ended.code == 0
    assert [(row["action"], row["identifier"], row["address"]) for row in rows_of(ended.stdout)] == [
        ("added", f"{REGISTER}:1", "/agreements/dg-1"),
        ("added", f"{REGISTER}:2", "/agreements/dg-2"),
        ("added", f"{REGISTER}:3", "/agreements/dg-3"),
    ]
    assert f"Codes are read from {ORGANISATIONS}.rsf: 1 of {ORGANISATIONS}." in ended.stderr
    assert "“rivers:1” stands in none of the registers read" in ended.stderr
    assert "3 records: 3 added." in ended.stderr


def test_a_second_import_changes_nothing(filled: Invoke, file: Path) -> None:
    ended = filled("register", "import", file, "--from", "rsf")
    assert ended.code == 0
    assert "3 records: 3 unchanged." in ended.stderr


def test_every_format_holds_every_record(ready: Invoke, file: Path) -> None:
    as_table = ready("register", "import", file, "--from", "rsf")
    assert as_table.stdout.count("added") == 3
    as_csv = ready("register", "import", file, "--from", "rsf", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert [row["action"] for row in rows] == ["unchanged"] * 3
    assert rows[1]["title"] == "'=1+1"  # no spreadsheet takes it for a formula


def test_code_tables_may_be_named(ready: Invoke, file: Path) -> None:
    other = file.with_name("rivers.rsf")
    other.write_bytes(as_file(register_lines([{"rivers": "1", "name": "x"}], name="rivers")))
    ended = ready("register", "import", file, "--from", "rsf", "--organisations", other)
    assert ended.code == 0
    assert "rivers.rsf is no list of organisations" in ended.stderr
    assert f"“{ORGANISATIONS}:D1” stands in none of the registers read" in ended.stderr


def test_one_bad_record_ends_with_4_and_the_rest_is_taken(ready: Invoke, file: Path) -> None:
    file.write_bytes(as_file(register_lines([*ITEMS, agreement_item("4", end_date="31/02/2019")])))
    ended = ready("register", "import", file, "--from", "rsf", "--format", "json")
    assert ended.code == 4
    assert [row["action"] for row in rows_of(ended.stdout)] == ["added"] * 3 + ["refused"]
    assert f"{file}, line 15, entry 4, key 4 ({REGISTER}:4)" in ended.stderr
    assert "end-date (/end-date)" in ended.stderr
    assert "31/02/2019" in ended.stderr
    assert "4 records: 3 added, 1 refused." in ended.stderr


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b'{"agreements": []}'])
def test_a_file_that_is_no_register_ends_with_4(ready: Invoke, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    ended = ready("register", "import", file, "--from", "rsf")
    assert ended.code == 4
    assert ended.stdout == ""
    assert file.name in ended.stderr
    assert rows_of(ready("register", "list", "--format", "json").stdout) == []


def test_json_records_are_taken_and_bad_ones_named(ready: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "agreements.json"
    records = [agreement(title="One"), "not a record", agreement(title=None), agreement(title="Four")]
    file.write_text(json.dumps(records, indent=1), encoding="utf-8")
    ended = ready("register", "import", file, "--from", "json", "--format", "json")
    assert ended.code == 4
    assert [row["action"] for row in rows_of(ended.stdout)] == ["added", "refused", "refused", "added"]
    line = file.read_text(encoding="utf-8").split("\n").index(' "not a record",') + 1
    assert f"record 2, line {line}" in ended.stderr
    assert "“title” is missing." in ended.stderr
    again = ready("register", "import", file, "--from", "json")
    assert "2 unchanged, 2 refused." in again.stderr


def test_usage_errors_end_with_2(ready: Invoke, file: Path) -> None:
    for arguments in (
        ("import", file),
        ("import", file, "--from", "pigeon"),
        ("import", file.with_name("nowhere.rsf"), "--from", "rsf"),
        ("import", file, "--from", "rsf", "--organisations", file.with_name("nowhere.rsf")),
        ("list", "--state", "nonsense"),
        ("list", "--format", "xml"),
        ("show",),
        ("show", "dg-1", "--version", "0"),
        ("check",),
        ("check", file.with_name("nowhere.yaml")),
        ("nonsense",),
    ):
        ended = ready("register", *arguments)
        assert ended.code == 2, arguments
        assert ended.stdout == ""
        assert ended.stderr


def test_the_list_in_every_format(filled: Invoke) -> None:
    rows = rows_of(filled("register", "list", "--format", "json").stdout)
    assert [(row["id"], row["stateCode"], row["version"]) for row in rows] == [
        ("dg-1", "ended", 1),
        ("dg-2", "dates-not-stated", 1),
        ("dg-3", "signed", 1),
    ]
    assert rows[0]["parties"] == ["Ministry of Rivers", "Bridges Office"]
    table = filled("register", "list").stdout
    assert "Röhren & “Brücken”" in table
    as_csv = list(csv.DictReader(io.StringIO(filled("register", "list", "--format", "csv").stdout)))
    assert [row["id"] for row in as_csv] == ["dg-1", "dg-2", "dg-3"]
    assert as_csv[0]["endsOn"] == "2019-12-31"


def test_the_list_can_be_narrowed(filled: Invoke) -> None:
    def ids(*options: str) -> list[str]:
        ended = filled("register", "list", "--format", "json", *options)
        assert ended.code == 0
        return [row["id"] for row in rows_of(ended.stdout)]

    assert ids("--state", "ended") == ["dg-1"]
    assert ids("--organisation", "ministry-of-rivers") == ["dg-1"]
    assert ids("--organisation", "nobody") == []
    assert ids("--state", "signed", "--organisation", "ministry-of-rivers") == []


def test_an_organisation_is_found_by_the_number_of_its_party_too(filled: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    parties = [{"name": "Rivers", "identifiers": [{"scheme": ORGANISATIONS, "id": "D1"}]}]
    file.write_text(json.dumps(agreement(parties=parties)), encoding="utf-8")
    assert filled("register", "import", file, "--from", "json").code == 0
    ended = filled("register", "list", "--organisation", "ministry-of-rivers", "--format", "json")
    assert [row["id"] for row in rows_of(ended.stdout)] == ["dg-1", "dg-4"]


def test_one_agreement_as_text_and_as_json(filled: Invoke) -> None:
    text = filled("register", "show", "dg-2")
    assert text.code == 0
    assert "dg-2  =1+1" in text.stdout
    assert "line two" in text.stdout
    assert "The source does not say." in text.stdout
    shown = json.loads(filled("register", "show", f"{NUMBERS}:2", "--format", "json").stdout)
    assert (shown["id"], shown["version"], shown["document"]["purpose"]) == ("dg-2", 1, "Line one\nline two")
    assert shown["history"][0]["event"] == "signed"


def test_an_older_version_says_that_it_is_one(filled: Invoke, file: Path) -> None:
    file.write_bytes(as_file(register_lines([*ITEMS, agreement_item("2", name="=1+1", purpose="Said later")])))
    assert filled("register", "import", file, "--from", "rsf").code == 0
    first = filled("register", "show", "dg-2", "--version", "1").stdout
    assert "This is version 1; the newest is 2." in first
    assert "line two" in first
    assert "Said later" in filled("register", "show", "dg-2").stdout


@pytest.mark.parametrize("arguments", [("dg-99",), ("nowhere:1",), ("dg-1", "--version", "7"), ("",)])
def test_what_is_not_there_ends_with_3(filled: Invoke, arguments: tuple[str, ...]) -> None:
    ended = filled("register", "show", *arguments)
    assert ended.code == 3
    assert ended.stdout == ""
    assert ended.stderr.startswith("Error: ")


@pytest.mark.parametrize("group", ["register", "accounts", "powers", "organisations"])
def test_a_folder_that_is_not_there_is_not_made_by_reading(invoke: Invoke, data_folder: Path, group: str) -> None:
    ended = invoke(group, "list")
    assert (ended.code, ended.stdout) == (1, "")
    assert "Run “gazette init” first." in ended.stderr
    assert invoke("doctor").code == 1
    assert not data_folder.exists()


def test_an_older_record_is_brought_up_when_it_is_imported_and_known_again(ready: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    record = {
        "schemaVersion": "0.1.0",
        "title": "An older record",
        "parties": [{"name": "Ministry of Rivers", "functionServed": "Rivers"}],
        "endCondition": "the dam is built",
        "provenance": {"source": "official"},
    }
    file.write_text(json.dumps([record]), encoding="utf-8")
    ended = ready("register", "import", file, "--from", "json")
    assert ended.code == 0
    assert "It was in version 0.1.0 of the schema and was brought up to 1.0.0." in ended.stderr
    assert "1 record: 1 unchanged." in ready("register", "import", file, "--from", "json").stderr
    shown = json.loads(ready("register", "show", "dg-1", "--format", "json").stdout)
    assert shown["document"]["schemaVersion"] == "1.0.0"
    assert shown["document"]["parties"][0]["functionServed"] == {"text": "Rivers"}
    assert "ends when: the dam is built" in ready("register", "show", "dg-1").stdout


def with_stderr_on_a_terminal(gazette: Gazette, *arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, stdout, and what a terminal on stderr was shown."""
    ours, theirs = pty.openpty()
    started = gazette.start(*arguments, stderr=theirs, environ={"TERM": "xterm"})
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # which is how a terminal ends whose other end is closed
        while chunk := os.read(ours, 4096):
            shown += chunk
    stdout, _ = started.communicate(timeout=60)
    os.close(ours)
    return started.returncode, stdout, shown.decode("utf-8", "replace")


@pytest.mark.usefixtures("ready")
def test_a_bar_is_shown_on_a_terminal_and_nowhere_else(gazette: Gazette, file: Path) -> None:
    arguments = ("register", "import", file, "--from", "rsf", "--format", "json")
    code, stdout, shown = with_stderr_on_a_terminal(gazette, *arguments)
    assert code == 0
    assert len(rows_of(stdout)) == 3
    assert f"Importing {file.name}" in shown
    assert "3 records: 3 added." in shown
    piped = gazette(*arguments)
    assert piped.code == 0
    assert "Importing" not in piped.stderr
    assert "\x1b" not in piped.stderr + piped.stdout


def test_the_whole_journey_of_the_real_register(ready: Invoke, trial_data: Path) -> None:
    folder = trial_data / "agreements" / "dea-register-2019"
    ended = ready("register", "import", folder / f"{REGISTER}.rsf", "--from", "rsf")
    assert ended.code == 0
    assert "38 records: 38 added." in ended.stderr
    for name in (ORGANISATIONS, "local-authority-eng", "principal-local-authority"):
        assert f"Codes are read from {name}.rsf" in ended.stderr
    found = ready("catalogue", "search", "fraud", "--format", "json")
    assert found.code == 0
    assert "/agreements/dg-" in found.stdout
    assert len(rows_of(ready("register", "list", "--format", "json").stdout)) == 38


def test_the_item_lines_of_this_suite_hash_as_registers_do() -> None:
    """The empty object's SHA-256, as RSF writes it."""
    assert item_line({})[1] == "sha-256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
