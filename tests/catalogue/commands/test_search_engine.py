"""The setting that chooses the search engine, as commands take it and tell it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.catalogue.commands.conftest import Written
from tests.catalogue.commands.feeds import feed, record
from tests.services.commands import ROOT, Invoke

WHOOSH = {"GAZETTE_SEARCH_ENGINE": "whoosh"}
TANTIVY = {"GAZETTE_SEARCH_ENGINE": "tantivy"}


def found(invoke: Invoke, query: str, environ: dict[str, str]) -> list[str]:
    outcome = invoke("catalogue", "search", query, "--format", "json", environ=environ)
    assert outcome.code == 0, outcome.stderr
    return [row["title"] for row in json.loads(outcome.stdout)]


def search_finding(invoke: Invoke, environ: dict[str, str]) -> dict[str, str]:
    rows = json.loads(invoke("doctor", "--format", "json", environ=environ).stdout)
    (row,) = [row for row in rows if row["check"] == "Search index"]
    return dict(row)


def test_whoosh_takes_what_is_imported_and_doctor_and_settings_tell_it(invoke: Invoke, written: Written) -> None:
    assert invoke("init", environ=WHOOSH).code == 0
    file = written("data.json", feed(record(1, title="Fraud in bridge tolls"), record(2, title="Tunnels")))
    assert invoke("catalogue", "import", "--from", "data-json", file, environ=WHOOSH).code == 0
    assert found(invoke, "frauds", WHOOSH) == ["Fraud in bridge tolls"]
    well = search_finding(invoke, WHOOSH)
    assert (well["result"], well["found"]) == ("well", "whoosh, agrees with the database")
    rows = json.loads(invoke("settings", "--format", "json", environ=WHOOSH).stdout)
    assert [row["value"] for row in rows if row["variable"] == "GAZETTE_SEARCH_ENGINE"] == ["whoosh"]
    # Another engine never reads this one's index: it says so until it is built anew.
    assert invoke("catalogue", "search", "fraud", environ=TANTIVY).code == 5
    fault = search_finding(invoke, TANTIVY)
    assert fault["result"] == "fault"
    assert "built by another engine, whoosh" in fault["found"]
    assert invoke("catalogue", "reindex", environ=TANTIVY).code == 0
    assert found(invoke, "frauds", TANTIVY) == ["Fraud in bridge tolls"]


def test_an_engine_that_there_is_not_is_told(invoke: Invoke) -> None:
    outcome = invoke("settings", environ={"GAZETTE_SEARCH_ENGINE": "elastic"})
    assert outcome.code == 4
    assert "Choose from tantivy, whoosh" in outcome.stderr


@pytest.mark.parametrize(
    ("engine", "told"), [("whoosh", "WhooshPlace"), ("tantivy", "The library of the search engine tantivy cannot be")]
)
def test_whoosh_works_where_tantivy_cannot_be_loaded(tmp_path: Path, engine: str, told: str) -> None:
    program = f"""
import sys
sys.modules["tantivy"] = None
from catalogue.search.places import search_place
from schemas.errors import Refused
from schemas.settings import read_settings
try:
    print(search_place(read_settings({{"GAZETTE_SEARCH_ENGINE": "{engine}"}})))
except Refused as refused:
    print(refused)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True
    )
    assert told in done.stdout.decode(), done.stderr.decode()
