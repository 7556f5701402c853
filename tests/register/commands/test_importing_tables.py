"""`gazette register import --from xlsx|csv`: taken whole or not at all, every problem with its cell."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from register.formats.csv_tables import write_csv_tables
from register.formats.workbook_template import write_template
from register.formats.workbook_writing import write_workbook
from schemas.canonical import Json
from tests.register.formats.filled_forms import fill
from tests.register.making import agreement
from tests.samples import sample_agreements
from tests.services.commands import Invoke

NUMBERS = [{"scheme": "dua", "id": "007"}]


def documents() -> list[Json]:
    return [
        agreement(title="Refunds", externalIds=NUMBERS, purpose="=1+1\nand more"),
        agreement(title="Repairs", effectiveFrom="2024-03", jurisdictions=["GB", "IE"]),
    ]


def write_file(folder: Path, kind: str, records: list[Json]) -> Path:
    path = folder / ("agreements.xlsx" if kind == "xlsx" else "agreements.zip")
    path.write_bytes(write_workbook(records) if kind == "xlsx" else write_csv_tables(records))
    if kind == "folder":
        with zipfile.ZipFile(path) as opened:
            opened.extractall(folder / "tables")
        return folder / "tables"
    return path


def rows_of(text: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


@pytest.mark.parametrize("kind", ["xlsx", "zip", "folder"])
def test_agreements_are_taken_and_known_again(ready: Invoke, tmp_path: Path, kind: str) -> None:
    source = "xlsx" if kind == "xlsx" else "csv"
    file = write_file(tmp_path, kind, documents())
    ended = ready("register", "import", file, "--from", source, "--format", "json")
    assert ended.code == 0, ended.stderr
    assert [(row["action"], row["identifier"], row["address"]) for row in rows_of(ended.stdout)] == [
        ("added", "dua:007", "/agreements/dg-1"),
        ("added", "title:Repairs", "/agreements/dg-2"),
    ]
    shown = json.loads(ready("register", "show", "dg-1", "--format", "json").stdout)
    assert shown["document"] == {**documents()[0], "id": "dg-1"}
    assert "2 records: 2 unchanged." in ready("register", "import", file, "--from", source).stderr
    edited = [agreement(**{**documents()[0], "purpose": "Said otherwise"}), documents()[1]]
    again = ready("register", "import", write_file(tmp_path, kind, edited), "--from", source)
    assert "2 records: 1 changed, 1 unchanged." in again.stderr


def test_a_number_that_another_agreement_has_is_refused(ready: Invoke, tmp_path: Path) -> None:
    assert ready("register", "import", write_file(tmp_path, "xlsx", documents()), "--from", "xlsx").code == 0
    taken = agreement(title="New", externalIds=[{"scheme": "mou", "id": "1"}, *NUMBERS])
    ended = ready("register", "import", write_file(tmp_path, "xlsx", [taken]), "--from", "xlsx")
    assert ended.code == 4
    assert "The number dua:007 belongs to agreement dg-1." in ended.stderr


def test_the_form_filled_in_is_imported_and_what_is_wrong_is_told_with_its_cell(ready: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "form.xlsx"
    source = {"Where this record comes from – How it came here": "Registered by a party"}
    file.write_bytes(
        fill(
            write_template(["uk-dea"]),
            {
                "Agreements": [{"Which agreement": key, "Title": f"Agreement {key}"} for key in "AB"],
                "Parties": [
                    {"Which agreement": "A", "Name": "Ministry of Rivers", "Role in the flow of data": "Sends data"},
                    {"Which agreement": "A", "Name": "Bridges Office", "Role in the flow of data (2)": "Receive data"},
                    {"Which agreement": "B", "Name": "Ministry of Rivers"},
                    {"Which agreement": "C", "Name": "Ministry of Rivers"},
                ],
                "How long": [{"Which agreement": "A", "Ends on": "31/12/2026"}],
                "Checks": [{"Which agreement": key, **source} for key in "AB"],
            },
        )
    )
    ended = ready("register", "import", file, "--from", "xlsx", "--format", "json")
    assert ended.code == 4
    assert [row["action"] for row in rows_of(ended.stdout)] == ["refused", "added", "refused"]
    assert "Parties!D5: “Receive data” is not in the list “flow-role”. Did you mean “Receives data”" in ended.stderr
    assert ended.stderr.count("Receive data") == 1
    assert "How long!C4: “31/12/2026” is not a date this register reads." in ended.stderr
    assert "Parties!A7: There is no agreement “C” in “Agreements”" in ended.stderr
    assert "3 records: 1 added, 2 refused." in ended.stderr


def test_two_rows_that_differ_and_share_a_number_are_both_refused(ready: Invoke, tmp_path: Path) -> None:
    twins = [agreement(title=title, externalIds=NUMBERS) for title in ("One", "Two")]
    ended = ready("register", "import", write_file(tmp_path, "zip", twins), "--from", "csv")
    assert ended.code == 4
    assert "Another record is “dua:007” too (agreements.csv, row 3), and the two differ." in ended.stderr
    assert rows_of(ready("register", "list", "--format", "json").stdout) == []


@pytest.mark.parametrize(("source", "content"), [("xlsx", b"no"), ("csv", b"no"), ("xlsx", b""), ("csv", b"PK")])
def test_a_file_that_is_none_ends_with_4(ready: Invoke, tmp_path: Path, source: str, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    ended = ready("register", "import", file, "--from", source)
    assert (ended.code, ended.stdout) == (4, "")
    assert "Error: file is no" in ended.stderr


@pytest.mark.parametrize("source", ["xlsx", "json", "rsf"])
def test_only_csv_comes_as_a_folder(ready: Invoke, tmp_path: Path, source: str) -> None:
    ended = ready("register", "import", tmp_path, "--from", source)
    assert (ended.code, ended.stdout) == (2, "")
    assert "only --from csv takes one" in ended.stderr


def test_the_real_samples_are_taken_from_a_spreadsheet(ready: Invoke, tmp_path: Path) -> None:
    samples = [sample.document for sample in sample_agreements()][::9]
    file = write_file(tmp_path, "xlsx", samples)
    ended = ready("register", "import", file, "--from", "xlsx", "--format", "json")
    assert ended.code == 0, ended.stderr
    assert len(rows_of(ended.stdout)) == len(samples)
