"""A party joins or leaves: the deal as it is once it has, pure."""

from schemas.canonical import Json
from schemas.errors import Refused


def with_party(document: Json, details: Json, party: Json) -> Json:
    """The deal with one more party: what the event says of it, and whatever else `party` states.

    Raises Refused where a party of that name or organisation is there and has not left.
    """
    joining = {**party, "name": details["name"]}
    if "organisation" in details:
        joining["organisation"] = details["organisation"]
    if "joinedOn" in details:
        joining["joinedOn"] = details["joinedOn"]
    roles = joining.get("agreementRole", [])
    if isinstance(roles, list):  # what is none is told when the deal is checked
        joining["agreementRole"] = roles if "acceding" in roles else [*roles, "acceding"]
    present = [one for one in document["parties"] if _is(one, details)]
    if any(not has_left(one) for one in present):
        raise Refused(f"{details['name']} is a party already.", "Amend the agreement to change its part.")
    others = [one for one in document["parties"] if not _is(one, details)]
    return {**document, "parties": [*others, joining]}


def without_party(document: Json, details: Json) -> Json:
    """The deal once a party has left: it stays named, with the role `withdrawn` and the day, as its data may remain.

    Raises Refused where it is none of the parties, has left already, or leads.
    """
    leaving = next((one for one in document["parties"] if _is(one, details) and not has_left(one)), None)
    if leaving is None:
        names = ", ".join(one["name"] for one in document["parties"] if not has_left(one))
        raise Refused(f"{details['name']} is none of the parties.", f"The parties are: {names}.")
    if "lead-agency" in leaving.get("agreementRole", ()):
        raise Refused(
            f"{leaving['name']} leads the agreement and cannot leave it.",
            "Amend the agreement first, so that another party leads, or end it.",
        )
    kept = [role for role in leaving.get("agreementRole", ()) if role != "withdrawn"]
    left = {**leaving, "agreementRole": [*kept, "withdrawn"]}
    if "leftOn" in details:
        left["leftOn"] = details["leftOn"]
    return {**document, "parties": [left if one is leaving else one for one in document["parties"]]}


def has_left(party: Json) -> bool:
    """Whether a party is one no longer."""
    return "leftOn" in party or "withdrawn" in party.get("agreementRole", ())


def _is(party: Json, details: Json) -> bool:
    named = party.get("organisation")
    if named and "organisation" in details:
        return bool(named == details["organisation"])
    return bool(party.get("name") == details.get("name"))
