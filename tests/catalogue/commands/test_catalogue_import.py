import csv
import io
import json
from pathlib import Path

import pytest

from tests.catalogue.commands.conftest import Written
from tests.catalogue.commands.feeds import feed, record
from tests.services.commands import Invoke, Outcome

IMPORT = ("catalogue", "import", "--from", "data-json", "--format", "json")


def done(outcome: Outcome) -> dict[str, str]:
    """What was done with each record, by its place."""
    return {row["place"]: row["action"] for row in json.loads(outcome.stdout)}


def titles_found(invoke: Invoke) -> list[str]:
    found = invoke("catalogue", "search", "--format", "json", "--sort", "title", "--limit", "1000")
    return [row["title"] for row in json.loads(found.stdout)]


def test_a_feed_is_taken_shown_and_found(ready: Invoke, written: Written) -> None:
    outcome = ready(*IMPORT, written("data.json", feed(record(1), record(2))))
    assert outcome.code == 0
    assert done(outcome) == {"record 1": "added", "record 2": "added"}
    assert "2 records: 2 added." in outcome.stderr
    assert "kept under the source “bridges.example”" in outcome.stderr
    assert titles_found(ready) == ["Bridge inspections, district 1", "Bridge inspections, district 2"]


def test_the_same_feed_again_changes_nothing(ready: Invoke, written: Written) -> None:
    path = written("data.json", feed(record(1, keyword=["a", "b"]), record(2)))
    ready(*IMPORT, path)
    assert set(done(ready(*IMPORT, path)).values()) == {"unchanged"}
    shuffled = written("data.json", feed(record(2), record(1, keyword=["b", "a"])))
    assert set(done(ready(*IMPORT, shuffled)).values()) == {"unchanged"}


def test_a_change_is_a_change_and_found_at_once(ready: Invoke, written: Written) -> None:
    ready(*IMPORT, written("data.json", feed(record(1), record(2))))
    changed = written("data.json", feed(record(1), record(2, title="Tunnels")))
    assert done(ready(*IMPORT, changed)) == {"record 1": "unchanged", "record 2": "changed"}
    assert titles_found(ready) == ["Bridge inspections, district 1", "Tunnels"]


def test_a_listing_is_written_as_asked(ready: Invoke, written: Written) -> None:
    path = written("data.json", feed(record(1)))
    table = ready("catalogue", "import", path, "--from", "data-json", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(table.stdout))
    assert (row["action"], row["identifier"]) == ("added", "bridges-1")
    people = ready("catalogue", "import", path, "--from", "data-json")
    assert "bridges-1" in people.stdout
    assert "unchanged" in people.stdout


def test_a_source_can_be_given(ready: Invoke, written: Written) -> None:
    ready(*IMPORT, written("a.json", feed(record(1))))
    again = ready(*IMPORT, "--source", "other", written("b.json", feed(record(1))))
    assert done(again) == {"record 1": "added"}


# What is wrong with a file or record: the message names file, record and field and says what to do; the good
# records are kept; the exit code is 4.


def refused_among_good(ready: Invoke, path: Path, *told: str) -> None:
    outcome = ready(*IMPORT, path)
    assert outcome.code == 4
    assert sorted(done(outcome).values()) == ["added", "added", "refused"]
    errors = [line for line in outcome.stderr.splitlines() if line.startswith("Error: ")]
    assert any(all(part in line for part in (str(path), "record 2", *told)) for line in errors), errors
    assert len(titles_found(ready)) == 2


def test_a_record_without_title_is_refused(ready: Invoke, written: Written) -> None:
    bad = record(2)
    del bad["title"]
    path = written("data.json", feed(record(1), bad, record(3)))
    refused_among_good(ready, path, "bridges-2", "Title (/title)", "Give it a title")


def test_no_record_is_lost_for_a_date_that_is_none(ready: Invoke, written: Written) -> None:
    path = written("data.json", feed(record(1), record(2, modified="31/02/2019"), record(3, modified="2019-3-1 9:00")))
    outcome = ready(*IMPORT, path)
    assert outcome.code == 0
    assert set(done(outcome).values()) == {"added"}
    (warning,) = (line for line in outcome.stderr.splitlines() if line.startswith("Warning: "))
    assert all(part in warning for part in (str(path), "record 2", "/modified", "31/02/2019", "kept", "YYYY-MM-DD"))


def test_a_record_without_identifier_is_refused(ready: Invoke, written: Written) -> None:
    path = written("data.json", feed(record(1), record(2, identifier=None), record(3)))
    refused_among_good(ready, path, "/identifier", "stays the same in every edition")


def test_a_record_that_is_no_record_is_refused(ready: Invoke, written: Written) -> None:
    path = written("data.json", feed(record(1), "bridges", record(3)))
    refused_among_good(ready, path, "This is text")


def test_two_different_records_with_one_identifier_are_both_refused(ready: Invoke, written: Written) -> None:
    path = written("data.json", feed(record(1), record(2), record(3, identifier="bridges-2")))
    outcome = ready(*IMPORT, path)
    assert outcome.code == 4
    assert done(outcome) == {"record 1": "added", "record 2": "refused", "record 3": "refused"}
    assert "record 2 (bridges-2): Identifier (/identifier)" in outcome.stderr
    assert "(record 3)" in outcome.stderr
    assert titles_found(ready) == ["Bridge inspections, district 1"]


