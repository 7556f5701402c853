"""`gazette catalogue revise` and `withdraw`, and `add --restore`: what is told, and the exit codes."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from catalogue.datasets.record import record_dataset
from catalogue.datasets.references import ReferenceDetails, replace_references
from schemas.actor import LOCAL_REGISTRAR
from schemas.clock import random_ids, system_clock
from schemas.database.engine import open_database
from schemas.settings import sqlite_url
from tests.catalogue.commands.conftest import Written
from tests.catalogue.commands.test_catalogue_add import GOOD
from tests.catalogue.datasets.documents import dataset
from tests.services.commands import Invoke

ADDRESS = "/datasets/bridge-inspections"


@pytest.fixture
def held(ready: Invoke, written: Written) -> Invoke:
    """A data folder with one dataset in it."""
    assert ready("catalogue", "add", written("dataset.yaml", GOOD)).code == 0
    return ready


def test_a_file_makes_a_revision_and_the_same_file_none(held: Invoke, written: Written) -> None:
    changed = written("changed.yaml", GOOD.replace("Bridge", "Span"))
    done = held("catalogue", "revise", "bridges-1", changed)
    assert (done.code, done.stdout) == (0, f"{ADDRESS}\n")
    assert "“Span inspections” is now at revision 2." in done.stderr
    assert "Span inspections" in held("catalogue", "search", "span").stdout
    again = held("catalogue", "revise", ADDRESS, changed)
    assert (again.code, again.stdout) == (0, f"{ADDRESS}\n")
    assert "nothing was changed" in again.stderr
    late = held("catalogue", "revise", "bridges-1", written("old.yaml", GOOD), "--from-revision", "1")
    assert late.code == 1
    assert "the dataset is at revision 2 now" in late.stderr


def test_what_show_wrote_is_taken_and_knows_its_revision(held: Invoke, written: Written) -> None:
    shown = held("catalogue", "show", "bridges-1", "--format", "json").stdout
    by_one, by_another = (written(f"{word}.json", shown.replace("Bridge", word)) for word in ("Span", "Arch"))
    assert held("catalogue", "revise", "bridges-1", by_one).code == 0
    refused = held("catalogue", "revise", "bridges-1", by_another)
    assert refused.code == 1
    assert "made from revision 1; the dataset is at revision 2 now" in refused.stderr
    broken = held("catalogue", "revise", "bridges-1", written("broken.json", shown.replace("restricted", "secret")))
    line = 1 + shown[: shown.index("restricted")].count("\n")
    assert broken.code == 4
    assert f"broken.json, line {line}: " in broken.stderr


def test_every_problem_is_told_and_nothing_changed(held: Invoke, written: Written) -> None:
    bad = written("bad.yaml", GOOD.replace("2024-05-01", "31/02/2019").replace("restricted", "secret"))
    outcome = held("catalogue", "revise", "bridges-1", bad)
    assert (outcome.code, outcome.stdout) == (4, "")
    for line, told in ((7, "“secret”"), (8, "31/02/2019")):
        assert any(f"{bad}, line {line}: " in text and told in text for text in outcome.stderr.splitlines())
    other = held("catalogue", "revise", "bridges-1", written("other.yaml", GOOD.replace("bridges-1", "other")))
    assert other.code == 4
    assert "right file" in other.stderr
    lost = GOOD.replace("  name: Office of Bridges", "  name: Office\n  organisation: nobody")
    assert held("catalogue", "revise", "bridges-1", written("lost.yaml", lost)).code == 4
    assert held("catalogue", "revise", "nowhere", bad).code == 3
    assert json.loads(held("catalogue", "show", "bridges-1", "--format", "json").stdout)["revision"] == 1


def test_a_withdrawal_is_told_once_and_can_be_taken_back(held: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "dataset.yaml"
    done = held("catalogue", "withdraw", "bridges-1", "--reason", "Replaced by a yearly one.")
    assert (done.code, done.stdout) == (0, f"{ADDRESS}\n")
    assert "Note" not in done.stderr
    assert held("catalogue", "search", "inspections").stdout == ""
    assert "bridges-1" not in held("catalogue", "export", "--format", "jsonl").stdout
    assert "Withdrawn: Replaced by a yearly one." in held("catalogue", "show", "bridges-1").stdout
    for refused in (("withdraw", "bridges-1", "--reason", "Again."), ("revise", "bridges-1", path), ("add", path)):
        outcome = held("catalogue", *refused)
        assert outcome.code == 1
        assert "Replaced by a yearly one." in outcome.stderr
    assert held("catalogue", "withdraw", "bridges-2", "--reason", "Gone.").code == 3
    back = held("catalogue", "add", path, "--restore")
    assert (back.code, back.stdout) == (0, f"{ADDRESS}\n")
    assert "Restored “Bridge inspections”." in back.stderr
    assert ADDRESS in held("catalogue", "search", "inspections").stdout


def test_it_is_told_what_brings_a_dataset_back_and_who_names_it(ready: Invoke) -> None:
    ready("catalogue", "harvest", "add", "city", "https://ckan.example.org", "--type", "ckan")
    with closing(open_database(sqlite_url(ready.data))) as database, database.write() as session:
        for source, number in (("harvest:city", "c-1"), ("A feed", "f-1")):
            record_dataset(
                session,
                LOCAL_REGISTRAR,
                dataset(title=f"Record {number}"),
                source=source,
                identifier=number,
                clock=system_clock,
                ids=random_ids,
            )
        told = [ReferenceDetails("record-c-1", "shared-under", "Sharing of spans", None)]
        replace_references(session, "/agreements/dg-1", told, random_ids)
    harvested = ready("catalogue", "withdraw", "c-1", "--reason", "Wrong.").stderr
    assert "harvested from https://ckan.example.org" in harvested
    assert "“gazette catalogue harvest run city” finds it there, it comes back." in harvested
    assert "still named by Sharing of spans (/agreements/dg-1)" in harvested
    imported = ready("catalogue", "withdraw", "f-1", "--reason", "Wrong.").stderr
    assert "the source “A feed”: when a file of it in which it stands is imported, it comes back." in imported


def test_an_account_without_the_right_is_refused(held: Invoke) -> None:
    held("organisations", "add", "Mill Board")
    assert held("accounts", "add", "mill", "--organisation", "mill-board", "--role", "approver").code == 0
    refused = held("--as", "mill", "catalogue", "withdraw", "bridges-1", "--reason", "Not ours.")
    assert refused.code == 1
    assert "an approver of the body that publishes it" in refused.stderr
    assert held("--as", "mill", "organisations", "alias", "mill-board", "MB").code == 1
