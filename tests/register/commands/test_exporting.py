"""Exports of whole registers, and what reading them back gives."""

import csv
import io
import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from catalogue.formats.rsf import read_rsf
from cli import main
from register.agreements.record import Source
from register.exporting import export_agreements, export_versions
from register.formats.json_records import write_json
from schemas.canonical import Json
from schemas.database.engine import Database
from schemas.errors import NotFound
from tests.register.making import Register, agreement
from tests.samples import sample_agreements
from tests.services.commands import Gazette, Invoke

DEA = Path("agreements") / "dea-register-2019" / "information-sharing-agreement-0001.rsf"

SAMPLES = [
    sample.document
    for sample in sample_agreements()
    if "dea-register" not in {number["scheme"] for number in sample.document.get("externalIds", ())}
]
"""The samples that the register of 2019 does not hold itself."""

FORMATS = {"json": "json", "jsonl": "json", "rsf": "rsf", "csv": "csv", "xlsx": "xlsx"}
"""Every format that reads back, and what `import` calls it."""


@pytest.fixture(scope="module")
def filled(made_folder: Path, tmp_path_factory: pytest.TempPathFactory, trial_data: Path) -> Invoke:
    """The register of 2019 with its history, and the samples. Exports only read, so that every test may share it."""
    folder = tmp_path_factory.mktemp("filled")
    samples = folder / "samples.json"
    samples.write_text(json.dumps(SAMPLES), encoding="utf-8")
    invoke = Invoke(main, folder / "data", CliRunner())
    shutil.copytree(made_folder, invoke.data, symlinks=True)
    assert invoke("register", "import", trial_data / DEA, "--from", "rsf").code == 0
    assert invoke("register", "import", samples, "--from", "json").code == 0
    return invoke


def _exported(invoke: Invoke, output_format: str, folder: Path, *options: str) -> Path:
    """The register written into a file."""
    folder.mkdir(exist_ok=True)
    file = folder / f"export.{output_format}"
    ended = invoke("register", "export", "--format", output_format, "--output", file, *options)
    assert (ended.code, ended.stdout) == (0, "")
    assert list(folder.iterdir()) == [file]
    return file


def _documents(invoke: Invoke) -> list[Json]:
    return [record["document"] for record in json.loads(invoke("register", "export").stdout)]


def _rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("output_format", sorted(FORMATS))
def test_what_is_written_reads_back_equal_into_a_fresh_register(
    filled: Invoke, ready: Invoke, tmp_path: Path, output_format: str
) -> None:
    file = _exported(filled, output_format, tmp_path / "out")
    ended = ready("register", "import", file, "--from", FORMATS[output_format])
    assert ended.code == 0, ended.stderr
    documents = _documents(ready)
    assert len(documents) == 38 + len(SAMPLES)
    assert documents == _documents(filled)
    if output_format == "rsf":
        _holds_the_same_history(filled, ready, file)


def _holds_the_same_history(filled: Invoke, fresh: Invoke, file: Path) -> None:
    """RSF alone holds every version with its time: the fresh register writes the very same file again."""
    register = read_rsf(file.read_bytes(), file.name)
    assert (len(register.entries), register.problems) == (len(_documents(filled)) + 2, ())
    told = json.loads(fresh("register", "history", "dg-2", "--format", "json").stdout)
    assert [(row["version"], row["registeredOn"][:19]) for row in told] == [
        (1, "2019-02-25T13:33:17"),
        (2, "2019-04-05T12:01:47"),
    ]
    assert fresh("register", "export", "--format", "rsf").stdout.encode() == file.read_bytes()


