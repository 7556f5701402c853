"""Bringing an event about: who may, from which state, what it says, and the version it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalogue.organisations.models import Organisation
from register.agreements.body import seal
from register.agreements.events import NewEvent, append, body_document, locked_head, next_agreement_id
from register.agreements.life import VERSION_EVENTS
from register.agreements.models import Agreement, AgreementEvent, AgreementParty, RegisterHead
from register.agreements.proceedings import dates_in_force
from register.agreements.projection import content_of, parties_in, party_organisation, project
from register.agreements.read import state_now
from register.agreements.record import newest_body, require_free_numbers
from register.lifecycle.details import Setting, check_details
from register.lifecycle.keeping import require_kept
from register.lifecycle.membership import has_left, with_party, without_party
from register.lifecycle.rules import PartyFacts, require_approver, require_authority, require_state
from register.lifecycle.submission import require_submission
from schemas.actor import Actor
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.cleaning import clean_document
from schemas.clock import Clock, Ids, Randomness
from schemas.codelists import title_of
from schemas.contract import check_event
from schemas.errors import Conflict, InvalidInput, InvalidRecord, NotFound, Refused
from schemas.problems import Problem, errors_in
from schemas.upgrades import upgrade


@dataclass(frozen=True, slots=True)
class Tools:
    """Clock, ids and chance, as the edges hand them in."""

    clock: Clock
    ids: Ids
    randomness: Randomness


@dataclass(frozen=True, slots=True)
class Act:
    """What is to happen: the event's code, what it says, and the deal where it changes it.

    `on_version` and `on_event` are the version and the last event that the actor had before their eyes: the act is
    refused where the record has gone on since.
    """

    event: str
    details: Json
    document: Json | None = None
    on_version: int | None = None
    on_event: int | None = None


_EFFECTIVE: Mapping[str, str] = {
    "reviewed": "date",
    "renewed": "date",
    "incident-recorded": "date",
    "recommended": "date",
    "terminated": "endedOn",
    "suspended": "suspendedOn",
    "resumed": "resumedOn",
    "withdrawn": "withdrawnOn",
    "rejected": "decidedOn",
    "disposal-confirmed": "disposalConfirmedOn",
    "party-acceded": "joinedOn",
    "party-left": "leftOn",
    "amended": "effectiveFrom",
    "consultation-opened": "opened",
}
"""The member of what an event says that gives the day it applies from; else the deal's own first day."""


def act_on(session: Session, actor: Actor, agreement: Agreement, act: Act, tools: Tools) -> Agreement:
    """Bring one event about for an agreement that is public.

    Raises Refused where the actor may not, the state does not allow it, or the record has gone on; InvalidRecord with
    every problem where what is said, or the deal, breaks the rules.
    """
    head = locked_head(session)
    session.refresh(agreement)  # another may have acted before the lock was ours
    _require_unchanged(agreement, act)
    today = tools.clock().date()
    require_state(act.event, state_now(agreement, today), agreement.id)
    own = require_authority(act.event, actor, party_facts(agreement))
    if act.event == "redacted":  # to declare a value blanked is not to blank it
        raise Refused(
            "A value is blanked where the register’s database is, and nowhere else.",
            f"There, run: gazette register redact {agreement.id} POINTER --reason TEXT",
        )
    act = replace(act, details=clean_document(_with_actor(act, own, agreement))[0])
    _require_details(session, act, agreement, today)
    _require_news(agreement, act, own)
    new = NewEvent(
        agreement_id=agreement.id,
        event=act.event,
        details=seal(act.details, tools.randomness) if act.details else None,
        schema_version=AGREEMENT_VERSION,
        effective=act.details.get(_EFFECTIVE.get(act.event, "")),
        actor_organisation=_slug_of(session, actor),
    )
    if act.event in VERSION_EVENTS or act.event == "amendment-proposed":
        new = _with_deal(session, agreement, act, new, own, tools)
    elif act.document is not None:
        raise InvalidInput(f"The event “{act.event}” does not change the deal.", "Leave the document out.")
    return _appended(session, head, new, tools)


def enter(session: Session, actor: Actor, event: str, document: Json, details: Json, tools: Tools) -> Agreement:
    """Make a draft public, as `proposed` or as `signed`: it gets its number.

    The record is checked before its parties are read, as nobody has looked at it yet. Raises as `act_on` does.
    """
    require_approver(event, actor, [])
    document = _cleaned({name: value for name, value in document.items() if name != "id"})
    require_submission(session, document, event, tools.clock(), is_new=True)
    document = upgrade(document)
    require_authority(event, actor, facts_of_document(session, document))
    details = clean_document(details)[0]
    problems = errors_in(check_event(details, event, AGREEMENT_VERSION))
    if problems:
        raise InvalidRecord("What is said of the event breaks the rules.", problems)
    head = locked_head(session)
    require_free_numbers(session, document, None)
    document = {"id": next_agreement_id(head), **document}
    new = NewEvent(
        agreement_id=document["id"],
        event=event,
        version=1,
        body=seal(document, tools.randomness),
        details=seal(details, tools.randomness) if details else None,
        schema_version=AGREEMENT_VERSION,
        effective=document.get("effectiveFrom"),
        actor_organisation=_slug_of(session, actor),
    )
    return _appended(session, head, new, tools)