def test_an_identical_repeat_is_a_warning(ready: Invoke, written: Written) -> None:
    outcome = ready(*IMPORT, written("data.json", feed(record(1), record(1))))
    assert outcome.code == 0
    assert done(outcome) == {"record 1": "added", "record 2": "repeated"}
    assert "Warning:" in outcome.stderr


def test_half_characters_and_nul_are_cleaned_and_told(ready: Invoke, written: Written) -> None:
    raw = json.dumps(feed(record(1, title="Bridges", description="x"))).replace("Bridges", "Br\\ud83dd\\u0000ges", 1)
    raw = raw.replace('"x"', '"raw nul \x00 here"')
    outcome = ready(*IMPORT, written("data.json", raw.encode()))
    assert outcome.code == 0
    assert "Note:" in outcome.stderr
    assert "lone surrogate" in outcome.stderr
    assert "U+0000" in outcome.stderr
    assert titles_found(ready) == ["Br�dges"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"dataset": [\n  {"title": ]}', "is not JSON: line 2, column 13"),
        (b"<!DOCTYPE html>", "web page"),
        (b"", "is empty"),
        (b'{"title": "caf\xe9"}', "not UTF-8"),
        (b'{"dataset": {"a": 1}, "x"', "is not JSON"),
        (b'{"result": []}', "no member “dataset”"),
    ],
)
def test_a_file_that_is_no_feed_is_refused_and_nothing_written(
    ready: Invoke, written: Written, content: bytes, told: str
) -> None:
    outcome = ready(*IMPORT, written("data.json", content))
    assert outcome.code == 4
    assert outcome.stdout == ""
    assert "data.json" in outcome.stderr
    assert told in outcome.stderr
    assert titles_found(ready) == []


def test_a_file_that_is_not_there_is_a_mistake_in_use(ready: Invoke, tmp_path: Path) -> None:
    assert ready(*IMPORT, tmp_path / "nowhere.json").code == 2
    assert ready("catalogue", "import", tmp_path).code == 2


def test_without_a_database_the_next_step_is_told(invoke: Invoke, written: Written) -> None:
    outcome = invoke(*IMPORT, written("data.json", feed(record(1))))
    assert outcome.code == 1
    assert "gazette init" in outcome.stderr


def test_packages_of_a_ckan_site_are_taken(ready: Invoke, written: Written) -> None:
    packages = [
        {"id": "a", "name": "bridges", "title": "Bridges", "state": "active"},
        {"id": "b", "name": "draft", "title": "Draft", "state": "draft"},
    ]
    answer = {
        "help": "https://ckan.example/api/3/action/help_show?name=x",
        "success": True,
        "result": {"results": packages},
    }
    outcome = ready("catalogue", "import", "--from", "ckan", "--format", "json", written("ckan.json", answer))
    assert outcome.code == 4
    assert done(outcome) == {"record 1": "added", "record 2": "refused"}
    assert "At its source the package is a draft." in outcome.stderr


@pytest.mark.parametrize(
    ("file", "records"), [("opm.json", 134), ("fcc.json", 59), ("fda.json", 86), ("consumerfinance.json", 11)]
)
def test_the_feeds_of_the_agencies_are_taken_whole_and_only_once(
    ready: Invoke, trial_data: Path, file: str, records: int
) -> None:
    path = trial_data / "datasets" / "dcatus-agencies-2025" / file
    first = ready(*IMPORT, path)
    assert first.code == 0
    assert list(done(first).values()) == ["added"] * records
    assert list(done(ready(*IMPORT, path)).values()) == ["unchanged"] * records


def test_the_history_of_an_agency_holds_the_changes_that_are_really_there(ready: Invoke, trial_data: Path) -> None:
    """FCC's 14 editions hold 12 differences: six put keywords into another order, six move `modified`."""
    editions = sorted((trial_data / "datasets" / "dcatus-agencies-2025" / "history" / "fcc").glob("*.json"))
    assert len(editions) == 14
    changed: list[str] = []
    for number, path in enumerate(editions):
        outcome = ready(*IMPORT, path)
        assert outcome.code == 0
        rows = json.loads(outcome.stdout)
        expected = {"added"} if number == 0 else {"changed", "unchanged"}
        assert {row["action"] for row in rows} <= expected
        changed += [row["identifier"][-9:] for row in rows if row["action"] == "changed"]
    assert changed == ["3xyp-aqkj"] * 4 + ["a6ec-cry4", "3xyp-aqkj"]


def test_the_history_of_an_agency_without_changes_has_none(ready: Invoke, trial_data: Path) -> None:
    editions = sorted((trial_data / "datasets" / "dcatus-agencies-2025" / "history" / "consumerfinance").glob("*.json"))
    first, *others = [set(done(ready(*IMPORT, path)).values()) for path in editions]
    assert first == {"added"}
    assert others == [{"unchanged"}, {"unchanged"}]
