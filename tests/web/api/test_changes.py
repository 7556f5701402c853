"""The change feed: in the order in which changes could be seen, none lost and none told twice, whoever writes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.read import find_dataset
from catalogue.datasets.record import record_dataset, withdraw_dataset
from schemas.actor import LOCAL_REGISTRAR, Actor
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from schemas.clock import random_ids, system_clock
from schemas.database.copying import copy_out
from schemas.database.engine import Database, open_database
from schemas.settings import sqlite_url
from tests.register.lifecycle.world import LEAD, complete, datasets_named
from tests.web.api.office import Office

FEED = "/api/v1/changes"
ATOM = "{http://www.w3.org/2005/Atom}"


def river(number: str, title: str = "River") -> Json:
    return {
        "schemaVersion": DATASET_VERSION,
        "kind": "dataset",
        "title": f"{title} {number}",
        "provenance": {"source": "official"},
    }


def put(session: Any, number: str, title: str = "River", actor: Actor = LOCAL_REGISTRAR) -> CataloguedResource:
    return record_dataset(
        session, actor, river(number, title), source="rivers", identifier=number, clock=system_clock, ids=random_ids
    ).resource


def read(client: FlaskClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def told(items: list[Json]) -> list[tuple[str, str]]:
    return [(item["title"], item["change"]) for item in items]


@pytest.fixture
def client(office: Office) -> FlaskClient:
    return office.app().test_client()


def test_everything_that_happens_to_records_is_told_in_its_order(office: Office, client: FlaskClient) -> None:
    begin = read(client, FEED)
    assert {item["name"] for item in begin["items"]} == datasets_named(complete())
    with office.world.database.write() as session:
        put(session, "1", actor=office.world.who(LEAD))
    office.world.enter()
    office.world.act("dg-1", "withdrawn", {"reason": "Registered twice"}, by="registrar")
    with office.world.database.write() as session:
        resource = put(session, "1", "Stream")
        withdraw_dataset(session, LOCAL_REGISTRAR, resource, "It dried up", system_clock)
        put(session, "1", "Stream")
    page = read(client, begin["next"])
    assert [(item["kind"], item["change"], item["event"], item["revision"]) for item in page["items"]] == [
        ("dataset", "added", None, 1),
        ("agreement", "added", "signed", 1),
        ("agreement", "withdrawn", "withdrawn", None),
        ("dataset", "changed", None, 2),
        ("dataset", "withdrawn", None, 3),
        ("dataset", "restored", None, 4),
    ]
    assert [item["deleted"] for item in page["items"]] == [False, False, True, False, True, False]
    assert [item["by"] for item in page["items"]][:2] == [LEAD, LEAD]
    assert page["items"][4]["reason"] == "It dried up"
    for item in page["items"]:
        assert client.get(item["record"]).status_code == 200
        assert client.get(item["address"]).status_code == 200
        if item["then"]:
            assert client.get(item["then"]).get_json()["document"]["title"]


def test_a_bookmark_goes_on_for_ever(office: Office, client: FlaskClient) -> None:
    start = read(client, f"{FEED}?limit=1&kind=dataset")
    assert (start["more"], len(start["items"])) == (True, 1)
    link = client.get(f"{FEED}?limit=1&kind=dataset").headers["Link"]
    assert link == f'<{start["next"].removeprefix("http://localhost")}>; rel="next"'
    page = start
    while page["more"]:
        page = read(client, page["next"])
    assert "Link" not in client.get(page["next"]).headers
    assert told(read(client, page["next"])["items"]) == []
    office.world.enter()  # of another kind: passed over for good
    bookmark = read(client, page["next"])["next"]
    assert told(read(client, bookmark)["items"]) == []
    with office.world.database.write() as session:
        put(session, "1")
    assert told(read(client, bookmark)["items"]) == [("River 1", "added")]
    assert told(read(client, bookmark)["items"]) == [("River 1", "added")]  # asked again, told again
    unchanged = client.get(bookmark, headers={"If-None-Match": client.get(bookmark).headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")


def test_since_a_moment(office: Office, client: FlaskClient) -> None:
    clock = office.world.clock
    clock.advance(days=2)
    office.world.enter()
    clock.advance(days=2)
    office.world.act("dg-1", "withdrawn", {"reason": "Registered twice"}, by="registrar")
    for since, expected in (
        ("2026-03-02", 2 + len(datasets_named(complete()))),
        ("2026-03-04T09:00:00Z", 2),
        ("2026-03-04T10:00:00+01:00", 2),
        ("2026-03-04T09:00:00.000001Z", 1),
        ("2026-03-05", 1),
        ("2026-03-05&cursor=0", 1),
        ("2026-03-04t08:59:60.1234567z", 2),
        ("0001-01-01T00:00:00%2B23:59", 2 + len(datasets_named(complete()))),
        ("9999-12-31T23:59:59-23:59", 0),
        ("2026-03-07", 0),
    ):
        assert len(read(client, f"{FEED}?since={since}")["items"]) == expected, since
    for wrong in (
        "since=2026-02-30",
        "since=yesterday",
        "cursor=1",
        "cursor=-1",
    ):
        answer = client.get(f"{FEED}?{wrong}")
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), wrong
    for gone in ("cursor=1-00000000", "cursor=999-00000000", "since=2026-03-04&cursor=1-00000000"):
        answer = client.get(f"{FEED}?{gone}")
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json"), gone


@pytest.mark.parametrize("engine_name", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_what_commits_late_is_told_late(database: Database, client: FlaskClient) -> None:
    """The trap of numbers and moments that are given before the commit: a reader would be past them already.

    SQLite has one writer at a time, and so no such trap.
    """
    begin = read(client, FEED)["next"]
    with database.write() as slow:
        put(slow, "slow")
        slow.flush()
        with database.write() as fast:
            put(fast, "fast")
        seen = read(client, begin)
        assert told(seen["items"]) == [("River fast", "added")]
    assert told(read(client, seen["next"])["items"]) == [("River slow", "added")]


def test_writers_at_once_lose_nothing_and_repeat_nothing(database: Database, office: Office) -> None:
    """Several write datasets and one agreements, in transactions of several changes, while a reader follows."""
    client = office.app().test_client()
    bookmark = read(client, FEED)["next"]
    writers, rounds, each = 4, 6, 3
    failed: list[BaseException] = []

    def datasets(writer: int) -> None:
        for turn in range(rounds):
            with database.write() as session:
                for number in range(each):
                    put(session, f"{writer}-{turn}-{number}")

    def agreements() -> None:
        for _ in range(rounds):
            office.world.enter(document=complete(externalIds=None))

    threads = [
        *(threading.Thread(target=caught(partial(datasets, one), failed)) for one in range(writers)),
        threading.Thread(target=caught(agreements, failed)),
    ]
    seen: list[Json] = []
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        page = read(client, f"{bookmark}&limit=7" if "limit" not in bookmark else bookmark)
        seen, bookmark = [*seen, *page["items"]], page["next"]
    for page in pages(client, bookmark):
        seen.extend(page["items"])
    assert failed == []
    assert [item["number"] for item in seen] == sorted({item["number"] for item in seen})
    assert len(seen) == rounds * (writers * each + 1)
    assert {item["title"] for item in seen if item["kind"] == "dataset"} == {
        f"River {writer}-{turn}-{number}"
        for writer in range(writers)
        for turn in range(rounds)
        for number in range(each)
    }


def caught(work: Callable[[], None], failed: list[BaseException]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told by the test
            failed.append(error)

    return run


def pages(client: FlaskClient, address: str) -> Iterator[Any]:
    while True:
        page = read(client, address)
        yield page
        if not page["more"]:
            return
        address = page["next"]


def test_what_was_undone_is_not_told(database: Database, office: Office, client: FlaskClient) -> None:
    begin = read(client, FEED)["next"]
    with database.writing() as session:
        put(session, "undone")
        session.rollback()
    assert read(client, begin)["items"] == []


def test_every_change_there_is_stands_in_the_feed_once(database: Database, office: Office) -> None:
    office.world.enter()
    with database.write() as session:
        put(session, "1")
        withdraw_dataset(session, LOCAL_REGISTRAR, find_dataset(session, "1"), "It dried up", system_clock)
    listed = text("SELECT kind, record_id, step FROM change_feed ORDER BY 1, 2, 3")
    there = text(
        "SELECT 'dataset' AS kind, resource_id, revision FROM resource_revision "
        "UNION ALL SELECT 'agreement', agreement_id, number FROM agreement_event ORDER BY 1, 2, 3"
    )
    with database.read() as session:
        assert session.execute(listed).all() == session.execute(there).all()


def test_a_backup_brings_the_numbers_along(database: Database, office: Office, tmp_path: Path) -> None:
    """Also where the file’s own triggers see the changes come in another order, or before the feed or after it."""
    office.world.enter()
    with database.write() as session:
        put(session, "1")
        session.execute(text("UPDATE change_feed SET number = 100 - number"))  # no order by which rows could be copied
        put(session, "2")
        put(session, "1", "Stream")
    rows = text("SELECT number, kind, record_id, step FROM change_feed ORDER BY number")
    with database.read() as session:
        before = session.execute(rows).all()
    (tmp_path / "copy").mkdir()
    copy_out(database, tmp_path / "copy")
    with closing(open_database(sqlite_url(tmp_path / "copy"))) as copy:
        with copy.read() as session:
            assert session.execute(rows).all() == before
        with copy.write() as session:
            put(session, "3")
        with copy.read() as session:
            after = session.execute(rows).all()
    assert after[:-1] == before
    assert after[-1].number > before[-1].number


def test_a_bookmark_from_before_a_backup_was_put_back_is_refused(office: Office, client: FlaskClient) -> None:
    with office.world.database.write() as session:
        put(session, "1")
    bookmark = read(client, FEED)["next"]
    assert client.get(bookmark).status_code == 200
    with office.world.database.write() as session:  # what came after the backup is gone; another takes its number
        session.execute(text("UPDATE change_feed SET step = 7 WHERE number = (SELECT max(number) FROM change_feed)"))
    answer = client.get(bookmark)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert "backup" in answer.get_json()["advice"]


def test_the_newest_changes_are_a_feed_for_people(office: Office, client: FlaskClient) -> None:
    with office.world.database.write() as session:
        for number in range(60):
            put(session, str(number))
        withdraw_dataset(session, LOCAL_REGISTRAR, find_dataset(session, "7"), "It dried up", system_clock)
    answer = client.get("/feeds/changes.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    assert entries[0].findtext(f"{ATOM}title") == "River 7: withdrawn"
    assert entries[0].findtext(f"{ATOM}summary") == "It dried up"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    older = ET.fromstring(client.get(links["next"] or "").data).findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in (*entries, *older)]
    assert len(ids) == len(set(ids)) == 61 + len(datasets_named(complete()))
    assert {client.get(link.get("href") or "").status_code for link in entries[0].findall(f"{ATOM}link")} == {200, 410}
    assert client.get("/feeds/changes.atom", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get("/feeds/changes.atom?before=x").status_code == 400
