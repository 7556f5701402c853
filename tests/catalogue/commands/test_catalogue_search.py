import csv
import io
import json
import shutil

import pytest

from catalogue.search.tantivy_engine import TantivyPlace
from tests.catalogue.commands.conftest import Written
from tests.catalogue.commands.feeds import feed, record
from tests.services.commands import Invoke


@pytest.fixture
def filled(ready: Invoke, written: Written) -> Invoke:
    records = [
        record(1, title="Fraud in bridge tolls", description="Tolls."),
        record(2, title="Bridges", accessLevel="non-public", keyword=["fraud"]),
        record(3, title="Tunnels", publisher={"name": "Office of Tunnels"}),
    ]
    assert ready("catalogue", "import", "--from", "data-json", written("data.json", feed(*records))).code == 0
    return ready


def titles(invoke: Invoke, *arguments: str) -> list[str]:
    return [row["title"] for row in json.loads(invoke("catalogue", "search", *arguments, "--format", "json").stdout)]


def test_records_are_found_and_the_reading_of_the_query_told(filled: Invoke) -> None:
    outcome = filled("catalogue", "search", "fraud")
    assert outcome.code == 0
    assert "Fraud in bridge tolls" in outcome.stdout
    assert "Office of Bridges" in outcome.stdout
    assert "/datasets/fraud-in-bridge-tolls" in outcome.stdout
    assert "2 records found." in outcome.stderr
    assert "Understood as:" in outcome.stderr
    assert "Understood" not in outcome.stdout


def test_words_need_no_quotation_marks(filled: Invoke) -> None:
    assert titles(filled, "fraud", "tolls")[0] == "Fraud in bridge tolls"


def test_filters_narrow(filled: Invoke) -> None:
    assert titles(filled, "fraud", "--filter", "access=closed") == ["Bridges"]
    assert titles(filled, "--filter", "organisation=office-of-tunnels") == ["Tunnels"]
    assert titles(filled, "--filter", "access=open", "--filter", "access=closed", "--sort", "title") == [
        "Bridges",
        "Fraud in bridge tolls",
        "Tunnels",
    ]
    assert titles(filled, "fraud", "--filter", "access=open", "--filter", "organisation=office-of-tunnels") == []


def test_pages_are_cut_and_counted(filled: Invoke) -> None:
    outcome = filled("catalogue", "search", "--limit", "1", "--offset", "1", "--sort", "title", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(outcome.stdout))
    assert row["title"] == "Fraud in bridge tolls"
    assert "3 records found, of which 1 are shown." in outcome.stderr


def test_nothing_found_is_no_error(filled: Invoke) -> None:
    outcome = filled("catalogue", "search", "zebra")
    assert (outcome.code, outcome.stdout) == (0, "")
    assert "0 records found." in outcome.stderr
    assert titles(filled, "zebra") == []


def test_a_strict_query_that_finds_nothing_offers_the_looser_one(filled: Invoke) -> None:
    strict = filled("catalogue", "search", '"tolls fraud"')
    assert strict.stdout == ""
    assert "With --relaxed: 2. Records with any of “tolls” and “fraud”" in strict.stderr
    assert titles(filled, '"tolls fraud"', "--relaxed") == ["Fraud in bridge tolls", "Bridges"]
    assert "--relaxed" not in filled("catalogue", "search", "zebra").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["x", "--filter", "colour=red"], 2, "“colour” is not something to filter by"),
        (["x", "--filter", "access"], 2, "FIELD=VALUE"),
        (["x", "--limit", "0"], 2, "--limit"),
        (["x", "--sort", "size"], 2, "--sort"),
    ],
)
def test_what_cannot_be_asked_is_told(filled: Invoke, arguments: list[str], code: int, told: str) -> None:
    outcome = filled("catalogue", "search", *arguments)
    assert outcome.code == code
    assert told in outcome.stderr


def test_a_lost_index_is_built_anew(filled: Invoke) -> None:
    before = titles(filled, "--sort", "title")
    shutil.rmtree(filled.data / "search")
    lost = filled("catalogue", "search", "fraud")
    assert lost.code == 5
    assert "reindex" in lost.stderr
    rebuilt = filled("catalogue", "reindex")
    assert (rebuilt.code, rebuilt.stdout) == (0, "3 records indexed.\n")
    assert titles(filled, "--sort", "title") == before


def test_an_index_that_another_writes_to_is_left_alone(filled: Invoke, written: Written) -> None:
    writer = TantivyPlace(filled.data / "search").writer()
    try:
        refused = filled("catalogue", "reindex")
        assert refused.code == 1
        assert "Another process" in refused.stderr
        imported = filled("catalogue", "import", "--from", "data-json", written("more.json", feed(record(4))))
        assert imported.code == 0
    finally:
        writer.close()
    assert "Bridge inspections, district 4" not in titles(filled)
    again = filled("catalogue", "import", "--from", "data-json", written("more.json", feed(record(4))))
    assert again.code == 0
    assert "Bridge inspections, district 4" in titles(filled)
