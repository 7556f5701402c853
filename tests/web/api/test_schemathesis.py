"""A stranger’s run: the program `schemathesis` against a live server, its checks as they come, none left out."""

import json
import subprocess
import sys
from collections import Counter
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from register.powers.record import PowerSource, record_power
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from tests.register.lifecycle.world import World, complete
from tests.serving import served_on_loopback
from tests.web.api.office import staffed
from tests.web.rivers import index_of_rivers
from web.api.openapi import openapi_document

HOWEVER_SLOW = "--suppress-health-check=too_slow"
"""The one default that is not kept: how fast records are made up says how busy the machine is, not what the API is."""


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
def test_a_machine_that_tries_everything_finds_nothing(
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
        command += [*options, *headers, HOWEVER_SLOW, "--seed=1", "--report=json", f"--report-json-path={report}"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=3600)
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["errors"] == [], done.stdout
    assert told["test_cases"]["generated"] > 0
    assert told["operations"]["tested"] == told["operations"]["selected"] > 0
    assert told["failures"] == [], done.stdout
    assert done.returncode == 0, done.stdout


ACCEPTED = frozenset({200, 201, 204, 401, 403, 404, 409, 429})
"""The answers to a request of the described shape, as schemathesis has them."""


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/agreements/{name}/events", "POST"),
        ("/drafts/{draft}", "PUT"),
        ("/drafts/{draft}/events", "POST"),
        ("/drafts", "POST"),
        ("/proposals", "POST"),
    ],
)
def test_what_has_the_described_shape_is_no_bad_request(sqlite_database: Database, path: str, method: str) -> None:
    office = staffed(World(sqlite_database).people())
    office.world.enter()
    office.world.enter("proposed", document=complete(externalIds=None))
    draft = office.local("lead").save_draft(complete(externalIds=None))["draft"]["id"]
    described = schemathesis.openapi.from_dict(openapi_document())
    described.app = office.app()
    turns = cycle(product(("lead", "registrar", "lead", "receiver"), ("dg-1", "dg-2")))
    answered: Counter[int] = Counter()

    @settings(
        max_examples=100, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
    )
    @given(described[path][method].as_strategy())
    def answers(case: schemathesis.Case[Any]) -> None:
        account, number = next(turns)
        case.path_parameters.update({name: {"name": number, "draft": draft}[name] for name in case.path_parameters})
        if isinstance(case.body, dict):  # what was not read would be all that is ever told
            case.body.pop("onVersion", None)
            case.body.pop("onRevision", None)
        answer = case.call(headers={**office.headers(account), "Accept-Encoding": "identity"})
        assert answer.status_code in ACCEPTED, answer.text[:2_000]
        answered[answer.status_code] += 1

    answers()
    assert set(answered) - {403, 404}, f"nobody could do anything: {dict(answered)}"
