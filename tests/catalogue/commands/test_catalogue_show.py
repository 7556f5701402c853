import json

from tests.catalogue.commands.conftest import Written
from tests.catalogue.commands.feeds import feed, record
from tests.services.commands import Invoke


def test_a_dataset_is_shown_to_people_with_what_its_source_says(ready: Invoke, written: Written) -> None:
    full = record(
        1,
        description="What inspectors found.\n\nDistrict by district.",
        license="https://creativecommons.org/licenses/by/4.0/",
        accrualPeriodicity="R/P1Y",
        temporal="2019/2023",
        spatial="Wales",
        keyword=["bridges"],
        distribution=[{"title": "Findings", "format": "CSV", "downloadURL": "https://bridges.example/a.csv"}],
    )
    ready("catalogue", "import", "--from", "data-json", written("data.json", feed(full)))
    shown = ready("catalogue", "show", "bridge-inspections-district-1")
    assert shown.code == 0
    for text in (
        "Bridge inspections, district 1\n======",
        "What inspectors found.\n\nDistrict by district.",
        "Publisher             Office of Bridges",
        "Who may have it       Open",
        "Licence               Creative Commons Attribution 4.0\n",
        "                      (https://creativecommons.org/licenses/by/4.0/)\n",
        "Updated               Every year",
        "Time covered          from 2019 until 2023",
        "Place covered         Wales",
        "- Findings (CSV)\n  https://bridges.example/a.csv",
        "Known as              bridges-1 (source: bridges.example)",
    ):
        assert text in shown.stdout


def test_what_the_source_does_not_say_is_left_out(ready: Invoke, written: Written) -> None:
    bare = {"title": "Bridges", "identifier": "b", "publisher": "Office"}
    ready("catalogue", "import", "--from", "data-json", written("data.json", feed(bare)))
    shown = ready("catalogue", "show", "bridges").stdout
    for label in ("Licence", "Who may have it", "Updated", "Distributions", "None", "Keywords", "Withdrawn"):
        assert label not in shown


def test_a_dataset_is_found_by_every_name_it_has(ready: Invoke, written: Written) -> None:
    ready("catalogue", "import", "--from", "data-json", written("data.json", feed(record(1))))
    shown = json.loads(ready("catalogue", "show", "bridges-1", "--format", "json").stdout)
    for name in (shown["id"], shown["name"], shown["address"], f"dataset:{shown['id']}"):
        assert json.loads(ready("catalogue", "show", name, "--format", "json").stdout) == shown
    assert shown["document"]["title"] == "Bridge inspections, district 1"


def test_a_dataset_that_is_not_there_is_told(ready: Invoke) -> None:
    outcome = ready("catalogue", "show", "nothing")
    assert outcome.code == 3
    assert "There is no dataset “nothing”" in outcome.stderr
    assert outcome.stdout == ""
