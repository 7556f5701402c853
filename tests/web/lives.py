"""Agreements whose whole life was played: every state, and everything that can be said beside the deal."""

from copy import deepcopy
from typing import Any

from sqlalchemy.orm import Session

from catalogue.organisations.record import OrganisationDetails, record_organisation
from register.lifecycle.acting import Act, Tools, act_on, enter, loaded
from schemas.actor import LOCAL_REGISTRAR, Actor, Role
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.contract import load_part
from tests.fakes import FakeClock
from web.accounts.record import add_account

RIVERS, COUNCIL, BRIDGES, FERRIES = "ministry-of-rivers", "upstream-council", "office-of-bridges", "society-of-ferries"
_NAMES = {
    "Example Revenue Agency": "Ministry of Rivers",
    "Example City Council": "Upstream Council",
    "Example Data Services Agency": "Office of Bridges",
}
_BODIES = {RIVERS: "Ministry of Rivers", COUNCIL: "Upstream Council", BRIDGES: "Office of Bridges",
           FERRIES: "Society of Ferries"}  # fmt: skip
WITH_ACCOUNTS = (RIVERS, COUNCIL, BRIDGES)

PROPOSED, REJECTED, CONFIRMED, AMENDED, SUSPENDED, ENDED, WITHDRAWN, RENEWED = (f"dg-{n}" for n in range(5, 13))
"""The numbers that the played agreements get behind the four others."""


def deal(title: str, **members: Any) -> Json:
    """A complete agreement between the bodies of this file; a member given as None is left out."""
    document = _renamed(deepcopy(load_part(AGREEMENT_VERSION, "examples", "complete")))
    for party, slug in zip(document["parties"], WITH_ACCOUNTS, strict=True):
        party["organisation"] = slug
        del party["identifiers"]
    for flow in document["flows"]:
        for link in flow["datasets"]:
            del link["catalogueId"]
            link["uncatalogued"] = "Not in the catalogue yet."
    document |= {"title": title, "provenance": {"source": "official", "registeredBy": RIVERS}, **members}
    return {name: value for name, value in document.items() if value is not None and name not in {"id", "externalIds"}}


def _renamed(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _renamed(member) for name, member in node.items()}
    if isinstance(node, list):
        return [_renamed(member) for member in node]
    return _NAMES.get(node, node) if isinstance(node, str) else node


class Player:
    """Brings events about, one every few minutes, each by an official of the body named."""

    def __init__(self, session: Session, tools: Tools, clock: FakeClock) -> None:
        self._session, self._tools, self._clock = session, tools, clock
        self._officials: dict[str, Actor] = {}

    def people(self) -> "Player":
        """Make the bodies, and accounts for those that have one."""
        for slug, name in _BODIES.items():
            details = OrganisationDetails(name=name, slug=slug)
            body = record_organisation(self._session, details, self._clock, self._tools.ids)[1]
            roles = frozenset({Role.EDITOR, Role.APPROVER})
            self._officials[slug] = Actor(f"{slug}-team", body.id, roles)
            if slug in WITH_ACCOUNTS:
                add_account(self._session, LOCAL_REGISTRAR, f"{slug}-team", roles, organisation=slug, clock=self._clock)
        return self

    def enter(self, document: Json, event: str = "signed", by: str = RIVERS) -> str:
        """Make an agreement public; gives its number."""
        self._clock.advance(minutes=1)
        return enter(self._session, self._who(by), event, document, {}, self._tools).id

    def act(self, number: str, event: str, by: str = RIVERS, changed: Json | None = None, **details: Any) -> None:
        """Bring one event about."""
        self._clock.advance(minutes=1)
        act_on(self._session, self._who(by), loaded(self._session, number), Act(event, details, changed), self._tools)

    def _who(self, slug: str) -> Actor:
        return LOCAL_REGISTRAR if slug == "registrar" else self._officials[slug]


def play(player: Player) -> None:
    """Play every life; the agreements get the numbers named above."""
    _proposals(player)
    _texts(player)
    _ends(player)
    _renewal(player)


