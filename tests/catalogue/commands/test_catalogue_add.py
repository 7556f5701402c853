import json

import pytest

from tests.catalogue.commands.conftest import Written
from tests.services.commands import Invoke

GOOD = """\
schemaVersion: 0.1.0
kind: dataset
identifier: bridges-1
title: Bridge inspections
publisher:
  name: Office of Bridges
accessRights: restricted
modified: 2024-05-01
provenance:
  source: official
"""


def test_one_dataset_is_added_shown_and_found(ready: Invoke, written: Written) -> None:
    outcome = ready("catalogue", "add", written("dataset.yaml", GOOD))
    assert outcome.code == 0
    assert outcome.stdout == "/datasets/bridge-inspections\n"
    assert "Added “Bridge inspections”." in outcome.stderr
    shown = json.loads(ready("catalogue", "show", "bridges-1", "--format", "json").stdout)
    assert shown["document"]["publisher"] == {"name": "Office of Bridges", "organisation": "office-of-bridges"}
    assert "Bridge inspections" in ready("catalogue", "search", "inspections").stdout


def test_json_is_taken_too(ready: Invoke, written: Written) -> None:
    document = {"schemaVersion": "0.1.0", "kind": "dataset", "title": "Bridges", "provenance": {"source": "official"}}
    assert ready("catalogue", "add", written("dataset.json", document)).stdout == "/datasets/bridges\n"


def test_every_problem_is_told_with_its_line(ready: Invoke, written: Written) -> None:
    bad = GOOD.replace("2024-05-01", "31/02/2019").replace("restricted", "secret").replace("kind:", "kynd:")
    path = written("dataset.yaml", bad)
    outcome = ready("catalogue", "add", path)
    assert outcome.code == 4
    assert outcome.stdout == ""
    lines = outcome.stderr.splitlines()
    for line, told in ((2, "“kynd”"), (7, "“secret”"), (8, "31/02/2019")):
        assert any(text.startswith(f"Error: {path}, line {line}: ") and told in text for text in lines), lines
    assert any("“kind” is missing" in text for text in lines)
    assert ready("catalogue", "show", "bridges-1").code == 3


def test_a_dataset_that_is_here_already_is_refused(ready: Invoke, written: Written) -> None:
    ready("catalogue", "add", written("dataset.yaml", GOOD))
    again = ready("catalogue", "add", written("again.yaml", GOOD.replace("Bridge", "Other")))
    assert again.code == 1
    assert "/datasets/bridge-inspections" in again.stderr
    assert ready("catalogue", "search", "other").stdout == ""


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("title: [", "line 1"),
        ("{", "line 1"),
        ("", "is empty"),
        ("- 1", "no dataset"),
        (GOOD + "---\n" + GOOD, "2 records"),
    ],
)
def test_a_file_that_is_no_dataset_is_refused(ready: Invoke, written: Written, content: str, told: str) -> None:
    outcome = ready("catalogue", "add", written("dataset.yaml", content))
    assert outcome.code == 4
    assert "dataset.yaml" in outcome.stderr
    assert told in outcome.stderr


def test_a_contact_that_is_written_out_is_refused(ready: Invoke, written: Written) -> None:
    outcome = ready("catalogue", "add", written("dataset.yaml", GOOD + "contactPoint: Jo Bloggs\n"))
    assert outcome.code == 4
    assert "must not name a person" in outcome.stderr
    assert ready("catalogue", "show", "bridges-1").code == 3


def test_an_organisation_that_is_not_there_is_told(ready: Invoke, written: Written) -> None:
    content = GOOD.replace("  name: Office of Bridges", "  name: Office of Bridges\n  organisation: nobody")
    outcome = ready("catalogue", "add", written("dataset.yaml", content))
    assert outcome.code == 4
    assert "There is no organisation “nobody”" in outcome.stderr


def test_a_file_that_is_not_there_is_a_mistake_in_use(ready: Invoke) -> None:
    assert ready("catalogue", "add", "nowhere.yaml").code == 2
