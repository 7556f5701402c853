"""Powers out of lists: the real registers of the Digital Economy Act, and CSV; and nobody accused who is not known."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from catalogue.formats.rsf import RsfEntry
from register.agreements.read import all_agreements
from register.formats.powers_csv import read_powers_csv
from register.formats.powers_rsf import spells_of
from register.formats.rsf import POWERS_REGISTER
from register.powers.facts import MayUse
from register.powers.models import PowerBody, PowerRevision
from register.powers.read import find_power, powers_table
from schemas.database.engine import Database, open_database
from schemas.errors import InvalidInput
from schemas.settings import sqlite_url
from tests.services.commands import Invoke

POWERS = "information-sharing-agreement-powers-and-objectives-0001.rsf"
PERSONS = "information-sharing-agreement-specified-person-0001.rsf"


@pytest.fixture(scope="module")
def folder(trial_data: Path) -> Path:
    return trial_data / "agreements" / "dea-register-2019"


def done(invoke: Invoke, file: Path) -> Counter[str]:
    outcome = invoke("powers", "import", file, "--format", "json")
    assert outcome.code == 0, outcome.stderr
    return Counter(line["action"] for line in json.loads(outcome.stdout))


def everything(session: Any) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    bodies = [
        (row.power_id, row.name, row.listed_on, row.unlisted_on, row.organisation_id)
        for row in session.query(PowerBody)
    ]
    revisions = [(row.power_id, row.revision, row.registered_on) for row in session.query(PowerRevision)]
    return sorted(bodies, key=repr), sorted(revisions, key=repr)


def test_the_act_s_registers_come_in_once_and_accuse_nobody(ready: Invoke, folder: Path) -> None:
    assert done(ready, folder / POWERS) == {"added": 7}
    assert done(ready, folder / PERSONS) == {"added": 91, "unchanged": 5}
    assert ready("register", "import", folder / "information-sharing-agreement-0001.rsf", "--from", "rsf").code == 0
    database = opened(ready)
    with database.read() as session:
        before = everything(session)
    assert done(ready, folder / POWERS) == {"unchanged": 7}
    assert done(ready, folder / PERSONS) == {"unchanged": 96}
    with database.read() as session:
        same_but_for_organisations = [row[:4] for row in everything(session)[0]]
        assert same_but_for_organisations == [row[:4] for row in before[0]]
        assert everything(session)[1] == before[1]
        answers, unknown = answers_in(session)
        fraud = find_power(session, f"{POWERS_REGISTER}:7")
        closed = [(row.name, row.listed_on.date(), row.unlisted_on) for row in fraud.bodies if row.unlisted_on]
    database.close()
    assert answers == {MayUse.YES: 74, MayUse.NOT_KNOWN: 6}
    assert unknown == {
        # The list names neither, but it names people who provide services to a listed authority.
        ("1", "Companies House"),
        ("5", "EST"),
        ("6", "EST"),
        # It names the Homes and Communities Agency, which this body may be.
        ("2", "Homes England"),
        # It names licensed suppliers as a class; the record names this one by its name alone.
        ("7", "Shell Energy"),
        # It names the minister whose agency this is.
        ("37", "Driver and Vehicle Licensing Agency"),
    }
    # Listed as “The Welsh Government” and then as “Welsh Ministers”: both are kept, with their times.
    assert closed == [("The Welsh Government", date(2018, 12, 4), datetime(2019, 1, 8, 14, 37, 42, tzinfo=UTC))]
    flagged = ready("register", "flags", "--format", "csv").stdout
    assert "party-not-eligible" not in flagged
    assert "power-not-in-force" not in flagged


def opened(invoke: Invoke) -> Database:
    return open_database(sqlite_url(invoke.data))


def answers_in(session: Any) -> tuple[Counter[MayUse], set[tuple[str, str]]]:
    """How the table answers for every party of every agreement, and of whom it does not know."""
    powers, counts, unknown = powers_table(session), Counter[MayUse](), set()
    for agreement in all_agreements(session):
        document = agreement.document
        for power in document["legalPowers"]:
            for party in document["parties"]:
                found = powers.may_use(power, party, date.fromisoformat(document["effectiveFrom"]))
                counts[found.answer] += 1
                if found.answer is not MayUse.YES:
                    unknown.add((document["externalIds"][0]["id"], party["name"]))
    return counts, unknown


def test_bodies_before_their_powers_are_refused_with_what_to_do(ready: Invoke, folder: Path) -> None:
    outcome = ready("powers", "import", folder / PERSONS)
    assert outcome.code == 4
    assert "Import the list of powers first" in outcome.stderr


def test_a_list_adds_what_a_record_of_ours_leaves_out_and_changes_nothing_in_it(
    ready: Invoke, folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "power.yaml"
    file.write_text(
        f"id: fraud-s56\ntitle: Fighting fraud\nidentifiers: [{{scheme: {POWERS_REGISTER}, id: '7'}}]\n",
        encoding="utf-8",
    )
    assert ready("powers", "add", file).code == 0
    assert done(ready, folder / POWERS) == {"added": 6, "changed": 1}
    assert done(ready, folder / POWERS) == {"unchanged": 7}
    shown = json.loads(ready("powers", "show", "fraud-s56", "--format", "json").stdout)
    assert (shown["title"], shown["instrument"]) == ("Fighting fraud", "Digital Economy Act 2017")


def test_days_of_a_list_are_kept_and_a_wrong_one_is_told() -> None:
    def entry(number: int, **members: Any) -> RsfEntry:
        item = {"information-sharing-agreement-specified-person-0001": "9", "name": "Ministry of Rivers", **members}
        return RsfEntry(number, number, "9", datetime(2020, number, 1, tzinfo=UTC), "", item)

    spells, problems = spells_of(
        [
            entry(1, **{"relevant-powers": ["list:1", " list:2"], "start-date": "2019-04-01"}),
            entry(2, **{"relevant-powers": ["list:2"], "start-date": "2019-04-01"}),
            entry(3, **{"relevant-powers": ["list:2"], "start-date": "2019-04-01", "end-date": "2020-03-31"}),
        ]
    )
    assert not problems
    said = [(one.power, one.from_on, one.until_on, one.listed_on.month, one.unlisted_on) for one in spells]
    february, march = datetime(2020, 2, 1, tzinfo=UTC), datetime(2020, 3, 1, tzinfo=UTC)
    assert said == [
        ("list:1", "2019-04-01", None, 1, february),
        ("list:2", "2019-04-01", None, 1, march),
        ("list:2", "2019-04-01", "2020-03-31", 3, None),
    ]
    _, problems = spells_of([entry(1, **{"relevant-powers": "list:1", "end-date": "31/13/2020", "colour": "x"})])
    assert {problem.pointer: problem.severity for problem in problems} == {
        "/relevant-powers": "error",
        "/end-date": "error",
        "/colour": "warning",
    }


CSV = """power,title,instrument,in_force_from,complete,body,class,body_until,identifiers
water-s5,Finding leaks,Water Act 1990,1991,yes,Ministry of Rivers,,2020-03-31,list:5
water-s5,,,,,A water undertaker,yes,,
tolls-s2,Collecting tolls,,,,,,,
"""


def test_powers_come_out_of_csv(ready: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "powers.csv"
    file.write_text(CSV, encoding="utf-8")
    assert done(ready, file) == {"added": 2}
    assert done(ready, file) == {"unchanged": 2}
    shown = json.loads(ready("powers", "show", "list:5", "--format", "json").stdout)
    assert [(body["name"], body["class"], body["until"]) for body in shown["bodies"]] == [
        ("Ministry of Rivers", False, "2020-03-31"),
        ("A water undertaker", True, None),
    ]
    assert shown["bodiesComplete"] is True
    assert shown["standing"] == "in-force"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("power,title\n,Fraud\n", "short name is missing"),
        ("power,title\na,One\na,Two\n", "says “Two”, a line before it “One”"),
        ("power,title,complete\na,One,perhaps\n", "says “perhaps”"),
        ("power,title,body_from\na,One,2020\n", "names no body"),
        ("power,title,identifiers\na,One,seven\n", "no number in a list"),
        ("power,title\na,One,more\n", "more values"),
    ],
)
def test_a_wrong_row_is_told(text: str, told: str) -> None:
    (read,) = read_powers_csv(text.encode(), "powers.csv")
    assert read.document is None
    assert any(told in problem.message for problem in read.problems)


@pytest.mark.parametrize("text", ["title\nFraud\n", "power,colour\na,blue\n", 'power\n"a\n'])
def test_a_file_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_powers_csv(text.encode(), "powers.csv")