def party_facts(agreement: Agreement) -> list[PartyFacts]:
    """The parties of an agreement's present version as the rules see them."""
    return [_facts(row, party) for row, party in zip(agreement.parties, agreement.document["parties"], strict=True)]


def facts_of_document(session: Session, document: Json) -> list[PartyFacts]:
    """The parties of a document that is in no register yet, as the rules see them."""
    if not isinstance(document.get("parties"), list):
        return []
    stated = [party for party in document["parties"] if isinstance(party, dict) and isinstance(party.get("name"), str)]
    rows = [
        AgreementParty(organisation=party_organisation(session, party), **values)
        for party, values in zip(stated, parties_in({**document, "parties": stated}), strict=True)
    ]
    return [_facts(row, party) for row, party in zip(rows, stated, strict=True)]


def loaded(session: Session, number: str) -> Agreement:
    """An agreement with its parties and their organisations. Raises NotFound."""
    parties = selectinload(Agreement.parties).selectinload(AgreementParty.organisation)
    found = session.scalar(select(Agreement).where(Agreement.id == number).options(parties))
    if found is None:
        raise NotFound(f"There is no agreement “{number}”.", "See “gazette register list” for those there are.")
    return found


def _facts(row: AgreementParty, party: Json) -> PartyFacts:
    return PartyFacts(
        name=party["name"],
        organisation=row.organisation.id if row.organisation else None,
        slug=row.organisation.slug if row.organisation else None,
        leads="lead-agency" in party.get("agreementRole", ()),
        receives=row.receives,
        has_left=has_left(party),
    )


def _cleaned(document: Json) -> Json:
    cleaned: Json = clean_document(document)[0]
    return cleaned


def _with_actor(act: Act, own: PartyFacts | None, agreement: Agreement) -> Json:
    """What the event says, with the acting party and the version filled in where they are left out."""
    if act.event in {"confirmed", "disputed"} and own is not None:
        if act.details.get("party", own.slug) != own.slug:
            raise Refused(f"You act for {own.name} only.", f"Leave “party” out, or write “{own.slug}”.")
        return {**act.details, "party": own.slug}
    if act.event == "disposal-confirmed" and own is not None:
        if act.details.get("party", own.name) not in {own.name, own.slug}:
            raise Refused(f"You act for {own.name} only.", f"Leave “party” out, or write “{own.name}”.")
        return {**act.details, "party": own.name}
    if act.event == "consultation-opened":
        return {"version": agreement.version, **act.details}
    return act.details


def _require_unchanged(agreement: Agreement, act: Act) -> None:
    stale = act.on_version is not None and act.on_version != agreement.version
    if stale or (act.on_event is not None and act.on_event != agreement.last_event):
        raise Conflict(
            f"{agreement.id} has changed since you read it: it stands at version {agreement.version}, "
            f"event {agreement.last_event}.",
            f"Read it again (gazette register show {agreement.id}), then decide again.",
        )


def _require_details(session: Session, act: Act, agreement: Agreement, today: date) -> None:
    problems = errors_in(check_event(act.details, act.event, AGREEMENT_VERSION))
    if not problems:
        proceedings = agreement.proceedings or {}
        dates = dates_in_force(agreement.document, proceedings)
        setting = Setting(agreement.document, dates, agreement.version, today, proceedings)
        problems = [
            *errors_in(check_details(act.event, act.details, setting)),
            *_successor_problems(session, act, agreement),
        ]
    if problems:
        title = title_of("agreement-event", act.event)
        raise InvalidRecord(f"“{title}” cannot be recorded for {agreement.id} as it is.", problems)


def _successor_problems(session: Session, act: Act, agreement: Agreement) -> list[Problem]:
    """What a withdrawn agreement is said to be followed by must be there, and be another."""
    number = act.details.get("successor", {}).get("agreement")
    if number is None or (number != agreement.id and session.get(Agreement, number) is not None):
        return []
    return [
        Problem(
            "/successor/agreement",
            f"{number} cannot stand in its place: it is "
            + ("the agreement itself." if number == agreement.id else "not in this register."),
            "Give the number of the agreement that does (gazette register list), or leave it out.",
            title="Successor",
        )
    ]


