"""The spreadsheet for officials: it asks for what a law asks for, and what is filled in is a record that conforms."""

import json
from pathlib import Path
from typing import Any

import pytest

from register.formats.tables import tables_of
from register.formats.tables_cells import label_of, split_list, value_of
from register.formats.tables_layout import KEY, ROOT, table_layouts
from register.formats.workbook_layout import LISTS, README, SECTIONS, sheets_of
from register.formats.workbook_reading import read_workbook
from register.formats.workbook_template import write_template
from register.formats.workbook_wanted import wanted_by
from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.contract import check_agreement_document, load_part
from schemas.errors import NotFound
from schemas.problems import errors_in
from schemas.profiles import check_profiles, profile_names
from tests.register.formats.filled_forms import columns_by_title, drop_down, fill, opened

MINIMAL = Path(__file__).parents[2] / "schemas" / "agreement" / "minimal"


def minimal(profile: str) -> Json:
    """The smallest record that conforms to a profile."""
    record: Json = json.loads((MINIMAL / f"{profile}.json").read_text(encoding="utf-8"))
    return record


def as_typed(document: Json, profiles: list[str]) -> dict[str, list[dict[str, Any]]]:
    """What an official would write to give this record: sheet by sheet, the drop-downs' words for codes."""
    typed: dict[str, list[dict[str, Any]]] = {}
    tables = tables_of([document])
    shown: set[tuple[str, str]] = set()
    for sheet in sheets_of(wanted_by(profiles)):
        for row in tables[sheet.layout.name].rows:
            line: dict[str, Any] = {}
            for heading in sheet.headings:
                shown.add((sheet.layout.name, heading.name))
                text = row.text(heading.name)
                if heading.name == KEY or not text:
                    continue
                if heading.column and heading.column.codelist:
                    texts = [label_of(code, heading.column) for code in split_list(text)]
                    if heading.column.many:
                        slots = [*texts[:2], "; ".join(texts[2:])] if len(texts) > 2 else texts
                        line |= {f"{heading.text} ({n})" if n > 1 else heading.text: t for n, t in enumerate(slots, 1)}
                    else:
                        line[heading.text] = texts[0]
                else:
                    line[heading.text] = text
            if line:
                typed.setdefault(sheet.title, []).append(line)
    needed = {(name, column) for name, table in tables.items() for row in table.rows for column in row.cells}
    left_out = {(name, column) for name, column in needed - shown if "#" not in column}
    assert left_out <= {(ROOT, "id"), (ROOT, "schemaVersion")}, left_out
    return typed


@pytest.mark.parametrize("profile", profile_names(AGREEMENT_VERSION))
def test_the_form_of_a_profile_has_room_for_all_it_asks_and_what_is_filled_in_conforms(profile: str) -> None:
    document = {name: value for name, value in minimal(profile).items() if name != "id"}
    typed = as_typed(document, [profile])
    (record,) = read_workbook(fill(write_template([profile]), typed), "form.xlsx")
    assert record.problems == ()
    assert record.value == document
    core = check_agreement_document(record.value, AGREEMENT_VERSION, draft=True)
    assert errors_in(core) == []
    assert check_profiles(record.value, [profile], AGREEMENT_VERSION, core) == []


def test_the_complete_example_fits_the_form_with_every_field() -> None:
    document = load_part(AGREEMENT_VERSION, "examples", "complete")
    (record,) = read_workbook(fill(write_template(), as_typed(document, [])), "form.xlsx")
    assert record.value == document
    assert record.problems == ()


def test_an_official_fills_in_two_agreements_and_is_told_what_is_missing_by_cell() -> None:
    form = fill(
        write_template(["uk-dea"]),
        {
            "Agreements": [
                {"Which agreement": "A", "Title": "Refunds"},
                {"Which agreement": "B", "Title": "Repairs"},
            ],
            "Parties": [
                {"Which agreement": "A", "Name": "Ministry of Rivers", "Role in the flow of data": "Sends data"},
                {"Which agreement": "B", "Name": "Bridges Office", "Role in the flow of data": "Receives data"},
            ],
            "Why": [{"Which agreement": "B", "Purpose": "Mending bridges"}],
        },
    )
    first, second = read_workbook(form, "form.xlsx")
    assert first.value == {
        "schemaVersion": AGREEMENT_VERSION,
        "title": "Refunds",
        "parties": [{"name": "Ministry of Rivers", "flowRole": ["discloser"]}],
    }
    assert (second.value["title"], second.value["purpose"]) == ("Repairs", "Mending bridges")
    assert first.cell_of("/parties/0/flowRole") == "Parties!C4"
    assert first.cell_of("/parties/0/contact") == "Parties!F4"
    assert second.cell_of("/parties/0/contact") == "Parties!F5"
    assert first.cell_of("/purpose") == "Why!B5"
    assert first.cell_of("/legalPowers") == "Legal powers!A4"


