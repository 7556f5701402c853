"""`gazette catalogue export`: the files, the loss report, what is told, and how it ends."""

import csv
import io
import json
from pathlib import Path

import pytest

from catalogue.formats.exporting import EXPORT_FORMATS
from tests.catalogue.commands.conftest import Written
from tests.catalogue.commands.feeds import feed, record
from tests.services.commands import Invoke

PAGE = {"kind": "data-service", "schemaVersion": "0.1.0", "title": "Levels", "provenance": {"source": "transcribed"}}


@pytest.fixture
def filled(ready: Invoke, written: Written) -> Invoke:
    """Two datasets and a data service without an address, which DCAT cannot hold."""
    assert ready("catalogue", "import", "--from", "data-json", written("d.json", feed(record(1), record(2)))).code == 0
    assert ready("catalogue", "add", written("service.json", PAGE)).code == 0
    return ready


def test_a_file_is_written_whole_and_its_report_accounts_for_every_dataset(filled: Invoke, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    file, report = folder / "catalogue.ttl", folder / "losses.csv"
    ended = filled("catalogue", "export", "--format", "turtle", "--output", file, "--report", report)
    assert (ended.code, ended.stdout) == (0, "")
    assert ended.stderr == f"2 datasets exported, 2 with losses, 1 left out: see {report}.\n"
    assert sorted(path.name for path in folder.iterdir()) == ["catalogue.ttl", "losses.csv"]
    assert b"/datasets/bridge-inspections-district-1> a dcat:Dataset" in file.read_bytes()
    rows = list(csv.DictReader(io.StringIO(report.read_text("utf-8-sig"), newline="")))
    fates = {row["slug"]: row["outcome"] for row in rows if row["outcome"] != "total"}
    assert fates == {
        "bridge-inspections-district-1": "exported with losses",
        "bridge-inspections-district-2": "exported with losses",
        "levels": "left out",
    }


def test_data_goes_to_stdout_and_everything_else_to_stderr(filled: Invoke, tmp_path: Path) -> None:
    report = tmp_path / "losses.jsonl"
    ended = filled("catalogue", "export", "--format", "jsonl", "--report", report)
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert {line["slug"] for line in lines} == {
        "bridge-inspections-district-1",
        "bridge-inspections-district-2",
        "levels",
    }
    assert ended.stderr == f"3 datasets exported, 0 with losses, 0 left out: see {report}.\n"
    assert len(report.read_text("utf-8").splitlines()) == 4


@pytest.mark.parametrize("name", list(EXPORT_FORMATS))
def test_every_format_can_be_written_of_an_empty_catalogue(ready: Invoke, name: str) -> None:
    ended = ready("catalogue", "export", "--format", name)
    assert (ended.code, ended.stderr) == (0, "0 datasets exported, 0 with losses, 0 left out.\n")


def test_what_cannot_be_is_told_and_leaves_no_file(filled: Invoke, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    for options, code, told in (
        (("--report", tmp_path / "losses.txt"), 2, "must end in .jsonl or .csv"),
        (("--output", out, "--report", out), 2, "the same file"),
        (("--output", tmp_path / "nowhere" / "x.jsonl"), 5, "No such file or directory"),
        (("--output", out, "--report", tmp_path / "nowhere" / "x.csv"), 5, "No such file or directory"),
    ):
        ended = filled("catalogue", "export", "--format", "jsonl", *options)
        assert (ended.code, told in ended.stderr) == (code, True), ended.stderr
        assert not out.exists()
    assert filled("--server", "https://x.example", "catalogue", "export", "--format", "csv").code == 2
    assert filled("catalogue", "export").code == 2