def _require_news(agreement: Agreement, act: Act, own: PartyFacts | None) -> None:
    """What says nothing new, or changes nothing, is refused: a history holds what happened, and no echo of it."""
    proceedings = agreement.proceedings or {}
    if act.event == "confirmed" and own is not None:
        said = [
            (entry["event"], kind)
            for kind in ("confirmations", "disputes")
            for entry in proceedings.get(kind, ())
            if entry["party"] == own.slug and entry["version"] == agreement.version
        ]
        if said and max(said)[1] == "confirmations":
            raise Conflict(f"{own.name} has confirmed version {agreement.version} already.", "There is nothing to do.")
    if act.event == "renewed" and agreement.standing == "ended":
        raise Conflict(
            f"{agreement.id} was ended early, and a renewal would not bring it back.",
            f"Register a new agreement that says it renews {agreement.id} (relatedAgreements).",
        )
    if act.event == "withdrawn" and agreement.standing == "withdrawn":
        raise Conflict(f"{agreement.id} is withdrawn already.", "There is nothing to do.")


def _with_deal(
    session: Session, agreement: Agreement, act: Act, new: NewEvent, own: PartyFacts | None, tools: Tools
) -> NewEvent:
    """The event with the deal it makes, checked; and its version, unless it is only proposed."""
    present = upgrade(agreement.document)
    document = _deal(session, agreement, act)
    document = {"id": agreement.id, **{name: value for name, value in document.items() if name != "id"}}
    if act.event != "signed" and content_of(document) == content_of(present):
        raise Conflict(
            f"This is word for word version {agreement.version} of {agreement.id}; nothing would change.",
            "Change what is to change in the file, and try again.",
        )
    require_submission(session, document, act.event, tools.clock())
    document = upgrade(document)
    require_kept(act.event, present, document, own, party_facts(agreement))
    require_free_numbers(session, document, agreement.id)
    version = agreement.version + 1 if act.event in VERSION_EVENTS else None
    return replace(
        new,
        version=version,
        body=seal(document, tools.randomness),
        previous_body_sha256=newest_body(session, agreement.id),
        effective=new.effective or document.get("effectiveFrom"),
    )


def _deal(session: Session, agreement: Agreement, act: Act) -> Json:
    """The deal that an act makes: the document given, else what the event itself makes of the present one."""
    present = upgrade(agreement.document)
    match act.event:
        case "party-acceded":
            return _joined(present, act)
        case "party-left" if act.document is not None:
            raise InvalidInput(
                "A party leaves by its name alone; a record given with it would change nothing.",
                "Leave the record out. What else changes when the party goes is an amendment of its own.",
            )
        case "party-left":
            return without_party(present, act.details)
        case "amended" if act.document is None:
            pending = (agreement.proceedings or {}).get("pendingAmendment")
            if pending is None:
                raise Conflict(f"No amendment of {agreement.id} waits to be agreed.", "Give the changed record.")
            _require_made_from_newest(session, agreement, pending)
            return body_document(session, pending["bodySha256"])
        case "signed" if act.document is None:
            return present
        case _ if act.document is None:
            raise InvalidInput(f"The event “{act.event}” needs the changed record.", "Give it as a file.")
    return _cleaned(act.document)


def _require_made_from_newest(session: Session, agreement: Agreement, pending: Json) -> None:
    """What was proposed before the newest version would undo that version: its proposer is to look at it again."""
    proposed = session.get_one(AgreementEvent, pending["event"])
    if proposed.previous_body_sha256 != newest_body(session, agreement.id):
        raise Conflict(
            f"The amendment was proposed before version {agreement.version} of {agreement.id}, "
            "and would undo what that changed.",
            "Have it proposed again, made from the newest version; or give the changed record as FILE.",
        )


def _joined(present: Json, act: Act) -> Json:
    """The deal with the party that joins; a document given with it tells the party's part, and changes nothing else."""
    given = _cleaned(act.document) if act.document is not None else {}
    parties = given.get("parties", [])
    if not isinstance(parties, list):
        raise InvalidInput("“parties” of the record is no list.", "Give the party that joins in a list, even if alone.")
    stated = [one for one in parties if isinstance(one, dict) and one.get("name") == act.details["name"]]
    joined = with_party(present, act.details, stated[0] if stated else {})
    return {**joined, "flows": given["flows"]} if "flows" in given else joined


def _slug_of(session: Session, actor: Actor) -> str | None:
    if actor.organisation is None:
        return None
    return session.get_one(Organisation, actor.organisation).slug


def _appended(session: Session, head: RegisterHead, new: NewEvent, tools: Tools) -> Agreement:
    append(session, head, new, tools.clock)
    return project(session, new.agreement_id, tools.clock, tools.ids)


def last_event_of(session: Session, agreement: Agreement) -> AgreementEvent:
    """The newest event of an agreement."""
    return session.get_one(AgreementEvent, agreement.last_event)
