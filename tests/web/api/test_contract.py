"""One contract, two implementations: the services of a data folder, and the HTTP client of a server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from register.api import RegisterApi
from register.lifecycle.acting import Act
from schemas.errors import InvalidInput, InvalidRecord, NotFound, Refused
from tests.register.lifecycle.world import LEAD, MATCHER, RECEIVER, complete
from tests.serving import served_on_loopback
from tests.web.api.office import Office

As = Callable[[str], RegisterApi]


@contextmanager
def opened(office: Office, kind: str) -> Iterator[As]:
    if kind == "local":
        yield office.local
        return
    with served_on_loopback(office.app()) as address:
        yield lambda account: office.remote(address, account)


@pytest.fixture(params=["local", "remote"])
def acting(small_office: Office, request: pytest.FixtureRequest) -> Iterator[As]:
    """The register as an account sees it, by either way."""
    with opened(small_office, request.param) as as_:
        yield as_


def test_a_draft_is_saved_read_changed_listed_and_discarded(acting: As) -> None:
    lead = acting("lead")
    saved = lead.save_draft(complete())
    number = saved["draft"]["id"]
    assert saved["next"][0]["command"] == f"gazette register sign {number}"
    assert lead.draft(number)["document"] == complete()
    again = lead.save_draft(complete(scale="More"), number, on_revision=1)
    assert again["draft"]["revision"] == 2
    with pytest.raises(Refused, match="was saved again"):
        lead.save_draft(complete(), number, on_revision=1)
    assert [line["id"] for line in lead.drafts()] == [number]
    other = acting("receiver")
    assert other.drafts() == []
    with pytest.raises(NotFound):
        other.draft(number)
    with pytest.raises(NotFound):
        other.publish(number, "signed", {})
    lead.discard_draft(number)
    assert lead.drafts() == []
    with pytest.raises(NotFound):
        lead.discard_draft(number)


def test_from_draft_to_confirmed_by_both_counterparts(acting: As) -> None:
    lead, receiver, matcher = acting("lead"), acting("receiver"), acting("matcher")
    draft = lead.save_draft(complete())["draft"]["id"]
    receipt = lead.publish(draft, "signed", {"note": "Agreed at last"})
    assert receipt["agreement"]["id"] == "dg-1"
    assert {one["command"] for one in receipt["next"]} == {"gazette register confirm dg-1 --version 1"}
    assert [one["organisations"] for one in receipt["next"]] == [[RECEIVER], [MATCHER]]
    assert lead.drafts() == []
    assert [one["code"] for one in receiver.whoami()["waiting"]] == ["confirm"]
    receiver.act("dg-1", Act("confirmed", {"version": 1}))
    assert receiver.whoami()["waiting"] == []
    assert receiver.whoami()["organisation"]["slug"] == RECEIVER
    matcher.act("dg-1", Act("disputed", {"version": 1, "reason": "We match nothing."}))
    assert [one["code"] for one in lead.whoami()["waiting"]] == ["answer-dispute"]
    assert {one["flag"] for one in lead.flags("dg-1")} >= {"disputed"}
    history = lead.history("dg-1")
    assert [(event["event"], event["by"]) for event in history] == [
        ("signed", LEAD), ("confirmed", RECEIVER), ("disputed", MATCHER),
    ]  # fmt: skip
    assert history[0]["details"] == {"note": "Agreed at last"}
    shown = lead.agreement("dg-1")
    assert [entry["party"] for entry in shown["proceedings"]["confirmations"]] == [RECEIVER]
    assert shown["document"] == {"id": "dg-1", **complete()}


def test_versions_are_read_and_stale_amendments_refused(acting: As) -> None:
    lead = acting("lead")
    lead.publish(lead.save_draft(complete())["draft"]["id"], "signed", {})
    lead.act("dg-1", Act("amended", {"reason": "More people"}, complete(scale="More"), on_version=1))
    assert lead.agreement("dg-1")["version"] == 2
    assert (
        "scale" not in lead.agreement("dg-1", 1)["document"] or lead.agreement("dg-1", 1)["document"]["scale"] != "More"
    )
    with pytest.raises(Refused, match="has changed since you read it"):
        lead.act("dg-1", Act("amended", {}, complete(scale="Less"), on_version=1))
    with pytest.raises(NotFound, match="no version 3"):
        lead.agreement("dg-1", 3)


def test_errors_are_the_same_and_lose_nothing(acting: As) -> None:
    lead = acting("lead")
    with pytest.raises(InvalidRecord) as caught:
        lead.save_draft(complete(purpose=None))
    assert [problem.pointer for problem in caught.value.problems] == ["/purpose"]
    assert caught.value.problems[0].clause
    with pytest.raises(NotFound, match="There is no agreement “dg-9”"):
        lead.agreement("dg-9")
    with pytest.raises(Refused):
        acting("registrar").save_draft(complete())
    with pytest.raises(InvalidInput):
        lead.lookup("planet", "Mars")
    assert lead.agreements() == []


def test_listing_looking_up_and_checking(acting: As, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = acting("lead")
    for number in range(3):
        lead.publish(lead.save_draft(complete(externalIds=None, scale=f"{number}"))["draft"]["id"], "signed", {})
    acting("registrar").act("dg-2", Act("withdrawn", {"reason": "Registered twice"}))
    assert [line["id"] for line in lead.agreements()] == ["dg-1", "dg-2", "dg-3"]
    assert [line["id"] for line in lead.agreements(state="withdrawn")] == ["dg-2"]
    assert lead.agreements(organisation="ministry-of-rivers") == []
    assert [one["code"] for one in lead.lookup("organisation", "city")] == [RECEIVER]
    found = lead.check([complete(), complete(purpose=None)], ["complete"])
    assert [[one["pointer"] for one in problems if one["severity"] == "error"] for problems in found] == [
        [],
        ["/purpose"],
    ]
    monkeypatch.setattr("web.client.register._MOST_AT_ONCE", 2)
    many = lead.check([complete()] * 4 + [complete(purpose=None)], ["complete"])
    assert [any(one["severity"] == "error" for one in problems) for problems in many] == [*[False] * 4, True]
    assert {one["agreement"] for one in lead.due(organisation=RECEIVER)} == {"dg-1", "dg-3"}
    assert lead.due(organisation="ministry-of-rivers") == []


def test_a_proposal_is_public_at_once(acting: As) -> None:
    receipt = acting("receiver").propose(complete(), {"reason": "Please comment"})
    assert receipt["agreement"]["state"] == "proposed"
    assert receipt["next"][0]["command"] == "gazette register sign dg-1"
    assert acting("lead").act("dg-1", Act("signed", {}))["agreement"]["version"] == 2


def test_pages_of_a_listing_are_followed(small_office: Office) -> None:
    world = small_office.world
    for number in range(5):
        world.enter(document=complete(externalIds=None, scale=f"{number}"))
    world.clock.now += timedelta(days=1)
    with served_on_loopback(small_office.app()) as address:
        remote = small_office.remote(address, "lead")
        pages = list(remote._pages("/agreements", {"limit": "2"}))
    assert [line["id"] for line in pages] == [f"dg-{number}" for number in range(1, 6)]
