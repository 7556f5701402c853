"""Spreadsheets read: exports come back equal, Excel's ways are understood, and hostile files are refused."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook

from register.formats import workbook_guard
from register.formats.tables_reading import TableRecord
from register.formats.workbook_reading import read_workbook
from register.formats.workbook_template import write_template
from register.formats.workbook_text import escaped, unescaped
from register.formats.workbook_writing import write_workbook
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.contract import load_part
from schemas.errors import InvalidInput
from tests.register.formats.filled_forms import columns_by_title, opened, saved
from tests.register.making import agreement
from tests.register.valid_agreements import AWKWARD, several_agreements
from tests.samples import sample_agreements


def told(records: list[TableRecord]) -> str:
    return "\n".join(f"{problem.severity} {problem}" for record in records for problem in record.problems)


def workbook_of(sheets: dict[str, list[list[Any]]]) -> bytes:
    """A spreadsheet that somebody made without the form."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return saved(workbook)


@given(several_agreements())
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_valid_agreement_comes_back_equal(documents: list[Json]) -> None:
    records = read_workbook(write_workbook(documents), "x.xlsx")
    assert [record.value for record in records] == documents
    assert told(records) == ""


def test_the_example_and_the_real_samples_come_back_equal() -> None:
    documents = [load_part(AGREEMENT_VERSION, "examples", "complete")]
    documents += [sample.document for sample in sample_agreements()]
    records = read_workbook(write_workbook(documents), "x.xlsx")
    assert [record.value for record in records] == documents
    assert records[0].cell_of("/parties/1/name") == "Parties!D5"


def test_awkward_texts_come_back_equal_though_the_file_is_saved_again() -> None:
    documents = [agreement(title=text, purpose=text, sourceNotes=[text, "x"]) for text in AWKWARD if len(text) <= 300]
    written = saved(opened(write_workbook(documents)))
    assert [record.value for record in read_workbook(written, "x.xlsx")] == documents


def test_a_list_longer_than_a_cell_can_hold_comes_back_equal() -> None:
    notes = [f"{number}; " + "long text " * 290 for number in range(60)]
    document = agreement(sourceNotes=notes, purposeCategories=["debt", "fraud", "service-delivery"])
    written = write_workbook([document, agreement(title="Other", sourceNotes=notes[:1])])
    assert [record.value["sourceNotes"] for record in read_workbook(written, "x.xlsx")] == [notes, notes[:1]]


def test_no_text_of_an_export_is_a_formula_or_a_date() -> None:
    workbook = opened(write_workbook([agreement(title="=1+1", effectiveFrom="2024-03", purpose="#N/A")]))
    kinds = {cell.data_type for sheet in workbook.worksheets for row in sheet.iter_rows(min_row=4) for cell in row}
    assert kinds <= {"s", "inlineStr", "n"}
    assert [cell.value for cell in workbook["Agreements"][4]][:5] == ["draft 1", None, "1.0.0", "=1+1", None]
    assert workbook["Agreements"]["D4"].number_format == "@"
    assert workbook["Agreements"].column_dimensions["G"].number_format == "@"


def test_the_empty_export_is_a_form() -> None:
    assert "Parties" in opened(write_workbook([])).sheetnames


@pytest.mark.parametrize("text", [*AWKWARD, "\x00\x1f\ufffe\r", "_x0078_x0078_x0041x_"])
def test_escapes_of_the_format_are_undone(text: str) -> None:
    assert unescaped(escaped(text)) == text


def test_a_text_that_no_cell_can_hold_is_refused_rather_than_cut() -> None:
    with pytest.raises(InvalidInput, match="longer than a cell"):
        escaped("x" * 32_768)


