"""Who may do what in which state: the table of the register's life, pure.

The same table stands for readers in the codelist `agreement-event` (columns from, to, by); a test holds the two
together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from schemas.actor import Actor, Role
from schemas.codelists import title_of
from schemas.errors import Conflict, NotFound, Refused


class Who(StrEnum):
    """Who may bring an event about, in the words of the codelist."""

    PARTY = "approver of a party"
    THAT_PARTY = "approver of that party"
    LEAD = "approver of the lead party"
    LEAD_OR_IMPORT = "approver of the lead party; registrar for imports"
    RECIPIENT = "approver of a recipient"
    LEAD_OR_REGISTRAR = "lead party, registrar"
    REGISTRAR = "registrar"


@dataclass(frozen=True, slots=True)
class Rule:
    """One event of the table: the states it starts from (`agreement-state`), and who may bring it about."""

    states: frozenset[str]
    who: Who


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A party as the rules see it. `organisation` is an organisation's id, None where it is not known here."""

    name: str
    organisation: str | None
    slug: str | None
    leads: bool
    receives: bool
    has_left: bool


_PUBLIC = frozenset(
    {"proposed", "rejected", "signed", "in-force", "suspended", "ended", "withdrawn", "dates-not-stated"}
)
_LIVING = frozenset({"signed", "in-force", "suspended"})
_AND_AFTER = _LIVING | {"ended"}
_OPEN_TO_ADVICE = frozenset({"proposed", "signed", "in-force"})

RULES: Mapping[str, Rule] = {
    "proposed": Rule(frozenset({"draft"}), Who.PARTY),
    "rejected": Rule(frozenset({"proposed"}), Who.REGISTRAR),
    "signed": Rule(frozenset({"draft", "proposed"}), Who.LEAD_OR_IMPORT),
    "amendment-proposed": Rule(_LIVING, Who.PARTY),
    "amended": Rule(_LIVING, Who.LEAD),
    "party-acceded": Rule(_LIVING, Who.LEAD),
    "party-left": Rule(_LIVING, Who.LEAD),
    "corrected": Rule(_PUBLIC, Who.PARTY),
    "suspended": Rule(frozenset({"in-force"}), Who.LEAD_OR_REGISTRAR),
    "resumed": Rule(frozenset({"suspended"}), Who.LEAD_OR_REGISTRAR),
    "reviewed": Rule(_AND_AFTER, Who.PARTY),
    "renewed": Rule(_AND_AFTER, Who.PARTY),
    "incident-recorded": Rule(_AND_AFTER, Who.PARTY),
    "terminated": Rule(_LIVING, Who.PARTY),
    "disposal-confirmed": Rule(frozenset({"ended"}), Who.RECIPIENT),
    "withdrawn": Rule(_PUBLIC, Who.LEAD_OR_REGISTRAR),
    "confirmed": Rule(_PUBLIC, Who.THAT_PARTY),
    "disputed": Rule(_PUBLIC, Who.THAT_PARTY),
    "consultation-opened": Rule(_OPEN_TO_ADVICE, Who.REGISTRAR),
    "recommended": Rule(_OPEN_TO_ADVICE, Who.REGISTRAR),
    "redacted": Rule(_PUBLIC, Who.REGISTRAR),
}
"""Every event there is."""

_LIKE_IN_FORCE = "dates-not-stated"
"""A record whose source leaves out its dates is signed or in force, nobody knows which: both rules hold for it."""


def rule_of(event: str) -> Rule:
    """The rule of an event. Raises NotFound for one that there is not."""
    if event not in RULES:
        raise NotFound(f"There is no event “{event}”.", f"There are: {', '.join(sorted(RULES))}.")
    return RULES[event]


def require_state(event: str, state: str, name: str) -> None:
    """Raises Refused, naming what may be done instead, where an event does not start from a state."""
    states = rule_of(event).states
    if state in states or (state == _LIKE_IN_FORCE and states & _LIVING):
        return
    possible = sorted(title_of("agreement-event", other) for other in RULES if state in RULES[other].states)
    raise Conflict(
        f"{name} is in the state “{title_of('agreement-state', state)}”; "
        f"“{title_of('agreement-event', event)}” starts from {_listed(states)}.",
        f"From here these are possible: {', '.join(possible)}.",
    )