def test_json_lines_are_the_same_records_one_a_line(filled: Invoke) -> None:
    lines = filled("register", "export", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == json.loads(filled("register", "export").stdout)
    record = json.loads(lines[1])
    assert (record["id"], record["version"], record["state"]) == ("dg-2", 2, "ended")
    assert [event["event"] for event in record["history"]] == ["signed", "amended"]


def test_the_lists_that_laws_ask_for_have_a_row_for_each(filled: Invoke, tmp_path: Path) -> None:
    rows = _rows(_exported(filled, "section-71", tmp_path / "list"))
    assert [row["agreement"] for row in rows] == [document["id"] for document in _documents(filled)]
    assert all(int(row["notStated"]) >= 5 for row in rows[:38])  # the register of 2019 had no field for them
    hmrc = "hm-revenue-and-customs"
    of_hmrc = _rows(_exported(filled, "article-30", tmp_path / "rows", "--organisation", hmrc))
    assert {row["organisation"] for row in of_hmrc} == {hmrc}
    its = json.loads(filled("register", "list", "--organisation", hmrc, "--format", "json").stdout)
    assert {row["agreement"] for row in of_hmrc} <= {row["id"] for row in its}
    assert len(of_hmrc) > 10


def test_an_export_goes_to_stdout_and_an_empty_register_is_an_empty_array(ready: Invoke) -> None:
    ended = ready("register", "export")
    assert (ended.code, ended.stdout, ended.stderr) == (0, "[]\n", "0 agreements.\n")
    assert ready("register", "export", "--format", "jsonl").stdout == ""


def test_an_organisation_that_is_not_there_is_named(ready: Invoke, tmp_path: Path) -> None:
    ended = ready("register", "export", "--organisation", "nobody", "--output", tmp_path / "nothing.json")
    assert ended.code == 3
    assert "There is no organisation “nobody”." in ended.stderr
    assert not (tmp_path / "nothing.json").exists()


def test_a_file_that_stood_there_is_kept_where_the_export_fails(ready: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    file.write_text("as it was", encoding="utf-8")
    assert ready("register", "export", "--organisation", "nobody", "--output", file).code == 3
    assert file.read_text(encoding="utf-8") == "as it was"


def test_an_export_is_the_same_on_either_database(open_database: Database, register: Register) -> None:
    with open_database.write() as session:
        first = register.sign(session, agreement(purpose="To pay refunds."))
        register.clock.advance(days=1)
        gone = register.sign(session, agreement(title="Withdrawn"), Source("other@1"))
        register.clock.advance(days=1)
        register.revise(session, first, agreement(purpose="To pay all refunds."))
        register.happen(session, gone.id, "withdrawn")
    with open_database.read() as session:
        records = json.loads("".join(write_json(export_agreements(session, register.clock().date()))))
        versions = list(export_versions(session))
        with pytest.raises(NotFound):
            list(export_versions(session, "nobody"))
    assert [(one["id"], one["version"], one["standing"], one["state"]) for one in records] == [
        ("dg-1", 2, "signed", "dates-not-stated"),
        ("dg-2", 1, "withdrawn", "withdrawn"),
    ]
    assert [event["recordedAt"] for event in records[0]["history"]] == [
        "2026-03-02T09:00:00+00:00",
        "2026-03-04T09:00:00+00:00",
    ]
    assert [(one.agreement_id, one.document.get("purpose")) for one in versions] == [
        ("dg-1", "To pay refunds."),
        ("dg-2", None),
        ("dg-1", "To pay all refunds."),
    ]


def test_a_withdrawn_record_is_read_back_with_a_warning(ready: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "published.json"
    record = {"standing": "withdrawn", "document": agreement(title="Taken out again")}
    file.write_text(json.dumps([record]), encoding="utf-8")
    ended = ready("register", "import", file, "--from", "json")
    assert ended.code == 0
    assert "it stands as “withdrawn”; a record that is read in stands as signed" in " ".join(ended.stderr.split())


def test_what_was_exported_can_be_checked(filled: Invoke, tmp_path: Path) -> None:
    file = _exported(filled, "json", tmp_path / "out")
    assert "“standing”" not in filled("register", "check", file).stdout


@pytest.mark.parametrize("output_format", ["csv", "xlsx"])
def test_a_binary_file_is_not_written_to_a_terminal(gazette: Gazette, output_format: str) -> None:
    ours, theirs = os.openpty()
    process = gazette.start("register", "export", "--format", output_format, stdout=theirs)
    try:
        _, said = process.communicate(timeout=60)
    finally:
        os.close(theirs)
        os.close(ours)
    assert process.returncode == 2
    assert "is not for a terminal: give --output FILE" in said
