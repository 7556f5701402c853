"""`gazette powers`: added, shown, ended; and what a person is told."""

import json
from pathlib import Path

import pytest

from tests.services.commands import Invoke

POWER = """id: water-act-1990-s5
title: Finding leaks
instrument: Water Act 1990
provision: s.5
allows: Water companies may tell the ministry where water is lost.
inForce:
  - from: 1991-01-01
bodies:
  - name: Ministry of Rivers
  - name: A water undertaker
    class: true
"""


@pytest.fixture
def file(ready: Invoke, tmp_path: Path) -> Path:
    path = tmp_path / "power.yaml"
    path.write_text(POWER, encoding="utf-8")
    assert ready("powers", "add", path).code == 0
    return path


def test_a_power_is_shown_with_who_may_use_it_and_how_that_is_known(invoke: Invoke, file: Path) -> None:
    shown = invoke("powers", "show", "water-act-1990-s5").stdout
    assert "“Finding leaks” has been in force since 1 January 1991." in shown
    assert "- A water undertaker (a class of bodies)" in shown
    assert "The list is not known to be complete" in shown
    listed = json.loads(invoke("powers", "list", "leaks", "--format", "json").stdout)
    assert [(one["id"], one["standing"], one["agreements"]) for one in listed] == [("water-act-1990-s5", "in-force", 0)]
    assert json.loads(invoke("powers", "list", "fire", "--format", "json").stdout) == []


def test_a_power_that_ended_says_why(invoke: Invoke, file: Path) -> None:
    ended = invoke("powers", "retire", "water-act-1990-s5", "--on", "2020-03-31", "--reason", "The Lakes Act")
    assert ended.code == 0
    assert "gazette powers show water-act-1990-s5" in ended.stdout
    shown = invoke("powers", "show", "water-act-1990-s5").stdout
    assert "was in force until 31 March 2020. The Lakes Act." in shown
    assert "retired: The Lakes Act" in shown
    again = invoke("powers", "retire", "water-act-1990-s5", "--on", "2021-03-31", "--reason", "Again")
    assert (again.code, "ended on 2020-03-31 already" in again.stderr) == (1, True)
    assert invoke("powers", "show", "water-act-1990-s6").code == 3


def test_wrong_records_are_told_and_the_others_taken(invoke: Invoke, file: Path) -> None:
    file.write_text("- {id: A B}\n- {id: tolls, title: Collecting tolls}\n- {id: x, title: X}\n- {id: x, title: Y}\n")
    outcome = invoke("powers", "add", file)
    assert outcome.code == 4
    assert "Name" in outcome.stderr
    assert "Another record is “x” too" in outcome.stderr
    assert [one["id"] for one in json.loads(invoke("powers", "list", "--format", "json").stdout)] == [
        "tolls",
        "water-act-1990-s5",
    ]


def test_another_register_is_refused_by_its_name(invoke: Invoke, trial_data: Path) -> None:
    invoke("init")
    outcome = invoke("powers", "import", trial_data / "agreements" / "dea-register-2019" / "local-authority-eng.rsf")
    assert outcome.code == 4
    assert "lists neither powers nor bodies" in outcome.stderr
