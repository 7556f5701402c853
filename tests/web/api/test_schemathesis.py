"""A stranger’s run: the program `schemathesis` against a live server, its checks as they come, none left out."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from register.powers.record import PowerSource, record_power
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from tests.register.lifecycle.world import World, complete
from tests.serving import served_on_loopback
from tests.web.api.office import staffed
from tests.web.rivers import index_of_rivers

RECORDS = {"POST /drafts", "POST /proposals", "PUT /drafts/{draft}", "POST /drafts/{draft}/events"}
EVENTS = "POST /agreements/{name}/events"
SYNONYMS = {"PUT /synonyms/{synonym}", "DELETE /synonyms/{synonym}"}

REMAINDER = {
    "422": {*RECORDS, EVENTS},
    "400": {"PUT /synonyms/{synonym}"},
    "412": {*RECORDS, EVENTS, *SYNONYMS, "DELETE /drafts/{draft}"},
}
"""What may be found still, by the answer, and where: docs/api.md says why, under “What is left of schemathesis”.

All of it is one finding: a request of the described shape is not taken (ST202).
"""

_STATUS = re.compile(r"^\[(\d{3})\]", re.MULTILINE)
_SECTION = re.compile(r"^_+ ([A-Z]+ /\S*|Stateful tests) _+$", re.MULTILINE)


@pytest.mark.parametrize(
    ("account", "options"),
    [
        ("registrar", ("--max-examples=2", "--phases=fuzzing", "--include-path-regex=^/(synonyms|changes)")),
        pytest.param("", ("--max-examples=50",), marks=pytest.mark.long),
        pytest.param("registrar", ("--max-examples=50",), marks=pytest.mark.long),
        pytest.param("lead", ("--max-examples=50",), marks=pytest.mark.long),
    ],
    ids=["short", "anybody", "registrar", "lead"],
)
def test_a_machine_that_tries_everything_finds_nothing_else(
    sqlite_database: Database, tmp_path: Path, account: str, options: tuple[str, ...]
) -> None:
    office = staffed(World(sqlite_database).people())
    office.world.enter()
    office.world.enter("proposed", document=complete(externalIds=None))
    with sqlite_database.write() as session:
        power = {"id": "rivers-act-2001-s4", "title": "Warning swimmers", "inForce": [{"from": "2001-05-01"}]}
        record_power(session, LOCAL_REGISTRAR, power, PowerSource(), clock=office.world.clock, ids=office.world.ids)
    office.opener = index_of_rivers(tmp_path / "index").reader
    headers = [f"--header=Authorization: {office.headers(account)['Authorization']}"] if account else []
    report = tmp_path / "report.json"
    with served_on_loopback(office.app()) as address:
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json", "--no-color"]
        command += [*options, *headers, "--seed=1", "--report=json", f"--report-json-path={report}"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=3600)
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["errors"] == [], done.stdout
    assert told["test_cases"]["generated"] > 0
    assert told["operations"]["tested"] == told["operations"]["selected"] > 0
    assert {one["code"] for one in told["failures"]} <= {"ST202"}, done.stdout
    left = {(status, where) for status, places in REMAINDER.items() for where in places}
    assert findings(done.stdout) <= left, done.stdout


def findings(told: str) -> set[tuple[str, str]]:
    """The answers that were found wrong, with the operation, as the program prints them."""
    parts = _SECTION.split(told)
    told_of = zip(parts[1::2], parts[2::2], strict=True)
    return {(status, where) for where, text in told_of for status in _STATUS.findall(text)}