def test_every_drop_down_offers_what_reads_back_as_a_code() -> None:
    workbook = opened(write_template())
    found = 0
    for sheet in sheets_of(wanted_by(())):
        columns = columns_by_title(workbook[sheet.title])
        for heading in sheet.headings:
            offered = drop_down(workbook, workbook[sheet.title], columns[heading.text])
            if heading.column and heading.column.codelist:
                assert offered
                codes = [value_of(text, heading.column) for text in offered.choices]
                assert codes == list(codelist(heading.column.codelist))
                assert offered.strict is not (heading.column.many or "x-open-codelist" in heading.column.schema)
                found += 1
    assert found == sum(bool(c.codelist) for layout in table_layouts().values() for c in layout.columns)


def test_the_form_reads_well() -> None:
    workbook = opened(write_template(["complete", "uk-dea"]))
    assert workbook.sheetnames[:2] == [README, SECTIONS[0].title]
    assert workbook.sheetnames[-1] == LISTS
    assert all(sheet.sheet_state == "visible" for sheet in workbook.worksheets)
    told = " ".join(str(cell.value) for (cell,) in workbook[README].iter_rows() if cell.value)
    assert "gazette register check FILE.xlsx --profile complete --profile uk-dea" in told
    assert all(title in told for title in workbook.sheetnames[1:])
    for sheet in workbook.worksheets[1:-1]:
        assert sheet.freeze_panes == "B4"
        assert sheet.row_dimensions[3].hidden
        for column in sheet.iter_cols(max_row=3):
            heading, told_below, name = (str(cell.value) for cell in column)
            assert heading
            assert told_below != "None", f"{sheet.title}, {heading}"
            assert name.count("#") <= 1
        parties = {str(cell.value) for cell in workbook["Parties"][1]}
    assert {"Name *", "Role in the flow of data *", "Role in the flow of data (2)"} <= parties


def test_sheets_come_in_the_order_in_which_officials_think() -> None:
    titles = opened(write_template()).sheetnames
    order = ["Agreements", "Parties", "Flows of data", "Why", "Legal powers", "How", "How long", "Checks"]
    assert [title for title in titles if title in order] == order
    assert len({title.casefold() for title in titles}) == len(titles)
    assert max(len(title) for title in titles) <= 31


def test_the_form_with_every_field_marks_what_a_submission_needs() -> None:
    workbook = opened(write_template())
    assert "Purpose *" in {cell.value for cell in workbook["Why"][1]}
    assert "Ethics" in {cell.value for cell in workbook["Checks"][1]}


def test_a_profile_leaves_out_what_it_does_not_ask_for() -> None:
    names = {
        (sheet.layout.name, heading.name) for sheet in sheets_of(wanted_by(["uk-dea"])) for heading in sheet.headings
    }
    assert ("parties", "flowRole") in names
    assert ("parties", "dpoContact") not in names
    assert (ROOT, "equalityImpact") not in names
    assert (ROOT, "id") not in names
    everything = {(sheet.layout.name, heading.name) for sheet in sheets_of(wanted_by(())) for heading in sheet.headings}
    columns = {(layout.name, column.name) for layout in table_layouts().values() for column in layout.columns}
    assert columns - everything == {(ROOT, "schemaVersion")}


def test_every_member_of_an_agreement_has_its_place_in_the_order() -> None:
    named = [member for section in SECTIONS for member in section.members]
    assert sorted(named) == sorted(load_schema("agreement", AGREEMENT_VERSION)["properties"])


def test_a_profile_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFound, match="uk-dae"):
        write_template(["uk-dae"])
