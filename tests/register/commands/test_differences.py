import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from tests.register.making import agreement
from tests.services.commands import Invoke

NUMBERED = {"externalIds": [{"scheme": "dars", "id": "7"}]}
FIRST = agreement(**NUMBERED, purpose="To pay refunds to people near rivers.", frequency=["ongoing"])
CANALS = {"name": "Canal Trust", "dataProtectionRole": "processor"}
SECOND = agreement(
    **NUMBERED,
    parties=[CANALS, *FIRST["parties"]],
    purpose="To pay refunds to all people near rivers.",
    frequency=["periodic"],
)


@pytest.fixture(scope="module")
def twice(made_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Invoke:
    """A register with one agreement in two versions. Every test only reads it."""
    folder = tmp_path_factory.mktemp("twice")
    invoke = Invoke(main, folder / "data", CliRunner())
    shutil.copytree(made_folder, invoke.data, symlinks=True)
    for number, document in enumerate((FIRST, SECOND)):
        file = folder / f"{number}.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        assert invoke("register", "import", file, "--from", "json").code == 0
    return invoke


def test_people_read_words_taken_out_and_put_in(twice: Invoke) -> None:
    ended = twice("register", "diff", "dg-1", "1", "2")
    assert ended.code == 0
    lines = ended.stdout.splitlines()
    assert lines[0] == "dg-1  Finding people who are owed a refund"
    assert "The deal changed." in ended.stdout
    assert lines[lines.index("Parties, Canal Trust") + 1 :][:2] == [
        "  + Name: Canal Trust",
        "  + Role in data protection law: Processor",
    ]
    assert lines[lines.index("Purpose") + 1] == "  To pay refunds to {+all+} people near rivers."
    assert lines[lines.index("How often") + 1 :][:2] == ["  - All the time", "  + At fixed times"]
    assert lines[-1] == "4 differences."


def test_programs_read_pointers_values_and_words(twice: Invoke) -> None:
    found = json.loads(twice("register", "diff", "dg-1", "1", "2", "--format", "json").stdout)
    assert (found["agreement"], found["from"], found["to"]) == ("dg-1", 1, 2)
    assert [(step["version"], step["event"], step["kind"]) for step in found["steps"]] == [(2, "amended", "amendment")]
    party, purpose = found["differences"][:2]
    assert (party["kind"], party["pointer"], party["after"]) == ("added", "/parties/0", CANALS)
    assert purpose["words"] == [
        ["same", "To pay refunds to"],
        ["inserted", " all"],
        ["same", " people near rivers."],
    ]
    rows = list(csv.DictReader(io.StringIO(twice("register", "diff", "dg-1", "1", "2", "--format", "csv").stdout)))
    assert [row["field"] for row in rows] == [one["field"] for one in found["differences"]]
    assert (rows[1]["beforeText"], rows[1]["afterText"]) == (FIRST["purpose"], SECOND["purpose"])


def test_it_goes_backwards_and_says_where_nothing_differs(twice: Invoke) -> None:
    back = twice("register", "diff", "dars:7", "2", "1")
    assert "To pay refunds to [-all-] people near rivers." in back.stdout
    same = twice("register", "diff", "dg-1", "2", "2")
    assert (same.code, same.stdout.splitlines()[-1]) == (0, "The two say the same.")


def test_what_is_not_there_is_said(twice: Invoke) -> None:
    absent = twice("register", "diff", "dg-1", "1", "3")
    assert (absent.code, absent.stdout) == (3, "")
    assert "has no version 3." in absent.stderr
    assert "Its versions go from 1 to 2." in absent.stderr
    assert twice("register", "diff", "dg-9", "1", "2").code == 3
    assert twice("register", "diff", "dg-1", "0", "2").code == 2
