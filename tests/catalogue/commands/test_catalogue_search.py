import csv
import io
import json
import shutil
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest

from catalogue.datasets.search_documents import DatasetDocuments
from catalogue.search import indexer
from catalogue.search.rows import COLUMNS
from catalogue.search.tantivy_engine import TantivyPlace
from register.agreements.search_documents import AgreementDocuments
from schemas.database.engine import open_database
from schemas.settings import sqlite_url
from tests.catalogue.commands.conftest import Written
from tests.catalogue.commands.feeds import feed, record
from tests.services.commands import Invoke
from tests.web.client.server import answering

SOURCES = (DatasetDocuments(), AgreementDocuments())


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


def test_all_is_every_result_and_csv_has_the_columns_of_the_site(filled: Invoke) -> None:
    outcome = filled("catalogue", "search", "--all", "--limit", "1", "--sort", "title", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(outcome.stdout, newline="")))
    assert [row["title"] for row in rows] == ["Bridges", "Fraud in bridge tolls", "Tunnels"]
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["url"] == "http://127.0.0.1:8000/datasets/bridges"
    assert "3 records found.\n" in outcome.stderr
    assert len(titles(filled, "--all")) == 3
    assert filled("catalogue", "search", "--all", "--offset", "1").code == 2


def test_time_covered_and_what_changed_here_narrow(filled: Invoke, written: Written) -> None:
    old = record(4, title="Ferries", temporal="2001-01-01/2003-06-30")
    assert filled("catalogue", "import", "--from", "data-json", written("more.json", feed(old))).code == 0
    for covers in ("2003", "2002-02/2009", "../2001", "2003-06/.."):
        assert titles(filled, "--covers", covers) == ["Ferries"], covers
    assert titles(filled, "ferries", "--covers", "2003-07/..") == []
    assert len(titles(filled, "--changed-since", "2000")) == 4
    assert titles(filled, "--changed-since", "2999-01-01") == []


def test_other_spellings_and_names_are_told(filled: Invoke) -> None:
    assert "Did you mean: fraud" in filled("catalogue", "search", "fraod").stderr


def test_a_search_of_a_server_needs_no_data_folder(invoke: Invoke) -> None:
    page = {"total": 7, "understood": "All records.", "notes": [], "looser": None, "also": [], "meant": None,
            "items": [{"title": "Ferries", "organisationNames": ["Ministry of Rivers"]}]}  # fmt: skip
    with answering() as server:
        server.answer(200, page)
        outcome = invoke("catalogue", "search", "river", "--server", server.address, "--filter", "tag=a",
                         "--covers", "2019/2020", "--limit", "1", "--format", "json")  # fmt: skip
        asked = parse_qs(urlsplit(server.asked[0][1]).query)
        server.answer(503, {"detail": "Search is not working just now."})
        failed = invoke("catalogue", "search", "river", "--server", server.address)
    assert [row["title"] for row in json.loads(outcome.stdout)] == ["Ferries"]
    assert "7 records found, of which 1 are shown." in outcome.stderr
    assert asked == {
        "q": ["river"], "keyword": ["a"], "covers_from": ["2019"], "covers_to": ["2020"],
        "sort": ["relevance"], "limit": ["1"],
    }  # fmt: skip
    assert failed.code == 5
    assert "Search is not working just now." in failed.stderr
    both = invoke("catalogue", "search", "--server", server.address, "--as", "lead")
    assert both.code == 1


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
        (["x", "--covers", "2020/2019"], 2, "ends before it begins"),
        (["x", "--covers", "../.."], 2, "names no date"),
        (["x", "--changed-since", "yesterday"], 2, "no date"),
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


def test_a_reindex_that_was_cut_short_is_gone_on_with_unless_fresh(
    filled: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_short() -> None:
        with closing(open_database(sqlite_url(filled.data))) as database:
            place = TantivyPlace(filled.data / "search")
            with closing(indexer.reindex(database, place, SOURCES, fresh=True)) as running:
                while next(running).done < 3:
                    pass

    monkeypatch.setattr(indexer, "KEEP_EVERY", 2)
    monkeypatch.setattr(indexer, "REBUILD_BATCH", 1)
    cut_short()
    again = filled("catalogue", "reindex")
    assert (again.code, again.stdout) == (0, "3 records indexed.\n")
    assert "Going on from 2 of 3." in again.stderr
    cut_short()
    assert "Going on" not in filled("catalogue", "reindex", "--fresh").stderr


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