def _proposals(player: Player) -> None:
    number = player.enter(deal("Water levels for flood warnings", signedOn=None), "proposed", by=COUNCIL)
    player.act(
        number,
        "consultation-opened",
        by="registrar",
        opened="2026-03-02",
        closes="2026-04-30",
        question="Should every street be warned?",
        contact="comments@rivers.example",
        law="Rivers Act 2020 s.5",
    )
    player.act(
        number,
        "recommended",
        by="registrar",
        body="Board for Data",
        date="2026-03-01",
        recommendations=[
            {"text": "Warn by post too.", "response": "We will.", "status": "accepted"},
            {"text": "Keep nothing.", "response": "The law asks for a year.", "status": "not-accepted"},
        ],
    )
    number = player.enter(deal("Boat owners for parking", signedOn=None), "proposed", by=COUNCIL)
    player.act(number, "rejected", by="registrar", reason="Nobody could say why it was needed.", decidedOn="2026-03-02")


def _texts(player: Player) -> None:
    ferries = {"name": "Society of Ferries", "organisation": FERRIES, "flowRole": ["host"]}
    member = deal("")["parties"][2]
    ferries = {**member, **ferries, "agreementRole": ["signatory"]}
    parties = [*deal("")["parties"], ferries]
    number = player.enter(deal("River tolls and who owes them", parties=parties))
    player.act(number, "confirmed", by=COUNCIL, version=1, note="Read by our board.")
    player.act(
        number, "disputed", by=BRIDGES, version=1, reason="We match nothing on Sundays", fields=["/parties/2/name"]
    )
    title = "Moorings and their owners"
    number = player.enter(deal(title))
    player.act(number, "confirmed", by=COUNCIL, version=1)
    player.act(number, "amended", changed=deal(title, scale="Nine hundred boats"), reason="More boats came.")
    player.act(number, "party-acceded", name="Society of Ferries", organisation=FERRIES, joinedOn="2026-03-02",
               changed={"parties": [ferries]})  # fmt: skip
    player.act(
        number,
        "amendment-proposed",
        by=COUNCIL,
        reason="The quarter is too long",
        changed=deal(title, scale="Nine hundred boats", parties=parties, frequency=["ongoing"]),
    )


def _ends(player: Player) -> None:
    number = player.enter(deal("Locks and their keepers"))
    player.act(number, "suspended", reason="A key was lost", suspendedOn="2026-03-02")
    title = "Ferry passengers in need"
    number = player.enter(deal(title))
    promise = deal(title)["expectedBenefits"][0]["text"]
    player.act(
        number,
        "incident-recorded",
        by=COUNCIL,
        date="2026-03-01",
        nature="over-sharing",
        text="Forty rows too many were sent.",
        subjectsAffected=40,
        reportedToRegulator=True,
        peopleTold=False,
        remedy="The rows were deleted.",
    )
    player.act(
        number,
        "reviewed",
        date="2026-03-02",
        outcome="end",
        changes="It did what it was for.",
        realisedBenefits=[
            {"benefit": promise, "date": "2026-02", "text": "Half as many visits.", "measure": "120 instead of 240"},
            {"text": "Two lists became one."},
        ],
        outputs=[{"text": "A yearly table", "url": "https://rivers.example/table"}],
    )
    player.act(number, "terminated", endedOn="2026-03-02", reason="The ferry stopped", by=COUNCIL)
    player.act(
        number, "disposal-confirmed", by=COUNCIL, disposalConfirmedOn="2026-03-02", method="secure-erasure",
        text="All but one table.", document="https://upstream.example/certificate",
    )  # fmt: skip
    number = player.enter(deal("Locks and keepers, entered twice"))
    player.act(number, "withdrawn", reason="It was entered twice", successor={"agreement": SUSPENDED})


def _renewal(player: Player) -> None:
    number = player.enter(deal("Bridges that carry a toll"))
    player.act(
        number, "renewed", date="2026-03-02", endsOn="2031-02-28", nextReviewOn="2028-03-01", reason="Tolls go on."
    )
    player.act(number, "reviewed", by=COUNCIL, date="2026-03-02", outcome="continue", changes="All is well.")