def require_authority(event: str, actor: Actor, parties: list[PartyFacts]) -> PartyFacts | None:
    """The party for which an actor brings an event about; None for the registrar.

    Raises Refused, saying who may, where the actor may not.
    """
    who = rule_of(event).who
    if who in {Who.REGISTRAR, Who.LEAD_OR_REGISTRAR} and Role.REGISTRAR in actor.roles:
        return None
    if who is Who.REGISTRAR:
        raise Refused("Only the registrar can do this.", "Ask the registrar.")
    require_approver(event, actor, parties)
    mine = [party for party in parties if actor.organisation and party.organisation == actor.organisation]
    if not mine:
        raise Refused("Your organisation is no party of this agreement.", _may(who, parties))
    fitting = [party for party in mine if _fits(party, who)]
    if fitting:
        return fitting[0]
    if who in {Who.LEAD, Who.LEAD_OR_IMPORT, Who.LEAD_OR_REGISTRAR} and not any(party.leads for party in parties):
        raise Refused(
            "This is for the lead party, and the record names none.",
            "Correct the record first: give one party the role “lead-agency” (agreementRole).",
        )
    raise Refused(f"{mine[0].name} cannot do this: it is for {_for(who)}.", _may(who, parties))


def require_approver(event: str, actor: Actor, parties: list[PartyFacts]) -> None:
    """Raises Refused, saying who may, where the actor approves for no organisation."""
    if Role.APPROVER in actor.roles and actor.organisation:
        return
    who = rule_of(event).who
    raise Refused(
        f"This can be done by an {_told(who)}; the account “{actor.account}” is none.",
        f"{_may(who, parties)} Say who you are with --as ACCOUNT, or sign in with “gazette login”.".strip(),
    )


def require_own_party(actor: Actor, parties: list[PartyFacts]) -> PartyFacts:
    """The party that an actor's organisation is. Raises Refused where it is none."""
    for party in parties:
        if actor.organisation and party.organisation == actor.organisation:
            return party
    known = [party.name for party in parties if party.organisation]
    raise Refused(
        "Your organisation is no party of this agreement; an official acts for their own organisation only.",
        f"The parties known here are: {', '.join(known) or 'none'}. "
        "Write your organisation’s short name under “organisation” of its party (see “gazette organisations list”).",
    )


def _fits(party: PartyFacts, who: Who) -> bool:
    if who is Who.RECIPIENT:
        return party.receives  # one that has left must destroy its data all the same
    if party.has_left and who is not Who.THAT_PARTY:
        return False
    return party.leads if who in {Who.LEAD, Who.LEAD_OR_IMPORT, Who.LEAD_OR_REGISTRAR} else True


def _told(who: Who) -> str:
    if who is Who.THAT_PARTY:
        return str(Who.PARTY)
    return str(Who.LEAD) if who in {Who.LEAD_OR_IMPORT, Who.LEAD_OR_REGISTRAR} else str(who)


def _for(who: Who) -> str:
    match who:
        case Who.RECIPIENT:
            return "a party that receives data"
        case Who.PARTY | Who.THAT_PARTY:
            return "a party that has not left"
        case _:
            return "the lead party"


def _may(who: Who, parties: list[PartyFacts]) -> str:
    names = [party.name for party in parties if party.organisation and _fits(party, who)]
    if not names:
        return f"No party that is {_for(who)} is known in this catalogue." if parties else ""
    if len(names) > 5:
        return f"An approver of any of the {len(names)} parties can that it is open to."
    return f"An approver of {' or of '.join(names)} can."


def _listed(states: frozenset[str]) -> str:
    titles = [f"“{title_of('agreement-state', state)}”" for state in sorted(states)]
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} or {titles[-1]}"
