"""What a new version may not change, whoever makes it or by whom it is made: pure."""

from collections.abc import Sequence

from register.checks.fields import is_officials_own
from register.lifecycle.rules import PartyFacts
from schemas.canonical import Json, canonical_bytes
from schemas.errors import Refused

_WHO_IT_IS = ("name", "organisation", "identifiers", "agreementRole", "joinedOn", "leftOn")
"""The members of a party that decide who it is and what it may do."""

_LEAD = "lead-agency"


def require_kept(
    event: str, present: Json, document: Json, own: PartyFacts | None, parties: Sequence[PartyFacts]
) -> None:
    """What stays as it is: an official's own record stays one; the parties stay where one that does not lead corrects.

    Any party may correct what the record says of the deal. Who the parties are and which of them leads decides who may
    act: the lead changes that, or agrees to an amendment that does. Where nobody leads, a correction may name a lead.
    Raises Refused.
    """
    if is_officials_own(present) and not is_officials_own(document):
        raise Refused(
            "This record is an official’s own, and stays one.",
            "Write “official” under “source” of “provenance”, as it was.",
        )
    if event != "corrected" or (own is not None and own.leads):
        return
    before, after = _parties(present), _parties(document)
    nobody_leads = not any(party.leads and not party.has_left for party in parties)
    if before == after or (nobody_leads and _names_a_lead(before, after)):
        return
    raise Refused(
        f"{own.name if own else 'A party'} does not lead the agreement: its correction cannot change who the parties "
        f"are, their roles (agreementRole), or when they joined or left.",
        "Leave “parties” in these as they are, and dispute the version; or propose an amendment, to which the lead "
        "party agrees (gazette register amend ID FILE --propose).",
    )


def _parties(document: Json) -> list[Json]:
    """Who the parties are, in an order that does not depend on the record's."""
    kept = [{name: party[name] for name in _WHO_IT_IS if name in party} for party in document["parties"]]
    return sorted(kept, key=lambda party: str(party["name"]))


def _names_a_lead(before: Sequence[Json], after: Sequence[Json]) -> bool:
    """Whether the parties are the same but for one that now leads."""
    leading = [party for party in after if _LEAD in party.get("agreementRole", ())]
    return len(leading) == 1 and _sealed(before) == _sealed(after)


def _sealed(parties: Sequence[Json]) -> list[bytes]:
    """The parties without the role of the lead."""
    bare = []
    for party in parties:
        roles = sorted(role for role in party.get("agreementRole", ()) if role != _LEAD)
        rest = {name: value for name, value in party.items() if name != "agreementRole"}
        bare.append(canonical_bytes({**rest, "agreementRole": roles}))
    return bare
