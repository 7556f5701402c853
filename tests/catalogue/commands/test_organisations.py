import csv
import io
import json
from pathlib import Path

import pytest

from tests.catalogue.commands.conftest import Written
from tests.services.commands import Invoke, Outcome

BODIES = """\
name,slug,kind,jurisdiction,parent,identifiers,aliases,website,ended_on
Ministry of Works,ministry,department,GB,,list:1,,https://works.example/,
Office of Bridges,,agency,GB-WLS,ministry,list:2,cy:Swyddfa Pontydd,,2020
"""


def done(outcome: Outcome) -> list[str]:
    return [row["action"] for row in json.loads(outcome.stdout)]


def imported(invoke: Invoke, path: Path, kind: str = "csv") -> Outcome:
    return invoke("organisations", "import", path, "--from", kind, "--format", "json")


def test_organisations_are_taken_listed_and_shown(ready: Invoke, written: Written) -> None:
    path = written("bodies.csv", BODIES)
    assert done(imported(ready, path)) == ["added", "added"]
    assert done(imported(ready, path)) == ["unchanged", "unchanged"]
    listed = json.loads(ready("organisations", "list", "--format", "json").stdout)
    assert [row["name"] for row in listed] == ["Ministry of Works", "Office of Bridges"]
    shown = ready("organisations", "show", "list:2").stdout
    for text in (
        "Office of Bridges\n=====",
        "Agency",
        "GB-WLS",
        "Ministry of Works (ministry)",
        "Swyddfa Pontydd",
        "2020",
    ):
        assert text in shown
    assert "Website" not in shown
    named = json.loads(ready("organisations", "show", "Swyddfa Pontydd", "--format", "json").stdout)
    assert named["otherNames"] == [{"name": "Swyddfa Pontydd", "language": "cy"}]


def test_one_is_added_and_its_other_names_find_it(ready: Invoke, written: Written) -> None:
    stated = ("--alias", "cy:Swyddfa Pontydd", "--identifier", "list:2", "--kind", "agency", "--jurisdiction", "GB-WLS")
    done = ready("organisations", "add", "Office of Bridges", *stated)
    assert (done.code, done.stdout) == (0, "/organisations/office-of-bridges\n")
    for again in (("Office of bridges",), ("Other", "--slug", "office-of-bridges"), ("swyddfa pontydd",)):
        refused = ready("organisations", "add", *again)
        assert refused.code == 1
        assert "/organisations/office-of-bridges, GB-WLS" in refused.stderr
    bad = ready("organisations", "add", "Other", "--website", "nowhere", "--ended-on", "soon")
    assert bad.code == 4
    assert ["/website" in bad.stderr, "/ended_on" in bad.stderr] == [True, True]

    content = {
        "schemaVersion": "0.1.0",
        "kind": "dataset",
        "title": "Inspections",
        "provenance": {"source": "official"},
    }
    ready("catalogue", "add", written("d.json", {**content, "publisher": {"name": "Office of Bridges"}}))
    named = ready("organisations", "alias", "list:2", "Span Board")
    assert (named.code, named.stdout) == (0, "/organisations/office-of-bridges\n")
    assert "Inspections" in ready("catalogue", "search", 'organisation:"span board"').stdout
    assert "Inspections" in ready("catalogue", "search", "span board").stdout
    assert "nothing was changed" in ready("organisations", "alias", "span board", "Span board").stderr
    assert "“ga”" in ready("organisations", "alias", "list:2", "Swyddfa Pontydd", "--language", "ga").stderr
    assert ready("organisations", "alias", "list:2", "Span Board", "--remove", "--language", "cy").code == 2
    assert ready("organisations", "alias", "list:2", "Span Board", "--remove").code == 0
    assert ready("organisations", "alias", "list:2", "Span Board", "--remove").code == 3
    assert ready("organisations", "alias", "list:2", "Office of Bridges", "--remove").code == 1
    assert ready("catalogue", "search", 'organisation:"span board"').stdout == ""


def test_a_list_can_be_narrowed(ready: Invoke, written: Written) -> None:
    imported(ready, written("bodies.csv", BODIES))

    def names(*arguments: str) -> list[str]:
        text = ready("organisations", "list", *arguments, "--format", "csv").stdout
        return [row["name"] for row in csv.DictReader(io.StringIO(text))]

    assert names("--kind", "agency") == ["Office of Bridges"]
    assert names("--jurisdiction", "gb") == ["Ministry of Works", "Office of Bridges"]
    assert names("--jurisdiction", "GB-WLS") == ["Office of Bridges"]
    assert names("--jurisdiction", "IE") == []


def test_bad_rows_are_told_and_good_ones_kept(ready: Invoke, written: Written) -> None:
    path = written("bodies.csv", "name,started_on,parent\nGood,,\nLate,31/02/2019,\nOrphan,,nobody\n")
    outcome = imported(ready, path)
    assert outcome.code == 4
    assert done(outcome) == ["added", "refused", "refused"]
    assert f"Error: {path}, line 3: started_on (/started_on): “31/02/2019”" in outcome.stderr
    assert "There is no organisation “nobody”" in outcome.stderr


@pytest.mark.parametrize(("kind", "content"), [("csv", "title\nx\n"), ("rsf", "not a register\n"), ("rsf", "")])
def test_a_file_that_is_no_such_list_is_refused(ready: Invoke, written: Written, kind: str, content: str) -> None:
    outcome = imported(ready, written("bodies.txt", content), kind)
    assert outcome.code == 4
    assert "bodies.txt" in outcome.stderr


def test_what_is_not_there_is_told(ready: Invoke) -> None:
    assert ready("organisations", "show", "nobody").code == 3
    assert imported(ready, Path("nowhere.csv")).code == 2


def test_a_real_register_is_taken_once(ready: Invoke, trial_data: Path) -> None:
    path = trial_data / "agreements" / "dea-register-2019" / "principal-local-authority.rsf"
    assert done(imported(ready, path, "rsf")) == ["added"] * 22
    assert done(imported(ready, path, "rsf")) == ["unchanged"] * 22
    shown = json.loads(ready("organisations", "show", "Sir Fynwy", "--format", "json").stdout)
    assert (shown["name"], shown["startedOn"]) == ("Monmouthshire County Council", "1996-04-01")


def test_a_cut_off_register_is_told_and_its_good_part_kept(ready: Invoke, trial_data: Path, written: Written) -> None:
    whole = (trial_data / "agreements" / "dea-register-2019" / "principal-local-authority.rsf").read_bytes()
    lines = whole.splitlines(keepends=True)
    outcome = imported(ready, written("cut.rsf", b"".join(lines[:-3]) + lines[-3][:20]), "rsf")
    assert outcome.code == 4
    assert "breaks off" in outcome.stderr
    assert "added" in done(outcome)
