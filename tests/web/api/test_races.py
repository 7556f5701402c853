"""Several officials at once, on both databases: nothing is lost, nothing is done twice."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from register.agreements.events import events_of
from register.agreements.rebuild import differing_agreements
from tests.register.lifecycle.world import complete
from tests.web.api.office import Office
from tests.web.api.test_http import V1, post, told

Call = Callable[[int], TestResponse]


def at_once(app: Flask, count: int, call: Callable[[Flask, int], TestResponse]) -> Counter[int]:
    """How often each status was the answer to calls that begin in one moment."""
    start = threading.Barrier(count)
    answers: Counter[int] = Counter()

    def run(number: int) -> None:
        start.wait()
        answers[call(app, number).status_code] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def sane(office: Office, number: str) -> list[str]:
    """The events of an agreement, once nothing contradicts them."""
    with office.world.database.read() as session:
        assert differing_agreements(session) == []
        events = events_of(session, number)
        versions = [event.version for event in events if event.version]
        assert versions == list(range(1, len(versions) + 1))
        return [event.event for event in events]


def test_a_draft_signed_by_many_is_registered_once(office: Office) -> None:
    app = office.app()
    draft = told(post(app.test_client(), office, "/drafts", {"document": complete()}))["draft"]["id"]

    def sign(app: Flask, _number: int) -> TestResponse:
        return post(app.test_client(), office, f"/drafts/{draft}/events", {"event": "signed"})

    assert at_once(app, 4, sign) == {201: 1, 404: 3}
    assert sane(office, "dg-1") == ["signed"]
    assert len(told(app.test_client().get(f"{V1}/agreements"))["items"]) == 1


def test_of_two_who_read_the_same_draft_one_saves_it(office: Office) -> None:
    app = office.app()
    draft = told(post(app.test_client(), office, "/drafts", {"document": complete()}))["draft"]["id"]
    tag = app.test_client().get(f"{V1}/drafts/{draft}", headers=office.headers("lead")).headers["ETag"]

    def save(app: Flask, number: int) -> TestResponse:
        headers = {**office.headers("lead"), "If-Match": tag}
        sent = {"document": complete(scale=f"Number {number}")}
        return app.test_client().put(f"{V1}/drafts/{draft}", json=sent, headers=headers)

    assert at_once(app, 4, save) == {200: 1, 412: 3}


@pytest.mark.parametrize("guard", ["If-Match", "onVersion"])
def test_of_two_who_read_the_same_version_one_amends_it(office: Office, guard: str) -> None:
    office.world.enter()
    app = office.app()
    tag = app.test_client().get(f"{V1}/agreements/dg-1").headers["ETag"]

    def amend(app: Flask, number: int) -> TestResponse:
        sent = {"event": "amended", "details": {}, "document": complete(scale=f"Number {number}")}
        if guard == "onVersion":
            return post(app.test_client(), office, "/agreements/dg-1/events", {**sent, "onVersion": 1})
        return post(app.test_client(), office, "/agreements/dg-1/events", sent, If_Match=tag)

    assert at_once(app, 4, amend) == {201: 1, 412 if guard == "If-Match" else 409: 3}
    assert sane(office, "dg-1") == ["signed", "amended"]


def test_what_officials_of_all_parties_say_at_once_is_all_kept(office: Office) -> None:
    office.world.enter()
    app = office.app()
    said = [
        ("lead", {"event": "reviewed", "details": {"date": "2026-03-02", "outcome": "continue"}}),
        ("receiver", {"event": "confirmed", "details": {"version": 1}}),
        ("matcher", {"event": "disputed", "details": {"version": 1, "reason": "We match nothing."}}),
        ("receiver", {"event": "confirmed", "details": {"version": 1}}),
        ("receiver", {"event": "reviewed", "details": {"date": "2026-03-01", "outcome": "continue"}}),
    ]

    def act(app: Flask, number: int) -> TestResponse:
        who, what = said[number]
        return post(app.test_client(), office, "/agreements/dg-1/events", what, who)

    assert at_once(app, len(said), act) == {201: 4, 409: 1}
    assert Counter(sane(office, "dg-1")) == {"signed": 1, "reviewed": 2, "confirmed": 1, "disputed": 1}
