"""CSV tables in a folder or zip: equal when read back, forgiving of Excel, and unmoved by hostile zips."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from register.formats import csv_tables
from register.formats.csv_tables import read_csv_tables, write_csv_tables
from register.formats.tables_reading import TableRecord
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.contract import load_part
from schemas.errors import InvalidInput
from tests.register.making import agreement
from tests.register.valid_agreements import AWKWARD, several_agreements
from tests.samples import sample_agreements

AGREEMENTS = "agreement#,title,provenance.source\r\nA,Refunds,official\r\n"


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return content.getvalue()


def told(records: list[TableRecord]) -> str:
    return "\n".join(f"{problem.severity} {problem}" for record in records for problem in record.problems)


@given(several_agreements())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_valid_agreement_comes_back_equal(documents: list[Json]) -> None:
    records = read_csv_tables(write_csv_tables(documents), "x.zip")
    assert [record.value for record in records] == documents
    assert told(records) == ""


def test_the_example_and_the_real_samples_come_back_equal_and_the_same_bytes() -> None:
    documents = [load_part(AGREEMENT_VERSION, "examples", "complete")]
    documents += [sample.document for sample in sample_agreements()]
    written = write_csv_tables(documents)
    assert [record.value for record in read_csv_tables(written, "x.zip")] == documents
    assert write_csv_tables(documents) == written


def test_no_spreadsheet_takes_a_text_for_a_formula_and_the_text_is_whole_again() -> None:
    documents = [agreement(title=text, purpose=text) for text in AWKWARD if len(text) <= 300]
    written = write_csv_tables(documents)
    table = zipfile.ZipFile(io.BytesIO(written)).read("agreements.csv").decode("utf-8-sig")
    assert "'=1+1" in table
    assert ",=1+1" not in table
    assert [record.value for record in read_csv_tables(written, "x.zip")] == documents


def test_an_empty_export_says_which_columns_there_are() -> None:
    opened = zipfile.ZipFile(io.BytesIO(write_csv_tables([])))
    assert opened.namelist() == ["agreements.csv"]
    assert opened.read("agreements.csv").startswith(b"\xef\xbb\xbfagreement#,id,schemaVersion,externalIds") is False
    assert b"agreement#,id,schemaVersion,title" in opened.read("agreements.csv")


@pytest.mark.parametrize("as_folder", [True, False])
def test_a_folder_and_a_zip_of_it_say_the_same(tmp_path: Path, *, as_folder: bool) -> None:
    files = {"agreements.csv": AGREEMENTS, "parties.csv": "agreement#,name\nA,Ministry of Rivers\n", ".DS_Store": "x"}
    if as_folder:
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        (record,) = read_csv_tables(tmp_path)
    else:
        inner = {f"tables/{name}": text for name, text in files.items()}
        path = tmp_path / "x.zip"
        path.write_bytes(zipped({**inner, "__MACOSX/tables/._parties.csv": b"\0"}))
        (record,) = read_csv_tables(path)
    assert record.value == agreement(title="Refunds", parties=[{"name": "Ministry of Rivers"}])
    assert record.problems == ()
    assert record.place == "agreements.csv, row 2"
    assert record.cell_of("/parties/0/name") == "parties.csv, row 2, column name"
    assert record.cell_of("/flows") == "agreements.csv, row 2"


@pytest.mark.parametrize("sign", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_excel_writes_is_understood(sign: str, encoding: str) -> None:
    text = AGREEMENTS.replace(",", sign).replace("Refunds", f'"Größe{sign} ""x"""')
    (record,) = read_csv_tables(zipped({"Agreements.CSV": text.encode(encoding)}), "x.zip")
    assert record.value["title"] == f'Größe{sign} "x"'
    assert record.problems == ()


