"""`gazette register new` as an official calls it: on a terminal, through a pipe, and for a form to fill in."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from schemas.record_file import read_record_file
from tests.services.commands import ROOT, Invoke, end

TO_THE_PARTIES = "Farm flood claims\n2\n\n\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "flood claims.yaml"


def record(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_record_file(file.read_bytes(), file.name)[0].value
    return found


def test_answers_from_a_pipe_are_saved_and_the_end_tells_how_to_go_on(invoke: Invoke, file: Path) -> None:
    ended = invoke("register", "new", file, "--profile", "uk-dea", stdin=TO_THE_PARTIES)
    assert ended.code == 0
    assert record(file)["agreementType"] == "one-way-disclosure"
    last = ended.stdout.splitlines()[-1]
    assert last == f"To go on, type: gazette register new '{file}' --profile uk-dea"
    assert "cannot be looked up: there is no data folder here." in " ".join(ended.stdout.split())
    assert max(map(len, ended.stdout.replace(last, "").replace(str(file), "").splitlines())) <= 100
    again = invoke("register", "new", file, stdin="q\n")
    assert "It holds 2 answers already." in again.stdout
    assert "Title\n" not in again.stdout


def test_names_are_looked_up_in_the_data_folder(ready: Invoke, file: Path) -> None:
    bodies = file.with_name("bodies.csv")
    bodies.write_text("name,slug\nMinistry of Rivers,ministry-of-rivers\n")
    assert ready("organisations", "import", bodies, "--from", "csv").code == 0
    ended = ready("register", "new", file, stdin=f"{TO_THE_PARTIES}rivers\n1\nq\n")
    assert "cannot be looked up" not in ended.stdout
    assert record(file)["parties"] == [{"name": "Ministry of Rivers", "organisation": "ministry-of-rivers"}]


def test_the_name_of_the_file_is_asked_for(invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = invoke("register", "new", stdin="\nFarm flood claims\n")
    assert ended.code == 0
    assert record(tmp_path / "agreement.yaml")["title"] == "Farm flood claims"
    assert invoke("register", "new", stdin="").code == 2


def test_skipping_everything_says_what_is_wanted(invoke: Invoke, file: Path) -> None:
    ended = invoke("register", "new", file, stdin="Farm flood claims\n" + "\n" * 120)
    assert ended.code == 0
    assert "error: Purpose (/purpose): “purpose” is missing. [complete record, purpose]" in ended.stdout
    assert "things are still wanted." in ended.stdout
    assert f"gazette register check '{file}' --profile complete" in ended.stdout.splitlines()[-1]


def test_nothing_that_is_there_is_overwritten(invoke: Invoke, file: Path) -> None:
    file.write_text("shopping:\n  - bread\n")
    for options in ((), ("--template",)):
        ended = invoke("register", "new", file, *options, stdin="Title\n")
        assert ended.code == 1
        assert file.read_text() == "shopping:\n  - bread\n"
    assert invoke("register", "new", file.with_suffix(".json")).code == 2
    assert invoke("register", "new", file, "--template", "--xlsx").code == 2


def test_the_template_goes_to_a_file_or_to_stdout(invoke: Invoke, file: Path) -> None:
    printed = invoke("register", "new", "--template", "--profile", "uk-dea")
    assert printed.stderr == ""
    written = invoke("register", "new", file, "--template", "--profile", "uk-dea")
    assert (written.code, written.stdout) == (0, "")
    assert file.read_text() == printed.stdout
    command = f"gazette register check '{file}' --profile complete --profile uk-dea"
    assert command in written.stderr
    checked = invoke("register", "check", file, "--profile", "uk-dea")
    assert checked.code == 4
    assert "“title” is missing" in checked.stdout


def test_the_spreadsheet_goes_to_a_file_of_its_kind(invoke: Invoke, tmp_path: Path) -> None:
    book = tmp_path / "agreement.xlsx"
    assert invoke("register", "new", book, "--xlsx").code == 0
    assert load_workbook(BytesIO(book.read_bytes())).sheetnames
    assert invoke("register", "new", book, "--xlsx").code == 1
    assert invoke("register", "new", "--xlsx").code == 2
    assert invoke("register", "new", tmp_path / "agreement.yaml", "--xlsx").code == 2


def test_a_terminal_asks_line_by_line_and_ctrl_c_keeps_the_answers(file: Path) -> None:
    master, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GAZETTE_DATA": str(file.parent / "data"), "COLUMNS": "80"}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "register", "new", str(file)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
        preexec_fn=_take_the_terminal,  # noqa: PLW1509 - no thread runs here
    )
    os.close(slave)
    try:
        assert "Title" in _until(master, "Your answer: ")
        os.write(master, b"Farm flood claims\n")
        assert "Kind of agreement" in _until(master, "Your answer: ")
        time.sleep(0.5)  # the prompt is written a moment before the program waits for a key
        os.write(master, b"\x03")
        told = _until(master, "To go on, type:")
        assert "Stopped. Your answers are kept" in told
        assert process.wait(30) == 0
    finally:
        end(process)  # type: ignore[arg-type]
        os.close(master)
    assert record(file)["title"] == "Farm flood claims"


def _take_the_terminal() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a run in the background ignores Ctrl-C, and so would its children
    os.close(os.open(os.ttyname(0), os.O_RDWR))  # the first terminal a session opens is its own: Ctrl-C reaches it


def _until(terminal: int, words: str) -> str:
    read = ""
    while words not in read:
        if not select.select([terminal], [], [], 60)[0]:
            pytest.fail(f"it fell silent without saying “{words}”:\n{read}")
        try:
            said = os.read(terminal, 4096).decode(errors="replace")
        except OSError:  # nobody holds the other end any more
            pytest.fail(f"it ended without saying “{words}”:\n{read}")
        read += re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", said)
    return read
