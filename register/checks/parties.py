"""Who does what: a discloser and a recipient, one lead, and flows that fit the roles of the parties."""

from collections.abc import Iterator

from register.checks.fields import group, groups, listed, text, title_at
from schemas.canonical import Json
from schemas.problems import Problem, Severity

SIDES_RULE = "register rule: a discloser and a recipient"
LEAD_RULE = "register rule: one party leads"
FLOWS_RULE = "register rule: flows fit the roles"
CHOICE_RULE = "register rule: none or some"
WORDS_RULE = "register rule: said in words beside the code"
REVIEW_RULE = "register rule: an open end has a review"

_SENDS = {"discloser", "intermediary", "host"}
_RECEIVES = {"recipient", "intermediary", "host"}
_ASIDE = {"intermediary", "host"}
_IN_WORDS = {"other-law", "event"}


def roles_missing(document: Json) -> list[Problem]:
    """Nobody who sends or who receives, two who lead, or a lead that has left.

    Silent where a record states no role and no flow.
    """
    return [*_sides(document), *_leads(document)]


def flows_that_do_not_fit(document: Json) -> list[Problem]:
    """Flows from a party to itself, with one short name, or that contradict the roles; parties in no flow."""
    return [*_to_itself(document), *_flow_names(document), *_against_roles(document), *_in_no_flow(document)]


def half_said(document: Json) -> list[Problem]:
    """Contradictions inside one field: “none” beside some, a link beside the reason for none; words that are owed."""
    return [*_none_and_some(document), *_words_owed(document)]


def _sides(document: Json) -> Iterator[Problem]:
    flows = [flow for _, flow in groups(document, "flows")]
    roles = {role for _, party in groups(document, "parties") for role in _roles(party)}
    sends = "discloser" in roles or any(text(flow.get("from")) for flow in flows)
    receives = "recipient" in roles or any(text(flow.get("to")) for flow in flows)
    if not roles and not sends and not receives:
        return
    if not sends:
        yield _problem(
            "/parties",
            "Nobody sends the data.",
            "Give the party that sends it the role “discloser”, and name it under “from” in each flow.",
            rule=SIDES_RULE,
        )
    if not receives:
        yield _problem(
            "/parties",
            "Nobody receives the data.",
            "Give the party that receives it the role “recipient”, and name it under “to” in each flow.",
            rule=SIDES_RULE,
        )


def _leads(document: Json) -> Iterator[Problem]:
    leads = [
        text(party.get("name"))
        for _, party in groups(document, "parties")
        if "lead-agency" in listed(party.get("agreementRole"))
    ]
    if len(leads) > 1:
        yield _problem(
            "/parties",
            f"{len(leads)} parties lead the agreement: {', '.join(leads)}.",
            "Keep the role “lead-agency” at the one that keeps the record and speaks for the parties.",
            rule=LEAD_RULE,
        )
    for place, party in groups(document, "parties"):
        roles = listed(party.get("agreementRole"))
        if "lead-agency" in roles and ("leftOn" in party or "withdrawn" in roles):
            yield _problem(
                f"{place}/agreementRole",
                f"“{text(party.get('name'))}” leads the agreement and has left it: nobody could keep the record.",
                "Give the role “lead-agency” to a party that stays.",
                rule=LEAD_RULE,
            )


def _to_itself(document: Json) -> Iterator[Problem]:
    for place, flow in groups(document, "flows"):
        sender = text(flow.get("from"))
        if sender and sender == text(flow.get("to")) and not text(flow.get("note")):
            yield _problem(
                f"{place}/to",
                f"“{sender}” sends to itself here.",
                "Name the one who receives the data, or say in “note” which parts of the body share with each other.",
            )


def _flow_names(document: Json) -> Iterator[Problem]:
    """Short names of flows that stand twice, and earlier flows of this record that are not there."""
    flows = list(groups(document, "flows"))
    seen: set[str] = set()
    for place, flow in flows:
        name = text(flow.get("id"))
        if name and name in seen:
            yield _problem(f"{place}/id", f"Another flow is called “{name}” too.", "Give each a short name of its own.")
        seen.add(name)
    known = sorted(seen - {""})
    for place, flow in flows:
        for where, earlier in groups(flow, "derivedFrom", place):
            name = text(earlier.get("flow"))
            if not name or "agreement" in earlier:
                continue
            if name == text(flow.get("id")):
                yield _problem(
                    f"{where}/flow", "The flow is passed on from itself.", "Name the flow that comes before."
                )
            elif name not in seen:
                advice = f"Write one of: {', '.join(known)}." if known else "Give the flows short names (“id”) first."
                yield _problem(f"{where}/flow", f"No flow of this record is called “{name}”.", advice)