def test_the_line_that_tells_excel_the_separator_is_no_row() -> None:
    (record,) = read_csv_tables(zipped({"agreements.csv": "sep=|\n" + AGREEMENTS.replace(",", "|")}), "x.zip")
    assert record.value["title"] == "Refunds"
    assert record.place == "agreements.csv, row 3"


def test_the_windows_alphabet_is_read_and_told() -> None:
    (record,) = read_csv_tables(
        zipped({"agreements.csv": AGREEMENTS.replace("Refunds", "Größe").encode("cp1252")}), "x"
    )
    assert record.value["title"] == "Größe"
    assert [problem.severity for problem in record.problems] == ["warning"]
    assert "agreements.csv is not UTF-8 text" in told([record])


def test_nothing_is_passed_over_in_silence() -> None:
    files = {
        "agreements.csv": "agreement#,title,titel,more\nA,Refunds,Refund,\nB,Second,,,surplus\n",
        "parties.csv": "agreement#,name\nC,Ministry of Rivers\n",
        "partys.csv": "agreement#,name\nA,x\n",
        "notes.txt": "x",
    }
    records = read_csv_tables(zipped(files), "x.zip")
    assert [record.value is None for record in records] == [False, False, True]
    for text in (
        "warning The file “partys.csv” is none of the tables",
        "warning The file “notes.txt” is none of the tables",
        "warning agreements.csv, row 1: There is no column “more” in this table.",
        "error agreements.csv, row 2, column titel: There is no column “titel” in “Agreements”",
        "Did you mean “title”?",
        "error agreements.csv, row 3, column 5: This stands under no heading",
        "error parties.csv, row 2, column agreement#: There is no agreement “C”",
    ):
        assert text in told(records), told(records)


def test_a_table_may_have_the_headings_of_the_spreadsheet() -> None:
    files = {
        "agreements.csv": "Which agreement,Title *,How often,How often (2)\nA,Refunds,Ongoing,one-off\n",
        "parties.csv": "agreement,Party no.,NAME\nA,1,Ministry of Rivers\n",
    }
    (record,) = read_csv_tables(zipped(files), "x.zip")
    assert record.value["frequency"] == ["ongoing", "one-off"]
    assert record.value["parties"] == [{"name": "Ministry of Rivers"}]
    assert record.problems == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"no zip", "no zip file"),
        (b"", "no zip file"),
        (zipped({})[:10], "no zip file"),
        (zipped({"parties.csv": "name\nx\n"}), "holds no table “agreements.csv”"),
        (zipped({"agreements.csv": ""}), "has no rows"),
        (zipped({"agreements.csv": "title\n"}), "has no rows"),
        (zipped({"agreements.csv": 'title\n"x'}), "is not CSV"),
        (zipped({"a/agreements.csv": AGREEMENTS, "b/agreements.csv": AGREEMENTS}), "two files called “agreements.csv”"),
        (zipped({"../agreements.csv": AGREEMENTS}), "outside it"),
        (zipped({"/etc/agreements.csv": AGREEMENTS}), "outside it"),
        (zipped({"..\\agreements.csv": AGREEMENTS}), "outside it"),
        (zipped({f"{number}.csv": "" for number in range(501)}), "more than 500 files"),
    ],
)
def test_what_is_no_zip_of_tables_is_refused_with_a_sentence(content: bytes, expected: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        read_csv_tables(content, "x.zip")
    assert expected in raised.value.message
    assert raised.value.advice


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_tables, "MOST_BYTES", 1_000_000)
    bomb = zipped({"agreements.csv": "x" * 1_000_001})
    assert len(bomb) < 5_000
    with pytest.raises(InvalidInput, match="more than"):
        read_csv_tables(bomb, "x.zip")


def test_a_damaged_member_is_refused() -> None:
    content = bytearray(zipped({"agreements.csv": AGREEMENTS * 50}))
    content[60] ^= 0xFF
    with pytest.raises(InvalidInput, match="no zip file"):
        read_csv_tables(bytes(content), "x.zip")
