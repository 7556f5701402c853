"""`kill -9` in the middle of an import: database and index are consistent after the next start, every time."""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from catalogue.datasets.models import CataloguedResource, Distribution, ResourceRevision
from catalogue.datasets.search_documents import DatasetDocuments
from catalogue.search.indexer import drain, drift, reconcile
from catalogue.search.tantivy_engine import TantivyPlace
from register.agreements.models import AgreementEvent
from register.agreements.rebuild import differing_agreements
from register.agreements.search_documents import AgreementDocuments
from schemas.clock import system_clock
from schemas.database.engine import Database, open_database
from schemas.database.outbox import waiting_count
from tests.services.commands import Gazette, Invoke

pytestmark = pytest.mark.heavy

SOURCES = (DatasetDocuments(), AgreementDocuments())
RECORDS = 400
KILLS = (pytest.param(2, id="2"), pytest.param(20, id="20", marks=pytest.mark.long))
"""A few in every run of the suite; as many as it takes to trust it in `make test-long`."""
DEADLINE_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.01


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """A feed of many small datasets, so that an import takes long enough to be killed in the middle."""
    path = tmp_path / "feed.json"
    datasets = [
        {
            "title": f"Bridge inspections, district {number}",
            "description": f"Findings of the inspectors on the bridges of district {number}.",
            "identifier": f"bridges-{number}",
            "accessLevel": "public",
            "modified": "2024-05-01",
            "keyword": ["bridges", f"district {number}"],
            "publisher": {"name": f"Office of Bridges {number % 7}"},
            "contactPoint": {"fn": "Bridges desk", "hasEmail": f"mailto:desk{number % 5}@bridges.example"},
            "distribution": [
                {"downloadURL": f"https://bridges.example/{number}.csv", "mediaType": "text/csv"},
                {"downloadURL": f"https://bridges.example/{number}.json", "mediaType": "application/json"},
            ],
        }
        for number in range(RECORDS)
    ]
    path.write_text(json.dumps({"@id": "https://bridges.example/data.json", "dataset": datasets}), encoding="utf-8")
    return path


@contextmanager
def opened(url: str) -> Iterator[Database]:
    with closing(open_database(url)) as database:
        yield database


def counted(database: Database) -> int:
    """Everything an import has committed: it only grows."""
    with database.read() as session:
        resources = session.scalar(select(func.count()).select_from(ResourceRevision)) or 0
        return resources + (session.scalar(select(func.count()).select_from(AgreementEvent)) or 0)


def kill_in_the_middle(gazette: Gazette, arguments: list[str | Path], url: str, wait: float) -> bool:
    """Start an import, let it commit something and go on a little, kill it. False where it had finished by then."""
    with opened(url) as database:
        before = counted(database)
        process = gazette.start(*arguments, environ={"GAZETTE_DATABASE_URL": url})
        deadline = time.monotonic() + DEADLINE_SECONDS
        while counted(database) == before and process.poll() is None:
            assert time.monotonic() < deadline, "the import committed nothing"
            time.sleep(LOOK_AGAIN_SECONDS)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=wait)
        killed = process.poll() is None
        if killed:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=DEADLINE_SECONDS)
        return killed


def require_whole_database(database: Database) -> None:
    """Nothing half-written: every record has all its revisions and distributions, every agreement its events."""
    with database.read() as session:
        if database.is_sqlite:
            assert session.execute(text("PRAGMA quick_check")).scalar_one() == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).fetchall() == []
        assert differing_agreements(session) == []
        for resource in session.scalars(select(CataloguedResource)):
            mine = select(func.count()).select_from(ResourceRevision).where(ResourceRevision.resource_id == resource.id)
            assert session.scalar(mine) == resource.revision
            forms = select(func.count()).select_from(Distribution).where(Distribution.resource_id == resource.id)
            assert session.scalar(forms) == len(resource.document.get("distribution", []))
        numbers = list(session.scalars(select(AgreementEvent.number).order_by(AgreementEvent.number)))
        assert numbers == list(range(1, len(numbers) + 1))


def start_next(database: Database, place: TantivyPlace) -> None:
    """What every start of the service does before it keeps the index up to date."""
    reconcile(database, place, SOURCES)
    drain(database, place, system_clock)


def require_no_drift(database: Database, place: TantivyPlace) -> None:
    with closing(place.reader()) as engine, database.read() as session:
        assert waiting_count(session) == 0
        assert drift(session, engine, SOURCES) == []
        assert dict(engine.revisions()) == {
            identifier: revision for source in SOURCES for identifier, revision in source.revisions(session)
        }


@pytest.mark.parametrize("wanted", KILLS)
def test_kill_9_during_imports(
    gazette: Gazette, invoke: Invoke, database_url: str, feed: Path, trial_data: Path, wanted: int
) -> None:
    """What is killed is a program of its own; what goes before and comes after may as well run in this one."""
    chance = random.Random(20)
    register = trial_data / "agreements" / "dea-register-2019" / "information-sharing-agreement-0001.rsf"
    imports: list[list[str | Path]] = [
        ["catalogue", "import", feed, "--from", "data-json"],
        ["register", "import", register, "--from", "rsf"],
    ]
    place = TantivyPlace(gazette.data / "search")
    environ = {"GAZETTE_DATABASE_URL": database_url}
    assert invoke("init", environ=environ).code == 0

    kills = 0
    while kills < wanted:
        killed = kill_in_the_middle(gazette, imports[kills % 2], database_url, chance.uniform(0, 0.25))
        if not killed:  # both are in: change every record, so that the next imports have something to do
            text_before = feed.read_text(encoding="utf-8")
            feed.write_text(text_before.replace("the inspectors", "the inspectors again"), encoding="utf-8")
            imports[1] = imports[0]
        kills += killed
        with opened(database_url) as database:
            require_whole_database(database)
            start_next(database, place)
            require_no_drift(database, place)

    for arguments in (imports[0], ["register", "import", register, "--from", "rsf"]):
        assert invoke(*arguments, environ=environ).code == 0
    with opened(database_url) as database:
        require_whole_database(database)
        require_no_drift(database, place)
        with database.read() as session:
            assert session.scalar(select(func.count()).select_from(CataloguedResource)) == RECORDS
            assert session.scalar(select(func.count()).select_from(AgreementEvent)) == 40
    doctor = invoke("doctor", "--format", "json", environ=environ)
    assert {row["check"]: row["result"] for row in json.loads(doctor.stdout)}["Search index"] == "well"