def _against_roles(document: Json) -> Iterator[Problem]:
    """A party that only sends though it is to receive, or only receives though it is to send.

    One that does both may be called by the greater part: who gets earnings sends the list of names first.
    """
    flows = [flow for _, flow in groups(document, "flows")]
    sends, receives = ({text(flow.get(end)) for flow in flows} for end in ("from", "to"))
    for place, party in groups(document, "parties"):
        name, roles = text(party.get("name")), set(_roles(party))
        if not name or not roles:
            continue
        if name in sends - receives and not roles & _SENDS:
            yield _role_problem(place, f"“{name}” only sends data in the flows", roles, "discloser")
        if name in receives - sends and not roles & _RECEIVES:
            yield _role_problem(place, f"“{name}” only receives data in the flows", roles, "recipient")


def _role_problem(place: str, does: str, roles: set[str], fitting: str) -> Problem:
    return _problem(
        f"{place}/flowRole",
        f"{does}, but its role is {', '.join(sorted(roles))}.",
        f"Write “{fitting}”, or correct the flows.",
        "warning",
    )


def _in_no_flow(document: Json) -> Iterator[Problem]:
    """A party with a part in the sharing that no flow names. One that only helps, or has left, may stand aside."""
    named = {text(flow.get(end)) for _, flow in groups(document, "flows") for end in ("from", "to")} - {""}
    if not named:
        return
    for place, party in groups(document, "parties"):
        roles, name = set(_roles(party)), text(party.get("name"))
        left = "leftOn" in party or "withdrawn" in listed(party.get("agreementRole"))
        if name and name not in named and not left and not (roles and roles <= _ASIDE):
            yield _problem(
                f"{place}/name",
                f"No flow names “{name}”: what it sends or receives is not said.",
                "Add a flow from it or to it; if it takes no part in the sharing, say so in its “functionServed”.",
                "warning",
            )


def _none_and_some(document: Json) -> Iterator[Problem]:
    """“none: true” beside other entries of a list, and a dataset that is both linked and said to be uncatalogued."""
    lists = [(f"{place}/otherRecipients", party.get("otherRecipients")) for place, party in groups(document, "parties")]
    lists.append(("/internationalTransfers", document.get("internationalTransfers")))
    for place, entries in lists:
        if len(listed(entries)) > 1 and any(group(entry).get("none") is True for entry in listed(entries)):
            yield _problem(
                place,
                "It says that there are none, and lists some.",
                "Take out “none: true”, or everything else.",
                rule=CHOICE_RULE,
            )
    linkage = group(document.get("linkage"))
    if linkage.get("none") is True and listed(linkage.get("linkedWith")):
        yield _problem(
            "/linkage",
            "It says that the data is linked with nothing, and with what.",
            "Take out “none: true”, or the list.",
            rule=CHOICE_RULE,
        )
    for place, flow in groups(document, "flows"):
        for where, dataset in groups(flow, "datasets", place):
            if text(dataset.get("catalogueId")) and text(dataset.get("uncatalogued")):
                yield _problem(
                    f"{where}/uncatalogued",
                    "The dataset is linked to the catalogue, and said not to be there.",
                    "Keep the link, or the reason why there is none.",
                    rule=CHOICE_RULE,
                )


def _words_owed(document: Json) -> Iterator[Problem]:
    """Codes that mean “see the words beside”, with no words beside them."""
    coded = [*groups(document, "lawfulBasis"), ("/endCondition", group(document.get("endCondition")))]
    for place, entry in coded:
        if isinstance(entry.get("code"), str) and entry["code"] in _IN_WORDS and not text(entry.get("text")):
            yield _problem(
                f"{place}/text",
                f"The code “{entry['code']}” says nothing alone.",
                "Say in “text” what it stands for here.",
                rule=WORDS_RULE,
            )


def open_ends(document: Json) -> Iterator[Problem]:
    """An agreement without a last day is kept honest by its next review."""
    if group(document.get("endCondition")) and "endsOn" not in document and "nextReviewOn" not in document:
        yield _problem(
            "/nextReviewOn",
            "The agreement has no last day and no next review: nothing would ever bring it up again.",
            "Give the day of the next review, within five years.",
            rule=REVIEW_RULE,
        )


def _roles(party: Json) -> list[str]:
    return [role for role in listed(party.get("flowRole")) if isinstance(role, str)]


def _problem(pointer: str, message: str, advice: str, severity: Severity = "error", rule: str = FLOWS_RULE) -> Problem:
    return Problem(pointer, message, advice, title_at(pointer), severity, rule)
