import csv
import io
import json
from pathlib import Path

import pytest

from tests.catalogue.harvest.playback import Answer, SmallCkan, always, recorded, site
from tests.services.commands import Invoke, Outcome

FOUR_AGENCIES = 'organization:("fcc-gov" OR "opm-gov" OR "consumerfinance-gov" OR "fda-gov")'


def add(invoke: Invoke, url: str, *arguments: str, name: str = "bridges") -> None:
    outcome = invoke("catalogue", "harvest", "add", name, url, "--type", "ckan", "--allow-private", *arguments)
    assert outcome.code == 0, outcome.stderr


def run(invoke: Invoke, *arguments: str) -> Outcome:
    return invoke("catalogue", "harvest", "run", *(arguments or ("bridges",)), "--format", "json")


def done(outcome: Outcome) -> dict[str, str]:
    return {row["identifier"]: row["action"] for row in json.loads(outcome.stdout)}


def found(invoke: Invoke) -> list[str]:
    text = invoke("catalogue", "search", "--format", "json", "--sort", "title", "--limit", "1000").stdout
    return [row["title"] for row in json.loads(text)]


@pytest.fixture
def ckan() -> SmallCkan:
    small = SmallCkan()
    for number in ("a", "b", "c"):
        small.put(number)
    return small


def test_a_site_is_added_listed_harvested_and_reported(ready: Invoke, ckan: SmallCkan) -> None:
    with site(ckan) as here:
        add(ready, here.url + "/")
        (listed,) = json.loads(ready("catalogue", "harvest", "list", "--format", "json").stdout)
        assert (listed["name"], listed["url"], listed["lastState"]) == ("bridges", here.url, None)
        outcome = run(ready)
    assert outcome.code == 0
    assert done(outcome) == {"a": "added", "b": "added", "c": "added"}
    assert found(ready) == ["Dataset a", "Dataset b", "Dataset c"]
    (listed,) = json.loads(ready("catalogue", "harvest", "list", "--format", "json").stdout)
    assert (listed["lastState"], listed["lastListed"]) == ("complete", 3)
    report = ready("catalogue", "harvest", "report", "bridges", "--format", "csv")
    assert [row["identifier"] for row in csv.DictReader(io.StringIO(report.stdout))] == ["a", "b", "c"]
    assert "complete: 3 added." in report.stderr


def test_changes_withdrawals_and_returns_are_followed(ready: Invoke, ckan: SmallCkan) -> None:
    with site(ckan) as here:
        add(ready, here.url)
        run(ready)
        ckan.drop("b")
        ckan.put("c", title="Dataset C")
        ckan.put("d")
        second = run(ready)
        assert done(second) == {"a": "unchanged", "b": "withdrawn", "c": "changed", "d": "added"}
        assert f"No longer listed by {here.url}" in second.stderr
        assert sorted(found(ready)) == ["Dataset C", "Dataset a", "Dataset d"]
        shown = ready("catalogue", "show", "dataset-b")
        assert shown.code == 0
        assert f"Withdrawn: No longer listed by {here.url} on " in shown.stdout
        ckan.put("b")
        assert done(run(ready))["b"] == "restored"
        assert "Dataset b" in found(ready)


def test_a_dry_run_shows_what_would_be_done_and_does_nothing(ready: Invoke, ckan: SmallCkan) -> None:
    for number in ("a", "b", "c"):
        ckan.put(number, organization={"name": "office", "title": "Office of Bridges"})
    with site(ckan) as here:
        add(ready, here.url)
        before = (ready.data / "gazette.db").read_bytes()
        rehearsed = run(ready, "bridges", "--dry-run")
        assert "nothing was changed" in rehearsed.stderr
        assert rehearsed.stderr.count("“Office of Bridges” is new") == 1
        assert found(ready) == []
        assert ready("catalogue", "harvest", "report", "bridges").code == 3
        assert ready("organisations", "show", "office-of-bridges").code == 3
        assert (ready.data / "gazette.db").read_bytes() == before
        assert done(run(ready)) == done(rehearsed)
        ckan.drop("a")
        ckan.put("b", title="Changed")
        rehearsed = run(ready, "bridges", "--dry-run")
        assert done(rehearsed) == {"a": "withdrawn", "b": "changed", "c": "unchanged"}
        assert found(ready) == ["Dataset a", "Dataset b", "Dataset c"]
        assert done(run(ready)) == done(rehearsed)