def test_what_excel_makes_of_values_is_read_as_it_was_meant() -> None:
    workbook = opened(write_template())

    def put(sheet: str, heading: str, value: object, shown: str = "General") -> None:
        cell = workbook[sheet].cell(4, columns_by_title(workbook[sheet])[heading])
        cell.value, cell.number_format = value, shown  # type: ignore[assignment]

    put("Agreements", "Title", 2024)
    put("How long", "Signed on", datetime.fromisoformat("2024-03-31"), "dd/mm/yyyy")
    put("How long", "Applies from", date(2024, 3, 1), "mmm-yy")
    put("How long", "Ends on", datetime.fromisoformat("2024-01-01"), "yyyy")
    put("How long", "Next review on", datetime.fromisoformat("2024-05-06T07:08"), "yyyy-mm-dd hh:mm")
    put("Flows of data", "From", "Ministry of Rivers")
    put("Datasets shared", "About how many records", 9000.0)
    put("Checks", "Legal review – Done", value=True)
    put("Agreements - Numbers elsewhere", "Number", 7, "000")
    (record,) = read_workbook(saved(workbook), "x.xlsx")
    assert record.value == {
        "schemaVersion": AGREEMENT_VERSION,
        "title": "2024",
        "externalIds": [{"id": "007"}],
        "flows": [{"from": "Ministry of Rivers", "datasets": [{"recordsApprox": 9000}]}],
        "legalReview": {"done": True},
        "signedOn": "2024-03-31",
        "effectiveFrom": "2024-03",
        "endsOn": "2024",
        "nextReviewOn": "2024-05-06T07:08:00",
    }


def with_cell(cell: bytes) -> bytes:
    """A spreadsheet whose title, Agreements!B2, is this piece of XML."""
    content = workbook_of({"Agreements": [["Which agreement", "Title"], ["A", "placeholder"]]})
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                start = data.index(b'<c r="B2"')
                data = data[:start] + cell + data[data.index(b"</c>", start) + 4 :]
            new.writestr(name, data)
    return made.getvalue()


def test_a_formula_is_read_by_the_result_it_had() -> None:
    (record,) = read_workbook(with_cell(b'<c r="B2" t="str"><f>A1&amp;"x"</f><v>Refunds</v></c>'), "x.xlsx")
    assert (record.value["title"], told([record])) == ("Refunds", "")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (b'<c r="B2"><f>A1</f></c>', "This is a formula without a saved result."),
        (b'<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "The formula here ends in the error #DIV/0!."),
        (b'<c r="B2"><v>12345678901234567890</v></c>', "keeps 15 digits"),
        (b'<c r="B2" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c>", "40,000 characters"),
    ],
)
def test_what_a_cell_does_not_tell_is_a_problem_at_that_cell(cell: bytes, expected: str) -> None:
    (record,) = read_workbook(with_cell(cell), "x.xlsx")
    (problem,) = record.problems
    assert expected in problem.message
    assert record.cell_of(problem.pointer) == "Agreements!B2"


def test_a_drop_down_text_that_is_not_in_the_list_is_told_with_those_near_it() -> None:
    content = workbook_of(
        {
            "Agreements": [["Which agreement", "Title"], ["A", "Refunds"]],
            "Parties": [["Which agreement", "Name", "Role in the flow of data"], ["A", "Rivers", "Sends datas"]],
        }
    )
    (record,) = read_workbook(content, "x.xlsx")
    (problem,) = record.problems
    assert (problem.pointer, record.cell_of(problem.pointer)) == ("/parties/0/flowRole/0", "Parties!C2")
    assert "Did you mean “Sends data”" in problem.advice
    assert record.value["parties"][0]["flowRole"] == ["Sends datas"]


def test_columns_may_be_moved_and_rows_left_empty_and_other_sheets_are_named() -> None:
    content = workbook_of(
        {
            "My notes": [["buy milk"]],
            "Parties": [
                ["Name", "WHICH AGREEMENT"],
                ["Ministry of Rivers", "A"],
                [None, "Part two"],
                [],
                ["Bridges", "B"],
            ],
            "Agreements": [["Colour", "title", "Which agreement"], [None, "Refunds", "A"], [], ["red", "Repairs", "B"]],
            "Empty": [],
        }
    )
    first, second = read_workbook(content, "x.xlsx")
    assert (first.value["parties"], second.value["parties"]) == (
        [{"name": "Ministry of Rivers"}],
        [{"name": "Bridges"}],
    )
    assert (first.place, second.place) == ("Agreements!A2", "Agreements!A4")
    assert [problem.severity for problem in first.problems] == ["warning", "warning"]
    assert "The sheet “My notes” is none of the form’s" in told([first])
    assert "Agreements!A1: There is no column “Colour”" in told([first])
    assert "error Agreements!A4: There is no column “Colour”" in told([second])


