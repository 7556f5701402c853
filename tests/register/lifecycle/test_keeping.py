"""What a version may not change: who the parties are by another's correction, and what a record is."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from register.agreements.models import Agreement
from register.agreements.record import Source, sign_agreement
from register.lifecycle.acting import Act, act_on, loaded
from schemas.actor import LOCAL_REGISTRAR
from schemas.canonical import Json
from schemas.errors import Conflict, InvalidRecord, Refused
from tests.register.lifecycle.world import LEAD, MATCHER, RECEIVER, STRANGER, World, complete

Change = Callable[[list[Json]], Any]


def changed(agreement: Agreement, change: Change) -> Json:
    document = deepcopy(agreement.document)
    change(document["parties"])
    return document


def swap_lead(parties: list[Json]) -> None:
    parties[0]["agreementRole"], parties[1]["agreementRole"] = ["signatory"], ["lead-agency", "signatory"]


@pytest.mark.parametrize(
    "change",
    [
        swap_lead,
        lambda parties: parties[2].update(organisation=STRANGER, name="Ministry of Rivers"),
        lambda parties: parties[0].update(identifiers=[{"scheme": "org-id", "id": "XX-EXAMPLE-9"}]),
        lambda parties: parties[2].update(leftOn="2026-03-02", agreementRole=["acceding", "withdrawn"]),
        lambda parties: parties.append({**parties[2], "name": "Ministry of Rivers", "organisation": STRANGER}),
    ],
)
def test_who_does_not_lead_cannot_correct_who_the_parties_are(small_world: World, change: Change) -> None:
    number = small_world.enter()
    document = changed(small_world.read(number), change)
    for party in document["parties"]:
        if party["organisation"] == STRANGER:
            party.pop("identifiers")
    with pytest.raises(Refused, match="does not lead the agreement: its correction cannot change who the parties are"):
        small_world.act(number, "corrected", {"reason": "So it is"}, by=RECEIVER, document=document)
    assert small_world.act(number, "corrected", {"reason": "So it is"}, by=LEAD, document=document).version == 2


def test_who_does_not_lead_corrects_the_rest(small_world: World) -> None:
    number = small_world.enter()

    def rest(parties: list[Json]) -> None:
        parties[1]["contact"] = "privacy@city.example"
        parties[2]["flowRole"] = ["host"]
        parties.reverse()

    document = changed(small_world.read(number), rest)
    assert small_world.act(number, "corrected", {"reason": "Ours"}, by=RECEIVER, document=document).version == 2


def test_the_lead_may_agree_that_another_leads(small_world: World) -> None:
    number = small_world.enter()
    document = changed(small_world.read(number), swap_lead)
    small_world.act(number, "amendment-proposed", {"reason": "We keep the record"}, by=RECEIVER, document=document)
    small_world.act(number, "amended", by=LEAD)
    with pytest.raises(Refused):
        small_world.act(number, "withdrawn", {"reason": "Twice"}, by=LEAD)
    small_world.act(number, "withdrawn", {"reason": "Twice"}, by=RECEIVER)


def test_a_correction_names_a_lead_where_there_is_none(small_world: World) -> None:
    document = complete(provenance={"source": "imported"})
    document["parties"][0]["agreementRole"] = ["signatory"]
    with small_world.database.write() as session:
        clock, ids, randomness = small_world.clock, small_world.ids, small_world.randomness
        number = sign_agreement(
            session, LOCAL_REGISTRAR, document, Source(), clock=clock, ids=ids, randomness=randomness
        ).id
    with pytest.raises(Refused, match="Correct the record first"):
        small_world.act(number, "withdrawn", {"reason": "Twice"}, by=LEAD)

    def lead_and_more(parties: list[Json]) -> None:
        parties[1]["agreementRole"] = ["lead-agency"]
        parties[0]["leftOn"] = "2026-03-02"

    def lead(parties: list[Json]) -> None:
        parties[0]["agreementRole"] = ["lead-agency", "signatory"]

    present = small_world.read(number)
    with pytest.raises(Refused, match="does not lead"):
        small_world.act(number, "corrected", {"reason": "Us"}, by=RECEIVER, document=changed(present, lead_and_more))
    small_world.act(number, "corrected", {"reason": "They"}, by=RECEIVER, document=changed(present, lead))
    small_world.act(number, "withdrawn", {"reason": "Twice"}, by=LEAD)


@pytest.mark.parametrize("event", ["corrected", "amended", "amendment-proposed"])
def test_an_officials_own_record_stays_one(small_world: World, event: str) -> None:
    number = small_world.enter()
    document = complete(purpose=None, provenance={**complete()["provenance"], "source": "imported"})
    with pytest.raises(Refused, match="stays one"):
        small_world.act(number, event, {"reason": "So"}, document=document)


@pytest.mark.parametrize("source", ["imported", "transcribed", "foi"])
def test_what_an_official_hands_in_is_the_officials_own(small_world: World, source: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        small_world.enter(document=complete(purpose=None, provenance={"source": source}))
    assert [problem.pointer for problem in caught.value.problems] == ["/provenance/source"]
    assert small_world.enter() == "dg-1"


def test_an_amendment_does_not_undo_what_came_after_it_was_proposed(small_world: World) -> None:
    number = small_world.enter()
    small_world.act(number, "amendment-proposed", {"reason": "More"}, by=RECEIVER, document=complete(scale="More"))
    small_world.act(number, "corrected", {"reason": "Typo"}, by=MATCHER, document=complete(purpose="A plain purpose."))
    with pytest.raises(Conflict, match="would undo what that changed"):
        small_world.act(number, "amended")
    again = complete(purpose="A plain purpose.", scale="More")
    small_world.act(number, "amendment-proposed", {"reason": "More"}, by=RECEIVER, document=again)
    assert small_world.act(number, "amended").document["purpose"] == "A plain purpose."


@pytest.mark.parametrize("event", ["amendment-proposed", "reviewed"])
def test_the_version_that_was_read_is_heeded_by_every_event(small_world: World, event: str) -> None:
    number = small_world.enter()
    small_world.act(number, "amended", document=complete(scale="More"))
    details = {"reason": "Less"} if event == "amendment-proposed" else {"date": "2026-03-02", "outcome": "continue"}
    document = complete(scale="Less") if event == "amendment-proposed" else None
    with pytest.raises(Conflict, match="has changed since you read it"):
        small_world.act(number, event, details, document=document, on_version=1)


def test_a_value_is_not_declared_blanked_while_it_stands(small_world: World) -> None:
    number = small_world.enter()
    details = {"version": 1, "pointer": "/purpose", "reason": "The law"}
    with pytest.raises(Refused, match="blanked where the register’s database is"):
        small_world.act(number, "redacted", details, by="registrar")


def test_a_record_in_an_older_version_is_brought_up_before_it_is_sealed(small_world: World) -> None:
    old = {
        "schemaVersion": "0.1.0",
        "title": "Boats for bridges",
        "parties": [{"name": "Ministry of Rivers", "organisation": STRANGER, "agreementRole": ["lead-agency"]}],
        "provenance": {"source": "imported"},
        "security": "A locked room",
    }
    with small_world.database.write() as session:
        tools = small_world.tools
        number = sign_agreement(
            session,
            LOCAL_REGISTRAR,
            {**old, "schemaVersion": "1.0.0", "security": {"text": "A room"}},
            Source(),
            clock=tools.clock,
            ids=tools.ids,
            randomness=tools.randomness,
        ).id
        act = Act("corrected", {"reason": "It is locked"}, old)
        sealed = act_on(session, small_world.who(STRANGER), loaded(session, number), act, tools).document
    assert (sealed["schemaVersion"], sealed["security"]) == ("1.0.0", {"text": "A locked room"})
