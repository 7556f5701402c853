"""Agreements as tables: every valid agreement comes back equal, and what cannot be read is told with its place."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from register.formats.tables import Cell, Row, Table, tables_of
from register.formats.tables_cells import join_list, label_of, split_list, value_of
from register.formats.tables_layout import KEY, ROOT, table_layouts
from register.formats.tables_reading import TableRecord, documents_of
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.contract import check_agreement_document, load_part
from schemas.errors import InvalidInput
from schemas.problems import errors_in
from tests.register.making import agreement
from tests.register.valid_agreements import AWKWARD, several_agreements
from tests.samples import sample_agreements


def read_back(documents: list[Json]) -> list[TableRecord]:
    return documents_of(tables_of(documents))


@given(several_agreements())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_valid_agreement_comes_back_equal(documents: list[Json]) -> None:
    for document in documents:
        assert not errors_in(check_agreement_document(document, AGREEMENT_VERSION, draft=True))
    records = read_back(documents)
    assert [record.value for record in records] == documents
    assert not any(record.problems or record.cleanings for record in records)


def test_the_complete_example_and_the_real_samples_come_back_equal() -> None:
    documents = [load_part(AGREEMENT_VERSION, "examples", "complete")]
    documents += [sample.document for sample in sample_agreements()]
    assert [record.value for record in read_back(documents)] == documents


def test_the_complete_example_fills_every_table() -> None:
    tables = tables_of([load_part(AGREEMENT_VERSION, "examples", "complete")])
    empty = {name for name, table in tables.items() if not table.rows}
    assert empty == {"parties.otherRecipients.identifiers"}


@pytest.mark.parametrize("text", AWKWARD)
def test_a_list_in_one_cell_parts_where_it_was_joined(text: str) -> None:
    for texts in ([text], [text, text], ["plain", text, "plain"]):
        assert split_list(join_list(texts)) == texts


def test_people_may_write_a_list_with_semicolons_or_line_by_line() -> None:
    assert split_list("discloser; recipient") == ["discloser", "recipient"]
    assert split_list("discloser\nrecipient\n\n;") == ["discloser", "recipient"]
    assert split_list('The "public" interest; "one; two"') == ['The "public" interest', "one; two"]
    with pytest.raises(InvalidInput, match="not closed"):
        split_list('one; "two; three')


def test_every_code_reads_back_from_what_people_read() -> None:
    for layout in table_layouts().values():
        for column in layout.columns:
            for code in codelist(column.codelist) if column.codelist else ():
                assert value_of(label_of(code, column), column) == code


def test_names_of_columns_are_their_own_and_headings_too() -> None:
    for layout in table_layouts().values():
        names = [*layout.keys, *(column.name for column in layout.columns)]
        assert len(names) == len(set(names))
        headings = [column.heading.casefold() for column in layout.columns]
        assert len(headings) == len(set(headings))


def test_what_has_no_place_in_the_tables_is_refused_and_named() -> None:
    wrong: list[Json] = [
        {"colour": "red"},
        {"retention": {"colour": "red"}},
        {"parties": []},
        {"purpose": ""},
        {"dpia": {}},
    ]
    for members in wrong:
        with pytest.raises(InvalidInput) as raised:
            tables_of([agreement(**members)])
        assert next(iter(members)) in raised.value.message


def test_an_older_agreement_is_brought_up() -> None:
    (record,) = read_back([agreement(schemaVersion="0.1.0", endCondition="the dam is built")])
    assert record.value["schemaVersion"] == AGREEMENT_VERSION
    assert record.value["endCondition"] == {"text": "the dam is built"}


def table(name: str, *rows: dict[str, str]) -> Table:
    """A table as somebody typed it: a place for each cell such as “parties 2 flowRole”."""
    layout = table_layouts()[name]
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    made = [
        Row(f"{name} {number}", {column: (Cell(text, f"{name} {number} {column}"),) for column, text in row.items()})
        for number, row in enumerate(rows, 1)
    ]
    return Table(layout, columns, made, name)


def records_of(*tables: Table) -> list[TableRecord]:
    return documents_of({one.name: one for one in tables})


def told(record: TableRecord) -> str:
    return " ".join(str(problem) for problem in record.problems)


def test_one_agreement_needs_no_key_and_no_numbers() -> None:
    (record,) = records_of(
        table(ROOT, {"title": "Refunds"}),
        table("parties", {"name": "Ministry of Rivers"}, {"name": "Bridges Office", "flowRole": "recipient"}),
        table("flows", {"from": "Ministry of Rivers"}),
        table("flows.datasets", {"title": "Bank accounts"}, {"title": "Addresses"}),
        table("flows.datasets.dataItems", {"datasets#": "2", "name": "Street"}),
    )
    assert not record.problems
    assert record.value == {
        "schemaVersion": AGREEMENT_VERSION,
        "title": "Refunds",
        "parties": [{"name": "Ministry of Rivers"}, {"name": "Bridges Office", "flowRole": ["recipient"]}],
        "flows": [
            {
                "from": "Ministry of Rivers",
                "datasets": [{"title": "Bank accounts"}, {"title": "Addresses", "dataItems": [{"name": "Street"}]}],
            }
        ],
    }
    assert record.cell_of("/parties/1/flowRole") == "parties 2 flowRole"
    assert record.cell_of("/parties/1/contact") == "parties 2"


def test_rows_stand_in_the_order_of_their_numbers() -> None:
    (record,) = records_of(
        table(ROOT, {KEY: "A", "title": "x"}),
        table(
            "areas",
            {"areas#": "7", "name": "c"},
            {"areas#": "2", "name": "a"},
            {"name": "d"},
            {"areas#": "3", "name": "b"},
        ),
    )
    assert [area["name"] for area in record.value["areas"]] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({KEY: "C", "name": "x"}, ["parties 1 agreement#: There is no agreement “C”", "Add it to"]),
        ({"name": "x"}, ["parties 1: This row does not say which agreement it belongs to."]),
    ],
)
def test_a_row_that_belongs_to_no_agreement_is_told(row: dict[str, str], expected: list[str]) -> None:
    records = records_of(table(ROOT, {KEY: "A", "title": "x"}, {KEY: "B", "title": "y"}), table("parties", row))
    assert [record.value is None for record in records] == [False, False, True]
    assert all(text in told(records[2]) for text in expected)


def test_a_key_that_is_nearly_right_is_recognised_in_the_advice() -> None:
    records = records_of(
        table(ROOT, {KEY: "refunds", "title": "x"}, {KEY: "B", "title": "y"}),
        table("parties", {KEY: "refund", "name": "x"}),
    )
    assert "Did you mean “refunds”?" in told(records[2])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"flows#": "3", "title": "x"}], "There is no number 3 in “Flows of data”. The numbers there are 1, 2."),
        ([{"title": "x"}], "This row does not say which row of “Flows of data” it belongs to."),
        ([{"flows#": "first", "title": "x"}], "“first” is not the number of a row."),
        ([{"flows#": "0", "title": "x"}], "“0” is not the number of a row."),
        ([{"flows#": "1", "datasets#": "1"}, {"flows#": "1", "datasets#": "1"}], "The number 1 stands there twice"),
    ],
)
def test_a_row_that_lies_in_no_other_is_told(rows: list[dict[str, str]], expected: str) -> None:
    (record,) = records_of(
        table(ROOT, {"title": "x"}), table("flows", {"from": "a"}, {"from": "b"}), table("flows.datasets", *rows)
    )
    assert expected in told(record)
    assert told(record).startswith("flows.datasets")


def test_one_key_twice_is_told_with_both_places() -> None:
    records = records_of(table(ROOT, {KEY: "A", "title": "x"}, {KEY: "A", "title": "y"}))
    assert len(records) == 1
    assert "agreements 2: The agreement “A” stands in two rows, here and at agreements 1." in told(records[0])


@pytest.mark.parametrize(
    ("name", "cells", "pointer", "expected"),
    [
        (ROOT, {"dpReview.done": "perhaps"}, "/dpReview/done", "“perhaps” is neither yes nor no."),
        (ROOT, {"agreementType": "memorandum of understandings"}, "/agreementType", "Did you mean “Memorandum of"),
        (ROOT, {"frequency": "ongoing; somtimes"}, "/frequency/1", "“somtimes” is not in the list"),
        ("flows.datasets", {"recordsApprox": "many"}, "/flows/0/datasets/0/recordsApprox", "not a whole number"),
        ("internationalTransfers", {"none": "maybe"}, "/internationalTransfers/0/none", "neither yes nor no"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_field_and_kept(
    name: str, cells: dict[str, str], pointer: str, expected: str
) -> None:
    tables = [table(ROOT, {"title": "x", **(cells if name == ROOT else {})}), table("flows", {"from": "a"})]
    tables += [table(name, cells)] if name != ROOT else []
    (record,) = records_of(*tables)
    (problem,) = record.problems
    assert (problem.pointer, problem.severity) == (pointer, "error")
    assert expected in str(problem)
    assert record.cell_of(pointer) == f"{name} 1 {next(iter(cells))}"
    assert next(iter(cells.values())).rpartition("; ")[2] in str(record.value)


@pytest.mark.parametrize(
    ("text", "value"), [("9000", 9000), ("9,000", 9000), ("1 234 567", 1234567), ("12.0", 12), (" 7 ", 7)]
)
def test_whole_numbers_as_people_write_them(text: str, value: int) -> None:
    column = table_layouts()["flows.datasets"].column("recordsApprox")
    assert column is not None
    assert value_of(text, column) == value


@pytest.mark.parametrize("text", ["9,00", "1.5", "1,234.5", "²", "9" * 5_000, ""])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    column = table_layouts()["flows.datasets"].column("recordsApprox")
    assert column is not None
    with pytest.raises(InvalidInput):
        value_of(text, column)


def test_an_agreement_may_stand_on_several_sheets_that_agree() -> None:
    first, second = table(ROOT, {KEY: "A", "title": "x"}), table(ROOT, {KEY: "A", "purpose": "y", "title": "x"})
    (record,) = documents_of({"one": first, "two": second})
    assert (record.value["title"], record.value["purpose"], record.problems) == ("x", "y", ())
    third = table(ROOT, {KEY: "A", "title": "z"})
    (record,) = documents_of({"one": first, "three": third})
    assert "This stands there twice, and the two differ." in told(record)


def test_an_empty_cell_beside_a_filled_one_is_no_problem() -> None:
    cells: dict[str, Any] = {"title": (Cell("x", "a"), Cell("", "b"))}
    (record,) = documents_of({ROOT: Table(table_layouts()[ROOT], ("title",), [Row("r", cells)], ROOT)})
    assert (record.value["title"], record.problems) == ("x", ())