def test_the_form_without_its_hidden_row_is_read_by_its_headings() -> None:
    workbook = opened(write_template(["uk-dea"]))
    for sheet in workbook.worksheets:
        sheet.delete_rows(3)
    workbook["Agreements"]["B3"] = "Refunds"
    workbook["Parties"]["B3"] = "Ministry of Rivers"
    (record,) = read_workbook(saved(workbook), "x.xlsx")
    assert record.value["title"] == "Refunds"
    assert told([record]) == ""


def other_zip(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return content.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is no Excel workbook"),
        (b"title,parties\n", "is no Excel workbook"),
        (OLD + b"\0" * 600, "old format of Office (.xls)"),
        (OLD + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (other_zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument spreadsheet (.ods)"),
        (other_zip({"xl/workbook.bin": b"", "[Content_Types].xml": b""}), "binary format (.xlsb)"),
        (other_zip({"agreements.csv": b"title"}), "is no Excel workbook"),
        (other_zip({"[Content_Types].xml": b"<Types"}), "damaged"),
        (b"PK\x03\x04 and no more", "damaged"),
        (workbook_of({"Sheet1": [["Title"], ["Refunds"]]}), "has no sheet “Agreements”"),
        (workbook_of({"Agreements": [["Title"]]}), "is not filled in"),
        (write_template(["uk-dea"]), "is not filled in"),
        (workbook_of({"Agreements": []}), "has no sheet “Agreements”"),
    ],
)
def test_what_is_no_filled_workbook_is_refused_with_a_sentence(content: bytes, expected: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        read_workbook(content, "form.xlsx")
    assert expected in raised.value.message
    assert raised.value.message.startswith("form.xlsx")
    assert raised.value.advice


def rewritten(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as opened_zip:
        files = {name: opened_zip.read(name) for name in opened_zip.namelist()}
    assert old in files[part]
    return other_zip({**files, part: files[part].replace(old, new, 1)})


PLAIN = workbook_of({"Agreements": [["Title"], ["Refunds"]]})
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (rewritten(PLAIN, SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'), "XML declaration"),
        (rewritten(PLAIN, SHEET, b'<row r="2"', b'<row r="99999999999"'), "99,999,999,999 rows"),
        (rewritten(PLAIN, SHEET, b'r="A2"', b'r="XFD2"'), "16,384 columns"),
        (rewritten(PLAIN, SHEET, b'r="A2"', b'r="A1048576"'), "1,048,576 rows"),
        (rewritten(PLAIN, SHEET, b'r="A2"', b'r="2A"'), "damaged"),
        (rewritten(PLAIN, "xl/workbook.xml", b"<sheets", b"<sheet"), "damaged"),
        (PLAIN[:-30], "damaged"),
    ],
)
def test_a_hostile_or_broken_workbook_is_refused_at_once(content: bytes, expected: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        read_workbook(content, "form.xlsx")
    assert expected in raised.value.message


def test_a_workbook_may_lie_about_its_size() -> None:
    content = rewritten(PLAIN, SHEET, b'<dimension ref="A1:A2"', b'<dimension ref="A1:A1"')
    (record,) = read_workbook(content, "x.xlsx")
    assert record.value["title"] == "Refunds"


def test_merged_cells_that_span_the_sheet_cost_nothing() -> None:
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A3:XFD1048576"/></mergeCells>'
    (record,) = read_workbook(rewritten(PLAIN, SHEET, b"</sheetData>", merged), "x.xlsx")
    assert record.value["title"] == "Refunds"


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_guard, "MOST_BYTES", 1_000_000)
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as plain:
        files = {name: plain.read(name) for name in plain.namelist()}
    bomb = other_zip({**files, "xl/media/image1.png": b"\0" * 1_000_001})
    assert len(bomb) < 20_000
    with pytest.raises(InvalidInput, match="unpacks to more than"):
        read_workbook(bomb, "x.xlsx")
