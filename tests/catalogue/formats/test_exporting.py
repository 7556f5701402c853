"""Exports of the whole catalogue as pure parts: everything is in, with what it cost, and nothing is held."""

import csv
import io
import json
from collections.abc import Iterator

import pytest

from catalogue.formats.converted import Losses, Written
from catalogue.formats.dataset_csv import COLUMNS
from catalogue.formats.export_counts import ExportCounts
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.exporting import EXPORT_FORMATS, export
from catalogue.formats.loss_report import Tally
from catalogue.formats.own import dataset_to_own
from catalogue.search.rows import unguarded
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from schemas.pieces import PIECE
from tests.real_records import DETAILS, record_of


def document(**members: object) -> Json:
    return {
        "schemaVersion": DATASET_VERSION,
        "kind": "dataset",
        "title": "River levels",
        "provenance": {"source": "imported"},
        **members,
    }


RECORDS = (
    record_of(
        document(
            title="=HYPERLINK(1)",
            description="Two\nlines, “quoted”",
            keyword=["a|b", "c\\d", "plain"],
            distribution=[{"downloadURL": "https://rivers.example/a.csv", "format": "csv", "byteSize": 5}],
        ),
        1,
        contact={"email": "data@rivers.example"},
    ),
    record_of(document(publisher={"name": "Ministry of Rivers"}), 2),
    record_of(document(kind="data-service", title="A service without an address"), 3),
)


def exported(name: str, records: tuple[DatasetRecord, ...] = RECORDS, *, as_csv: bool = False) -> tuple[bytes, str]:
    """The file, and its loss report."""
    report: list[str] = []
    tally = Tally(name, report.append, as_csv)
    tally.begin()
    content = b"".join(export(EXPORT_FORMATS[name], DETAILS, lambda: iter(records), tally.told))
    tally.end()
    return content, "".join(report)


def test_json_lines_lose_nothing() -> None:
    content, report = exported("jsonl")
    lines = [json.loads(line) for line in content.decode().splitlines()]
    assert lines == [dataset_to_own(record) for record in RECORDS]
    assert lines[0]["document"] == RECORDS[0].document
    assert lines[0]["contact"] == {"email": "data@rivers.example"}
    assert "contact" not in lines[1]
    assert json.loads(report.splitlines()[-1])["totals"]["exported"] == 3


def test_csv_is_a_row_each_that_no_spreadsheet_runs() -> None:
    content, _ = exported("csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row["id"] for row in rows] == [record.number for record in RECORDS]
    assert rows[0]["title"] == "'=HYPERLINK(1)"
    assert unguarded(rows[0]["title"]) == RECORDS[0].document["title"]
    assert rows[0]["keywords"] == "a\\|b|c\\\\d|plain"
    assert (rows[0]["description"], rows[0]["formats"]) == ("Two\nlines, “quoted”", "CSV")
    assert rows[1]["publisherName"] == "Ministry of Rivers"


@pytest.mark.parametrize("name", list(EXPORT_FORMATS))
def test_export_and_report_account_for_every_dataset(name: str) -> None:
    _, report = exported(name)
    *lines, totals = [json.loads(line) for line in report.splitlines()]
    assert [line["id"] for line in lines] == [record.number for record in RECORDS]
    told = totals["totals"]
    assert told["datasets"] == told["exported"] + told["exportedWithLosses"] + told["leftOut"] == len(RECORDS)
    for outcome, count in (("exported", "exported"), ("left out", "leftOut")):
        assert sum(line["outcome"] == outcome for line in lines) == told[count]
    for line in lines:
        assert bool(line["losses"]) == (line["outcome"] != "exported")
        assert all(loss["sentence"].endswith((".", "”.", "?")) for loss in line["losses"]), line
    rows = list(csv.DictReader(io.StringIO(exported(name, as_csv=True)[1].removeprefix("\ufeff"), newline="")))
    assert {row["id"] for row in rows if row["outcome"] != "total"} == {record.number for record in RECORDS}
    assert {row["member"]: row["sentence"] for row in rows if row["outcome"] == "total"} == {
        key: str(value) for key, value in told.items() if isinstance(value, int)
    }


def test_a_service_without_an_address_is_left_out_of_dcat_and_told() -> None:
    content, report = exported("turtle")
    assert b"A service without an address" not in content
    assert b"Left out" in content
    line = json.loads(report.splitlines()[2])
    assert line["outcome"] == "left out"
    assert "endpoint" in line["losses"][0]["sentence"]


def test_counts_add_up_whatever_became_of_a_dataset() -> None:
    losses = Losses("Format")
    losses.stand_in("description")
    losses.left_out("/distribution/0", "It has no address.")
    gone = Losses("Format")
    gone.refused("It cannot be.")
    counts = ExportCounts().and_one(Written("x", (), 0, 0)).and_one(losses.written("x")).and_one(gone.written("x"))
    assert counts == ExportCounts(whole=1, with_losses=1, left_out=1, stand_ins=1, nodes_left_out=1)
    assert (counts.datasets, counts.written) == (3, 2)
    assert counts.summary() == "2 datasets exported, 1 with losses, 1 left out"


@pytest.mark.parametrize("name", ["jsonl", "csv", "turtle", "data-json"])
def test_nothing_is_held_while_it_is_written(name: str) -> None:
    """The first part comes while most datasets are not read yet; where they are counted first, in the second pass."""
    read = [0]
    many = 400

    def records() -> Iterator[DatasetRecord]:
        read[0] = 0
        for number in range(many):
            read[0] += 1
            yield record_of(document(description="x" * (PIECE // 100)), number + 1)

    parts = export(EXPORT_FORMATS[name], DETAILS, records, lambda _record, _written: None)
    assert len(next(parts)) < 2 * PIECE
    if name != "data-json":  # these records cannot be valid in it, so that its one part is the head
        assert 0 < read[0] < many // 2
    sum(len(part) for part in parts)
    assert read[0] == many