def test_a_list_that_breaks_off_keeps_what_was_read_and_withdraws_nothing(ready: Invoke) -> None:
    ckan = SmallCkan(most_rows=5)
    for number in range(8):
        ckan.put(f"{number:03}")
    with site(ckan) as here:
        add(ready, here.url)
        run(ready)
        ckan.drop("000")
        ckan.put("001", title="Changed")
        ckan.failing_from = 5
        outcome = run(ready)
        assert outcome.code == 5
        assert done(outcome)["001"] == "changed"
        assert "Nothing was withdrawn" in outcome.stderr
        (listed,) = json.loads(ready("catalogue", "harvest", "list", "--format", "json").stdout)
        assert listed["lastState"] == "incomplete"
        assert "does not answer as a CKAN site" in listed["lastMessage"]
        assert ready("catalogue", "show", "000", "--format", "json").stdout.count('"state": "active"') == 1
        ckan.failing_from = None
        assert done(run(ready))["000"] == "withdrawn"


def test_an_empty_list_withdraws_nothing_and_stops(ready: Invoke, ckan: SmallCkan) -> None:
    with site(ckan) as here:
        add(ready, here.url)
        run(ready)
        ckan.packages.clear()
        outcome = run(ready)
    assert outcome.code == 1
    assert "lists nothing at all" in outcome.stderr
    assert len(found(ready)) == 3


def test_a_bad_record_is_told_and_the_others_taken(ready: Invoke, ckan: SmallCkan) -> None:
    ckan.put("b", title="", name="")
    with site(ckan) as here:
        add(ready, here.url)
        outcome = run(ready)
    assert outcome.code == 4
    assert done(outcome) == {"a": "added", "b": "refused", "c": "added"}
    assert "Error: bridges, record 2 (b): Title (/title): " in outcome.stderr


def test_every_source_is_run_and_the_worst_end_told(ready: Invoke, ckan: SmallCkan) -> None:
    with site(ckan) as here:
        add(ready, here.url, name="good")
        add(ready, f"{here.url}/not-here", name="bad")
        outcome = ready("catalogue", "harvest", "run", "--all")
    assert outcome.code == 5
    assert "Dataset a" in outcome.stdout
    assert "Error: bad:" in outcome.stderr


def test_the_own_network_is_not_harvested_unless_allowed(ready: Invoke, ckan: SmallCkan) -> None:
    with site(ckan) as here:
        assert ready("catalogue", "harvest", "add", "inside", here.url, "--type", "ckan").code == 0
        outcome = run(ready, "inside")
    assert outcome.code == 1
    assert "is not a public address" in outcome.stderr
    assert here.asked == []


def test_a_redirect_into_the_clouds_own_service_is_refused(ready: Invoke) -> None:
    to = "http://169.254.169.254/latest/meta-data/"
    with site(always(Answer(302, headers={"Location": to}))) as here:
        add(ready, here.url)
        outcome = run(ready)
    assert outcome.code == 1
    assert "169.254.169.254" in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "Not a name", "https://ckan.example", "--type", "ckan"), 4),
        (("add", "x", "ckan.example", "--type", "ckan"), 4),
        (("add", "x", "https://ckan.example", "--type", "gopher"), 2),
        (("run",), 2),
        (("run", "x", "--all"), 2),
        (("run", "nowhere"), 3),
        (("report", "nowhere"), 3),
        (("run", "--all"), 0),
    ],
)
def test_what_cannot_be_asked_is_told(ready: Invoke, arguments: tuple[str, ...], code: int) -> None:
    assert ready("catalogue", "harvest", *arguments).code == code


def test_a_real_ckan_is_harvested_whole(ready: Invoke, trial_data: Path) -> None:
    """290 records of a CKAN 2.12, as it answered; a second run changes nothing."""
    answers = recorded(trial_data / "ckan-recorded" / "ckan-2.12-answers.jsonl")
    with site(answers) as here:
        add(ready, here.url, "--filter", FOUR_AGENCIES)
        first = run(ready)
        assert first.code == 0
        assert list(done(first).values()) == ["added"] * 290
        assert [dict(query)["start"] for _, query in here.asked[:4]] == ["0", "100", "200", "300"]
        assert set(done(run(ready)).values()) == {"unchanged"}
    assert len(found(ready)) == 290
